package core

import (
	"strings"
	"testing"
)

// TestTry: all protocols of all worlds hold together.
func TestTry(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 50
	}
	for _, w := range worlds(t) {
		for _, pr := range w.reg.Protos() {
			if f := Try(pr, n, 1, nil); f != nil {
				t.Errorf("%s: %v", w.name, f)
			}
		}
	}
}

// TestTryFinds: mistakes that compile are found, with the smallest bytes.
func TestTryFinds(t *testing.T) {
	for _, c := range []struct {
		what string
		spec Spec
		want []string
	}{
		{"the length does not count what the size leaves out", Spec{Fields: []Field{
			{Name: "l", Bits: 8, Auto: "len(v)"}, {Name: "v", Kind: Bytes, Size: "l - 1"},
		}}, []string{"smallest bytes: "}},
		{"the header length has no unit", Spec{Header: "h * 4", Fields: []Field{
			{Name: "h", Bits: 8, Auto: "header_len"}, {Name: "a", Bits: 24},
		}}, []string{"smallest bytes: 04000000"}},
		{"the count counts bytes", Spec{Fields: []Field{
			{Name: "n", Bits: 8, Auto: "len(l)"}, {Name: "l", Kind: List, Count: "n", Item: &Struct{Fields: []Field{{Bits: 16}}}},
		}}, []string{"built of {l = {0}}", "smallest bytes: 020000"}},
		{"a length decides what is there", Spec{Fields: []Field{
			{Name: "l", Bits: 8, Auto: "len(v)"}, {Name: "x", Bits: 8, When: "l == 2"}, {Name: "v", Kind: Bytes, Size: "l"},
		}}, []string{"wrong.x is there when l == 2, and l is computed only when all fields are there", "smallest bytes: 020000"}},
		{"a length decides whether what it tells is there", Spec{Fields: []Field{
			{Name: "l", Bits: 8}, {Name: "v", Kind: Bytes, Size: "l", When: "l > 0"},
		}}, []string{"cannot be built with its defaults: wrong.l cannot be computed: len(v); wrong.v is absent here: it is there when l > 0"}},
	} {
		c.spec.Name = "wrong"
		r, err := Compile([]*Spec{&c.spec}, nil, nil)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		f := Try(r.Proto("wrong"), 200, 1, nil)
		if f == nil {
			t.Errorf("%s: not found", c.what)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(f.Error(), want) {
				t.Errorf("%s: %v, want %q", c.what, f, want)
			}
		}
	}
}

// crashingHook crashes when a packet whose first byte is not 0 is brought up to date.
type crashingHook struct{}

func (crashingHook) Run(l Layer) error {
	if h := l.p.Header(l.id); len(h) > 0 && h[0] != 0 {
		panic("crashed")
	}
	return nil
}

// TestTryCrash: a crash is a failure also where the bytes to damage are made.
func TestTryCrash(t *testing.T) {
	spec := Spec{Name: "crash", Fields: []Field{{Name: "a", Bits: 8}}, HookUpdate: crashingHook{}}
	r, err := Compile([]*Spec{&spec}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) { // some packets leave the field out
		if f := Try(r.Proto("crash"), 1, seed, nil); f != nil {
			if !strings.Contains(f.Error(), "crashed") {
				t.Error(f)
			}
			return
		}
	}
	t.Error("not found")
}
