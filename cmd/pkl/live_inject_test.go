//go:build linux

package main

import (
	"fmt"
	"net"
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

// injecting is a command that starts a program whose system calls fail as strace
// is told.
func injecting(t *testing.T, what ...string) []string {
	t.Helper()
	netlab.Need(t, "strace")
	command := []string{"strace", "-D", "-f", "-qqq", "-o", filepath.Join(t.TempDir(), "strace")}
	for _, w := range what {
		call, _, _ := strings.Cut(w, ":")
		command = append(command, "-e", "trace="+call, "-e", "inject="+w)
	}
	return command
}

// netfilterSocket is the netlink socket of the queue that is bound in a
// namespace, as /proc/PID/fd names it.
func netfilterSocket(t *testing.T, ns *netns.Namespace) (name string) {
	t.Helper()
	err := ns.Do(func() error {
		text, err := os.ReadFile("/proc/thread-self/net/netlink")
		for line := range strings.Lines(string(text)) {
			// sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
			if f := strings.Fields(line); f[1] == "12" && f[2] != "0" { // NETLINK_NETFILTER
				name = "socket:[" + f[9] + "]"
			}
		}
		return err
	})
	if err != nil || name == "" {
		t.Fatalf("no socket of a queue: %v", err)
	}
	return name
}

// inject has system calls of a running pkl fail, until the function that it
// returns is called; that says how many did.
func inject(t *testing.T, p *livePkl, what string, more ...string) (stop func() int) {
	t.Helper()
	netlab.Need(t, "strace")
	call, _, _ := strings.Cut(what, ":")
	file := filepath.Join(t.TempDir(), "strace")
	args := append([]string{"-f", "-o", file, "-e", "trace=" + call, "-e", "inject=" + what, "-p", fmt.Sprint(p.cmd.Process.Pid)}, more...)
	cmd := exec.Command("strace", args...)
	said := newLineWatcher()
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitLine(t, said, "attached")
	return func() int {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		text, _ := os.ReadFile(file)
		return strings.Count(string(text), "INJECTED")
	}
}

// lines is how many lines pkl has written on stderr.
func (p *livePkl) lines() int { return strings.Count(p.err.String(), "\n") }

// System calls that fail for a moment: nothing is lost, nothing said (rows 10, 12).
func TestLiveInterruptedCalls(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p udp", "-e", `pkl.on("udp", function(p) p.ip.ttl = 5 end)`)
	socket := netfilterSocket(t, c.DUT)
	before := p.lines()
	overruns := 0
	for _, f := range []struct {
		what string
		more []string
	}{
		{"recvmmsg:error=EINTR:when=2+7", []string{"-P", socket}},
		{"recvmmsg:error=EAGAIN:when=2+7", []string{"-P", socket}},
		{"recvmmsg:error=ENOBUFS:when=2+5", []string{"-P", socket}},
		{"write:error=EINTR:when=2+7", []string{"-P", socket}},
		{"write:error=EAGAIN:when=2+7", []string{"-P", socket}},
		{"write:error=ENOBUFS:when=2+7", []string{"-P", socket}},
		{"epoll_pwait:error=EINTR:when=2+7", nil},
		{"nanosleep:error=EINTR:when=2+7", nil},
	} {
		fl := startFlood(t, c, 500*time.Microsecond)
		stop := inject(t, p, f.what, f.more...)
		fl.pass(500)
		calm := func() {}
		if strings.HasPrefix(f.what, "recvmmsg:error=EAGAIN") {
			calm = nudge(t, c) // with something to read, the kernel would not say so: the last packet waits for the next one
		}
		sent, got := fl.whole()
		calm()
		n := stop() // not before: a call that strace lets go of in its middle fails with ENOSYS
		if strings.Contains(f.what, "recvmmsg:error=ENOBUFS") {
			overruns = n
		}
		if n == 0 && !strings.HasPrefix(f.what, "nanosleep") {
			t.Errorf("%s: none was injected", f.what)
		}
		t.Logf("rows 10, 12: %s: %d calls failed, %d of %d datagrams lost", f.what, n, sent-len(got), sent)
	}
	fl := startFlood(t, c, 500*time.Microsecond)
	for i := range 1000 {
		p.signal([]os.Signal{syscall.SIGURG, syscall.SIGWINCH, syscall.SIGCONT}[i%3])
		time.Sleep(200 * time.Microsecond)
	}
	sent, got := fl.whole()
	t.Logf("row 12: 1000 signals: %d of %d datagrams lost", sent-len(got), sent)
	if n := p.lines(); n != before {
		t.Errorf("%d lines are said about that:\n%s", n-before, p.err)
	}
	p.stop(os.Interrupt)
	p.wait(fmt.Sprintf("; %d overruns, 0 late verdicts", overruns))
}

// nudge sends a datagram now and then, to a port that nobody has, until the
// function that it returns is called.
func nudge(t *testing.T, c *netns.Chain) (calm func()) {
	t.Helper()
	var conn net.Conn
	err := c.Client.Do(func() (err error) {
		conn, err = net.Dial("udp4", netns.Server4+":7")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		for {
			select {
			case <-over:
				return
			case <-time.After(20 * time.Millisecond):
				conn.Write([]byte("nudge")) // that nobody has the port is no matter
			}
		}
	}()
	return func() { close(over); conn.Close() }
}

// A socket buffer that is too small overruns: the kernel drops, all is counted,
// pkl goes on (row 10).
func TestLiveOverrun(t *testing.T) {
	c := netlab.Chain(t)
	// The call that would enlarge the buffer only seems to succeed.
	p := launchUnder(t, c.DUT, injecting(t, "setsockopt:retval=0"), "-q", "0", "--iptables", "FORWARD -p udp", "-e", `pkl.on("udp", function(p) end)`)
	p.wait("generation 1 in force")
	before := p.lines()
	f := startFlood(t, c, 200*time.Microsecond)
	p.signal(syscall.SIGSTOP)
	f.pass(3000)
	p.signal(syscall.SIGCONT)
	f.pass(1000)
	said := p.lines() - before
	sent, got := f.end()
	p.stop(os.Interrupt)
	line := p.wait("queue 0: ")
	lost := sent - len(got)
	if lost == 0 || said != 0 || !strings.Contains(line, fmt.Sprintf("%d for want of buffer", lost)) || strings.Contains(line, " 0 overruns") {
		t.Errorf("%d of %d lost, %d lines said; %s", lost, sent, said, line)
	}
	t.Logf("row 10: a small buffer: %d of %d datagrams lost; %s", lost, sent, line)
}

// The right to give verdicts is gone, which the kernel tells late: pkl says so and
// ends. Also where verdicts cannot be sent at all; then it removes its rule
// (row 11).
func TestLiveRightLost(t *testing.T) {
	c := netlab.Chain(t)
	netlab.Run(t, c.DUT, "iptables", "-w", "10", "-I", "FORWARD", "-p", "icmp", "-j", "NFQUEUE", "--queue-num", "0", "--queue-bypass")
	code := `pkl.on("icmp", function(p) end)`
	// What capset is to keep is made nothing. Without rights there is no rule to insert.
	late := launchUnder(t, c.DUT, injecting(t, "capset:poke_enter=@arg2="+strings.Repeat("00", 24)), "-q", "0", "-e", code)
	late.wait("generation 1 in force")
	out := pings(t, c.Client, netns.Server4, 3, "-W", "1")
	if status := late.status(); status != exitFailure || !strings.Contains(late.err.String(), "CAP_NET_ADMIN) is lost") {
		t.Errorf("exit status %d; said:\n%s", status, late.err)
	}
	t.Logf("row 11: EPERM as an answer: exit status %d; meanwhile %s", late.status(), lineWith(out, "received"))
	if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "1 received") {
		t.Errorf("after the end:\n%s", out)
	}
	p := startPkl(t, c.DUT, "-q", "1", "--iptables", "FORWARD -p udp", "-e", `pkl.on("udp", function(p) end)`)
	stop := inject(t, p, "write:error=EPERM", "-P", netfilterSocket(t, c.DUT))
	f := startFlood(t, c, time.Millisecond)
	status := p.status()
	stop()
	if !strings.Contains(p.err.String(), "queue 1: operation not permitted") || status != exitFailure {
		t.Errorf("exit status %d; said:\n%s", status, p.err)
	}
	if rules := queueRules(t, c.DUT); len(rules) != 1 { // that of this test
		t.Errorf("left behind: %q", rules)
	}
	f.pass(100)
	sent, got := f.end()
	t.Logf("row 11: EPERM of write: exit status %d, rule removed, %d of %d datagrams lost", status, sent-len(got), sent)
}

// lineWith is the line of a text that holds a word.
func lineWith(text, word string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// Without inotify scripts are read once a second, which is said once (row 22).
func TestLivePolling(t *testing.T) {
	c := netlab.Chain(t)
	for _, what := range []string{"inotify_init1:error=EMFILE", "inotify_add_watch:error=ENOSPC"} {
		name := script(t, `pkl.on("icmp", function(p) end)`)
		p := launchUnder(t, c.DUT, injecting(t, what), "-q", "0", "--watch", name)
		p.wait("generation 1 in force")
		for n := 2; n <= 3; n++ {
			if err := os.WriteFile(name, fmt.Appendf(nil, `pkl.on("icmp", function(p) return %d end)`, n), 0o644); err != nil {
				t.Fatal(err)
			}
			p.wait(fmt.Sprintf("generation %d in force", n))
		}
		if n := strings.Count(p.err.String(), "looking at the files once a second"); n != 1 {
			t.Errorf("%s: said %d times", what, n)
		}
		t.Logf("row 22: %s: 2 reloads by polling; %s", what, p.err.find("--watch"))
		p.stop(os.Interrupt)
	}
}
