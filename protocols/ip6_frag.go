package protocols

import "pkl/core"

// IP6Frag is the header of a fragment (RFC 8200 §4.5).
var IP6Frag = core.Spec{
	Name: "ip6_frag",
	Doc:  "IPv6 fragment header",
	Ref:  "RFC 8200",
	Over: []core.Key{{On: "ip.p", Is: "44"}},
	Fields: []core.Field{
		{Name: "nxt", Bits: 8, Default: 59, Auto: "next", Key: "ip.p", Names: ipProtos},
		{Name: "reserved", Bits: 8},
		{Name: "off", Bits: 13, Doc: "where the fragment lies, in units of 8 bytes"},
		{Name: "reserved2", Bits: 2},
		{Name: "MF", Bits: 1, Doc: "more fragments follow"},
		{Name: "id", Bits: 32, Hex: true, Doc: "the same in all fragments of a packet"},
	},
	Stop:   "off > 0",
	Pieces: "MF",
}
