package protocols

import "pkl/core"

// BTLE is a packet of the link layer of Bluetooth LE (Core Specification,
// volume 6, part B, §2). Its numbers and addresses are little-endian. What
// carries the access address of advertising is an advertising packet; all else
// belongs to a connection, whose check starts from a value that only its
// CONNECT_IND tells: there crc stays as it came.
var BTLE = core.Spec{
	Name: "btle",
	Doc:  "Bluetooth LE link layer: advertising and connections",
	Ref:  "Bluetooth Core Specification, volume 6, part B",
	Over: []core.Key{{On: "link", Is: "251"}, {On: "btle_rf.channel", Is: "0-255"}},
	Fields: []core.Field{
		{Name: "access_addr", Bits: 32, LE: true, Hex: true, Default: btleAdvertising, Doc: "0x8e89bed6 says advertising"},

		{Name: "RXADD", Bits: 1, When: btleAdv, Doc: "the address of the receiver is random"},
		{Name: "TXADD", Bits: 1, When: btleAdv, Doc: "the address of the sender is random"},
		{Name: "CHSEL", Bits: 1, When: btleAdv, Doc: "knows channel selection algorithm #2"},
		{Name: "reserved", Bits: 1, When: btleAdv},
		{Name: "pdutype", Bits: 4, When: btleAdv, Names: btlePDUs},

		{Name: "reserved", Bits: 2, When: btleData},
		{Name: "CP", Bits: 1, When: btleData, Doc: "cte_info is there"},
		{Name: "MD", Bits: 1, When: btleData, Doc: "more data"},
		{Name: "SN", Bits: 1, When: btleData, Doc: "sequence number"},
		{Name: "NESN", Bits: 1, When: btleData, Doc: "next expected sequence number"},
		{Name: "llid", Bits: 2, Default: 1, When: btleData, Names: btleLLIDs},

		{Name: "len", Bits: 8, Auto: "total_len", Bias: -9, When: btleAdv + " or not CP", Doc: "of the payload"},
		{Name: "len", Bits: 8, Auto: "total_len", Bias: -10, When: btleData + " and CP"},
		{Name: "cte_info", Bits: 8, Hex: true, When: btleData + " and CP", Doc: "constant tone extension"},

		{Name: "scan_addr", Kind: core.MAC, LE: true, When: btleAdv + " and pdutype == 3", Doc: "the scanner's"},
		{Name: "init_addr", Kind: core.MAC, LE: true, When: btleAdv + " and pdutype == 5", Doc: "the initiator's"},
		{Name: "adv_addr", Kind: core.MAC, LE: true, When: btleAdv + " and pdutype < 7", Doc: "the advertiser's"},
		{Name: "target_addr", Kind: core.MAC, LE: true, When: btleAdv + " and pdutype == 1", Doc: "whom the advertising is for"},

		{Name: "conn_addr", Bits: 32, LE: true, Hex: true, When: btleConnect, Doc: "access address of the connection"},
		{Name: "crcinit", Bits: 24, LE: true, Hex: true, When: btleConnect, Doc: "what its checks start from"},
		{Name: "winsize", Bits: 8, Default: 1, When: btleConnect, Doc: "in units of 1.25 ms, as winoff and interval"},
		{Name: "winoff", Bits: 16, LE: true, When: btleConnect},
		{Name: "interval", Bits: 16, LE: true, Default: 24, When: btleConnect},
		{Name: "latency", Bits: 16, LE: true, When: btleConnect, Doc: "connection events"},
		{Name: "timeout", Bits: 16, LE: true, Default: 72, When: btleConnect, Doc: "in units of 10 ms"},
		{Name: "chanmap", Bits: 40, LE: true, Hex: true, Default: 0x1fffffffff, When: btleConnect, Doc: "bit n: data channel n is used"},
		{Name: "sca", Bits: 3, When: btleConnect, Doc: "accuracy of the sleep clock"},
		{Name: "hop", Bits: 5, Default: 5, When: btleConnect},

		{Name: "adv_mode", Bits: 2, When: btleExt, Names: []core.ValueName{{V: 0, Name: "none"}, {V: 1, Name: "connectable"}, {V: 2, Name: "scannable"}}},
		{Name: "ext_len", Bits: 6, When: btleExt},
		{Name: "ext", Kind: core.List, Size: "ext_len", Last: "^.ext_len > 0", When: btleExt, Item: &btleExtHeader, Doc: "extended header: one, or none"},
		{Name: "adv_data", Kind: core.List, When: btleAdv + " and pdutype in {0, 2, 4, 6, 7, 8}", By: "type", Item: &adStructure, Kinds: adStructures,
			Other: &core.Struct{Fields: []core.Field{{Name: "data", Kind: core.Bytes}}}},
	},
	Footer: []core.Field{
		{Name: "crc", Bits: 24, Hex: true, Auto: "crc24", From: "4", When: btleAdv, Doc: "of header and payload, as sent"},
		{Name: "crc", Bits: 24, Hex: true, When: btleData},
	},
	Stop: btleAdv + " or llid == 0",
}

