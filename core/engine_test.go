package core

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func miniSpecs() []*Spec {
	eth := &Spec{Name: "eth", Over: []Key{{On: "link", Is: "1"}}, Pairs: []Pair{{"src", "dst"}}, Fields: []Field{
		{Name: "dst", Kind: MAC}, {Name: "src", Kind: MAC},
		{Name: "type", Bits: 16, When: "type >= 0x600", Auto: "next", Key: "eth.type", Default: 0x800},
		{Name: "len", Bits: 16, When: "len < 0x600", Auto: "body_len", Key: "eth.type"}}}
	vlan := &Spec{Name: "vlan", Over: []Key{{On: "eth.type", Is: "0x8100"}}, Fields: []Field{
		{Name: "pcp", Bits: 3}, {Name: "DEI", Bits: 1}, {Name: "vid", Bits: 12}, {Name: "type", Bits: 16, Auto: "next", Key: "eth.type"}}}
	llc := &Spec{Name: "llc", Over: []Key{{On: "eth.type", Is: "0-1500", Fill: "len(body)"}}, Fields: []Field{
		{Name: "dsap", Bits: 8}, {Name: "ssap", Bits: 8}, {Name: "ctl", Bits: 8}}}
	ip := &Spec{Name: "ip", Over: []Key{{On: "eth.type", Is: "0x800"}, {On: "link", Is: "101"}}, Pairs: []Pair{{"src", "dst"}},
		Pseudo: []string{"src", "dst"}, Header: "ihl * 4", Len: "len", Stop: "off > 0", Pieces: "MF", Fields: []Field{
			{Name: "v", Bits: 4, Default: 4}, {Name: "ihl", Bits: 4, Auto: "header_len", Unit: 4}, {Name: "tos", Bits: 8},
			{Name: "len", Bits: 16, Auto: "total_len"}, {Name: "id", Bits: 16},
			{Name: "flags", Bits: 3, Flags: []string{"RF", "DF", "MF"}}, {Name: "off", Bits: 13},
			{Name: "ttl", Bits: 8, Default: 64}, {Name: "p", Bits: 8, Auto: "next", Key: "ip.p"}, {Name: "sum", Bits: 16, Auto: "sum"},
			{Name: "src", Kind: IP4}, {Name: "dst", Kind: IP4},
			{Name: "opts", Kind: List, By: "type", Pad: 4, End: "type == 0",
				Kinds: []Variant{{Is: "0-1", Struct: Struct{Fields: []Field{{Name: "type", Bits: 8}}}}},
				Other: &Struct{Fields: []Field{{Name: "type", Bits: 8}, {Name: "len", Bits: 8, Auto: "total_len"}}}}}}
	tcp := &Spec{Name: "tcp", Over: []Key{{On: "ip.p", Is: "6"}}, Pairs: []Pair{{"sport", "dport"}}, Header: "off * 4", Fields: []Field{
		{Name: "sport", Bits: 16}, {Name: "dport", Bits: 16}, {Name: "seq", Bits: 32}, {Name: "ack", Bits: 32},
		{Name: "off", Bits: 4, Auto: "header_len", Unit: 4},
		{Name: "flags", Bits: 12, Flags: []string{"", "", "", "AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"}},
		{Name: "win", Bits: 16}, {Name: "sum", Bits: 16, Auto: "pseudo_sum"}, {Name: "urp", Bits: 16},
		{Name: "opts", Kind: List, By: "type", Pad: 4, End: "type == 0",
			Kinds: []Variant{{Is: "0-1", Struct: Struct{Fields: []Field{{Name: "type", Bits: 8}}}},
				{Is: "2", Struct: Struct{Fields: []Field{{Name: "type", Bits: 8}, {Name: "len", Bits: 8, Auto: "total_len"}, {Name: "mss", Bits: 16}}}}},
			Other: &Struct{Fields: []Field{{Name: "type", Bits: 8}, {Name: "len", Bits: 8, Auto: "total_len"}}}}}}
	udp := &Spec{Name: "udp", Over: []Key{{On: "ip.p", Is: "17"}}, Pairs: []Pair{{"sport", "dport"}}, Fields: []Field{
		{Name: "sport", Bits: 16, Default: 5000}, {Name: "dport", Bits: 16, Default: 53}, {Name: "len", Bits: 16, Auto: "total_len"}, {Name: "sum", Bits: 16, Auto: "pseudo_sum", Optional: true}}}
	rr := &Struct{Fields: []Field{{Name: "name", Kind: Name}, {Name: "type", Bits: 16}, {Name: "class", Bits: 16, Default: 1}, {Name: "ttl", Bits: 32}, {Name: "len", Bits: 16, Auto: "body_len"}}}
	rrs := func(name, count string) Field {
		return Field{Name: name, Kind: List, Count: count, Item: rr, By: "type", Kinds: []Variant{
			{Is: "1", Struct: Struct{Fields: []Field{{Name: "addr", Kind: IP4}}}},
			{Is: "5", Struct: Struct{Fields: []Field{{Name: "target", Kind: Name}}}}}}
	}
	dns := &Spec{Name: "dns", Over: []Key{{On: "udp.port", Is: "53"}, {On: "tcp.port", Is: "53"}}, Check: "not present(tcplen) or tcplen > 11", Fields: []Field{
		{Name: "tcplen", Bits: 16, When: "present(tcp.sport)", Auto: "len(body) + 12"},
		{Name: "id", Bits: 16, Origin: true}, {Name: "flags", Bits: 16}, {Name: "QR", Bits: 1, Part: "flags"}, {Name: "opcode", Bits: 4, Part: "flags"},
		{Name: "qdcount", Bits: 16}, {Name: "ancount", Bits: 16}, {Name: "nscount", Bits: 16}, {Name: "arcount", Bits: 16},
		{Name: "questions", Kind: List, Count: "qdcount", Item: &Struct{Fields: []Field{{Name: "name", Kind: Name}, {Name: "type", Bits: 16}, {Name: "class", Bits: 16, Default: 1}}}},
		rrs("answers", "ancount"), rrs("authorities", "nscount"), rrs("additionals", "arcount")}}
	icmp := &Spec{Name: "icmp", Over: []Key{{On: "ip.p", Is: "1"}}, Fields: []Field{
		{Name: "type", Bits: 8, Default: 8, Names: []ValueName{{0, "echo_reply"}, {8, "echo_request"}, {5, "redirect"}}}, {Name: "code", Bits: 8}, {Name: "sum", Bits: 16, Auto: "sum"},
		{Name: "id", Bits: 16, When: "type in {0, 8}"}, {Name: "seq", Bits: 16, When: "type in {0, 8}"},
		{Name: "gateway", Kind: IP4, When: "type == 5"}, {Name: "unused", Bits: 32, When: "not type in {0, 5, 8}"},
		{Name: "quote", Get: "body", Of: "ip", When: "type in {3, 5, 11}"}}}
	gre := &Spec{Name: "gre", Over: []Key{{On: "ip.p", Is: "47"}}, Fields: []Field{
		{Name: "C", Bits: 1, Auto: "present(sum)"}, {Name: "R", Bits: 1}, {Name: "K", Bits: 1, Auto: "present(key)"}, {Name: "S", Bits: 1, Auto: "present(seq)"}, {Name: "res", Bits: 9}, {Name: "ver", Bits: 3},
		{Name: "type", Bits: 16, Auto: "next", Key: "eth.type"},
		{Name: "sum", Bits: 16, When: "C", Auto: "sum"}, {Name: "off", Bits: 16, When: "C"}, {Name: "key", Bits: 32, When: "K"}, {Name: "seq", Bits: 32, When: "S"}}}
	demo := &Spec{Name: "demo", Over: []Key{{On: "udp.port", Is: "7777"}}, Header: "hlen", Fields: []Field{
		{Name: "ver", Bits: 4, Default: 2}, {Name: "flags", Bits: 4}, {Name: "kind", Bits: 8, Names: []ValueName{{1, "ip"}, {2, "text"}}, Auto: "next"},
		{Name: "hlen", Bits: 16, Auto: "header_len"},
		{Name: "tlvs", Kind: List, Size: "hlen - 4", Item: &Struct{Fields: []Field{{Name: "t", Bits: 8}, {Name: "l", Bits: 8, Auto: "len(v)"}, {Name: "v", Kind: Bytes, Size: "l"}}}}}}
	return []*Spec{eth, vlan, llc, ip, tcp, udp, dns, icmp, gre, demo}
}

