// Command gen writes a capture file with a mixture of traffic that is the same on every machine: IPv4 and IPv6, VLAN tags,
// TCP with options, UDP, DNS, HTTP, fragments, ICMP and ARP, with correct checksums. Nothing in it is recorded traffic.
//
//	gen -n 2000000 -o cap.pcap -truth cap.json
//	gen -bytes 2G -o - | reader
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// options are the command line.
type options struct {
	packets int
	bytes   int64 // 0: no limit
	seed    uint64
	out     string
	truth   string
	quiet   bool
}

func main() {
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(o)
	}
	if errors.Is(err, syscall.EPIPE) {
		err = nil // the reader had enough
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// parse reads the command line. With -bytes and without -n the number of packets is not limited.
func parse(args []string) (*options, error) {
	o := new(options)
	fs := flag.NewFlagSet("gen", flag.ExitOnError)
	fs.IntVar(&o.packets, "n", 2_000_000, "number of packets (with -bytes: no limit unless given)")
	size := fs.String("bytes", "", "stop before the capture exceeds this size (k, M, G)")
	fs.Uint64Var(&o.seed, "seed", 1, "start of the random sequence")
	fs.StringVar(&o.out, "o", "out/cap.pcap", "output file, - for standard output")
	fs.StringVar(&o.truth, "truth", "", "file for what the capture is known to contain")
	fs.BoolVar(&o.quiet, "q", false, "do not print the mixture")
	fs.Parse(args)
	given := false
	fs.Visit(func(f *flag.Flag) { given = given || f.Name == "n" })
	if *size != "" && !given {
		o.packets = 1<<63 - 1
	}
	var err error
	o.bytes, err = parseSize(*size)
	return o, err
}

// parseSize reads a number of bytes with an optional unit.
func parseSize(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	shift := map[byte]int{'k': 10, 'M': 20, 'G': 30}[s[len(s)-1]]
	n, err := strconv.ParseInt(strings.TrimRight(s, "kMG"), 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("size %q: want a number such as 500M or 2G", s)
	}
	return n << shift, nil
}

// run writes the capture and says what is in it.
func run(o *options) (err error) {
	out := os.Stdout
	if o.out != "-" {
		if out, err = os.Create(o.out); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, out.Close()) }()
	}
	t, k, n, err := write(out, o)
	if err != nil {
		return err
	}
	if !o.quiet {
		t.print(os.Stderr, n)
	}
	if o.truth == "" {
		return nil
	}
	return k.truth(t.packets, n).Write(o.truth)
}

// write makes packets until a limit is reached and returns what it wrote.
func write(w io.Writer, o *options) (*tally, *known, int64, error) {
	c, err := newCapture(w)
	if err != nil {
		return nil, nil, 0, err
	}
	g, t, k := newGen(o.seed), new(tally), newKnown()
	for t.packets < o.packets {
		what := g.next()
		if o.bytes > 0 && c.bytes+int64(recordHeader+g.f.n) > o.bytes {
			break
		}
		if err := c.write(g.f.bytes(), g.r.below(8)); err != nil {
			return nil, nil, 0, err
		}
		t.add(g, what)
		k.add(g, c)
	}
	return t, k, c.bytes, c.w.Flush()
}
