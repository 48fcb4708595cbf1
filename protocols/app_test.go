package protocols

import "testing"

func TestDNS(t *testing.T) {
	runWires(t, []wire{
		{"answer", "dns", `abcd 8580 0001 0005 0000 0001
			0377777707 6578616d706c65 03636f6d00 00ff 0001
			c00c 0005 0001 0000003c 0002 c010
			c010 000f 0001 0000003c 0007 000a 026d78c010
			c010 0010 0001 0000003c 0006 026869 02796f
			c010 0006 0001 0000003c 001f 026e73c010 036d6279c010 00000001 00000002 00000003 00000004 00000005
			045f736970c010 0021 0001 0000003c 000b 0001 0002 13c4 0373697000
			00 0029 1000 00008000 0012 000a 0008 0102030405060708 000f 0002 0012`, `
			dns.tcplen
			dns.id 43981
			dns.QR 1
			dns.opcode query
			dns.AA 1
			dns.RD 1
			dns.RA 1
			dns.rcode noerror
			dns.questions.name www.example.com
			dns.questions.type ANY
			dns.answers.type CNAME MX TXT SOA SRV
			dns.answers.name www.example.com example.com example.com example.com _sip.example.com
			dns.answers.ttl 60 60 60 60 60
			dns.answers.target example.com sip
			dns.answers.pref 10
			dns.answers.exchange mx.example.com
			dns.answers.strings.text "hi" "yo"
			dns.answers.mname ns.example.com
			dns.answers.rname mby.example.com
			dns.answers.serial 1
			dns.answers.minimum 5
			dns.answers.port 5060
			dns.additionals.type OPT
			dns.additionals.name .
			dns.additionals.udp_size 4096
			dns.additionals.DO 1
			dns.additionals.version 0
			dns.additionals.options.type COOKIE EDE
			dns.additionals.options.client 0102030405060708
			dns.additionals.options.code 18
			dns.body `},
		{"HTTPS", "dns", `abcd 8180 0000 0001 0000 0000 0161 00 0041 0001 0000003c 0042 0001 00
			0000 0004 0001 0003  0001 0006 02 6832 02 6833  0003 0002 01bb  0004 0008 c0000201 c0000202  0005 0003 010203
			0006 0010 20010db8000000000000000000000001`, `
			dns.answers.type HTTPS
			dns.answers.len 66
			dns.answers.priority 1
			dns.answers.target .
			dns.answers.params.type mandatory alpn port ipv4hint ech ipv6hint
			dns.answers.params.mandatory alpn port
			dns.answers.params.alpn.text "h2" "h3"
			dns.answers.params.port 443
			dns.answers.params.ipv4hint 192.0.2.1 192.0.2.2
			dns.answers.params.ech 010203
			dns.answers.params.ipv6hint 2001:db8::1
			err`},
		{"NSEC", "dns", `abcd 8180 0000 0001 0000 0000 0161 00 002f 0001 0000003c 000c 0162 00 00 02 4001 01 03 000080`, `
			dns.answers.next_name b
			dns.answers.types.window 0 1
			dns.answers.types.len 2 3
			dns.answers.types.bitmap 4001 000080
			err`},
		{"over TCP, twice and a half", "tcp", `0035 d431 00000000 00000000 50182000 00000000
			0011 0001 0100 0001 0000 0000 0000 00 0001 0001
			0011 0002 0100 0001 0000 0000 0000 00 001c 0001
			0011 0003 01`, `
			layers tcp dns
			dns.tcplen 17
			dns.id 1
			dns.questions.type A
			dns.more.id 2
			dns.more.questions.type AAAA
			dns.more.rest 0011000301`},
		{"over TCP, not all here", "tcp", `0035 d431 00000000 00000000 50182000 00000000 0011 0001 0100 0001 0000 0000 0000 00 0001`, `
			layers tcp
			err`},
		{"over TCP, the middle of something", "tcp", `0035 d431 00000000 00000000 50182000 00000000 000c 616c6c20776f726b20616e64`, `
			layers tcp
			err`},
		{"a pointer to itself", "dns", `abcd 0100 0001 0000 0000 0000 c00c 0001 0001`, `
			dns.questions.name `},
	})
}

