//go:build linux

package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"pkl/bench/harness"
)

// A ratio compares the medians of two programs, by their places in the list.
type ratio struct {
	subject, peer int
	want          float64
}

// What is wanted of pkl, by the places in programs and streamed.
var (
	udpRatios    = []ratio{{2, 0, 1}, {2, 1, 3}, {3, 0, 0.8}}
	streamRatios = []ratio{{1, 0, 0.8}, {2, 0, 0}, {3, 0, 0}, {4, 0, 0}, {1, 4, 0}, {5, 0, 0.8}, {6, 0, 0}, {5, 6, 0}}
)

// A figure is what is compared of a program; 0: it was not measured.
type figure struct {
	rate float64
	cost float64 // processor time
	idle bool    // it could have done more: what was sent was the limit
}

// mids applies f to all samples.
func mids[S any, T harness.Number](all []S, f func(S) T) (out []T) {
	for _, s := range all {
		out = append(out, f(s))
	}
	return out
}

// printUDP prints a table of samples and the ratios below.
func printUDP(w io.Writer, title string, ps []*program, of func(*program) []sample) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "\npackets/s\tleast\tmost\tCPU ns/packet\tlost\t  %s\n", title)
	figures := make([]figure, len(ps))
	for i, p := range ps {
		all := of(p)
		if len(all) == 0 {
			fmt.Fprintf(tw, "-\t-\t-\t-\t-\t  %s%s\n", p.name, why(p))
			continue
		}
		r := mids(all, sample.rate)
		lost := harness.Median(mids(all, func(s sample) float64 { return 100 * float64(s.lost) / float64(max(s.lost+s.packets, 1)) }))
		g := figure{harness.Median(r), harness.Median(mids(all, sample.each)), all[0].flood && lost < 1}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%.0f\t%.0f %%\t  %s\n", harness.Short(g.rate), harness.Short(slices.Min(r)), harness.Short(slices.Max(r)),
			g.cost, lost, p.name)
		figures[i] = g
	}
	tw.Flush()
	printRatios(w, ps, figures, udpRatios)
}

// printStreams prints the table of TCP streams and the ratios below.
func printStreams(w io.Writer, ps []*program) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "\nGbit/s\tleast\tmost\tping ms\t  one TCP stream through the router, congestion control "+congestion())
	figures := make([]figure, len(ps))
	for i, p := range ps {
		if len(p.streams) == 0 {
			fmt.Fprintf(tw, "-\t-\t-\t-\t  %s%s\n", p.name, why(p))
			continue
		}
		b := mids(p.streams, func(s stream) float64 { return s.bits })
		figures[i].rate = harness.Median(b)
		rtt := harness.Median(mids(p.streams, func(s stream) time.Duration { return s.rtt }))
		fmt.Fprintf(tw, "%.2f\t%.2f\t%.2f\t%.3f\t  %s\n", figures[i].rate/1e9, slices.Min(b)/1e9, slices.Max(b)/1e9, rtt.Seconds()*1e3, p.name)
	}
	tw.Flush()
	printRatios(w, ps, figures, streamRatios)
}

// congestion is the congestion control of TCP here. It matters: one that paces what it sends (bbr) takes a path for slower
// than it is whose round trips are short and uneven.
func congestion() string {
	text, err := os.ReadFile("/proc/sys/net/ipv4/tcp_congestion_control")
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(text))
}

// why says that a program failed.
func why(p *program) string {
	if p.err == nil {
		return ""
	}
	return ": failed"
}

// printRatios compares the rates of programs, and beside that the inverse of their costs.
func printRatios(w io.Writer, ps []*program, figures []figure, ratios []ratio) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\nratio\tby CPU time\tof\tto\twanted\t")
	for _, r := range ratios {
		a, b := figures[r.subject], figures[r.peer]
		if a.rate == 0 || b.rate == 0 {
			continue
		}
		q, costs := a.rate/b.rate, "-"
		if a.cost > 0 {
			costs = fmt.Sprintf("%.2f", b.cost/a.cost)
		}
		wanted := harness.Reached(q, r.want)
		if a.idle && q < r.want {
			wanted = fmt.Sprintf("%g: cannot be told, it judged all that was sent", r.want)
		}
		fmt.Fprintf(tw, "%.2f\t%s\t%s\t%s\t%s\t\n", q, costs, ps[r.subject].name, ps[r.peer].name, wanted)
	}
	tw.Flush()
}
