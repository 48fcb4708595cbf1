package main

import (
	"slices"
	"strings"
	"time"

	"pkl/bench/harness"
)

// program is one measured command line. In args, {in} stands for the capture and {out} for the file it writes.
type program struct {
	name  string
	row   string // of the table: a to e
	args  []string
	in    *capture
	check checker
	slow  bool   // reads a part of the capture; its rate leaves out the time it needs for an empty one
	skip  string // why it is not run

	runs  []sample
	empty []sample // on a capture without packets
	err   error    // of the first run that failed
}

// sample is what one run took.
type sample struct {
	wall, cpu time.Duration
	peak      int64 // resident bytes
}

// command fills in the file names.
func (p *program) command(in, out string) []string {
	args := slices.Clone(p.args)
	for i, a := range args {
		args[i] = strings.NewReplacer("{in}", in, "{out}", out).Replace(a)
	}
	return args
}

// writes tells whether the program writes a capture.
func (p *program) writes() bool { return slices.Contains(p.args, "{out}") }

// rate is packets a second by the median of the runs, or 0 if there is none.
func (p *program) rate() float64 {
	if len(p.runs) == 0 {
		return 0
	}
	t := median(p.runs, wall)
	if p.slow {
		t -= median(p.empty, wall)
	}
	if t <= 0 {
		return 0
	}
	return float64(p.in.truth.Packets) / t.Seconds()
}

func wall(s sample) time.Duration { return s.wall }
func cpu(s sample) time.Duration  { return s.cpu }

// median of one of the times; of an even number the mean of the middle two.
func median(ss []sample, of func(sample) time.Duration) time.Duration {
	var ts []time.Duration
	for _, s := range ss {
		ts = append(ts, of(s))
	}
	return harness.Median(ts)
}

// span is the shortest and the longest wall-clock time.
func span(ss []sample) (lo, hi time.Duration) {
	for i, s := range ss {
		if i == 0 || s.wall < lo {
			lo = s.wall
		}
		hi = max(hi, s.wall)
	}
	return lo, hi
}
