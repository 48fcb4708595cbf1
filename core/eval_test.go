package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// over returns the scope of expressions over the header of a protocol.
func over(r *Registry, name string) *scope {
	l := r.Proto(name).head
	return &scope{reg: r, layouts: []*Layout{l}, before: len(l.Slots)}
}

// TestCompileNum evaluates numbers over the header of a layer.
func TestCompileNum(t *testing.T) {
	r := fixRegistry(t)
	for _, c := range []struct {
		packet, proto, src string
		want               int64
		ok                 bool
	}{
		{"syn", "ip", "(ihl - 5) * 4", 0, true},
		{"syn", "ip", "len - ihl*4", 24, true},
		{"syn", "ip", "7 / 2 - 9 / -2", 7, true},
		{"syn", "ip", "-7 % 3", -1, true},
		{"syn", "ip", "1 << 62 >> 61 | 4 & 6", 6, true},
		{"syn", "ip", "DF + MF + RF", 1, true},
		{"syn", "ip", "dscp", 0, true},
		{"syn", "ip", "ttl / (ttl - 64)", 0, false},
		{"syn", "ip", "ttl << 58", 0, false},
		{"syn", "ip", "ttl * 0x7fffffffffffffff", 0, false},
		{"syn", "ip", "-0x8000000000000000 - ttl", 0, false},
		{"syn", "ip", "min(ttl, 3, id) + max(ttl, 3)", 67, true},
		{"syn", "ip", "ttl == 64", 1, true},
		{"syn", "tcp", "ip.ttl + present(ip) + present(udp)", 65, true},
		{"syn", "tcp", "ip6.hlim", 0, false},
		{"syn", "tcp", "len(ip.src) + count(opts) + len(opts)", 9, true},
		{"syn", "tcp", "len(body)", 0, true},
		{"syn", "tcp", "opts_raw[2] * 256 + opts_raw[-1]", 0x5b4, true},
		{"demo", "demo", "hlen - 4 + count(tlvs)", 10, true},
		{"demo", "udp", "ip.len - len", 20, true},
		{"demo", "demo", "len(frame) - frame.caplen", 0, true},
		{"unre", "icmp", "id", 0, false},
		{"echo", "icmp", "id + seq", 3, true},
		{"odd", "odd", "temp + wide", 0, false},
		{"odd", "odd", "wide & 3", 2, true},
		{"odd", "odd", "any(groups, id == 2) + any(groups, id == 9)", 1, true},
		{"odd", "odd", "tail[0] - last", 0xab - 0xcd, true},
	} {
		fn, _, err := compileNum(c.src, over(r, c.proto))
		if err != nil {
			if c.ok {
				t.Errorf("%s: %s: %v", c.proto, c.src, err)
			}
			continue
		}
		p := fixPacket(t, r, c.packet)
		v, ok := p.eval(fn, p.find(r.Proto(c.proto), 1))
		if ok != c.ok || ok && v != c.want {
			t.Errorf("%s: %s = %d, %v, want %d, %v", c.proto, c.src, v, ok, c.want, c.ok)
		}
	}
}

// TestCompileCond evaluates conditions over the header of a layer.
func TestCompileCond(t *testing.T) {
	r := fixRegistry(t)
	for _, c := range []struct {
		packet, proto, src string
		want               bool
	}{
		{"syn", "tcp", "SYN and not ACK", true},
		{"syn", "tcp", "flags & 2 == 2", true},
		{"syn", "tcp", "flags & 2 == 2 and ip.DF", true},
		{"syn", "tcp", "sport", true},
		{"syn", "tcp", "opts", true},
		{"syn", "tcp", "body", false},
		{"syn", "tcp", "ip", true},
		{"syn", "tcp", "udp or ip6.hlim == 3", false},
		{"syn", "tcp", "not ip6.hlim == 3", true},
		{"syn", "tcp", "ip.src in 10.0.0.0/8 and ip.addr == 192.0.2.9", true},
		{"syn", "tcp", "any(opts, type == mss and mss == 1460)", true},
		{"syn", "tcp", "any(opts, type == mss and mss == sport)", false},
		{"syn", "tcp", "sport / 0 == 1 or sport != 0", false}, // bad arithmetic spoils all
		{"http", "http", `method == "GET" and uri matches "^/"`, true},
		{"http", "http", `hname contains "ost"`, true},
		{"echo", "icmp", "type == echo_request and id == 1", true},
		{"unre", "icmp", "id == 1", false},
		{"dns", "dns", `udp.port == 53 and QR and body == ""`, true},
	} {
		fn, _, err := compileCond(c.src, over(r, c.proto))
		if err != nil {
			t.Errorf("%s: %s: %v", c.proto, c.src, err)
			continue
		}
		p := fixPacket(t, r, c.packet)
		if got := p.holds(fn, p.find(r.Proto(c.proto), 1)); got != c.want {
			t.Errorf("%s: %s is %v", c.proto, c.src, got)
		}
	}
}

