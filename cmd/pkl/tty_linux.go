package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// isTerminal reports whether a person looks at f.
func isTerminal(f *os.File) bool {
	if f == nil {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