func dumpRec(p *Packet, id ID, w *strings.Builder) {
	for _, s := range p.LayoutOf(id).Slots {
		if !p.Has(id, s) {
			continue
		}
		fmt.Fprint(w, " ", s.Name, "=")
		if l := p.List(id, s); l != None {
			fmt.Fprint(w, "{")
			for _, it := range p.Items(l) {
				fmt.Fprint(w, "(")
				dumpRec(p, it, w)
				fmt.Fprint(w, ")")
			}
			fmt.Fprintf(w, "|%x}", p.Rest(l))
			continue
		}
		switch s.Kind {
		case Number:
			v, _ := p.Num(id, s)
			fmt.Fprint(w, v)
		case Name:
			b, _ := p.AppendName(nil, id, s)
			fmt.Fprint(w, string(b))
		default:
			b, _ := p.Data(id, s)
			fmt.Fprintf(w, "%x", b)
		}
	}
}

func show(p *Packet) string {
	var w strings.Builder
	for id := p.First(); id != None; id = p.Upper(id) {
		fmt.Fprint(&w, p.ProtoOf(id).Name, ":")
		dumpRec(p, id, &w)
		if t := p.Trailer(id); len(t) > 0 {
			fmt.Fprintf(&w, " trailer=%x", t)
		}
		fmt.Fprintln(&w)
	}
	if id := p.Last(); id != None {
		fmt.Fprintf(&w, "body=%x\n", p.Body(id))
	}
	if err := p.Err(); err != nil {
		fmt.Fprintln(&w, "ERR", err)
	}
	return w.String()
}

