package main

import (
	"strings"
	"testing"
)

func TestCrash(t *testing.T) {
	t.Setenv("PKL_TRACE", "")
	var out, err strings.Builder
	c := newCLI(nil, &out, &err)
	defer c.stop.release()
	c.out.Write([]byte("written\n"))
	func() {
		defer func() {
			if status := c.crashed(recover()); status != exitFailure {
				t.Errorf("status %d, want %d", status, exitFailure)
			}
		}()
		var none []int
		_ = none[len(out.String())]
	}()
	if want := "written\n"; out.String() != want {
		t.Errorf("stdout %q, want %q", out.String(), want)
	}
	text := err.String()
	if !strings.HasPrefix(text, "pkl: internal error in cmd/pkl.TestCrash") || strings.Contains(text, "goroutine") {
		t.Errorf("stderr %q", text)
	}
}
