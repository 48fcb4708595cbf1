//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pkl/bench/harness"
	"pkl/internal/netns"
	"pkl/nfq"
)

const (
	queue    = "0"
	port     = "9" // of the packets: discard
	rewrites = "PKL!"

	look = time.Millisecond // between looks at the queue
)

// A lab is a client, a router whose packets go through a queue, and a server that drops and counts what arrives: before
// it is looked up, so that no answer is sent.
type lab struct {
	*netns.Lab
	net    *netns.Chain
	kernel *nfq.KernelFile // the router's queues
}

// newLab makes the network. UDP packets to the port are queued; nothing else is.
func newLab() (*lab, error) {
	l, err := netns.New("pkl-bench")
	if err != nil {
		return nil, err
	}
	b := &lab{Lab: l}
	if b.net, err = l.Chain(); err == nil {
		err = b.net.DUT.Do(func() (err error) {
			b.kernel, err = nfq.OpenKernel()
			return err
		})
	}
	if err == nil {
		var err1 error
		for _, chain := range []string{"FORWARD", "OUTPUT"} {
			_, err := b.run(b.net.DUT, "iptables", "-w", "-A", chain, "-p", "udp", "--dport", port, "-j", "NFQUEUE", "--queue-num", queue)
			err1 = errors.Join(err1, err)
		}
		_, err2 := b.run(b.net.Server, "iptables", "-w", "-t", "raw", "-A", "PREROUTING", "-p", "udp", "--dport", port, "-j", "DROP")
		err = errors.Join(err1, err2)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return b, nil
}

// run runs a program to its end in a namespace.
func (b *lab) run(ns *netns.Namespace, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), harness.Patience)
	defer cancel()
	return ns.Run(ctx, name, args...)
}

// queueStreams sends all but UDP through the queue too, or does so no longer.
func (b *lab) queueStreams(yes bool) error {
	what := "-D"
	if yes {
		what = "-A"
	}
	_, err := b.run(b.net.DUT, "iptables", "-w", what, "FORWARD", "!", "-p", "udp", "-j", "NFQUEUE", "--queue-num", queue)
	return err
}

// countRewritten has the server count also the packets that were rewritten, or does so no longer. It takes time.
func (b *lab) countRewritten(yes bool) error {
	what := "-D"
	if yes {
		what = "-I"
	}
	_, err := b.run(b.net.Server, "iptables", "-w", "-t", "raw", what, "PREROUTING", "-p", "udp", "-m", "string", "--algo", "bm", "--string", rewrites)
	return err
}

// reset makes the neighbours known, so that nothing waits for them, and the server's counters 0.
func (b *lab) reset() error {
	_, err1 := b.run(b.net.Client, "ping", "-q", "-c", "1", "-W", "5", netns.Server4)
	_, err2 := b.run(b.net.Server, "iptables", "-w", "-t", "raw", "-Z")
	return errors.Join(err1, err2)
}

// arrived is how many packets each rule of the server has counted.
func (b *lab) arrived() ([]int, error) {
	text, err := b.run(b.net.Server, "iptables", "-w", "-t", "raw", "-nvxL", "PREROUTING")
	if err != nil {
		return nil, err
	}
	return parseCounters(text)
}

// parseCounters reads the packets of each rule that iptables -nvxL lists.
func parseCounters(text string) (all []int, err error) {
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 0; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if n < 2 || len(f) == 0 { // the name of the chain, and the titles
			continue
		}
		k, err := strconv.Atoi(f[0])
		if err != nil {
			return nil, fmt.Errorf("counters of iptables: %w", err)
		}
		all = append(all, k)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("counters of iptables: none in %q", text)
	}
	return all, nil
}

// waiting is how many packets the queue holds; ok is false if nobody has bound it.
func (b *lab) waiting() (n int, ok bool, err error) {
	all, err := b.kernel.Read()
	if err != nil || len(all) == 0 {
		return 0, false, err
	}
	return all[0].Waiting, true, nil
}

// untilEmpty waits until no packet is in the queue, and returns when that was.
func (b *lab) untilEmpty() (time.Time, error) {
	for end := time.Now().Add(harness.Patience); ; time.Sleep(look) {
		n, ok, err := b.waiting()
		now := time.Now()
		switch {
		case err != nil:
			return now, err
		case !ok:
			return now, errors.New("nobody has the queue any more")
		case n == 0:
			return now, nil
		case now.After(end):
			return now, fmt.Errorf("%d packets still wait in the queue after %v", n, harness.Patience)
		}
	}
}

// fill sends packets until so many wait in the queue.
func (b *lab) fill(flood string, n int) error {
	for range 10 {
		have, _, err := b.waiting()
		if err != nil {
			return err
		}
		if have == n {
			return nil
		}
		if _, err := b.run(b.net.Client, flood, "-n", strconv.Itoa(n-have), "-size", strconv.Itoa(payload), netns.Server4+":"+port); err != nil {
			return err
		}
	}
	return fmt.Errorf("%d packets do not get into the queue", n)
}

// start runs a program in the router, and waits until it judges.
func (b *lab) start(p *program, cpu string, alone bool) (*harness.Process, error) {
	args := harness.On(cpu, alone, p.args...)
	return harness.Start(b.net.DUT.Command(context.Background(), args[0], args[1:]...), cpu, func(line string) bool {
		return line == "ready" || line == "rules: generation 1 in force"
	})
}

// close ends all.
func (b *lab) close() error { return errors.Join(b.kernel.Close(), b.Close()) }
