//go:build linux

package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pkl/bench/harness"
	"pkl/internal/netns"
)

// warm is how many packets go through a program before it is measured.
const warm = 2000

// drain lets a program judge packets that have queued up while it was stopped. All have to arrive.
func (b *lab) drain(p *program, o *options) (s sample, err error) {
	if err := b.reset(); err != nil {
		return s, err
	}
	w, err := b.start(p, o.CPU, o.Alone)
	if err != nil {
		return s, err
	}
	defer func() {
		text, e := w.Stop()
		if err = errors.Join(err, e); err == nil {
			err = p.saw(text, warm+o.packets)
		}
	}()
	if _, err := b.send(b.net.Client, o, "-n", strconv.Itoa(warm)); err != nil {
		return s, err
	}
	if _, err := b.untilEmpty(); err != nil {
		return s, err
	}
	before, err := b.arrived()
	if err != nil {
		return s, err
	}
	if err := w.Pause(); err != nil {
		return s, err
	}
	if err := b.fill(out+"flood", o.packets); err != nil {
		return s, errors.Join(err, w.GoOn())
	}
	used, err := w.Used()
	start := time.Now()
	if err := errors.Join(err, w.GoOn()); err != nil {
		return s, err
	}
	end, err := b.untilEmpty()
	if err != nil {
		return s, err
	}
	after, err1 := b.arrived()
	total, err2 := w.Used()
	if err := errors.Join(err1, err2); err != nil {
		return s, err
	}
	for i := range after {
		if n := after[i] - before[i]; n != o.packets {
			return s, fmt.Errorf("%d packets counted by rule %d of the server, want %d", n, i+1, o.packets)
		}
	}
	return sample{packets: o.packets, wall: end.Sub(start), cpu: total - used}, nil
}

// flood sends to a program more than it can judge, from the router itself: to bring packets there takes a core more time
// than the fastest program needs for them. The socket's buffer holds back what the queue would not take.
func (b *lab) flood(p *program, o *options) (s sample, err error) {
	if err := b.reset(); err != nil {
		return s, err
	}
	w, err := b.start(p, o.CPU, o.Alone)
	if err != nil {
		return s, err
	}
	defer func() {
		text, e := w.Stop()
		if err = errors.Join(err, e); err == nil {
			err = p.saw(text, s.packets)
		}
	}()
	used, err := w.Used()
	if err != nil {
		return s, err
	}
	start := time.Now()
	sent, err := b.send(b.net.DUT, o, "-for", o.Time.String(), "-buffer", strconv.Itoa(1<<20))
	if err != nil {
		return s, err
	}
	end, err := b.untilEmpty()
	if err != nil {
		return s, err
	}
	n, err1 := b.arrived()
	total, err2 := w.Used()
	if err := errors.Join(err1, err2); err != nil {
		return s, err
	}
	if n[0] == 0 {
		return s, errors.New("no packet arrived")
	}
	return sample{packets: n[0], lost: sent - n[0], wall: end.Sub(start), cpu: total - used, flood: true}, nil
}

// send sends packets from a host, and returns how many.
func (b *lab) send(from *netns.Namespace, o *options, args ...string) (int, error) {
	args = append([]string{out + "flood", "-size", strconv.Itoa(payload)}, append(args, netns.Server4+":"+port)...)
	args = harness.On(o.Other, o.Alone, args...)
	text, err := b.run(from, args[0], args[1:]...)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(text))
}
