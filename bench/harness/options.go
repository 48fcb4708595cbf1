package harness

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"time"
)

// Options are the flags that the commands which need root share, and which CPUs programs run on.
type Options struct {
	Rounds     int
	Time       time.Duration // of what lasts
	Pin, Alone bool
	Pkl        string // to be measured; "": one is built
	Only       *regexp.Regexp

	CPU   string // of the program that is measured; "": any
	Other string // of the one that sends to it
}

// Main parses the flags, more of which flags may have defined, and runs a command of that name in the folder bench.
// lasts is what Time is about.
func (o *Options) Main(name, lasts string, run func() error) {
	flag.IntVar(&o.Rounds, "rounds", 5, "rounds; medians are reported")
	flag.DurationVar(&o.Time, "time", 3*time.Second, "how long "+lasts+", 0 for none")
	flag.BoolVar(&o.Pin, "pin", true, "one CPU for the program that is measured, another for the one that sends to it, and GOMAXPROCS=1")
	flag.BoolVar(&o.Alone, "alone", false, "have what is measured run before all else on this machine (chrt), which then stands still")
	flag.StringVar(&o.Pkl, "pkl", "", "measure this pkl and do not build one")
	only := flag.String("only", "", "measure programs whose name matches this pattern")
	flag.Parse()
	if os.Geteuid() != 0 {
		fmt.Println(name + ": not measured, this needs root")
		return
	}
	err := o.prepare(name, *only)
	if err == nil {
		err = run()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

func (o *Options) prepare(name, only string) (err error) {
	if _, err := os.Stat(name + "/main.go"); err != nil {
		return fmt.Errorf("run this in the folder bench: %w", err)
	}
	if o.Rounds < 1 || o.Time < 0 {
		return errors.New("-rounds must be at least 1, -time at least 0")
	}
	if _, err := exec.LookPath("taskset"); err == nil && o.Pin {
		o.CPU, o.Other = LastCPU(), "0"
	}
	o.Only, err = regexp.Compile(only)
	return err
}
