//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// An interface that goes down is told once and waited for; one that is removed
// ends the run, in order.
func TestLiveIfaceDown(t *testing.T) {
	w := newQuietWire(t)
	dump := w.dump(w.b, "-i", "v1", "-f", "icmp.type == echo_request", "-T", "fields", "-e", "icmp.seq")
	run := startPkl(t, w.b, "-i", "v1", "-f", "icmp.type == echo_request", "-e", `pkl.on(function(p) print(p.icmp.seq) end) pkl.at_end(function() print("end") end)`)
	both := []*livePkl{dump, run}
	for round := range 2 {
		if out := pings(t, w.a, "10.9.0.2", 1); !strings.Contains(out, "1 received") {
			t.Fatal(out)
		}
		for _, p := range both {
			waitCount(t, p.out, "1\n", round+1)
		}
		w.ip(w.b, "link set v1 down")
		for _, p := range both {
			waitCount(t, p.err, "pkl: interface v1 is down (ip link set v1 up); waiting for it\n", round+1)
		}
		w.ip(w.b, "link set v1 up")
	}
	if out := pings(t, w.a, "10.9.0.2", 1); !strings.Contains(out, "1 received") {
		t.Fatal(out)
	}
	w.ip(w.b, "link del v1")
	for _, p := range both {
		code := p.status()
		if p.wait("interface v1 was removed"); code != exitFailure {
			t.Errorf("exit status %d", code)
		}
	}
	if dump.out.String() != "1\n1\n1\n" || run.out.String() != "1\n1\n1\nend\n" {
		t.Errorf("dump shows %q, run says %q", dump.out, run.out)
	}
}

// waitCount waits until a program has written a text so often.
func waitCount(t *testing.T, l *lineWatcher, text string, n int) {
	t.Helper()
	for limit := time.Now().Add(livePatience); strings.Count(l.String(), text) != n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%q is not there %d times:\n%s", text, n, l)
		}
	}
}

// A side of a bridge that goes down loses what it cannot take, and comes back; one
// that is removed ends the run.
func TestLiveBridgeDown(t *testing.T) {
	c := newBridge(t)
	w := &wire{T: t}
	p := bridge(t, c, "pkl.on(function() end)")
	if out := pings(t, c.Client, far4, 1); !strings.Contains(out, "1 received") {
		t.Fatal(out)
	}
	w.ip(c.DUT, "link set eth1 down")
	p.wait("pkl: interface eth1 is down (ip link set eth1 up); waiting for it")
	if out := pings(t, c.Client, far4, 2, "-W", "0.2"); !strings.Contains(out, " 0 received") {
		t.Error(out)
	}
	p.wait("a frame from eth0 was not sent: interface eth1 is down")
	w.ip(c.DUT, "link set eth1 up")
	if out := pings(t, c.Client, far4, 3); !strings.Contains(out, "3 received") {
		t.Error(out)
	}
	w.ip(c.DUT, "link del eth1")
	if code := p.status(); code != exitFailure {
		t.Errorf("exit status %d", code)
	}
	p.wait("interface eth1 was removed")
}

// tun makes a TUN device in a namespace; it is there until the file is closed.
func (w *wire) tun(ns *netns.Namespace, name string, hardware int) (f *os.File) {
	w.Helper()
	if _, err := os.Stat("/dev/net/tun"); err != nil {
		w.Skipf("no TUN devices: %v", err)
	}
	w.must(ns.Do(func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			return err
		}
		r, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		r.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, r); err != nil {
			return err
		}
		if hardware != 0 {
			if err := unix.IoctlSetInt(fd, unix.TUNSETLINK, hardware); err != nil {
				return err
			}
		}
		f = os.NewFile(uintptr(fd), name)
		return nil
	}))
	w.Cleanup(func() { f.Close() })
	w.ip(ns, "link set "+name+" up")
	return f
}

