package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"pkl/bench/harness"
)

// ratio compares one program with the fastest of some others. Of their names the beginning is given.
type ratio struct {
	row     string
	subject string
	peer    string
	want    float64 // 0: no target
}

// ratios are those the design asks for, and some that are only of interest.
var ratios = []ratio{
	{"a", "pkl filter", "gopacket dlp to file", 1},
	{"a", "pkl filter", "tcpdump", 0.8},
	{"b", "pkl plain rule", "gopacket lazy", 2},
	{"b", "pkl plain rule", "gopacket dlp,", 0.17},
	{"b", "pkl rule that counts every packet", "gopacket lazy", 2},
	{"b", "pkl plain rule", "tshark Lua tap", 15},
	{"b", "pkl plain rule", "pypacker", 20},
	{"b", "pkl plain rule", "tshark filter and fields", 0},
	{"b", "pkl plain rule", "dpkt", 0},
	{"b", "pkl plain rule", "scapy", 0},
	{"c", "pkl filter and rule", "gopacket dlp,", 0},
	{"c", "pkl filter and rule", "pkl plain rule", 0},
	{"d", "pkl filter, twins in Lua", "pkl filter", 0.9},
}

// printRatios says what was reached.
func printRatios(w io.Writer, ps []*program) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\nrow\tratio\tof\tto\twanted\t")
	for _, r := range ratios {
		subject, peer := named(ps, r.subject), fastest(ps, r.peer, r.subject)
		if subject == nil || peer == nil {
			continue
		}
		value, wanted := "-", ""
		if subject.rate() > 0 && peer.rate() > 0 {
			q := subject.rate() / peer.rate()
			value, wanted = fmt.Sprintf("%.2f", q), harness.Reached(q, r.want)
		} else if r.want > 0 {
			wanted = fmt.Sprintf("%g: not measured", r.want)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t\n", r.row, value, subject.name, peer.name, wanted)
	}
	tw.Flush()
}

// named finds a program.
func named(ps []*program, name string) *program {
	for _, p := range ps {
		if p.name == name {
			return p
		}
	}
	return nil
}

// fastest finds the best of the programs whose names begin so, other than the one it is compared with.
func fastest(ps []*program, prefix, not string) *program {
	var best *program
	for _, p := range ps {
		if !strings.HasPrefix(p.name, prefix) || p.name == not || (prefix == "pkl filter" && p.name != prefix) {
			continue
		}
		if best == nil || p.rate() > best.rate() {
			best = p
		}
	}
	return best
}
