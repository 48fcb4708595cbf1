package core

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// Small protocols in the style of the built-in ones, for what shows whole packets.

func showEth() *Spec {
	return &Spec{
		Name: "eth", Over: []Key{{On: "link", Is: "1"}},
		Fields: []Field{{Name: "dst", Kind: MAC}, {Name: "src", Kind: MAC}, {Name: "type", Bits: 16, Hex: true, Auto: "next"}},
		Pairs:  []Pair{{"src", "dst"}},
	}
}

func showIP() *Spec {
	return &Spec{
		Name: "ip", Ref: "RFC 791", Over: []Key{{On: "eth.type", Is: "0x800"}, {On: "link", Is: "101"}, {On: "ip.p", Is: "4"}},
		Fields: []Field{
			{Name: "v", Bits: 4, Default: 4},
			{Name: "ihl", Bits: 4, Auto: "header_len", Unit: 4},
			{Name: "tos", Bits: 8, Hex: true},
			{Name: "dscp", Bits: 6, Part: "tos"}, {Name: "ecn", Bits: 2, Part: "tos"},
			{Name: "len", Bits: 16, Auto: "total_len"},
			{Name: "id", Bits: 16},
			{Name: "flags", Bits: 3, Flags: []string{"RF", "DF", "MF"}},
			{Name: "off", Bits: 13},
			{Name: "ttl", Bits: 8, Default: 64},
			{Name: "p", Bits: 8, Auto: "next", Names: []ValueName{{1, "icmp"}, {6, "tcp"}, {17, "udp"}}},
			{Name: "sum", Bits: 16, Hex: true, Auto: "sum"},
			{Name: "src", Kind: IP4}, {Name: "dst", Kind: IP4},
			{
				Name: "opts", Kind: List, Pad: 4, End: "type == 0", By: "type",
				Kinds: []Variant{{Is: "0, 1", Struct: Struct{Fields: []Field{{Name: "type", Bits: 8}}}}},
				Other: &Struct{Fields: []Field{{Name: "type", Bits: 8}, {Name: "len", Bits: 8, Auto: "total_len"}}},
			},
		},
		Header: "ihl * 4", Len: "len", Stop: "off > 0", Pieces: "MF",
		Pairs: []Pair{{"src", "dst"}}, Pseudo: []string{"src", "dst"},
	}
}

func showUDP() *Spec {
	return &Spec{
		Name: "udp", Over: []Key{{On: "ip.p", Is: "udp"}},
		Fields: []Field{
			{Name: "sport", Bits: 16}, {Name: "dport", Bits: 16}, {Name: "len", Bits: 16, Auto: "total_len"},
			{Name: "sum", Bits: 16, Hex: true, Auto: "pseudo_sum", Optional: true},
		},
		Len: "len", Pairs: []Pair{{"sport", "dport"}},
	}
}

func showICMP() *Spec {
	return &Spec{
		Name: "icmp", Over: []Key{{On: "ip.p", Is: "1"}},
		Fields: []Field{
			{Name: "type", Bits: 8, Default: 8, Names: []ValueName{{0, "echo_reply"}, {8, "echo_request"}}},
			{Name: "code", Bits: 8}, {Name: "sum", Bits: 16, Hex: true, Auto: "sum"},
			{Name: "id", Bits: 16, When: "type == 0 or type == 8"}, {Name: "seq", Bits: 16, When: "type == 0 or type == 8"},
		},
	}
}

