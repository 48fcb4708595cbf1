package oracle

import "strings"

func transportRecipes() []recipe {
	tcp := func(flags string, opts ...any) recipe {
		ack := 0
		if strings.Contains(flags, "ACK") {
			ack = 77
		}
		return recipe{eth, ip, {"tcp", f{"sport": 40000, "dport": 40001, "seq": 1 << 31, "ack": ack, "flags": flags, "win": 1000, "opts": items(opts)}}}
	}
	sctp := func(chunks ...any) recipe {
		return recipe{eth, ip, {"sctp", f{"sport": 40000, "dport": 40001, "vtag": 0xdeadbeef, "chunks": items(chunks)}}}
	}
	return []recipe{
		tcp("SYN|ECE|CWR|AE", f{"type": "mss", "mss": 1460}, f{"type": "sackok"}, f{"type": "wscale", "shift": 7}),
		tcp("ACK", f{"type": "nop"}, f{"type": "nop"}, f{"type": "sack", "blocks": items{f{"left": 100, "right": 200}, f{"left": 300, "right": 400}}}),
		tcp("ACK|PSH", f{"type": "user_timeout", "G": true, "timeout": 5}, f{"type": "timestamp", "tsval": 5, "tsecr": 6}),
		tcp("ACK", f{"type": "ao", "keyid": 1, "rnext": 2, "mac": "0123456789ab"}),
		tcp("ACK|URG", f{"type": "md5", "digest": "0123456789abcdef"}),
		tcp("SYN", f{"type": "fastopen", "cookie": "12345678"}),
		tcp("ACK", f{"type": "mptcp", "subtype": 5, "low": 1}, f{"type": "exp1", "exid": 0x0348, "data": "data"}),
		tcp("RST"),
		{eth, ip6, {"tcp", f{"sport": 40000, "dport": 40001, "flags": "FIN|ACK", "body": "odd"}}},
		{eth, ip, {"udp", f{"sport": 40000, "dport": 40001, "sum": 0, "body": "no sum"}}},
		sctp(f{"type": "data", "flags": 3, "tsn": 5, "sid": 1, "ssn": 2, "ppid": 0, "data": "odd"}, f{"type": "data", "flags": 7, "tsn": 6, "data": "more"}),
		sctp(f{"type": "init", "init_tag": 7, "a_rwnd": 1000, "init_tsn": 9, "params": items{
			f{"type": "ipv4", "addr": "10.0.0.1"}, f{"type": "ipv6", "addr": "2001:db8::1"}, f{"type": "address_types", "types": items{5, 6, 11}},
		}}),
		sctp(f{"type": "init_ack", "init_tag": 7, "a_rwnd": 1000, "init_tsn": 9, "params": items{f{"type": "state_cookie", "cookie": "a cookie"}}}),
		sctp(f{"type": "sack", "cum_tsn": 100, "a_rwnd": 500, "num_gaps": 2, "num_dups": 2,
			"gaps": items{f{"start": 2, "stop": 3}, f{"start": 5, "stop": 5}}, "dups": items{90, 91}}),
		sctp(f{"type": "heartbeat", "params": items{f{"type": "heartbeat_info", "info": "0123456"}}}),
		sctp(f{"type": "abort", "flags": 1, "causes": items{f{"type": "user_abort", "text": "gone"}}}),
		sctp(f{"type": "error", "causes": items{f{"type": "invalid_stream", "sid": 5}, f{"type": "stale_cookie", "staleness": 3}}}),
		sctp(f{"type": "shutdown", "cum_tsn": 5}),
		sctp(f{"type": "cookie_echo", "cookie": "a cookie"}, f{"type": "data", "flags": 3, "tsn": 5, "data": "x"}),
		sctp(f{"type": "shutdown_complete", "flags": 1}),
	}
}

