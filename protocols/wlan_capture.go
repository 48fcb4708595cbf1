package protocols

import "pkl/core"

// Prism says how a wireless frame was received, in the byte order of the
// machine that received it: what pkl reads is from a little-endian one.
var Prism = core.Spec{
	Name:   "prism",
	Doc:    "Prism header: how a wireless frame was received",
	Ref:    "tcpdump.org: LINKTYPE_IEEE802_11_PRISM",
	Over:   []core.Key{{On: "link", Is: "119"}},
	Check:  "code in {0x41, 0x44} and len >= 24",
	Header: "len",
	Fields: []core.Field{
		{Name: "code", Bits: 32, LE: true, Hex: true, Default: 0x44},
		{Name: "len", Bits: 32, LE: true, Auto: "header_len"},
		{Name: "dev", Kind: core.Text, Size: "16"},
		{Name: "dids", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "type", Bits: 32, LE: true, Hex: true, Doc: "what it is; the upper 4 bits of 16 count from 1, hosttime"},
			{Name: "status", Bits: 16, LE: true, Doc: "0: there is a value"},
			{Name: "len", Bits: 16, LE: true, Default: 4},
			{Name: "value", Bits: 32, LE: true},
		}}},
	},
}

// WlanCap is what AVS made of the Prism header; all is big-endian.
var WlanCap = core.Spec{
	Name:   "wlancap",
	Doc:    "AVS header: how a wireless frame was received",
	Ref:    "tcpdump.org: LINKTYPE_IEEE802_11_AVS",
	Over:   []core.Key{{On: "link", Is: "163, 119"}},
	Check:  "version in {0x80211001, 0x80211002} and length >= 64",
	Header: "length",
	Fields: []core.Field{
		{Name: "version", Bits: 32, Hex: true, Default: 0x80211001},
		{Name: "length", Bits: 32, Auto: "header_len"},
		{Name: "mactime", Bits: 64, Doc: "microseconds"},
		{Name: "hosttime", Bits: 64, Doc: "microseconds"},
		{Name: "phytype", Bits: 32},
		{Name: "channel", Bits: 32},
		{Name: "data_rate", Bits: 32, Doc: "in units of 100 kbit/s"},
		{Name: "antenna", Bits: 32},
		{Name: "priority", Bits: 32},
		{Name: "ssi_type", Bits: 32, Names: []core.ValueName{{V: 0, Name: "none"}, {V: 1, Name: "norm"}, {V: 2, Name: "dbm"}, {V: 3, Name: "raw"}}},
		{Name: "ssi_signal", Bits: 32, Signed: true},
		{Name: "ssi_noise", Bits: 32, Signed: true},
		{Name: "preamble", Bits: 32},
		{Name: "encoding", Bits: 32},
		{Name: "data", Kind: core.Bytes, Doc: "what later versions add"},
	},
}
