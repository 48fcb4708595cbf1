package protocols

import "pkl/core"

// BTLERF says how a packet of Bluetooth LE was received (LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR).
var BTLERF = core.Spec{
	Name: "btle_rf",
	Doc:  "how a packet of Bluetooth LE was received",
	Ref:  "tcpdump.org: LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR",
	Over: []core.Key{{On: "link", Is: "256"}},
	Fields: []core.Field{
		{Name: "channel", Bits: 8, Doc: "in units of 2 MHz from 2402 MHz on"},
		{Name: "signal", Bits: 8, Signed: true, Doc: "dBm"},
		{Name: "noise", Bits: 8, Signed: true, Doc: "dBm"},
		{Name: "aaoffense", Bits: 8, Doc: "bits of the access address that are wrong"},
		{Name: "refaddr", Bits: 32, LE: true, Hex: true, Doc: "what the receiver looked for"},
		{Name: "flags", Bits: 16, LE: true, Hex: true, Default: 1, Flags: []string{"", "", "MIC_VALID", "MIC_CHECKED", "CRC_VALID", "CRC_CHECKED", "", "", "",
			"CHANNEL_ALIASED", "OFFENSES_VALID", "REF_VALID", "DECRYPTED", "NOISE_VALID", "SIGNAL_VALID", "DEWHITENED"}},
		{Name: "phy", Get: "flags >> 14", Names: []core.ValueName{{V: 0, Name: "le_1m"}, {V: 1, Name: "le_2m"}, {V: 2, Name: "le_coded"}}},
		{Name: "pdutype", Get: "flags >> 7 & 7", Names: []core.ValueName{{V: 0, Name: "adv_or_data"}, {V: 1, Name: "aux_adv"},
			{V: 2, Name: "central"}, {V: 3, Name: "peripheral"}, {V: 4, Name: "iso_central"}, {V: 5, Name: "iso_peripheral"}, {V: 6, Name: "iso_broadcast"}}},
	},
}

// L2CAP is the header of a message over a connection, of which a packet of the
// link layer may hold only the first part (Core Specification, volume 3, part A, §3).
var L2CAP = core.Spec{
	Name: "l2cap",
	Doc:  "Bluetooth: Logical Link Control and Adaptation Protocol",
	Ref:  "Bluetooth Core Specification, volume 3, part A",
	Over: []core.Key{{On: "btle.llid", Is: "start"}},
	Fields: []core.Field{
		{Name: "len", Bits: 16, LE: true, Auto: "body_len", Doc: "of the whole message"},
		{Name: "cid", Bits: 16, LE: true, Default: 4, Names: []core.ValueName{{V: 1, Name: "signaling"}, {V: 3, Name: "amp"}, {V: 4, Name: "att"}, {V: 5, Name: "le_signaling"}, {V: 6, Name: "smp"}}},
	},
}

