package core

import (
	"encoding/hex"
	"strings"
	"testing"

	"pkl/core/expr"
)

// FuzzFilter: no source makes compiling panic, no bytes make matching panic or
// change the packet, and the tree's normal form means the same.
func FuzzFilter(f *testing.F) {
	r := fixRegistry(f)
	var packets [][]byte
	for _, s := range fixPackets() {
		b, _ := hex.DecodeString(strings.Join(strings.Fields(s), ""))
		packets = append(packets, b)
	}
	for i, c := range filterCases {
		f.Add(c.src, packets[i%len(packets)])
	}
	f.Fuzz(func(t *testing.T, src string, wire []byte) {
		flt, err := r.Filter(src)
		if err != nil {
			if _, ok := err.(*expr.Error); !ok {
				t.Fatalf("%s: %T", src, err)
			}
			return
		}
		again, err := r.Filter(expr.Format(flt.Expr()))
		if err != nil && len(src) < expr.MaxSource/2 {
			t.Fatalf("%s is %s: %v", src, expr.Format(flt.Expr()), err)
		}
		for _, b := range append(packets, wire) {
			p, q := &Packet{}, &Packet{}
			p.Reset(r, Meta{LinkType: 1}, b)
			q.Reset(r, Meta{LinkType: 1}, b)
			q.findAll()
			got := flt.Match(p)
			if got != flt.Match(p) || got != flt.Match(q) {
				t.Fatalf("%s on %x: %v, then not", src, b, got)
			}
			if again != nil && got != again.Match(q) {
				t.Fatalf("%s on %x is %v, but not as %s", src, b, got, expr.Format(flt.Expr()))
			}
		}
	})
}

// FuzzSpec: no expressions of a spec make compiling or finding panic or never end.
func FuzzSpec(f *testing.F) {
	f.Add("a > 1", "a + 1", "count(l) + b", "a == 2 or t", "v == 3", []byte("\x02\x01abcdefghijklmnop"))
	f.Add("b == 0", "len(c)", "any(l, t == 1)", "^.b", "present(l)", []byte{1, 2, 3, 4, 5, 6})
	f.Add("body[0] == 1", "min(a, 3)", "c[0:2]", "w + 1", "d == 1", make([]byte, 40))
	f.Fuzz(func(t *testing.T, when, size, get, itemWhen, last string, wire []byte) {
		r, err := Compile([]*Spec{{Name: "x", Over: []Key{{On: "link", Is: "1"}, {On: "x.a", Is: "1"}}, Fields: []Field{
			{Name: "a", Bits: 8}, {Name: "b", Bits: 8, When: when}, {Name: "c", Kind: Bytes, Size: size},
			{Name: "d", Get: get}, {Name: "e", Get: get, When: when},
			{Name: "l", Kind: List, Last: last, Item: &Struct{Fields: []Field{{Name: "t", Bits: 8}, {Name: "v", Bits: 8, When: itemWhen},
				{Name: "w", Get: itemWhen}, {Name: "z", Kind: Bytes, Size: size}}}},
		}}}, nil, nil)
		if err != nil {
			return
		}
		flt, err := r.Filter("x.a == 300 % 256 or x.b == 9 or x.d == 1 or x.e or x.c == 01:02 or x.l.v == 3 or x.l.w or x.l.z or x#2.l.t == 1")
		if err != nil {
			return
		}
		p := &Packet{}
		p.Reset(r, Meta{LinkType: 1}, wire)
		if first := flt.Match(p); first != flt.Match(p) {
			t.Fatal("a second look finds something else")
		}
	})
}