// TestSpecError says what mistakes in specs are told.
func TestSpecError(t *testing.T) {
	r := fixRegistry(t)
	for _, c := range []struct{ proto, src, want string }{
		{"ip", "tll == 1", `column 1: no field "tll" (did you mean ttl?)`},
		{"ip", "tcpp.ttl == 1", `column 1: no protocol "tcpp" (did you mean tcp?)`},
		{"tcp", "ip.tll == 1", `column 4: ip has no field "tll" (did you mean ttl?)`},
		{"tcp", "ip#2.ttl == 1", `column 1: # counts layers in filters only (a spec sees the nearest layer below)`},
		{"tcp", "sport + 1", `column 1: a number is not a condition (write sport + 1 != 0)`},
		{"icmp", "type == echo", `column 9: icmp.type has no value named "echo"`},
		{"icmp", "^.type == 1", `column 1: no field "type"`},
	} {
		_, _, err := compileCond(c.src, over(r, c.proto))
		if err == nil || !strings.Contains(err.Error(), strings.Replace(c.want, "icmp.type", "type", 1)) {
			t.Errorf("%s: %s: %v, want %s", c.proto, c.src, err, c.want)
		}
	}
	sc := over(r, "ip")
	sc.before = 3
	if _, _, err := compileNum("ttl", sc); err == nil || err.Error() != "column 1: ttl is a later field (only auto and get may use later fields)" {
		t.Error(err)
	}
	if _, _, err := compileNum("dscp", sc); err == nil || !strings.Contains(err.Error(), "dscp is a later field") {
		t.Error(err)
	}
	for _, src := range []string{"udp.port", "dns.questions.type", "eth.src", `"x"`, "opts", "ip"} {
		if _, _, err := compileNum(src, over(r, "tcp")); err == nil {
			t.Errorf("%s passes as a number", src)
		}
	}
}

// TestDeps lists what expressions depend on, and how.
func TestDeps(t *testing.T) {
	r := fixRegistry(t)
	for _, c := range []struct{ proto, src, want string }{
		{"ip", "(ihl - 5) * 4 + ihl", "ip.ihl:value"},
		{"tcp", "count(opts) + len(opts) + len(body)", "tcp.opts:count tcp.opts:size body:size"},
		{"tcp", "ip.ttl + present(opts) + ACK + present(ip)", "ip.ttl:value<ip tcp.opts:present tcp.ACK:value body:present<ip"},
		{"icmp", "type == echo_request", "icmp.type:value"},
	} {
		_, deps, err := compileNum(c.src, over(r, c.proto))
		if err != nil {
			t.Error(err)
		}
		var got []string
		for _, d := range deps {
			got = append(got, depText(d))
		}
		if !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%s: %v, want %v", c.src, got, c.want)
		}
	}
}

func depText(d dep) string {
	s := "body"
	if d.slot != nil {
		s = d.slot.layout.Name + "." + d.slot.Name
	}
	s += ":" + [...]string{"value", "size", "count", "present"}[d.how]
	if d.below != nil {
		s += "<" + d.below.Name
	}
	return s
}

