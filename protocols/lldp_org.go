package protocols

import "pkl/core"

// TLVs that organisations define: IEEE 802.1 (802.1Q annex D, with DCBX), IEEE
// 802.3 (802.3 clause 79), TIA's LLDP-MED (ANSI/TIA-1057 §10) and IANA (RFC 8520 §11).
// What is not known, or comes behind what is, is data.
var lldpOrg = []core.Field{
	{Name: "oui", Bits: 24, Hex: true, Default: 0x80c2, Names: lldpOUIs},
	{Name: "subtype", Bits: 8},

	{Name: "pvid", Bits: 16, When: "oui == ieee_802_1 and subtype == 1", Doc: "VLAN of what has no tag"},
	{Name: "ppvid_flags", Bits: 8, Hex: true, Flags: []string{"PPVID_ON", "PPVID_SUPPORTED", ""}, When: "oui == ieee_802_1 and subtype == 2"},
	{Name: "ppvid", Bits: 16, When: "oui == ieee_802_1 and subtype == 2", Doc: "VLAN of a protocol on this port"},
	{Name: "vlan", Bits: 16, When: "oui == ieee_802_1 and subtype == 3"},
	{Name: "name_len", Bits: 8, When: "oui == ieee_802_1 and subtype == 3"},
	{Name: "name", Kind: core.Text, Size: "name_len", When: "oui == ieee_802_1 and subtype == 3"},
	{Name: "proto_len", Bits: 8, When: "oui == ieee_802_1 and subtype == 4"},
	{Name: "proto_id", Kind: core.Bytes, Size: "proto_len", When: "oui == ieee_802_1 and subtype == 4", Doc: "what frames of a protocol begin with"},
	{Name: "cnpv", Bits: 8, Hex: true, When: "oui == ieee_802_1 and subtype == 8", Doc: "priorities with congestion notification"},
	{Name: "ready", Bits: 8, Hex: true, When: "oui == ieee_802_1 and subtype == 8"},
	{Name: "WILLING", Bits: 1, When: "oui == ieee_802_1 and subtype in {9, 11}"},
	{Name: "CBS", Bits: 1, When: "oui == ieee_802_1 and subtype == 9", Doc: "credit-based shaper"},
	{Name: "reserved", Bits: 3, When: "oui == ieee_802_1 and subtype == 9"},
	{Name: "maxtcs", Bits: 3, When: "oui == ieee_802_1 and subtype == 9", Doc: "traffic classes; 0 means 8"},
	{Name: "reserved", Bits: 8, When: "oui == ieee_802_1 and subtype in {10, 12}"},
	{Name: "priorities", Bits: 32, Hex: true, When: "oui == ieee_802_1 and subtype in {9, 10}", Doc: "the class of each priority"},
	{Name: "prio0", Bits: 4, Part: "priorities"}, {Name: "prio1", Bits: 4, Part: "priorities"},
	{Name: "prio2", Bits: 4, Part: "priorities"}, {Name: "prio3", Bits: 4, Part: "priorities"},
	{Name: "prio4", Bits: 4, Part: "priorities"}, {Name: "prio5", Bits: 4, Part: "priorities"},
	{Name: "prio6", Bits: 4, Part: "priorities"}, {Name: "prio7", Bits: 4, Part: "priorities"},
	{Name: "bandwidth", Kind: core.List, Size: "8", Item: &byteItem, When: "oui == ieee_802_1 and subtype in {9, 10}", Doc: "percent for each class"},
	{Name: "tsa", Kind: core.List, Size: "8", Item: &byteItem, When: "oui == ieee_802_1 and subtype in {9, 10}", Doc: "how each class is chosen"},
	{Name: "MBC", Bits: 1, When: "oui == ieee_802_1 and subtype == 11"},
	{Name: "reserved", Bits: 2, When: "oui == ieee_802_1 and subtype == 11"},
	{Name: "pfc_cap", Bits: 4, When: "oui == ieee_802_1 and subtype == 11", Doc: "classes that can be paused at once"},
	{Name: "pfc_enable", Bits: 8, Hex: true, When: "oui == ieee_802_1 and subtype == 11", Doc: "priorities that can be paused"},
	{Name: "apps", Kind: core.List, When: "oui == ieee_802_1 and subtype == 12", Item: &core.Struct{Fields: []core.Field{
		{Name: "prio", Bits: 3}, {Name: "reserved", Bits: 2}, {Name: "sel", Bits: 3, Doc: "what protocol is: 1 Ethernet type, 2 port of TCP, 3 of UDP, 4 of either"},
		{Name: "protocol", Bits: 16, Hex: true},
	}}},

	{Name: "autoneg", Bits: 8, Hex: true, Flags: []string{"AUTONEG_ON", "AUTONEG_SUPPORTED"}, When: "oui == ieee_802_3 and subtype == 1"},
	{Name: "autoneg_caps", Bits: 16, Hex: true, When: "oui == ieee_802_3 and subtype == 1"},
	{Name: "mau_type", Bits: 16, Hex: true, When: "oui == ieee_802_3 and subtype == 1"},
	{Name: "mdi_power", Bits: 8, Hex: true, Flags: []string{"PAIRS_CONTROL", "MDI_ON", "MDI_SUPPORTED", "PSE"}, When: "oui == ieee_802_3 and subtype == 2"},
	{Name: "pse_pair", Bits: 8, When: "oui == ieee_802_3 and subtype == 2"},
	{Name: "power_class", Bits: 8, When: "oui == ieee_802_3 and subtype == 2"},
	{Name: "aggregation", Bits: 8, Hex: true, Flags: []string{"AGGREGATION_ON", "AGGREGATION_SUPPORTED"},
		When: "oui == ieee_802_3 and subtype == 3 or oui == ieee_802_1 and subtype == 7"},
	{Name: "port_id", Bits: 32, When: "oui == ieee_802_3 and subtype == 3 or oui == ieee_802_1 and subtype == 7"},
	{Name: "max_frame", Bits: 16, When: "oui == ieee_802_3 and subtype == 4"},
	{Name: "tx_wake", Bits: 16, When: "oui == ieee_802_3 and subtype == 5", Doc: "energy efficient Ethernet, microseconds"},
	{Name: "rx_wake", Bits: 16, When: "oui == ieee_802_3 and subtype == 5"},
	{Name: "fallback_wake", Bits: 16, When: "oui == ieee_802_3 and subtype == 5"},
	{Name: "echo_tx_wake", Bits: 16, When: "oui == ieee_802_3 and subtype == 5"},
	{Name: "echo_rx_wake", Bits: 16, When: "oui == ieee_802_3 and subtype == 5"},

	{Name: "med_caps", Bits: 16, Hex: true, When: "oui == med and subtype == 1",
		Flags: []string{"INVENTORY", "EXT_PD", "EXT_PSE", "LOCATION", "POLICY", "CAPABILITIES"}},
	{Name: "class", Bits: 8, When: "oui == med and subtype == 1", Doc: "of the device"},
	{Name: "app", Bits: 8, When: "oui == med and subtype == 2", Doc: "kind of traffic"},
	{Name: "UNKNOWN", Bits: 1, When: "oui == med and subtype == 2", Doc: "the policy is not known yet"},
	{Name: "TAGGED", Bits: 1, When: "oui == med and subtype == 2"},
	{Name: "X", Bits: 1, When: "oui == med and subtype == 2"},
	{Name: "vid", Bits: 12, When: "oui == med and subtype == 2"},
	{Name: "l2prio", Bits: 3, When: "oui == med and subtype == 2"},
	{Name: "dscp", Bits: 6, When: "oui == med and subtype == 2"},
	{Name: "format", Bits: 8, When: "oui == med and subtype == 3", Doc: "of the location in data"},
	{Name: "power_type", Bits: 2, When: "oui == med and subtype == 4"},
	{Name: "power_source", Bits: 2, When: "oui == med and subtype == 4"},
	{Name: "power_prio", Bits: 4, When: "oui == med and subtype == 4"},
	{Name: "power", Bits: 16, When: "oui == med and subtype == 4", Doc: "in units of 100 mW"},
	{Name: "inventory", Kind: core.Text, When: "oui == med and subtype in {5-11}",
		Doc: "revision of hardware (5), firmware (6), software (7), serial number (8), manufacturer (9), model (10), asset (11)"},

	{Name: "mudurl", Kind: core.Text, When: "oui == iana and subtype == 1"},

	{Name: "data", Kind: core.Bytes, When: "not (oui == med and subtype in {5-11} or oui == iana and subtype == 1 or oui == ieee_802_1 and subtype == 12)"},
}

var byteItem = core.Struct{Fields: []core.Field{{Bits: 8}}}

var lldpOUIs = []core.ValueName{
	{V: 0x5e, Name: "iana"}, {V: 0x120f, Name: "ieee_802_3"}, {V: 0x12bb, Name: "med"}, {V: 0x80c2, Name: "ieee_802_1"},
}
