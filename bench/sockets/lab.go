//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"pkl/bench/harness"
	"pkl/internal/netns"
)

const (
	from, to    = "v0", "v1" // the pair that frames are sent over, of client and server; nothing else is
	direct      = "10.9.1.2" // the server's address on another pair
	server      = "10.9.2.2" // and behind the bridge
	left, right = "b0", "b1" // the bridge's interfaces
)

// A lab is a client and a server, joined by two pairs of devices, and by a host in between that is to bridge.
type lab struct {
	*netns.Lab
	o                      *options
	client, bridge, server *netns.Namespace
	devices, sockets       *os.File // the server's interfaces and packet sockets, as the kernel tells them
}

func newLab(o *options) (*lab, error) {
	l, err := netns.New("pkl-bench")
	if err != nil {
		return nil, err
	}
	b := &lab{Lab: l, o: o}
	if err := b.make(); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// make makes the network. There is no IPv6, which would send frames by itself.
func (b *lab) make() (err error) {
	for _, n := range []struct {
		at   **netns.Namespace
		name string
	}{{&b.client, "client"}, {&b.bridge, "bridge"}, {&b.server, "server"}} {
		if *n.at, err = b.Namespace(n.name); err != nil {
			return err
		}
		if err := (*n.at).Sysctl("net/ipv6/conf/default/disable_ipv6", "1"); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	err = errors.Join(
		b.Veth(netns.End{NS: b.client, Dev: from}, netns.End{NS: b.server, Dev: to}),
		b.Veth(netns.End{NS: b.client, Dev: "eth1", Addrs: []string{"10.9.1.1/24"}}, netns.End{NS: b.server, Dev: "eth1", Addrs: []string{direct + "/24"}}),
		b.Veth(netns.End{NS: b.client, Dev: "eth0", Addrs: []string{"10.9.2.1/24"}}, netns.End{NS: b.bridge, Dev: left}),
		b.Veth(netns.End{NS: b.bridge, Dev: right}, netns.End{NS: b.server, Dev: "eth0", Addrs: []string{server + "/24"}}))
	if err != nil {
		return err
	}
	return b.server.Do(func() (err error) {
		if b.devices, err = os.Open("/proc/thread-self/net/dev"); err == nil {
			b.sockets, err = os.Open("/proc/thread-self/net/packet")
		}
		return err
	})
}

// Close ends all.
func (b *lab) Close() error {
	for _, f := range []*os.File{b.devices, b.sockets} {
		if f != nil {
			f.Close()
		}
	}
	return b.Lab.Close()
}

// read is all of a file of the kernel, as it is now.
func read(f *os.File) ([]byte, error) {
	if _, err := f.Seek(0, 0); err != nil {
		return nil, err
	}
	var all bytes.Buffer
	_, err := all.ReadFrom(f)
	return all.Bytes(), err
}

// received is how many frames have come to the server.
func (b *lab) received() (int, error) {
	text, err := read(b.devices)
	if err != nil {
		return 0, err
	}
	return receivedBy(string(text), to)
}

// receivedBy reads the frames that an interface has received from /proc/net/dev.
func receivedBy(text, device string) (n int, err error) {
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		name, counts, ok := strings.Cut(strings.TrimSpace(lines.Text()), ":")
		if ok && name == device {
			var octets int
			_, err = fmt.Sscan(counts, &octets, &n)
			return n, err
		}
	}
	return 0, fmt.Errorf("no interface %s in %q", device, text)
}

// untilCaptured waits until a packet socket of the server receives all protocols.
func (b *lab) untilCaptured() error {
	for end := time.Now().Add(harness.Patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		text, err := read(b.sockets)
		if err != nil || captures(string(text)) {
			return err
		}
	}
	return errors.New("no packet socket was bound")
}

// captures reads from /proc/net/packet whether a socket of ETH_P_ALL (3) is running there.
func captures(text string) bool {
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		f := strings.Fields(lines.Text()) // sk, references, type, protocol, interface, running, …
		if len(f) > 5 && f[3] == "0003" && f[4] != "0" && f[5] == "1" {
			return true
		}
	}
	return false
}

// run runs a program to its end in a namespace; cpu is the processor time that it took.
func (b *lab) run(ns *netns.Namespace, cpu string, args ...string) (took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*harness.Patience)
	defer cancel()
	c := b.command(ctx, ns, cpu, args...)
	text, err := c.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(text)))
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime(), nil
}

// command prepares a program that runs in a namespace, on one CPU if one is given, then with GOMAXPROCS=1.
func (b *lab) command(ctx context.Context, ns *netns.Namespace, cpu string, args ...string) *exec.Cmd {
	args = harness.On(cpu, b.o.Alone, args...)
	c := ns.Command(ctx, args[0], args[1:]...)
	if cpu != "" {
		c.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	return c
}
