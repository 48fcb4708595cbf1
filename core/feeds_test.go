package core

import (
	"encoding/hex"
	"strings"
	"testing"
)

// TestFeeds: a value from which a number is computed that would not fit is refused
// there and then, and the packet stays as it was.
func TestFeeds(t *testing.T) {
	spec := &Spec{Name: "feeds", Fields: []Field{auto("a", 8, "b * 100 + m[0] + len(t)"), {Name: "b", Bits: 8, Default: 2},
		{Name: "hi", Bits: 4, Part: "b"}, {Name: "m", Kind: Bytes, Size: "1"}, auto("q", 16, "100 / b"), num("l", 8), {Name: "t", Kind: Text, Size: "l"}}}
	r, err := Compile([]*Spec{spec}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Build(r.Proto("feeds"), map[string]any{"b": 1})
	if err != nil {
		t.Fatal(err)
	}
	p.Update()
	id, before := p.First(), hex.EncodeToString(p.Raw())
	slot := p.LayoutOf(id).Slot
	for _, c := range []struct {
		field string
		v     any
		want  string
	}{
		{"b", 3, "feeds.a: 300 does not fit in 8 bits"}, {"hi", 1, "feeds.a: 1700 does not fit in 8 bits"}, {"b", 0, "feeds.q cannot be computed"},
		{"m", []byte{200}, "feeds.a: 300 does not fit in 8 bits"}, {"t", strings.Repeat("x", 200), "feeds.a: 300 does not fit in 8 bits"},
	} {
		err := p.Set(id, slot(c.field), c.v)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %v: %v, want %s", c.field, c.v, err, c.want)
		}
		if p.Update(); hex.EncodeToString(p.Raw()) != before {
			t.Errorf("%s = %v: %x, was %s", c.field, c.v, p.Raw(), before)
		}
	}
	if err := p.Set(id, slot("b"), nil); err != nil { // its default
		t.Error(err)
	}
	if p.Update(); hex.EncodeToString(p.Raw()) != "c80200003200" {
		t.Errorf("%x", p.Raw())
	}
	for _, f := range []string{"a", "q"} { // what a script sets itself need not fit anything
		if err := p.Set(id, slot(f), 9); err != nil {
			t.Error(err)
		}
	}
	if err := p.Set(id, slot("b"), 77); err != nil {
		t.Error(err)
	}
}
