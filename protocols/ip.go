package protocols

import "pkl/core"

// IP is the Internet Protocol, version 4 (RFC 791 §3.1).
var IP = core.Spec{
	Name: "ip",
	Doc:  "Internet Protocol, version 4",
	Ref:  "RFC 791",
	Over: []core.Key{
		{On: "eth.type", Is: "0x0800"},
		{On: "ip.p", Is: "4"},
		{On: "loop.family", Is: "2"},
		// In frames of LLC that carry something. The mask has SNAP preferred in those that are built.
		{On: "llc.dsap", Is: "6/0xff", Check: "llc.ctl & 1 == 0 or llc.ctl & 0xef == 3"},
		{On: "link", Is: "101, 12, 14, 228", Check: "v == 4"},
	},
	Fields: []core.Field{
		{Name: "v", Bits: 4, Default: 4, Doc: "version"},
		{Name: "ihl", Bits: 4, Auto: "header_len", Unit: 4, Doc: "header length in units of 4 bytes"},
		{Name: "tos", Bits: 8, Hex: true, Doc: "traffic class: dscp and ecn"},
		{Name: "dscp", Bits: 6, Part: "tos", Names: dscpNames},
		{Name: "ecn", Bits: 2, Part: "tos", Names: ecnNames},
		{Name: "len", Bits: 16, Auto: "total_len", Doc: "header and all above; 0 where hardware cuts a larger packet"},
		{Name: "id", Bits: 16, Hex: true, Doc: "the same in all fragments of a packet"},
		{Name: "flags", Bits: 3, Flags: ipFlags},
		{Name: "off", Bits: 13, Doc: "where the fragment lies, in units of 8 bytes"},
		{Name: "ttl", Bits: 8, Default: 64},
		// The default is no protocol, so that a plain payload is taken for none.
		{Name: "p", Bits: 8, Default: 255, Auto: "next", Key: "ip.p", Names: ipProtos, Doc: "what lies above"},
		{Name: "sum", Bits: 16, Hex: true, Auto: "sum", Doc: "over the header"},
		{Name: "src", Kind: core.IP4, Default: "0.0.0.0", Doc: "all zeros: the host fills in its own when it sends"},
		{Name: "dst", Kind: core.IP4, Default: "127.0.0.1"},
		{Name: "opts", Kind: core.List, By: "type", Item: &ipOption, Kinds: ipOptions, End: "type == 0", Pad: 4},
	},
	Stop:   "off > 0", // a later fragment has no upper header
	Pieces: "MF",
	Pairs:  []core.Pair{{A: "src", B: "dst"}},
	Pseudo: []string{"src", "dst"},
}

var ipFlags = []string{"RF", "DF", "MF"}

var dscpNames = []core.ValueName{
	{V: 0, Name: "cs0"}, {V: 1, Name: "le"}, {V: 8, Name: "cs1"}, {V: 10, Name: "af11"}, {V: 12, Name: "af12"},
	{V: 14, Name: "af13"}, {V: 16, Name: "cs2"}, {V: 18, Name: "af21"}, {V: 20, Name: "af22"}, {V: 22, Name: "af23"},
	{V: 24, Name: "cs3"}, {V: 26, Name: "af31"}, {V: 28, Name: "af32"}, {V: 30, Name: "af33"}, {V: 32, Name: "cs4"},
	{V: 34, Name: "af41"}, {V: 36, Name: "af42"}, {V: 38, Name: "af43"}, {V: 40, Name: "cs5"},
	{V: 44, Name: "voice_admit"}, {V: 46, Name: "ef"}, {V: 48, Name: "cs6"}, {V: 56, Name: "cs7"},
}

var ecnNames = []core.ValueName{
	{V: 0, Name: "not_ect"}, {V: 1, Name: "ect1"}, {V: 2, Name: "ect0"}, {V: 3, Name: "ce"},
}
