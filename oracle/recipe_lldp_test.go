package oracle

// lldpRecipes are neighbours that tell all about themselves.
func lldpRecipes() []recipe {
	org := func(oui, subtype int, fields f) f {
		fields["type"], fields["oui"], fields["subtype"] = 127, oui, subtype
		return fields
	}
	const ieee1, ieee3, med = 0x80c2, 0x120f, 0x12bb
	bytes := items{12, 13, 0, 25, 50, 0, 0, 0}
	full := items{
		f{"type": 1, "id": "02:00:00:00:00:01"}, f{"type": 2, "id": "eth-1"}, f{"type": 3, "ttl": 60},
		f{"type": 4, "port_desc": "to the stairs"}, f{"type": 5, "system_name": "sw1"}, f{"type": 6, "system_desc": "a switch\nof tin"},
		f{"type": 7, "capabilities": "STATION|BRIDGE|OTHER", "enabled": "ROUTER_ON"},
		f{"type": 8, "addr": "10.1.2.3", "ifsubtype": 2, "ifnumber": 7, "oid": "\x2b\x06\x01"},
		f{"type": 8, "family": 2, "addr": "2001:db8::1", "ifsubtype": 1},
		f{"type": 8, "family": 6, "addr": "02:00:00:00:00:09", "ifsubtype": 3},
		org(ieee1, 1, f{"pvid": 5}), org(ieee1, 2, f{"ppvid_flags": 6, "ppvid": 7}), org(ieee1, 3, f{"vlan": 8, "name": "blue"}),
		org(ieee1, 4, f{"proto_id": "\x88\xcc"}), org(ieee1, 7, f{"aggregation": 3, "port_id": 11}), org(ieee1, 8, f{"cnpv": 3, "ready": 1}),
		org(ieee1, 9, f{"WILLING": true, "CBS": true, "maxtcs": 3, "prio3": 3, "bandwidth": bytes, "tsa": items{0, 1, 2, 255, 0, 0, 2, 1}}),
		org(ieee1, 11, f{"MBC": true, "pfc_cap": 4, "pfc_enable": 8}),
		org(ieee1, 12, f{"apps": items{f{"prio": 4, "sel": 1, "protocol": 0x8906}}}),
		org(ieee3, 1, f{"autoneg": 3, "autoneg_caps": 0x6c11, "mau_type": 30}), org(ieee3, 2, f{"mdi_power": 15, "pse_pair": 1, "power_class": 4}),
		org(ieee3, 4, f{"max_frame": 1522}),
		org(ieee3, 5, f{"tx_wake": 17, "rx_wake": 18, "fallback_wake": 19, "echo_tx_wake": 20, "echo_rx_wake": 21}),
		org(med, 1, f{"med_caps": "POLICY|INVENTORY", "class": 3}),
		org(med, 2, f{"app": 1, "UNKNOWN": true, "TAGGED": true, "vid": 100, "l2prio": 5, "dscp": 46}),
		org(med, 4, f{"power_type": 1, "power_source": 2, "power_prio": 3, "power": 65}),
		org(0x5e, 1, f{"mudurl": "https://example.com/mud"}), org(0xabcdef, 4, f{"data": "private"}),
	}
	for i, text := range []string{"1.0", "2.0", "3.0", "0815", "pkl", "model", "asset"} {
		full = append(full, org(med, 5+i, f{"inventory": text}))
	}
	return []recipe{
		{eth, {"lldp", f{"tlvs": full}}},
		{eth, {"lldp", f{"tlvs": items{f{"type": 1, "subtype": 5, "id": "10.1.2.3"}, f{"type": 2, "subtype": 3, "id": "02:00:00:00:00:03"}, f{"type": 3},
			org(med, 3, f{"format": 3, "data": "\x0512345"})}}}},
		{eth, {"lldp", f{"tlvs": items{f{"type": 1, "subtype": 5, "family": 2, "id": "2001:db8::1"}, f{"type": 2, "subtype": 4, "id": "10.1.2.3"}, f{"type": 3}}}}},
	}
}
