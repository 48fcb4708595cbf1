//go:build linux

// Command sockets measures pkl on interfaces: frames it sends beside trafgen, frames it loses beside tcpdump, a Lua rule
// beside the same one over a file, and its bridge beside the kernel's, in network namespaces that it makes and removes. It
// needs root. Run it in the folder bench:
//
//	go run ./sockets
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"pkl/bench/harness"
)

const out = "out/"

// options are the command line, and which CPUs programs run on.
type options struct {
	frames, rounds int
	time           time.Duration
	pin, alone     bool
	pkl            string
	only           *regexp.Regexp
	settle         time.Duration

	cpu   string // of the program that is measured; "": any
	other string // of the one that sends to it
}

func main() {
	o := &options{settle: settle}
	flag.IntVar(&o.frames, "n", 1_000_000, "frames that are sent or read")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds; medians are reported")
	flag.DurationVar(&o.time, "time", 3*time.Second, "how long a TCP stream lasts, 0 for none")
	flag.BoolVar(&o.pin, "pin", true, "one CPU for the program that is measured, another for the one that sends to it, and GOMAXPROCS=1")
	flag.BoolVar(&o.alone, "alone", false, "have what is measured run before all else on this machine (chrt), which then stands still")
	flag.StringVar(&o.pkl, "pkl", "", "measure this pkl and do not build one")
	only := flag.String("only", "", "measure programs whose name matches this pattern")
	flag.Parse()
	if os.Geteuid() != 0 {
		fmt.Println("sockets: not measured, this needs root")
		return
	}
	var err error
	if o.only, err = regexp.Compile(*only); err == nil {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sockets:", err)
		os.Exit(1)
	}
}

// run builds, measures, prints.
func run(o *options) error {
	if _, err := os.Stat("sockets/main.go"); err != nil {
		return fmt.Errorf("run this in the folder bench: %w", err)
	}
	if o.frames < 1 || o.rounds < 1 || o.time < 0 {
		return errors.New("-n and -rounds must be at least 1, -time at least 0")
	}
	if err := o.build(); err != nil {
		return err
	}
	if _, err := exec.LookPath("taskset"); err == nil && o.pin {
		o.cpu, o.other = harness.LastCPU(), "0"
	}
	b, err := newLab(o)
	if err != nil {
		return err
	}
	gs := groups(b)
	for i := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i+1, o.rounds)
		measure(o, gs)
	}
	o.describe()
	for _, g := range gs {
		g.print(os.Stdout)
		for _, p := range g.programs {
			if p.err != nil && !errors.Is(p.err, errors.ErrUnsupported) {
				err = errors.Join(err, fmt.Errorf("%s: %w", p.name, p.err))
			}
		}
	}
	return errors.Join(err, b.Close())
}

// measure takes one sample of every program that has not failed.
func measure(o *options, gs []*group) {
	for _, g := range gs {
		for _, p := range g.programs {
			if p.err != nil || !o.only.MatchString(p.name) {
				continue
			}
			if _, err := exec.LookPath(p.needs); p.needs != "" && err != nil {
				p.err = fmt.Errorf("%w: %s is not installed", errors.ErrUnsupported, p.needs)
				continue
			}
			s, err := p.measure()
			if err != nil {
				p.err, p.samples = err, nil
				continue
			}
			p.samples = append(p.samples, s)
		}
	}
}

// build compiles what is measured, and writes what is sent.
func (o *options) build() error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	if o.pkl == "" {
		o.pkl = out + "pkl"
		if err := harness.Compile("..", o.pkl, "./cmd/pkl"); err != nil {
			return err
		}
	}
	var err error
	if o.pkl, err = filepath.Abs(o.pkl); err != nil {
		return err
	}
	return writeFrames(o.frames)
}

// describe says under which conditions was measured.
func (o *options) describe() {
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("\nsockets: %d CPUs, %s, load at the end %s\n", runtime.NumCPU(), runtime.Version(), strings.Join(strings.Fields(string(load))[:1], ""))
	fmt.Printf("%d frames of %d bytes over a pair of veth; ", o.frames, frameLen)
	if o.cpu != "" {
		fmt.Printf("the program that is measured on CPU %s with GOMAXPROCS=1, the one that sends to it on CPU %s; TCP streams on any\n", o.cpu, o.other)
	} else {
		fmt.Println("programs on any CPU")
	}
}