func mini(t testing.TB) *Registry {
	r, err := Compile(miniSpecs(), nil, []Bind{{Proto: "ip", Key: Key{On: "demo.kind", Is: "1"}}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mk(t testing.TB, r *Registry, name string, v map[string]any) *Packet {
	t.Helper()
	p, err := Build(r.Proto(name), v)
	if err != nil {
		t.Fatal(name, err)
	}
	return p
}

func cat(t testing.TB, ps ...any) *Packet {
	t.Helper()
	p := ps[0].(*Packet)
	var err error
	for _, q := range ps[1:] {
		switch q := q.(type) {
		case *Packet:
			p, err = Concat(p, q)
		case string:
			p, err = ConcatBytes(p, []byte(q))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

type m = map[string]any

func TestSmoke(t *testing.T) {
	r := mini(t)
	p := cat(t, mk(t, r, "eth", m{"src": "02:00:00:00:00:01"}), mk(t, r, "ip", m{"src": "10.0.0.1", "dst": "10.0.0.2"}),
		mk(t, r, "tcp", m{"sport": 1000, "dport": 80, "SYN": true, "opts": []any{m{"mss": 1460}, m{"type": 1}, m{"type": 3, "body": "\x07"}}}))
	check := func(p *Packet) {
		t.Helper()
		p.Update()
		t.Log(hex.EncodeToString(p.Raw()))
		a := show(p)
		var q Packet
		q.Reset(r, Meta{LinkType: 1}, p.Raw())
		if p.ProtoOf(p.First()).Name == "ip" {
			q.Reset(r, Meta{LinkType: 101}, p.Raw())
		}
		b := show(&q)
		if a != b {
			t.Errorf("built:\n%s\nfound:\n%s", a, b)
		}
		t.Log(a)
	}
	check(p)
	tcp := p.Find(r.Proto("tcp"), 1)
	l := p.List(tcp, r.Proto("tcp").Head().Slot("opts"))
	for i := range 3 {
		if err := p.InsertItem(l, i, m{"type": 8, "body": "12345678"}); err != nil {
			t.Error(err)
		}
		check(p)
	}
	if err := p.InsertItem(l, 0, m{"type": 8, "body": "12345678"}); err == nil {
		t.Error("should not fit")
	} else {
		t.Log(err)
	}
	check(p)
	if err := p.RemoveItem(l, 1); err != nil {
		t.Error(err)
	}
	check(p)
	d := cat(t, mk(t, r, "eth", nil), mk(t, r, "ip", nil), mk(t, r, "udp", nil),
		mk(t, r, "dns", m{"questions": []any{m{"name": "www.example.com", "type": 1}}, "answers": []any{m{"name": "www.example.com", "type": 5, "target": "a.b"}, m{"name": "a.b", "addr": "1.2.3.4"}}}))
	check(d)
	d2 := cat(t, mk(t, r, "eth", nil), mk(t, r, "ip", nil), mk(t, r, "tcp", nil),
		mk(t, r, "dns", m{"questions": []any{m{"name": "www.example.com", "type": 1}}}))
	check(d2)
	g := cat(t, mk(t, r, "ip", nil), mk(t, r, "gre", m{"key": 5}), mk(t, r, "ip", nil), mk(t, r, "icmp", m{"id": 3}), "hello")
	check(g)
	gre := g.Find(r.Proto("gre"), 1)
	if err := g.Set(gre, r.Proto("gre").Head().Slot("seq"), 77); err != nil {
		t.Error(err)
	}
	if err := g.Set(gre, r.Proto("gre").Head().Slot("sum"), 77); err != nil {
		t.Error(err)
	}
	if err := g.Set(gre, r.Proto("gre").Head().Slot("key"), nil); err != nil {
		t.Error(err)
	}
	check(g)
	e := cat(t, mk(t, r, "eth", nil), mk(t, r, "llc", m{"dsap": 0x42, "ssap": 0x42, "ctl": 3}), "hello")
	check(e)
	x := cat(t, mk(t, r, "eth", nil), mk(t, r, "ip", nil), mk(t, r, "udp", nil), mk(t, r, "demo", m{"tlvs": []any{m{"t": 1, "v": "abc"}, m{"t": 2}}}), mk(t, r, "ip", m{"ttl": 3}))
	check(x)
	if err := x.Insert(x.First(), mk(t, r, "vlan", m{"vid": 5})); err != nil {
		t.Error(err)
	}
	check(x)
	if err := x.Remove(x.Find(r.Proto("vlan"), 1)); err != nil {
		t.Error(err)
	}
	check(x)
	if err := x.Remove(x.Find(r.Proto("demo"), 1)); err != nil {
		t.Error(err)
	}
	x.Update()
	if got := x.ProtoOf(x.Last()).Name; got != "ip" {
		t.Errorf("above udp is %s", got)
	}
}
