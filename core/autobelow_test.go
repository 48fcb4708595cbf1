package core

import (
	"strings"
	"testing"
)

// TestAutoBelow: what is computed from a layer below is 0 until there is one, and
// follows it then: its lengths, its fields, and which layer it is.
func TestAutoBelow(t *testing.T) {
	low := &Spec{Name: "low", Fields: []Field{{Name: "kind", Bits: 8, Auto: "next"}, num("x", 8), auto("len", 8, "total_len")}}
	high := &Spec{Name: "high", Over: []Key{{On: "low.kind", Is: "1"}}, Fields: []Field{auto("a", 8, "low.len"), auto("b", 8, "low.x + a")}}
	r, err := Compile([]*Spec{low, high}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	build := func(name string, v map[string]any) *Packet {
		p, err := Build(r.Proto(name), v)
		if err != nil {
			t.Fatal(err)
		}
		p.Update()
		return p
	}
	want := func(p *Packet, text string) {
		t.Helper()
		if p.Update(); strings.ReplaceAll(p.String(), "\n", " | ") != text {
			t.Errorf("%s, want %s", p, text)
		}
	}
	h := build("high", nil)
	want(h, "high a=0 b=0")
	p, err := Concat(build("low", map[string]any{"x": 2}), h)
	if err != nil {
		t.Fatal(err)
	}
	want(p, "low kind=1 x=2 len=5 | high a=5 b=7")
	set := func(id ID, name string, v any) {
		t.Helper()
		if err := p.Set(id, p.LayoutOf(id).Slot(name), v); err != nil {
			t.Error(err)
		}
	}
	set(p.First(), "x", 9)
	want(p, "low kind=1 x=9 len=5 | high a=5 b=14")
	if err := p.SetBody(p.Last(), "abc"); err != nil {
		t.Error(err)
	}
	want(p, "low kind=1 x=9 len=8 | high a=8 b=17 body=616263")
	set(p.Last(), "a", 1)
	want(p, "low kind=1 x=9 len=8 | high a=1 b=10 body=616263")
	set(p.Last(), "a", nil)
	want(p, "low kind=1 x=9 len=8 | high a=8 b=17 body=616263")
}

// TestAutoBelowUnseen: what is computed from a layer below follows it also where
// nobody has looked at the layer since the bytes that it was found in were written.
func TestAutoBelowUnseen(t *testing.T) {
	low := &Spec{Name: "low", Fields: []Field{num("kind", 8), num("x", 8)}}
	high := &Spec{Name: "high", Over: []Key{{On: "low.kind", Is: "1"}}, Fields: []Field{auto("a", 8, "low.x + 1"), num("b", 8)}}
	r, err := Compile([]*Spec{low, high}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range []bool{false, true} {
		p := &Packet{}
		p.ResetAs(r.Proto("low"), []byte{1, 5, 6, 3})
		if err := p.SetBody(p.First(), []byte{6, 9}); err != nil {
			t.Fatal(err)
		}
		if look && p.Last() == p.First() {
			t.Fatal("no layer is found in the new bytes")
		}
		if err := p.Set(p.First(), r.Proto("low").Head().Slot("x"), 40); err != nil {
			t.Fatal(err)
		}
		if p.Update(); string(p.Raw()) != "\x01\x28\x29\x09" {
			t.Errorf("looked at: %v: %x", look, p.Raw())
		}
	}
}
