package core

import (
	"encoding/hex"
	"strings"
	"testing"
)

// TestOutgrow: a length that does not fit sets the flag that makes room for it,
// unless that is set, and never clears it.
func TestOutgrow(t *testing.T) {
	reg := made(t)
	pr := reg.Proto("roomy")
	wire := func(p *Packet) string { p.Update(); return hex.EncodeToString(p.Raw()) }
	p := mustBuild(t, pr, m{"items": []any{m{"x": 1, "w": "abc"}, m{"marks": 5, "w": ""}}})
	if have, want := wire(p), "0907"+"0031616263"+"0500"; have != want {
		t.Errorf("small: %s, want %s", have, want)
	}
	list := p.List(p.First(), pr.head.Slot("items"))
	first := func() ID { return p.Items(list)[0] }
	w := p.LayoutOf(first()).Slot("w")
	if err := p.Set(first(), w, strings.Repeat("a", 30)); err != nil {
		t.Fatal(err)
	}
	grown := "2026" + "23" + "80" + "01e1" + strings.Repeat("61", 30) + "0500"
	if have := wire(p); have != grown {
		t.Errorf("grown: %s, want %s", have, grown)
	}
	if f := p.Verify(); len(f) > 0 {
		t.Errorf("grown: %v", f)
	}
	if err := p.Set(first(), w, "abc"); err != nil {
		t.Fatal(err)
	}
	if have, want := wire(p), "200b"+"08"+"80"+"0031"+"616263"+"0500"; have != want {
		t.Errorf("smaller again: %s, want %s", have, want)
	}
	p.ResetAs(pr, p.Raw())
	if err := p.Err(); err != nil || len(p.Verify()) > 0 {
		t.Errorf("dissected again: %v, %v", err, p.Verify())
	}

	big := strings.Repeat("b", 40)
	built := mustBuild(t, pr, m{"v": 3, "items": []any{m{"x": 2, "w": big}, m{"x": 3, "w": big, "marks": 0x81}}})
	if have, want := wire(built), "e059"+"56"+"800282"+strings.Repeat("62", 40)+"810283"+strings.Repeat("62", 40); have != want {
		t.Errorf("built: %s, want %s", have, want)
	}
	for _, set := range []m{{"w": big, "WIDE": false}, {"w": big, "marks": 1}, {"w": big, "l": 3}, {"w": strings.Repeat("b", 4096)}} {
		q, err := Build(pr, m{"items": []any{set}})
		if _, pinned := set["l"]; (err == nil) != pinned {
			t.Errorf("%v: %v", set["WIDE"], err)
		}
		if err == nil && wire(q)[6:10] != "0030" {
			t.Errorf("a length that is set: %s", wire(q))
		}
	}
	if _, err := Build(pr, m{"LONG": false, "items": []any{m{"w": big}}}); err == nil {
		t.Error("a flag of the header that is set does not stay")
	}
	if _, err := Concat(mustBuild(t, pr, nil), mustBuild(t, reg.Proto("blob"), m{"data": strings.Repeat("c", 9000)})); err == nil {
		t.Error("9000 bytes fit in 13 bits")
	}
	q, err := Concat(mustBuild(t, pr, nil), mustBuild(t, reg.Proto("blob"), m{"data": big}))
	if err != nil || wire(q) != "202b"+"00"+strings.Repeat("62", 40) {
		t.Errorf("with a body: %v, %s", err, wire(q))
	}
}
