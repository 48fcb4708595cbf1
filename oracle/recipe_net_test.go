package oracle

import "strings"

// recipes are all packets to build.
func recipes() []recipe {
	var all []recipe
	for _, group := range [][]recipe{
		linkRecipes(), lldpRecipes(), wlanRecipes(), bluetoothRecipes(), ipRecipes(), ip6Recipes(), icmpRecipes(), icmp6Recipes(), transportRecipes(), dnsRecipes(), dhcpRecipes(), streamRecipes(), bgpRecipes(),
	} {
		all = append(all, group...)
	}
	return all
}

var (
	eth    = part{"eth", f{"dst": "02:00:00:00:00:02", "src": "02:00:00:00:00:01"}}
	ip     = part{"ip", f{"src": "10.1.2.3", "dst": "10.4.5.6"}}
	ip6    = part{"ip6", f{"src": "2001:db8::1", "dst": "2001:db8::2"}}
	udp    = part{"udp", f{"sport": 40000, "dport": 40001, "body": "some text"}}
	quoted = string([]byte{
		0x45, 0, 0, 36, 0, 1, 0, 0, 64, 17, 0x5f, 0xbb, 10, 4, 5, 6, 10, 1, 2, 3,
		0x9c, 0x40, 0x9c, 0x41, 0, 16, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
	})
	quoted6 = "\x60\x00\x00\x00\x00\x08\x3b\x40" + strings.Repeat("\x20\x01\x0d\xb8\x00\x00\x00\x09", 4) + "the rest"
)

func linkRecipes() []recipe {
	return []recipe{
		{{"sll2", f{"ifindex": 7, "hatype": 1, "pkttype": 4, "halen": 6, "addr": "\x02\x00\x00\x00\x00\x09\x00\x00"}}, ip, udp},
		{{"sll", f{"hatype": 1, "pkttype": 3, "halen": 6, "addr": "\x02\x00\x00\x00\x00\x09\x00\x00"}}, ip6, udp},
		{{"loop", nil}, ip, udp},
		{{"loop", f{"family": 30}}, ip6, udp},
		{ip, udp},
		{ip6, udp},
		{eth, {"vlan", f{"vid": 100, "pcp": 5}}, {"vlan", f{"vid": 7, "DEI": true}}, ip, udp},
		{eth, {"vlan", f{"vid": 100}}, {"llc", f{"dsap": 0x42, "ssap": 0x42, "body": "\x00\x00\x00\x80"}}},
		{eth, {"llc", f{"oui": 0}}, ip, udp},
		{eth, {"llc", f{"oui": 0xf8}}, ip6, udp},
		{eth, {"llc", f{"dsap": 0xe0, "ssap": 0xe1, "ctl": 0x0204}}},
		{eth, {"arp", f{"op": 2, "sha": "02:00:00:00:00:01", "spa": "10.1.2.3", "tha": "02:00:00:00:00:02", "tpa": "10.4.5.6"}}},
		{eth, {"arp", f{"hrd": 24, "hln": 8, "sha": "12345678", "spa": "10.1.2.3", "tha": "abcdefgh", "tpa": "10.4.5.6"}}},
		{eth, {"arp", f{"pro": 0x86dd, "pln": 16, "spa": "0123456789abcdef", "tpa": "fedcba9876543210"}}},
		{{"radiotap", f{"tsft": 123456789, "flags": 0x02, "rate": 11, "dbm_antsignal": -40, "body": ack}}},
		{{"radiotap", f{"freq": 2412, "chflags": 0xa0, "lock_quality": 5, "tx_attenuation": 6, "db_tx_attenuation": 7,
			"dbm_tx_power": -3, "antenna": 1, "db_antsignal": 60, "db_antnoise": 20, "rxflags": 2, "body": ack}}},
		{{"radiotap", f{"hopset": 2, "hoppattern": 3, "dbm_antnoise": -90, "txflags": 8, "rts_retries": 3, "data_retries": 4, "body": ack}}},
		{{"radiotap", f{"xchflags": 0x10080, "xfreq": 5180, "xchannel": 36, "xmax_power": 30,
			"mcs_known": 7, "mcs_flags": 1, "mcs": 12, "vht_known": 0x44, "vht_flags": 4, "vht_bw": 4,
			"vht_mcs_nss": "\x92\x00\x00\x00", "vht_coding": 1, "body": ack}}},
		{{"radiotap", f{"ampdu_ref": 99, "ampdu_flags": 4, "timestamp": 987654321, "ts_accuracy": 22, "ts_unit": 0x11,
			"ts_flags": 2, "body": ack}}},
		{{"radiotap", f{"present_flags": 0xa0000820, "presences": items{f{"bits": 0x820}}, "dbm_antsignal": -41, "antenna": 1, "data": "\xd0\x02",
			"body": ack}}},
	}
}

// ack is a frame of 802.11.
const ack = "\xd4\x00\x00\x00\x02\x00\x00\x00\x00\x01"

