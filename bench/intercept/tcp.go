//go:build linux

package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"pkl/bench/harness"
	"pkl/internal/netns"
)

// through sends a TCP stream through a program, after some pings.
func (b *lab) through(p *program, o *options) (s stream, err error) {
	if err := b.reset(); err != nil {
		return s, err
	}
	if p.args != nil {
		cpu := ""
		if p.settled {
			cpu = harness.LastCPU()
		}
		w, err := b.start(p, cpu, o.Alone)
		if err != nil {
			return s, err
		}
		defer func() {
			text, e := w.Stop()
			if err = errors.Join(err, e); err == nil {
				err = p.saw(text, 100)
			}
		}()
		if err := b.queueStreams(true); err != nil {
			return s, err
		}
		defer func() { err = errors.Join(err, b.queueStreams(false)) }()
	}
	text, err := b.run(b.net.Client, "ping", "-q", "-c", "50", "-i", "0.02", netns.Server4)
	if err != nil {
		return s, err
	}
	if s.rtt, err = parsePing(text); err != nil {
		return s, err
	}
	s.bits, err = harness.Iperf(b.net.Client, b.net.Server, netns.Server4, max(1, int(o.Time.Seconds())), o.Alone)
	return s, err
}

var pingLine = regexp.MustCompile(`(?m)^rtt min/avg/max/mdev = [0-9.]+/([0-9.]+)/`)

// parsePing reads the mean round trip time from the output of ping -q.
func parsePing(text string) (time.Duration, error) {
	m := pingLine.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("ping: no round trip time in %q", text)
	}
	ms, err := strconv.ParseFloat(m[1], 64)
	return time.Duration(ms * float64(time.Millisecond)), err
}
