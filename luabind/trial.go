package luabind

import (
	"slices"
	"strings"

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
			all = append(all, TrialError{s.gen.scripts[i].name, err, refused(err), endless})
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

// refused reports whether an error says that a script may not have something,
// and not that something is wrong with it.
func refused(err error) bool {
	return slices.ContainsFunc([]string{" is not allowed here", " is not available ", " is not part of this build"},
		func(text string) bool { return strings.Contains(err.Error(), text) })
}

// TryProto tries a protocol as core.Try does, with so many packets. Its hooks
// run under a budget.
func (s *State) TryProto(name string, n int, stop func() bool) *core.Failure {
	const instructions = 10_000_000
	s.trial = instructions
	s.begin(true)
	s.inside = true
	defer func() { s.trial, s.inside = 0, false }()
	return core.Try(s.reg.Proto(name), n, 1, func() bool { return stop() || s.budget.Err() != nil })
}
