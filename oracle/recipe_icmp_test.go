package oracle

func icmpRecipes() []recipe {
	icmp := func(fields f) recipe { return recipe{eth, ip, {"icmp", fields}} }
	return []recipe{
		icmp(f{"type": 8, "id": 0x1234, "seq": 7, "body": "ping"}),
		icmp(f{"type": 0, "id": 0x1234, "seq": 7, "body": "ping!"}),
		icmp(f{"type": 3, "code": 4, "mtu": 1280, "body": quoted}),
		icmp(f{"type": 3, "code": 1, "body": quoted}),
		icmp(f{"type": 11, "length": 32, "body": pad(quoted, 128) + interfaceName}),
		icmp(f{"type": 3, "length": 33, "body": pad(quoted, 132) + extension}),
		icmp(f{"type": 11, "body": pad(quoted, 128) + extension}),
		icmp(f{"type": 4, "body": quoted}),
		icmp(f{"type": 5, "code": 1, "gateway": "10.9.9.9", "body": quoted}),
		icmp(f{"type": 11, "body": quoted}),
		icmp(f{"type": 12, "ptr": 8, "body": quoted}),
		icmp(f{"type": 9, "num": 2, "life": 1800, "addrs": items{f{"addr": "10.0.0.1", "pref": 5}, f{"addr": "10.0.0.2", "pref": -5}}}),
		icmp(f{"type": 10}),
		icmp(f{"type": 13, "id": 9, "seq": 1, "orig": 1000}),
		icmp(f{"type": 14, "id": 9, "seq": 1, "orig": 1000, "recv": 2000, "xmit": 3000}),
		icmp(f{"type": 17, "id": 9, "seq": 1}),
		icmp(f{"type": 18, "id": 9, "seq": 1, "mask": "255.255.255.0"}),
		icmp(f{"type": 42, "id": 9, "seq": 3, "L": true, "body": interfaceName}),
		icmp(f{"type": 43, "id": 9, "seq": 3, "state": 2, "A": true, "V6": true}),
	}
}

func icmp6Recipes() []recipe {
	icmp6 := func(fields f) recipe { return recipe{eth, ip6, {"icmp6", fields}} }
	lladdr := f{"type": "source_lladdr", "lladdr": "02:00:00:00:00:01"}
	return []recipe{
		icmp6(f{"type": 128, "id": 0x1234, "seq": 7, "body": "ping"}),
		icmp6(f{"type": 129, "id": 0x1234, "seq": 7, "body": "ping"}),
		icmp6(f{"type": 1, "code": 4, "body": quoted6}),
		icmp6(f{"type": 3, "length": 16, "body": pad(quoted6, 128) + interfaceName}),
		icmp6(f{"type": 1, "length": 16, "body": pad(quoted6, 128) + extension}),
		icmp6(f{"type": 2, "mtu": 1400, "body": quoted6}),
		icmp6(f{"type": 3, "body": quoted6}),
		icmp6(f{"type": 4, "ptr": 40, "body": quoted6}),
		icmp6(f{"type": 133, "opts": items{lladdr}}),
		icmp6(f{"type": 134, "hlim": 64, "flags": 0xc8, "life": 1800, "reach": 1000, "retrans": 2000, "opts": items{
			lladdr,
			f{"type": "prefix", "plen": 64, "flags": 0xc0, "valid": 7200, "preferred": 3600, "prefix": "2001:db8:1::"},
			f{"type": "mtu", "mtu": 1492},
			f{"type": "rdnss", "life": 600, "addrs": items{"2001:db8::53", "2001:db8::54"}},
			f{"type": "dnssl", "life": 600, "names": items{f{"name": "example.org"}, f{"name": "lan"}}},
			f{"type": "route", "plen": 48, "prf": 1, "life": 300, "prefix": "\x20\x01\x0d\xb8\x00\x02\x00\x00"},
			f{"type": "pref64", "life": 100, "plc": 0, "prefix": "\x00\x64\xff\x9b\x00\x00\x00\x00\x00\x00\x00\x00"},
		}}),
		icmp6(f{"type": 135, "target": "fe80::1", "opts": items{lladdr, f{"type": "nonce", "nonce": "abcdef"}}}),
		icmp6(f{"type": 136, "naflags": 0x60000000, "target": "fe80::1", "opts": items{f{"type": "target_lladdr", "lladdr": "02:00:00:00:00:03"}}}),
		icmp6(f{"type": 137, "target": "fe80::1", "dst": "2001:db8::9", "opts": items{f{"type": "target_lladdr", "lladdr": "02:00:00:00:00:03"}}}),
		icmp6(f{"type": 130, "maxresp": 1000, "group": "::"}),
		icmp6(f{"type": 130, "maxresp": 1000, "group": "ff05::1:3", "query": items{
			f{"S": true, "qrv": 3, "qqic": 60, "sources": items{"2001:db8::5", "2001:db8::6"}}}}),
		icmp6(f{"type": 131, "group": "ff05::1:3"}),
		icmp6(f{"type": 143, "num": 2, "records": items{
			f{"type": 4, "group": "ff05::1:3"},
			f{"type": 1, "num": 1, "group": "ff05::1:4", "sources": items{"2001:db8::5"}, "aux": "data"},
		}}),
		icmp6(f{"type": 139, "qtype": 3, "qflags": 2, "nonce": 12345, "body": "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09"}),
		icmp6(f{"type": 160, "id": 9, "seq": 3, "L": true, "body": interfaceName}),
		icmp6(f{"type": 161, "id": 9, "seq": 3, "state": 2, "A": true, "V4": true}),
	}
}

// interfaceName is an extension (RFC 4884) that names an interface.
const interfaceName = "\x20\x00\xdc\xf4\x00\x08\x03\x02\x00\x00\x00\x01"

// extension has the labels of MPLS, and two interfaces.
const extension = "\x20\x00\xfd\x71\x00\x0c\x01\x01\x03\xe8\x1a\xfe\x00\x02\xa1\x01\x00\x1c\x02\x0f\x00\x00\x00\x07\x00" +
	"\x01\x00\x00\x0a\x01\x01\x01\x08\x65\x74\x68\x30\x2e\x31\x32\x00\x00\x05\xdc\x00\x18\x02\x84\x00\x02\x00\x00" +
	"\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"
