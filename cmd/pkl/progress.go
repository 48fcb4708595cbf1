package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	// progressAfter is how long a job runs before it tells how far it is.
	progressAfter = time.Second
	// progressEvery is how often it does then.
	progressEvery = 500 * time.Millisecond

	eraseLine = "\r\x1b[K"
)

// usualWidth is that of a terminal that does not tell.
const usualWidth = 80

// A statusLine is standard error on a terminal: below what is written there it
// can have a line that goes away again. Any goroutine may use it.
type statusLine struct {
	mu      sync.Mutex
	w       io.Writer
	width   func() int // of the terminal; 0: it does not tell
	lasting bool       // it comes again after what is printed beside it
	shown   bool
	partial bool // what was written last does not end its line: there is no room below
	ended   bool // nothing is to be shown any more
}

// Write writes what stays.
func (s *statusLine) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.makeRoom(b)
	return s.w.Write(b)
}

// beside has write write to the same terminal, by another way. That ends the line,
// unless it is lasting.
func (s *statusLine) beside(b []byte, write func([]byte) (int, error)) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.makeRoom(b)
	s.ended = s.ended || !s.lasting
	return write(b)
}

func (s *statusLine) makeRoom(b []byte) {
	s.erase()
	if len(b) > 0 {
		s.partial = b[len(b)-1] != '\n'
	}
}

// show replaces the line, with as much of the text as a line takes.
func (s *statusLine) show(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || s.partial {
		return
	}
	width := s.width()
	if width <= 0 {
		width = usualWidth
	}
	if all := []rune(text); len(all) >= width {
		text = string(all[:width-1])
	}
	fmt.Fprint(s.w, eraseLine, text)
	s.shown = true
}

// last makes the line last beside what is printed.
func (s *statusLine) last() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lasting = true
}

// end takes the line away for good.
func (s *statusLine) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
	s.ended = true
}

func (s *statusLine) erase() {
	if s.shown {
		fmt.Fprint(s.w, eraseLine)
		s.shown = false
	}
}

// progress shows on a terminal how much of src is read, until stop is called
// or something is printed there.
func (c *cli) progress(src *source) (stop func()) {
	line, ok := c.err.(*statusLine)
	if !ok {
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		timer := time.NewTimer(progressAfter)
		defer timer.Stop()
		for {
			select {
			case <-timer.C:
				line.show(progressText(src.name, src.Offset(), src.Size()))
				timer.Reset(progressEvery)
			case <-done:
				return
			}
		}
	}()
	return func() {
		close(done)
		line.end()
	}
}

// progressText says how much of a file is read; size is negative if nobody knows.
func progressText(name string, read, size int64) string {
	if size <= 0 {
		return fmt.Sprintf("%s: %s read", name, megabytes(read))
	}
	return fmt.Sprintf("%s: %d %% of %s read", name, min(100, read*100/size), megabytes(size))
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