func ipRecipes() []recipe {
	opts := func(o ...any) part { return part{"ip", f{"src": "10.1.2.3", "dst": "10.4.5.6", "opts": items(o)}} }
	return []recipe{
		{eth, {"ip", f{"tos": 0xba, "id": 0x1234, "flags": "DF", "ttl": 17, "src": "192.0.2.1", "dst": "198.51.100.2"}}, udp},
		{eth, {"ip", f{"off": 185, "flags": "MF", "p": 17, "body": "a later fragment"}}},
		{eth, opts(f{"type": "nop"}, f{"type": "sid", "id": 77}, f{"type": "ra"}), udp},
		{eth, opts(f{"type": "mtup", "mtu": 1400}, f{"type": "mtur", "mtu": 1300}), udp},
		{eth, opts(f{"type": "rr", "ptr": 8, "addrs": items{"10.0.0.1", "0.0.0.0"}}), udp},
		{eth, opts(f{"type": "lsrr", "ptr": 12, "addrs": items{"10.0.0.1", "10.0.0.9"}}), udp},
		{eth, opts(f{"type": "ts", "ptr": 9, "flag": 0, "stamps": items{1000, 0}}), udp},
		{eth, opts(f{"type": "ts", "ptr": 13, "overflow": 2, "flag": 1, "entries": items{f{"addr": "10.0.0.1", "stamp": 500}}}), udp},
		{eth, ip, ip, udp},
		{eth, ip, ip6, udp},
		{eth, ip6, ip, udp},
		{eth, ip6, ip6, udp},
		{eth, ip, {"ah", f{"spi": 0x100, "seq": 9, "icv": "0123456789ab"}}, udp},
		{eth, ip, {"esp", f{"spi": 0x200, "seq": 10, "body": "0123456789abcdef"}}},
		{eth, ip, {"igmp", f{"type": 0x16, "group": "239.1.2.3"}}},
		{eth, ip, {"igmp", f{"type": 0x11, "maxresp": 100, "group": "239.1.2.3", "query": items{
			f{"S": true, "qrv": 3, "qqic": 60, "sources": items{"10.0.0.5", "10.0.0.6"}}}}}},
		{eth, ip, {"igmp", f{"type": 0x22, "num": 2, "records": items{
			f{"type": 4, "group": "239.1.2.3"},
			f{"type": 1, "num": 2, "group": "239.1.2.4", "sources": items{"10.0.0.1", "10.0.0.2"}, "aux": "data"},
		}}}},
	}
}

func ip6Recipes() []recipe {
	hop := part{"ip6_hopopts", f{"opts": items{f{"type": "router_alert", "value": 0}, f{"type": "padn", "len": 0}}}}
	dst := part{"ip6_dstopts", f{"opts": items{f{"type": "tunnel_limit", "limit": 4}, f{"type": "padn", "body": "\x00"}}}}
	home := part{"ip6_dstopts", f{"opts": items{f{"type": "padn", "body": "\x00\x00"}, f{"type": "home_address", "addr": "2001:db8::77"}}}}
	rt := func(fields f) part { return part{"ip6_routing", fields} }
	addrs := items{"2001:db8::a", "2001:db8::b"}
	return []recipe{
		{eth, {"ip6", f{"tc": 0xb9, "flow": 0xabcde, "hlim": 9, "src": "2001:db8::1", "dst": "2001:db8::2"}}, udp},
		{eth, ip6, hop, udp},
		{eth, ip6, hop, dst, rt(f{"type": 0, "segs": 1, "addrs": addrs}), udp},
		{eth, ip6, rt(f{"type": 0, "segs": 0, "addrs": addrs}), udp},
		{eth, ip6, rt(f{"type": 2, "segs": 1, "addrs": items{"2001:db8::c"}}), udp},
		{eth, ip6, rt(f{"type": 4, "segs": 1, "tag": 5, "addrs": addrs}), udp},
		{eth, ip6, rt(f{"type": 4, "segs": 0, "addrs": addrs}), {"ip6_dstopts", f{"opts": items{f{"type": "padn", "body": "\x00\x00\x00\x00"}}}}, udp},
		{eth, ip6, home, {"ip6_frag", f{"id": 1, "off": 2, "nxt": 17, "body": "the rest"}}}, // of UDP, the home address would be in the pseudo header
		{eth, ip6, {"ip6_hopopts", f{"opts": items{f{"type": "rpl", "instance": 30, "rank": 512}}}}, udp},
		{eth, ip6, {"ip6_frag", f{"id": 0x11223344, "MF": true}}, {"udp", f{"sport": 40000, "dport": 40001, "len": 40, "sum": 1, "body": "01234567"}}},
		{eth, ip6, {"ip6_frag", f{"id": 0x11223344, "off": 2, "nxt": 17, "body": "the rest"}}},
		{eth, ip6, {"ah", f{"spi": 0x100, "seq": 9, "icv": "0123456789ab"}}, {"ip6_dstopts", f{"opts": items{f{"type": "padn", "body": "\x00\x00\x00\x00"}}}}, udp},
		{eth, ip6, hop, {"esp", f{"spi": 0x200, "seq": 10, "body": "0123456789abcdef"}}},
		{eth, {"ip6", f{"nxt": 59, "body": "nothing"}}},
	}
}
