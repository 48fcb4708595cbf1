//go:build linux

package main

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// payload is the size of each packet's UDP payload in bytes; the IP packet has 28 more.
const payload = 64

// A program is one that judges packets, and what was measured of it.
type program struct {
	name     string
	args     []string
	lua      bool // counts what it has seen in Lua, and prints it
	rewrites bool
	settled  bool // judges a TCP stream on one CPU

	drains  []sample
	floods  []sample
	streams []stream
	err     error
}

// A sample is one measurement with UDP packets.
type sample struct {
	packets int           // that were judged
	lost    int           // of those that were sent
	wall    time.Duration // that it took
	cpu     time.Duration // of the program
	flood   bool          // packets were sent while it judged
}

func (s sample) rate() float64 { return float64(s.packets) / s.wall.Seconds() }

// each is the processor time for one packet, in ns.
func (s sample) each() float64 { return float64(s.cpu) / float64(max(s.packets, 1)) }

// A stream is one measurement of a TCP stream, and of ping beside nothing.
type stream struct {
	bits float64       // a second
	rtt  time.Duration // mean
}

// programs lists those that judge UDP packets.
func programs(pkl string, length int) []*program {
	n := strconv.Itoa(length)
	run := func(script string) []string { return []string{pkl, "run", "-q", queue, "--queue-len", n, script} }
	return []*program{
		{name: "libnetfilter_queue, accepts blindly", args: []string{out + "libnfq", queue, n}},
		{name: "go-nfqueue, accepts blindly", args: []string{out + "gonfqueue", queue, n}},
		{name: "pkl, two fields and accept", lua: true, args: run("lua/accept.lua")},
		{name: "pkl, payload rewritten", lua: true, rewrites: true, args: run("lua/rewrite.lua")},
	}
}

// streamed lists those that a TCP stream goes through.
func streamed(pkl string) []*program {
	run := []string{pkl, "run", "-q", queue, "lua/stream.lua"}
	whole := []string{out + "libnfq", queue, "4096", "gso"}
	return []*program{
		{name: "no queue"},
		{name: "pkl", lua: true, args: run},
		{name: "pkl --no-gso", lua: true, args: []string{pkl, "run", "-q", queue, "--no-gso", "lua/stream.lua"}},
		{name: "go-nfqueue", args: []string{out + "gonfqueue", queue, "4096"}},
		{name: "libnetfilter_queue, large packets whole", args: whole},
		{name: "pkl on one CPU", lua: true, settled: true, args: run},
		{name: "libnetfilter_queue, large packets whole, on one CPU", settled: true, args: whole},
	}
}

var seenLine = regexp.MustCompile(`(?m)^seen (\d+)$`)

// saw compares what a program says at its end with the packets that went through it.
func (p *program) saw(text string, packets int) error {
	if !p.lua {
		return nil
	}
	m := seenLine.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("does not say what it has seen: %s", text)
	}
	if n, _ := strconv.Atoi(m[1]); n < packets {
		return fmt.Errorf("Lua has seen %d of %d packets", n, packets)
	}
	return nil
}
