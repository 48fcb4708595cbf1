package core

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// gateCondition draws a condition over a number of the given width with flags
// A to H; @ stands in front of each name.
func gateCondition(r *rand.Rand, bits, depth int) string {
	flag := func() string { return "@" + string(rune('A'+r.IntN(8))) }
	value := func() uint64 { return r.Uint64() & ones(bits) >> r.IntN(bits) }
	if depth > 0 && r.IntN(3) > 0 {
		op := []string{"and", "or"}[r.IntN(2)]
		not := []string{"", "", "not "}[r.IntN(3)]
		return not + "(" + gateCondition(r, bits, depth-1) + " " + op + " " + gateCondition(r, bits, depth-1) + ")"
	}
	switch r.IntN(7) {
	case 0, 1:
		return flag()
	case 2:
		return "not " + flag()
	case 3:
		mask := value()
		return fmt.Sprintf("@n & %#x %s %#x", mask, []string{"==", "!="}[r.IntN(2)], value()&mask)
	case 4:
		return fmt.Sprintf("@n %s %d", []string{"==", "!=", "<", ">="}[r.IntN(4)], value())
	case 5:
		return fmt.Sprintf("@n & %#x != 0", value())
	}
	lo, hi := value(), value()
	return fmt.Sprintf("@n in {%d, %d-%d}", value(), min(lo, hi), max(lo, hi))
}

// TestGates: a field is there exactly where its condition holds, however that
// is asked: filters know no gates.
func TestGates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		bits := []int{8, 16}[r.IntN(2)]
		a, b := gateCondition(r, bits, 2), gateCondition(r, bits, 1)
		spec := &Spec{Name: "g", Fields: []Field{
			{Name: "n", Bits: bits, Flags: strings.Split("A B C D E F G H", " ")},
			{Name: "x", Bits: 8, When: strings.ReplaceAll(a, "@", "")},
			{Name: "y", Bits: 16, When: strings.ReplaceAll(b, "@", "")},
			{Name: "z", Bits: 8},
		}}
		reg, err := Compile([]*Spec{spec}, nil, nil)
		if err != nil {
			if strings.Contains(err.Error(), "fit") {
				continue // a value that the number never has
			}
			t.Fatalf("%s; %s: %v", a, b, err)
		}
		pr := reg.Proto("g")
		check := func(when, field string, data []byte) {
			f, err := reg.Filter(strings.ReplaceAll(when, "@", "g."))
			if err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			var p Packet
			p.ResetAs(pr, data)
			want := f.Match(&p)
			if got := p.Has(p.First(), pr.Head().Slot(field)); got != want {
				t.Fatalf("%d bits, %s; %s: under %x, %s is there: %v", bits, a, b, data[:bits/8], field, got)
			}
		}
		for range 64 {
			data := make([]byte, 8)
			n := r.Uint64() & ones(bits)
			putBE(data, bits/8, n)
			check(a, "x", data)
			check(b, "y", data)
		}
	}
}
