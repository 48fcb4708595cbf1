package oracle

import (
	"encoding/hex"
	"math/bits"
)

// bluetoothTables are those of the link layer of Bluetooth LE. What tshark calls
// btle is three layers of pkl.
func bluetoothTables() map[string]table {
	return map[string]table{
		"btle_rf": {"btle_rf", btleRFRows}, "btle": {"btle", btleRows}, "btle_control": {"", btleControlRows},
		"l2cap": {"btl2cap", []row{{"len", "btl2cap.length", nil, always}, {"cid", "btl2cap.cid", nil, always}}},
	}
}

var btleRFRows = []row{
	{"channel", "btle_rf.channel", nil, always},
	{"signal", "btle_rf.signal_dbm", nil, shown},
	{"noise", "btle_rf.noise_dbm", nil, shown},
	{"aaoffense", "btle_rf.access_address_offenses", nil, shown},
	{"refaddr", "btle_rf.reference_access_address", nil, shown},
	{"flags", "btle_rf.flags", nil, always},
	{"CRC_VALID", "btle_rf.flags.crc_valid", nil, always},
	{"DECRYPTED", "btle_rf.flags.decrypted", nil, always},
	{"phy", "btle_rf.phy", nil, always},
	{"pdutype", "btle_rf.pdu_type", nil, always},
}

var btleRows = []row{
	{"access_addr", "btle.access_address", nil, always},
	{"pdutype", "btle.advertising_header.pdu_type", nil, always},
	{"CHSEL", "btle.advertising_header.ch_sel", nil, shown},
	{"TXADD", "btle.advertising_header.randomized_tx", nil, shown},
	{"RXADD", "btle.advertising_header.randomized_rx", nil, shown},
	{"llid", "btle.data_header.llid", nil, always},
	{"NESN", "btle.data_header.next_expected_sequence_number", nil, always},
	{"SN", "btle.data_header.sequence_number", nil, always},
	{"MD", "btle.data_header.more_data", nil, always},
	{"CP", "btle.data_header.cte_info_present", nil, always},
	{"len", "btle.length", nil, always},
	{"scan_addr", "btle.scanning_address", wordLE, always},
	{"init_addr", "btle.initiator_address", wordLE, always},
	{"adv_addr ext.adv_addr", "btle.advertising_address", wordLE, always},
	{"target_addr ext.target_addr", "btle.target_address", wordLE, always},
	{"conn_addr", "btle.link_layer_data.access_address", nil, always},
	{"crcinit", "btle.link_layer_data.crc_init", nil, always},
	{"winsize", "btle.link_layer_data.window_size", nil, always},
	{"winoff", "btle.link_layer_data.window_offset", nil, always},
	{"interval", "btle.link_layer_data.interval", nil, always},
	{"latency", "btle.link_layer_data.latency", nil, always},
	{"timeout", "btle.link_layer_data.timeout", nil, always},
	{"chanmap", "btle.link_layer_data.channel_map", rawLE, always},
	{"hop", "btle.link_layer_data.hop", nil, always},
	{"sca", "btle.link_layer_data.sleep_clock_accuracy", nil, always},
	{"ext_len", "btle.extended_advertising_header.length", nil, always},
	{"adv_mode", "btle.extended_advertising_header.mode", nil, always},
	{"ext.did", "btle.extended_advertising.advertising_data_info.did", nil, always},
	{"ext.sid", "btle.extended_advertising.advertising_data_info.sid", nil, always},
	{"ext.aux_channel", "btle.extended_advertising_header.aux_pointer.channel", nil, always},
	{"ext.CA", "btle.extended_advertising_header.aux_pointer.ca", nil, always},
	{"ext.UNITS", "btle.extended_advertising_header.aux_pointer.offset_units", nil, always},
	{"ext.aux_offset", "btle.extended_advertising_header.aux_pointer.aux_offset", nil, always},
	{"ext.aux_phy", "btle.extended_advertising_header.aux_pointer.aux_phy", nil, always},
	{"ext.tx_power", "btle.extended_advertising_header.tx_power", nil, always},
	{"adv_data.len", "btcommon.eir_ad.entry.length", nil, always},
	{"adv_data.type", "btcommon.eir_ad.entry.type", nil, always},
	{"adv_data.LE_GENERAL", "btcommon.eir_ad.entry.flags.le_general_discoverable_mode", nil, always},
	{"adv_data.name", "btcommon.eir_ad.entry.device_name", nil, always},
	{"adv_data.tx_power", "btcommon.eir_ad.entry.power_level", nil, always},
	{"adv_data.company_id", "btcommon.eir_ad.entry.company_id", nil, always},
	{"adv_data.appearance", "btcommon.eir_ad.entry.appearance", nil, always},
	{"adv_data.uuids adv_data.uuid", "btcommon.eir_ad.entry.uuid_16", nil, always},
	{"crc", "btle.crc", turned, always},
}

// Of LL_LENGTH and LL_PHY tshark 4.0 reads the check from within the payload, so they are no recipes.
var btleControlRows = []row{
	{"opcode", "btle.control_opcode", nil, always},
	{"winsize", "btle.control.window_size", nil, always},
	{"winoff", "btle.control.window_offset", nil, always},
	{"interval", "btle.control.interval", nil, always},
	{"interval_min", "btle.control.interval.min", nil, always},
	{"interval_max", "btle.control.interval.max", nil, always},
	{"latency", "btle.control.latency", nil, always},
	{"timeout", "btle.control.timeout", nil, always},
	{"periodicity", "btle.control.preferred_periodicity", nil, always},
	{"ref_event", "btle.control.reference_connection_event_count", nil, always},
	{"offsets", "btle.control.offset.0 btle.control.offset.1 btle.control.offset.2 btle.control.offset.3 btle.control.offset.4 btle.control.offset.5", nil, always},
	{"chanmap", "btle.control.channel_map", rawLE, always},
	{"c_to_p", "btle.control.m_to_s_phy", nil, always},
	{"p_to_c", "btle.control.s_to_m_phy", nil, always},
	{"instant", "btle.control.instant", nil, always},
	{"rand", "btle.control.random_number", nil, always},
	{"ediv", "btle.control.encrypted_diversifier", nil, always},
	{"skd", "btle.control.master_session_key_diversifier btle.control.slave_session_key_diversifier", nil, always},
	{"iv", "btle.control.master_session_initialization_vector btle.control.slave_session_initialization_vector", rawLE, always},
	{"unknown_type", "btle.control.unknown_type", nil, always},
	{"features", "btle.control.feature_set", rawLE, shown},
	{"version", "btle.control.version_number", nil, always},
	{"company_id", "btle.control.company_id", nil, always},
	{"subversion", "btle.control.subversion_number", nil, always},
	{"reject_opcode", "btle.control.reject_opcode", nil, always},
	{"error", "btle.control.error_code", nil, always},
	{"phys", "btle.control.phys", nil, always},
	{"min_used", "btle.control.min_used_channels", nil, always},
}

// wordLE takes an address, whose bytes pkl shows in the order of the wire, as they are.
func wordLE(n *node) (string, bool) { return n.value, true }

// turned reads a number that tshark shows as it is meant: the first bit that was sent is its top.
func turned(n *node) (string, bool) {
	v, err := n.number()
	var b [3]byte
	for i := range b {
		b[i] = bits.Reverse8(byte(v >> (16 - 8*i)))
	}
	text, _ := number(hex.EncodeToString(b[:]))
	return text, err == nil
}
