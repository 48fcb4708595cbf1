//go:build linux

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"pkl/pcapio"
)

// packetsIn counts the packets of a capture file, as far as it is written.
func packetsIn(t *testing.T, name string) (n int) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pcapio.NewReader(f)
	if err != nil {
		return 0
	}
	var p pcapio.Packet
	for {
		if err := r.Read(&p); err == io.EOF {
			return n
		} else if err != nil {
			t.Fatal(err)
		}
		n++
	}
}

// Ctrl-C while a new generation starts, which takes too long: the run ends in
// order.
func TestLiveInterruptedReload(t *testing.T) {
	c := netlab.Chain(t)
	name, file := script(t, `pkl.on(function() end) pkl.at_end(function() print("at_end", pkl.worker) end)`), filepath.Join(t.TempDir(), "w.pcap")
	p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD -p icmp", "-w", file, name)
	pings(t, c.Client, netns.Server4, 3)
	if err := os.WriteFile(name, []byte(`print("building") while true do end`), 0o644); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	waitLine(t, p.out, "building")
	if status := p.stop(os.Interrupt); status != exitInterrupted || p.out.String() != "building\nat_end\t1\nat_end\t2\n" {
		t.Errorf("exit status %d, said %q", status, p.out)
	}
	p.wait("6 packets, ")
	if n := packetsIn(t, file); n != 6 {
		t.Errorf("%d packets are written", n)
	}
	if rules := queueRules(t, c.DUT); rules != nil {
		t.Errorf("left behind: %q", rules)
	}
}

// Ctrl-C while the scripts start for the first time: they are cut.
func TestLiveInterruptedStart(t *testing.T) {
	c := netlab.Chain(t)
	netlab.Run(t, c.DUT, "iptables", "-w", "10", "-I", "FORWARD", "-p", "icmp", "--icmp-type", "echo-request", "-j", "NFQUEUE", "--queue-num", "0", "--queue-bypass")
	p := launchPkl(t, c.DUT, "-q", "0", "--on-error", "accept", "-e", `pkl.log.info("starting") while true do end`)
	p.wait("starting")
	said := make(chan string)
	go func() { said <- pings(t, c.Client, netns.Server4, 3, "-W", "20") }()
	waitQueued(t, c.DUT)
	if status := p.stop(os.Interrupt); status != exitInterrupted {
		t.Errorf("exit status %d", status)
	}
	if out := <-said; !strings.Contains(out, "3 received") {
		t.Errorf("what waited then is lost:\n%s", out)
	}
}

// waitQueued waits until a packet waits in a queue.
func waitQueued(t *testing.T, ns *netns.Namespace) {
	t.Helper()
	for limit := time.Now().Add(livePatience); ; time.Sleep(10 * time.Millisecond) {
		var number, port, waiting int
		fmt.Sscan(netlab.Run(t, ns, "cat", "/proc/net/netfilter/nfnetlink_queue"), &number, &port, &waiting)
		if waiting > 0 {
			return
		}
		if time.Now().After(limit) {
			t.Fatal("no packet waits")
		}
	}
}

// Ctrl-C while a rule takes longer than the end may: it is cut, and the run ends in
// order.
func TestLiveInterruptedRule(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p icmp", "--budget", "60s", "-e", `
		pkl.on(function() print("in a rule") while true do end end) pkl.at_end(function() print("at_end") end)`)
	pings(t, c.Client, netns.Server4, 1, "-W", "0.1")
	waitLine(t, p.out, "in a rule")
	if status := p.stop(os.Interrupt); status != exitInterrupted || p.out.String() != "in a rule\nat_end\n" {
		t.Errorf("exit status %d, said %q", status, p.out)
	}
	p.wait("1 packet, ")
	if rules := queueRules(t, c.DUT); rules != nil {
		t.Errorf("left behind: %q", rules)
	}
}

// The at_end functions of all workers share one time: those that come too late are
// cut, and the run still ends in order.
func TestLiveEndless(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0-7", "--iptables", "FORWARD -p icmp", "-e", `
		pkl.on(function() end) pkl.at_end(function() print("end", pkl.worker) while true do end end)`)
	status := p.stop(os.Interrupt)
	if status != exitInterrupted || strings.Count(p.out.String(), "end\t") != 8 {
		t.Errorf("exit status %d, said %q", status, p.out)
	}
	p.wait("0 packets, ")
	p.wait("(8 times)")
}

// What -w gets is handed on while the run goes on. Who insists on the end, by a
// further Ctrl-C, loses neither that nor what was printed, and is told the statistics.
func TestLiveInsist(t *testing.T) {
	c := netlab.Chain(t)
	file := filepath.Join(t.TempDir(), "w.pcapng")
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p icmp", "-w", file, "-e", `
		pkl.on(function() end) pkl.at_end(function() print("ending") while true do end end)`)
	pings(t, c.Client, netns.Server4, 3)
	for limit := time.Now().Add(livePatience); packetsIn(t, file) != 6; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%d packets are written while pkl runs", packetsIn(t, file))
		}
	}
	p.signal(os.Interrupt)
	waitLine(t, p.out, "ending")
	again := time.NewTicker(100 * time.Millisecond) // what comes at once belongs to the first
	defer again.Stop()
	for running := true; running; {
		select {
		case <-again.C:
			p.cmd.Process.Signal(os.Interrupt) // perhaps it has just ended
		case <-p.done:
			running = false
		}
	}
	if status := p.status(); status != exitInterrupted {
		t.Errorf("exit status %d", status)
	}
	p.wait("6 packets, ")
	if n := packetsIn(t, file); n != 6 {
		t.Errorf("%d packets are written", n)
	}
}

// A terminal that is gone ends in order what Ctrl-C would have ended, but not under
// nohup.
func TestHangupEnds(t *testing.T) {
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	const program = `local w = pkl.create(arg[1], {linktype = "raw"}) w:write(pkl.ip{}) io.stderr:write("ready\n") while true do end`
	for under, last := range map[string]syscall.Signal{`exec "$0" "$@"`: syscall.SIGHUP, `trap "" HUP; exec "$0" "$@"`: syscall.SIGTERM} {
		file := filepath.Join(t.TempDir(), "w.pcap")
		cmd := exec.Command("sh", "-c", under, name, "run", "-e", program, "--", file)
		out, done := newLineWatcher(), make(chan struct{})
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill() })
		waitLine(t, out, "ready")
		cmd.Process.Signal(syscall.SIGHUP)
		go func() {
			cmd.Wait()
			close(done)
		}()
		if last != syscall.SIGHUP {
			select {
			case <-done:
				t.Errorf("%s: SIGHUP ends it", under)
			case <-time.After(100 * time.Millisecond):
			}
			cmd.Process.Signal(last)
		}
		select {
		case <-done:
		case <-time.After(livePatience):
			t.Fatalf("%s: does not end", under)
		}
		if code, n := cmd.ProcessState.ExitCode(), packetsIn(t, file); code != exitInterrupted || n != 1 {
			t.Errorf("%s: exit status %d, %d packets written\n%s", under, code, n, out)
		}
	}
}
