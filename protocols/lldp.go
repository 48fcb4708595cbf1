package protocols

import "pkl/core"

// LLDP tells neighbours who is at the other end of a cable (IEEE 802.1AB §8).
// TLVs of organisations are in lldp_org.go.
var LLDP = core.Spec{
	Name: "lldp",
	Doc:  "Link Layer Discovery Protocol",
	Ref:  "IEEE 802.1AB",
	Over: []core.Key{{On: "eth.type", Is: "0x88cc"}},
	Fields: []core.Field{
		{Name: "tlvs", Kind: core.List, By: "type", End: "type == 0", Item: &lldpTLV, Kinds: lldpTLVs,
			Other: &core.Struct{Fields: []core.Field{{Name: "value", Kind: core.Bytes}}}},
	},
}

var lldpTLV = core.Struct{Name: "tlv", Fields: []core.Field{
	{Name: "type", Bits: 7, Names: lldpTypes},
	{Name: "len", Bits: 9, Auto: "body_len"},
}}

var lldpTLVs = []core.Variant{
	{Is: "end"},
	{Is: "chassis_id", Struct: core.Struct{Fields: []core.Field{
		{Name: "subtype", Bits: 8, Default: 4, Names: lldpChassisIDs},
		{Name: "family", Bits: 8, Default: 1, Names: lldpFamilies, When: "subtype == net_addr"},
		{Name: "id", Kind: core.MAC, When: "subtype == mac"},
		{Name: "id", Kind: core.IP4, When: "subtype == net_addr and family == ip4"},
		{Name: "id", Kind: core.IP6, When: "subtype == net_addr and family == ip6"},
		{Name: "id", Kind: core.Bytes, When: "subtype == net_addr and family not in {ip4, ip6}"},
		{Name: "id", Kind: core.Text, When: "subtype not in {mac, net_addr}"},
	}}},
	{Is: "port_id", Struct: core.Struct{Fields: []core.Field{
		{Name: "subtype", Bits: 8, Default: 5, Names: lldpPortIDs},
		{Name: "family", Bits: 8, Default: 1, Names: lldpFamilies, When: "subtype == net_addr"},
		{Name: "id", Kind: core.MAC, When: "subtype == mac"},
		{Name: "id", Kind: core.IP4, When: "subtype == net_addr and family == ip4"},
		{Name: "id", Kind: core.IP6, When: "subtype == net_addr and family == ip6"},
		{Name: "id", Kind: core.Bytes, When: "subtype == net_addr and family not in {ip4, ip6}"},
		{Name: "id", Kind: core.Text, When: "subtype not in {mac, net_addr}"},
	}}},
	{Is: "ttl", Struct: core.Struct{Fields: []core.Field{{Name: "ttl", Bits: 16, Default: 120, Doc: "seconds"}}}},
	{Is: "port_desc", Struct: core.Struct{Fields: []core.Field{{Name: "port_desc", Kind: core.Text}}}},
	{Is: "system_name", Struct: core.Struct{Fields: []core.Field{{Name: "system_name", Kind: core.Text}}}},
	{Is: "system_desc", Struct: core.Struct{Fields: []core.Field{{Name: "system_desc", Kind: core.Text}}}},
	{Is: "system_cap", Struct: core.Struct{Fields: []core.Field{
		{Name: "capabilities", Bits: 16, Hex: true,
			Flags: []string{"STATION", "DOCSIS", "TELEPHONE", "ROUTER", "WLAN_AP", "BRIDGE", "REPEATER", "OTHER"}},
		{Name: "enabled", Bits: 16, Hex: true, Doc: "the same bits: what of it is in use",
			Flags: []string{"STATION_ON", "DOCSIS_ON", "TELEPHONE_ON", "ROUTER_ON", "WLAN_AP_ON", "BRIDGE_ON", "REPEATER_ON", "OTHER_ON"}},
	}}},
	{Is: "mgmt_addr", Struct: core.Struct{Fields: []core.Field{
		{Name: "addrlen", Bits: 8, Auto: "len(addr) + 1", Doc: "of family and address"},
		{Name: "family", Bits: 8, Default: 1, Names: lldpFamilies},
		{Name: "addr", Kind: core.IP4, When: "family == ip4"},
		{Name: "addr", Kind: core.IP6, When: "family == ip6"},
		{Name: "addr", Kind: core.MAC, When: "family == mac"},
		{Name: "addr", Kind: core.Bytes, Size: "addrlen - 1", When: "family not in {ip4, ip6, mac}"},
		{Name: "ifsubtype", Bits: 8, Default: 1, Names: lldpIfNumbers},
		{Name: "ifnumber", Bits: 32},
		{Name: "oidlen", Bits: 8},
		{Name: "oid", Kind: core.Bytes, Size: "oidlen"},
	}}},
	{Is: "org", Struct: core.Struct{Fields: lldpOrg}},
}

var lldpTypes = []core.ValueName{
	{V: 0, Name: "end"}, {V: 1, Name: "chassis_id"}, {V: 2, Name: "port_id"}, {V: 3, Name: "ttl"}, {V: 4, Name: "port_desc"},
	{V: 5, Name: "system_name"}, {V: 6, Name: "system_desc"}, {V: 7, Name: "system_cap"}, {V: 8, Name: "mgmt_addr"},
	{V: 127, Name: "org"},
}

var lldpChassisIDs = []core.ValueName{
	{V: 1, Name: "component"}, {V: 2, Name: "if_alias"}, {V: 3, Name: "port"}, {V: 4, Name: "mac"},
	{V: 5, Name: "net_addr"}, {V: 6, Name: "if_name"}, {V: 7, Name: "local"},
}

var lldpPortIDs = []core.ValueName{
	{V: 1, Name: "if_alias"}, {V: 2, Name: "port"}, {V: 3, Name: "mac"}, {V: 4, Name: "net_addr"},
	{V: 5, Name: "if_name"}, {V: 6, Name: "circuit_id"}, {V: 7, Name: "local"},
}

// Families of addresses, as IANA numbers them.
var lldpFamilies = []core.ValueName{{V: 1, Name: "ip4"}, {V: 2, Name: "ip6"}, {V: 6, Name: "mac"}}

var lldpIfNumbers = []core.ValueName{{V: 1, Name: "unknown"}, {V: 2, Name: "ifindex"}, {V: 3, Name: "system_port"}}
