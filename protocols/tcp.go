package protocols

import "pkl/core"

// TCP is the Transmission Control Protocol (RFC 9293 §3.1).
var TCP = core.Spec{
	Name: "tcp",
	Doc:  "Transmission Control Protocol",
	Ref:  "RFC 9293",
	Over: []core.Key{{On: "ip.p", Is: "6"}},
	Fields: []core.Field{
		{Name: "sport", Bits: 16, Default: 20},
		{Name: "dport", Bits: 16, Default: 80},
		{Name: "seq", Bits: 32},
		{Name: "ack", Bits: 32},
		{Name: "off", Bits: 4, Auto: "header_len", Unit: 4, Doc: "header length in units of 4 bytes"},
		{Name: "flags", Bits: 12, Default: "SYN", Flags: tcpFlags, Doc: "all bits beside off"},
		{Name: "win", Bits: 16, Default: 8192},
		{Name: "sum", Bits: 16, Hex: true, Auto: "pseudo_sum"},
		{Name: "urp", Bits: 16, Doc: "urgent pointer"},
		{Name: "opts", Kind: core.List, By: "type", Item: &tcpOption, Kinds: tcpOptions, End: "type == 0", Pad: 4},
	},
	Pairs: []core.Pair{{A: "sport", B: "dport"}},
	Replies: []core.Reply{ // RFC 9293 §3.4, §3.5.2
		{When: "ACK", To: "not RST", Same: []core.Pair{{A: "ack", B: "(seq + len(body) + SYN + FIN) & 0xffffffff"}}},
		{When: "RST and not ACK", To: "ACK and not RST", Same: []core.Pair{{A: "seq", B: "ack"}}},
	},
}

// AE was NS (RFC 3540) before it took part in accurate ECN.
var tcpFlags = []string{"AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"}
