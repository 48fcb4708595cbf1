package luabind

import (
	"testing"

	"pkl/core"
)

// TestHandlesOfGoneLayers: a packet does not keep the handles of all layers it ever had.
func TestHandlesOfGoneLayers(t *testing.T) {
	reg, err := core.Compile([]*core.Spec{
		{Name: "low", Fields: []core.Field{{Name: "type", Bits: 8}}},
		{Name: "mid", Over: []core.Key{{On: "low.type", Is: "1"}}, Fields: []core.Field{{Name: "a", Bits: 8}}},
	}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	build := func(name string) *core.Packet {
		p, err := core.Build(reg.Proto(name), nil)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	h := &packetRef{p: build("low")}
	for range 50 {
		low := h.p.First()
		if err := h.p.Insert(low, build("mid")); err != nil {
			t.Fatal(err)
		}
		for _, id := range []core.ID{low, h.p.Upper(low)} {
			h.dropGone()
			h.records = &recordRef{id: id, birth: h.p.Birth(id), next: h.records}
		}
		if err := h.p.Remove(h.p.Upper(low)); err != nil {
			t.Fatal(err)
		}
	}
	h.dropGone()
	n := 0
	for r := h.records; r != nil; r = r.next {
		if n++; r.id != h.p.First() {
			t.Errorf("there is a handle of layer %d", r.id)
		}
	}
	if n != 50 {
		t.Errorf("%d handles of the layer that stayed, want 50", n)
	}
}
