package oracle

import (
	"io"
	"maps"
	"slices"
	"sync"
	"testing"

	"pkl/core"
)

// A run is the corpus, dissected by both.
type run struct {
	samples []sample
	reg     *core.Registry
	*comparer
}

// once holds the run that all tests share.
var once struct {
	sync.Mutex
	run *run
}

// compared returns the corpus after the comparison.
func compared(t *testing.T) *run {
	t.Helper()
	once.Lock()
	defer once.Unlock()
	if once.run != nil {
		return once.run
	}
	samples, reg := corpus(t), registry(t)
	c, err := newComparer(reg)
	if err != nil {
		t.Fatal(err)
	}
	r := &run{samples, reg, c}
	tshark(t, write(t, samples), r.read, "-T", "pdml")
	once.run = r
	return r
}

// read compares what tshark says with each packet in turn.
func (r *run) read(out io.Reader) error {
	var p core.Packet
	pdml := newPDML(out)
	for i := range r.samples {
		s := &r.samples[i]
		protos, err := pdml.next()
		if err != nil {
			return err
		}
		p.Reset(r.reg, s.meta(), s.data)
		r.packet(s, &p, protos)
	}
	return nil
}

// TestFields compares every packet of the corpus.
func TestFields(t *testing.T) {
	r := compared(t)
	r.report(t)
	for i, e := range r.exceptions {
		if r.used[i] == 0 && !testing.Short() {
			t.Errorf("this exception is not needed any more: %+v", e)
		}
	}
}

// limit is how many differences of a kind are shown.
const limit = 5

func (c *comparer) report(t *testing.T) {
	t.Logf("compared: %+v", c.counts)
	kinds := slices.Sorted(maps.Keys(c.notes))
	for _, k := range kinds {
		l := c.notes[k]
		t.Errorf("%s: %d times", k, len(l))
		for _, text := range l[:min(limit, len(l))] {
			t.Logf("    %s", text)
		}
	}
}
