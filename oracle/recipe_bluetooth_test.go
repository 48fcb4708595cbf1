package oracle

// bluetoothRecipes are packets of Bluetooth LE.
func bluetoothRecipes() []recipe {
	const here, there = "c2:00:00:00:00:01", "02:00:00:00:00:02"
	rf := part{"btle_rf", f{"channel": 12, "signal": -60, "noise": -90, "refaddr": 0x8e89bed6,
		"flags": "DEWHITENED|SIGNAL_VALID|NOISE_VALID|OFFENSES_VALID|REF_VALID|CRC_CHECKED|CRC_VALID"}}
	adv := func(fields f) part { return part{"btle", fields} }
	control := func(opcode string, fields f) recipe {
		fields["opcode"] = opcode
		return recipe{{"btle", f{"access_addr": 0x50123456}}, {"btle_control", fields}}
	}
	ads := items{
		f{"type": "flags"}, f{"type": "uuid16_all", "uuids": items{0x180d, 0x180f}}, f{"type": "name", "name": "pkl"},
		f{"type": "tx_power", "tx_power": -4}, f{"type": "appearance", "appearance": 833}, f{"type": "manufacturer", "company_id": 0x4c, "data": "\x99"},
		f{"type": "service16", "uuid": 0x180f, "data": "\x64"},
	}
	recipes := []recipe{
		{rf, adv(f{"pdutype": "adv_ind", "TXADD": true, "CHSEL": true, "adv_addr": here, "adv_data": ads})},
		{adv(f{"pdutype": "adv_direct_ind", "TXADD": true, "RXADD": true, "adv_addr": here, "target_addr": there})},
		{adv(f{"pdutype": "adv_nonconn_ind", "adv_addr": there})},
		{adv(f{"pdutype": "scan_req", "scan_addr": there, "adv_addr": here, "RXADD": true})},
		{adv(f{"pdutype": "scan_rsp", "adv_addr": there, "adv_data": items{f{"type": "name", "name": "x"}}})},
		{rf, adv(f{"pdutype": "connect_ind", "init_addr": there, "adv_addr": here, "conn_addr": 0x50123456, "crcinit": 0xabcdef, "winoff": 3,
			"latency": 2, "chanmap": 0x1f00ff00f0, "sca": 5, "hop": 9})},
		{adv(f{"pdutype": "adv_scan_ind", "adv_addr": there})},
		{rf, adv(f{"pdutype": "adv_ext_ind", "adv_mode": "connectable", "ext": items{f{"did": 0x321, "sid": 7, "aux_channel": 9, "aux_offset": 100, "aux_phy": 1, "CA": true, "tx_power": -3}}})},
		{adv(f{"pdutype": "adv_ext_ind", "ext": items{f{"adv_addr": here, "target_addr": there, "did": 1}}})},
		{{"btle", f{"access_addr": 0x50123456, "SN": true, "MD": true}}, {"l2cap", f{"cid": "smp", "body": "\x0b\x05"}}},
		{{"btle", f{"access_addr": 0x50123456, "NESN": true}}},
	}
	return append(recipes,
		control("ll_connection_update_ind", f{"winsize": 2, "winoff": 3, "interval": 24, "latency": 1, "timeout": 80, "instant": 9}),
		control("ll_channel_map_ind", f{"chanmap": 0x1f000000ff, "instant": 513}),
		control("ll_terminate_ind", f{"error": 0x13}),
		control("ll_enc_req", f{"rand": 0x0102030405060708, "ediv": 0x1234, "skd": 0x1112131415161718, "iv": 0x21222324}),
		control("ll_enc_rsp", f{"skd": 0x1112131415161718, "iv": 0x21222324}),
		control("ll_start_enc_req", f{}),
		control("ll_unknown_rsp", f{"unknown_type": 0x20}),
		control("ll_feature_req", f{"features": 0x1ff}),
		control("ll_version_ind", f{"company_id": 2, "subversion": 77}),
		control("ll_reject_ind", f{"error": 0x1a}),
		control("ll_connection_param_req", f{"interval_min": 6, "interval_max": 12, "latency": 0, "timeout": 80, "periodicity": 2, "ref_event": 8, "offsets": items{1, 2, 3, 4, 5, 6}}),
		control("ll_reject_ext_ind", f{"reject_opcode": "ll_phy_req", "error": 0x1a}),
		control("ll_ping_req", f{}),
		control("ll_phy_update_ind", f{"c_to_p": 2, "p_to_c": 1, "instant": 300}),
		control("ll_min_used_channels_ind", f{"phys": 1, "min_used": 4}),
	)
}
