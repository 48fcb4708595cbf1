package main

import (
	"strings"
	"testing"
)

// TestNine runs the nine measurements once each, in every language that is here; their results are compared.
func TestNine(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	t.Chdir("..")
	o := &options{}
	b, err := build(o)
	if err != nil {
		t.Fatal(err)
	}
	if b.noPkl != "" {
		t.Fatal(b.noPkl)
	}
	ps := ninePrograms(b, 0)
	if err := newRunner(o).nine(ps, 2); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	printNine(&text, ps)
	t.Log(text.String())
	for _, p := range ps[:2] {
		for _, row := range nineRows {
			if len(p.rates[row]) != 2 || !strings.Contains(text.String(), row) {
				t.Errorf("%s, %s: rates %v", p.name, row, p.rates[row])
			}
		}
	}
}

func TestNineResults(t *testing.T) {
	for _, c := range []struct{ a, b, bad string }{
		{"create IP\t5\t4500\n", "create IP\t7\t4500\n", ""},
		{"create IP\t5\t4500\n", "parse first layer\t7\t2048\n", ""},
		{"create IP\t5\t4500\n", "create IP\t7\t4501\n", "create IP: a made 4500, b made 4501"},
		{"create IP\t5\t4500\n", "create IP\tmany\t4500\n", "create IP"},
		{"create IP\t5\t4500\n", "create IP\t5\t\n", "want a measurement"},
		{"create IP\t5\t4500\n", "destroy IP\t5\t4500\n", "want a measurement"},
	} {
		a, b := &nineProgram{name: "a"}, &nineProgram{name: "b"}
		err := a.take(c.a)
		if err == nil {
			err = b.take(c.b)
		}
		if err == nil {
			err = agree([]*nineProgram{a, b})
		}
		if c.bad == "" && err != nil || c.bad != "" && (err == nil || !strings.Contains(err.Error(), c.bad)) {
			t.Errorf("%q and %q: %v, want %q", c.a, c.b, err, c.bad)
		}
	}
	if err := (&nineProgram{all: true}).take("create IP\t5\t4500\n"); err == nil {
		t.Error("one measurement of nine is enough")
	}
}
