package core

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// sizedProtos tell a size in units, or always have the same.
func sizedProtos(t *testing.T) *Registry {
	t.Helper()
	r, err := Compile([]*Spec{
		{Name: "words", Fields: []Field{{Name: "n", Bits: 8, Auto: "len(v) / 4"}, {Name: "v", Kind: Bytes, Size: "n * 4"}, {Name: "z", Bits: 8}}},
		{Name: "less", Fields: []Field{{Name: "n", Bits: 8, Auto: "(len(v) + 2) / 8"}, {Name: "v", Kind: Text, Size: "n * 8 - 2"}}},
		{Name: "more", Fields: []Field{{Name: "n", Bits: 8, Auto: "(len(l) - 1) / 2"}, {Name: "l", Kind: List, Size: "1 + 2 * n", Item: &Struct{Fields: []Field{{Bits: 8}}}}}},
		{Name: "three", Fields: []Field{{Name: "l", Kind: List, Size: "6", Item: &Struct{Fields: []Field{{Bits: 16}}}}, {Name: "z", Bits: 8}}},
		{Name: "pair", Fields: []Field{{Name: "l", Kind: List, Count: "2", Item: &Struct{Fields: []Field{{Bits: 8}}}}, {Name: "z", Bits: 8, When: "count(l) == 2"}}},
		{Name: "told", Fields: []Field{{Name: "n", Bits: 8}, {Name: "m", Bits: 8},
			{Name: "l", Kind: List, Size: "n + m", Item: &Struct{Fields: []Field{{Bits: 8}}}}, {Name: "z", Bits: 8}}},
	}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSizeInUnits: a size that a field tells in units of some bytes is a whole
// number of them, when a packet is built and in every edit: it would be another
// one in the bytes on the wire.
func TestSizeInUnits(t *testing.T) {
	r := sizedProtos(t)
	for _, c := range []struct {
		proto, field string
		fits, not    any
		wire, fault  string
	}{
		{"words", "v", make([]byte, 8), make([]byte, 5), "02000000000000000000", "words.v: 5 bytes, but its size is n * 4, a multiple of 4; fill it up"},
		{"less", "v", "abcdef", "abcdefg", "01616263646566", "less.v: 7 bytes, but its size is n * 8 - 2, a multiple of 8 less 2; fill it up"},
		{"more", "l", []any{1, 2, 3}, []any{1, 2}, "01010203", "more.l: 2 bytes, but its size is 1 + 2 * n, a multiple of 2 and 1; fill it up"},
		{"three", "l", []any{1, 2, 3}, []any{1, 2}, "00010002000300", "three.l: 4 bytes, but it always has 6; replace its items, or assign as many"},
		{"pair", "l", []any{1, 2}, []any{1, 2, 3}, "010200", "pair.l: 3 items, but its count is 2, which nothing derives; set that first"},
		{"told", "l", []any{}, []any{1}, "000000", "told.l: 1 bytes, but its size is n + m, which nothing derives; set that first"},
	} {
		t.Run(c.proto, func(t *testing.T) {
			pr := r.Proto(c.proto)
			p := mustBuild(t, pr, m{c.field: c.fits})
			p.Update()
			if have := hex.EncodeToString(p.Raw()); have != c.wire {
				t.Fatalf("built %s, want %s", have, c.wire)
			}
			if text(found(p)) != text(p) {
				t.Errorf("found\n%s\nbuilt\n%s", text(found(p)), text(p))
			}
			if _, err := Build(pr, m{c.field: c.not}); err == nil || err.Error() != c.fault {
				t.Errorf("built of %v: %v", c.not, err)
			}
			before := noted(p)
			s := pr.Head().Slot(c.field)
			if err := p.Set(p.First(), s, c.not); err == nil || err.Error() != c.fault {
				t.Errorf("set to %v: %v", c.not, err)
			}
			if noted(p) != before {
				t.Errorf("refused, and left\n%s\nof\n%s", noted(p), before)
			}
		})
	}
}

// TestConstantList: a list that always has the same size can be edited as long
// as it keeps that; one that is not given is zeros, like other fields.
func TestConstantList(t *testing.T) {
	pr := sizedProtos(t).Proto("three")
	p := mustBuild(t, pr, m{"z": 7})
	if want := []byte{0, 0, 0, 0, 0, 0, 7}; !bytes.Equal(p.Raw(), want) {
		t.Fatalf("built %x, want %x", p.Raw(), want)
	}
	s := pr.Head().Slot("l")
	l := p.List(p.First(), s)
	for name, err := range map[string]error{"insert": p.InsertItem(l, 1, 5), "remove": p.RemoveItem(l, 0), "clear": p.ClearList(l),
		"raw": p.SetRaw(p.First(), s, make([]byte, 8))} {
		if err == nil {
			t.Errorf("%s is no error", name)
		}
	}
	if err := p.ReplaceItem(l, 1, 5); err != nil {
		t.Error(err)
	}
	if want := []byte{0, 0, 0, 5, 0, 0, 7}; !bytes.Equal(p.Raw(), want) {
		t.Errorf("have %x, want %x", p.Raw(), want)
	}
}

// TestSumOfOnes: 0xffff where 0 is computed is as right (RFC 1071 §1): what
// changes no byte leaves it, and what does writes what is computed.
func TestSumOfOnes(t *testing.T) {
	icmp := mini(t).Proto("icmp")
	for _, c := range []struct {
		name, from string
		id         uint64
		to         string
	}{
		{"the value it has", "0800fffff7ff0000", 0xf7ff, "0800fffff7ff0000"},
		{"another value", "0800fffff7ff0000", 0xf7fe, "08000001f7fe0000"},
		{"zeros alone, whose sum is 0xffff", "0000ffff00000000", 0xffff, "00000000ffff0000"},
		{"wrong", "0800fffff7fe0000", 0xf7ff, "08000000f7ff0000"},
	} {
		b, _ := hex.DecodeString(c.from)
		p := &Packet{}
		p.ResetAs(icmp, b)
		if err := p.Set(p.First(), icmp.Head().Slot("id"), c.id); err != nil {
			t.Fatal(err)
		}
		p.Update()
		if have := hex.EncodeToString(p.Raw()); have != c.to {
			t.Errorf("%s: %s became %s, want %s", c.name, c.from, have, c.to)
		}
	}
	b, _ := hex.DecodeString("0800fffff7ff0000")
	p := &Packet{}
	p.ResetAs(icmp, b)
	if bad := p.Verify(); len(bad) > 0 {
		t.Errorf("0xffff is wrong: %v", bad)
	}
	sum := icmp.Head().Slot("sum")
	if err := p.Set(p.First(), sum, nil); err != nil {
		t.Fatal(err)
	}
	if p.Update(); hex.EncodeToString(p.Raw()) != "08000000f7ff0000" {
		t.Errorf("sum = nil: %x", p.Raw())
	}
}

func mustBuild(t *testing.T, pr *Proto, v m) *Packet {
	t.Helper()
	p, err := Build(pr, v)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPendingSize: a length follows what has changed size above it, also when
// what did so is gone again before it was computed.
func TestPendingSize(t *testing.T) {
	r := mini(t)
	p, err := Concat(mustBuild(t, r.Proto("ip"), m{}), mustBuild(t, r.Proto("icmp"), m{}))
	if err != nil {
		t.Fatal(err)
	}
	p.Update()
	p = found(p)
	if p, err = ConcatBytes(p, []byte("abc")); err != nil {
		t.Fatal(err)
	}
	if err := p.SetBody(p.First(), make([]byte, 8+3)); err != nil { // as many bytes as icmp and abc
		t.Fatal(err)
	}
	p.Update()
	if n, _ := p.Num(p.First(), r.Proto("ip").Head().Slot("len")); n != 20+8+3 {
		t.Errorf("ip.len is %d", n)
	}
}
