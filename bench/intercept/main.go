//go:build linux

// Command intercept measures how fast packets go through a netfilter queue and a Lua rule of pkl, side by side with a C
// program on libnetfilter_queue and with go-nfqueue, in network namespaces that it makes and removes. It needs root. Run it
// in the folder bench:
//
//	go run ./intercept
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

	"pkl/bench/harness"
)

const out = "out/"

// options are the command line, and which CPUs programs run on.
type options struct {
	harness.Options
	packets int
}

func main() {
	o := new(options)
	flag.IntVar(&o.packets, "n", 50_000, "packets that queue up")
	o.Main("intercept", "a flood and a TCP stream last", func() error { return run(o) })
}

// run builds, measures, prints.
func run(o *options) error {
	if o.packets < 1 {
		return errors.New("-n must be at least 1")
	}
	if err := o.build(); err != nil {
		return err
	}
	b, err := newLab()
	if err != nil {
		return err
	}
	ps, fs, ts := programs(o.Pkl, 2*o.packets), programs(o.Pkl, 4096), streamed(o.Pkl)
	b.rounds(o, ps, fs, ts)
	o.describe()
	printUDP(os.Stdout, fmt.Sprintf("%d packets that have queued up", o.packets), ps, func(p *program) []sample { return p.drains })
	if o.Time > 0 {
		printUDP(os.Stdout, fmt.Sprintf("a flood of %v", o.Time), fs, func(p *program) []sample { return p.floods })
		printStreams(os.Stdout, ts)
	}
	err = b.close()
	for _, p := range append(append(ps, fs...), ts...) {
		if p.err != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", p.name, p.err))
		}
	}
	return err
}

// rounds measures everything several times. The round before, which is not timed, checks what arrives.
func (b *lab) rounds(o *options, ps, fs, ts []*program) {
	fmt.Fprintln(os.Stderr, "round 0")
	for _, p := range ps {
		if !o.Only.MatchString(p.name) {
			continue
		}
		if p.rewrites {
			p.err = b.countRewritten(true)
		}
		if p.err == nil {
			_, p.err = b.drain(p, o)
		}
		if p.rewrites {
			p.err = errors.Join(p.err, b.countRewritten(false))
		}
	}
	for i := range o.Rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i+1, o.Rounds)
		for _, p := range ps {
			measure(o, p, &p.drains, func() (sample, error) { return b.drain(p, o) })
		}
		if o.Time == 0 {
			continue
		}
		for _, p := range fs {
			measure(o, p, &p.floods, func() (sample, error) { return b.flood(p, o) })
		}
		for _, p := range ts {
			measure(o, p, &p.streams, func() (stream, error) { return b.through(p, o) })
		}
	}
}

// measure takes one sample of a program that has not failed.
func measure[S any](o *options, p *program, all *[]S, f func() (S, error)) {
	if p.err != nil || !o.Only.MatchString(p.name) {
		return
	}
	s, err := f()
	if err != nil {
		p.err, *all = err, nil
		return
	}
	*all = append(*all, s)
}

// build compiles what is measured.
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
	if err := harness.Compile(".", out+"gonfqueue", "./peers/gonfqueue"); err != nil {
		return err
	}
	if err := harness.Compile(".", out+"flood", "./flood"); err != nil {
		return err
	}
	c := exec.Command("gcc", "-O2", "-o", out+"libnfq", "peers/libnfq/accept.c", "-lnetfilter_queue", "-lnfnetlink")
	if text, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("gcc (Debian: apt-get install gcc libc6-dev libnetfilter-queue-dev): %w\n%s", err, text)
	}
	return nil
}

// describe says under which conditions was measured.
func (o *options) describe() {
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("\ninterception: %d CPUs, %s, load at the end %s\n", runtime.NumCPU(), runtime.Version(), strings.Join(strings.Fields(string(load))[:1], ""))
	fmt.Printf("UDP packets with %d bytes of payload, %d with IP header; ", payload, payload+28)
	if o.CPU != "" {
		fmt.Printf("the program that judges on CPU %s with GOMAXPROCS=1, the one that sends on CPU %s; with TCP streams only what says so\n", o.CPU, o.Other)
	} else {
		fmt.Println("programs on any CPU")
	}
}
