package oracle

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"pkl/core"
)

// TestCutEdits makes the edits of TestEdits, which tshark looks at, in packets
// that a capture has cut within their body. What is there of each must be what
// is there of the whole packet after the same edit, lengths included.
func TestCutEdits(t *testing.T) {
	r := compared(t)
	same, resized := 0, 0
	for i := range r.samples {
		s := &r.samples[i]
		n := cutBehind(r.reg, s)
		if !s.clean || s.wire != len(s.data) || n == 0 {
			continue
		}
		part := *s
		part.data = s.data[:n:n]
		for k, kind := range kinds() {
			whole, to, ok := r.tryEdit(s, kind, uint64(i*100+k))
			now, to2, ok2 := r.tryEdit(&part, kind, uint64(i*100+k))
			if !ok || !ok2 || to != to2 || to > n {
				continue // it is about what is missing
			}
			same++
			if now.Len != s.wire {
				resized++
			}
			if a, b := whole.Raw(), now.Raw(); now.Len != len(a) || !bytes.HasPrefix(a, b) {
				t.Errorf("%s, %s, cut at byte %d of %d:\n%x\nof\n%x", s, kind.name, len(b), now.Len, b, a)
			}
		}
	}
	t.Logf("%d edits, %d of which changed the size", same, resized)
	if same == 0 || resized == 0 {
		t.Error("nothing was tried")
	}
}

// cutBehind says where to cut a packet that verifies: behind its last header.
func cutBehind(reg *core.Registry, s *sample) int {
	var p core.Packet
	p.Reset(reg, s.meta(), s.data)
	last := p.Last()
	if last == core.None || len(p.Verify()) > 0 || len(p.Body(last)) < 3 {
		return 0
	}
	n := len(s.data) - len(p.Body(last))
	for id := last; id != core.None; id = p.Lower(id) {
		if p.Foot(id) != core.None {
			return 0
		}
		n -= len(p.Trailer(id))
	}
	return n + 2
}

// tryEdit makes an edit; to is where what it is about ends.
func (r *run) tryEdit(s *sample, k kind, seed uint64) (p *core.Packet, to int, ok bool) {
	p = &core.Packet{}
	p.Reset(r.reg, s.meta(), s.data)
	c := &change{p: p, rng: rand.New(rand.NewPCG(seed, 3)), reg: r.reg}
	done, err := k.apply(c)
	p.Update()
	return p, c.to, done && err == nil
}
