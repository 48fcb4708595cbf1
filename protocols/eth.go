package protocols

import "pkl/core"

// Eth is Ethernet, with a type or with a length (IEEE 802.3 §3.2.6).
var Eth = core.Spec{
	Name: "eth",
	Doc:  "Ethernet: a frame with a type, or with a length and LLC above",
	Ref:  "IEEE 802.3",
	Over: []core.Key{
		{On: "link", Is: "1"},
		{On: "eth.type", Is: "0x6558"}, // transparent bridging in GRE (RFC 7637)
		{On: "ip.p", Is: "143"},        // RFC 8986 §10.1
	},
	Fields: []core.Field{
		{Name: "dst", Kind: core.MAC, Default: "ff:ff:ff:ff:ff:ff"},
		{Name: "src", Kind: core.MAC},
		// The default names a protocol without a layer here, so that a plain payload is taken for nothing else.
		{Name: "type", Bits: 16, Hex: true, Default: 0x9000, When: "type >= 0x600", Auto: "next", Key: "eth.type",
			Names: etherTypes, Doc: "what lies above; values up to 1500 are a length"},
		{Name: "len", Bits: 16, When: "len <= 1500", Auto: "body_len", Key: "eth.type",
			Doc: "bytes above, without padding"},
		{Name: "lentype", Bits: 16, When: "lentype > 1500 and lentype < 0x600", Key: "eth.type", Doc: "neither a length nor a type"},
	},
	Pairs: []core.Pair{{A: "src", B: "dst"}},
}
