package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// crashed tells of a mistake in pkl itself, without the stack; that comes with
// PKL_TRACE in the environment. What was written so far is not lost.
func (c *cli) crashed(problem any) int {
	c.out.Flush()
	c.say(fmt.Sprintf("internal error%s: %v (a mistake in pkl: please report it; PKL_TRACE=1 shows where)", crashSite(), problem))
	if os.Getenv("PKL_TRACE") != "" {
		c.err.Write(debug.Stack())
	}
	return exitFailure
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
