//go:build linux

package main

import (
	"fmt"
	"os"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Rules that hang, fail, fill memory or return nonsense: their packets get the
// failure verdict, others go on, without loss (rows 3, 4, 5, 8, 42).
func TestLiveFaults(t *testing.T) {
	c := netlab.Chain(t)
	f := script(t, `
		pkl.on("icmp and frame.len == 100", function() while true do end end)
		pkl.on("icmp and frame.len == 101", function() error("on purpose") end)
		pkl.on("icmp and frame.len == 102", function() return "nonsense" end)
		pkl.on("icmp and frame.len == 103", function() local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end end)
		pkl.on("icmp and frame.len == 104", function() local co = coroutine.wrap(function() while true do end end) co() end)
		pkl.on{ filter = "icmp and frame.len == 106", on_error = "accept", on_packet = function(p) p.ip.ttl = 1 error("let it go") end }`)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD", "--memory", "64", "--budget", "100ms", f)
	others := startFlood(t, c, time.Millisecond)
	send := func(size int, wait string) bool {
		out := pings(t, c.Client, netns.Server4, 1, "-s", strconv.Itoa(size-28), "-W", wait)
		return strings.Contains(out, "1 received")
	}
	faults := []string{"an endless loop (row 3)", "an error (row 4)", "a wrong verdict (row 8)", "a memory bomb (row 5)", "an endless loop in a coroutine (rows 3, 42)"}
	for i, fault := range faults {
		size := 100 + i
		if send(size, "0.3") {
			t.Errorf("the packet of %d bytes, on which a rule fails, is accepted", size)
		}
		if !send(120, "20") {
			t.Errorf("after the packet of %d bytes nothing goes through", size)
		}
		t.Logf("%s: its packet is dropped, the next one passes", fault)
	}
	if !send(106, "20") {
		t.Error("on_error accept does not accept")
	}
	for range 20 {
		send(101, "0.05")
	}
	sent, got := others.whole()
	t.Logf("rows 3, 4, 5, 8, 42: meanwhile %d of %d datagrams of others lost", sent-len(got), sent)
	p.stop(os.Interrupt)
	p.wait("on purpose (21 times)")
	p.wait("ran longer than 100ms")
	if n := strings.Count(p.err.String(), "stack traceback"); n > 7 {
		t.Errorf("%d tracebacks", n)
	}
}

// kill -9: packets go on by the bypass, or are dropped with --no-bypass; the next
// start removes the rule that was left (row 1).
func TestLiveKilled(t *testing.T) {
	c := netlab.Chain(t)
	for _, more := range [][]string{nil, {"--no-bypass"}} {
		args := append([]string{"-q", "0", "--iptables", "FORWARD -p icmp", "-e", `pkl.on("icmp", function(p) p.ip.ttl = 9 end)`}, more...)
		p := startPkl(t, c.DUT, args...)
		if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "ttl=9") && !strings.Contains(out, "ttl=8") {
			t.Errorf("before:\n%s", out)
		}
		p.stop(syscall.SIGKILL)
		if rules := queueRules(t, c.DUT); len(rules) != 1 {
			t.Errorf("after kill -9: %q", rules)
		}
		want := "3 received"
		if more != nil {
			want = "0 received"
		}
		out := pings(t, c.Client, netns.Server4, 3, "-W", "0.5")
		if !strings.Contains(out, want) {
			t.Errorf("after kill -9, %v: want %s:\n%s", more, want, out)
		}
		again := startPkl(t, c.DUT, args...)
		again.wait("removed a rule whose process is gone")
		if rules := queueRules(t, c.DUT); len(rules) != 1 {
			t.Errorf("after the next start: %q", rules)
		}
		if again.stop(syscall.SIGTERM); len(queueRules(t, c.DUT)) != 0 {
			t.Errorf("after the end: %q", queueRules(t, c.DUT))
		}
		startPkl(t, c.DUT, args...).stop(syscall.SIGKILL)
		other := startPkl(t, c.DUT, "-q", "7", "-e", "") // one that inserts none cleans up, too
		other.wait("rules: generation 1 in force; it sets no rule, so all packets pass")
		if rules := queueRules(t, c.DUT); len(rules) != 0 {
			t.Errorf("after the start of another: %q", rules)
		}
		other.stop(syscall.SIGTERM)
		t.Logf("row 1: kill -9 %v: %s; the next start removes the rule", more, lineWith(out, "received"))
	}
}

