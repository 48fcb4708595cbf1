package main

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// errInterrupted says that Ctrl-C, or SIGTERM, ended the run.
var errInterrupted = errors.New("interrupted")

const (
	// endGrace is how long the pkl.at_end functions may take after the run
	// was ended from outside, before they are cut.
	endGrace = 2 * time.Second

	// exitGrace is how long all may take after an interruption before the
	// program just exits: a script may be in a call that cannot be cut.
	exitGrace = endGrace + 2*time.Second

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
	done    chan struct{}
	ended   chan struct{} // closed when the run is to end

	mu     sync.Mutex
	reason error       // why the run ends
	script interrupter // what runs now; nil: nothing that has to be cut
	grace  time.Duration
	since  time.Time // when grace began
}

// An interrupter is a script that can be cut by any goroutine.
type interrupter interface {
	Interrupt(err error)
}

func newStopper() *stopper {
	return &stopper{signals: make(chan os.Signal, 2), done: make(chan struct{}), ended: make(chan struct{})}
}

// listen takes over Ctrl-C and SIGTERM. Without it they end the program as the
// system likes. A closed pipe becomes an error of writing, so that files are
// finished.
func (s *stopper) listen() {
	signal.Notify(s.signals, os.Interrupt, syscall.SIGTERM)
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	go s.watch()
}

// release ends what listen began.
func (s *stopper) release() {
	signal.Stop(s.signals)
	close(s.done)
}

// watch waits for a signal to end the run, and for another one to end the
// program: then the user insists.
func (s *stopper) watch() {
	select {
	case <-s.signals:
		s.end(errInterrupted)
	case <-s.done:
		return
	}
	limit := time.NewTimer(exitGrace)
	defer limit.Stop()
	for {
		select {
		case <-s.signals:
			os.Exit(exitInterrupted)
		case <-limit.C:
			if !s.busy.Load() {
				os.Exit(exitInterrupted)
			}
			limit.Reset(exitGrace)
		case <-s.done:
			return
		}
	}
}

// end ends the run for a reason; the first one counts.
func (s *stopper) end(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason != nil {
		return
	}
	s.reason, s.since = reason, time.Now()
	s.flag.Store(true)
	close(s.ended)
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

// cut cuts the script that runs, unless it has time left.
func (s *stopper) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.script != nil && time.Since(s.since) >= s.grace {
		s.script.Interrupt(s.reason)
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
