package protocols

import "pkl/core"

// UDP is the User Datagram Protocol (RFC 768).
var UDP = core.Spec{
	Name: "udp",
	Doc:  "User Datagram Protocol",
	Ref:  "RFC 768",
	Over: []core.Key{{On: "ip.p", Is: "17"}},
	Fields: []core.Field{
		{Name: "sport", Bits: 16},
		{Name: "dport", Bits: 16},
		{Name: "len", Bits: 16, Auto: "total_len", Doc: "header and body; 0 in a jumbogram"},
		{Name: "sum", Bits: 16, Hex: true, Auto: "pseudo_sum", Optional: true, Doc: "over IPv4, 0 means none"},
	},
	Pairs: []core.Pair{{A: "sport", B: "dport"}},
}
