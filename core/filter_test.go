package core

import (
	"slices"
	"strings"
	"testing"
)

// filterCases say which of the fixture packets each filter chooses.
var filterCases = []struct{ src, want string }{
	// the examples of the language's description
	{`tcp.dport == 443 and ip.src in 10.0.0.0/8`, "syn"},
	{`tcp.SYN and not tcp.ACK`, "syn"},
	{`dns.questions.name contains "example"`, "dns"},
	{`http.host matches "(?i)^api\."`, "http"},
	{`udp.port in {53, 5353, 8000-8100}`, "dns"},
	{`ip.ttl < 65 or ip6.hlim < 5`, "ack demo dns echo frag http odd syn unre"},
	{`tcp.body[0:2] == 16:03`, "ack"},
	{`len(udp.body) > 64`, "dns"},
	{`eth.src == 02:00:00:00:00:02`, "ack demo dns echo frag http odd syn unre vlan"},
	{`vlan#2.vid == 99`, "vlan"},
	{`icmp.type == echo_request`, "echo"},
	{`demo.tlvs.t == 9`, "demo"},

	// layers and instances
	{`tcp`, "ack http syn"},
	{`!tcp and ip`, "demo dns echo frag odd unre"},
	{`not tcp and not udp and not icmp`, "frag none vlan"},
	{`vlan.vid == 99`, ""},
	{`vlan.vid == 5`, "vlan"},
	{`vlan#*.vid == 99`, "vlan"},
	{`vlan#*.vid != 99`, ""},
	{`vlan#3`, ""},
	{`present(vlan#2)`, "vlan"},
	{`vlan#2.DEI or vlan#1.DEI`, ""},

	// numbers
	{`ip.ttl == 0x40 and ip.ttl != 63 and ip.ttl >= 64 and ip.ttl <= 64`, "ack demo dns echo frag http odd syn unre"},
	{`443 == tcp.dport`, "syn"},
	{`444 > tcp.dport and 442 < tcp.dport`, "syn"},
	{`tcp.dport != 443`, "ack http"},
	{`not tcp.dport == 443`, "ack demo dns echo frag http none odd unre vlan"},
	{`not (tcp.dport == 443) and tcp`, "ack http"},
	{`tcp.dport not in {80, 443}`, "ack demo dns echo frag none odd unre vlan"},
	{`tcp.dport in {80..443}`, "http syn"},
	{`tcp.flags & 2 == 2`, "syn"},
	{`tcp.flags & 0x12 == 0x10`, "ack http"},
	{`tcp.flags & 0x12 != 0x10`, "syn"},
	{`tcp.flags == "ACK|PSH"`, "http"},
	{`tcp.flags == SYN`, "syn"},
	{`tcp.flags == "syn"`, "syn"},
	{`tcp.SYN == 1`, "syn"},
	{`tcp.SYN == false`, "ack http"},
	{`tcp.SYN == tcp.ACK`, ""},
	{`tcp.SYN != tcp.ACK`, "ack http syn"},
	{`ip.DF`, "ack demo dns echo http odd syn unre"},
	{`ip.MF and ip.off == 1`, "frag"},
	{`ip.dscp == 0`, "ack demo dns echo frag http odd syn unre"},
	{`ip.origin == 10.1.2.3 and tcp`, "http syn"},
	{`(ip.ihl - 5) * 4 == 0 and icmp.code + 1 == 5`, "unre"},
	{`ip.len / 0 == 1`, ""},
	{`not (ip.len / 0 == 1) and odd`, "odd"},
	{`ip.ttl << 63 == 0 or odd`, "odd"},
	{`ip.len - ip.ihl * 4 == len(ip.body) and udp`, "demo dns odd"},
	{`min(ip.ttl, 10) == 10 and max(ip.ttl, ip.id, 3) == 0x1234 and tcp.SYN`, "syn"},
	{`ip.len == 44`, "syn"},
	{`-ip.ttl == -64 and tcp.SYN`, "syn"},
	{`odd.wide == 0xffffffffffffff02`, "odd"},
	{`odd.wide > 5 and odd.wide >= 0x8000000000000000`, "odd"},
	{`odd.wide < 5`, ""},
	{`odd.wide > odd.magic`, "odd"},
	{`odd.magic < odd.wide`, "odd"},
	{`odd.wide > odd.temp and odd.temp < odd.wide`, "odd"},
	{`odd.wide & 0xff == 2 and odd.wide & 0xffffffffffffffff == odd.wide`, "odd"},
	{`odd.wide + 1 == 5`, ""},
	{`odd.wide in {3, 0xffffffffffffff00-0xffffffffffffffff}`, "odd"},
	{`odd.temp == -5`, "odd"},
	{`odd.temp < 0 and odd.temp in {-10..3} and odd.temp > -6`, "odd"},
	{`odd.temp in {-100..-6, 0..5}`, ""},
	{`odd.le == 0x12345678`, "odd"},
	{`tcp.seq == 1 and tcp.sport > tcp.dport`, "http syn"},
	{`1 == 1`, "ack demo dns echo frag http none odd syn unre vlan"},

	// value names
	{`icmp.type == "ECHO_REQUEST"`, "echo"},
	{`icmp.type in {echo_reply, dst_unreach}`, "unre"},
	{`icmp.type != echo_request`, "unre"},
	{`echo_request == icmp.type`, "echo"},
	{`dns.questions.type == A`, "dns"},
	{`dns.answers.type == aaaa`, "dns"},
	{`dns.answers.type == CNAME`, ""},
	{`tcp.opts.type == ts`, "ack"},

	// addresses
	{`ip.src == 10.1.2.3 and udp`, "demo dns odd"},
	{`ip.src == 10.0.0.0/8 and udp`, "demo dns odd"},
	{`ip.src != 10.0.0.0/8`, "ack"},
	{`ip.src not in 10.0.0.0/8`, "ack none vlan"},
	{`ip.src in {10.1.2.0-10.1.2.2, 192.0.2.0/24}`, "ack"},
	{`ip.addr == 192.0.2.9 and tcp`, "ack http syn"},
	{`ip.addr != 192.0.2.9`, ""},
	{`ip.addr in {192.0.2.8, 192.0.2.10} or ip.addr == 1.2.3.4`, ""},
	{`ip.src > 10.1.2.2 and ip.src <= 10.1.2.3 and icmp`, "echo unre"},
	{`ip.src == ip.dst`, ""},
	{`ip.src != ip.dst and ip.addr == ip.src and icmp`, "echo unre"},
	{`ip6.src == ::1`, "vlan"},
	{`ip6.addr == 2001:db8::/32`, "vlan"},
	{`ip6.src in 2001:db8::/32`, ""},
	{`ip6.dst in {2001:db8::1-2001:db8::3}`, "vlan"},
	{`ip6.dst > 2001:db8::1 and ip6.dst != ::`, "vlan"},
	{`ip6.addr == ip6.dst and ip6.src != ip6.dst`, "vlan"},
	{`eth.addr == 02:00:00:00:00:01 and icmp`, "echo unre"},
	{`eth.addr == eth.dst and eth.src in {02:00:00:00:00:02-02:00:00:00:00:05} and icmp`, "echo unre"},
	{`eth.dst < eth.src and icmp`, "echo unre"},

	// ports: either of the pair
	{`tcp.port == 443`, "ack syn"},
	{`tcp.port != 443`, "http"},
	{`tcp.port > 49151 and tcp.port < 1000`, "ack http syn"},
	{`tcp.port == tcp.dport`, "ack http syn"},
	{`tcp.port + 1 == 444`, "ack syn"},
	{`udp.port`, "demo dns odd"},

	// bytes, slices, text
	{`tcp.body contains 03:01`, "ack"},
	{`tcp.body contains "Host:"`, "http"},
	{`tcp.body[0] == 0x16`, "ack"},
	{`tcp.body[-1] == 1 and tcp.body[-2:2] == 00:01`, "ack"},
	{`tcp.body[0:100] == 16:03`, ""},
	{`tcp.body[0:2] != 16:03`, "http"},
	{`tcp.body[3:][0:2] == "00"`, ""},
	{`tcp.body[2:] == 01:00:01`, "ack"},
	{`tcp.body[(tcp.off - 8)] == 0x16`, "ack"},
	{`tcp.body == "" and tcp`, "syn"},
	{`tcp.body`, "ack http"},
	{`present(tcp.body[4])`, "ack http"},
	{`tcp[13] & 2 != 0`, "syn"},
	{`ip[0] == 0x45 and frame[12:2] == 08:00 and icmp`, "echo unre"},
	{`frame contains "Host"`, "http"},
	{`tcp.header[0:2] == 01:bb`, "ack"},
	{`len(tcp.header) == 24 and len(tcp) == 24`, "syn"},
	{`eth.trailer`, "syn"},
	{`eth.trailer == 00:00:00:00`, "syn"},
	{`len(eth.trailer) == 0 and icmp`, "echo unre"},
	{`ip.src_raw == 0a:01:02:03 and icmp`, "echo unre"},
	{`tcp.opts_raw == 02:04:05:b4`, "syn"},
	{`ip.src[0] == 10 and icmp`, "echo unre"},
	{`http.method == "GET" and http.method in {"PUT", "GET"} and http.method >= "GE"`, "http"},
	{`http.method != "GET"`, ""},
	{`http.host == "api.example" and http.host contains "ex" and http.uri == 2f:2f`, ""},
	{`http.uri matches "^/$"`, "http"},
	{`demo.crc == 0xdeadbeef and demo.crc[0] == 0xde`, "demo"},
	{`demo.body == "hello" and demo.body matches "^h.*o$"`, "demo"},
	{`odd.half == ab:cd and odd.last == 0xcd`, "odd"},
	{`len("abc") == 3 and frame.number == 7 and icmp`, "echo unre"},

	{`odd.first == 10.0.0.1 and odd.first and odd.first in 10.0.0.0/8`, "odd"},
	{`odd.second or odd.second == 10.0.0.2 or odd.alias or odd.alias == 2`, ""},

	// lists
	{`demo.tlvs`, "demo"},
	{`demo.tlvs.v == aa:bb`, "demo"},
	{`demo.tlvs.v != aa:bb`, ""},
	{`demo.tlvs and demo.tlvs.v not in {aa:bb, 00:00}`, ""},
	{`demo.tlvs.v != 11:22`, "demo"},
	{`count(demo.tlvs) == 2 and len(demo.tlvs) == 8`, "demo"},
	{`count(dns.answers) > 1`, "dns"},
	{`any(demo.tlvs, t == 9 and v == cc:dd)`, ""},
	{`any(demo.tlvs, t == 5 and v == cc:dd)`, "demo"},
	{`not any(demo.tlvs, t == 9 and v == cc:dd) and demo`, "demo"},
	{`any(demo.tlvs, l == demo.ver and len(v) == l)`, "demo"},
	{`any(dns.answers, type == A and ttl < 5)`, "dns"},
	{`any(dns.answers, type == AAAA and ttl < 5)`, ""},
	{`any(dns.answers, type == AAAA and addr in 2001:db8::/32)`, "dns"},
	{`dns.answers.addr == 10.0.0.1`, "dns"},
	{`dns.answers.addr == 2001:db8::1`, "dns"},
	{`dns.answers.addr in {10.0.0.0/8}`, "dns"},
	{`dns.answers.body[0] == 10`, "dns"},
	{`any(dns.answers, type == AAAA and addr != 10.0.0.2)`, "dns"},
	{`dns and (dns.answers.addr != 10.0.0.1 or dns.answers.addr not in {2001:db8::/32})`, ""},
	{`dns.answers.addr == ip.src or dns.answers.addr == ip6.src`, ""},
	{`dns.answers.addr != ip.src`, "dns"},
	{`any(dns.answers, type == AAAA and addr)`, "dns"},
	{`any(dns.answers, type == AAAA and len(addr) == 16)`, "dns"},
	{`dns.answers.addr[0:2] == 20:01`, "dns"},
	{`tcp.opts.len > 2 and count(tcp.opts) in {1, 3}`, "ack syn"},
	{`tcp.opts.mss == 1460`, "syn"},
	{`tcp.opts.body == 05:b4`, "syn"},
	{`tcp.opts.tsval < tcp.opts.tsecr`, "ack"},
	{`tcp.opts.data`, ""},
	{`odd.hosts == 10.0.0.2`, "odd"},
	{`odd.hosts != 10.0.0.2`, ""},
	{`odd.hosts in 11.0.0.0/8`, ""},
	{`odd.groups.members == 8`, "odd"},
	{`odd.groups.rows.b == 4`, "odd"},
	{`odd.groups.id == 2 and count(odd.groups.members) == 0`, "odd"},
	{`any(odd.groups, id == 1 and any(rows, a == ^.id and b == 2))`, "odd"},
	{`any(odd.groups, id == 1 and any(rows, a == 3 and b == 2))`, ""},
	{`any(odd.groups, id == 1 and members == 7)`, "odd"},
	{`any(odd.groups, id == 2 and members == 7)`, ""},

	{`frame.len and frame.mark and frame.iface and icmp`, "echo unre"},

	// DNS names compare as they are written, as tshark has it
	{`dns.questions.name == "www.example.com"`, "dns"},
	{`dns.questions.name == "www.EXAMPLE.com"`, ""},
	{`dns.questions.name == "www.example.com."`, "dns"},
	{`dns.questions.name != "example.com"`, "dns"},
	{`dns.questions.name in {"a.b", "www.example.com"}`, "dns"},
	{`dns.questions.name in {"a.b", "WWW.example.com"}`, ""},
	{`dns.questions.name matches "^www\."`, "dns"},
	{`dns.questions.name matches "^WWW\."`, ""},
	{`dns.questions.name matches "(?i)^WWW\."`, "dns"},
	{`dns.answers.name contains "example"`, "dns"},
	{`dns.answers.name contains "EXAMPLE"`, ""},
	{`dns.answers.name == dns.questions.name`, "dns"},
	{`dns.answers.name contains dns.questions.name`, "dns"},
	{`len(dns.questions.name) == 17 and dns.questions.name`, "dns"},

	{`dns.questions.name[1:3] == "www" and dns.questions.name contains dns.body`, "dns"},
	{`tcp.body contains http.host`, "http"},
	{`tcp.body contains dns.questions.name`, ""},
	{`http.host == http.hname`, ""},
	{`eth.src == eth.src_raw and ip.src == ip.src_raw and icmp`, "echo unre"},
	{`ip.src in {1.0.0.1, 2.0.0.1, 3.0.0.1, 4.0.0.1, 5.0.0.1, 10.1.2.3} and icmp`, "echo unre"},
	{`tcp.dport in {1, 3, 5, 7, 9, 11-13, 440-443}`, "syn"},
	{`tcp.dport in {1, 3, 5, 7, 9, 11-13, 444-445}`, ""},
	{`tcp.dport in {442, 440-441, 443}`, "syn"},
	{`1 + frame.number in {1, 2, 3, 4, 5, 8} and icmp`, "echo unre"},

	// presence
	{`present(tcp.body[0:3]) and not present(tcp.body[0:100])`, "ack http"},
	{`present(ip.ttl - ip.ihl) and icmp`, "echo unre"},
	{`present(ip.ttl / (ip.ttl - 64)) or present(icmp) == 1`, "echo unre"},
	{`(tcp.SYN and not tcp.ACK) == 1 and (tcp.ACK or ip6) != 1`, "syn"},
	{`tcp.SYN and not tcp.SYN`, ""},
	{`tcp.SYN or tcp.ACK or ip6.hlim == 64 or icmp.code == 4`, "ack http syn unre vlan"},
	{`not (tcp.flags & 0x12 == 2) and tcp`, "ack http"},
	{`icmp.mtu`, "unre"},
	{`icmp.mtu == 1500`, "unre"},
	{`icmp.id != 1`, ""},
	{`present(icmp.id)`, "echo"},
	{`present(tcp.SYN)`, "ack http syn"},
	{`present(tcp.SYN) == 0 and icmp`, "echo unre"},
	{`(tcp.SYN) and (not (tcp.ACK))`, "syn"},
	{`tcp.SYN or tcp.ACK or tcp.dport == 9`, "ack http syn"},

	// facts
	{`frame.len == frame.caplen + 10 and frame.iface == "eth0" and frame.mark == 3 and icmp`, "echo unre"},
	{`frame.ts == 1500000000 and frame.ts_ns == 1500000000123456789 and frame.linktype == 1 and icmp`, "echo unre"},
	{`frame.iface contains "eth" and icmp`, "echo unre"},
}

func TestFilter(t *testing.T) {
	r := fixRegistry(t)
	for _, c := range filterCases {
		f, err := r.Filter(c.src)
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		var got []string
		for name := range fixPackets() {
			if f.Match(fixPacket(t, r, name)) {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if want := c.want; strings.Join(got, " ") != want {
			t.Errorf("%s\n got %v\nwant %v", c.src, got, want)
		}
	}
}
