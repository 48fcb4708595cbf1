package luabind

import (
	"context"
	"time"
)

// rulePatience is how long what a rule sends may wait for room: packets wait with it.
const rulePatience = 20 * time.Millisecond

// A sendingEnd is a context of what sends, and what ends it. It serves until then.
type sendingEnd struct {
	context.Context
	cancel context.CancelFunc
}

// waiting returns a context for what sends. It ends with the run, and in a rule
// soon. It is valid until the next one.
func (s *State) waiting() context.Context {
	end := s.sending.Load()
	if end == nil || end.Err() != nil {
		end = &sendingEnd{}
		end.Context, end.cancel = context.WithCancel(context.Background())
		s.sending.Store(end)
	}
	if s.halted.Load() != nil { // just before
		end.cancel()
	}
	if !s.inside {
		return end
	}
	s.patience.disarm()
	s.patience = patience{Context: end, until: time.Now().Add(rulePatience)}
	return &s.patience
}

// stopSending ends what sends, if anything does. Any goroutine may call it.
func (s *State) stopSending() {
	if end := s.sending.Load(); end != nil {
		end.cancel()
	}
}

// A patience is a context with a deadline, whose timer is set only when somebody
// waits for that: most packets leave at once.
type patience struct {
	context.Context
	until  time.Time
	cancel context.CancelFunc // nil: nobody has waited
}

// Deadline is when it ends at the latest.
func (p *patience) Deadline() (time.Time, bool) { return p.until, true }

// Done sets the timer.
func (p *patience) Done() <-chan struct{} {
	if p.cancel == nil {
		p.Context, p.cancel = context.WithDeadline(p.Context, p.until)
	}
	return p.Context.Done()
}

// Err says that it has ended, and why.
func (p *patience) Err() error {
	if err := p.Context.Err(); err != nil {
		return err
	}
	if time.Now().After(p.until) {
		return context.DeadlineExceeded
	}
	return nil
}

// disarm stops the timer.
func (p *patience) disarm() {
	if p.cancel != nil {
		p.cancel()
	}
}
