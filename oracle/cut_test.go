package oracle

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestCut cuts packets as a snap length does. What is whole in them, tshark
// shows the same way.
func TestCut(t *testing.T) {
	full := compared(t)
	c, err := newComparer(full.reg)
	if err != nil {
		t.Fatal(err)
	}
	const least = 1
	rng := rand.New(rand.NewPCG(3, 4))
	var samples []sample
	for _, s := range full.samples {
		if len(s.data) <= least || !full.links[s.link] || excepted(&s) {
			continue
		}
		s.data = s.data[:least+rng.IntN(min(len(s.data)-least, 120))]
		samples = append(samples, s)
	}
	r := &run{samples, full.reg, c}
	tshark(t, write(t, samples), r.read, "-T", "pdml")
	r.report(t)
}

// excepted reports whether the whole packets of a capture are exceptions.
func excepted(s *sample) bool {
	return slices.ContainsFunc(exceptions(), func(e exception) bool { return strings.HasPrefix(s.String(), e.packet) })
}
