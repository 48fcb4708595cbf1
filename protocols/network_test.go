package protocols

import "testing"

func TestIP(t *testing.T) {
	runWires(t, []wire{
		{"options", "ip", `4900002c00010000400190af c0000201 c0000202 01 070b08c000020900000000 94040000 0800f7f700070001`, `
			layers ip icmp
			ip.ihl 9
			ip.len 44
			ip.opts.type nop rr ra
			ip.opts.len 11 4
			ip.opts.ptr 8
			ip.opts.addrs 192.0.2.9 0.0.0.0
			ip.opts.value 0
			icmp.id 7
			icmp.seq 1`},
		{"time stamps and an end", "ip", `49000024 00010000 40fd0000 c0000201 c0000202 440c0d01 c0000209 00000005 00000000`, `
			ip.opts.type ts
			ip.opts.ptr 13
			ip.opts.overflow 0
			ip.opts.flag with_addrs
			ip.opts.entries.addr 192.0.2.9
			ip.opts.entries.stamp 5
			ip.opts.rest
			ip.p exp1`},
		{"an option of no length", "ip", `46000018 00010000 40fd0000 c0000201 c0000202 94000000`, `
			layers ip
			ip.opts.type
			ip.opts.rest 94000000`},
		{"traffic class and flags", "ip", `45bb0014 00016000 40ff0000 c0000201 c0000202`, `
			ip.tos 187
			ip.dscp ef
			ip.ecn ce
			ip.DF 1
			ip.MF 1
			ip.off 0`},
		{"later fragment", "ip", `4500001c 00010003 40110000 c0000201 c0000202 0001000200087bd7`, `
			layers ip
			ip.off 3
			ip.body 0001000200087bd7`},
		{"header shorter than itself", "ip", `44000014 00010000 40110000 c0000201 c0000202`, `
			layers
			err ip at byte 0: header too short: need 20 bytes, have 16`},
	})
}

func TestIP6(t *testing.T) {
	const head = `2001 0db8 000000000000000000000001 20010db8000000000000000000000002`
	runWires(t, []wire{
		{"extension headers", "ip6", `6bb1234500400040` + head + `
			2b00 05020000 0100
			3c02000100000000 20010db8000000000000000000000009
			1102 01020000 c910 20010db8000000000000000000000077
			000100020008a3e9`, `
			layers ip6 ip6_hopopts ip6_routing ip6_dstopts udp
			ip6.tc 187
			ip6.dscp ef
			ip6.ecn ce
			ip6.flow 74565
			ip6.len 64
			ip6.nxt ip6_hopopts
			ip6_hopopts.nxt ip6_routing
			ip6_hopopts.opts.type router_alert padn
			ip6_hopopts.opts.value mld
			ip6_routing.type source_route
			ip6_routing.segs 1
			ip6_routing.addrs 2001:db8::9
			ip6_routing.final 2001:db8::9
			ip6_dstopts.opts.type padn home_address
			ip6_dstopts.opts.len 2 16
			ip6_dstopts.opts.addr 2001:db8::77`},
		{"segment routing", "ip6", `6000000000302b40` + head + `
			1104 0401 01000000 20010db8000000000000000000000009 20010db8000000000000000000000002
			000100020008a45f`, `
			layers ip6 ip6_routing udp
			ip6_routing.type srh
			ip6_routing.last 1
			ip6_routing.addrs 2001:db8::9 2001:db8::2
			ip6_routing.final 2001:db8::9
			ip6_routing.data`},
		{"segment routing, arrived, with padding", "ip6", `6000000000202b40` + head + `
			3b03 0400 00000000 20010db8000000000000000000000009 00 0405 0000000000`, `
			layers ip6 ip6_routing
			ip6_routing.tlvs.type pad1 padn
			ip6_routing.final`},
		{"first fragment", "ip6", `6000000000182c40` + head + `11000001deadbeef 0001000207d0bab47878787878787878`, `
			layers ip6 ip6_frag udp
			ip6_frag.off 0
			ip6_frag.MF 1
			ip6_frag.id 3735928559`},
		{"later fragment", "ip6", `6000000000102c40` + head + `11000028deadbeef7878787878787878`, `
			layers ip6 ip6_frag
			ip6_frag.off 5
			ip6_frag.MF 0
			ip6_frag.body 7878787878787878`},
		{"nothing above", "ip6", `6000000000043b40` + head + `01020304`, `
			layers ip6
			ip6.nxt none
			ip6.body 01020304`},
	})
}

func TestIPsec(t *testing.T) {
	runWires(t, []wire{
		{"ah", "ip", `450000400001000040330000 c0000201 c0000202 0604 0000 00000005 00000006 303132333435363738396162
			0001000200000000000000005002200000000000`, `
			layers ip ah tcp
			ah.nxt tcp
			ah.len 4
			ah.spi 5
			ah.seq 6
			ah.icv 303132333435363738396162`},
		{"esp", "ip", `450000200001000040320000 c0000201 c0000202 00000005 00000006 01020304`, `
			layers ip esp
			esp.spi 5
			esp.seq 6
			esp.body 01020304`},
	})
}

