package core

import (
	"encoding/hex"
	"strings"
	"testing"
)

// TestLastNeedsItem: a list of which only the last item tells the end never gets
// empty. Built without a value it has one item.
func TestLastNeedsItem(t *testing.T) {
	item := &Struct{Fields: []Field{num("S", 1), num("v", 7)}}
	spec := &Spec{Name: "lasting", Fields: []Field{{Name: "l", Kind: List, Last: "S", Item: item}, num("after", 16)}}
	open := &Spec{Name: "ending", Fields: []Field{{Name: "l", Kind: List, Last: "v == 9", Item: item}}} // no items are told by the end of the packet
	r, err := Compile([]*Spec{spec, open}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Build(r.Proto("lasting"), map[string]any{"after": 1})
	if err != nil {
		t.Fatal(err)
	}
	if have := hex.EncodeToString(p.Raw()); have != "800001" {
		t.Error(have)
	}
	if _, err := Build(r.Proto("lasting"), map[string]any{"l": []any{}}); err == nil {
		t.Error("built of no items")
	}
	id := p.First()
	s := p.LayoutOf(id).Slot("l")
	for name, edit := range map[string]func() error{
		"remove": func() error { return p.RemoveItem(p.List(id, s), 0) },
		"clear":  func() error { return p.ClearList(p.List(id, s)) },
		"assign": func() error { return p.Set(id, s, []any{}) },
		"raw":    func() error { return p.SetRaw(id, s, nil) },
	} {
		if err := edit(); err == nil || !strings.Contains(err.Error(), "lasting.l: it ends with the item for which S holds") {
			t.Errorf("%s: %v", name, err)
		}
		if p.Update(); p.String() != "lasting l=[{S=1 v=0}] after=1" {
			t.Errorf("%s: %s", name, p)
		}
	}
	q, err := Build(r.Proto("ending"), nil)
	if err != nil || len(q.Raw()) != 0 {
		t.Error(err, q)
	}
}

// TestBadMark: an item for which stop holds ends the list, also where its length
// is wrong or it is cut.
func TestBadMark(t *testing.T) {
	spec := &Spec{Name: "tlvs", Fields: []Field{{Name: "l", Kind: List, By: "type", End: "type == 0",
		Item: &Struct{Fields: []Field{num("type", 8), auto("len", 8, "total_len")}}, Other: &Struct{Fields: []Field{{Name: "v", Kind: Bytes}}}}}}
	spec2 := *spec
	spec2.Name, spec2.Fields = "before", append(spec.Fields[:1:1], num("after", 8))
	r, err := Compile([]*Spec{spec, &spec2}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ proto, bytes, want string }{
		{"tlvs", "0103aa00000000", "tlvs l=[{type=1 len=3 v=aa}]"},
		{"tlvs", "0103aa00", "tlvs l=[{type=1 len=3 v=aa}]"},
		{"tlvs", "0103aa00ff", "tlvs l=[{type=1 len=3 v=aa}]"},
		{"tlvs", "0103aa0100", "tlvs l=[{type=1 len=3 v=aa} rest=0100]"},
		{"before", "0103aa000207", "before l=[{type=1 len=3 v=aa}] after=7"},
		{"before", "0103aa000007", ""}, // where the next field begins cannot be told
	} {
		p := &Packet{}
		p.ResetAs(r.Proto(c.proto), wire(t, c.bytes))
		if have := p.String(); have != c.want && c.want != "" || c.want == "" && p.First() != None {
			t.Errorf("%s %s: %s, want %s", c.proto, c.bytes, have, c.want)
		}
	}
}
