package protocols

import "pkl/core"

// SLL is what Linux gives for a frame of any kind of interface (libpcap, LINKTYPE_LINUX_SLL).
var SLL = core.Spec{
	Name: "sll",
	Doc:  "Linux cooked capture: what a capture on all interfaces has for a link header",
	Ref:  "libpcap LINKTYPE_LINUX_SLL",
	Over: []core.Key{{On: "link", Is: "113"}},
	Fields: []core.Field{
		{Name: "pkttype", Bits: 16, Names: packetTypes, Doc: "where the packet was going"},
		{Name: "hatype", Bits: 16, Default: 1, Names: linuxHardware, Doc: "kind of interface"},
		{Name: "halen", Bits: 16, Default: 6, Doc: "bytes of addr that count"},
		{Name: "addr", Kind: core.Bytes, Size: "8", Doc: "the sender's link address"},
		{Name: "type", Bits: 16, Hex: true, Default: 0x9000, Auto: "next", Key: "eth.type", Names: etherTypes},
	},
}
