//go:build linux

package main

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"pkl/bench/harness"
)

// mostWaiting bounds the frames that wait in the kernel, as each takes 208 bytes there, and some room beside: when three
// quarters of a ring are full, the kernel may drop a frame.
const mostWaiting = 400_000

// judging lists the ways on which one Lua rule gets the same frames.
func judging(b *lab) *group {
	frames := min(b.o.frames, mostWaiting)
	n := strconv.Itoa(frames)
	return &group{title: "frames a second through a Lua rule that reads two fields of each", unit: rates, programs: []*program{
		{name: "pkl run -r", measure: func() (sample, error) {
			return b.judgeFile(frames, b.o.Pkl, "run", "-r", allFile, "-c", n, "lua/frames.lua", "--", n)
		}},
		{name: "pkl run -i", measure: func() (sample, error) {
			return b.judgeRing(frames, b.o.Pkl, "run", "-i", to, "-B", strconv.Itoa(frames/2+2048), "lua/frames.lua", "--", n)
		}},
	}, ratios: []ratio{{1, 0, 0.5}}}
}

// allSeen is the line with which lua/frames.lua says that no frame is missing.
func allSeen(line string) bool { return strings.Contains(line, "all seen") }

// judgeFile runs the rule over the capture file.
func (b *lab) judgeFile(frames int, args ...string) (s sample, err error) {
	start := time.Now()
	w, err := harness.Start(b.command(context.Background(), b.server, b.o.CPU, args...), b.o.CPU, allSeen)
	if err != nil {
		return s, err
	}
	s.wall, s.packets = time.Since(start), frames
	s.cpu, err = w.Wait()
	return s, err
}

// judgeRing runs the rule over frames that were captured while the program was stopped. There is room for all.
func (b *lab) judgeRing(frames int, args ...string) (s sample, err error) {
	w, err := harness.Start(b.command(context.Background(), b.server, b.o.CPU, args...), b.o.CPU, inForce, allSeen)
	if err != nil {
		return s, err
	}
	defer func() {
		_, e := w.Stop()
		err = errors.Join(err, e)
	}()
	if err := w.Pause(); err != nil {
		return s, err
	}
	if err := b.flood(frames); err != nil {
		return s, errors.Join(err, w.GoOn())
	}
	time.Sleep(b.o.settle) // the last block is handed over
	used, err := w.Used()
	start := time.Now()
	if err := errors.Join(err, w.GoOn()); err != nil {
		return s, err
	}
	if err := w.Await(1); err != nil {
		return s, err
	}
	s.wall, s.packets = time.Since(start), frames
	total, err := w.Used()
	s.cpu = total - used
	return s, err
}