// Starts that fail say what is missing, and what to do.
func TestLiveIfaceFailedStart(t *testing.T) {
	w := newQuietWire(t)
	w.tun(w.a, "odd0", 270)
	name, err := staticPkl()
	w.must(err)
	w.must(os.Chmod(filepath.Dir(name), 0o755)) // for nobody
	netlab.Need(t, "setpriv")
	nobody := []string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"}
	capture := captureOf(t, 0, numberedFrames(1)...)
	w.must(os.Chmod(filepath.Dir(filepath.Dir(capture)), 0o755))
	w.must(os.Chmod(filepath.Dir(capture), 0o755))
	const (
		none  = `there is no interface "v9" (ip link shows them)`
		right = "no right to open packet or raw sockets: run as root, or with CAP_NET_RAW"
	)
	w.ip(w.b, "link set v1 down")
	for _, f := range []struct {
		ns    *netns.Namespace
		under []string
		args  []string
		text  string
	}{
		{w.a, nil, []string{"dump", "-i", "v9"}, none},
		{w.a, nil, []string{"run", "-i", "v9", "-e", ""}, none},
		{w.a, nil, []string{"run", "-i", "v0", "--bridge", "v9", "-e", ""}, none},
		{w.a, nil, []string{"replay", capture, "-i", "v9"}, none},
		{w.b, nil, []string{"dump", "-i", "v1"}, "interface v1 is down (ip link set v1 up)"},
		{w.b, nil, []string{"run", "-i", "v1", "-e", ""}, "interface v1 is down (ip link set v1 up)"},
		{w.b, nil, []string{"replay", capture, "-i", "v1"}, "interface v1 is down (ip link set v1 up)"},
		{w.a, nobody, []string{"dump", "-i", "v0"}, right},
		{w.a, nobody, []string{"dump", "-i", "any"}, right},
		{w.a, nobody, []string{"run", "-i", "v0", "-e", ""}, right},
		{w.a, nobody, []string{"replay", capture, "-i", "v0"}, right},
		{w.a, nil, []string{"dump", "-i", "odd0"}, `interface odd0 has hardware type 270, whose frames cannot be read; capture on "any"`},
		{w.a, nil, []string{"run", "-i", "odd0", "-e", ""}, "interface odd0 has hardware type 270"},
		{w.a, nil, []string{"run", "-i", "v0", "--bridge", "odd0", "-e", ""}, "interface odd0 has hardware type 270"},
	} {
		p := launch(t, f.ns, f.under, f.args...)
		if code := p.status(); code != exitFailure || !strings.Contains(p.err.String(), f.text) {
			t.Errorf("%q: exit status %d, want %d and %q:\n%s", f.args, code, exitFailure, f.text, p.err)
		}
		t.Log(strings.TrimSpace(p.err.String()))
	}
	for under, want := range map[string]string{"": none, "nobody": right} {
		var command []string
		iface := "v9"
		if under != "" {
			command, iface = nobody, "v0"
		}
		p := launch(t, w.a, command, "run", "-e", fmt.Sprintf(`
			local frame = pkl.eth{} + pkl.arp{}
			print(select(2, pkl.socket{iface = %[1]q}))
			print(select(2, pkl.send(frame, {iface = %[1]q})))
			print(select(2, pkl.sr1(frame, {iface = %[1]q})))`, iface))
		if p.status() != 0 || strings.Count(p.out.String(), want) != 3 {
			t.Errorf("scripts %s are told %q, want %q", under, p.out, want)
		}
	}
}

// What cannot be sent as it is, a script is told; where there is no room, it waits.
func TestLiveSendRefused(t *testing.T) {
	netlab.Need(t, "tc")
	w := newQuietWire(t)
	netlab.Run(t, w.a, "tc", "qdisc", "add", "dev", "v0", "root", "tbf", "rate", "20mbit", "burst", "16kb", "limit", "10000")
	end := w.tcpdump(w.b, "-i", "v1", "ether proto 0x88b5")
	printed(t, w.program(w.a, `
		local eth = pkl.eth{dst = "02:00:00:00:00:02", type = 0x88b5}
		local s = assert(pkl.socket{iface = "v0"})
		print(s:send(eth + ("x"):rep(3000)))
		print(s:send{eth + "one", eth + ("x"):rep(3000), eth + "two"})
		print(s:send(eth + ("x"):rep(1000), {count = 300}))
		print(s:send({eth + "y", eth + "z"}, {count = 2}))
		local ip = assert(pkl.socket{layer = 3})
		print(ip:send(pkl.ip{dst = "10.9.0.2"} + pkl.udp{} + ("x"):rep(2000)))
		print(ip:send(pkl.ip{dst = "192.0.2.1"} + pkl.udp{}))
		print(s:stats().sent)
		print(pcall(s.send, s, pkl.ip{}))
		print(pcall(ip.send, ip, eth))
		s:close()
		print(pcall(s.send, s, eth))`), `
nil	3014 bytes are too long for v0, whose MTU is 1500	0
nil	3014 bytes are too long for v0, whose MTU is 1500	1
300
4
nil	2028 bytes are too long for v0, whose MTU is 1500	0
nil	no route to 192.0.2.1: network is unreachable	0
305
false	-e:12: v0: a frame begins with a link layer, this with ip: put one below it, or use layer = 3
false	-e:13: eth begins with no network layer: send it by a socket of layer 2
false	-e:15: the socket is closed
`)
	if got := end(305); len(got) != 305 {
		t.Errorf("%d frames arrive, want 305", len(got))
	}
}

// Rights are cut to CAP_NET_RAW on all threads before any script runs.
func TestLiveIfaceRights(t *testing.T) {
	w := newQuietWire(t)
	for _, more := range [][]string{nil, {"--user", "nobody"}, {"--workers", "2", "--allow", "net"}} {
		p := startPkl(t, w.b, append([]string{"-i", "v1", "-e", `pkl.on("icmp", function(p) print("seen") end)`}, more...)...)
		tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", p.cmd.Process.Pid))
		if err != nil || len(tasks) < 2 {
			t.Fatalf("threads: %v %v", tasks, err)
		}
		for _, task := range tasks {
			text, err := os.ReadFile(task)
			if err != nil {
				continue // the thread has ended
			}
			for _, want := range []string{"CapEff:\t0000000000002000", "CapPrm:\t0000000000002000", "CapBnd:\t0000000000002000", "NoNewPrivs:\t1"} {
				if !bytes.Contains(text, []byte(want)) {
					t.Errorf("%v: %s has no %q", more, task, want)
				}
			}
		}
		if out := pings(t, w.a, "10.9.0.2", 1); !strings.Contains(out, "1 received") {
			t.Error(out)
		}
		p.stop(os.Interrupt)
		if p.out.String() != "seen\nseen\n" {
			t.Errorf("%v: %q", more, p.out)
		}
	}
}