// demo has what the others lack: text, names, wide and signed numbers, nested and plain lists, a footer.
func showDemo() *Spec {
	return &Spec{
		Name: "demo", Over: []Key{{On: "udp.port", Is: "7777"}},
		Fields: []Field{
			{Name: "wide", Bits: 64}, {Name: "temp", Bits: 16, Signed: true},
			{Name: "n", Bits: 8}, {Name: "addrs", Kind: List, Count: "n", Item: &Struct{Fields: []Field{{Kind: IP4}}}},
			{Name: "tlen", Bits: 8}, {Name: "title", Kind: Text, Size: "tlen"},
			{Name: "host", Kind: Name},
			{Name: "q", Bits: 8}, {Name: "groups", Kind: List, Count: "q", Item: &Struct{Fields: []Field{
				{Name: "k", Bits: 8}, {Name: "vs", Kind: List, Count: "k", Item: &Struct{Fields: []Field{{Name: "a", Bits: 8}, {Name: "name", Kind: Name}}}},
			}}},
			{Name: "first", Get: "n + 1"},
		},
		Footer: []Field{{Name: "crc", Bits: 32, Hex: true, Auto: "crc32"}},
	}
}

func showRegistry(t testing.TB) *Registry {
	t.Helper()
	r, err := Compile([]*Spec{showEth(), showIP(), showUDP(), showICMP(), showDemo()}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// showWire returns the packet of link type 1 in hex.
func showWire(t testing.TB, text string) *Packet {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	p := &Packet{}
	p.Reset(showRegistry(t), Meta{LinkType: 1, Number: 7, Time: 1700000000000000001}, b)
	return p
}

const (
	showHead = "020000000002 020000000001 0800 "
	// RFC 2113 router alert, UDP with three bytes, padding behind.
	showAlert = showHead + "46000023 00014000 401121c1 c0000201 c0000202 94040000 00350035 000bb707 616263 0000"
	showPing  = showHead + "4500001f 00010000 4001f6d9 c0000201 c0000202 0800f3fa 00010002 010203"
)

// showDemoPacket builds a demo packet with everything in it.
func showDemoPacket(t testing.TB) *Packet {
	t.Helper()
	r := showRegistry(t)
	p, err := Build(r.Proto("demo"), map[string]any{
		"wide": uint64(1<<63 + 5), "temp": -5, "addrs": []any{"10.0.0.1", "10.0.0.2"},
		"title": "a \"b\"\x01\xff", "host": "www.example.com",
		"groups": []any{map[string]any{"vs": []any{map[string]any{"a": 1, "name": "x.y"}, map[string]any{"a": 2}}}, map[string]any{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestString(t *testing.T) {
	for _, c := range []struct {
		name string
		p    *Packet
		want string
	}{
		{"options, padding", showWire(t, showAlert), `
eth dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=0x800 trailer=0000
ip v=4 ihl=6 tos=0x0 len=35 id=1 flags=DF off=0 ttl=64 p=udp sum=0x21c1 src=192.0.2.1 dst=192.0.2.2 opts=[{type=148 len=4 body=0000}]
udp sport=53 dport=53 len=11 sum=0xb707 body=616263`},
		{"names and when", showWire(t, showPing), `
eth dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=0x800
ip v=4 ihl=5 tos=0x0 len=31 id=1 flags=0 off=0 ttl=64 p=icmp sum=0xf6d9 src=192.0.2.1 dst=192.0.2.2
icmp type=echo_request code=0 sum=0xf3fa id=1 seq=2 body=010203`},
		{"broken", showWire(t, showHead+"4500001a 00010000 4011f6d9 c0000201 c0000202 00350035 000c"), `
eth dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=0x800
ip v=4 ihl=5 tos=0x0 len=26 id=1 flags=0 off=0 ttl=64 p=udp sum=0xf6d9 src=192.0.2.1 dst=192.0.2.2 body=00350035000c
! udp at byte 34: need 8 bytes, have 6`},
		{"no layer", showWire(t, "0102"), "\nbody=0102\n! eth at byte 0: need 14 bytes, have 2"},
		{"lists in lists", showDemoPacket(t), `
demo wide=9223372036854775813 temp=-5 n=2 addrs=[10.0.0.1 10.0.0.2] tlen=7 title="a \"b\"\x01\xff" host=www.example.com ` +
			`q=2 groups=[{k=2 vs=[{a=1 name=x.y} {a=2 name=.}]} {k=0}] crc=0xc1b665c6`},
		{"damaged list", showWire(t, showHead+"46000018 00010000 4063b5c7 c0000201 c0000202 01010709"), `
eth dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=0x800
ip v=4 ihl=6 tos=0x0 len=24 id=1 flags=0 off=0 ttl=64 p=99 sum=0xb5c7 src=192.0.2.1 dst=192.0.2.2 opts=[{type=1} {type=1} rest=0709]`},
	} {
		if got := c.p.String(); got != c.want[1:] {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want[1:])
		}
	}
}

func TestStringIsBounded(t *testing.T) {
	opts := strings.Repeat("08ffffffffffffffff", 4096)
	spec := &Spec{Name: "x", Fields: []Field{{Name: "l", Kind: List, Item: &Struct{Fields: []Field{
		{Name: "n", Bits: 8}, {Name: "v", Kind: Bytes, Size: "n"},
	}}}}}
	r, err := Compile([]*Spec{spec}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := hex.DecodeString(opts)
	p := &Packet{}
	p.ResetAs(r.Proto("x"), b)
	if got := p.String(); len(got) > maxDump+100 || !strings.HasSuffix(got, " …]") {
		t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-20:])
	}
}

func TestAppendNumber(t *testing.T) {
	s := &Slot{Name: "flags", Bits: 8, Field: &Field{Flags: []string{"", "B", "C"}}}
	s.flags = []*Slot{{Name: "B", off: 6}, {Name: "C", off: 7}}
	for v, want := range map[uint64]string{0: "0", 1: "C", 3: "C|B", 0x80: "0x80", 0x82: "B|0x80"} {
		if got, _ := s.appendNumber(nil, v); string(got) != want {
			t.Errorf("%#x: %s, want %s", v, got, want)
		}
	}
}

func TestShortText(t *testing.T) {
	for in, want := range map[string]string{
		"":                       `""`,
		"boot\x00\x00":           `"boot"`,
		"a\nb\x7f":               `"a\nb\x7f"`,
		"grün":                   `"grün"`,
		strings.Repeat("ü", 200): `"` + strings.Repeat("ü", 128) + `"…(400 bytes)`,
	} {
		if got := string(appendShortText(nil, []byte(in))); got != want || !utf8.ValidString(got) {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	if got := string(appendShortHex(nil, make([]byte, 65))); got != strings.Repeat("00", 64)+"…(65 bytes)" {
		t.Error(got)
	}
}

// Whatever is in a packet, what shows it is well formed and leaves it as it is.
func TestShowAnything(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	demo := showDemoPacket(t)
	demo.Update()
	udp := showHead + "45000060 00010000 4011f6ce c0000201 c0000202 0401 1e61 00000000" + hex.EncodeToString(demo.buf)
	var wires [][]byte
	for _, text := range []string{showAlert, showPing, showTunnel, udp} {
		wires = append(wires, showWire(t, text).buf)
	}
	p := &Packet{}
	p.Reset(showRegistry(t), Meta{LinkType: 1}, nil)
	for i := range 2000 {
		p.buf = bytes.Clone(wires[i%len(wires)])
		for range rnd.IntN(6) {
			p.buf[rnd.IntN(len(p.buf))] = byte(rnd.IntN(256))
		}
		p.buf = p.buf[:len(p.buf)-rnd.IntN(20)]
		p.Reset(p.reg, p.Meta, p.buf)
		checkShown(t, p)
	}
}

func checkShown(t *testing.T, p *Packet) {
	t.Helper()
	want := string(p.buf)
	text := p.String()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' }) {
		t.Errorf("%x: %q", want, text)
	}
	if js := p.AppendJSON(nil); !json.Valid(js) || !utf8.Valid(js) {
		t.Errorf("%x: %s", want, js)
	}
	if src := p.LuaSource(); strings.ContainsFunc(src, func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }) {
		t.Errorf("%x: %s", want, src)
	}
	p.Verify()
	p.FlowHash(true)
	if d := p.Diff(p.Copy()); len(d) != 0 {
		t.Errorf("%x: differs from itself: %v", want, d)
	}
	if string(p.buf) != want {
		t.Errorf("%x: changed", want)
	}
}
