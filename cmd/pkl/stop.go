package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// errInterrupted says that Ctrl-C, or another signal, ended the run.
var errInterrupted = errors.New("interrupted")

const (
	// drainGrace is how long rules may take, at most, for the packets that still
	// wait when the run was ended from outside, before they are cut.
	drainGrace = 2 * time.Second

	// endGrace is how long the pkl.at_end functions may take together after that,
	// before they are cut.
	endGrace = 2 * time.Second

	// exitGrace is how long all may take after an interruption, while the stopper
	// is not busy, before the program just exits: a script may be in a call that
	// cannot be cut.
	exitGrace = drainGrace + endGrace + time.Second

	// lastGrace is how long last may take.
	lastGrace = 500 * time.Millisecond

	// together is how long another signal belongs to the first: some programs send
	// theirs to pkl and to its process group.
	together = 500 * time.Millisecond

	// insist is how often a script is told to end. It may just be between
	// two judgements when it is told first.
	insist = 20 * time.Millisecond
)

// A stopper ends a run from outside: on a signal, or when an output is gone.
// What runs asks stopped, between packets; a script in hand is cut.
type stopper struct {
	flag    atomic.Bool
	busy    atomic.Bool // with what has to be done before the program exits, and ends by itself
	signals chan os.Signal
	hangups chan os.Signal // apart: there may be many, which must not take the room of others
	done    chan struct{}
	ctx     context.Context // ends when the run is to end
	cancel  context.CancelFunc

	mu     sync.Mutex
	reason error       // why the run ends
	ending time.Time   // when it was told to
	script interrupter // what runs now; nil: nothing that has to be cut
	grace  time.Duration
	since  time.Time                     // when grace began
	others map[interrupter]time.Duration // what runs beside it: how long after ending
	last   func()                        // saves what can be saved when the program just exits
}

// An interrupter is a script that can be cut by any goroutine.
type interrupter interface {
	Interrupt(err error)
}

func newStopper() *stopper {
	ctx, cancel := context.WithCancel(context.Background())
	return &stopper{signals: make(chan os.Signal, 2), hangups: make(chan os.Signal, 1), done: make(chan struct{}), ctx: ctx, cancel: cancel, others: map[interrupter]time.Duration{}}
}

// listen takes over the signals that end a program. Without it they end it as the
// system likes. SIGHUP, when the terminal is gone, is left alone under nohup. A
// closed pipe becomes an error of writing, so that files are finished.
func (s *stopper) listen() {
	signal.Notify(s.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(s.hangups, syscall.SIGHUP)
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	go s.watch()
}

// release ends what listen began.
func (s *stopper) release() {
	signal.Stop(s.signals)
	signal.Stop(s.hangups)
	close(s.done)
}

// leaveHangups is for those who take SIGHUP themselves, as they do by now.
func (s *stopper) leaveHangups() { signal.Stop(s.hangups) }

// watch waits for a signal to end the run, and for another one to end the
// program: then the user insists.
func (s *stopper) watch() {
	select {
	case <-s.signals:
	case <-s.hangups:
	case <-s.done:
		return
	}
	s.end(errInterrupted)
	tick := time.NewTicker(insist)
	defer tick.Stop()
	for left := exitGrace; left > 0; {
		select {
		case <-s.signals:
			if exitGrace-left >= together {
				left = 0
			}
		case <-tick.C:
			if !s.busy.Load() {
				left -= insist
			}
		case <-s.done:
			return
		}
	}
	s.save()
	os.Exit(exitInterrupted)
}

// save calls last, but does not wait for it for ever.
func (s *stopper) save() {
	s.mu.Lock()
	last := s.last
	s.mu.Unlock()
	if last == nil {
		return
	}
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		last()
	}()
	select {
	case <-saved:
	case <-time.After(lastGrace):
	}
}

// atExit sets what is called before the program just exits, by another goroutine.
func (s *stopper) atExit(last func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = last
}

// end ends the run for a reason; the first one counts.
func (s *stopper) end(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason != nil {
		return
	}
	s.reason, s.ending = reason, time.Now()
	s.since = s.ending
	s.flag.Store(true)
	s.cancel()
	go s.push()
}

// exit ends the run from within a script, which does not go on for a single
// instruction.
func (s *stopper) exit(status int) {
	s.end(exitStatus(status))
	s.mu.Lock()
	s.grace = 0
	s.mu.Unlock()
	s.cut()
}

// exiting reports whether a script has ended the run by os.exit.
func (s *stopper) exiting() bool {
	_, ok := s.err().(exitStatus)
	return ok
}

// push cuts whatever script runs, until the program ends.
func (s *stopper) push() {
	tick := time.NewTicker(insist)
	defer tick.Stop()
	for {
		s.cut()
		select {
		case <-tick.C:
		case <-s.done:
			return
		}
	}
}

// cut cuts the scripts that run, unless they have time left.
func (s *stopper) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.script != nil && time.Since(s.since) >= s.grace {
		s.script.Interrupt(s.reason)
	}
	for script, grace := range s.others {
		if s.reason != nil && time.Since(s.ending) >= grace {
			script.Interrupt(s.reason)
		}
	}
}

// stopped reports whether the run is to end.
func (s *stopper) stopped() bool { return s.flag.Load() }

// err says why the run was ended, nil if it was not.
func (s *stopper) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason
}

// running names the script to cut; nil if there is none any more. It has the
// grace to end by itself, from now or from the end of the run.
func (s *stopper) running(script interrupter, grace time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script, s.grace, s.since = script, grace, time.Now()
}

// beside names a script that runs beside the one of running, until over is called.
// It is cut when the grace is over, from the end of the run.
func (s *stopper) beside(script interrupter, grace time.Duration) (over func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.others[script] = grace
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.others, script)
	}
}
