package main

import (
	"fmt"
	"io"
	"testing"

	"pkl/core"
	"pkl/protocols"
)

// TestRelationsScale: what pkl protos --json does grows with the number of
// protocols, not with a power of it. Allocations stand for the work.
func TestRelationsScale(t *testing.T) {
	work := func(n int) float64 {
		specs := protocols.All()
		for i := range n {
			specs = append(specs, &core.Spec{Name: fmt.Sprintf("made%d", i), Fields: []core.Field{{Name: "a", Bits: 8}},
				Over: []core.Key{{On: "udp.port", Is: fmt.Sprint(20000 + i)}}})
		}
		reg, err := core.Compile(specs, protocols.Structs(), nil)
		if err != nil {
			t.Fatal(err)
		}
		return testing.AllocsPerRun(1, func() {
			if err := printJSON(io.Discard, reg, reg.Protos()); err != nil {
				t.Fatal(err)
			}
		})
	}
	none := work(0)
	if few, many := work(50)-none, work(150)-none; many > 4*few {
		t.Errorf("50 protocols: %v allocations, 150: %v", few, many)
	}
}
