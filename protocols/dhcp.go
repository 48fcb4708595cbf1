package protocols

import "pkl/core"

// DHCP configures hosts (RFC 2131 §2, options RFC 2132); it began as BOOTP
// (RFC 951), whose vendor area has no magic number in front.
var DHCP = core.Spec{
	Name: "dhcp",
	Doc:  "Dynamic Host Configuration Protocol, and BOOTP",
	Ref:  "RFC 2131",
	Over: []core.Key{{On: "udp.port", Is: "67, 68"}},
	Fields: []core.Field{
		{Name: "op", Bits: 8, Default: 1, Names: dhcpOps},
		{Name: "htype", Bits: 8, Default: 1, Names: hardwareTypes, Doc: "kind of hardware address"},
		{Name: "hlen", Bits: 8, Default: 6, Doc: "bytes of it"},
		{Name: "hops", Bits: 8},
		{Name: "xid", Bits: 32, Hex: true, Doc: "transaction"},
		{Name: "secs", Bits: 16, Doc: "since the client began"},
		{Name: "flags", Bits: 16, Hex: true},
		{Name: "B", Bits: 1, Part: "flags", Doc: "answer by broadcast"},
		{Name: "ciaddr", Kind: core.IP4, Doc: "client's address, if it has one"},
		{Name: "yiaddr", Kind: core.IP4, Doc: "your address: what the server gives"},
		{Name: "siaddr", Kind: core.IP4, Doc: "server to boot from next"},
		{Name: "giaddr", Kind: core.IP4, Doc: "relay agent"},
		{Name: "chaddr", Kind: core.MAC, When: "hlen == 6", Doc: "client's hardware address"},
		{Name: "chpad", Kind: core.Bytes, Size: "10", When: "hlen == 6"},
		{Name: "chaddr", Kind: core.Bytes, Size: "min(hlen, 16)", When: "hlen != 6"},
		{Name: "chpad", Kind: core.Bytes, Size: "16 - min(hlen, 16)", When: "hlen != 6"},
		{Name: "sname", Kind: core.Text, Size: "64", Doc: "server's name, filled up with zeros"},
		{Name: "file", Kind: core.Text, Size: "128", Doc: "boot file, filled up with zeros"},
		{Name: "magic", Bits: 32, Hex: true, Default: 0x63825363},
		{Name: "opts", Kind: core.List, By: "type", Item: &dhcpOption, Kinds: dhcpOptions, End: "type == 255",
			When: "magic == 0x63825363"},
		{Name: "vend", Kind: core.Bytes, When: "magic != 0x63825363", Doc: "the rest of BOOTP's vendor area"},
	},
	Replies: []core.Reply{{When: "op == 2", To: "op == 1", Same: []core.Pair{{A: "xid", B: "xid"}}}},
}

var dhcpOps = []core.ValueName{{V: 1, Name: "request"}, {V: 2, Name: "reply"}}
