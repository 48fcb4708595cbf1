//go:build linux

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pkl/bench/harness"
	"pkl/internal/netns/netlab"
)

func TestReceivedBy(t *testing.T) {
	const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       2    0    0    0     0          0         0      100       2    0    0    0     0       0          0
    v1: 6400000  100000    0    0    0     0          0         0        0       0    0    0    0     0       0          0
`
	if n, err := receivedBy(text, "v1"); n != 100000 || err != nil {
		t.Errorf("%d %v, want 100000", n, err)
	}
	for _, bad := range []string{"", "v1:", "v1: x y", "v11: 1 2"} {
		if n, err := receivedBy(bad, "v1"); err == nil {
			t.Errorf("%q: %d and no error", bad, n)
		}
	}
}

func TestCaptures(t *testing.T) {
	const head = "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n"
	for line, want := range map[string]bool{
		"":                                     false,
		"0 3 3 0003 2 1 0 0 10\n":              true,
		"0 3 3 0000 2 1 0 0 10\n":              false, // a sender
		"0 3 3 0003 0 1 0 0 10\n":              false, // not bound yet
		"0 3 3 0003 2 0 0 0 10\n":              false, // the interface is down
		"1 3 3 0000 2 1\n0 3 2 0003 2 1 0 0\n": true,
	} {
		if captures(head+line) != want {
			t.Errorf("%q: want %v", line, want)
		}
	}
}

func TestCounted(t *testing.T) {
	for _, said := range []string{
		"listening on v1\n9 packets captured\n12 packets received by filter\n3 packets dropped by kernel\n",
		"rules: generation 1 in force\ninterface v1: 12 received, 3 dropped by the kernel, 0 sent on\n",
		"v1: 9 packets, 12 received, 3 dropped by the kernel\n",
	} {
		if got, lost, err := counted(said); got != 12 || lost != 3 || err != nil {
			t.Errorf("%q: %d %d %v, want 12 and 3", said, got, lost, err)
		}
	}
	if _, _, err := counted("12 received\n"); err == nil {
		t.Error("no drops are told, and no error")
	}
}

// tcpdump has nothing to find fault with in the frames, and its filter finds one kind.
func TestFrames(t *testing.T) {
	if len(trafgen(frame(0))) != len("{ ")+len("0x00, ")*frameLen-len(", ")+len(" }\n") {
		t.Errorf("%q", trafgen(frame(0)))
	}
	netlab.Need(t, "tcpdump")
	name := filepath.Join(t.TempDir(), "frames.pcap")
	if err := writeCapture(name, 2*kinds); err != nil {
		t.Fatal(err)
	}
	all, err := exec.Command("tcpdump", "-nv", "-r", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(all, []byte("UDP, length 22")); n != 2*kinds || bytes.Contains(all, []byte("bad")) {
		t.Errorf("%d whole frames:\n%s", n, all)
	}
}

// What is wanted hangs on the places in the lists of programs.
func TestTables(t *testing.T) {
	gs := groups(&lab{o: &options{frames: 1000, Options: harness.Options{Time: time.Second}}})
	for _, g := range gs {
		for i, p := range g.programs {
			s := sample{packets: 1000, wall: time.Duration(i+4) * time.Millisecond, cpu: time.Duration(i+1) * time.Millisecond, share: float64(i), bits: float64(i+1) * 1e9}
			p.samples = []sample{s, s, {}}
		}
	}
	var b strings.Builder
	for _, g := range gs {
		g.print(&b)
	}
	for _, want := range []string{
		`250\.0 k .* 1000  trafgen --cpus 1`,
		`0\.80 +0\.50 +pkl run, s:send.* trafgen --cpus 1 +0\.8: reached`,
		`0\.67 +0\.33 +pkl replay --fast +trafgen --cpus 1 +0\.8: missed`,
		`\+1\.00 .*pkl run -w /dev/null, no rule +tcpdump -w /dev/null +at most \+1: reached`,
		`\+2\.00 .*a Lua rule for every frame +tcpdump -w /dev/null +at most \+1: missed`,
		`\+1\.00 .*pkl dump, the same filter +tcpdump, a filter +at most`,
		`\+1\.00 .*the same filter +tcpdump -w /dev/null, a filter +at most`,
		`0\.80 .*pkl run -i +pkl run -r +0\.5: reached`,
		`1\.50 .*--bridge, no rule +the kernel's bridge`,
	} {
		if !regexp.MustCompile(want).MatchString(b.String()) {
			t.Errorf("no %s in\n%s", want, &b)
		}
	}
}

// TestLab measures everything once, in small.
func TestLab(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	netlab.New(t) // skips where there can be no namespaces
	netlab.Need(t, "trafgen", "tcpdump", "iperf3")
	t.Chdir("..")
	o := &options{frames: 10 * kinds, settle: 100 * time.Millisecond, Options: harness.Options{Rounds: 1, Time: time.Second, Only: regexp.MustCompile("")}}
	if err := o.build(); err != nil {
		t.Fatal(err)
	}
	b, err := newLab(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join("/run/netns", b.server.Name)); err == nil {
			t.Error("a namespace is left")
		}
	}()
	gs := groups(b)
	measure(o, gs)
	for _, g := range gs {
		for _, p := range g.programs {
			if (p.err != nil || len(p.samples) != 1) && !errors.Is(p.err, errors.ErrUnsupported) {
				t.Errorf("%s: %d samples, %v", p.name, len(p.samples), p.err)
			}
		}
	}
}
