package pcapio

import "io"

const (
	// bufSize is a compromise: few system calls, and bytes that are still in
	// the processor's cache when they are looked at.
	bufSize = 256 << 10

	// maxEmpty is how many reads in a row may bring nothing.
	maxEmpty = 100
)

// A stream is an input with a window on it: buf[pos:end] are the bytes that
// have come and are not yet used.
type stream struct {
	buf      []byte
	pos, end int
	base     int64 // where buf[0] lies in the input
	src      io.Reader
	srcErr   error // why src gives no more
}

// unread returns the bytes that have come and are not yet used.
func (s *stream) unread() []byte { return s.buf[s.pos:s.end] }

// offset tells where the first unread byte lies in the input.
func (s *stream) offset() int64 { return s.base + int64(s.pos) }

// fill reads until n bytes are unread, and reports whether they are. It asks
// for no more than is needed: a source that waits is not waited for longer than
// the packet in hand demands.
func (s *stream) fill(n int) bool {
	for empty := 0; s.end-s.pos < n; {
		if s.srcErr != nil {
			return false
		}
		s.makeRoom()
		got, err := s.src.Read(s.buf[s.end:])
		s.end += got
		s.srcErr = err
		if empty++; got > 0 {
			empty = 0
		} else if empty == maxEmpty {
			s.srcErr = io.ErrNoProgress
		}
	}
	return true
}

// makeRoom leaves room behind the unread bytes. The buffer grows only when it
// is full of bytes that have come, so a length that lies reserves nothing.
func (s *stream) makeRoom() {
	if s.pos > 0 {
		s.end = copy(s.buf, s.unread())
		s.base += int64(s.pos)
		s.pos = 0
	}
	if s.end == len(s.buf) {
		s.buf = append(make([]byte, 0, grown(s.end)), s.buf...)
		s.buf = s.buf[:cap(s.buf)]
	}
}

// grown is the size that follows n. No record is longer than maxBlock, so a
// full buffer is always shorter.
func grown(n int) int {
	switch {
	case n == 0:
		return bufSize
	case n > maxBlock/8:
		return maxBlock
	}
	return 4 * n
}
