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
	"regexp"
	"runtime"
	"strings"
	"time"

	"pkl/bench/harness"
)

const out = "out/"

// options are the command line, and which CPUs programs run on.
type options struct {
	packets, rounds int
	time            time.Duration
	pin, alone      bool
	pkl             string
	only            *regexp.Regexp

	cpu   string // of the program that judges; "": any
	other string // of the one that sends
}

func main() {
	o := new(options)
	flag.IntVar(&o.packets, "n", 50_000, "packets that queue up")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds; medians are reported")
	flag.DurationVar(&o.time, "time", 3*time.Second, "how long a flood and a TCP stream last, 0 for neither")
	flag.BoolVar(&o.pin, "pin", true, "one CPU for the program that judges, another for the one that sends, and GOMAXPROCS=1")
	flag.BoolVar(&o.alone, "alone", false, "have what is measured run before all else on this machine (chrt), which then stands still")
	flag.StringVar(&o.pkl, "pkl", "", "measure this pkl and do not build one")
	only := flag.String("only", "", "measure programs whose name matches this pattern")
	flag.Parse()
	if os.Geteuid() != 0 {
		fmt.Println("interception: not measured, this needs root")
		return
	}
	var err error
	if o.only, err = regexp.Compile(*only); err == nil {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "intercept:", err)
		os.Exit(1)
	}
}

// run builds, measures, prints.
func run(o *options) error {
	if _, err := os.Stat("intercept/main.go"); err != nil {
		return fmt.Errorf("run this in the folder bench: %w", err)
	}
	if o.packets < 1 || o.rounds < 1 || o.time < 0 {
		return errors.New("-n and -rounds must be at least 1, -time at least 0")
	}
	if err := o.build(); err != nil {
		return err
	}
	if _, err := exec.LookPath("taskset"); err == nil && o.pin {
		o.cpu, o.other = harness.LastCPU(), "0"
	}
	b, err := newLab()
	if err != nil {
		return err
	}
	ps, fs, ts := programs(o.pkl, 2*o.packets), programs(o.pkl, 4096), streamed(o.pkl)
	b.rounds(o, ps, fs, ts)
	o.describe()
	printUDP(os.Stdout, fmt.Sprintf("%d packets that have queued up", o.packets), ps, func(p *program) []sample { return p.drains })
	if o.time > 0 {
		printUDP(os.Stdout, fmt.Sprintf("a flood of %v", o.time), fs, func(p *program) []sample { return p.floods })
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
		if !o.only.MatchString(p.name) {
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
	for i := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i+1, o.rounds)
		for _, p := range ps {
			measure(o, p, &p.drains, func() (sample, error) { return b.drain(p, o) })
		}
		if o.time == 0 {
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
	if p.err != nil || !o.only.MatchString(p.name) {
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
	if o.cpu != "" {
		fmt.Printf("the program that judges on CPU %s with GOMAXPROCS=1, the one that sends on CPU %s; TCP streams on any\n", o.cpu, o.other)
	} else {
		fmt.Println("programs on any CPU")
	}
}
