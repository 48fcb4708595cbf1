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