func TestCompileGet(t *testing.T) {
	r := fixRegistry(t)
	for _, c := range []struct{ packet, proto, src, want string }{
		{"syn", "ip", "src", "0a010203 src"},
		{"syn", "ip", "ttl", "64 ttl"},
		{"syn", "ip", "DF", "1 DF"},
		{"syn", "ip", "tos >> 2", "0"},
		{"syn", "ip", "src[1:2]", "0102"},
		{"http", "http", "method", "474554 method"},
		{"demo", "demo", "body", "68656c6c6f"},
		{"demo", "demo", "present(tlvs)", "1"},
		{"demo", "demo", "ip.src", "0a010203"},
		{"demo", "demo", "udp.len", "29"},
	} {
		g, _, err := compileGet(c.src, over(r, c.proto))
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		if got := getText(g, fixPacket(t, r, c.packet), r.Proto(c.proto)); got != c.want {
			t.Errorf("%s: %s, want %s", c.src, got, c.want)
		}
	}
}

func getText(g *getter, p *Packet, pr *Proto) (s string) {
	id := p.find(pr, 1)
	if v, ok := g.number(p, id); ok {
		s = fmt.Sprint(v)
	}
	if b, ok := g.data(p, id); ok {
		s = fmt.Sprintf("%x", b)
	}
	if g.plain != nil {
		s += " " + g.plain.Name
	}
	return s
}

func TestConstNum(t *testing.T) {
	for _, c := range []struct {
		src  string
		want int64
		ok   bool
	}{
		{"4", 4, true}, {"-0x8000000000000000", -1 << 63, true}, {"(2 + 3) * 4", 20, true}, {"min(7, 3)", 3, true}, {"7 & 3", 3, true},
		{"len(\"abc\")", 3, true}, {"x", 0, false}, {"1 / 0", 0, false}, {"", 0, false}, {"1 == 1", 0, false},
		{"0xffffffffffffffff", 0, false}, {"udp.len", 0, false}, {"body", 0, false}, {"frame.len", 0, false},
	} {
		if v, ok := constNum(c.src); v != c.want || ok != c.ok {
			t.Errorf("%s = %d, %v", c.src, v, ok)
		}
	}
}