func dnsRecipes() []recipe {
	rr := func(name, kind string, fields f) f {
		all := f{"name": name, "type": kind, "ttl": 300}
		for k, v := range fields {
			all[k] = v
		}
		return all
	}
	answers := items{
		rr("example.org", "A", f{"addr": "192.0.2.1"}),
		rr("example.org", "AAAA", f{"addr": "2001:db8::1"}),
		rr("www.example.org", "CNAME", f{"target": "example.org"}),
		rr("1.2.0.192.in-addr.arpa", "PTR", f{"target": "host.example.org"}),
		rr("example.org", "MX", f{"pref": 10, "exchange": "mail.example.org"}),
		rr("example.org", "TXT", f{"strings": items{f{"len": 3, "text": "one"}, f{"len": 5, "text": "three"}}}),
		rr("_sip._udp.example.org", "SRV", f{"priority": 1, "weight": 2, "port": 5060, "target": "sip.example.org"}),
	}
	authorities := items{
		rr("example.org", "NS", f{"target": "ns.example.org"}),
		rr("example.org", "SOA", f{"mname": "ns.example.org", "rname": "admin.example.org", "serial": 1, "refresh": 2, "retry": 3, "expire": 4, "minimum": 5}),
	}
	signed := items{
		rr("example.org", "RRSIG", f{"covered": 1, "algorithm": 8, "labels": 2, "original_ttl": 300, "expiration": 1800000000,
			"inception": 1700000000, "key_tag": 4711, "signer": "example.org", "signature": "0123456789abcdef"}),
		rr("host.example.org", "SSHFP", f{"algorithm": 4, "digest_type": 2, "digest": "0123456789abcdef0123456789abcdef"}),
		rr("example.org", "NSEC", f{"next_name": "b.example.org"}),
		rr("example.org", "DS", f{"key_tag": 4711, "algorithm": 8, "digest_type": 2, "digest": "0123456789abcdef0123456789abcdef"}),
		rr("example.org", "DNSKEY", f{"flags": 257, "algorithm": "ed25519", "public_key": "0123456789abcdef0123456789abcdef"}),
		rr("b4um86eghhds6nea196smvmlo4ors995.example.org", "NSEC3", f{"algorithm": 1, "flags": 1, "iterations": 12, "salt": "\xaa\xbb\xcc\xdd",
			"hash": "0123456789abcdef0123"}),
		rr("example.org", "CAA", f{"flags": 0x80, "tag": "issue", "value": "ca.example.net"}),
		rr("example.org", "NAPTR", f{"order": 100, "pref": 10, "flags": "S", "service": "SIP+D2U", "regexp": "!^.*$!sip:info@example.org!",
			"replacement": "_sip._udp.example.org"}),
		rr("example.org", "HTTPS", f{"priority": 1, "target": ".", "params": items{
			f{"type": "mandatory", "mandatory": items{"alpn", "port"}}, f{"type": "alpn", "alpn": items{f{"text": "h2"}, f{"text": "h3"}}},
			f{"type": "port", "port": 8443}, f{"type": "ipv4hint", "ipv4hint": items{"192.0.2.1", "192.0.2.2"}},
			f{"type": "ipv6hint", "ipv6hint": items{"2001:db8::1"}}}}),
		rr("example.org", "NULL", f{"body": "any"}),
	}
	additionals := items{
		rr("ns.example.org", "A", f{"addr": "192.0.2.53"}),
		f{"name": ".", "type": "OPT", "class": 1232, "ttl": 0x8000, "options": items{
			f{"type": "COOKIE", "client": "12345678", "server": "abcdefgh"},
			f{"type": "ECS", "family": 1, "source": 24, "addr": "\xc0\x00\x02"},
		}},
	}
	message := func() f {
		return f{"id": 0x4321, "flags": 0x8580, "questions": items{f{"name": "example.org", "type": "ANY"}},
			"answers": answers, "authorities": authorities, "additionals": additionals}
	}
	over := func(transport string, port int, fields f) recipe {
		return recipe{eth, ip, {transport, f{"sport": port, "dport": 40001}}, {"dns", fields}}
	}
	tcp := over("tcp", 53, message())
	tcp[2].fields["flags"] = "ACK|PSH"
	return []recipe{
		over("udp", 53, message()),
		over("udp", 53, f{"flags": 0x8180, "questions": items{f{"name": "example.org"}}, "answers": signed}),
		over("udp", 5353, message()),
		over("udp", 5355, f{"questions": items{f{"name": "host"}}}),
		over("udp", 53, f{"questions": items{f{"name": "."}}}),
		tcp,
	}
}

func dhcpRecipes() []recipe {
	dhcp := func(sport, dport int, fields f) recipe {
		return recipe{eth, ip, {"udp", f{"sport": sport, "dport": dport}}, {"dhcp", fields}}
	}
	return []recipe{
		dhcp(68, 67, f{"xid": 0x1234, "secs": 5, "flags": 0x8000, "chaddr": "02:00:00:00:00:01", "opts": items{
			f{"type": "message_type", "message_type": 1}, f{"type": "requested_ip", "requested_ip": "10.0.0.9"},
			f{"type": "hostname", "hostname": "host"}, f{"type": "param_list", "param_list": items{1, 3, 6, 15}},
			f{"type": "max_size", "max_size": 1500}, f{"type": "vendor_class", "vendor_class": "maker"},
		}}),
		dhcp(67, 68, f{"op": 2, "xid": 0x1234, "yiaddr": "10.0.0.9", "siaddr": "10.0.0.1", "giaddr": "10.0.0.2", "ciaddr": "10.0.0.3",
			"chaddr": "02:00:00:00:00:01", "sname": pad("server", 64), "file": pad("boot.img", 128), "opts": items{
				f{"type": "message_type", "message_type": 5}, f{"type": "server_id", "server_id": "10.0.0.1"},
				f{"type": "lease_time", "lease_time": 3600}, f{"type": "subnet_mask", "subnet_mask": "255.255.255.0"},
				f{"type": "routers", "routers": items{"10.0.0.1", "10.0.0.2"}}, f{"type": "name_servers", "name_servers": items{"10.0.0.53"}},
				f{"type": "domain", "domain": "example.org"}, f{"type": "broadcast", "broadcast": "10.0.0.255"}, f{"type": "mtu", "mtu": 1400},
				f{"type": "static_routes", "static_routes": items{f{"dst": "10.1.0.0", "router": "10.0.0.1"}}},
				f{"type": "renewal_time", "renewal_time": 1800}, f{"type": "rebinding_time", "rebinding_time": 3150},
			}}),
	}
}

// pad fills text up with zeros.
func pad(text string, n int) string {
	b := make([]byte, n)
	copy(b, text)
	return string(b)
}
