package protocols

import "pkl/core"

// IEEE80211 is a frame of a wireless network (IEEE 802.11 §9.2, §9.3). Its
// numbers are little-endian. The check sequence is there if the radiotap header says so.
var IEEE80211 = core.Spec{
	Name: "ieee80211",
	Doc:  "Wireless LAN: management, control and data frames",
	Ref:  "IEEE 802.11",
	Over: []core.Key{{On: "link", Is: "105"}, {On: "radiotap.version", Is: "0, 1-255"}, {On: "prism.code", Is: "0x44, 0x41"}, {On: "wlancap.version", Is: "0x80211001, 0x80211002"}},
	Fields: []core.Field{
		{Name: "subtype", Bits: 4, Default: 8, Doc: "of data frames, 8 says QoS and 4 that there are no data"},
		{Name: "type", Bits: 2, Names: wlanTypes},
		{Name: "version", Bits: 2},
		{Name: "flags", Bits: 8, Hex: true, Flags: wlanFlags},
		{Name: "type_subtype", Get: "type << 4 | subtype", Names: wlanFrames},
		{Name: "duration", Bits: 16, LE: true, When: "type != 1 or subtype != 10", Doc: "microseconds"},
		{Name: "aid", Bits: 16, LE: true, Hex: true, When: "type == 1 and subtype == 10", Doc: "of a station; the upper two bits are set"},
		{Name: "addr1", Kind: core.MAC, When: "type < 3", Doc: "receiver"},
		{Name: "addr2", Kind: core.MAC, When: "type in {0, 2} or type == 1 and subtype in {4, 5, 8, 9, 10, 11, 14, 15}", Doc: "transmitter"},
		{Name: "addr3", Kind: core.MAC, When: "type in {0, 2}"},
		{Name: "frag", Bits: 4, LE: true, LSB: true, When: "type in {0, 2}"},
		{Name: "seq", Bits: 12, LE: true, LSB: true, When: "type in {0, 2}"},
		{Name: "addr4", Kind: core.MAC, When: "type == 2 and TO_DS and FROM_DS"},
		{Name: "AMSDU", Bits: 1, When: "type == 2 and subtype & 8 != 0", Doc: "the body is several packets, each with a header of its own"},
		{Name: "ack", Bits: 2, When: "type == 2 and subtype & 8 != 0", Doc: "whether and how to acknowledge"},
		{Name: "EOSP", Bits: 1, When: "type == 2 and subtype & 8 != 0", Doc: "end of a service period"},
		{Name: "tid", Bits: 4, When: "type == 2 and subtype & 8 != 0", Doc: "priority"},
		{Name: "txop", Bits: 8, When: "type == 2 and subtype & 8 != 0", Doc: "also the length of a queue, or state of a buffer"},
		{Name: "htc", Bits: 32, LE: true, Hex: true, When: "ORDER and (type == 0 or type == 2 and subtype & 8 != 0)", Doc: "HT control"},

		{Name: "wep_iv", Bits: 24, Hex: true, When: "PROTECTED and (type == 2 and subtype & 4 == 0 or type == 0)", Doc: "as sent; of CCMP and TKIP its first bytes"},
		{Name: "keyid", Bits: 2, When: "PROTECTED and (type == 2 and subtype & 4 == 0 or type == 0)"},
		{Name: "EXTIV", Bits: 1, When: "PROTECTED and (type == 2 and subtype & 4 == 0 or type == 0)", Doc: "set by CCMP and TKIP, clear for WEP"},
		{Name: "iv_reserved", Bits: 5, When: "PROTECTED and (type == 2 and subtype & 4 == 0 or type == 0)"},
		{Name: "extiv", Bits: 32, LE: true, Hex: true, When: "PROTECTED and (type == 2 and subtype & 4 == 0 or type == 0) and EXTIV"},

		{Name: "ts", Bits: 64, LE: true, When: "type == 0 and subtype in {5, 8} and not PROTECTED", Doc: "microseconds of the sender's clock"},
		{Name: "interval", Bits: 16, LE: true, Default: 100, When: "type == 0 and subtype in {5, 8} and not PROTECTED", Doc: "between beacons, in units of 1024 microseconds"},
		{Name: "capa", Bits: 16, LE: true, Hex: true, When: "type == 0 and subtype in {0, 1, 2, 3, 5, 8} and not PROTECTED", Default: 1},
		{Name: "interval", Bits: 16, LE: true, When: "type == 0 and subtype in {0, 2} and not PROTECTED", Doc: "in which a station listens, in beacon intervals"},
		{Name: "current_ap", Kind: core.MAC, When: "type == 0 and subtype == 2 and not PROTECTED"},
		{Name: "algo", Bits: 16, LE: true, When: "type == 0 and subtype == 11 and not PROTECTED"},
		{Name: "authseq", Bits: 16, LE: true, Default: 1, When: "type == 0 and subtype == 11 and not PROTECTED"},
		{Name: "status", Bits: 16, LE: true, When: "type == 0 and subtype in {1, 3, 11} and not PROTECTED"},
		{Name: "aid", Bits: 16, LE: true, Hex: true, When: "type == 0 and subtype in {1, 3} and not PROTECTED"},
		{Name: "reason", Bits: 16, LE: true, Default: 7, When: "type == 0 and subtype in {10, 12} and not PROTECTED"},
		{Name: "category", Bits: 8, When: wlanAction, Names: wlanCategories, Doc: "of an action; 128 more if it was refused"},
		{Name: "oui", Bits: 24, Hex: true, When: wlanAction + " and category & 0x7f in {126, 127}", Doc: "the vendor, who says what the body is"},
		{Name: "code", Bits: 8, When: wlanAction + " and category & 0x7f not in {126, 127}", Doc: "the action, one of its category"},
		{Name: "dialog", Bits: 8, Default: 1, When: wlanAction + " and (category in {0, 5} or category == 3 and code in {0, 1})"},
		{Name: "status", Bits: 16, LE: true, When: wlanAction + " and category == 3 and code == 1"},
		{Name: "parameters", Bits: 16, LE: true, Hex: true, When: wlanAction + " and category == 3 and code in {0, 1}", Doc: "bits: A-MSDU, policy, TID (4), number of buffers (10)"},
		{Name: "timeout", Bits: 16, LE: true, When: wlanAction + " and category == 3 and code in {0, 1}", Doc: "in units of 1024 microseconds; 0: none"},
		{Name: "starting_seq", Bits: 16, LE: true, Hex: true, When: wlanAction + " and category == 3 and code == 0", Doc: "fragment (4 bits) and sequence number to start at"},
		{Name: "delba_params", Bits: 16, LE: true, Hex: true, When: wlanAction + " and category == 3 and code == 2", Doc: "TID in the upper 4 bits, then the initiator's bit"},
		{Name: "reason", Bits: 16, LE: true, Default: 39, When: wlanAction + " and category == 3 and code == 2"},
		{Name: "trans_id", Bits: 16, LE: true, When: wlanAction + " and category == 8", Doc: "of an SA query"},
		{Name: "params", Kind: core.List, When: "type == 0 and not PROTECTED and (subtype in {0, 1, 2, 3, 4, 5, 8, 10, 11, 12} or " +
			"subtype in {13, 14} and (category == 0 or category == 3 and code in {0, 1}))",
			By: "type", Item: &wlanElement, Kinds: wlanElements, Other: &core.Struct{Fields: []core.Field{{Name: "value", Kind: core.Bytes}}}},

		{Name: "subframes", Kind: core.List, Align: 4, Item: &wlanSubframe, When: "AMSDU and not PROTECTED and subtype & 4 == 0", Doc: "packets of an A-MSDU"},

		{Name: "reqctrl", Bits: 16, LE: true, Hex: true, When: "type == 1 and subtype in {8, 9}"},
		{Name: "starting_seq", Bits: 16, LE: true, Hex: true, When: "type == 1 and subtype in {8, 9} and reqctrl & 0x1e in {0, 4}", Doc: "fragment (4 bits) and sequence number of the first frame"},
		{Name: "bitmap", Kind: core.Bytes, When: "type == 1 and subtype == 9 and reqctrl & 0x1e in {0, 4}", Doc: "which frames have come, from starting_seq on, the first in the lowest bit"},

		{Name: "ra", Get: "addr1", When: "type < 3"},
		{Name: "ta", Get: "addr2", When: "present(addr2)"},
		{Name: "dst", Get: "addr1", When: "type == 0 or type == 2 and not TO_DS"},
		{Name: "dst", Get: "addr3", When: "type == 2 and TO_DS"},
		{Name: "src", Get: "addr2", When: "type == 0 or type == 2 and not FROM_DS"},
		{Name: "src", Get: "addr3", When: "type == 2 and FROM_DS and not TO_DS"},
		{Name: "src", Get: "addr4", When: "type == 2 and FROM_DS and TO_DS"},
		{Name: "bssid", Get: "addr3", When: "type == 0 or type == 2 and not TO_DS and not FROM_DS"},
		{Name: "bssid", Get: "addr1", When: "type == 2 and TO_DS and not FROM_DS or type == 1 and subtype == 10"},
		{Name: "bssid", Get: "addr2", When: "type == 2 and FROM_DS and not TO_DS"},
	},
	Footer: []core.Field{{Name: "fcs", Bits: 32, LE: true, Hex: true, Auto: "crc32", When: "radiotap.FCS"}},
	Stop:   "PROTECTED or type != 2 or subtype & 4 != 0 or AMSDU or frag > 0",
	Pieces: "MORE_FRAG",
}

