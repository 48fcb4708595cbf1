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

// terminalWidth is how many columns a terminal has, 0 if it does not tell.
func terminalWidth(*os.File) int { return 0 }
