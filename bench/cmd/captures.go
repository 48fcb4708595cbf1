package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"

	"pkl/bench/truth"
)

// capture is a file and what is in it.
type capture struct {
	file  string
	truth *truth.Truth
}

// captures are the files that the programs read. Each is a prefix of the one before.
type captures struct {
	full, slow, slower, empty *capture
}

// makeCaptures generates what is missing.
func makeCaptures(o *options) (*captures, error) {
	c := new(captures)
	for _, x := range []struct {
		to **capture
		n  int
	}{{&c.full, o.packets}, {&c.slow, min(o.slow, o.packets)}, {&c.slower, max(min(o.slow, o.packets)/5, 1)}, {&c.empty, 0}} {
		var err error
		if *x.to, err = makeCapture(x.n, o.seed); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// makeCapture generates n packets. It always does, as that takes little time and an old file may be from another generator.
func makeCapture(n int, seed uint64) (*capture, error) {
	c := &capture{file: fmt.Sprintf("%scap-%d.pcap", out, n)}
	known := fmt.Sprintf("%scap-%d.json", out, n)
	g := exec.Command(out+"gen", "-n", strconv.Itoa(n), "-seed", strconv.FormatUint(seed, 10), "-o", c.file, "-truth", known)
	if n < 500_000 {
		g.Args = append(g.Args, "-q")
	}
	g.Stderr = os.Stderr
	if err := g.Run(); err != nil {
		return nil, fmt.Errorf("gen: %w", err)
	}
	var err error
	c.truth, err = truth.Read(known)
	return c, err
}