const wlanAction = "type == 0 and subtype in {13, 14} and not PROTECTED"

// wlanSubframe is one packet of an A-MSDU (§9.3.2.2.2).
var wlanSubframe = core.Struct{Name: "subframe", Fields: []core.Field{
	{Name: "dst", Kind: core.MAC},
	{Name: "src", Kind: core.MAC},
	{Name: "len", Bits: 16, Auto: "len(msdu)"},
	{Name: "msdu", Kind: core.Bytes, Size: "len", Of: "llc"},
}}

// Categories of actions (§9.4.1.11).
var wlanCategories = []core.ValueName{
	{V: 0, Name: "spectrum_management"}, {V: 1, Name: "qos"}, {V: 2, Name: "dls"}, {V: 3, Name: "block_ack"}, {V: 4, Name: "public_action"},
	{V: 5, Name: "radio_measurement"}, {V: 6, Name: "fast_bss_transition"}, {V: 7, Name: "high_throughput"}, {V: 8, Name: "sa_query"},
	{V: 9, Name: "protected_dual_of_public_action"}, {V: 10, Name: "wnm"}, {V: 11, Name: "unprotected_wnm"}, {V: 12, Name: "tdls"}, {V: 13, Name: "mesh"},
	{V: 14, Name: "multihop"}, {V: 15, Name: "self_protected"}, {V: 16, Name: "dmg"}, {V: 17, Name: "management_notification"},
	{V: 18, Name: "fast_session_transfer"}, {V: 19, Name: "robust_av_streaming"}, {V: 20, Name: "unprotected_dmg"}, {V: 21, Name: "vht"},
	{V: 126, Name: "vendor_specific_protected"}, {V: 127, Name: "vendor_specific"},
}

