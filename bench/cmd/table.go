package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"pkl/bench/harness"
)

// titles head the rows of the table.
var titles = map[string]string{
	"a": "a filter over a file, matches written to /dev/null",
	"b": "matches counted by source address, every packet seen by the program",
	"c": "the same, with a filter in front of Lua",
	"d": "as a, with protocols defined in Lua",
}

// printTable prints every program, grouped by row.
func printTable(w io.Writer, ps []*program) {
	ps = slices.Clone(ps)
	slices.SortStableFunc(ps, func(x, y *program) int { return strings.Compare(x.row, y.row) })
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "\npackets\twall s\tmin\tmax\tuser+sys s\tpeak MiB\tpackets/s\t  program")
	row := ""
	for _, p := range ps {
		if p.row != row {
			row = p.row
			fmt.Fprintf(tw, "\t\t\t\t\t\t\t(%s) %s\n", row, titles[row])
		}
		printProgram(tw, p)
	}
	tw.Flush()
	fmt.Fprintln(w, "* a part of the capture; packets/s leaves out the time for a capture without packets")
}

// printProgram prints one line.
func printProgram(w io.Writer, p *program) {
	switch {
	case p.err != nil:
		fmt.Fprintf(w, "-\t-\t-\t-\t-\t-\tfailed\t  %s\n", p.name)
	case p.skip != "":
		fmt.Fprintf(w, "-\t-\t-\t-\t-\t-\t-\t  %s: %s\n", p.name, p.skip)
	default:
		lo, hi := span(p.runs)
		star := ""
		if p.slow {
			star = " *"
		}
		fmt.Fprintf(w, "%d\t%.3f\t%.3f\t%.3f\t%.3f\t%d\t%s\t  %s%s\n", p.in.truth.Packets, median(p.runs, wall).Seconds(),
			lo.Seconds(), hi.Seconds(), median(p.runs, cpu).Seconds(), highest(p.runs)>>20, harness.Short(p.rate()), p.name, star)
	}
}

// highest is the peak of the peaks.
func highest(ss []sample) int64 {
	var n int64
	for _, s := range ss {
		n = max(n, s.peak)
	}
	return n
}
