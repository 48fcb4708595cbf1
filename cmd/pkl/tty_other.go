//go:build !linux

package main

import "os"

// isTerminal reports whether a person looks at f, or nobody: the null device
// looks the same here.
func isTerminal(f *os.File) bool {
	if f == nil {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
