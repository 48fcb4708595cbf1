//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"

	"pkl/bench/harness"
)

// bridging lists what one TCP stream can pass.
func bridging(b *lab) *group {
	pkl := func(args ...string) func() (sample, error) {
		return func() (s sample, err error) {
			args := append([]string{b.o.Pkl, "run", "-i", left, "--bridge", right}, args...)
			w, err := harness.Start(b.command(context.Background(), b.bridge, "", args...), "", inForce)
			if err != nil {
				return s, err
			}
			s, err = b.stream(server)
			_, e := w.Stop()
			return s, errors.Join(err, e)
		}
	}
	return &group{title: "Gbit/s of one TCP stream", unit: streams, programs: []*program{
		{name: "a pair of veth", needs: "iperf3", measure: func() (sample, error) { return b.stream(direct) }},
		{name: "the kernel's bridge", needs: "iperf3", measure: b.kernelBridge},
		{name: "pkl --bridge, no rule", needs: "iperf3", measure: pkl("-e", "")},
		{name: "pkl --bridge, a Lua rule that accepts", needs: "iperf3", measure: pkl("lua/stream.lua")},
	}, ratios: []ratio{{2, 1, 0}, {3, 1, 0}, {1, 0, 0}}}
}

// stream sends a TCP stream from the client to an address of the server.
func (b *lab) stream(address string) (s sample, err error) {
	s.bits, err = harness.Iperf(b.client, b.server, address, max(1, int(b.o.Time.Seconds())), b.o.Alone)
	return s, err
}

// kernelBridge is stream through a bridge of the kernel. Forwarding needs no waiting (forward_delay).
func (b *lab) kernelBridge() (s sample, err error) {
	ip := func(args ...string) error {
		_, err := b.run(b.bridge, "", append([]string{"ip", "link"}, args...)...)
		return err
	}
	if err := ip("add", "br0", "type", "bridge", "forward_delay", "0"); err != nil {
		return s, fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	err = errors.Join(ip("set", left, "master", "br0"), ip("set", right, "master", "br0"), ip("set", "br0", "up"))
	if err == nil {
		s, err = b.stream(server)
	}
	return s, errors.Join(err, ip("del", "br0"))
}
