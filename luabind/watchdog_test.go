package luabind

import (
	"testing"
	"time"

	"pkl/luabind/lualib"
)

// A run that others keep from the processors is not stopped for that; for ever it
// does not go on. Nor does the watchdog rest before a run has had its time.
func TestWatchdogStarved(t *testing.T) {
	const allowed, every = 80 * time.Millisecond, 10 * time.Millisecond
	for _, c := range []struct {
		name    string
		waiting time.Duration // of the thread that waits most, a look
		looks   int           // until it is stopped
	}{
		{"has a processor", 0, 8},
		{"has it half the time", every / 2, 15},
		{"never has one", every, 80},
		{"several have none", 3 * every, 80},
	} {
		s := &State{budget: lualib.NewBudget()}
		waited := 1000 * every // before the run began
		w := &watchdog{s: s, every: every, delays: func() map[string]time.Duration {
			return map[string]time.Duration{"1": time.Hour, "2": waited}
		}}
		s.allowed.Store(int64(allowed))
		s.counted.Store(s.budget.Reset(0))
		w.lookAtRun()
		looks := 0
		for ; s.budget.Err() == nil && looks < 1000; looks++ {
			if s.looked.Store(true); w.mayRest() {
				t.Errorf("%s: the watchdog rests after %d looks", c.name, looks)
				break
			}
			w.lookAtRun()
			waited += c.waiting
		}
		if want := c.looks; looks != want {
			t.Errorf("%s: stopped after %d looks, want %d", c.name, looks, want)
		}
		s.counted.Store(s.budget.Reset(0))
		if w.lookAtRun(); s.budget.Err() != nil || w.over {
			t.Errorf("%s: the next run is stopped", c.name)
		}
		s.counting = true
		s.end()
		for range 2 * c.looks {
			w.lookAtRun()
		}
		if s.budget.Err() != nil {
			t.Errorf("%s: a run is stopped that has ended", c.name)
		}
		if s.looked.Store(false); w.mayRest() {
			t.Errorf("%s: the watchdog rests while something begins", c.name)
		}
		if !w.mayRest() {
			t.Errorf("%s: the watchdog does not rest though nothing runs", c.name)
		}
	}
}
