package core

import (
	"encoding/hex"
	"strings"
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

// TestDecidedBy: a field whose presence hangs on a number that is computed from
// something else is built where that number is given, and the message says so.
func TestDecidedBy(t *testing.T) {
	reg, err := Compile([]*Spec{{Name: "demo", Fields: []Field{{Name: "len", Bits: 8, Auto: "total_len"}, num("kind", 8),
		{Name: "long", Bits: 8, When: "len > 2"}, {Name: "other", Bits: 8, When: "kind == 1"}}}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	pr := reg.Proto("demo")
	for _, c := range []struct {
		given m
		want  string
	}{
		{m{"long": 5}, "demo.long is absent here: it is there when len > 2; len is computed only when all fields are there: give it, too"},
		{m{"long": 5, "len": 2}, "demo.long is absent here: it is there when len > 2"},
		{m{"other": 5}, "demo.other is absent here: it is there when kind == 1"},
	} {
		if _, err := Build(pr, c.given); err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", c.given, err, c.want)
		}
	}
	p := mustBuild(t, pr, m{"long": 5, "len": 3})
	if have := hex.EncodeToString(p.Raw()); have != "030005" {
		t.Errorf("with the length: %s", have)
	}
	if err := p.Set(p.First(), pr.head.Slot("other"), 1); err == nil || strings.Contains(err.Error(), "computed") {
		t.Errorf("an edit: %v", err)
	}
}

// TestOneFlagOfSeveral: fields of which one flag tells, whichever is there, come
// and go as one; also where the flag is a part of a number.
func TestOneFlagOfSeveral(t *testing.T) {
	under := func(name string, bits int, def any) Field {
		return Field{Name: name, Bits: bits, When: "F", Default: def}
	}
	reg, err := Compile([]*Spec{{Name: "demo", Fields: []Field{num("flags", 8),
		{Name: "F", Bits: 1, Part: "flags", Auto: "present(a) or present(b)"}, {Name: "G", Bits: 1, Part: "flags", Auto: "present(c)"},
		under("a", 8, 7), {Name: "low", Bits: 4, Part: "a"}, under("b", 16, nil), under("plain", 8, 9), {Name: "c", Bits: 8, When: "G"}, {Name: "d", Bits: 8, When: "G"}}}}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	pr := reg.Proto("demo")
	for _, c := range []struct {
		given m
		want  string
	}{
		{nil, "00"}, {m{"a": 1}, "80" + "01000009"}, {m{"b": 1}, "80" + "07000109"}, {m{"a": 1, "b": 2}, "80" + "01000209"},
		{m{"c": 1}, "40" + "0100"}, {m{"c": 1, "d": 2}, "40" + "0102"}, {m{"flags": 0x80}, "80" + "07000009"}, {m{"flags": 0xc0, "b": 3, "c": 4}, "c0" + "07000309" + "0400"},
	} {
		if have := hex.EncodeToString(mustBuild(t, pr, c.given).Raw()); have != c.want {
			t.Errorf("%v: %s, want %s", c.given, have, c.want)
		}
	}
	p := mustBuild(t, pr, nil)
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"b", 5, "80" + "07000509"}, {"c", 1, "c0" + "07000509" + "0100"}, {"a", nil, "40" + "0100"}, {"a", 2, "c0" + "02000009" + "0100"},
		{"c", nil, "80" + "02000009"}, {"b", nil, "00"}, {"low", 3, "80" + "37000009"}, {"low", nil, "00"},
	} {
		if err := p.Set(p.First(), pr.head.Slot(c.name), c.v); err != nil {
			t.Fatal(err)
		}
		p.Update()
		if have := hex.EncodeToString(p.Raw()); have != c.want {
			t.Errorf("%s = %v: %s, want %s", c.name, c.v, have, c.want)
		}
	}
}

// TestFlagOfAbsence: where a flag tells also of what is absent, the fields under it
// are those that its rule gives.
func TestFlagOfAbsence(t *testing.T) {
	for auto, want := range map[string]string{
		"present(short) and not present(long)": "00" + "0005", "present(short) or not present(long)": "00" + "0005", "not present(long)": "00" + "0005",
	} {
		reg, err := Compile([]*Spec{{Name: "dm", Fields: []Field{{Name: "S", Bits: 1, Auto: auto}, num("r", 7),
			{Name: "short", Bits: 8, When: "S"}, {Name: "long", Bits: 16, When: "not S"}}}}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if have := hex.EncodeToString(mustBuild(t, reg.Proto("dm"), m{"long": 5}).Raw()); have != want {
			t.Errorf("%s: %s, want %s", auto, have, want)
		}
	}
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
