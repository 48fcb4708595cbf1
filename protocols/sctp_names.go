package protocols

import "pkl/core"

var sctpChunkNames = []core.ValueName{
	{V: 0, Name: "data"}, {V: 1, Name: "init"}, {V: 2, Name: "init_ack"}, {V: 3, Name: "sack"},
	{V: 4, Name: "heartbeat"}, {V: 5, Name: "heartbeat_ack"}, {V: 6, Name: "abort"}, {V: 7, Name: "shutdown"},
	{V: 8, Name: "shutdown_ack"}, {V: 9, Name: "error"}, {V: 10, Name: "cookie_echo"}, {V: 11, Name: "cookie_ack"},
	{V: 12, Name: "ecne"}, {V: 13, Name: "cwr"}, {V: 14, Name: "shutdown_complete"}, {V: 15, Name: "auth"},
	{V: 16, Name: "nr_sack"}, {V: 64, Name: "idata"}, {V: 128, Name: "asconf_ack"}, {V: 129, Name: "pktdrop"},
	{V: 130, Name: "re_config"}, {V: 132, Name: "pad"}, {V: 192, Name: "forward_tsn"}, {V: 193, Name: "asconf"},
	{V: 194, Name: "iforward_tsn"},
}

var sctpParamNames = []core.ValueName{
	{V: 1, Name: "heartbeat_info"}, {V: 5, Name: "ipv4"}, {V: 6, Name: "ipv6"}, {V: 7, Name: "state_cookie"},
	{V: 8, Name: "unrecognized"}, {V: 9, Name: "cookie_preservative"}, {V: 11, Name: "hostname"},
	{V: 12, Name: "address_types"}, {V: 13, Name: "outgoing_reset"}, {V: 14, Name: "incoming_reset"},
	{V: 15, Name: "tsn_reset"}, {V: 16, Name: "reconfig_response"}, {V: 17, Name: "add_out_streams"},
	{V: 18, Name: "add_in_streams"}, {V: 0x8000, Name: "ecn_capable"}, {V: 0x8001, Name: "zero_sum"},
	{V: 0x8002, Name: "random"}, {V: 0x8003, Name: "chunk_list"}, {V: 0x8004, Name: "hmac_list"},
	{V: 0x8005, Name: "padding"}, {V: 0x8008, Name: "extensions"}, {V: 0xc000, Name: "forward_tsn"},
	{V: 0xc001, Name: "add_ip"}, {V: 0xc002, Name: "del_ip"}, {V: 0xc003, Name: "error_indication"},
	{V: 0xc004, Name: "set_primary"}, {V: 0xc005, Name: "success"}, {V: 0xc006, Name: "adaptation"},
}

var sctpCauseNames = []core.ValueName{
	{V: 1, Name: "invalid_stream"}, {V: 2, Name: "missing_param"}, {V: 3, Name: "stale_cookie"},
	{V: 4, Name: "out_of_resource"}, {V: 5, Name: "unresolvable_address"}, {V: 6, Name: "unrecognized_chunk"},
	{V: 7, Name: "invalid_param"}, {V: 8, Name: "unrecognized_params"}, {V: 9, Name: "no_user_data"},
	{V: 10, Name: "cookie_in_shutdown"}, {V: 11, Name: "restart_new_addresses"}, {V: 12, Name: "user_abort"},
	{V: 13, Name: "protocol_violation"}, {V: 0xa0, Name: "delete_last_ip"}, {V: 0xa1, Name: "resource_shortage"},
	{V: 0xa2, Name: "delete_source_ip"}, {V: 0xa3, Name: "illegal_asconf_ack"}, {V: 0xa4, Name: "no_authorization"},
	{V: 0x105, Name: "unsupported_hmac"},
}

// sctpPayloads are payload protocol identifiers (IANA, sctp-parameters).
var sctpPayloads = []core.ValueName{
	{V: 0, Name: "unspecified"}, {V: 1, Name: "iua"}, {V: 2, Name: "m2ua"}, {V: 3, Name: "m3ua"}, {V: 4, Name: "sua"},
	{V: 5, Name: "m2pa"}, {V: 6, Name: "v5ua"}, {V: 7, Name: "h248"}, {V: 8, Name: "bicc"}, {V: 9, Name: "tali"},
	{V: 10, Name: "dua"}, {V: 11, Name: "asap"}, {V: 12, Name: "enrp"}, {V: 13, Name: "h323"}, {V: 14, Name: "qipc"},
	{V: 15, Name: "simco"}, {V: 16, Name: "ddp_segment"}, {V: 17, Name: "ddp_control"}, {V: 18, Name: "s1ap"},
	{V: 19, Name: "rua"}, {V: 20, Name: "hnbap"}, {V: 21, Name: "forces_hp"}, {V: 22, Name: "forces_mp"},
	{V: 23, Name: "forces_lp"}, {V: 24, Name: "sbcap"}, {V: 25, Name: "nbap"}, {V: 27, Name: "x2ap"},
	{V: 29, Name: "lcsap"}, {V: 31, Name: "sabp"}, {V: 42, Name: "rna"}, {V: 43, Name: "m2ap"}, {V: 44, Name: "m3ap"},
	{V: 46, Name: "diameter"}, {V: 47, Name: "diameter_dtls"}, {V: 50, Name: "webrtc_dcep"},
	{V: 51, Name: "webrtc_string"}, {V: 53, Name: "webrtc_binary"}, {V: 56, Name: "webrtc_string_empty"},
	{V: 57, Name: "webrtc_binary_empty"}, {V: 58, Name: "xwap"}, {V: 60, Name: "ngap"}, {V: 61, Name: "xnap"},
	{V: 62, Name: "f1ap"}, {V: 64, Name: "e1ap"}, {V: 66, Name: "ngap_dtls"}, {V: 70, Name: "e2_cp"},
}
