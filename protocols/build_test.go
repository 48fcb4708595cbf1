package protocols

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"pkl/core"
)

type (
	m = map[string]any
	l = []any
)

// A packet of defaults dissects to what was built.
func TestDefaults(t *testing.T) {
	reg := registry(t)
	for _, pr := range reg.Protos() {
		p, err := core.Build(pr, nil)
		if err != nil {
			t.Errorf("%s: %v", pr.Name, err)
			continue
		}
		p.Update()
		want := bytes.Clone(p.Raw())
		if len(want) == 0 { // a stream without messages
			continue
		}
		q := &core.Packet{}
		q.ResetAs(pr, want)
		if err := q.Err(); err != nil {
			t.Errorf("%s: %x: %v", pr.Name, want, err)
		}
		if id := q.First(); id == core.None || q.ProtoOf(id) != pr || q.Upper(id) != core.None {
			t.Errorf("%s: %x is found as something else", pr.Name, want)
		}
	}
}

// Most of the bytes are those that Scapy builds of the same fields; DNS and the
// sums above AH and a routing header were checked with tshark.
func TestBuild(t *testing.T) {
	const ip, ip6 = "ip", "ip6"
	src := m{"src": "192.0.2.1", "dst": "192.0.2.2", "id": 1}
	src6 := m{"src": "2001:db8::1", "dst": "2001:db8::2"}
	tests := []struct {
		name  string
		stack l // name, values, name, values …
		want  string
	}{
		{"options of IP", l{ip, m{"src": "192.0.2.1", "dst": "192.0.2.2", "id": 1, "opts": l{
			m{"type": "nop"}, m{"type": "rr", "ptr": 8, "addrs": l{"192.0.2.9", "0.0.0.0"}}, m{"type": "ra"}}},
			"icmp", m{"id": 7, "seq": 1}},
			`4900002c00010000400190afc0000201c000020201070b08c000020900000000940400000800f7f700070001`},
		{"options of TCP", l{ip, src, "tcp", m{"sport": 1234, "flags": "SYN|ECE|CWR", "opts": l{
			m{"type": "mss", "mss": 1400}, m{"type": "sackok"}, m{"type": "timestamp", "tsval": 17, "tsecr": 3}, m{"type": "nop"},
			m{"type": "wscale", "shift": 7}}}},
			`4500003c000100004006f6b7c0000201c000020204d200500000000000000000a0c220009e420000020405780402080a000000110000000301030307`},
		{"blocks of TCP", l{ip, src, "tcp", m{"sport": 1234, "flags": "ACK", "opts": l{m{"type": "nop"}, m{"type": "nop"},
			m{"type": "sack", "blocks": l{m{"left": 1000, "right": 2000}, m{"left": 3000, "right": 4000}}}}}},
			`4500003c000100004006f6b7c0000201c000020204d200500000000000000000a010200089770000` +
				`01010512000003e8000007d000000bb800000fa0`},
		{"SNAP", l{"eth", m{"src": "02:00:00:00:00:01", "dst": "01:00:0c:cc:cc:cc"}, "llc", m{}, ip, src, "udp", m{"sport": 1, "dport": 2}},
			`01000ccccccc0200000000010024aaaa0300000008004500001c000100004011f6ccc0000201c00002020001000200087bd7`},
		{"tags", l{"eth", m{"src": "02:00:00:00:00:01", "dst": "02:00:00:00:00:02"}, "vlan", m{"vid": 5, "pcp": 3}, "vlan", m{"vid": 99},
			"arp", m{"op": "reply", "sha": "02:00:00:00:00:01", "spa": "192.0.2.1", "tha": "02:00:00:00:00:02", "tpa": "192.0.2.2"}},
			`02000000000202000000000181006005810000630806` +
				`0001080006040002020000000001c0000201020000000002c0000202`},
		{"extension headers", l{ip6, src6, "ip6_hopopts", m{"opts": l{m{"type": "router_alert"}, m{"type": "padn", "body": ""}}},
			"ip6_routing", m{"segs": 1, "addrs": l{"2001:db8::9"}},
			"ip6_dstopts", m{"opts": l{m{"type": "tunnel_limit", "limit": 3}}},
			"udp", m{"sport": 1, "dport": 2}},
			`600000000030004020010db800000000000000000000000120010db8000000000000000000000002` + `2b00050200000100` +
				`3c0200010000000020010db8000000000000000000000009` + `1100040103000000` + `000100020008a45f`},
		{"segment routing", l{ip6, src6, "ip6_routing", m{"type": "srh", "segs": 1, "addrs": l{"2001:db8::9", "2001:db8::2"}},
			"udp", m{"sport": 1, "dport": 2}},
			`6000000000302b4020010db800000000000000000000000120010db8000000000000000000000002` +
				`110404010100000020010db800000000000000000000000920010db8000000000000000000000002000100020008a45f`},
		{"AH", l{ip, src, "ah", m{"spi": 5, "seq": 6, "icv": "0123456789ab"}, "tcp", m{"sport": 1, "dport": 2}},
			`45000040000100004033f686c0000201c0000202060400000000000500000006303132333435363738396162000100020000000000000000500220000bdc0000`},
		{"router advertisement", l{ip6, m{"src": "fe80::1", "dst": "ff02::1", "hlim": 255}, "icmp6", m{"type": "router_advert", "hlim": 64,
			"flags": 0x48, "life": 1800, "reach": 5, "retrans": 6, "opts": l{
				m{"type": "source_lladdr", "lladdr": "02:00:00:00:00:01"}, m{"type": "mtu", "mtu": 1480},
				m{"type": "prefix", "L": true, "A": true, "valid": 100, "preferred": 50, "prefix": "2001:db8::"},
				m{"type": "rdnss", "life": 60, "addrs": l{"2001:db8::53"}},
				m{"type": "dnssl", "life": 60, "names": l{m{"name": "example.com"}, m{"name": "a.example"}}},
				m{"type": "route", "plen": 48, "prf": "low", "life": 9, "prefix_raw": "\x20\x01\x0d\xb8\x00\x01" + strings.Repeat("\x00", 10)}}}},
			`6000000000903afffe800000000000000000000000000001ff0200000000000000000000000000018600` + `0e44` +
				`4048070800000005000000060101020000000001` + `05010000000005c8` +
				`030440c0000000640000003200000000` + `20010db8000000000000000000000000` +
				`190300000000003c20010db8000000000000000000000053` +
				`1f0400000000003c076578616d706c6503636f6d000161076578616d706c6500` +
				`180330180000000920010db8000100000000000000000000`},
		{"listener report", l{ip6, m{"src": "fe80::1", "dst": "ff02::16", "hlim": 1}, "icmp6", m{"type": "mld2_report", "records": l{
			m{"type": "to_include", "group": "ff02::db8", "sources": l{"2001:db8::5", "2001:db8::6"}}, m{"type": "to_exclude", "group": "ff02::db9"}}}},
			`6000000000503a01fe800000000000000000000000000001ff0200000000000000000000000000168f00f6e100000002` +
				`03000002ff020000000000000000000000000db820010db800000000000000000000000520010db8000000000000000000000006` +
				`04000000ff020000000000000000000000000db9`},
		{"group report", l{ip, m{"src": "192.0.2.1", "dst": "224.0.0.22", "ttl": 1, "tos": 0xc0, "id": 1}, "igmp", m{"type": "report_v3",
			"records": l{m{"type": "to_exclude", "group": "239.1.1.1"}, m{"type": "is_include", "group": "239.1.1.2", "sources": l{"192.0.2.5"}}}}},
			`45c0003000010000010216f4c0000201e0000016220036f00000000204000000ef01010101000001ef010102c0000205`},
		{"SCTP", l{ip, src, "sctp", m{"sport": 1, "dport": 2, "vtag": 7, "chunks": l{
			m{"type": "sack", "cum_tsn": 5, "a_rwnd": 6, "gaps": l{m{"start": 2, "stop": 3}}, "dups": l{4}},
			m{"type": "data", "B": true, "E": true, "tsn": 10, "sid": 1, "ssn": 2, "ppid": "diameter", "data": "hello"}}}},
			`45000050000100004084f625c0000201c00002020001000200000007f2614b76` +
				`030000180000000500000006000100010002000300000004` + `000300150000000a000100020000002e68656c6c6f000000`},
		{"DHCP", l{"dhcp", m{"xid": 0x1234, "flags": 0x8000, "chaddr": "02:00:00:00:00:01", "opts": l{
			m{"type": "message_type", "message_type": "discover"}, m{"type": "hostname", "hostname": "pkl"},
			m{"type": "requested_ip", "requested_ip": "192.0.2.50"}, m{"type": "param_list", "param_list": l{1, 3, 6}},
			m{"type": "client_id", "client_id": "02:00:00:00:00:01"}}}},
			`01010600000012340000800000000000000000000000000000000000020000000001` + strings.Repeat("00", 10+192) +
				`63825363` + `350101` + `0c03706b6c` + `3204c0000232` + `3703010306` + `3d0701020000000001` + `ff`},
		{"a question", l{ip, m{"src": "192.0.2.1", "dst": "192.0.2.53", "id": 1}, "udp", m{"sport": 3333}, "dns", m{"id": 0xabcd,
			"questions": l{m{"name": "www.example.com", "type": "MX"}}}},
			`4500003d000100004011f678c0000201c0000235` + `0d0500350029` + `6a01` + `abcd01000001000000000000` +
				`03777777076578616d706c6503636f6d00000f0001`},
		{"a check sequence, where the header below tells of one", l{"radiotap", m{"flags": "FCS"}, "ieee80211", m{"type": "data", "subtype": 0,
			"addr1": "02:00:00:00:00:01", "addr2": "02:00:00:00:00:02"}, "llc", m{}, "arp", m{"spa": "192.0.2.1", "tpa": "192.0.2.2"}},
			`0000090002000000100800000002000000000102000000000200000000000000` + `00aaaa030000000806` +
				`0001080006040001000000000000c0000201000000000000c0000202` + `75655533`},
		{"a long attribute of BGP", l{"bgp", m{"messages": l{m{"type": "update", "pathattrs": l{
			m{"type": "aigp", "OPTIONAL": true, "body": strings.Repeat("x", 256)}, m{"type": "origin"}}}}}},
			strings.Repeat("ff", 16) + `011f02` + `0000` + `0108` + `d01a0100` + strings.Repeat("78", 256) + `40010100`},
		{"an answer over TCP", l{"tcp", m{"sport": 53, "dport": 1, "flags": "ACK"}, "dns", m{"id": 1, "QR": true,
			"questions": l{m{"name": "example.com"}}, "answers": l{m{"name": "example.com", "ttl": 5, "addr": "192.0.2.1"},
				m{"name": "example.com", "type": "MX", "pref": 1, "exchange": "mx.example.com"}},
			"additionals": l{m{"name": ".", "type": "OPT", "class": 1232, "DO": true}}}},
			`00350001000000000000000050102000` + `62b40000` + `006c` + `000181000001000200000001` +
				`076578616d706c6503636f6d0000010001` + `076578616d706c6503636f6d0000010001000000050004c0000201` +
				`076578616d706c6503636f6d00000f0001000000000012` + `0001026d78076578616d706c6503636f6d00` + `00002904d0000080000000`},
	}
	reg := registry(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := stack(t, reg, test.stack)
			p.Update()
			if have := hex.EncodeToString(p.Raw()); have != test.want {
				t.Errorf("built\n%s, want\n%s", have, test.want)
			}
		})
	}
}

func stack(t *testing.T, reg *core.Registry, names l) *core.Packet {
	t.Helper()
	var p *core.Packet
	for i := 0; i < len(names); i += 2 {
		q, err := core.Build(reg.Proto(names[i].(string)), names[i+1].(m))
		if err != nil {
			t.Fatalf("%s: %v", names[i], err)
		}
		if p == nil {
			p = q
		} else if p, err = core.Concat(p, q); err != nil {
			t.Fatalf("%s: %v", names[i], err)
		}
	}
	return p
}
