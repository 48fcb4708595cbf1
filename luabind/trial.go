package luabind

import (
	"pkl/core"
	"pkl/luabind/lualib"
)

// A TrialError is what went wrong with one script in Try.
type TrialError struct {
	Script  string // empty: what all of them define together
	Err     error
	Refused bool // the script asked for something that it is not given here
	Endless bool // the script did not come to its end
}

// Try is Run for a look at the scripts only: it executes every main chunk, also
// behind one that fails, with so many instructions each, and then compiles what
// they have defined. Definitions that are wrong leave the state with the
// built-in protocols.
func (s *State) Try(instructions int64) (all []TrialError) {
	s.trial = instructions
	for i := range s.gen.scripts {
		if err := s.runScript(i); err != nil {
			endless := s.budget.Err() == lualib.ErrBudget
			all = append(all, TrialError{s.gen.scripts[i].name, err, s.lib.Refused(err.Error()), endless})
		}
	}
	s.trial = 0
	if _, err := s.registry(); err != nil {
		all = append(all, TrialError{Err: s.defs.inOrder(err, s.badFilters()...)})
		s.defs = definitions{}
		if _, err := s.registry(); err != nil {
			all = append(all, TrialError{Err: err})
		}
		return all // what the filters name may be missing only because of that
	}
	if err := s.compileRules(); err != nil {
		all = append(all, TrialError{Err: err})
	}
	return all
}

// What the hooks of a protocol may do: while one layer is found, and all in all
// while the protocol is tried.
const (
	hookInstructions  = 10_000_000
	hooksInstructions = 100_000_000
)

// TryProto tries a protocol as core.Try does, with so many packets, or fewer if
// its hooks work long. It reports a hook that does not come to its end.
func (s *State) TryProto(name string, n int, stop func() bool) (f *core.Failure, endless bool) {
	s.trial = hookInstructions
	s.inside = true
	defer func() {
		s.trial, s.inside = 0, false
		s.end()
	}()
	left := int64(hooksInstructions)
	s.begin(s.runLimit())
	f = core.Try(s.reg.Proto(name), n, 1, func() bool {
		if left -= hookInstructions - s.budget.Left(); s.budget.Err() != nil || left < 0 || stop() {
			return true
		}
		s.begin(s.runLimit())
		return false
	})
	return f, s.budget.Err() == lualib.ErrBudget
}
