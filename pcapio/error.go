package pcapio

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// ErrFormat says that the input is neither pcap nor pcapng.
var ErrFormat = errors.New("not a capture file")

// errClosed is what a closed Reader or Writer returns.
var errClosed = errors.New("capture file is closed")

// An Error tells where a capture file is damaged or could not be read further.
// Its text reads "in.pcap: packet 812 at byte 93312: " and what is wrong.
type Error struct {
	File   string // the name given to Open, "stdin" for "-", or empty
	Packet int    // the number, from 1, of the packet not given; 0 in the file's header
	Offset int64  // where its record or block starts, in bytes from the start, decompressed
	Err    error  // what is wrong; io.ErrUnexpectedEOF for errors.Is if the file was cut
}

// Error gives the place and the cause.
func (e *Error) Error() string {
	text := e.Err.Error()
	if e.Packet > 0 {
		text = fmt.Sprintf("packet %d at byte %d: %s", e.Packet, e.Offset, text)
	}
	if e.File != "" {
		text = e.File + ": " + text
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// shortError says that the input ends inside of something.
type shortError struct {
	what       string // "cut short", or what was cut short
	need, have int
}

func (e *shortError) Error() string {
	return fmt.Sprintf("%s: need %d bytes, have %d", e.what, e.need, e.have)
}

func (e *shortError) Unwrap() error { return io.ErrUnexpectedEOF }

// plainError leaves out the file name that the system's errors have, for an
// Error gives it already.
func plainError(err error) error {
	if p, ok := err.(*fs.PathError); ok {
		return p.Err
	}
	return err
}
