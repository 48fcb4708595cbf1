//go:build unix

package main

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// A patientReader reads a pipe or a terminal, and gives up waiting when the run
// is to end.
type patientReader struct {
	f    *os.File
	stop *stopper
}

func patient(f *os.File, stop *stopper) io.Reader { return &patientReader{f, stop} }

func (r *patientReader) Read(b []byte) (int, error) {
	fds := []unix.PollFd{{Fd: int32(r.f.Fd()), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(fds, pollEvery)
		if n > 0 || err != nil && err != unix.EINTR {
			return r.f.Read(b)
		}
		if r.stop.stopped() {
			return 0, r.stop.err()
		}
	}
}
