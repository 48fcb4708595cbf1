package main

import (
	"fmt"
	"slices"
	"testing"

	"pkl/core"
)

// TestTries: few fields get all tries, many fewer, and none no less than one.
func TestTries(t *testing.T) {
	fields := func(n int) (all []core.Field) {
		for i := range n {
			all = append(all, core.Field{Name: fmt.Sprint("x", i), Bits: 8})
		}
		return all
	}
	item := func(n int) *core.Struct { return &core.Struct{Fields: fields(n)} }
	for _, c := range []struct {
		specs []*core.Spec
		want  int
	}{
		{nil, 500},
		{[]*core.Spec{{Fields: fields(1980)}}, 500},
		{[]*core.Spec{{Fields: fields(9_980)}}, 100},
		{[]*core.Spec{{Fields: fields(4_980)}, {Footer: fields(4_980)}}, 100},
		{[]*core.Spec{{Fields: []core.Field{{Item: item(3_000), Other: item(3_979), Kinds: []core.Variant{{Struct: *item(3_000)}}}}}}, 100},
		{slices.Repeat([]*core.Spec{{Fields: fields(5)}}, 4_000), 10},
		{slices.Repeat([]*core.Spec{{Fields: fields(1_000)}}, 2_000), 1},
	} {
		if got := tries(c.specs); got != c.want {
			t.Errorf("%d tries, want %d", got, c.want)
		}
	}
}
