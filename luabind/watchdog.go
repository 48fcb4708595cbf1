package luabind

import (
	"fmt"
	"os"
	"time"
)

const (
	// looks is how often the watchdog looks at the shortest run that it may stop.
	looks = 8

	// memoryLook is how often it looks at the heap.
	memoryLook = 10 * time.Millisecond

	// starvation is how many times as long a run may take where others have the processors.
	starvation = 10
)

// lookEvery is how often the watchdog has to look; 0: there is nothing to watch.
func (c *Config) lookEvery() time.Duration {
	every := time.Duration(0)
	for _, d := range []time.Duration{c.Budget, c.LoadBudget} {
		if look := max(d/looks, 1); d > 0 && (every == 0 || look < every) {
			every = look
		}
	}
	if c.Memory > 0 && (every == 0 || every > memoryLook) {
		every = memoryLook
	}
	return every
}

// A watchdog stops a run that goes on for too long, and lets a script know when
// the heap is large. While nothing runs it rests: queues may be many, and quiet.
type watchdog struct {
	s     *State
	every time.Duration
	heap  *heapMeter

	run     uint64                          // that was seen last
	seen    time.Duration                   // for how long
	over    bool                            // it has ended, or had the time that it may take
	delays  func() map[string]time.Duration // for how long threads had no processor
	before  map[string]time.Duration        // that, when the run was first seen again
	unasked time.Duration                   // since it looked at the heap
}

func (s *State) watch(every time.Duration) {
	w := &watchdog{s: s, every: every, heap: newHeapMeter(s.cfg.Reserved), delays: runDelays}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-tick.C:
		}
		w.lookAtRun()
		w.lookAtHeap()
		if !w.mayRest() {
			continue
		}
		tick.Stop()
		select {
		case <-s.done:
			return
		case <-s.roused:
		}
		tick.Reset(every)
	}
}

// stir tells the watchdog that the state works again.
func (s *State) stir() {
	if !s.looked.Load() {
		return
	}
	s.looked.Store(false)
	select {
	case s.roused <- struct{}{}:
	default:
	}
}

// mayRest reports whether nothing runs, nor has begun since the last look. A run
// without a limit may go on for ever.
func (w *watchdog) mayRest() bool { return w.s.looked.Swap(true) && w.over }

// lookAtRun stops a run that goes on for too long. It counts its looks, not the
// time between them: a process that was stopped for a while has not run. To stop a
// run that has ended meanwhile harms nothing.
func (w *watchdog) lookAtRun() {
	s := w.s
	now, allowed := s.counted.Load(), time.Duration(s.allowed.Load())
	if now != w.run {
		w.run, w.seen, w.over = now, 0, now == noRun
		return
	}
	if w.run == 0 || w.run == noRun {
		return
	}
	if w.seen == 0 {
		w.before = w.delays()
	}
	w.seen += w.every
	if w.over = w.over || w.seen >= allowed && w.ran() >= allowed; w.over {
		s.budget.StopRun(w.run, fmt.Errorf("ran longer than %v", allowed))
		s.stopSending()
	}
}

// ran is for how long the run may have had a processor: where others take them, it
// is not to blame. Which thread it was on is not known, so the one that was kept
// waiting longest stands for it, and one part in starvation counts always.
func (w *watchdog) ran() time.Duration {
	var waited time.Duration
	for thread, now := range w.delays() {
		waited = max(waited, now-w.before[thread])
	}
	return max(w.seen-waited, w.seen/starvation)
}

// runDelays is for how long each thread of the process was ready to run while others
// had the processors; nothing where the system does not tell.
func runDelays() map[string]time.Duration {
	const tasks = "/proc/self/task/"
	d, err := os.Open(tasks)
	if err != nil {
		return nil
	}
	defer d.Close()
	threads, _ := d.Readdirnames(-1)
	delays := make(map[string]time.Duration, len(threads))
	for _, thread := range threads {
		var ran, delayed int64
		text, _ := os.ReadFile(tasks + thread + "/schedstat") // none: it has ended
		if n, _ := fmt.Sscan(string(text), &ran, &delayed); n == 2 {
			delays[thread] = time.Duration(delayed)
		}
	}
	return delays
}

// lookAtHeap looks at the heap. When it is large, the script itself has to find
// out before its next instruction how much of that is in use: so it allocates
// nothing meanwhile.
func (w *watchdog) lookAtHeap() {
	s := w.s
	if w.unasked += w.every; s.cfg.Memory <= 0 || w.unasked < memoryLook {
		return
	}
	w.unasked = 0
	if size, _ := w.heap.read(); size > s.look.Load() {
		s.full.Store(true)
		s.budget.Ask()
	}
}
