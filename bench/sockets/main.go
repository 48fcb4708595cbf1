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
	"runtime"
	"strings"
	"time"

	"pkl/bench/harness"
)

const out = "out/"

// options are the command line, and which CPUs programs run on.
type options struct {
	harness.Options
	frames int
	settle time.Duration
}

func main() {
	o := &options{settle: settle}
	flag.IntVar(&o.frames, "n", 1_000_000, "frames that are sent or read")
	o.Main("sockets", "a TCP stream lasts", func() error { return run(o) })
}

// run builds, measures, prints.
func run(o *options) error {
	if o.frames < 1 {
		return errors.New("-n must be at least 1")
	}
	if err := o.build(); err != nil {
		return err
	}
	b, err := newLab(o)
	if err != nil {
		return err
	}
	gs := groups(b)
	for i := range o.Rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i+1, o.Rounds)
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
			if p.err != nil || !o.Only.MatchString(p.name) {
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
	if o.Pkl == "" {
		o.Pkl = out + "pkl"
		if err := harness.Compile("..", o.Pkl, "./cmd/pkl"); err != nil {
			return err
		}
	}
	var err error
	if o.Pkl, err = filepath.Abs(o.Pkl); err != nil {
		return err
	}
	return writeFrames(o.frames)
}

// describe says under which conditions was measured.
func (o *options) describe() {
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("\nsockets: %d CPUs, %s, load at the end %s\n", runtime.NumCPU(), runtime.Version(), strings.Join(strings.Fields(string(load))[:1], ""))
	fmt.Printf("%d frames of %d bytes over a pair of veth; ", o.frames, frameLen)
	if o.CPU != "" {
		fmt.Printf("the program that is measured on CPU %s with GOMAXPROCS=1, the one that sends to it on CPU %s; TCP streams on any\n", o.CPU, o.Other)
	} else {
		fmt.Println("programs on any CPU")
	}
}
