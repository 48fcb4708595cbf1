package protocols

import "pkl/core"

// ICMPExt is what errors and probes of ICMP and ICMPv6 carry behind the quoted
// packet (RFC 4884 §7): objects, each of a class and a type.
var ICMPExt = core.Spec{
	Name: "icmp_ext",
	Doc:  "Extension structure of ICMP and ICMPv6: icmp.ext, icmp6.ext",
	Ref:  "RFC 4884",
	Fields: []core.Field{
		{Name: "v", Bits: 4, Default: 2, Doc: "version"},
		{Name: "reserved", Bits: 12},
		{Name: "sum", Bits: 16, Hex: true, Auto: "sum", Doc: "over the whole structure"},
		{Name: "objects", Kind: core.List, By: "class", Item: &icmpObject, Kinds: icmpObjects},
	},
}

var icmpObject = core.Struct{Name: "object", Fields: []core.Field{
	{Name: "len", Bits: 16, Auto: "total_len"},
	{Name: "class", Bits: 8, Default: 1, Names: icmpClasses},
	{Name: "ctype", Bits: 8, Hex: true, Doc: "its meaning depends on the class"},
}}

var icmpObjects = []core.Variant{
	{Is: "mpls", Struct: core.Struct{Fields: []core.Field{ // RFC 4950 §3
		{Name: "labels", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "label", Bits: 20}, {Name: "tc", Bits: 3, Doc: "traffic class"},
			{Name: "S", Bits: 1, Doc: "the last of the stack"}, {Name: "ttl", Bits: 8},
		}}},
	}}},
	{Is: "interface", Struct: core.Struct{Fields: []core.Field{ // RFC 5837 §4
		{Name: "role", Bits: 2, Part: "ctype", Names: icmpRoles, Doc: "which interface it is"},
		{Name: "reserved", Bits: 2, Part: "ctype"},
		{Name: "INDEX", Bits: 1, Part: "ctype"}, {Name: "ADDR", Bits: 1, Part: "ctype"},
		{Name: "NAME", Bits: 1, Part: "ctype"}, {Name: "MTU", Bits: 1, Part: "ctype"},
		{Name: "ifindex", Bits: 32, When: "INDEX"},
		{Name: "afi", Bits: 16, Default: 1, When: "ADDR", Names: addressFamilies},
		{Name: "reserved2", Bits: 16, When: "ADDR"},
		{Name: "addr", Kind: core.IP4, When: "ADDR and afi == 1"},
		{Name: "addr", Kind: core.IP6, When: "ADDR and afi == 2"},
		{Name: "name_len", Bits: 8, When: "NAME", Auto: "len(name) + 1", Doc: "of the name with its padding and this byte"},
		{Name: "name", Kind: core.Text, Size: "name_len - 1", When: "NAME", Doc: "filled up with zeros to a multiple of 4"},
		{Name: "mtu", Bits: 32, When: "MTU"},
	}}},
	{Is: "interface_id", Struct: core.Struct{Fields: []core.Field{ // RFC 8335 §2.1
		{Name: "ifindex", Bits: 32, When: "ctype == 2"},
		{Name: "afi", Bits: 16, Default: 1, When: "ctype == 3", Names: addressFamilies},
		{Name: "addr_len", Bits: 8, When: "ctype == 3", Auto: "len(addr)"},
		{Name: "reserved", Bits: 8, When: "ctype == 3"},
		{Name: "addr", Kind: core.Bytes, Size: "addr_len", When: "ctype == 3"},
		{Name: "name", Kind: core.Text, When: "ctype == 1", Doc: "filled up with zeros to a multiple of 4"},
	}}},
}

var icmpClasses = []core.ValueName{
	{V: 0, Name: "reserved"}, {V: 1, Name: "mpls"}, {V: 2, Name: "interface"}, {V: 3, Name: "interface_id"},
	{V: 4, Name: "extended_info"},
}

var icmpRoles = []core.ValueName{
	{V: 0, Name: "incoming"}, {V: 1, Name: "sub_ip"}, {V: 2, Name: "outgoing"}, {V: 3, Name: "next_hop"},
}

// addressFamilies are those of IANA, address-family-numbers.
var addressFamilies = []core.ValueName{
	{V: 1, Name: "ip"}, {V: 2, Name: "ip6"}, {V: 3, Name: "nsap"}, {V: 6, Name: "ieee802"}, {V: 16388, Name: "l2vpn"},
	{V: 16389, Name: "mac48"}, {V: 16390, Name: "mac64"},
}
