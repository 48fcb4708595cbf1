package core

import (
	"encoding/hex"
	"testing"
)

// TestOctets: bit fields under one flag that share bytes come and go as one.
func TestOctets(t *testing.T) {
	flag := Field{Name: "F", Bits: 1, Auto: "present(a)"}
	under := func(name string, bits int, def any) Field {
		return Field{Name: name, Bits: bits, When: "F", Default: def}
	}
	reg, err := Compile([]*Spec{{Name: "demo", Fields: []Field{flag, num("rest7", 7),
		under("a", 12, nil), under("b", 4, 9), under("c", 8, 7), num("tail", 8)}}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	pr := reg.Proto("demo")
	p := mustBuild(t, pr, m{"tail": 0xee})
	set := func(name string, v any, want string) {
		t.Helper()
		if err := p.Set(p.First(), pr.head.Slot(name), v); err != nil {
			t.Fatal(err)
		}
		p.Update()
		if have := hex.EncodeToString(p.Raw()); have != want {
			t.Errorf("%s = %v: %s, want %s", name, v, have, want)
		}
	}
	set("a", 0x123, "80"+"1239"+"07"+"ee")
	set("b", 2, "80"+"1232"+"07"+"ee")
	set("tail", 0xff, "80"+"1232"+"07"+"ff")
	set("a", nil, "00"+"ff")
	if err := p.Set(p.First(), pr.head.Slot("b"), 1); err == nil {
		t.Error("b comes without a")
	}
	set("a", 1, "80"+"0019"+"07"+"ff")
}

// TestOtherOfTheName: a value goes to the field of that name which is there,
// whatever shares its place under the other condition.
func TestOtherOfTheName(t *testing.T) {
	under := func(name string, bits int, when string) Field { return Field{Name: name, Bits: bits, When: when} }
	reg, err := Compile([]*Spec{{Name: "demo", Fields: []Field{num("kind", 8),
		under("A", 1, "kind == 0"), under("B", 1, "kind == 0"), under("x", 1, "kind == 0"), under("y", 5, "kind == 0"),
		under("x", 2, "kind != 0"), under("C", 1, "kind != 0"), under("z", 5, "kind != 0")}}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		given m
		want  string
	}{
		{m{"kind": 1, "x": 3}, "01c0"}, {m{"kind": 1, "x": 1, "C": true}, "0160"}, {m{"x": true}, "0020"},
	} {
		p := mustBuild(t, reg.Proto("demo"), c.given)
		if have := hex.EncodeToString(p.Raw()); have != c.want {
			t.Errorf("%v: %s, want %s", c.given, have, c.want)
		}
	}
}
