// Command cmd measures pkl side by side with its peers: whole commands, in alternated rounds, on a capture that package gen
// makes. What each one finds is compared with what the generator knows. Run it in the folder bench:
//
//	go run ./cmd
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
)

// options are the command line.
type options struct {
	packets int
	slow    int
	rounds  int
	seed    uint64
	stream  string
	nine    float64
	pin     bool
	pkl     string
	only    *regexp.Regexp
}

func main() {
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// parse reads the command line.
func parse(args []string) (*options, error) {
	o := new(options)
	fs := flag.NewFlagSet("bench", flag.ExitOnError)
	fs.IntVar(&o.packets, "n", 2_000_000, "packets of the capture")
	fs.IntVar(&o.slow, "slow", 100_000, "packets of the part that slow programs read")
	fs.IntVar(&o.rounds, "rounds", 5, "rounds; medians are reported")
	fs.Uint64Var(&o.seed, "seed", 1, "start of the generator's random sequence")
	fs.StringVar(&o.stream, "stream", "2G", "bytes to send through a pipe for the memory test, empty for none")
	fs.Float64Var(&o.nine, "nine", 0.3, "seconds for each of the nine measurements of single operations, 0 for none")
	fs.BoolVar(&o.pin, "pin", true, "one CPU for each program, where taskset is there, and GOMAXPROCS=1")
	fs.StringVar(&o.pkl, "pkl", "", "measure this pkl and do not build one")
	only := fs.String("only", "", "measure programs whose name matches this pattern")
	fs.Parse(args)
	if o.nine < 0 {
		return nil, fmt.Errorf("-nine must not be negative")
	}
	if o.rounds < 1 || o.packets < 1 || o.slow < 1 {
		return nil, fmt.Errorf("-n, -slow and -rounds must be at least 1")
	}
	var err error
	o.only, err = regexp.Compile(*only)
	return o, err
}

// run does everything once: build, make captures, measure, print.
func run(o *options) error {
	if _, err := os.Stat("gen/main.go"); err != nil {
		return fmt.Errorf("run this in the folder bench: %w", err)
	}
	b, err := build(o)
	if err != nil {
		return err
	}
	caps, err := makeCaptures(o)
	if err != nil {
		return err
	}
	ps := selected(programs(b, caps), o.only)
	r := newRunner(o)
	r.describe(os.Stdout)
	r.rounds(ps, caps.empty, o.rounds)
	printTable(os.Stdout, ps)
	printRatios(os.Stdout, ps)
	var failed error
	if o.nine > 0 {
		ns := nineSelected(ninePrograms(b, o.nine), o.only)
		failed = r.nine(ns, o.rounds)
		printNine(os.Stdout, ns)
	}
	if o.stream == "" {
		return errors.Join(failed, verdict(ps))
	}
	ms := selected(streamed(b), o.only)
	r.memory(ms, o)
	printMemory(os.Stdout, ms, o.stream)
	return errors.Join(failed, verdict(append(ps, ms...)))
}

// verdict is an error if a program ran and failed, or found something else than is there. Speed is never an error.
func verdict(ps []*program) error {
	bad := 0
	for _, p := range ps {
		if p.err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", p.name, p.err)
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d programs failed", bad)
	}
	return nil
}

// selected drops what -only does not name.
func selected(ps []*program, only *regexp.Regexp) []*program {
	var out []*program
	for _, p := range ps {
		if only.MatchString(p.name) {
			out = append(out, p)
		}
	}
	return out
}
