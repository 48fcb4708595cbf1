//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// holding is a command that starts a program for which an iptables that is told to
// do this (as -I) only reads a FIFO, before it does what it should.
func holding(t *testing.T, word string) (command []string, fifo string) {
	t.Helper()
	dir := t.TempDir()
	real, err := exec.LookPath("iptables")
	if err != nil {
		t.Fatal(err)
	}
	fifo = makeFIFO(t)
	text := fmt.Sprintf("#!/bin/sh\ncase \" $* \" in *\" %s \"*) read line < %s;; esac\nexec %s \"$@\"\n", word, fifo, real)
	if err := os.WriteFile(filepath.Join(dir, "iptables"), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return []string{"env", "PATH=" + dir + ":" + os.Getenv("PATH")}, fifo
}

func makeFIFO(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// reached waits until somebody reads a FIFO, and opens it.
func (p *livePkl) reached(fifo string) *os.File {
	p.t.Helper()
	opened := make(chan *os.File, 1)
	go func() {
		w, err := os.OpenFile(fifo, os.O_WRONLY, 0)
		if err != nil {
			p.t.Error(err)
		}
		opened <- w
	}()
	select {
	case w := <-opened:
		p.t.Cleanup(func() { w.Close() })
		return w
	case <-p.done:
	case <-time.After(livePatience):
	}
	if r, err := os.OpenFile(fifo, os.O_RDONLY|syscall.O_NONBLOCK, 0); err == nil { // for the goroutine
		defer r.Close()
	}
	p.t.Fatalf("nobody reads %s", fifo)
	return nil
}

// Ctrl-C while iptables inserts the rule, and others keep it waiting: the command
// does not go on, the run ends in order, no rule is left.
func TestLiveInterruptedInsert(t *testing.T) {
	c := netlab.Chain(t)
	under, fifo := holding(t, "-I")
	p := launchUnder(t, c.DUT, under, "-q", "0", "--no-bypass", "--iptables", "FORWARD -p icmp", "-e", `pkl.at_end(function() print("end") end)`)
	w := p.reached(fifo)
	code := p.stop(os.Interrupt)
	if code != exitInterrupted || p.out.String() != "end\n" || strings.Contains(p.err.String(), "canceled") {
		t.Errorf("exit status %d, said %q, %s", code, p.out, p.err)
	}
	if _, err := w.WriteString("\n"); err == nil {
		t.Error("the command that inserts the rule goes on")
	}
	if rules := queueRules(t, c.DUT); rules != nil {
		t.Errorf("left behind: %q", rules)
	}
	if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "1 received") {
		t.Errorf("a ping:\n%s", out)
	}
}

// Several rules of --iptables: each sends its packets to the queue, all go at the
// end.
func TestLiveSeveralRules(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0-1", "-t", "mangle", "--iptables", "INPUT -p icmp", "--iptables", "OUTPUT -p icmp", "--iptables", "-6 FORWARD -p tcp", "-e", `
		local seen = pkl.counter("seen")
		pkl.on("icmp", function(p) seen:add(p.hook .. " " .. p.icmp.type) end)
		pkl.at_end(function() if pkl.worker == 1 then for _, k in ipairs{"input 8", "output 0"} do print(k, seen[k]) end print(seen:total()) end end)`)
	if rules := queueRules(t, c.DUT); len(rules) != 3 {
		t.Errorf("three rules are in force as %q", rules)
	}
	if out := pings(t, c.Client, netns.Near4, 2); !strings.Contains(out, "2 received") {
		t.Errorf("pings:\n%s", out)
	}
	if code := p.stop(os.Interrupt); code != exitInterrupted || p.out.String() != "input 8\t2\noutput 0\t2\n4\n" {
		t.Errorf("exit status %d, counted %q", code, p.out)
	}
	if rules := queueRules(t, c.DUT); rules != nil {
		t.Errorf("left behind: %q", rules)
	}
}

// A run that cannot begin says why, and nothing else.
func TestLiveRefused(t *testing.T) {
	c := netlab.Chain(t)
	netlab.Need(t, "setpriv")
	nobody := []string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"}
	for _, f := range []struct {
		under []string
		rule  string
		text  string
	}{
		{nobody, "FORWARD", "queue 0: no right to bind it: run as root, or with CAP_NET_ADMIN ("},
		{nil, "NOCHAIN", "table filter has no chain NOCHAIN for IPv4"},
	} {
		p := launchUnder(t, c.DUT, f.under, "-q", "0", "--iptables", f.rule+" -p icmp", "-e", `pkl.on("icmp", function() end)`)
		code := p.status()
		if said := p.err.String(); code != exitFailure || !strings.Contains(said, f.text) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: exit status %d, want %d and one line with %q:\n%s", f.rule, code, exitFailure, f.text, said)
		}
	}
}

// SIGHUP and SIGUSR1 at any time: while scripts are loaded, while the rule is
// inserted, and while it is removed. The first two are a reload and a report.
func TestLiveHangup(t *testing.T) {
	c := netlab.Chain(t)
	const code = `pkl.on("icmp", function(p) end)`

	p := launchPkl(t, c.DUT, "-q", "0", "-e", `pkl.log.info("loading") for i = 1, 1e7 do end `+code)
	p.wait("loading")
	p.signal(syscall.SIGHUP)
	p.signal(syscall.SIGUSR1)
	p.wait("generation 2 in force")
	p.wait("queue 0: ")
	if code := p.stop(os.Interrupt); code != exitInterrupted {
		t.Errorf("signals while loading: exit status %d", code)
	}

	for word, want := range map[string]string{"-I": "generation 2 in force", "-D": "generation 1 in force"} {
		under, fifo := holding(t, word)
		p := launchUnder(t, c.DUT, under, "-q", "0", "--iptables", "FORWARD", "-e", code)
		if word == "-D" {
			p.wait(want)
			p.signal(os.Interrupt)
		}
		w := p.reached(fifo)
		p.signal(syscall.SIGHUP)
		p.signal(syscall.SIGUSR1)
		w.WriteString("\n")
		p.wait(want)
		if word == "-I" {
			w.Close()
			p.signal(os.Interrupt)
		}
		if code := p.status(); code != exitInterrupted {
			t.Errorf("signals during iptables %s: exit status %d", word, code)
		}
		if rules := queueRules(t, c.DUT); rules != nil {
			t.Errorf("signals during iptables %s: left behind: %q", word, rules)
		}
	}
}

// Two pkl in one network namespace that do not see each other's process, as in
// containers of one pod: both are process 1. The rule of one that runs stays; that
// of one that was killed goes.
func TestLivePod(t *testing.T) {
	netlab.Need(t, "unshare")
	c := netlab.Chain(t)
	under := []string{"unshare", "--pid", "--fork", "--kill-child"}
	start := func(queue, match string, ttl int) *livePkl {
		p := launchUnder(t, c.DUT, under, "-q", queue, "--iptables", "FORWARD "+match, "-e", fmt.Sprintf(`pkl.on("icmp", function(p) p.ip.ttl = %d end)`, ttl))
		p.wait("generation 1 in force")
		return p
	}
	first := start("0-1", "-p icmp", 9)
	second := start("2", "-p udp", 5)
	if rules := queueRules(t, c.DUT); len(rules) != 3 { // one for IPv4, two for both
		t.Errorf("two that run have %q", rules)
	}
	if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "ttl=9") && !strings.Contains(out, "ttl=8") {
		t.Errorf("the first one does not judge:\n%s", out)
	}
	first.stop(syscall.SIGKILL)
	waitUnbound(t, c.DUT, 2)
	third := start("3", "-p tcp", 5)
	third.wait("removed a rule whose process is gone")
	if rules := strings.Join(queueRules(t, c.DUT), "\n"); strings.Count(rules, "NFQUEUE") != 4 || strings.Contains(rules, "icmp") {
		t.Errorf("two that run, and one that was killed, have %s", rules)
	}
	second.stop(syscall.SIGKILL)
}

// waitUnbound waits until a queue is the only one that is bound.
func waitUnbound(t *testing.T, ns *netns.Namespace, only int) {
	t.Helper()
	for end := time.Now().Add(livePatience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		text := strings.Fields(netlab.Run(t, ns, "cat", "/proc/net/netfilter/nfnetlink_queue"))
		if len(text) == 9 && text[0] == fmt.Sprint(only) {
			return
		}
	}
	t.Fatal("a queue of a process that is gone stays bound")
}

// Ctrl-C while a rule that somebody has flushed is being inserted again: the same
// as at the start.
func TestLiveInterruptedRestore(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as a rule may be missing")
	}
	c := netlab.Chain(t)
	under, fifo := holding(t, "-I")
	p := launchUnder(t, c.DUT, under, "-q", "0", "--no-bypass", "--iptables", "FORWARD -p icmp", "-e", `pkl.at_end(function() print("end") end)`)
	w := p.reached(fifo)
	w.WriteString("\n")
	w.Close()
	p.wait("generation 1 in force")
	netlab.Run(t, c.DUT, "iptables", "-w", "10", "-F")
	w = p.reached(fifo)
	if code := p.stop(os.Interrupt); code != exitInterrupted || p.out.String() != "end\n" || strings.Contains(p.err.String(), "iptables") {
		t.Errorf("exit status %d, said %q, %s", code, p.out, p.err)
	}
	if _, err := w.WriteString("\n"); err == nil {
		t.Error("the command that inserts the rule goes on")
	}
	if rules := queueRules(t, c.DUT); rules != nil {
		t.Errorf("left behind: %q", rules)
	}
}

// A rule that somebody flushes is inserted again (row 36).
func TestLiveFlushed(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as a rule may be missing")
	}
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--no-bypass", "--iptables", "FORWARD", "-e", `pkl.on("icmp", function(p) p.ip.ttl = 9 end)`)
	netlab.Run(t, c.DUT, "iptables", "-w", "10", "-F")
	p.wait("somebody has removed it; it is inserted again")
	if rules := queueRules(t, c.DUT); len(rules) != 2 {
		t.Errorf("after a flush: %q", rules)
	}
	if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "ttl=9") && !strings.Contains(out, "ttl=8") {
		t.Errorf("after a flush it does not judge:\n%s", out)
	}
	p.stop(os.Interrupt)
	if rules := queueRules(t, c.DUT); rules != nil {
		t.Errorf("left behind: %q", rules)
	}
}
