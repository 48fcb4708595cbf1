package oracle

import (
	"io"
	"sort"
	"testing"

	"pkl/core"
)

// TestFields compares every packet of the corpus.
func TestFields(t *testing.T) {
	all := corpus(t)
	reg := registry(t)
	c, err := newComparer(reg)
	if err != nil {
		t.Fatal(err)
	}
	var p core.Packet
	tshark(t, write(t, all), func(out io.Reader) error {
		pdml := newPDML(out)
		for i := range all {
			protos, err := pdml.next()
			if err != nil || protos == nil {
				t.Fatalf("%s: no answer (%v)", &all[i], err)
			}
			p.Reset(reg, all[i].meta(), all[i].data)
			c.packet(&all[i], &p, protos)
		}
		return nil
	}, "-T", "pdml")
	c.report(t)
}

const limit = 60

func (c *comparer) report(t *testing.T) {
	t.Logf("compared: %+v", c.counts)
	for i, e := range c.exceptions {
		if c.used[i] == 0 && !testing.Short() {
			t.Errorf("this exception is not needed any more: %+v", e)
		}
	}
	var kinds []string
	for k := range c.notes {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	for _, k := range kinds {
		l := c.notes[k]
		t.Errorf("%s: %d times", k, len(l))
		for _, text := range l[:min(limit, len(l))] {
			t.Logf("    %s", text)
		}
	}
}
