package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"syscall"
)

// errClosedPipe says that nobody reads what pkl writes any more, as in
// "pkl dump … | head". It ends the program quietly.
var errClosedPipe = errors.New("closed pipe")

// An output is standard output. It is buffered unless it is a terminal. The
// first error of writing is kept and ends the run, or is told and no more is
// written: print does not look at it. Any goroutine may use it.
type output struct {
	mu   sync.Mutex
	dst  io.Writer
	w    *bufio.Writer
	tty  bool
	err  error
	stop *stopper
	tell io.Writer // if not nil, an error is told here and does not end the run

	above *statusLine // on the same terminal; may be nil
}

func newOutput(w io.Writer, stop *stopper) *output {
	return &output{dst: w, w: bufio.NewWriterSize(w, 64<<10), tty: isTerminal(fileOf(w)), stop: stop}
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var n int
	var err error
	switch {
	case !o.tty:
		n, err = o.w.Write(b)
	case o.above != nil:
		n, err = o.above.beside(b, o.writeNow)
	default:
		n, err = o.writeNow(b)
	}
	return n, o.note(err)
}

// writeNow writes without a buffer.
func (o *output) writeNow(b []byte) (int, error) {
	n, err := o.w.Write(b)
	if err == nil {
		err = o.w.Flush()
	}
	return n, err
}

// Flush hands on what is buffered.
func (o *output) Flush() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.note(o.w.Flush())
}

// note keeps the first error, and returns it from then on.
func (o *output) note(err error) error {
	if o.err != nil || err == nil {
		return o.err
	}
	o.err = outputNamed("stdout", err)
	if o.tell != nil {
		fmt.Fprintf(o.tell, "pkl: stdout: %v; what scripts print is lost from here on, rules go on\n", reason(err))
	} else {
		o.stop.end(o.err)
	}
	return o.err
}

// outputNamed says which output failed. A closed pipe is always the same error.
func outputNamed(name string, err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, errClosedPipe) {
		return errClosedPipe
	}
	return fmt.Errorf("%s: %w", name, reason(err))
}

// reason is an error of a file without its name.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// outlive has the run go on when nothing can be written any more. That is told.
func (o *output) outlive(tell io.Writer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tell = tell
}