var wlanTypes = []core.ValueName{{V: 0, Name: "mgmt"}, {V: 1, Name: "ctrl"}, {V: 2, Name: "data"}, {V: 3, Name: "ext"}}

var wlanFlags = []string{"ORDER", "PROTECTED", "MORE_DATA", "PWR_MGT", "RETRY", "MORE_FRAG", "FROM_DS", "TO_DS"}

// Types and subtypes together.
var wlanFrames = []core.ValueName{
	{V: 0, Name: "assoc_req"}, {V: 1, Name: "assoc_resp"}, {V: 2, Name: "reassoc_req"}, {V: 3, Name: "reassoc_resp"},
	{V: 4, Name: "probe_req"}, {V: 5, Name: "probe_resp"}, {V: 8, Name: "beacon"}, {V: 9, Name: "atim"},
	{V: 10, Name: "disassoc"}, {V: 11, Name: "auth"}, {V: 12, Name: "deauth"}, {V: 13, Name: "action"}, {V: 14, Name: "action_noack"},
	{V: 0x17, Name: "wrapper"}, {V: 0x18, Name: "block_ack_req"}, {V: 0x19, Name: "block_ack"}, {V: 0x1a, Name: "ps_poll"},
	{V: 0x1b, Name: "rts"}, {V: 0x1c, Name: "cts"}, {V: 0x1d, Name: "acknowledgement"}, {V: 0x1e, Name: "cf_end"}, {V: 0x1f, Name: "cf_end_ack"},
	{V: 0x20, Name: "data_frame"}, {V: 0x24, Name: "null"}, {V: 0x28, Name: "qos_data"}, {V: 0x2c, Name: "qos_null"},
}
