package protocols

import "pkl/core"

// Elements of management frames (IEEE 802.11 §9.4.2).

var wlanElement = core.Struct{Name: "element", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: wlanElementNames},
	{Name: "len", Bits: 8, Auto: "body_len"},
}}

var wlanElements = []core.Variant{
	{Is: "ssid", Struct: core.Struct{Fields: []core.Field{{Name: "ssid", Kind: core.Text}}}},
	{Is: "rates, ext_rates", Struct: core.Struct{Fields: []core.Field{
		{Name: "rates", Kind: core.List, Item: &byteItem, Doc: "in units of 500 kbit/s; 128 more if all must know it"},
	}}},
	{Is: "fh", Struct: core.Struct{Fields: []core.Field{
		{Name: "tu", Bits: 16, LE: true, Doc: "time on a channel, in units of 1024 microseconds"},
		{Name: "hopset", Bits: 8}, {Name: "hoppattern", Bits: 8}, {Name: "hopindex", Bits: 8},
	}}},
	{Is: "cf", Struct: core.Struct{Fields: []core.Field{
		{Name: "count", Bits: 8, Doc: "beacons before the next contention free period"},
		{Name: "period", Bits: 8, Doc: "DTIM intervals between two of them"},
		{Name: "max", Bits: 16, LE: true, Doc: "how long one is at most, in units of 1024 microseconds"},
		{Name: "dur", Bits: 16, LE: true, Doc: "what is left of this one"},
	}}},
	{Is: "ds", Struct: core.Struct{Fields: []core.Field{{Name: "ch", Bits: 8}}}},
	{Is: "tim", Struct: core.Struct{Fields: []core.Field{
		{Name: "count", Bits: 8, Doc: "beacons before the next DTIM"},
		{Name: "period", Bits: 8, Default: 1, Doc: "beacons between DTIMs"},
		{Name: "ctrl", Bits: 8, Hex: true},
		{Name: "bitmap", Kind: core.Bytes, Doc: "stations that have traffic waiting"},
	}}},
	{Is: "ibss", Struct: core.Struct{Fields: []core.Field{{Name: "atim", Bits: 16, LE: true}}}},
	{Is: "country", Struct: core.Struct{Fields: []core.Field{
		{Name: "country", Kind: core.Text, Size: "2"},
		{Name: "environment", Bits: 8, Default: 0x20, Hex: true},
		{Name: "data", Kind: core.Bytes, Doc: "three bytes for a range of channels: first, number, most power in dBm"},
	}}},
	{Is: "rsn", Struct: core.Struct{Fields: []core.Field{
		{Name: "version", Bits: 16, LE: true, Default: 1},
		{Name: "group", Bits: 32, Hex: true, Default: 0xfac04, Doc: "cipher suite of group traffic: OUI and number"},
		{Name: "npairwise", Bits: 16, LE: true},
		{Name: "pairwise", Kind: core.List, Count: "npairwise", Item: &suiteItem},
		{Name: "nakm", Bits: 16, LE: true},
		{Name: "akm", Kind: core.List, Count: "nakm", Item: &suiteItem, Doc: "how keys are managed"},
		{Name: "rsn_capa", Bits: 16, LE: true, Hex: true},
		{Name: "data", Kind: core.Bytes, Doc: "keys known (PMKIDs), cipher suite of group management"},
	}}},
	{Is: "ht_capa", Struct: core.Struct{Fields: []core.Field{
		{Name: "ht_info", Bits: 16, LE: true, Hex: true},
		{Name: "ampdu", Bits: 8, Hex: true},
		{Name: "mcs", Kind: core.Bytes, Size: "16"},
		{Name: "ht_ext", Bits: 16, LE: true, Hex: true},
		{Name: "txbf", Bits: 32, LE: true, Hex: true},
		{Name: "asel", Bits: 8, Hex: true},
	}}},
	{Is: "ht_op", Struct: core.Struct{Fields: []core.Field{
		{Name: "primary_channel", Bits: 8},
		{Name: "ht_op", Kind: core.Bytes, Size: "5"},
		{Name: "basic_mcs", Kind: core.Bytes, Size: "16"},
	}}},
	{Is: "vht_capa", Struct: core.Struct{Fields: []core.Field{
		{Name: "vht_info", Bits: 32, LE: true, Hex: true},
		{Name: "mcs", Kind: core.Bytes, Size: "8"},
	}}},
	{Is: "vht_op", Struct: core.Struct{Fields: []core.Field{
		{Name: "vht_width", Bits: 8}, {Name: "seg0", Bits: 8}, {Name: "seg1", Bits: 8}, {Name: "basic_vht", Bits: 16, LE: true, Hex: true},
	}}},
	{Is: "vendor", Struct: core.Struct{Fields: []core.Field{
		{Name: "oui", Bits: 24, Hex: true},
		{Name: "vendor_type", Bits: 8},
		{Name: "data", Kind: core.Bytes},
	}}},
}

var suiteItem = core.Struct{Fields: []core.Field{{Bits: 32, Hex: true}}}

var wlanElementNames = []core.ValueName{
	{V: 0, Name: "ssid"}, {V: 1, Name: "rates"}, {V: 2, Name: "fh"}, {V: 3, Name: "ds"}, {V: 4, Name: "cf"}, {V: 5, Name: "tim"},
	{V: 6, Name: "ibss"}, {V: 7, Name: "country"}, {V: 11, Name: "bss_load"}, {V: 16, Name: "challenge"}, {V: 32, Name: "power_constraint"},
	{V: 33, Name: "power_capability"}, {V: 36, Name: "channels"}, {V: 37, Name: "channel_switch"}, {V: 42, Name: "erp"},
	{V: 45, Name: "ht_capa"}, {V: 48, Name: "rsn"}, {V: 50, Name: "ext_rates"}, {V: 54, Name: "mobility"}, {V: 61, Name: "ht_op"},
	{V: 70, Name: "rm_capa"}, {V: 74, Name: "obss_scan"}, {V: 107, Name: "interworking"}, {V: 113, Name: "mesh_config"},
	{V: 114, Name: "mesh_id"}, {V: 127, Name: "ext_capa"}, {V: 191, Name: "vht_capa"}, {V: 192, Name: "vht_op"},
	{V: 221, Name: "vendor"}, {V: 255, Name: "extension"},
}
