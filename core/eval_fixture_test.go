package core

import (
	"encoding/hex"
	"strings"
	"testing"
)

// fixtures are a few protocols with every kind of field that expressions meet.
func fixtures() []*Spec {
	return []*Spec{fixEth(), fixVLAN(), fixIP(), fixIP6(), fixTCP(), fixUDP(), fixICMP(), fixDNS(), fixHTTP(), fixDemo(), fixOdd()}
}

func fixEth() *Spec {
	return &Spec{Name: "eth", Over: []Key{{On: "link", Is: "1"}}, Pairs: []Pair{{"src", "dst"}}, Fields: []Field{
		{Name: "dst", Kind: MAC}, {Name: "src", Kind: MAC}, {Name: "type", Bits: 16, Hex: true, Auto: "next", Key: "eth.type"},
	}}
}

func fixVLAN() *Spec {
	return &Spec{Name: "vlan", Over: []Key{{On: "eth.type", Is: "0x8100"}}, Fields: []Field{
		{Name: "pcp", Bits: 3}, {Name: "DEI", Bits: 1}, {Name: "vid", Bits: 12}, {Name: "type", Bits: 16, Key: "eth.type"},
	}}
}

func fixIP() *Spec {
	return &Spec{Name: "ip", Over: []Key{{On: "eth.type", Is: "0x0800"}, {On: "ip.p", Is: "4"}}, Pairs: []Pair{{"src", "dst"}},
		Fields: []Field{
			{Name: "v", Bits: 4, Default: 4}, {Name: "ihl", Bits: 4, Default: 5, Auto: "header_len", Unit: 4},
			{Name: "tos", Bits: 8}, {Name: "dscp", Get: "tos >> 2"}, {Name: "len", Bits: 16, Auto: "total_len"}, {Name: "id", Bits: 16},
			{Name: "flags", Bits: 3, Flags: []string{"RF", "DF", "MF"}}, {Name: "off", Bits: 13}, {Name: "ttl", Bits: 8},
			{Name: "p", Bits: 8, Auto: "next", Key: "ip.p"}, {Name: "sum", Bits: 16, Hex: true, Auto: "sum"},
			{Name: "src", Kind: IP4}, {Name: "dst", Kind: IP4}, {Name: "origin", Get: "src"},
			{Name: "opts", Kind: List, Item: &Struct{Fields: []Field{{Name: "type", Bits: 8},
				{Name: "len", Bits: 8, When: "type > 1", Auto: "total_len"}, {Name: "data", Kind: Bytes, When: "type > 1"}}}},
		},
		Header: "ihl * 4", Len: "len", Stop: "off != 0", Pseudo: []string{"src", "dst"}}
}

func fixIP6() *Spec {
	return &Spec{Name: "ip6", Over: []Key{{On: "eth.type", Is: "0x86dd"}}, Pairs: []Pair{{"src", "dst"}}, Fields: []Field{
		{Name: "v", Bits: 4, Default: 6}, {Name: "tc", Bits: 8}, {Name: "flow", Bits: 20}, {Name: "len", Bits: 16, Auto: "body_len"},
		{Name: "nxt", Bits: 8, Auto: "next", Key: "ip.p"}, {Name: "hlim", Bits: 8}, {Name: "src", Kind: IP6}, {Name: "dst", Kind: IP6},
	}}
}

func fixTCP() *Spec {
	return &Spec{Name: "tcp", Over: []Key{{On: "ip.p", Is: "6"}}, Pairs: []Pair{{"sport", "dport"}}, Fields: []Field{
		{Name: "sport", Bits: 16}, {Name: "dport", Bits: 16}, {Name: "seq", Bits: 32}, {Name: "ack", Bits: 32},
		{Name: "off", Bits: 4, Auto: "header_len", Unit: 4}, {Name: "flags", Bits: 12, Hex: true,
			Flags: []string{"AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"}},
		{Name: "win", Bits: 16}, {Name: "sum", Bits: 16, Auto: "pseudo_sum"}, {Name: "urp", Bits: 16},
		{Name: "opts", Kind: List, Item: &Struct{Fields: []Field{{Name: "type", Bits: 8, Names: []ValueName{{2, "mss"}, {8, "ts"}}}},
			Name: "option"}, By: "type", Kinds: []Variant{
			{Is: "0-1"},
			{Is: "2", Struct: Struct{Fields: []Field{{Name: "len", Bits: 8, Auto: "total_len"}, {Name: "mss", Bits: 16}}}},
			{Is: "8", Struct: Struct{Fields: []Field{{Name: "len", Bits: 8, Auto: "total_len"}, {Name: "tsval", Bits: 32}, {Name: "tsecr", Bits: 32}}}},
		}, Other: &Struct{Fields: []Field{{Name: "len", Bits: 8, Auto: "total_len"}, {Name: "data", Kind: Bytes}}}},
	}, Header: "off * 4"}
}

