package luabind

import (
	"time"

	"pkl/luabind/lualib"
)

// A limit bounds one run of Lua: a judgement, a timer, a main chunk. 0: no bound.
type limit struct {
	instructions int64
	time         time.Duration
}

// runLimit is that of a judgement, a timer and an at_end function.
func (s *State) runLimit() limit {
	if s.trial > 0 {
		return limit{s.trial, s.cfg.Budget}
	}
	return limit{s.cfg.Instructions, s.cfg.Budget}
}

// loadLimit is that of a main chunk, with the modules that it requires.
func (s *State) loadLimit() limit { return limit{s.trial, s.cfg.LoadBudget} }

// protect calls the function that lies below n arguments, in a run of its own.
func (s *State) protect(nargs, nret int, l limit) error {
	s.begin(l)
	defer s.end()
	return s.lib.PCall(s.L, nargs, nret)
}

// count sets whether the virtual machine asks the budget before each
// instruction, which makes it a tenth slower.
func (s *State) count(yes bool) {
	switch {
	case yes && !s.counting:
		s.L.SetContext(s.budget)
	case !yes && s.counting:
		s.L.RemoveContext()
	}
	s.counting = yes
}

// bounded reports whether a handler comes to its end by itself: its instructions
// are not limited, and there is no loop that it could hang in. If its time is
// limited, it also must not call what may take long; then it ends after as many
// instructions as it has, whatever they meet: there is no function of the script
// that a metamethod, or a library that was tampered with, could lead to.
func (s *State) bounded() bool {
	return s.cfg.Instructions == 0 && !s.cfg.Program && !s.gen.loops.Load() && (s.cfg.Budget == 0 || !s.gen.long.Load())
}

// begin starts a run of the budget. The watchdog finds the time that a run has
// before it finds the run.
func (s *State) begin(l limit) {
	s.stir()
	s.count(true)
	s.busy = true
	run := s.budget.Reset(l.instructions)
	if l.time <= 0 {
		run = 0
	} else if int64(l.time) != s.allowed.Load() {
		s.allowed.Store(int64(l.time))
	}
	s.counted.Store(run)
	if why := s.halted.Load(); why != nil {
		s.budget.Stop(*why)
	} else if s.full.Load() {
		s.budget.Ask()
	}
}

// noRun is the number of no run of a budget.
const noRun = ^uint64(0)

// end ends a run.
func (s *State) end() {
	s.busy = false
	if s.counting {
		s.counted.Store(noRun)
	}
}

// wasCut reports whether the run was ended: it has used up what it may, or was
// interrupted. What the script was about to change may be half done.
func (s *State) wasCut() bool { return s.counting && s.budget.Err() != nil }

// Interrupt ends what the script is doing with an error. Any goroutine may call it.
func (s *State) Interrupt(err error) {
	if err == nil {
		err = lualib.ErrStopped
	}
	s.halted.CompareAndSwap(nil, &err)
	s.budget.Stop(err)
	s.stopSending()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
