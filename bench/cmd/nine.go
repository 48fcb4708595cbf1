package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"pkl/bench/harness"
)

// nineRows are the measurements of pypacker's own table, in its order.
var nineRows = []string{
	"parse IP+ICMP", "create IP", "serialise unchanged", "change and recompute checksum", "parse first layer",
	"change list element", "change HTTP start line", "assign and concatenate four layers", "parse all layers",
}

// What the nine work on: IP and ICMP; Ethernet, IP, TCP and HTTP. Lengths and sums are right.
var (
	nineICMP = "45000024000100004001f6d4c0000201c0000202" + "0800666000070003" + hex.EncodeToString([]byte("abcdefgh"))
	nineHTTP = "0200000000020200000000010800" + "45000079000100004006f67ac0000201c0000202" +
		"04d2005000000064000000c85018200028370000" +
		hex.EncodeToString([]byte("GET /index.html HTTP/1.1\r\nAccept: */*\r\nHost: example.org\r\nUser-Agent: bench/1\r\n\r\n"))
)

// nineProgram is one column: a program that does the nine, or those that it can.
type nineProgram struct {
	name  string
	args  []string
	all   bool // does every one
	skip  string
	rates map[string][]float64
	made  map[string]string // what came out
}

// ninePrograms lists the columns. Each measurement takes so many seconds, or a little more.
func ninePrograms(b *built, seconds float64) []*nineProgram {
	input := []string{strconv.FormatFloat(seconds, 'f', -1, 64), nineICMP, nineHTTP}
	ps := []*nineProgram{
		{name: "pkl Go", all: true, args: []string{b.nine}},
		{name: "pkl Lua", all: true, args: []string{b.pkl, "run", "lua/nine.lua", "--"}, skip: b.noPkl},
	}
	for _, library := range []string{"scapy", "dpkt"} {
		p := &nineProgram{name: library, skip: "not installed"}
		if python := interpreter(library); python != "" {
			p.skip, p.args = "", []string{python, "peers/scripts/" + library + "_nine.py"}
		}
		ps = append(ps, p)
	}
	for _, p := range ps {
		p.args = append(p.args, input...)
	}
	return ps
}

// nineSelected drops what -only does not name.
func nineSelected(ps []*nineProgram, only *regexp.Regexp) []*nineProgram {
	return slices.DeleteFunc(ps, func(p *nineProgram) bool { return !only.MatchString(p.name) })
}

// nine measures all columns in turn, several times, and compares what they make each time.
func (r *runner) nine(ps []*nineProgram, rounds int) error {
	for i := range rounds {
		fmt.Fprintf(os.Stderr, "nine measurements, round %d of %d\n", i+1, rounds)
		for _, p := range ps {
			if p.skip != "" {
				continue
			}
			if err := r.nineOnce(p); err != nil {
				return fmt.Errorf("nine measurements, %s: %w", p.name, err)
			}
		}
		if err := agree(ps); err != nil {
			return fmt.Errorf("nine measurements: %w", err)
		}
	}
	return nil
}

// nineOnce runs one program once.
func (r *runner) nineOnce(p *nineProgram) error {
	if _, err := r.measure(p.args, nil); err != nil {
		return err
	}
	b, err := os.ReadFile(stdoutFile)
	if err != nil {
		return err
	}
	return p.take(string(b))
}

// take adds what a program has printed: lines of name, operations a second, and what came out.
func (p *nineProgram) take(output string) error {
	p.made = map[string]string{}
	if p.rates == nil {
		p.rates = map[string][]float64{}
	}
	for line := range strings.Lines(output) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 || !slices.Contains(nineRows, f[0]) || f[2] == "" {
			return fmt.Errorf("%q: want a measurement, a rate and a result", line)
		}
		rate, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			return fmt.Errorf("%s: %w", f[0], err)
		}
		p.rates[f[0]] = append(p.rates[f[0]], rate)
		p.made[f[0]] = f[2]
	}
	if p.all && len(p.made) != len(nineRows) {
		return fmt.Errorf("%d measurements, want %d", len(p.made), len(nineRows))
	}
	return nil
}

// agree compares the results of all columns: fields that were read, bytes that were made.
func agree(ps []*nineProgram) error {
	for _, row := range nineRows {
		var first *nineProgram
		for _, p := range ps {
			switch made, ok := p.made[row]; {
			case !ok:
			case first == nil:
				first = p
			case made != first.made[row]:
				return fmt.Errorf("%s: %s made %s, %s made %s", row, first.name, first.made[row], p.name, made)
			}
		}
	}
	return nil
}

// printNine prints the medians.
func printNine(w io.Writer, ps []*nineProgram) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(tw, "\noperations/s, by processor time\t")
	for _, p := range ps {
		fmt.Fprint(tw, p.name, "\t")
	}
	fmt.Fprintln(tw)
	for _, row := range nineRows {
		fmt.Fprint(tw, row, "\t")
		for _, p := range ps {
			fmt.Fprint(tw, middle(p.rates[row]), "\t")
		}
		fmt.Fprintln(tw)
	}
	tw.Flush()
	for _, p := range ps {
		if p.skip != "" {
			fmt.Fprintf(w, "%s: %s\n", p.name, p.skip)
		}
	}
}

// middle writes the median of rates, "-" if there are none.
func middle(rates []float64) string {
	if len(rates) == 0 {
		return "-"
	}
	return harness.Short(harness.Median(rates))
}
