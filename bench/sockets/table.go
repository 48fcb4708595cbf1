//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"pkl/bench/harness"
)

// A sample is one measurement; what it has depends on the group.
type sample struct {
	packets int           // frames that were sent or judged
	wall    time.Duration // that it took
	cpu     time.Duration // of the program
	share   float64       // of the frames that were dropped, in percent
	bits    float64       // a second
}

// each is the processor time for one frame, in ns.
func (s sample) each() float64 { return float64(s.cpu) / float64(max(s.packets, 1)) }

// A unit is how a group's samples are read and compared.
type unit struct {
	of    func(sample) float64
	write func(float64) string
	// compare says how one median is to another, and whether that is as wanted.
	compare func(a, b, want float64) (how, reached string)
}

func quotient(a, b, want float64) (how, reached string) {
	return fmt.Sprintf("%.2f", a/b), harness.Reached(a/b, want)
}

var (
	rates   = unit{func(s sample) float64 { return float64(s.packets) / s.wall.Seconds() }, harness.Short, quotient}
	streams = unit{func(s sample) float64 { return s.bits }, func(v float64) string { return fmt.Sprintf("%.2f", v/1e9) }, quotient}
	losses  = unit{func(s sample) float64 { return s.share }, func(v float64) string { return fmt.Sprintf("%.2f %%", v) },
		func(a, b, want float64) (how, reached string) {
			reached = "reached"
			if a > b+want {
				reached = "missed"
			}
			return fmt.Sprintf("%+.2f", a-b), fmt.Sprintf("at most %+g: %s", want, reached)
		}}
)

// A program is one that is measured, and what was.
type program struct {
	name    string
	measure func() (sample, error)
	needs   string // another program

	samples []sample
	err     error // ErrUnsupported: it cannot be measured on this machine
}

// A ratio compares the medians of two programs, by their places in the group; want is what it is to be at least, or of
// losses the difference at most, in percent of the frames.
type ratio struct {
	subject, peer int
	want          float64
}

// A group is what is compared.
type group struct {
	title    string
	unit     unit
	programs []*program
	ratios   []ratio
}

// groups lists all that is measured.
func groups(b *lab) []*group {
	gs := []*group{sending(b), capturing(b), judging(b)}
	if b.o.Time > 0 {
		gs = append(gs, bridging(b))
	}
	return gs
}

// all applies f to the program's samples.
func (p *program) all(f func(sample) float64) (out []float64) {
	for _, s := range p.samples {
		out = append(out, f(s))
	}
	return out
}

// why says why there is nothing of a program.
func (p *program) why() string {
	switch {
	case errors.Is(p.err, errors.ErrUnsupported):
		return ": " + harness.FirstLine(p.err.Error())
	case p.err != nil:
		return ": failed"
	}
	return ""
}

// print writes the table of a group, and the ratios below.
func (g *group) print(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "\nmedian\tleast\tmost\tCPU ns/frame\t  %s\n", g.title)
	for _, p := range g.programs {
		if len(p.samples) == 0 {
			fmt.Fprintf(tw, "-\t-\t-\t-\t  %s%s\n", p.name, p.why())
			continue
		}
		all, cost := p.all(g.unit.of), "-"
		if c := harness.Median(p.all(sample.each)); c > 0 {
			cost = fmt.Sprintf("%.0f", c)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t  %s\n", g.unit.write(harness.Median(all)), g.unit.write(slices.Min(all)), g.unit.write(slices.Max(all)), cost, p.name)
	}
	tw.Flush()
	tw = tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\nratio\tby CPU time\tof\tto\twanted\t")
	for _, r := range g.ratios {
		a, b := g.programs[r.subject], g.programs[r.peer]
		if len(a.samples) == 0 || len(b.samples) == 0 {
			continue
		}
		how, reached := g.unit.compare(harness.Median(a.all(g.unit.of)), harness.Median(b.all(g.unit.of)), r.want)
		costs := "-"
		if x, y := harness.Median(a.all(sample.each)), harness.Median(b.all(sample.each)); x > 0 && y > 0 {
			costs = fmt.Sprintf("%.2f", y/x)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t\n", how, costs, a.name, b.name, reached)
	}
	tw.Flush()
}
