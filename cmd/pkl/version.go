package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is that of the next or the current release.
const version = "0.1.0-dev"

// runVersion is pkl version.
func runVersion(c *cli, args []string) error {
	f := c.flags("version", "Version prints the version of pkl, of Go, and the system it was built for.")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usagef("version", "version: takes no arguments")
	}
	fmt.Fprintf(c.out, "pkl %s%s %s %s/%s\n", version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// revision is what was built, as " (1234567)", if the build has noted it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	rev, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			rev = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ", modified"
		}
	}
	if rev == "" {
		return ""
	}
	return " (" + rev + dirty + ")"
}
