package protocols

import "testing"

func TestQueries(t *testing.T) {
	runWires(t, []wire{
		{"IGMPv3 query (RFC 3376 §4.1)", "igmp", `11 64 0000 ef010203 0b 7d 0002 0a000001 0a000002`, `
			igmp.query.S 1
			igmp.query.qrv 3
			igmp.query.qqic 125
			igmp.query.sources 10.0.0.1 10.0.0.2`},
		{"IGMPv2 query (RFC 2236 §2)", "igmp", `11 64 0000 ef010203`, `
			igmp.maxresp 100
			igmp.query`},
	})
}

func TestExtensions(t *testing.T) {
	runWires(t, []wire{
		{"MPLS label stack (RFC 4950 §3)", "icmp_ext", `2000 0000 0008 01 01 03e81afe`, `
			icmp_ext.v 2
			icmp_ext.objects.labels.label 16001
			icmp_ext.objects.labels.tc 5
			icmp_ext.objects.labels.S 0
			icmp_ext.objects.labels.ttl 254`},
		{"interface information (RFC 5837 §4)", "icmp_ext", `2000 0000 0018 02 0f 00000007 00010000 0a010101 04657468 000005dc`, `
			icmp_ext.objects.role incoming
			icmp_ext.objects.ifindex 7
			icmp_ext.objects.addr 10.1.1.1
			icmp_ext.objects.name "eth"
			icmp_ext.objects.mtu 1500`},
		{"interface by name, and data behind it (RFC 8335 §2)", "icmp_ext", `2000 0000 000a 03 01 656e70317330 ffff`, `
			icmp_ext.objects.name "enp1s0"
			icmp_ext.objects.rest ffff`},
	})
}
