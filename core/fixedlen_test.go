package core

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLawFixedLen: where the length of a packet is fixed, an edit that would
// change it is refused and changes nothing; any other does what it always does.
func TestLawFixedLen(t *testing.T) {
	refused, done := 0, 0
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		free := d.whole(r)
		fixed := free.Copy()
		fixed.FixedLen = "for a test"
		for range d.int(1, 3, "edits") {
			before := text(fixed)
			edit := d.anyEdit(free)
			err, err2 := edit(free), edit(fixed)
			switch n := len(free.Raw()); {
			case err == nil && n != len(fixed.Raw()) && err2 != nil:
				want := fmt.Sprintf("the packet would have %d bytes, and its length cannot change from %d: for a test", n, len(fixed.Raw()))
				if !strings.HasSuffix(err2.Error(), want) || text(fixed) != before {
					t.Fatalf("%v, want %s\n%s\n%s", err2, want, before, text(fixed))
				}
				refused++
				return
			case fmt.Sprint(err) != fmt.Sprint(err2) || text(free) != text(fixed):
				t.Fatalf("%v, %v\n%s\n%s", err, err2, text(free), text(fixed))
			case err == nil:
				done++
			}
		}
		free.Update()
		if fixed.Update(); text(free) != text(fixed) {
			t.Fatalf("%s\n%s", text(free), text(fixed))
		}
	})
	if refused < 10 || done < 10 {
		t.Errorf("%d edits refused, %d done", refused, done)
	}
}

// anyEdit draws an edit of a field, a list, a body or a layer.
func (d *drawer) anyEdit(p *Packet) func(*Packet) error {
	_, fields := d.shape(p)
	f := fields[d.int(0, len(fields)-1, "field")]
	id := f.at.at(p)
	layer := ID(p.layerOf(int32(id)))
	switch body := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(d.t, "body"); d.int(1, 4, "edit") {
	case 1:
		return func(p *Packet) error { return p.SetBody(layer, body) }
	case 2:
		return func(p *Packet) error { return p.Remove(layer) }
	}
	v := d.legal(p, id, f.s)
	return func(p *Packet) error { return p.Set(f.at.at(p), f.s, v) }
}

// A copy may change its length, and so may the next packet.
func TestFixedLenEnds(t *testing.T) {
	p := showWire(t, showPing)
	p.FixedLen = "for a test"
	if err := p.SetBody(p.Last(), []byte{}); err == nil {
		t.Error("no error")
	}
	if err := p.Copy().SetBody(p.Last(), []byte{}); err != nil {
		t.Error(err)
	}
	if p.Next(p.Raw(), 0, 0); p.FixedLen != "" {
		t.Error(p.FixedLen)
	}
}
