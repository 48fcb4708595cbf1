package main

import (
	"bytes"
	"io"
	"regexp"
	"time"
)

// cursorPatience is how long a terminal may take to tell where the cursor is.
const cursorPatience = 200 * time.Millisecond

var (
	cursorQuestion = []byte("\x1b[6n")
	firstColumn    = []byte("\x1b[1;1R")
	cursorAnswer   = regexp.MustCompile(`\x1b\[\d+;\d+R`)
)

// A cursorTeller stands between the line editor and its terminal. For each line
// the editor asks the terminal where the cursor is, and takes no key before it
// knows. Not every terminal answers, as those of programs that type for people:
// then the cursor is where a line begins.
type cursorTeller struct {
	terminal io.Reader
	screen   io.Writer
	asked    chan struct{}
	late     <-chan time.Time // when the answer is; nil: none is due
	mute     bool             // the last answer did not come
	reading  bool             // the terminal is being read; only when the editor wants keys, as scripts read it too
	came     chan typed
	left     []byte // what came and the editor has not taken
}

type typed struct {
	keys []byte
	err  error
}

func newCursorTeller(terminal io.Reader, screen io.Writer) *cursorTeller {
	return &cursorTeller{terminal: terminal, screen: screen, asked: make(chan struct{}, 1), came: make(chan typed, 1)}
}

// Write shows what the editor writes.
func (c *cursorTeller) Write(p []byte) (int, error) {
	if bytes.Contains(p, cursorQuestion) {
		select {
		case c.asked <- struct{}{}:
		default:
		}
	}
	return c.screen.Write(p)
}

// Read gives the editor what is typed, and answers.
func (c *cursorTeller) Read(p []byte) (int, error) {
	for len(c.left) == 0 {
		c.read()
		select {
		case <-c.asked:
			wait := cursorPatience
			if c.mute {
				wait = 0
			}
			c.late = time.After(wait)
		case <-c.late:
			c.late, c.mute, c.left = nil, true, firstColumn
		case t := <-c.came:
			c.reading = false
			if t.err != nil {
				return 0, t.err
			}
			if cursorAnswer.Match(t.keys) {
				c.late, c.mute = nil, false
			}
			c.left = t.keys
		}
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}

// read has the terminal read, unless it is.
func (c *cursorTeller) read() {
	if c.reading {
		return
	}
	c.reading = true
	go func() {
		keys := make([]byte, 1024)
		n, err := c.terminal.Read(keys)
		if n > 0 {
			err = nil
		}
		c.came <- typed{keys[:n], err}
	}()
}