func fixUDP() *Spec {
	return &Spec{Name: "udp", Over: []Key{{On: "ip.p", Is: "17"}}, Pairs: []Pair{{"sport", "dport"}}, Fields: []Field{
		{Name: "sport", Bits: 16}, {Name: "dport", Bits: 16}, {Name: "len", Bits: 16, Auto: "total_len"},
		{Name: "sum", Bits: 16, Auto: "pseudo_sum", Optional: true},
	}, Len: "len"}
}

func fixICMP() *Spec {
	return &Spec{Name: "icmp", Over: []Key{{On: "ip.p", Is: "1"}}, Fields: []Field{
		{Name: "type", Bits: 8, Names: []ValueName{{0, "echo_reply"}, {3, "dst_unreach"}, {8, "echo_request"}}},
		{Name: "code", Bits: 8}, {Name: "sum", Bits: 16, Auto: "sum"},
		{Name: "id", Bits: 16, When: "type == 8 or type == 0"}, {Name: "seq", Bits: 16, When: "type == 8 or type == 0"},
		{Name: "unused", Bits: 16, When: "type == dst_unreach"}, {Name: "mtu", Bits: 16, When: "type == dst_unreach"},
	}}
}

func fixDNS() *Spec {
	types := []ValueName{{1, "A"}, {2, "NS"}, {5, "CNAME"}, {28, "AAAA"}}
	rr := []Field{{Name: "name", Kind: Name}, {Name: "type", Bits: 16, Names: types}, {Name: "class", Bits: 16},
		{Name: "ttl", Bits: 32}, {Name: "len", Bits: 16, Auto: "body_len"}}
	return &Spec{Name: "dns", Over: []Key{{On: "udp.port", Is: "53"}}, Fields: []Field{
		{Name: "id", Bits: 16}, {Name: "flags", Bits: 16, Flags: []string{"QR", "", "", "", "", "AA", "TC", "RD", "RA", "", "AD", "CD", "", "", "", ""}},
		{Name: "qdcount", Bits: 16}, {Name: "ancount", Bits: 16}, {Name: "nscount", Bits: 16}, {Name: "arcount", Bits: 16},
		{Name: "questions", Kind: List, Count: "qdcount", Item: &Struct{Fields: []Field{{Name: "name", Kind: Name},
			{Name: "type", Bits: 16, Names: types}, {Name: "class", Bits: 16}}}},
		{Name: "answers", Kind: List, Count: "ancount", Item: &Struct{Fields: rr}, By: "type", Kinds: []Variant{
			{Is: "A", Struct: Struct{Fields: []Field{{Name: "addr", Kind: IP4}}}},
			{Is: "AAAA", Struct: Struct{Fields: []Field{{Name: "addr", Kind: IP6}}}},
			{Is: "CNAME", Struct: Struct{Fields: []Field{{Name: "cname", Kind: Name}}}},
		}, Other: &Struct{Fields: []Field{{Name: "data", Kind: Bytes}}}},
	}}
}

func fixHTTP() *Spec {
	return &Spec{Name: "http", Over: []Key{{On: "tcp.port", Is: "80"}}, Fields: []Field{
		{Name: "method", Kind: Text, Until: " "}, {Name: "uri", Kind: Text, Until: " "}, {Name: "version", Kind: Text, Until: "\r\n"},
		{Name: "hname", Kind: Text, Until: ": "}, {Name: "host", Kind: Text, Until: "\r\n"},
	}}
}

func fixDemo() *Spec {
	return &Spec{Name: "demo", Over: []Key{{On: "udp.port", Is: "7777"}}, Fields: []Field{
		{Name: "ver", Bits: 4, Default: 2}, {Name: "flags", Bits: 4}, {Name: "kind", Bits: 8, Names: []ValueName{{1, "ip"}, {2, "text"}}},
		{Name: "hlen", Bits: 16, Auto: "header_len"},
		{Name: "tlvs", Kind: List, Size: "hlen - 4", Item: &Struct{Fields: []Field{{Name: "t", Bits: 8},
			{Name: "l", Bits: 8, Auto: "len(v)"}, {Name: "v", Kind: Bytes, Size: "l"}}}},
	}, Header: "hlen", Footer: []Field{{Name: "crc", Bits: 32, Hex: true}}}
}

