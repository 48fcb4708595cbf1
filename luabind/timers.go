package luabind

import (
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
	due   int64 // nanoseconds; 0: from the first packet on
	done  bool
}

// timers are those of a state.
type timers struct {
	list []*timer
	next int64 // when the first is due; 0: none is set
}

func (t *timers) any() bool { return len(t.list) > 0 }

// due reports whether a timer has to run, and starts those that wait for a clock.
func (t *timers) due(s *State) bool {
	if len(t.list) == 0 {
		return false
	}
	now := s.instant().UnixNano()
	for _, tm := range t.list {
		if tm.due == 0 {
			tm.due = now + int64(tm.every)
			t.next = 0
		}
	}
	if t.next == 0 {
		t.schedule()
	}
	return t.next != 0 && now >= t.next
}

// schedule notes when the first timer is due, and forgets those that are done.
func (t *timers) schedule() {
	t.list = slices.DeleteFunc(slices.Clone(t.list), func(tm *timer) bool { return tm.done })
	t.next = 0
	for _, tm := range t.list {
		if tm.due != 0 && (t.next == 0 || tm.due < t.next) {
			t.next = tm.due
		}
	}
}

// Wake returns when the next timer is due, for a worker that waits.
func (s *State) Wake() (time.Time, bool) {
	s.timers.due(s)
	if s.timers.next == 0 {
		return time.Time{}, false
	}
	return s.at(s.timers.next), true
}

// Tick runs the timers that are due. It reports whether one asked to stop the
// run, and whether one was cut, as Verdict.Cut has it.
func (s *State) Tick() (stop, cut bool) {
	if !s.timers.due(s) {
		return false, false
	}
	now := s.instant().UnixNano()
	for _, tm := range s.timers.list {
		if tm.done || tm.due == 0 || tm.due > now {
			continue
		}
		// A gap in time counts as one: what was missed is not made up for.
		tm.due += int64(tm.every) * max(1, (now-tm.due)/int64(tm.every)+1)
		tm.done = tm.once
		stop = s.runTimer(tm) || stop
		cut = cut || s.wasCut()
	}
	s.timers.schedule()
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
	tm := &timer{fn: fn, every: time.Duration(sec * 1e9), once: once}
	tm.ud.Value, tm.ud.Metatable = tm, s.meta.timer
	if !s.cfg.FileTime || s.clock != 0 {
		tm.due = s.instant().UnixNano() + int64(tm.every)
	}
	s.timers.list = append(slices.Clone(s.timers.list), tm)
	s.timers.next = 0
	L.Push(&tm.ud)
	return 1
}

// timerStop is t:stop().
func timerStop(L *lua.LState) int {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if tm, ok := ud.Value.(*timer); ok {
			tm.done = true
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
	return 0
}
