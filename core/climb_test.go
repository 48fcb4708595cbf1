package core

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestClimb: a packet that is searched for some layers, in any order, shows the
// same as one of which everything was found from below.
func TestClimb(t *testing.T) {
	r := mini(t)
	rng := rand.New(rand.NewPCG(5, 6))
	all := wires(t, r)
	var p, q Packet
	for range 30_000 {
		b := spoilt(rng, all[rng.IntN(len(all))])
		meta := Meta{LinkType: 1, Len: len(b) + rng.IntN(2)}
		p.Reset(r, meta, b)
		q.Reset(r, meta, b)
		q.Last()
		for range 1 + rng.IntN(3) {
			pr := r.protos[rng.IntN(len(r.protos))]
			start, s := -1, unclear
			if p.top == 0 {
				start, s = p.climb(pr)
			}
			want := q.Find(pr, 1)
			switch {
			case s == here && (want == None || int(q.nodes[want].start) != start),
				s == nowhere && want != None:
				t.Fatalf("%x\na climb to %s ends %d at %d, found is %d", b, pr.Name, s, start, want)
			}
			if rng.IntN(2) == 0 {
				continue
			}
			if got := p.Find(pr, 1); (got == None) != (want == None) || got != None && !bytes.Equal(p.Extent(got), q.Extent(want)) {
				t.Fatalf("%x\n%s is %d, want %d", b, pr.Name, got, want)
			}
		}
		if text(&p) != text(&q) {
			t.Fatalf("%x\nclimbed:\n%s\nfound:\n%s", b, text(&p), text(&q))
		}
	}
}

// spoilt returns b, most often with some bytes changed or the end cut.
func spoilt(rng *rand.Rand, b []byte) []byte {
	b = slices.Clone(b)
	for range rng.IntN(3) {
		b[rng.IntN(min(len(b), 60))] = byte(rng.Uint32())
	}
	if rng.IntN(3) == 0 {
		b = b[:rng.IntN(len(b)+1)]
	}
	return b
}
