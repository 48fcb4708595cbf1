package protocols

import "pkl/core"

// AH authenticates what is around and above it (RFC 4302 §2).
var AH = core.Spec{
	Name: "ah",
	Doc:  "IPsec authentication header",
	Ref:  "RFC 4302",
	Over: []core.Key{{On: "ip.p", Is: "51"}},
	Fields: []core.Field{
		{Name: "nxt", Bits: 8, Default: 59, Auto: "next", Key: "ip.p", Names: ipProtos},
		{Name: "len", Bits: 8, Auto: "header_len", Unit: 4, Bias: -2, Doc: "in units of 4 bytes, two not counted"},
		{Name: "reserved", Bits: 16},
		{Name: "spi", Bits: 32, Hex: true, Doc: "security parameters index"},
		{Name: "seq", Bits: 32},
		{Name: "icv", Kind: core.Bytes, Doc: "integrity check value, with its padding"},
	},
}
