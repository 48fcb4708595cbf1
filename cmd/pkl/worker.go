package main

import (
	"errors"
	"io/fs"
	"runtime"
	"sync/atomic"
	"time"

	"fmt"

	"pkl/core"
	"pkl/luabind"
)

const retryAge = time.Second // between attempts to replace a state

// A lane brings packets to one worker, in batches, and takes what becomes of
// them. Its methods are called by the worker, but for wake and those that report.
type lane interface {
	// read waits for packets, until the deadline (the zero time: none), and returns
	// how many have come. fs.ErrClosed ends the worker quietly.
	read(deadline time.Time) (n int, err error)
	// size is how many bytes packet i of the batch had on the wire.
	size(i int) int
	// take makes packet i the one in hand. It reports whether rules can judge it; if
	// they cannot, fail follows.
	take(i int) bool
	pass(i int)                       // unseen by rules
	fail(i int)                       // cannot be judged: --on-error decides
	settle(i int, v *luabind.Verdict) // judged
	flush() error                     // the batch is judged
	// owes reports whether each packet has to get a verdict, or at the end of the run
	// those that are left may be forgotten.
	owes() bool
	// sift may keep from the worker what the filter does not choose.
	sift(f *core.Filter) error
	wake()
	close() error
}

// A worker judges the packets of one lane, with a Lua state of its own.
type worker struct {
	l    *live
	n    int // from 1
	lane lane

	loaded                                // what it goes by
	current atomic.Pointer[luabind.State] // st, for other goroutines
	next    atomic.Pointer[loaded]        // what to go on with
	swapped chan *luabind.State           // answers next: the state that it has replaced
	done    chan struct{}                 // closed at the end of run
	broken  atomic.Bool                   // its lane has failed

	pkt     core.Packet
	verdict luabind.Verdict // on it
	tried   time.Time       // to replace the state

	count counts     // of this worker alone
	shown sentCounts // the same, for other goroutines; as of the last batch
}

// A loaded state is one that is ready to judge.
type loaded struct {
	gen    *luabind.Generation
	st     *luabind.State // nil: it could not be replaced
	filter *core.Filter
}

// newWorker adds a worker, whose lane is to be set.
func (l *live) newWorker() *worker {
	w := &worker{l: l, n: len(l.workers) + 1, swapped: make(chan *luabind.State, 1), done: make(chan struct{})}
	l.workers = append(l.workers, w)
	return w
}

// use judges by a state from now on.
func (w *worker) use(next *loaded) {
	w.loaded = *next
	w.current.Store(w.st)
	w.l.ruleStats.begin(w.st)
}

// run judges until the run ends. A mistake in pkl ends the run in order, too.
func (w *worker) run() {
	defer close(w.done)
	defer w.l.c.caught(w.l.fail)
	var quiet time.Time // since when nothing has come, at the end
	for {
		n, err := w.lane.read(w.deadline())
		if err != nil {
			if !errors.Is(err, fs.ErrClosed) {
				w.fail(err)
			}
			return
		}
		w.swap()
		for i := range n {
			w.judge(i)
		}
		if err := w.lane.flush(); err != nil {
			w.fail(err)
			return
		}
		w.shown.store(&w.count)
		if w.l.enoughSeen.Load() && !w.lane.owes() {
			return
		}
		switch draining := w.l.draining.Load(); {
		case w.l.late.Load():
			return
		case !draining:
			w.tick() // also after packets: none may have come to the rules
		case n > 0:
			quiet = time.Time{}
		case quiet.IsZero():
			quiet = time.Now()
		case time.Since(quiet) >= drainQuiet:
			return
		}
	}
}

// fail ends the run for an error of the lane.
func (w *worker) fail(err error) {
	w.broken.Store(true)
	w.l.fail(err)
}

// deadline is how long to wait for packets: until a timer is due, or for what is
// still on its way when the run ends.
func (w *worker) deadline() time.Time {
	if w.l.draining.Load() {
		return time.Now().Add(drainQuiet)
	}
	if w.st == nil {
		return time.Now().Add(retryAge)
	}
	due, _ := w.st.Wake()
	return due
}

// swap goes on with the next generation, if there is one.
func (w *worker) swap() {
	if w.next.Load() == nil {
		return
	}
	next := w.next.Swap(nil)
	if next == nil {
		return
	}
	old := w.st
	w.use(next)
	if err := w.lane.sift(w.filter); err != nil {
		w.l.fail(err)
	}
	w.swapped <- old
}

// tick runs the timers that are due.
func (w *worker) tick() {
	if w.st == nil {
		w.replace()
		return
	}
	stop, cut := w.st.Tick()
	if cut {
		w.replace()
	}
	if stop {
		w.l.end()
	}
}

// judge gives one packet of the batch its verdict.
func (w *worker) judge(i int) {
	if w.l.enoughSeen.Load() && !w.lane.owes() {
		return
	}
	w.count.packets++
	w.count.bytes += uint64(w.lane.size(i))
	if w.st == nil {
		w.replace()
	}
	if w.st == nil {
		w.count.failed++
		w.lane.fail(i)
		return
	}
	if !w.lane.take(i) {
		w.count.unknown++
		w.lane.fail(i)
		return
	}
	if w.filter != nil && !w.filter.Match(&w.pkt) {
		w.count.unseen++
		w.lane.pass(i)
		return
	}
	if w.l.enough() { // the end is on its way
		w.count.late++
		w.lane.fail(i)
		return
	}
	w.verdict = w.st.Handle(&w.pkt)
	v := &w.verdict
	if v.Failed {
		w.count.failed++
	}
	w.lane.settle(i, v)
	if v.End {
		w.l.end()
	}
	if v.Cut {
		w.replace()
	}
}

// replace makes a new state of the same generation: in one that was cut, what
// its script was about to change may be half done.
func (w *worker) replace() {
	if time.Since(w.tried) < retryAge && w.st == nil || w.l.c.stop.stopped() {
		return
	}
	w.tried = time.Now()
	w.count.replaced++
	next, err := w.l.start(w.gen, w.n)
	if w.l.c.stop.stopped() && err != nil { // it was cut; the run ends with the old one
		return
	}
	if err != nil && w.st != nil { // perhaps for want of the memory that this one holds
		w.l.retire(w.st)
		w.st = nil
		w.current.Store(nil)
		runtime.GC()
		next, err = w.l.start(w.gen, w.n)
	}
	if err != nil {
		w.l.faults.add(err.Error(), fmt.Sprintf("pkl: worker %d could not start its scripts anew, so what it is given fails: %v", w.n, err), w.l.c.err)
		return
	}
	if w.st != nil {
		w.l.retire(w.st)
	}
	w.use(next)
}

// fail ends the run for an error of a worker; the first one counts.
func (l *live) fail(err error) {
	select {
	case l.failures <- err:
	default:
	}
}
