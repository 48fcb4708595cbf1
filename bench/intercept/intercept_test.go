//go:build linux

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pkl/bench/harness"
	"pkl/internal/netns/netlab"
)

func TestParseCounters(t *testing.T) {
	const listed = `Chain PREROUTING (policy ACCEPT 12 packets, 1008 bytes)
    pkts      bytes target     prot opt in     out     source               destination
      17     1564            udp  --  *      *       0.0.0.0/0            0.0.0.0/0            STRING match "PKL!"
   50000  4600000 DROP       udp  --  *      *       0.0.0.0/0            0.0.0.0/0            udp dpt:9
`
	if n, err := parseCounters(listed); err != nil || !slices.Equal(n, []int{17, 50000}) {
		t.Errorf("%v %v, want 17 and 50000", n, err)
	}
	for _, bad := range []string{"", "Chain PREROUTING\n  pkts bytes\n", "Chain\npkts\n 50K 4M DROP\n"} {
		if n, err := parseCounters(bad); err == nil {
			t.Errorf("%q: %v and no error", bad, n)
		}
	}
}

func TestParsePing(t *testing.T) {
	const said = "50 packets transmitted, 50 received, 0% packet loss, time 998ms\nrtt min/avg/max/mdev = 0.021/0.034/0.100/0.012 ms\n"
	if rtt, err := parsePing(said); err != nil || rtt != 34*time.Microsecond {
		t.Errorf("%v %v, want 34µs", rtt, err)
	}
	if _, err := parsePing("50 packets transmitted, 0 received\n"); err == nil {
		t.Error("no answers, and no error")
	}
}

func TestSaw(t *testing.T) {
	p := &program{lua: true}
	for said, ok := range map[string]bool{"rules: x\nseen 70\n": true, "seen 71": true, "seen 69\n": false, "rules: x\n": false} {
		if err := p.saw(said, 70); (err == nil) != ok {
			t.Errorf("%q: %v", said, err)
		}
	}
	if err := (&program{}).saw("", 70); err != nil {
		t.Errorf("a program without Lua: %v", err)
	}
}

// What is wanted hangs on the places in the lists of programs.
func TestTables(t *testing.T) {
	ps := programs("pkl", 100)
	for i, ms := range []int{200, 600, 100, 400} {
		ps[i].drains = []sample{{packets: 1000, wall: time.Duration(ms) * time.Millisecond, cpu: time.Duration(ms) * time.Millisecond / 2},
			{packets: 1000, wall: time.Duration(ms) * time.Millisecond, cpu: time.Duration(ms) * time.Millisecond / 2}}
	}
	ts := streamed("pkl")
	for i, bits := range []float64{10e9, 7e9, 1e9, 5e8, 6e9, 9e9, 8e9} {
		ts[i].streams = []stream{{bits, time.Millisecond}}
	}
	var b strings.Builder
	printUDP(&b, "queued up", ps, func(p *program) []sample { return p.drains })
	printStreams(&b, ts)
	ps[1].drains[0].wall = 50 * time.Millisecond
	ps[1].drains = ps[1].drains[:1]
	ps[2].drains[0].flood = true
	printUDP(&b, "a flood", ps, func(p *program) []sample { return p.drains })
	for _, want := range []string{
		`5\.0 k +5\.0 k +5\.0 k +100000 +0 % +libnetfilter_queue`,
		`2\.00 +2\.00 +pkl, two fields and accept +libnetfilter_queue, accepts blindly +1: reached`,
		`6\.00 +6\.00 +pkl, two fields and accept +go-nfqueue, accepts blindly +3: reached`,
		`0\.50 +6\.00 +pkl, two fields and accept +go-nfqueue, accepts blindly +3: cannot be told`,
		`0\.50 +0\.50 +pkl, payload rewritten +libnetfilter_queue, accepts blindly +0\.8: missed`,
		`0\.70 +- +pkl +no queue +0\.8: missed`,
		`1\.17 +- +pkl +libnetfilter_queue, large packets whole`,
		`0\.90 +- +pkl on one CPU +no queue +0\.8: reached`,
		`1\.12 +- +pkl on one CPU +libnetfilter_queue, large packets whole, on one CPU`,
	} {
		if !regexp.MustCompile(want).MatchString(b.String()) {
			t.Errorf("no %s in\n%s", want, &b)
		}
	}
}

// TestLab drains and floods the peers, and sends a stream, in small.
func TestLab(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	netlab.New(t) // skips where there can be no namespaces
	netlab.Need(t, "iptables", "iperf3", "ping", "gcc")
	t.Chdir("..")
	o := &options{packets: 500, Options: harness.Options{Rounds: 1, Time: time.Second / 2, Only: regexp.MustCompile("blindly|no queue"), Pkl: "unused"}}
	if err := o.build(); err != nil {
		t.Fatal(err)
	}
	b, err := newLab()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join("/run/netns", b.net.DUT.Name)); err == nil {
			t.Error("a namespace is left")
		}
	}()
	ps, fs, ts := programs(o.Pkl, 1000), programs(o.Pkl, 4096), streamed(o.Pkl)
	b.rounds(o, ps, fs, ts)
	for _, p := range slices.Concat(ps, fs, ts) {
		if p.err != nil {
			t.Errorf("%s: %v", p.name, p.err)
		}
		if o.Only.MatchString(p.name) != (len(p.drains)+len(p.floods)+len(p.streams) == 1) {
			t.Errorf("%s: %d drains, %d floods, %d streams", p.name, len(p.drains), len(p.floods), len(p.streams))
		}
	}
}
