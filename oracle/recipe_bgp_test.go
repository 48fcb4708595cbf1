package oracle

// bgpRecipes have each kind of message, and the attributes that the table compares.
func bgpRecipes() []recipe {
	segment := func(messages ...any) recipe {
		return recipe{eth, ip, {"tcp", f{"sport": 179, "dport": 40002, "flags": "ACK|PSH"}}, {"bgp", f{"messages": messages}}}
	}
	var many items // more than a length of one byte can tell
	for i := range 70 {
		many = append(many, f{"asn": 65001, "value": i})
	}
	return []recipe{
		segment(f{"type": "open", "asn": 65001, "holdtime": 90, "identifier": "192.0.2.1", "params": items{
			f{"capabilities": items{f{"type": "multiprotocol", "afi": "ip6"}, f{"type": "as4", "asn": 4200000001},
				f{"type": "graceful_restart", "R": true, "restart_time": 120, "families": items{f{"F": true}}}}},
			f{"capabilities": items{f{"type": "add_path", "families": items{f{"mode": "send"}, f{"afi": "ip6"}}}, f{"type": "route_refresh"},
				f{"type": "fqdn", "hostname": "r1", "domain": "example.org"}, f{"type": 200, "body": "any"}}},
		}}, f{"type": "keepalive"}),
		segment(f{"type": "update", "pathattrs": items{f{"OPTIONAL": true, "type": "communities", "communities": many},
			f{"type": "as_path", "body": "\x02\x02\x00\x00\xfd\xe9\xfa\x56\xea\x01"}}}),
		segment(f{"type": "notification", "code": "cease", "subcode": 3, "data": "gone"}),
		segment(f{"type": "route_refresh", "afi": "ip6", "rsvd": "begin"}),
		segment(f{"type": "update", "wroutes": items{f{"len": 12, "prefix": "10.16.0.0"}}, "pathattrs": bgpAttrs(),
			"anncroutes": items{f{"len": 24, "prefix": "192.0.2.0"}, f{"len": 32, "prefix": "192.0.2.1"}}},
			f{"type": "update", "pathattrs": bgpAttrs6()}),
	}
}

func bgpAttrs() items {
	const own, optional = 0x40, 0xc0
	return items{
		f{"flags": own, "type": "origin", "origin": "egp"},
		f{"flags": own | 0x10, "type": "as_path", "segments": items{f{"ases": items{65001, 65002}}, f{"type": "as_set", "ases": items{3}}}},
		f{"flags": own, "type": "next_hop", "ip": "192.0.2.9"},
		f{"flags": 0x80, "type": "med", "value": 50},
		f{"flags": own, "type": "local_pref", "value": 100},
		f{"flags": own, "type": "atomic_aggregate"},
		f{"flags": optional | 0x20, "type": "aggregator", "asn": 65001, "ip": "192.0.2.7"},
		f{"flags": optional, "type": "communities", "communities": items{f{"asn": 65001, "value": 7}, f{"community": "no_export"}}},
		f{"flags": 0x80, "type": "originator_id", "value": "192.0.2.3"},
		f{"flags": 0x80, "type": "cluster_list", "clusters": items{"192.0.2.4", "192.0.2.5"}},
		f{"flags": optional, "type": "ext_communities", "communities": items{f{"type": "as2", "subtype": 2, "asn": 1, "value": 2},
			f{"type": "ip4", "subtype": 2, "ip": "192.0.2.6", "value": 9}, f{"type": "as4", "subtype": 2, "asn": 4200000001, "value": 5}}},
		f{"flags": optional, "type": "as4_path", "segments": items{f{"ases": items{4200000001, 65002}}}},
		f{"flags": optional, "type": "as4_aggregator", "asn": 4200000001, "ip": "192.0.2.7"},
		f{"flags": optional, "type": "large_communities", "communities": items{f{"ga": 4200000001, "ldp1": 2, "ldp2": 3}}},
		f{"flags": 0x80, "type": "aigp", "body": "\x01\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x05"},
	}
}

func bgpAttrs6() items {
	return items{
		f{"flags": 0x90, "type": "mp_reach_nlri", "afi": "ip6", "next_hop": items{"2001:db8::1", "fe80::1"},
			"nlri": items{f{"len": 32, "prefix": "2001:db8::"}, f{"len": 128, "prefix": "2001:db8::5"}}},
		f{"flags": 0x80, "type": "mp_unreach_nlri", "afi": "ip6", "nlri": items{f{"len": 49, "prefix": "2001:db8:0:8000::"}}},
	}
}