// TestSelf is about fields whose presence hangs on their own value.
func TestSelf(t *testing.T) {
	r, err := Compile([]*Spec{{Name: "x", Over: []Key{{On: "link", Is: "1"}}, Fields: []Field{
		{Name: "a", Bits: 8},
		{Name: "type", Bits: 16, When: "type >= 0x600"},
		{Name: "len", Bits: 16, When: "len < 0x600"},
		{Name: "alias", Get: "a"},
		{Name: "n", Bits: 8, When: "alias == 1"},
	}}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		wire, filter string
		want         bool
	}{
		{"00 0800", "x.type == 0x800 and not x.len", true},
		{"00 0005", "x.len == 5 and not x.type", true},
		{"01 0005 07", "x.n == 7", true},
		{"02 0005 07", "not x.n", true},
	} {
		f, err := r.Filter(c.filter)
		if err != nil {
			t.Fatal(err)
		}
		p := &Packet{}
		p.Reset(r, Meta{LinkType: 1}, wire(t, c.wire))
		if f.Match(p) != c.want {
			t.Errorf("%s: %s, %v", c.wire, c.filter, p.Err())
		}
	}
}

// TestItself is about definitions that would never end.
func TestItself(t *testing.T) {
	for _, c := range []struct {
		fields []Field
		want   string
	}{
		{[]Field{{Name: "a", Bits: 8}, {Name: "x", Get: "x + 1"}}, "computed from itself"},
		{[]Field{{Name: "a", Bits: 8}, {Name: "x", Get: "y + a"}, {Name: "y", Get: "x"}}, "computed from itself"},
		{[]Field{{Name: "x", Get: "y"}, {Name: "y", Get: "a + 1", When: "x == 1"}, {Name: "a", Bits: 8}}, "computed from itself"},
		{[]Field{{Name: "x", Get: "any(l, y == 1)"}, {Name: "l", Kind: List, Item: &Struct{Fields: []Field{{Name: "a", Bits: 8}, {Name: "y", Get: "x"}}}}},
			"computed from itself"},
		{[]Field{{Name: "x", Get: "any(l, any(m, ^.y == z))"}, {Name: "l", Kind: List, Count: "1", Item: &Struct{Fields: []Field{{Name: "y", Bits: 8},
			{Name: "m", Kind: List, Item: &Struct{Fields: []Field{{Name: "a", Bits: 8}, {Name: "z", Get: "y + ^.y + ^.x"}}}}}}}},
			"computed from itself"},
		{[]Field{{Name: "c", Get: "x + 1"}, {Name: "x", Bits: 8, When: "c == 1"}}, "later field"},
		{[]Field{{Name: "x", Bits: 8, When: "present(x)"}}, "cannot depend on whether it is there"},
		{[]Field{{Name: "x", Bits: 8, When: "len(x) == 1"}}, "cannot depend on its own size"},
		{[]Field{{Name: "x", Bits: 16, When: "x[0] == 1"}}, "cannot depend on whether it is there"},
		{[]Field{{Name: "n", Bits: 8, When: "count(l) == 1"}, {Name: "l", Kind: List, Item: &Struct{Fields: []Field{{Bits: 8}}}}}, "later field"},
	} {
		_, err := Compile([]*Spec{{Name: "proto", Fields: c.fields}}, nil, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// TestAround is about names of the records around, and of a footer's layer.
func TestAround(t *testing.T) {
	r, err := Compile([]*Spec{{Name: "x", Over: []Key{{On: "link", Is: "1"}}, Fields: []Field{
		{Name: "unit", Bits: 8}, {Name: "n", Bits: 8}, {Name: "t", Bits: 8},
		{Name: "l", Kind: List, Count: "n", Item: &Struct{Fields: []Field{{Name: "t", Bits: 8}, {Name: "v", Kind: Bytes, Size: "t * unit + ^.t"}}}},
	}, Footer: []Field{{Name: "f", Bits: 8}, {Name: "g", Bits: 8, When: "unit == n and body"}}}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		wire, filter string
		want         bool
	}{
		{"02 02 01 01 aabbcc 00 dd ee 02 01", "count(x.l) == 2 and x.l.v == aa:bb:cc", true},
		{"02 02 01 01 aabbcc 00 dd ee 02 01", "any(x.l, t == 0 and v[0] == 0xdd and len(v) == 1)", true},
		{"02 02 01 01 aabbcc 00 dd ee 02 01", "x.f == 2 and x.g == 1 and len(x.body) == 1", true},
	} {
		f, err := r.Filter(c.filter)
		if err != nil {
			t.Fatal(err)
		}
		p := &Packet{}
		p.Reset(r, Meta{LinkType: 1}, wire(t, c.wire))
		if f.Match(p) != c.want {
			t.Errorf("%s: %s, %v", c.wire, c.filter, p.Err())
		}
	}
}

// TestLongChain is about sources as long as they may be.
func TestLongChain(t *testing.T) {
	r := fixRegistry(t)
	p := fixPacket(t, r, "syn")
	for _, c := range []struct {
		head, more string
		want       bool
	}{
		{"0 < ip.ttl", " + ip.ttl", true}, {"tcp.ACK", " or tcp.ACK", false}, {"ip", " and tcp", true},
		{"tcp.ACK", " or ip.ttl == 3 and eth", false}, {`frame[0] == 2 and frame`, "[0:]", false},
	} {
		src := c.head + strings.Repeat(c.more, (60000-len(c.head))/len(c.more))
		if strings.HasSuffix(c.more, "]") {
			src += " == 02:00"
		}
		f, err := r.Filter(src)
		if err != nil {
			t.Error(err)
		} else if f.Match(p) != c.want {
			t.Errorf("%s … is %v", src[:30], !c.want)
		}
	}
}

// TestCutQuote is about a packet of which the last header is not all there.
func TestCutQuote(t *testing.T) {
	r := fixRegistry(t)
	b := wire(t, fixPackets()["syn"])
	for src, want := range map[string]bool{
		"tcp.dport == 443": true, "tcp.port == 443": true, "tcp.SYN": false, "not tcp.SYN": true, "present(tcp.SYN)": false,
		"tcp.seq == 1": false, "tcp.port in {443, 80}": true, "tcp.SYN or tcp.dport == 443": true, "tcp.opts.type == 2": false,
	} {
		f, err := r.Filter(src)
		if err != nil {
			t.Fatal(err)
		}
		p := &Packet{}
		p.ResetAs(r.Proto("ip"), b[14:14+20+7])
		p.quote = true
		if f.Match(p) != want {
			t.Errorf("%s: %v", src, !want)
		}
	}
}