// BTLEControl is a control packet of a connection (Core Specification, volume 6, part B, §2.4.2).
var BTLEControl = core.Spec{
	Name: "btle_control",
	Doc:  "Bluetooth LE: control of a connection",
	Ref:  "Bluetooth Core Specification, volume 6, part B, 2.4.2",
	Over: []core.Key{{On: "btle.llid", Is: "control"}},
	Fields: []core.Field{
		{Name: "opcode", Bits: 8, Default: 0x12, Names: btleOpcodes},
		{Name: "winsize", Bits: 8, When: "opcode == 0"},
		{Name: "winoff", Bits: 16, LE: true, When: "opcode == 0"},
		{Name: "interval", Bits: 16, LE: true, When: "opcode == 0", Doc: "in units of 1.25 ms"},
		{Name: "interval_min", Bits: 16, LE: true, When: "opcode in {15, 16}"},
		{Name: "interval_max", Bits: 16, LE: true, When: "opcode in {15, 16}"},
		{Name: "latency", Bits: 16, LE: true, When: "opcode in {0, 15, 16}"},
		{Name: "timeout", Bits: 16, LE: true, When: "opcode in {0, 15, 16}", Doc: "in units of 10 ms"},
		{Name: "periodicity", Bits: 8, When: "opcode in {15, 16}"},
		{Name: "ref_event", Bits: 16, LE: true, When: "opcode in {15, 16}", Doc: "the connection event that offsets count from"},
		{Name: "offsets", Kind: core.List, Count: "6", Item: &core.Struct{Fields: []core.Field{{Bits: 16, LE: true}}}, When: "opcode in {15, 16}"},
		{Name: "chanmap", Bits: 40, LE: true, Hex: true, When: "opcode == 1"},
		{Name: "c_to_p", Bits: 8, When: "opcode == 24", Doc: "PHY from central to peripheral"},
		{Name: "p_to_c", Bits: 8, When: "opcode == 24"},
		{Name: "instant", Bits: 16, LE: true, When: "opcode in {0, 1, 24}", Doc: "the connection event from which it holds"},
		{Name: "rand", Bits: 64, LE: true, Hex: true, When: "opcode == 3"},
		{Name: "ediv", Bits: 16, LE: true, Hex: true, When: "opcode == 3", Doc: "encrypted diversifier"},
		{Name: "skd", Bits: 64, LE: true, Hex: true, When: "opcode in {3, 4}", Doc: "half of the session key diversifier"},
		{Name: "iv", Bits: 32, LE: true, Hex: true, When: "opcode in {3, 4}", Doc: "half of the initialization vector"},
		{Name: "unknown_type", Bits: 8, When: "opcode == 7", Names: btleOpcodes},
		{Name: "features", Bits: 64, LE: true, Hex: true, When: "opcode in {8, 9, 14}"},
		{Name: "version", Bits: 8, Default: 9, When: "opcode == 12"},
		{Name: "company_id", Bits: 16, LE: true, When: "opcode == 12"},
		{Name: "subversion", Bits: 16, LE: true, When: "opcode == 12"},
		{Name: "reject_opcode", Bits: 8, When: "opcode == 17", Names: btleOpcodes},
		{Name: "error", Bits: 8, Hex: true, When: "opcode in {2, 13, 17}"},
		{Name: "max_rx_octets", Bits: 16, LE: true, Default: 27, When: "opcode in {20, 21}"},
		{Name: "max_rx_time", Bits: 16, LE: true, Default: 328, When: "opcode in {20, 21}", Doc: "microseconds"},
		{Name: "max_tx_octets", Bits: 16, LE: true, Default: 27, When: "opcode in {20, 21}"},
		{Name: "max_tx_time", Bits: 16, LE: true, Default: 328, When: "opcode in {20, 21}"},
		{Name: "tx_phys", Bits: 8, Default: 1, When: "opcode in {22, 23}", Doc: "bits: LE 1M, LE 2M, LE Coded, from the least significant"},
		{Name: "rx_phys", Bits: 8, Default: 1, When: "opcode in {22, 23}"},
		{Name: "phys", Bits: 8, Default: 1, When: "opcode == 25"},
		{Name: "min_used", Bits: 8, When: "opcode == 25", Doc: "channels"},
		{Name: "sca", Bits: 8, When: "opcode in {29, 30}", Doc: "accuracy of the sleep clock"},
	},
}

var btleOpcodes = []core.ValueName{
	{V: 0x00, Name: "ll_connection_update_ind"}, {V: 0x01, Name: "ll_channel_map_ind"}, {V: 0x02, Name: "ll_terminate_ind"},
	{V: 0x03, Name: "ll_enc_req"}, {V: 0x04, Name: "ll_enc_rsp"}, {V: 0x05, Name: "ll_start_enc_req"}, {V: 0x06, Name: "ll_start_enc_rsp"},
	{V: 0x07, Name: "ll_unknown_rsp"}, {V: 0x08, Name: "ll_feature_req"}, {V: 0x09, Name: "ll_feature_rsp"}, {V: 0x0a, Name: "ll_pause_enc_req"},
	{V: 0x0b, Name: "ll_pause_enc_rsp"}, {V: 0x0c, Name: "ll_version_ind"}, {V: 0x0d, Name: "ll_reject_ind"}, {V: 0x0e, Name: "ll_peripheral_feature_req"},
	{V: 0x0f, Name: "ll_connection_param_req"}, {V: 0x10, Name: "ll_connection_param_rsp"}, {V: 0x11, Name: "ll_reject_ext_ind"},
	{V: 0x12, Name: "ll_ping_req"}, {V: 0x13, Name: "ll_ping_rsp"}, {V: 0x14, Name: "ll_length_req"}, {V: 0x15, Name: "ll_length_rsp"},
	{V: 0x16, Name: "ll_phy_req"}, {V: 0x17, Name: "ll_phy_rsp"}, {V: 0x18, Name: "ll_phy_update_ind"}, {V: 0x19, Name: "ll_min_used_channels_ind"},
	{V: 0x1a, Name: "ll_cte_req"}, {V: 0x1b, Name: "ll_cte_rsp"}, {V: 0x1c, Name: "ll_periodic_sync_ind"}, {V: 0x1d, Name: "ll_clock_accuracy_req"},
	{V: 0x1e, Name: "ll_clock_accuracy_rsp"}, {V: 0x1f, Name: "ll_cis_req"}, {V: 0x20, Name: "ll_cis_rsp"}, {V: 0x21, Name: "ll_cis_ind"},
	{V: 0x22, Name: "ll_cis_terminate_ind"}, {V: 0x23, Name: "ll_power_control_req"}, {V: 0x24, Name: "ll_power_control_rsp"},
	{V: 0x25, Name: "ll_power_change_ind"},
}
