package oracle

// wlanRecipes are frames of a wireless network.
func wlanRecipes() []recipe {
	const here, there, far = "02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03"
	tap := part{"radiotap", f{"flags": 0}}
	mgmt := func(subtype int, fields f) part {
		all := f{"subtype": subtype, "type": 0, "addr1": here, "addr2": there, "addr3": there, "seq": 17}
		for k, v := range fields {
			all[k] = v
		}
		return part{"ieee80211", all}
	}
	data := func(subtype int, flags string, fields f) part {
		p := mgmt(subtype, fields)
		p.fields["type"], p.fields["flags"], p.fields["addr3"] = 2, flags, far
		return p
	}
	var dids items // tshark wants all ten
	for i := range 10 {
		dids = append(dids, f{"type": (i+1)<<16 | 0x44, "value": i})
	}
	return []recipe{
		{tap, mgmt(8, f{"ts": 1 << 40, "capa": 0x411, "params": items{
			f{"type": 0, "ssid": "lan"}, f{"type": 1, "rates": items{0x82, 0x84, 11}}, f{"type": 3, "ch": 6},
			f{"type": 5, "count": 1, "period": 3, "ctrl": 0, "bitmap": "\x08"}, f{"type": 2, "tu": 200, "hopset": 1, "hoppattern": 2, "hopindex": 3},
			f{"type": 4, "count": 1, "period": 2, "max": 300, "dur": 40}, f{"type": 7, "country": "DE", "data": "\x01\x0d\x14"},
			f{"type": 48, "pairwise": items{0xfac04, 0xfac02}, "akm": items{0xfac02}, "rsn_capa": 12},
			f{"type": 221, "oui": 0x50f2, "vendor_type": 2, "data": "\x01\x01\x00\x00\x03\xa4\x00\x00\x27\xa4\x00\x00\x42\x43\x5e\x00\x62\x32\x2f\x00"},
		}})},
		{mgmt(11, f{"algo": 0})},
		{tap, mgmt(12, f{"reason": 3})},
		{mgmt(0, f{"interval": 10, "params": items{f{"type": 0, "ssid": "lan"}}})},
		{tap, data(8, "FROM_DS|PWR_MGT", f{"tid": 5, "ack": 1}), {"llc", f{"oui": 0}}, ip, udp},
		{data(0, "TO_DS|MORE_DATA|PWR_MGT", nil), {"llc", f{"oui": 0}}, ip6, udp},
		{data(0, "TO_DS|FROM_DS", f{"addr4": far}), {"llc", f{"oui": 0}}, ip, udp},
		{tap, data(0, "TO_DS|PROTECTED", f{"wep_iv": 0x010200, "EXTIV": true, "keyid": 1, "extiv": 7, "body": "secret for a few"})},
		{tap, {"ieee80211", f{"type": 1, "subtype": 11, "addr1": here, "addr2": there, "duration": 100}}},
		{{"ieee80211", f{"type": 1, "subtype": 13, "addr1": here}}},
		{{"ieee80211", f{"type": 1, "subtype": 8, "addr1": here, "addr2": there, "reqctrl": 4, "starting_seq": 0x120}}},
		{tap, {"ieee80211", f{"type": 1, "subtype": 9, "addr1": here, "addr2": there, "reqctrl": 4, "starting_seq": 0x120, "bitmap": "\x01\x02\x03\x04\x05\x06\x07\x08"}}},
		{mgmt(13, f{"category": "block_ack", "code": 0, "parameters": 0x1002, "timeout": 5, "starting_seq": 0x120})},
		{mgmt(13, f{"category": "block_ack", "code": 1, "status": 37, "parameters": 0x1002})},
		{mgmt(13, f{"category": "block_ack", "code": 2, "delba_params": 0x4800})},
		{mgmt(13, f{"category": "sa_query", "code": 0, "trans_id": 0x1234})},
		{{"radiotap", f{"flags": "FCS"}}, data(0, "FROM_DS|PWR_MGT", nil), {"llc", f{"oui": 0}}, ip, udp},
		{{"radiotap", f{"flags": "FCS"}}, mgmt(12, nil)},
		{data(8, "TO_DS|PWR_MGT", f{"AMSDU": true, "subframes": items{
			f{"dst": far, "src": here, "msdu": "\xaa\xaa\x03\x00\x00\x00\x88\xb5one"}, f{"dst": there, "msdu": "\xaa\xaa\x03\x00\x00\x00\x88\xb5other"},
		}})},
		{{"prism", f{"dev": "wlan0", "dids": dids}}, {"ieee80211", f{"type": 1, "subtype": 13, "addr1": here}}},
		{{"wlancap", f{"mactime": 5, "hosttime": 6, "phytype": 3, "channel": 6, "data_rate": 20, "antenna": 1, "ssi_type": "dbm", "ssi_signal": -40, "ssi_noise": -90,
			"preamble": 1, "encoding": 2}}, {"ieee80211", f{"type": 1, "subtype": 13, "addr1": here}}},
		{{"ieee80211", f{"type": 1, "subtype": 10, "aid": 0xc001, "addr1": here, "addr2": there}}},
	}
}
