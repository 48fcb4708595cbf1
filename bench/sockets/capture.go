//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pkl/bench/harness"
)

const (
	buffer = "2048"        // KiB that hold frames until they are read: tcpdump's default
	chosen = firstPort + 7 // the port of those frames that a filter chooses, one in as many as there are kinds

	// settle is for what is still on its way to the reader: tcpdump has the kernel hold frames back for a second.
	settle = 1200 * time.Millisecond
)

// capturing lists the programs that capture while trafgen sends.
func capturing(b *lab) *group {
	p := func(name string, share int, args ...string) *program {
		return &program{name: name, needs: args[0], measure: func() (sample, error) { return b.capture(share, args...) }}
	}
	tcpdump := []string{"tcpdump", "-i", to, "-B", buffer, "-n"}
	few := fmt.Sprintf("udp.dport == %d", chosen)
	run := []string{b.o.Pkl, "run", "-i", to, "-B", buffer}
	with := func(args []string, more ...string) []string { return append(args[:len(args):len(args)], more...) }
	return &group{title: "frames dropped at full blast", unit: losses, programs: []*program{
		p("tcpdump -w /dev/null", 1, with(tcpdump, "-w", "/dev/null")...),
		p("pkl run -w /dev/null, no rule", 1, with(run, "-w", "/dev/null", "-e", "")...),
		p("pkl run, a Lua rule for every frame", 1, with(run, "lua/frames.lua", "--", "0")...),
		p("tcpdump, a filter", kinds, with(tcpdump, fmt.Sprintf("udp dst port %d", chosen))...),
		p("pkl dump, the same filter", kinds, b.o.Pkl, "dump", "-i", to, "-B", buffer, "-f", few),
		p("tcpdump -w /dev/null, a filter", kinds, with(tcpdump, "-w", "/dev/null", fmt.Sprintf("udp dst port %d", chosen))...),
		p("pkl run -w /dev/null, the same filter", kinds, with(run, "-w", "/dev/null", "-f", few, "-e", "")...),
	}, ratios: []ratio{{1, 0, 1}, {2, 0, 1}, {4, 3, 1}, {6, 5, 1}}}
}

// capture lets a program capture what trafgen sends: one frame in so many.
func (b *lab) capture(share int, args ...string) (s sample, err error) {
	var signs []func(string) bool
	if strings.HasSuffix(args[0], "pkl") && args[1] == "run" {
		signs = append(signs, inForce)
	}
	w, err := harness.Start(b.command(context.Background(), b.server, b.o.CPU, args...), b.o.CPU, signs...)
	if err != nil {
		return s, err
	}
	defer func() {
		text, e := w.Stop()
		if err = errors.Join(err, e); err != nil {
			return
		}
		got, lost, err1 := counted(text)
		if err = err1; err == nil && got != (s.packets+share-1)/share {
			err = fmt.Errorf("%d frames counted by the kernel, want 1 in %d of %d", got, share, s.packets)
		}
		s.share = 100 * float64(lost) / float64(max(got, 1))
	}()
	if err := b.untilCaptured(); err != nil {
		return s, err
	}
	before, err1 := b.received()
	used, err2 := w.Used()
	if err := errors.Join(err1, err2); err != nil {
		return s, err
	}
	start := time.Now()
	if err := b.flood(b.o.frames); err != nil {
		return s, err
	}
	s.wall = time.Since(start)
	time.Sleep(b.o.settle)
	after, err1 := b.received()
	total, err2 := w.Used()
	s.packets, s.cpu = after-before, total-used
	return s, errors.Join(err1, err2)
}

// inForce is the line with which pkl run says that it judges.
func inForce(line string) bool { return line == "rules: generation 1 in force" }

// flood sends frames of all kinds in turn to the server, as fast as they go.
func (b *lab) flood(n int) error {
	if _, err := exec.LookPath("trafgen"); err != nil {
		return fmt.Errorf("%w: trafgen is not installed", errors.ErrUnsupported)
	}
	_, err := b.run(b.client, b.o.Other, "trafgen", "--dev", from, "--conf", allConf, "--num", strconv.Itoa(n), "--cpus", "1")
	return err
}

var (
	receivedText = regexp.MustCompile(`(\d+) (?:packets )?received`)
	droppedText  = regexp.MustCompile(`(\d+) (?:packets )?dropped by (?:the )?kernel`)
)

// counted reads from what pkl or tcpdump says at its end how many frames have passed the filter, and how many of them found
// no room.
func counted(text string) (received, dropped int, err error) {
	r, d := receivedText.FindStringSubmatch(text), droppedText.FindStringSubmatch(text)
	if r == nil || d == nil {
		return 0, 0, fmt.Errorf("no counts in %q", text)
	}
	received, err1 := strconv.Atoi(r[1])
	dropped, err2 := strconv.Atoi(d[1])
	return received, dropped, errors.Join(err1, err2)
}