// fixOdd has what no real protocol has together.
func fixOdd() *Spec {
	return &Spec{Name: "odd", Over: []Key{{On: "udp.port", Is: "9999"}}, Check: "magic == 0x6f64 and udp.len > 20", Fields: []Field{
		{Name: "magic", Bits: 16}, {Name: "wide", Bits: 64}, {Name: "temp", Bits: 8, Signed: true}, {Name: "le", Bits: 32, LE: true},
		{Name: "n", Bits: 8}, {Name: "hosts", Kind: List, Count: "n", Item: &Struct{Fields: []Field{{Kind: IP4}}}},
		{Name: "m", Bits: 8}, {Name: "groups", Kind: List, Count: "m", Item: &Struct{Fields: []Field{
			{Name: "id", Bits: 8}, {Name: "k", Bits: 8}, {Name: "members", Kind: List, Count: "k", Item: &Struct{Fields: []Field{{Bits: 16}}}},
			{Name: "rows", Kind: List, Count: "k", Item: &Struct{Fields: []Field{{Name: "a", Bits: 8}, {Name: "b", Bits: 8}}}},
		}}},
		{Name: "tail", Kind: Bytes, Size: "min(wide & 7, 4)"}, {Name: "last", Get: "tail[-1]"}, {Name: "half", Get: "tail[0:2]"},
		{Name: "first", Get: "hosts_raw[0:4]", Kind: IP4, When: "n > 1"}, {Name: "second", Get: "hosts_raw[4:4]", Kind: IP4, When: "n > 2"},
		{Name: "alias", Get: "n", When: "m == 3"},
	}}
}

// registry compiles the fixtures.
func fixRegistry(t testing.TB) *Registry {
	t.Helper()
	r, err := Compile(fixtures(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wire reads hex with spaces.
func wire(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	wireEth = "020000000001 020000000002 "
	// 10.1.2.3 to 192.0.2.9; length and protocol follow
	wireIP4 = "0800 4500"
)

// fixPackets are the packets that filters are tested on, by name.
func fixPackets() map[string]string {
	ip := func(p string, n int, src, dst, rest string) string {
		return wireEth + wireIP4 + hex16(20+n) + "1234 4000 40" + p + "0000" + src + dst + rest
	}
	udp := func(sport, dport int, body string) string {
		n := len(strings.Join(strings.Fields(body), "")) / 2
		return ip("11", 8+n, "0a010203", "c0000209", hex16(sport)+hex16(dport)+hex16(8+n)+"0000"+body)
	}
	name := "03777777 07 6578616d706c65 03 636f6d 00"
	return map[string]string{
		"syn": ip("06", 24, "0a010203", "c0000209", "c001 01bb 00000001 00000000 6002 2000 0000 0000 020405b4") + "00000000",
		"ack": ip("06", 37, "c0000209", "0a010203", "01bb c001 00000001 00000002 8010 2000 0000 0000 08 0a 00000005 00000006 01 01 1603010001"),
		"http": ip("06", 20+37, "0a010203", "c0000209", "c001 0050 00000001 00000002 5018 2000 0000 0000"+
			hex.EncodeToString([]byte("GET / HTTP/1.1\r\nHost: api.example\r\n\r\n"))),
		"dns": udp(53, 40000, "beef 8180 0001 0002 0000 0000"+name+"0001 0001"+
			"c00c 0001 0001 00000004 0004 0a000001"+"c00c 001c 0001 0000003c 0010 20010db8000000000000000000000001"),
		"demo": udp(5000, 7777, "25 02 000c 09 02 aabb 05 02 ccdd 68656c6c6f deadbeef"),
		"odd":  udp(5000, 9999, "6f64 ffffffffffffff02 fb 78563412 02 0a000001 0a000002 02 01 02 0007 0008 0102 0304 02 00 abcd ee"),
		"echo": ip("01", 8+4, "0a010203", "c0000209", "08 00 0000 0001 0002 61626364"),
		"unre": ip("01", 8, "0a010203", "c0000209", "03 04 0000 0000 05dc"),
		"vlan": wireEth + "8100 2005 8100 0063 86dd 6000000000080640" + strings.Repeat("00", 15) + "01" +
			"20010db8000000000000000000000002" + "0000000000000000",
		"frag": wireEth + "0800 4500 001c 1234 2001 4011 0000 0a010203 c0000209 0001020304050607",
		"none": "0200",
	}
}

func hex16(n int) string { return hex.EncodeToString([]byte{byte(n >> 8), byte(n)}) + " " }

// fixPacket returns the packet of that name.
func fixPacket(t testing.TB, r *Registry, name string) *Packet {
	t.Helper()
	b := wire(t, fixPackets()[name])
	p := &Packet{}
	p.Reset(r, Meta{LinkType: 1, Number: 7, Len: len(b) + 10, Time: 1500000000_123456789, Iface: "eth0", Mark: 3}, b)
	return p
}
