package protocols

import "pkl/core"

// SLL2 is SLL with the interface's index (libpcap, LINKTYPE_LINUX_SLL2).
var SLL2 = core.Spec{
	Name: "sll2",
	Doc:  "Linux cooked capture, version 2",
	Ref:  "libpcap LINKTYPE_LINUX_SLL2",
	Over: []core.Key{{On: "link", Is: "276"}},
	Fields: []core.Field{
		{Name: "type", Bits: 16, Hex: true, Default: 0x9000, Auto: "next", Key: "eth.type", Names: etherTypes},
		{Name: "reserved", Bits: 16, Doc: "must be zero"},
		{Name: "ifindex", Bits: 32, Doc: "number of the interface"},
		{Name: "hatype", Bits: 16, Default: 1, Key: "sll.hatype", Names: linuxHardware, Doc: "kind of interface"},
		{Name: "pkttype", Bits: 8, Names: packetTypes, Doc: "where the packet was going"},
		{Name: "halen", Bits: 8, Default: 6, Doc: "bytes of addr that count"},
		{Name: "addr", Kind: core.Bytes, Size: "8", Doc: "the sender's link address"},
	},
}
