package core

import (
	"encoding/hex"
	"slices"
	"testing"
)

// cutSpecs have pads and shared words that the end of a header, or of an item, may cut.
func cutSpecs() []*Spec {
	counted := func(f ...Field) []Field { // a header of a told length, behind bytes of any number
		return append([]Field{auto("hl", 8, "header_len"), auto("l", 8, "len(f)"), {Name: "f", Kind: Bytes, Size: "l"}}, f...)
	}
	word := func(le bool) []Field {
		return []Field{{Name: "a", Bits: 4, LSB: true, LE: le, Flags: []string{"A", "", "", "D"}}, {Name: "b", Bits: 12, LSB: true, LE: le}}
	}
	pad := Field{Kind: Pad, Align: 4}
	of := func(f ...Field) *Struct { return &Struct{Fields: f} }
	return []*Spec{
		{Name: "cut_pad", Fields: counted(Field{Name: "w", Bits: 24}, Field{Kind: Pad, Align: 8}, num("z", 8))},
		{Name: "cut_word", Fields: counted(word(false)...)},
		{Name: "cut_word_le", Fields: append([]Field{auto("hl", 8, "header_len"), {Name: "n", Kind: Name}}, word(true)...)},
		{Name: "cut_items", Fields: []Field{num("n", 8), {Name: "items", Kind: List, Size: "n", By: "t", Item: of(num("t", 8), auto("l", 8, "total_len")),
			Kinds: []Variant{{Is: "1", Struct: *of(num("v", 8), pad)}, {Is: "2", Struct: *of(word(false)...)}, {Is: "3", Struct: *of(append([]Field{{Name: "x", Kind: Text, Until: "\x00"}}, word(true)...)...)}},
			Other: of(num("m", 8), Field{Name: "inner", Kind: List, Count: "m", Item: of(num("q", 8))}, pad, Field{Name: "r", Kind: Bytes})}}},
	}
}

// cutPacket dissects bytes of which nothing lies behind in memory.
func cutPacket(t *testing.T, name string, bytes string) (*Packet, ID) {
	t.Helper()
	p := &Packet{}
	p.ResetAs(made(t).Proto(name), slices.Clip(wire(t, bytes)))
	id := p.First()
	if id == None {
		t.Fatal(p.Err())
	}
	return p, id
}

// TestCut reads headers and items that end within a pad or a word: a pad is as
// long as it can be, and the fields of a word are absent.
func TestCut(t *testing.T) {
	for _, c := range []struct{ proto, bytes, want string }{
		{"cut_pad", "0601aa000000", "cut_pad hl=6 l=1 f=aa w=0"},
		{"cut_pad", "0702aabb00000011", "cut_pad hl=7 l=2 f=aabb w=0 body=11"},
		{"cut_pad", "0702aabb000001", "cut_pad hl=7 l=2 f=aabb w=1"},
		{"cut_pad", "0801aa0000010000", "cut_pad hl=8 l=1 f=aa w=1"},
		{"cut_word", "0401aa00", "cut_word hl=4 l=1 f=aa"},
		{"cut_word", "0401aa0000", "cut_word hl=4 l=1 f=aa body=00"},
		{"cut_word", "0501aa0001", "cut_word hl=5 l=1 f=aa a=D b=0"},
		{"cut_word_le", "0300ff", "cut_word_le hl=3 n=."},
		{"cut_word_le", "040008ff", "cut_word_le hl=4 n=. a=A b=4080"},
		{"cut_items", "03010305", "cut_items n=3 items=[{t=1 l=3 v=5}]"},
		{"cut_items", "0302030f", "cut_items n=3 items=[{t=2 l=3 body=0f}]"},
		{"cut_items", "0403040001", "cut_items n=4 items=[{t=3 l=4 x=\"\" body=0001}]"},
		{"cut_items", "0409040107", "cut_items n=4 items=[{t=9 l=4 m=1 inner=[{q=7}]}]"},
		{"cut_items", "0509050207070000", "cut_items n=5 items=[{t=9 l=5 m=2 inner=[{q=7} {q=7}]}] body=0000"},
	} {
		p, _ := cutPacket(t, c.proto, c.bytes)
		if have := p.String(); have != c.want {
			t.Errorf("%s %s: %s, want %s", c.proto, c.bytes, have, c.want)
		}
		_ = p.JSON()
		if err := sound(p); err != nil {
			t.Errorf("%s %s: %v", c.proto, c.bytes, err)
		}
	}
}

// TestCutEdit changes the size of a field in front of a pad that is cut: the pad
// becomes whole, and the body stays.
func TestCutEdit(t *testing.T) {
	for _, c := range []struct{ bytes, f, want string }{
		{"060100000000", "", "0800000000000000"},
		{"0702aabb00000011223344", "", "080000000000000011223344"},
		{"0702aabb00000011223344", "abc", "080361626300000011223344"},
		{"0702aabb00000011223344", "abcd", "10046162636400000000000000000000" + "11223344"},
	} {
		p, id := cutPacket(t, "cut_pad", c.bytes)
		if err := p.Set(id, p.LayoutOf(id).Slot("f"), c.f); err != nil {
			t.Errorf("%s: %v", c.bytes, err)
			continue
		}
		if p.Update(); hex.EncodeToString(p.Raw()) != c.want {
			t.Errorf("%s with f = %q: %x, want %s", c.bytes, c.f, p.Raw(), c.want)
		}
	}
	p, id := cutPacket(t, "cut_word", "0401aa0000")
	if err := p.Set(id, p.LayoutOf(id).Slot("a"), 3); err == nil || hex.EncodeToString(p.Raw()) != "0401aa0000" {
		t.Errorf("a field of a word that is cut was set: %v, %x", err, p.Raw())
	}
}

// TestSharedWord sets named bits of numbers that share a word.
func TestSharedWord(t *testing.T) {
	for _, c := range []struct{ proto, before, after string }{
		{"cut_word", "0501aa0010", "0501aa0019"},
		{"cut_word_le", "04001000", "04001900"},
	} {
		p, id := cutPacket(t, c.proto, c.before)
		for _, flag := range []string{"A", "D"} {
			if err := p.Set(id, p.LayoutOf(id).Slot(flag), true); err != nil {
				t.Error(err)
			}
		}
		if v, _ := p.Num(id, p.LayoutOf(id).Slot("a")); v != 9 || hex.EncodeToString(p.Raw()) != c.after {
			t.Errorf("%s: a = %d, %x, want %s", c.proto, v, p.Raw(), c.after)
		}
	}
}