// kill -9 at any time of the start: packets go on, and the next start leaves one
// rule (row 35).
func TestLiveKilledEarly(t *testing.T) {
	c := netlab.Chain(t)
	args := []string{"-q", "0-1", "--iptables", "FORWARD", "-e", `pkl.on("icmp", function(p) end)`}
	f := startFlood(t, c, time.Millisecond)
	const kills = 20
	for i := range kills {
		p := launchPkl(t, c.DUT, args...)
		time.Sleep(time.Duration(i) * 10 * time.Millisecond)
		p.stop(syscall.SIGKILL)
	}
	p := startPkl(t, c.DUT, args...)
	rules := queueRules(t, c.DUT)
	if len(rules) != 2 { // IPv4 and IPv6
		t.Errorf("after %d kills: %q", kills, rules)
	}
	sent, got := f.end()
	if lost := sent - len(got); lost > 20*kills {
		t.Errorf("%d of %d datagrams lost in %d kills", lost, sent, kills)
	}
	t.Logf("row 35: %d kills while starting: %d rules, as many as there should be; %d of %d datagrams lost", kills, len(rules), sent-len(got), sent)
	p.stop(os.Interrupt)
}

// SIGSTOP: packets wait, and are judged afterwards (row 2). A full queue drops, and
// counts that, or accepts with --fail-open; then only the inserted rule has counted
// all, and what passed unseen is ahead of what waited (row 9).
func TestLiveHang(t *testing.T) {
	c := netlab.Chain(t)
	for _, open := range []bool{false, true} {
		args := []string{"-q", "0", "--iptables", "FORWARD -p udp", "--queue-len", "16", "-e", `pkl.on("udp", function(p) end)`}
		if open {
			args = append(args, "--fail-open")
		} else { // who may not open the kernel's figures: they are opened before
			args = append(args, "--user", "nobody")
		}
		p := startPkl(t, c.DUT, args...)
		f := startFlood(t, c, time.Millisecond)
		p.signal(syscall.SIGSTOP)
		time.Sleep(500 * time.Millisecond)
		p.signal(syscall.SIGCONT)
		time.Sleep(100 * time.Millisecond)
		sent, got := f.end()
		counter := netlab.Run(t, c.DUT, "iptables", "-w", "10", "-nvxL", "FORWARD")
		p.stop(os.Interrupt)
		line := p.wait("queue 0: ")
		lost := sent - len(got)
		if open {
			var judged int
			fmt.Sscanf(p.wait("rule -e:1: "), "rule -e:1: %d", &judged)
			if rule := strings.Fields(lineWith(counter, "NFQUEUE")); rule[0] != strconv.Itoa(sent) || judged >= sent || slices.IsSorted(got) {
				t.Errorf("%d sent, %d judged, in order: %v; the rule has %q", sent, judged, slices.IsSorted(got), rule)
			}
		}
		if open && lost != 0 || !open && (lost == 0 || !strings.Contains(line, fmt.Sprintf(" %d dropped as it was full", lost))) {
			t.Errorf("fail-open %v: %d of %d lost; %s", open, lost, sent, line)
		}
		t.Logf("rows 2, 9: SIGSTOP with a queue of 16, fail-open %v: %d of %d datagrams lost; %s", open, lost, sent, line)
	}
}

// Rules go on when what scripts print can no longer be written: a log that is full,
// or whose reader has gone, opens nothing.
func TestLiveOutputLost(t *testing.T) {
	c := netlab.Chain(t)
	for name, is := range map[string]struct{ to, why string }{
		"full":   {"/dev/full", "no space left on device"},
		"closed": {">(:)", "broken pipe"},
	} {
		p := launchUnder(t, c.DUT, []string{"bash", "-c", `exec "$0" "$@" > ` + is.to}, "-q", "0", "--iptables", "FORWARD -p icmp",
			"-e", `pkl.on("icmp", function(p) print(p.ip.src) return pkl.drop end)`)
		p.wait("generation 1 in force")
		for range 3 { // what is printed is written once a second
			out, err := c.Client.Run(t.Context(), "ping", "-n", "-c", "6", "-i", "0.2", "-W", "0.1", netns.Server4)
			if err == nil || !strings.Contains(out, " 0 received") {
				t.Errorf("%s: some pass:\n%s", name, out)
			}
		}
		p.wait("pkl: stdout: " + is.why + "; what scripts print is lost from here on, rules go on")
		status := p.stop(os.Interrupt)
		p.wait("18 dropped")
		t.Logf("standard output %s: all dropped, at the end status %d", name, status)
	}
}