func TestDHCP(t *testing.T) {
	const head = `01010600 00001234 0000 8000 00000000 00000000 00000000 00000000 020000000001 00000000000000000000`
	zeros := func(n int) string {
		b := make([]byte, 2*n)
		for i := range b {
			b[i] = '0'
		}
		return string(b)
	}
	runWires(t, []wire{
		{"discover", "dhcp", head + zeros(192) + `63825363 350101 0c03706b6c 3204c0000232 00 3703010306 3d0701020000000001
			7908 18c00002 c0000201 52060104deadbeef ff 0000`, `
			dhcp.op request
			dhcp.htype ether
			dhcp.xid 4660
			dhcp.B 1
			dhcp.ciaddr 0.0.0.0
			dhcp.chaddr 02:00:00:00:00:01
			dhcp.opts.type message_type hostname requested_ip pad param_list client_id classless_routes relay_agent
			dhcp.opts.len 1 3 4 3 7 8 6
			dhcp.opts.message_type discover
			dhcp.opts.hostname "pkl"
			dhcp.opts.requested_ip 192.0.2.50
			dhcp.opts.param_list subnet_mask routers name_servers
			dhcp.opts.client_id 02:00:00:00:00:01
			dhcp.opts.routes.plen 24
			dhcp.opts.routes.prefix c00002
			dhcp.opts.routes.router 192.0.2.1
			dhcp.opts.subopts.type circuit_id
			dhcp.opts.rest`},
		{"bootp", "dhcp", head + zeros(192) + `00000000` + zeros(60), `
			dhcp.magic 0
			dhcp.opts.type
			dhcp.vend ` + zeros(60)},
	})
}

func TestBGP(t *testing.T) {
	const (
		tcp    = `00b3 c000 00000000 00000000 50182000 00000000 `
		marker = `ffffffffffffffffffffffffffffffff `
	)
	runWires(t, []wire{
		{"open, then keepalive, then a beginning", "tcp", tcp + marker + `0031 01 04 fde9 005a 0a000001 14
			02 06 01 04 0001 00 01  02 0a 02 00 41 04 fa56ea01 46 00 ` + marker + `0013 04` + marker + `0017`, `
			layers tcp bgp
			bgp.messages.type open keepalive
			bgp.messages.len 49 19
			bgp.messages.asn 65001
			bgp.messages.holdtime 90
			bgp.messages.identifier 10.0.0.1
			bgp.messages.param_len 20
			bgp.messages.params.len 6 10
			bgp.messages.params.capabilities.type multiprotocol route_refresh as4 enhanced_route_refresh
			bgp.messages.params.capabilities.afi ip
			bgp.messages.params.capabilities.asn 4200000001
			bgp.messages.rest ffffffffffffffffffffffffffffffff0017
			err`},
		{"open with lengths of two bytes", "bgp", marker + `0029 01 04 fde9 005a 0a000001 ff ff 0009 02 0006 45 04 0001 01 03`, `
			bgp.messages.param_len 255
			bgp.messages.ext_len 9
			bgp.messages.params.len 6
			bgp.messages.params.capabilities.type add_path
			bgp.messages.params.capabilities.families.mode both
			err`},
		{"update", "bgp", marker + `0046 02 0003 0c0a10 0027
			40 01 01 00  50 02 0006 02 02 fde9 0001  40 03 04 c0000201  80 04 04 00000064  c0 08 08 fde90064 ffffff01
			18 0a0102 00`, `
			bgp.messages.withdrawnlen 3
			bgp.messages.wroutes.len 12
			bgp.messages.wroutes.prefix 10.16.0.0
			bgp.messages.pathlen 39
			bgp.messages.pathattrs.type origin as_path next_hop med communities
			bgp.messages.pathattrs.EXTENDED_LENGTH 0 1 0 0 0
			bgp.messages.pathattrs.len 1 6 4 4 8
			bgp.messages.pathattrs.origin igp
			bgp.messages.pathattrs.segments.type as_sequence
			bgp.messages.pathattrs.segments.ases 65001 1
			bgp.messages.pathattrs.ip 192.0.2.1
			bgp.messages.pathattrs.value 100
			bgp.messages.pathattrs.communities.asn 65001 65535
			bgp.messages.pathattrs.communities.community 4259905636 no_export
			bgp.messages.anncroutes.len 24 0
			bgp.messages.anncroutes.prefix 10.1.2.0 0.0.0.0
			err`},
		{"update of IPv6", "bgp", marker + `0050 02 0000 0039 40 02 10 02 01 fa56ea01 01 02 00000001 00000002
			90 0e 001c 0002 01 10 20010db8000000000000000000000001 00 30 20010db80001 80 0f 03 0002 01`, `
			bgp.messages.pathattrs.type as_path mp_reach_nlri mp_unreach_nlri
			bgp.messages.pathattrs.segments.type as_sequence as_set
			bgp.messages.pathattrs.segments.ases 4200000001 1 2
			bgp.messages.pathattrs.afi ip6 ip6
			bgp.messages.pathattrs.next_hop 2001:db8::1
			bgp.messages.pathattrs.nlri.len 48
			bgp.messages.pathattrs.nlri.prefix 2001:db8:1::
			bgp.messages.anncroutes.rest
			err`},
		{"a prefix that is too long", "bgp", marker + `001d 02 0000 0000 21 0a01020304`, `
			bgp.messages.type update
			bgp.messages.anncroutes.len
			bgp.messages.anncroutes.rest 210a01020304`},
		{"the middle of a message", "tcp", tcp + `0013 04`, `
			layers tcp
			err`},
		{"a length below the header's", "bgp", marker + `0012 04`, `
			layers bgp
			bgp.messages.type
			bgp.messages.rest ffffffffffffffffffffffffffffffff001204`},
	})
}
