package protocols

import "pkl/core"

// ESP encrypts what is above it (RFC 4303 §2): the body is opaque, its trailer too.
var ESP = core.Spec{
	Name: "esp",
	Doc:  "IPsec encapsulating security payload; its body is opaque",
	Ref:  "RFC 4303",
	Over: []core.Key{{On: "ip.p", Is: "50"}},
	Fields: []core.Field{
		{Name: "spi", Bits: 32, Hex: true, Doc: "security parameters index"},
		{Name: "seq", Bits: 32},
	},
}