func TestICMP(t *testing.T) {
	const quoted = `4500001c000100004011f6cc c0000201 c0000202 045700350008774e`
	runWires(t, []wire{
		{"too big", "icmp", `03047ba1 00000578 ` + quoted, `
			layers icmp ip udp
			icmp.type dest_unreach
			icmp.length 0
			icmp.mtu 1400
			icmp.id
			icmp.quote 4500001c000100004011f6ccc0000201c0000202045700350008774e
			udp.sport 1111`},
		{"port unreachable", "icmp", `0303fcfc 00000000 ` + quoted, `
			icmp.mtu
			icmp.unused2 0
			udp.dport 53`},
		{"redirect, quoting eight bytes of TCP", "icmp", `05010000 c0000207 45000028000100004006f6cc c0000201 c0000202 0457005000000005`, `
			layers icmp ip tcp
			icmp.gateway 192.0.2.7
			tcp.dport 80
			tcp.seq 5
			tcp.ack
			err`},
		{"times", "icmp", `0e00efa0 00030004 00000064 000000c8 0000012c`, `
			icmp.type timestamp_reply
			icmp.id 3
			icmp.seq 4
			icmp.orig 100
			icmp.recv 200
			icmp.xmit 300`},
		{"problem at a byte", "icmp", `0c000000 14000000 ` + quoted, `
			icmp.ptr 20
			udp.dport 53`},
		{"routers", "icmp", `09000000 01020708 c0000201 ffffffff`, `
			icmp.num 1
			icmp.life 1800
			icmp.addrs.addr 192.0.2.1
			icmp.addrs.pref -1`},
		{"interface up", "icmp", `2b000000 0005 01 46`, `
			icmp.id 5
			icmp.seq 1
			icmp.state 2
			icmp.A 1
			icmp.V4 1
			icmp.V6 0`},
		{"unknown", "icmp", `c8000000 0102`, `
			icmp.type 200
			icmp.body 0102`},
	})
}

func TestICMP6(t *testing.T) {
	runWires(t, []wire{
		{"router advertisement", "icmp6", `86000e44 40 48 0708 00000005 00000006
			0101 020000000001
			0501 0000 000005c8
			0304 40 c0 00000064 00000032 00000000 20010db8000000000000000000000000
			1903 0000 0000003c 20010db8000000000000000000000053
			1f04 0000 0000003c 076578616d706c6503636f6d00 0161076578616d706c6500
			1803 30 18 00000009 20010db8000100000000000000000000
			1802 0b`, `
			icmp6.hlim 64
			icmp6.M 0
			icmp6.O 1
			icmp6.prf high
			icmp6.life 1800
			icmp6.reach 5
			icmp6.retrans 6
			icmp6.opts.type source_lladdr mtu prefix rdnss dnssl route
			icmp6.opts.len 1 1 4 3 4 3
			icmp6.opts.lladdr 02:00:00:00:00:01
			icmp6.opts.mtu 1480
			icmp6.opts.plen 64 48
			icmp6.opts.L 1
			icmp6.opts.A 1
			icmp6.opts.valid 100
			icmp6.opts.preferred 50
			icmp6.opts.prefix 2001:db8:: 20010db8000100000000000000000000
			icmp6.opts.addrs 2001:db8::53
			icmp6.opts.names.name example.com a.example
			icmp6.opts.names.rest
			icmp6.opts.prf low
			icmp6.opts.life 60 60 9
			icmp6.opts.rest 18020b`},
		{"neighbour advertisement", "icmp6", `8800b81b c0000000 fe800000000000000000000000000001 0201 020000000001`, `
			icmp6.R 1
			icmp6.S 1
			icmp6.O 0
			icmp6.target fe80::1
			icmp6.opts.type target_lladdr
			icmp6.opts.lladdr 02:00:00:00:00:01`},
		{"redirect", "icmp6", `89000000 00000000 fe800000000000000000000000000001 20010db8000000000000000000000009
			0407 000000000000 6000000000083a40 20010db8000000000000000000000001 20010db8000000000000000000000009 8000000000050006`, `
			layers icmp6 ip6 icmp6
			icmp6.target fe80::1
			icmp6.dst 2001:db8::9
			icmp6.id 5`},
		{"too big", "icmp6", `02002be2 00000500 6000000000081140 20010db8000000000000000000000001
			20010db8000000000000000000000002 000100020008a466`, `
			layers icmp6 ip6 udp
			icmp6.mtu 1280
			udp.dport 2`},
		{"listener report", "icmp6", `8f00f6e1 0000 0002
			03 00 0002 ff020000000000000000000000000db8 20010db8000000000000000000000005 20010db8000000000000000000000006
			04 01 0000 ff020000000000000000000000000db9 aabbccdd`, `
			icmp6.num 2
			icmp6.records.type to_include to_exclude
			icmp6.records.group ff02::db8 ff02::db9
			icmp6.records.sources 2001:db8::5 2001:db8::6
			icmp6.records.aux  aabbccdd`},
		{"listener query", "icmp6", `82000000 2710 0000 ff020000000000000000000000000db8`, `
			icmp6.maxresp 10000
			icmp6.group ff02::db8`},
	})
}

func TestIGMP(t *testing.T) {
	runWires(t, []wire{
		{"query", "igmp", `1164ee9b 00000000`, `
			igmp.type query
			igmp.maxresp 100
			igmp.group 0.0.0.0
			igmp.body `},
		{"report", "igmp", `220036f0 0000 0002 04000000 ef010101 01000001 ef010102 c0000205`, `
			igmp.type report_v3
			igmp.group
			igmp.num 2
			igmp.records.type to_exclude is_include
			igmp.records.group 239.1.1.1 239.1.1.2
			igmp.records.sources 192.0.2.5`},
	})
}
