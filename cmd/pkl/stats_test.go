package main

import (
	"testing"

	"pkl/nfq"
)

// What became of packets that wait at the end is said; a queue that takes no
// verdicts any more has dropped them, whatever it was told.
func TestWaiting(t *testing.T) {
	for _, c := range []struct {
		n      int
		end    string
		broken bool
		want   string
	}{
		{3, "", false, "3 waiting"},
		{0, "accepted", false, "0 waiting"},
		{3, "accepted", false, "3 undecided at the end (accepted)"},
		{3, "accepted", true, "3 undecided at the end (dropped)"},
	} {
		q := queueCounts{kernel: nfq.KernelQueue{Waiting: c.n}, broken: c.broken}
		if got := q.waiting(c.end); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
