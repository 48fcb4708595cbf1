package lualib

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"
)

// ErrBudget is why a script was cut that used up its instructions.
var ErrBudget = errors.New("instruction budget used up")

// ErrStopped is why a script was cut by Stop(nil).
var ErrStopped = errors.New("stopped")

// A Budget is a context that counts instructions: the virtual machine asks Done
// before each one. Done gives nil while the budget lasts and a closed channel
// afterwards, so the cut comes at an exact instruction, in coroutines too.
//
// Done, Err, Reset and Spend are for the goroutine that runs the script; Stop
// and StopRun for any.
type Budget struct {
	left   int64
	state  atomic.Uint64 // number of the run, above the bits of what is wanted of it
	reason atomic.Pointer[error]
	closed chan struct{}

	question func() error // what Ask has the script find out
}

// What is wanted of a run: to end, to put the question to itself.
const (
	stopped = 1 << iota
	asked

	runShift = iota
)

var _ context.Context = (*Budget)(nil)

// NewBudget returns a budget without limit, for lua.LState.SetContext.
func NewBudget() *Budget {
	b := &Budget{left: math.MaxInt64, closed: make(chan struct{})}
	close(b.closed)
	return b
}

// Reset starts a run of n instructions (0: no limit), forgets an earlier stop
// or question, and returns the number of the run.
func (b *Budget) Reset(n int64) (run uint64) {
	if n <= 0 {
		n = math.MaxInt64
	}
	b.left = n
	run = b.state.Load()>>runShift + 1
	b.state.Store(run << runShift)
	return run
}

// Stop cuts the script at its next instruction. Err then says why.
func (b *Budget) Stop(reason error) {
	for !b.StopRun(b.state.Load()>>runShift, reason) {
	}
}

// StopRun is Stop for one run only: a watchdog that comes too late does not hit
// the next one. It reports whether the run was the current one.
func (b *Budget) StopRun(run uint64, reason error) bool {
	if b.state.Load()>>runShift != run {
		return false
	}
	if reason == nil {
		reason = ErrStopped
	}
	b.reason.Store(&reason)
	return b.mark(run, stopped)
}

// mark sets a bit of the state, unless another run has begun.
func (b *Budget) mark(run, bit uint64) bool {
	for {
		state := b.state.Load()
		if state>>runShift != run {
			return false
		}
		if b.state.CompareAndSwap(state, state|bit) {
			return true
		}
	}
}

// AskWith sets the question of Ask. It is to be called before the script runs.
func (b *Budget) AskWith(question func() error) { b.question = question }

// Ask has the script put the question to itself before its next instruction, and
// end with the error that it gets, if any. It allocates nothing meanwhile.
func (b *Budget) Ask() { b.mark(b.state.Load()>>runShift, asked) }

// answer reports whether the script may go on, after a question.
func (b *Budget) answer() bool {
	state := b.state.Load()
	if b.left < 0 || state&stopped != 0 {
		return false
	}
	if state&asked == 0 {
		return true
	}
	b.state.And(^uint64(asked))
	if b.question != nil {
		if err := b.question(); err != nil {
			b.StopRun(state>>runShift, err)
		}
	}
	return b.state.Load()&stopped == 0
}

// Done counts one instruction.
func (b *Budget) Done() <-chan struct{} {
	if b.Spend(1) {
		return nil
	}
	return b.closed
}

// Spend counts n instructions and reports whether the script may go on. Library
// functions that work long call it, so that their work counts.
func (b *Budget) Spend(n int64) bool {
	b.left -= n
	return b.left >= 0 && b.state.Load()&(stopped|asked) == 0 || b.answer()
}

// Curb leaves at most n instructions of what the run still has, and returns how
// many it has taken away; Extend gives them back.
func (b *Budget) Curb(n int64) (taken int64) {
	taken = max(b.left-n, 0)
	b.left -= taken
	return taken
}

// Extend gives the run n more instructions, also where it has used up those it had.
func (b *Budget) Extend(n int64) { b.left += n }

// Left is how many instructions the run may still do, negative if it did too many.
func (b *Budget) Left() int64 { return b.left }

// Err says why the script was cut, nil while it may run.
func (b *Budget) Err() error {
	switch {
	case b.state.Load()&stopped != 0:
		return *b.reason.Load()
	case b.left < 0:
		return ErrBudget
	}
	return nil
}

// Deadline reports that there is none.
func (b *Budget) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value returns nil.
func (b *Budget) Value(any) any { return nil }
