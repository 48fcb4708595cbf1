package protocols

import "pkl/core"

// ARP resolves addresses (RFC 826); also RARP (RFC 903), under its own type.
var ARP = core.Spec{
	Name: "arp",
	Doc:  "Address resolution: asks who has a protocol address, and tells",
	Ref:  "RFC 826",
	Over: []core.Key{{On: "eth.type", Is: "0x0806, 0x8035"}},
	Fields: []core.Field{
		{Name: "hrd", Bits: 16, Default: 1, Names: hardwareTypes, Doc: "kind of hardware address"},
		{Name: "pro", Bits: 16, Hex: true, Default: 0x0800, Names: etherTypes, Doc: "kind of protocol address"},
		{Name: "hln", Bits: 8, Default: 6, Doc: "bytes of a hardware address"},
		{Name: "pln", Bits: 8, Default: 4, Doc: "bytes of a protocol address"},
		{Name: "op", Bits: 16, Default: 1, Names: arpOps},
		{Name: "sha", Kind: core.MAC, When: "hln == 6", Doc: "sender's hardware address"},
		{Name: "sha", Kind: core.Bytes, Size: "hln", When: "hln != 6"},
		{Name: "spa", Kind: core.IP4, When: "pln == 4", Doc: "sender's protocol address"},
		{Name: "spa", Kind: core.Bytes, Size: "pln", When: "pln != 4"},
		{Name: "tha", Kind: core.MAC, When: "hln == 6", Doc: "target's hardware address"},
		{Name: "tha", Kind: core.Bytes, Size: "hln", When: "hln != 6"},
		{Name: "tpa", Kind: core.IP4, When: "pln == 4", Doc: "target's protocol address"},
		{Name: "tpa", Kind: core.Bytes, Size: "pln", When: "pln != 4"},
	},
	Len:     "8 + (hln + pln) * 2", // what follows is padding of the frame
	Pairs:   []core.Pair{{A: "sha", B: "tha"}, {A: "spa", B: "tpa"}},
	Replies: []core.Reply{{When: "op in {2, 4, 9}", Same: []core.Pair{{A: "op - 1", B: "op"}}}},
}

var arpOps = []core.ValueName{
	{V: 1, Name: "request"}, {V: 2, Name: "reply"}, {V: 3, Name: "rarp_request"}, {V: 4, Name: "rarp_reply"},
	{V: 5, Name: "drarp_request"}, {V: 6, Name: "drarp_reply"}, {V: 7, Name: "drarp_error"},
	{V: 8, Name: "inarp_request"}, {V: 9, Name: "inarp_reply"}, {V: 10, Name: "arp_nak"}, {V: 11, Name: "mars_request"},
	{V: 12, Name: "mars_multi"}, {V: 13, Name: "mars_mserv"}, {V: 14, Name: "mars_join"}, {V: 15, Name: "mars_leave"},
	{V: 16, Name: "mars_nak"}, {V: 17, Name: "mars_unserv"}, {V: 18, Name: "mars_sjoin"}, {V: 19, Name: "mars_sleave"},
	{V: 20, Name: "mars_grouplist_request"}, {V: 21, Name: "mars_grouplist_reply"}, {V: 22, Name: "mars_redirect_map"},
	{V: 23, Name: "mapos_unarp"}, {V: 24, Name: "exp1"}, {V: 25, Name: "exp2"},
}