const (
	btleAdvertising = 0x8e89bed6
	btleAdv         = "access_addr == 0x8e89bed6"
	btleData        = "access_addr != 0x8e89bed6"
	btleConnect     = btleAdv + " and pdutype == 5"
	btleExt         = btleAdv + " and pdutype in {7, 8}"
)

// Types of advertising packets. Those from 3 on are other ones on the channels of data.
var btlePDUs = []core.ValueName{
	{V: 0, Name: "adv_ind"}, {V: 1, Name: "adv_direct_ind"}, {V: 2, Name: "adv_nonconn_ind"}, {V: 3, Name: "scan_req"},
	{V: 4, Name: "scan_rsp"}, {V: 5, Name: "connect_ind"}, {V: 6, Name: "adv_scan_ind"}, {V: 7, Name: "adv_ext_ind"},
	{V: 8, Name: "aux_connect_rsp"},
}

var btleLLIDs = []core.ValueName{{V: 1, Name: "continuation"}, {V: 2, Name: "start"}, {V: 3, Name: "control"}}

// btleExtHeader is what extended advertising has before its data (§2.3.4).
var btleExtHeader = core.Struct{Name: "extended_header", Fields: []core.Field{
	{Name: "reserved", Bits: 1},
	{Name: "TX_POWER", Bits: 1, Auto: "present(tx_power)"},
	{Name: "SYNC_INFO", Bits: 1, Auto: "present(sync_info)"},
	{Name: "AUX_PTR", Bits: 1, Auto: "present(aux_offset)"},
	{Name: "ADI", Bits: 1, Auto: "present(did)"},
	{Name: "CTE_INFO", Bits: 1, Auto: "present(cte_info)"},
	{Name: "TARGET_ADDR", Bits: 1, Auto: "present(target_addr)"},
	{Name: "ADV_ADDR", Bits: 1, Auto: "present(adv_addr)"},
	{Name: "adv_addr", Kind: core.MAC, LE: true, When: "ADV_ADDR"},
	{Name: "target_addr", Kind: core.MAC, LE: true, When: "TARGET_ADDR"},
	{Name: "cte_info", Bits: 8, Hex: true, When: "CTE_INFO"},
	{Name: "did", Bits: 12, LE: true, LSB: true, When: "ADI", Doc: "identifier of the data"},
	{Name: "sid", Bits: 4, LE: true, LSB: true, When: "ADI", Doc: "identifier of the advertising set"},
	{Name: "aux_channel", Bits: 6, LE: true, LSB: true, When: "AUX_PTR"},
	{Name: "CA", Bits: 1, LE: true, LSB: true, When: "AUX_PTR", Doc: "the clock is better than 50 ppm"},
	{Name: "UNITS", Bits: 1, LE: true, LSB: true, When: "AUX_PTR", Doc: "aux_offset is in units of 300 µs, not 30"},
	{Name: "aux_offset", Bits: 13, LE: true, LSB: true, When: "AUX_PTR", Doc: "to the packet that goes on"},
	{Name: "aux_phy", Bits: 3, LE: true, LSB: true, When: "AUX_PTR"},
	{Name: "sync_info", Kind: core.Bytes, Size: "18", When: "SYNC_INFO", Doc: "of periodic advertising"},
	{Name: "tx_power", Bits: 8, Signed: true, When: "TX_POWER", Doc: "dBm"},
	{Name: "acad", Kind: core.Bytes, Doc: "data of the controller"},
}}
