//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"pkl/pcapio"
)

// A wire is two namespaces joined by v0 in a (10.9.0.1, fd09::1) and v1 in b
// (10.9.0.2, fd09::2).
type wire struct {
	*testing.T
	a, b *netns.Namespace
}

func newWire(t *testing.T) *wire {
	t.Helper()
	lab := netlab.New(t)
	w := &wire{t, netlab.Namespace(t, lab, "a"), netlab.Namespace(t, lab, "b")}
	w.must(lab.Veth(netns.End{NS: w.a, Dev: "v0", Addrs: []string{"10.9.0.1/24", "fd09::1/64"}},
		netns.End{NS: w.b, Dev: "v1", Addrs: []string{"10.9.0.2/24", "fd09::2/64"}}))
	return w
}

// newQuietWire is a wire without IPv6, which nothing passes by itself.
func newQuietWire(t *testing.T) *wire {
	t.Helper()
	lab := netlab.New(t)
	w := &wire{t, netlab.Namespace(t, lab, "a"), netlab.Namespace(t, lab, "b")}
	for _, ns := range []*netns.Namespace{w.a, w.b} {
		w.must(ns.Sysctl("net/ipv6/conf/default/disable_ipv6", "1"))
	}
	w.must(lab.Veth(netns.End{NS: w.a, Dev: "v0", Addrs: []string{"10.9.0.1/24"}}, netns.End{NS: w.b, Dev: "v1", Addrs: []string{"10.9.0.2/24"}}))
	return w
}

func (w *wire) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// ip runs the ip command in a namespace.
func (w *wire) ip(ns *netns.Namespace, args string) {
	w.Helper()
	netlab.Run(w, ns, "ip", strings.Fields(args)...)
}

// dump starts pkl dump, and waits until it listens.
func (w *wire) dump(ns *netns.Namespace, args ...string) *livePkl {
	w.Helper()
	p := launch(w.T, ns, nil, append([]string{"dump"}, args...)...)
	p.listens(1)
	return p
}

// listens waits until pkl has n packet sockets that receive.
func (p *livePkl) listens(n int) {
	p.t.Helper()
	for limit := time.Now().Add(livePatience); ; time.Sleep(5 * time.Millisecond) {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/net/packet", p.cmd.Process.Pid))
		have := 0
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line) // sk RefCnt Type Proto Iface R Rmem User Inode
			if len(f) == 9 && f[3] == "0003" && f[5] == "1" && p.owns(f[8]) {
				have++
			}
		}
		if have >= n {
			return
		}
		select {
		case <-p.done:
			p.t.Fatalf("pkl ended: %s", p.err)
		default:
		}
		if time.Now().After(limit) {
			p.t.Fatalf("pkl does not listen: %s", text)
		}
	}
}

// owns reports whether pkl has a socket open.
func (p *livePkl) owns(inode string) bool {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.cmd.Process.Pid))
	for _, f := range files {
		if to, _ := os.Readlink(f); to == "socket:["+inode+"]" {
			return true
		}
	}
	return false
}

// program runs pkl run with code and no source, which must succeed, and returns
// what it printed.
func (w *wire) program(ns *netns.Namespace, code string, args ...string) string {
	w.Helper()
	p := launch(w.T, ns, nil, append([]string{"run", "-e", code}, args...)...)
	if status := p.status(); status != 0 {
		w.Fatalf("exit status %d", status)
	}
	return p.out.String()
}

// records reads a capture file.
func records(t *testing.T, name string) (all []pcapio.Packet) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapio.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for {
		var p pcapio.Packet
		if err := r.Read(&p); err != nil {
			return all
		}
		p.Data = append([]byte(nil), p.Data...)
		all = append(all, p)
	}
}

// tcpdump starts a tcpdump beside, and returns what ends it and reads its file.
func (w *wire) tcpdump(ns *netns.Namespace, args ...string) (end func(n int) []pcapio.Packet) {
	w.Helper()
	netlab.Need(w, "tcpdump")
	name := filepath.Join(w.TempDir(), "tcpdump.pcap")
	cmd := ns.Command(w.Context(), "tcpdump", append([]string{"-n", "-U", "-s", "0", "-B", "65536", "-Z", "root", "-w", name}, args...)...)
	said := newLineWatcher()
	cmd.Stderr = said
	w.must(cmd.Start())
	w.Cleanup(func() { cmd.Process.Kill() })
	waitLine(w.T, said, "listening on")
	return func(n int) []pcapio.Packet {
		w.Helper()
		for limit := time.Now().Add(livePatience); len(records(w.T, name)) < n && time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
		}
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		return records(w.T, name)
	}
}
