package luabind

import (
	"container/heap"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// A timer is one pkl.every or pkl.after.
type timer struct {
	ud    lua.LUserData
	fn    *lua.LFunction
	every time.Duration
	once  bool
	due   int64  // nanoseconds
	n     uint64 // from 1, in order of definition
	of    *timers
	at    int // its place in the heap; -1: it is not there
}

// timers are those of a state: a script may set one for each packet.
type timers struct {
	set   timerHeap
	early []*timer // were made before there was a clock, and count from then on
	made  uint64
}

func (t *timers) any() bool { return len(t.set)+len(t.early) > 0 }

// due reports whether a timer has to run, and starts those that wait for a clock.
func (t *timers) due(s *State) bool {
	if !t.any() {
		return false
	}
	now := s.instant().UnixNano()
	for _, tm := range t.early {
		t.start(tm, now)
	}
	t.early = nil
	return len(t.set) > 0 && t.set[0].due <= now
}

func (t *timers) start(tm *timer, now int64) {
	if tm.wait(now, int64(tm.every)) {
		heap.Push(&t.set, tm)
	}
}

// wait makes a timer due some time from now, unless that is never: times in files
// may be the last that there are.
func (tm *timer) wait(now, ns int64) bool {
	tm.due = now + ns
	return tm.due > now
}

// stop forgets a timer, wherever it is.
func (t *timers) stop(tm *timer) {
	if tm.at >= 0 {
		heap.Remove(&t.set, tm.at)
	}
	t.early = slices.DeleteFunc(t.early, func(e *timer) bool { return e == tm })
}

// clear forgets all.
func (t *timers) clear() {
	for _, tm := range t.set {
		tm.at = -1
	}
	t.set, t.early = nil, nil
}

// A timerHeap has first what is due first, and what was made first of several.
type timerHeap []*timer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool {
	return h[i].due < h[j].due || h[i].due == h[j].due && h[i].n < h[j].n
}

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].at, h[j].at = i, j
}

func (h *timerHeap) Push(x any) {
	tm := x.(*timer)
	tm.at = len(*h)
	*h = append(*h, tm)
}

func (h *timerHeap) Pop() any {
	last := len(*h) - 1
	tm := (*h)[last]
	(*h)[last], tm.at = nil, -1
	*h = (*h)[:last]
	return tm
}

// Wake returns when the next timer is due, for a worker that waits.
func (s *State) Wake() (time.Time, bool) {
	s.timers.due(s)
	if len(s.timers.set) == 0 {
		return time.Time{}, false
	}
	return s.at(s.timers.set[0].due), true
}

// Tick runs the timers that are due. It reports whether one asked to stop the
// run, and whether one was cut, as Verdict.Cut has it.
func (s *State) Tick() (stop, cut bool) {
	if !s.timers.due(s) {
		return false, false
	}
	now := s.instant().UnixNano()
	for len(s.timers.set) > 0 && s.timers.set[0].due <= now {
		tm := s.timers.set[0]
		// A gap in time counts as one: what was missed is not made up for.
		late := (uint64(now) - uint64(tm.due)) % uint64(tm.every)
		if tm.once || !tm.wait(now, int64(tm.every)-int64(late)) {
			heap.Pop(&s.timers.set)
		} else {
			heap.Fix(&s.timers.set, 0)
		}
		stop = s.runTimer(tm) || stop
		cut = cut || s.wasCut()
	}
	return stop, cut
}

func (s *State) runTimer(tm *timer) (stop bool) {
	s.L.Push(tm.fn)
	s.inside = true
	err := s.protect(0, 1, s.runLimit())
	s.inside = false
	if err != nil {
		if s.halted.Load() != nil {
			s.cut(err, 0)
		} else {
			s.report(err, 0)
		}
		return false
	}
	v, _ := verdictOf(s.L.Get(-1))
	s.L.Pop(1)
	return v != nil && v.action == Stop
}

// pklEvery is pkl.every(seconds, fn).
func (s *State) pklEvery(L *lua.LState) int { return s.newTimer(L, "pkl.every", false) }

// pklAfter is pkl.after(seconds, fn).
func (s *State) pklAfter(L *lua.LState) int { return s.newTimer(L, "pkl.after", true) }

func (s *State) newTimer(L *lua.LState, what string, once bool) int {
	n, ok := L.Get(1).(lua.LNumber)
	if !ok {
		L.RaiseError("%s: need a number of seconds as argument 1, have %s", what, kindName(L.Get(1)))
	}
	fn, ok := L.Get(2).(*lua.LFunction)
	if !ok {
		L.RaiseError("%s: need a function as argument 2, have %s", what, kindName(L.Get(2)))
	}
	sec := float64(n)
	if !(sec >= 0.001 && sec < 1e9) {
		L.RaiseError("a timer needs 0.001 seconds or more, not %s", L.Get(1).String())
	}
	t := &s.timers
	t.made++
	tm := &timer{fn: fn, every: time.Duration(sec * 1e9), once: once, n: t.made, of: t, at: -1}
	tm.ud.Value, tm.ud.Metatable = tm, s.meta.timer
	if s.cfg.FileTime && s.clock == 0 {
		t.early = append(t.early, tm)
	} else {
		t.start(tm, s.instant().UnixNano())
	}
	L.Push(&tm.ud)
	return 1
}

// timerStop is t:stop().
func timerStop(L *lua.LState) int {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if tm, ok := ud.Value.(*timer); ok {
			tm.of.stop(tm)
			return 0
		}
	}
	wrongType(L, 1, "timer")
	return 0
}

// pklSleep is pkl.sleep(seconds), for programs.
func (s *State) pklSleep(L *lua.LState) int {
	n, ok := L.Get(1).(lua.LNumber)
	sec := float64(n)
	if s.inside {
		L.RaiseError("pkl.sleep would hold up the packets: a rule cannot wait")
	}
	if s.trial > 0 {
		s.lib.Refuse(L, "pkl.sleep is not available here")
	}
	if !ok || !(sec >= 0 && sec < 1e9) {
		L.RaiseError("pkl.sleep: need a number of seconds, have %s", describe(L.Get(1)))
	}
	t := time.NewTimer(time.Duration(sec * 1e9))
	defer t.Stop()
	for s.halted.Load() == nil && s.budget.Err() == nil {
		select {
		case <-t.C:
			return 0
		case <-s.wake: // perhaps an old one
		}
	}
	if why := s.halted.Load(); why != nil { // the next instruction may be of another line
		L.RaiseError("%v", *why)
	}
	return 0
}
