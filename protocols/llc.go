package protocols

import "pkl/core"

// LLC is logical link control, with SNAP (IEEE 802.2, RFC 1042).
var LLC = core.Spec{
	Name: "llc",
	Doc:  "Logical link control; with dsap and ssap 0xaa also SNAP",
	Ref:  "IEEE 802.2",
	// Novell's raw frames have IPX behind the length, whose checksum is all ones. In a cooked capture such
	// numbers are no lengths: 4 is LLC, unless the kind of interface says otherwise. Frames too big for a length
	// have 0x8870; the mask leaves the length preferred.
	Over: []core.Key{{On: "ieee80211.type", Is: "2/3"}, {On: "eth.type", Is: "1-1500, 0x8870/0xffff", Fill: "len(body)", Check: "(dsap != 0xff or ssap != 0xff)" +
		" and not (sll.type in {1-3, 5-1500}) and not (sll2.type in {1-3, 5-1500})" +
		" and not (sll.hatype in {803, 824}) and not (sll2.hatype in {803, 824})"}},
	Fields: []core.Field{
		{Name: "dsap", Bits: 8, Hex: true, Default: 0xaa, Names: llcSaps},
		{Name: "ssap", Bits: 8, Hex: true, Default: 0xaa, Names: llcSaps},
		{Name: "ctl", Bits: 8, Hex: true, Default: 3, When: "ctl & 3 == 3", Doc: "unnumbered frames"},
		{Name: "ctl", Bits: 16, LE: true, Hex: true, When: "ctl & 3 != 3", Doc: "information and supervisory frames"},
		{Name: "oui", Bits: 24, Hex: true, When: "dsap == 0xaa and ssap == 0xaa"},
		{Name: "pid", Bits: 16, Hex: true, Default: 0x9000, Auto: "next", Key: "eth.type", Names: etherTypes,
			When: "dsap == 0xaa and ssap == 0xaa and oui in {0, 0xf8}", Doc: "an Ethernet type (RFC 1042, IEEE 802.1H)"},
		{Name: "pid", Bits: 16, Hex: true, Auto: "next", Key: "llc.cisco_pid", Names: ciscoPids,
			When: "dsap == 0xaa and ssap == 0xaa and oui == 0xc", Doc: "one of Cisco's; protocols name it as llc.cisco_pid"},
		{Name: "pid", Bits: 16, Hex: true,
			When: "dsap == 0xaa and ssap == 0xaa and oui not in {0, 0xc, 0xf8}", Doc: "of the owner of the oui"},
	},
	Pairs: []core.Pair{{A: "ssap", B: "dsap"}},
}

var llcSaps = []core.ValueName{
	{V: 0x00, Name: "null"}, {V: 0x02, Name: "llc_management"}, {V: 0x04, Name: "sna"}, {V: 0x06, Name: "ip"},
	{V: 0x0e, Name: "proway_management"}, {V: 0x42, Name: "stp"}, {V: 0x4e, Name: "eia_rs511"}, {V: 0x7e, Name: "x25"},
	{V: 0x80, Name: "xns"}, {V: 0x8e, Name: "proway"}, {V: 0x98, Name: "arp"}, {V: 0xaa, Name: "snap"},
	{V: 0xbc, Name: "vines"}, {V: 0xe0, Name: "netware"}, {V: 0xf0, Name: "netbios"},
	{V: 0xf4, Name: "ibm_net_management"}, {V: 0xf8, Name: "rpl"}, {V: 0xfe, Name: "osi"}, {V: 0xff, Name: "global"},
}

// What Cisco numbers in SNAP headers with its OUI.
var ciscoPids = []core.ValueName{
	{V: 0x0102, Name: "drip"}, {V: 0x0104, Name: "pagp"}, {V: 0x0105, Name: "mls_hello"}, {V: 0x010b, Name: "pvst"},
	{V: 0x010c, Name: "vlan_bridge"}, {V: 0x0111, Name: "udld"}, {V: 0x0139, Name: "mcp"}, {V: 0x2000, Name: "cdp"}, {V: 0x2001, Name: "cgmp"},
	{V: 0x2003, Name: "vtp"}, {V: 0x2004, Name: "dtp"}, {V: 0x200a, Name: "stp_uplink_fast"},
}
