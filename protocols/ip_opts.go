package protocols

import "pkl/core"

// Options of IP (RFC 791 §3.1): the type is the whole first octet, with its copied flag and class.

var ipOption = core.Struct{Name: "option", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: ipOptionNames},
	{Name: "len", Bits: 8, When: "type > 1", Auto: "total_len"},
}}

var ipOptions = []core.Variant{
	{Is: "eol, nop"},
	{Is: "rr, lsrr, ssrr", Struct: core.Struct{Fields: []core.Field{
		{Name: "ptr", Bits: 8, Default: 4, Doc: "where the next address goes, counted from 1 at the type"},
		{Name: "addrs", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "ts", Struct: core.Struct{Fields: []core.Field{
		{Name: "ptr", Bits: 8, Default: 5, Doc: "where the next entry goes, counted from 1 at the type"},
		{Name: "overflow", Bits: 4, Doc: "how many found no room"},
		{Name: "flag", Bits: 4, Names: ipTimestampFlags},
		{Name: "stamps", Kind: core.List, When: "flag == 0", Item: &core.Struct{Fields: []core.Field{{Bits: 32}}}},
		{Name: "entries", Kind: core.List, When: "flag != 0", Item: &core.Struct{Fields: []core.Field{
			{Name: "addr", Kind: core.IP4},
			{Name: "stamp", Bits: 32, Doc: "milliseconds since midnight UT"},
		}}},
	}}},
	{Is: "ra", Struct: core.Struct{Fields: []core.Field{{Name: "value", Bits: 16}}}},
	{Is: "sec", Struct: core.Struct{Fields: []core.Field{ // RFC 1108 §2
		{Name: "level", Bits: 8, Hex: true, Names: ipSecurityLevels},
		{Name: "authorities", Kind: core.Bytes},
	}}},
	{Is: "cipso", Struct: core.Struct{Fields: []core.Field{
		{Name: "doi", Bits: 32},
		{Name: "tags", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "type", Bits: 8}, {Name: "len", Bits: 8, Auto: "total_len"},
		}}},
	}}},
	{Is: "sid", Struct: core.Struct{Fields: []core.Field{{Name: "id", Bits: 16}}}},
	{Is: "mtup, mtur", Struct: core.Struct{Fields: []core.Field{{Name: "mtu", Bits: 16}}}},
	{Is: "tr", Struct: core.Struct{Fields: []core.Field{ // RFC 1393 §2.2
		{Name: "id", Bits: 16}, {Name: "out", Bits: 16}, {Name: "back", Bits: 16}, {Name: "origin", Kind: core.IP4},
	}}},
	{Is: "qs", Struct: core.Struct{Fields: []core.Field{ // RFC 4782 §3.1
		{Name: "func", Bits: 4}, {Name: "rate", Bits: 4}, {Name: "ttl", Bits: 8}, {Name: "nonce", Bits: 30, Hex: true},
		{Name: "reserved", Bits: 2},
	}}},
}

var ip4Item = core.Struct{Fields: []core.Field{{Kind: core.IP4}}}

var ipOptionNames = []core.ValueName{
	{V: 0, Name: "eol"}, {V: 1, Name: "nop"}, {V: 7, Name: "rr"}, {V: 10, Name: "zsu"}, {V: 11, Name: "mtup"},
	{V: 12, Name: "mtur"}, {V: 15, Name: "encode"}, {V: 25, Name: "qs"}, {V: 30, Name: "exp1"}, {V: 68, Name: "ts"},
	{V: 82, Name: "tr"}, {V: 94, Name: "exp2"}, {V: 130, Name: "sec"}, {V: 131, Name: "lsrr"}, {V: 133, Name: "esec"},
	{V: 134, Name: "cipso"}, {V: 136, Name: "sid"}, {V: 137, Name: "ssrr"}, {V: 142, Name: "visa"},
	{V: 144, Name: "imitd"}, {V: 145, Name: "eip"}, {V: 147, Name: "addext"}, {V: 148, Name: "ra"},
	{V: 149, Name: "sdb"}, {V: 151, Name: "dps"}, {V: 152, Name: "ump"}, {V: 158, Name: "exp3"}, {V: 205, Name: "finn"},
	{V: 222, Name: "exp4"},
}

var ipTimestampFlags = []core.ValueName{
	{V: 0, Name: "stamps_only"}, {V: 1, Name: "with_addrs"}, {V: 3, Name: "prespecified"},
}

var ipSecurityLevels = []core.ValueName{
	{V: 0x3d, Name: "top_secret"}, {V: 0x5a, Name: "secret"}, {V: 0x96, Name: "confidential"},
	{V: 0xab, Name: "unclassified"},
}
