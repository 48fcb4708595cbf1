package protocols

import "pkl/core"

// IP6 is the Internet Protocol, version 6 (RFC 8200 §3); its extension headers are layers above it.
var IP6 = core.Spec{
	Name: "ip6",
	Doc:  "Internet Protocol, version 6",
	Ref:  "RFC 8200",
	Over: []core.Key{
		{On: "eth.type", Is: "0x86dd"},
		{On: "ip.p", Is: "41"},
		{On: "loop.family", Is: "30, 28, 24"},
		{On: "link", Is: "101, 12, 14, 228, 229", Check: "v == 6"},
	},
	Fields: []core.Field{
		{Name: "v", Bits: 4, Default: 6, Doc: "version"},
		{Name: "tc", Bits: 8, Hex: true, Doc: "traffic class: dscp and ecn"},
		{Name: "dscp", Bits: 6, Part: "tc", Names: dscpNames},
		{Name: "ecn", Bits: 2, Part: "tc", Names: ecnNames},
		{Name: "flow", Bits: 20, Hex: true, Doc: "flow label"},
		{Name: "len", Bits: 16, Auto: "body_len", Doc: "bytes above, extension headers too; 0 in a jumbogram"},
		{Name: "nxt", Bits: 8, Default: 59, Auto: "next", Key: "ip.p", Names: ipProtos, Doc: "what lies above"},
		{Name: "hlim", Bits: 8, Default: 64, Doc: "hop limit"},
		{Name: "src", Kind: core.IP6, Default: "::"},
		{Name: "dst", Kind: core.IP6, Default: "::1"},
	},
	Pairs:       []core.Pair{{A: "src", B: "dst"}},
	Pseudo:      []string{"src", "dst"},
	SumRequired: true,
}
