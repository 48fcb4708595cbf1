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

// TestOutgrowFurther: what comes with the flag brings what hangs on it in turn,
// as the length of a length does the length.
func TestOutgrowFurther(t *testing.T) {
	ber := func(n string) *Spec {
		length := func(bits int, when string) Field {
			return Field{Name: "len", Bits: bits, When: when, Auto: "body_len"}
		}
		return &Spec{Name: "ber", Fields: []Field{num("tag", 8), {Name: "LONG", Bits: 1}, length(7, "not LONG"),
			{Name: "n", Bits: 7, When: "LONG", Default: 2}, length(8, n+"n == 1"), length(16, n+"n == 2")}}
	}
	for _, cond := range []string{"", "LONG and "} {
		reg, err := Compile([]*Spec{ber(cond)}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		pr := reg.Proto("ber")
		check := func(what string, p *Packet, header string) {
			t.Helper()
			p.Update()
			have := p.Header(p.First())
			if hex.EncodeToString(have) != header || len(p.Verify()) > 0 {
				t.Errorf("%s, %q: %x, want %s; %v", what, cond, have, header, p.Verify())
			}
			var q Packet
			q.ResetAs(pr, p.Raw())
			if len(q.Body(q.First())) != len(p.Raw())-len(have) || q.Err() != nil {
				t.Errorf("%s, %q: not read as it was written: %v", what, cond, q.Err())
			}
		}
		body := strings.Repeat("x", 200)
		check("built", mustBuild(t, pr, m{"tag": 5, "body": body}), "05"+"82"+"00c8")
		check("built wide", mustBuild(t, pr, m{"tag": 5, "LONG": true, "n": 1, "body": body}), "05"+"81"+"c8")
		p := mustBuild(t, pr, m{"tag": 5, "body": "short"})
		check("short", p, "05"+"05")
		if err := p.SetBody(p.First(), []byte(body)); err != nil {
			t.Fatal(err)
		}
		check("grown", p, "05"+"82"+"00c8")
		if _, err := Build(pr, m{"body": strings.Repeat("x", 1<<16)}); err == nil || !strings.Contains(err.Error(), "does not fit in 16 bits") {
			t.Errorf("65536 bytes: %v", err)
		}
	}
}
