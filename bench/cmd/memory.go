package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"text/tabwriter"

	"pkl/bench/truth"
)

// peakWanted is what pkl may keep resident, whatever the size of the capture.
const peakWanted = 64 << 20

// streamed lists the programs that read a long capture from a pipe.
func streamed(b *built) []*program {
	ps := []*program{
		{name: "pkl filter", check: records,
			args: []string{b.pkl, "run", "-r", "-", "-f", pklFilter, "-w", "{out}", "lua/none.lua"}},
		{name: "pkl filter and rule", check: table, args: []string{b.pkl, "run", "-r", "-", "lua/filter.lua"}},
		{name: "pkl plain rule", check: table, args: []string{b.pkl, "run", "-r", "-", "lua/plain.lua"}},
	}
	for _, p := range ps {
		p.skip = b.noPkl
	}
	return append(ps,
		&program{name: "gopacket dlp, pcapgo", check: table, args: []string{b.gopacket, "-"}},
		&program{name: "tcpdump", check: plainRecords, skip: needs("tcpdump"),
			args: []string{"tcpdump", "-n", "-r", "-", "-w", "{out}", bpfFilter}})
}

// memory runs each program once behind a pipe from the generator.
func (r *runner) memory(ps []*program, o *options) {
	for _, p := range ps {
		if p.skip == "" {
			p.err = r.stream(p, o)
		}
	}
}

// stream runs one program on a stream and keeps its peak.
func (r *runner) stream(p *program, o *options) error {
	from, to, err := os.Pipe()
	if err != nil {
		return err
	}
	defer from.Close()
	known, wrote := out+"stream.json", out+"check.pcap"
	g := exec.Command(out+"gen", "-bytes", o.stream, "-seed", strconv.FormatUint(o.seed, 10), "-q", "-o", "-", "-truth", known)
	g.Stdout, g.Stderr = to, os.Stderr
	err = g.Start()
	to.Close()
	if err != nil {
		return err
	}
	s, err := r.measure(p.command("-", wrote), from)
	from.Close()
	if err := errors.Join(err, g.Wait()); err != nil {
		return err
	}
	t, err := truth.Read(known)
	if err != nil {
		return err
	}
	p.in, p.runs = &capture{"-", t}, []sample{s}
	return p.check(t, stdoutFile, wrote)
}

// printMemory prints the peaks.
func printMemory(w io.Writer, ps []*program, size string) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "\npackets\tpeak MiB\t  program, (e) %s from a pipe\n", size)
	for _, p := range ps {
		switch {
		case p.err != nil:
			fmt.Fprintf(tw, "-\tfailed\t  %s\n", p.name)
		case p.skip != "":
			fmt.Fprintf(tw, "-\t-\t  %s: %s\n", p.name, p.skip)
		default:
			fmt.Fprintf(tw, "%d\t%.1f\t  %s%s\n", p.in.truth.Packets, float64(highest(p.runs))/(1<<20), p.name, room(p))
		}
	}
	tw.Flush()
}

// room compares pkl's peak with what is wanted.
func room(p *program) string {
	switch {
	case len(p.name) < 3 || p.name[:3] != "pkl":
		return ""
	case highest(p.runs) < peakWanted:
		return "  below 64: reached"
	}
	return "  below 64: missed"
}
