//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"pkl/internal/netns"
)

// through sends a TCP stream through a program, after some pings.
func (b *lab) through(p *program, o *options) (s stream, err error) {
	if err := b.reset(); err != nil {
		return s, err
	}
	if p.args != nil {
		w, err := b.start(p, "", o.alone)
		if err != nil {
			return s, err
		}
		defer func() {
			text, e := w.stop()
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
	s.bits, err = b.iperf(o)
	return s, err
}

// iperf measures the goodput of one TCP stream from client to server, in bits a second.
func (b *lab) iperf(o *options) (float64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), o.time+patience)
	defer cancel()
	args := on("", o.alone, "iperf3", "-s", "-1", "--forceflush")
	server := b.net.Server.Command(ctx, args[0], args[1:]...)
	said, err := server.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := server.Start(); err != nil {
		return 0, err
	}
	defer server.Wait()
	defer cancel()
	if _, err := said.Read(make([]byte, 1)); err != nil { // it listens before it says anything
		return 0, fmt.Errorf("iperf3 -s: %w", err)
	}
	args = on("", o.alone, "iperf3", "-J", "-c", netns.Server4, "-t", strconv.Itoa(max(1, int(o.time.Seconds()))))
	text, err := b.net.Client.Run(ctx, args[0], args[1:]...)
	if err != nil {
		return 0, err
	}
	return parseIperf(text)
}

// parseIperf reads what was received from the output of iperf3 -J.
func parseIperf(text string) (float64, error) {
	var r struct {
		Error string
		End   struct {
			Received struct {
				Bits float64 `json:"bits_per_second"`
			} `json:"sum_received"`
		}
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return 0, fmt.Errorf("iperf3: %w", err)
	}
	if r.Error != "" || r.End.Received.Bits <= 0 {
		return 0, fmt.Errorf("iperf3 received nothing: %s", r.Error)
	}
	return r.End.Received.Bits, nil
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
