package protocols

import "pkl/core"

// Advertising data (Core Specification Supplement, part A; Assigned Numbers §2.3).

var adStructure = core.Struct{Name: "ad_structure", Fields: []core.Field{
	{Name: "len", Bits: 8, Auto: "total_len", Bias: -1},
	{Name: "type", Bits: 8, Default: 0xff, Names: adTypes},
}}

var adStructures = []core.Variant{
	{Is: "flags", Struct: core.Struct{Fields: []core.Field{
		{Name: "flags", Bits: 8, Hex: true, Default: 6, Flags: []string{"", "", "", "LE_BREDR_HOST", "LE_BREDR_CONTROLLER", "BREDR_NOT_SUPPORTED",
			"LE_GENERAL", "LE_LIMITED"}},
	}}},
	{Is: "uuid16_some, uuid16_all, solicit16", Struct: core.Struct{Fields: []core.Field{{Name: "uuids", Kind: core.List, Item: &adUUID16}}}},
	{Is: "uuid32_some, uuid32_all, solicit32", Struct: core.Struct{Fields: []core.Field{{Name: "uuids", Kind: core.List, Item: &adUUID32}}}},
	{Is: "uuid128_some, uuid128_all, solicit128", Struct: core.Struct{Fields: []core.Field{
		{Name: "uuids128", Kind: core.List, Item: &core.Struct{Fields: []core.Field{{Kind: core.Bytes, Size: "16"}}}, Doc: "as sent, last byte first"},
	}}},
	{Is: "name_short, name", Struct: core.Struct{Fields: []core.Field{{Name: "name", Kind: core.Text}}}},
	{Is: "tx_power", Struct: core.Struct{Fields: []core.Field{{Name: "tx_power", Bits: 8, Signed: true, Doc: "dBm"}}}},
	{Is: "interval_range", Struct: core.Struct{Fields: []core.Field{{Name: "interval_min", Bits: 16, LE: true}, {Name: "interval_max", Bits: 16, LE: true}}}},
	{Is: "service16", Struct: core.Struct{Fields: []core.Field{{Name: "uuid", Bits: 16, LE: true, Hex: true}, {Name: "data", Kind: core.Bytes}}}},
	{Is: "service32", Struct: core.Struct{Fields: []core.Field{{Name: "uuid", Bits: 32, LE: true, Hex: true}, {Name: "data", Kind: core.Bytes}}}},
	{Is: "appearance", Struct: core.Struct{Fields: []core.Field{{Name: "appearance", Bits: 16, LE: true}}}},
	{Is: "interval", Struct: core.Struct{Fields: []core.Field{{Name: "interval", Bits: 16, LE: true}}}},
	{Is: "address", Struct: core.Struct{Fields: []core.Field{{Name: "reserved", Bits: 7}, {Name: "RANDOM", Bits: 1}, {Name: "addr", Kind: core.MAC, LE: true}}}},
	{Is: "role", Struct: core.Struct{Fields: []core.Field{{Name: "role", Bits: 8}}}},
	{Is: "manufacturer", Struct: core.Struct{Fields: []core.Field{{Name: "company_id", Bits: 16, LE: true, Hex: true}, {Name: "data", Kind: core.Bytes}}}},
}

var adUUID16 = core.Struct{Fields: []core.Field{{Bits: 16, LE: true, Hex: true}}}

var adUUID32 = core.Struct{Fields: []core.Field{{Bits: 32, LE: true, Hex: true}}}

var adTypes = []core.ValueName{
	{V: 0x01, Name: "flags"}, {V: 0x02, Name: "uuid16_some"}, {V: 0x03, Name: "uuid16_all"}, {V: 0x04, Name: "uuid32_some"},
	{V: 0x05, Name: "uuid32_all"}, {V: 0x06, Name: "uuid128_some"}, {V: 0x07, Name: "uuid128_all"}, {V: 0x08, Name: "name_short"},
	{V: 0x09, Name: "name"}, {V: 0x0a, Name: "tx_power"}, {V: 0x0d, Name: "class"}, {V: 0x12, Name: "interval_range"},
	{V: 0x14, Name: "solicit16"}, {V: 0x15, Name: "solicit128"}, {V: 0x16, Name: "service16"}, {V: 0x17, Name: "target_public"},
	{V: 0x18, Name: "target_random"}, {V: 0x19, Name: "appearance"}, {V: 0x1a, Name: "interval"}, {V: 0x1b, Name: "address"},
	{V: 0x1c, Name: "role"}, {V: 0x1f, Name: "solicit32"}, {V: 0x20, Name: "service32"}, {V: 0x21, Name: "service128"},
	{V: 0x24, Name: "uri"}, {V: 0xff, Name: "manufacturer"},
}
