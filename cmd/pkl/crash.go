package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// crashed tells of a mistake in pkl itself. What was written so far is not lost.
func (c *cli) crashed(problem any) int {
	c.out.Flush()
	return c.status(c.crash(problem))
}

// crash is the error that a mistake in pkl itself is, which was recovered from
// just now. Its text is without the stack; that is written with PKL_TRACE in the
// environment.
func (c *cli) crash(problem any) error {
	if os.Getenv("PKL_TRACE") != "" {
		c.err.Write(debug.Stack())
	}
	return fmt.Errorf("internal error%s: %v (a mistake in pkl: please report it; PKL_TRACE=1 shows where)", crashSite(), problem)
}

// caught, if deferred, recovers from a mistake in pkl itself and hands it on.
func (c *cli) caught(report func(error)) {
	if problem := recover(); problem != nil {
		report(c.crash(problem))
	}
}

// crashSite is the place in pkl's code that panicked, as " in core.(*Packet).Find".
func crashSite() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicked := false
	for {
		f, more := frames.Next()
		if panicked && strings.HasPrefix(f.Function, "pkl/") {
			return fmt.Sprintf(" in %s:%d", strings.TrimPrefix(f.Function, "pkl/"), f.Line)
		}
		panicked = panicked || f.Function == "runtime.gopanic"
		if !more {
			return ""
		}
	}
}
