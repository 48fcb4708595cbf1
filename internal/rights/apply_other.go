//go:build !linux

package rights

import "errors"

// Apply is for Linux only.
func (c Cut) Apply() error { return errors.ErrUnsupported }

// Landlock is Linux's.
func Landlock() bool { return false }
