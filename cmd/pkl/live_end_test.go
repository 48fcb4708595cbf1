//go:build linux

package main

import (
	"bytes"
	"cmp"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// SIGTERM under load: what waits is judged, the rule is gone, nothing is lost
// (row 34).
func TestLiveTerminated(t *testing.T) {
	c := netlab.Chain(t)
	for range 5 {
		p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD -p udp", "-e", `pkl.on("udp", function(p) p.ip.ttl = 7 end) pkl.at_end(function() print("end") end)`)
		f := startFlood(t, c, 100*time.Microsecond)
		f.pass(500)
		before := time.Now()
		code := p.stop(syscall.SIGTERM)
		took := time.Since(before).Round(time.Millisecond)
		if rules := queueRules(t, c.DUT); rules != nil {
			t.Errorf("left behind: %q", rules)
		}
		f.pass(100)
		sent, got := f.end()
		if code != exitInterrupted || len(got) != sent || p.out.String() != "end\nend\n" {
			t.Errorf("exit status %d, %d of %d datagrams lost, said %q", code, sent-len(got), sent, p.out)
		}
		t.Logf("row 34: SIGTERM under load: ended after %v, %d of %d datagrams lost", took, sent-len(got), sent)
	}
}

// SIGTERM while packets wait for a slow rule: all of them are still judged (row 34).
func TestLiveTerminatedWaiting(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p udp", "-e", `
		pkl.on("udp", function(p) local n = 0 for i = 1, 2000 do n = n + i end p.ip.ttl = 7 end)`)
	f := startFlood(t, c, 200*time.Microsecond)
	p.signal(syscall.SIGSTOP)
	f.pass(500)
	waiting := f.n.Load() - f.in.Load()
	p.signal(syscall.SIGCONT)
	p.stop(syscall.SIGTERM)
	sent, got := f.end()
	if len(got) != sent { // those sent after the rule was removed overtake others
		t.Errorf("%d of %d datagrams lost", sent-len(got), sent)
	}
	t.Logf("row 34: SIGTERM while %d packets waited: %d of %d datagrams lost", waiting, sent-len(got), sent)
}

// Where packets do not stop coming, as the rule is somebody else's, the end comes
// all the same. What still waits then gets the failure verdict (row 34).
func TestLiveTerminatedFull(t *testing.T) {
	c := netlab.Chain(t)
	netlab.Run(t, c.DUT, "iptables", "-w", "10", "-I", "FORWARD", "-p", "udp", "-j", "NFQUEUE", "--queue-num", "0", "--queue-bypass")
	for _, policy := range []string{"drop", "accept"} {
		p := startPkl(t, c.DUT, "-q", "0", "--queue-len", "64", "--on-error", policy, "-e", `
			pkl.on("udp", function(p) local n = 0 for i = 1, 50000 do n = n + i end end)
			pkl.at_end(function() print("end") end)`)
		f := startFlood(t, c, 200*time.Microsecond)
		f.pass(1000)
		code := p.stop(syscall.SIGTERM)
		f.pass(100)
		sent, got := f.end()
		line := p.wait("queue 0: ")
		fate := map[string]string{"drop": "dropped", "accept": "accepted"}[policy]
		m := regexp.MustCompile(`queue 0: (\d+) undecided at the end \(` + fate + `\), (\d+) dropped as it was full`).FindStringSubmatch(line)
		if m == nil || code != exitInterrupted || p.out.String() != "end\n" {
			t.Fatalf("exit status %d, said %q, %s", code, p.out, line)
		}
		waiting, _ := strconv.Atoi(m[1])
		full, _ := strconv.Atoi(m[2])
		lost := sent - len(got)
		if full == 0 || lost < full || policy == "drop" && lost < full+waiting {
			t.Errorf("%s: %d of %d lost; %s", policy, lost, sent, line)
		}
		t.Logf("row 34: SIGTERM under more than it can judge, --on-error %s: %d sent, %d lost: %d as the queue was full, %d waited at the end", policy, sent, lost, full, waiting)
	}
}

// Packets that are gone before their verdict, as their device went down: counted,
// and all goes on (row 7). Equal verdicts that change nothing are one message.
func TestLiveLateVerdict(t *testing.T) {
	for _, rule := range []string{`pkl.on("icmp", function(p) p.mark = 1 end)`, `pkl.on("icmp", function(p) return pkl.accept end)`} {
		c := netlab.Chain(t)
		p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p icmp", "-e", rule)
		p.signal(syscall.SIGSTOP)
		if out, err := c.Client.Run(t.Context(), "ping", "-n", "-c", "5", "-i", "0.01", "-W", "0.1", netns.Server4); err == nil {
			t.Errorf("a stopped pkl lets pass:\n%s", out)
		}
		netlab.Run(t, c.DUT, "ip", "link", "set", "eth0", "down")
		netlab.Run(t, c.DUT, "ip", "link", "set", "eth0", "up")
		p.signal(syscall.SIGCONT)
		out := pings(t, c.Client, netns.Server4, 3)
		if !strings.Contains(out, "3 received") {
			t.Errorf("after the device came back:\n%s", out)
		}
		p.stop(os.Interrupt)
		line := p.wait("queue 0: ")
		if !strings.Contains(line, " 5 late verdicts") {
			t.Errorf("%s: 5 packets were gone: %s", rule, line)
		}
		t.Logf("row 7: %s: 5 packets flushed before their verdicts: %s; %s", rule, line, lineWith(out, "received"))
	}
}

// An edit that makes a packet longer than the way out takes is refused by the
// kernel without a word: here it is an error of the packet, which on_error decides
// (row 18).
func TestLiveLongEdit(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p udp --dport 7777", "--on-error", "accept", "-e", `
		pkl.on("udp.dport == 7777", function(p)
		  local n, may = p.udp.body:match("^grow (%d+) (%a+)")
		  if may == "cut" then p.ip.DF = false end
		  p.udp.body = p.udp.body .. ("x"):rep(tonumber(n))
		end)`)
	for _, e := range []struct {
		to   string
		size int
		text string
		want int    // bytes that arrive
		says string // on stderr
	}{
		{netns.Server4, 1000, "grow 400 no", 1400, ""},
		{netns.Server4, 1400, "grow 1000 cut", 2400, ""},
		{netns.Server4, 1400, "grow 1000 no", 1400, "can have 1500 bytes on eth1, this has 2428 and must not be fragmented"},
		{netns.Server6, 1400, "grow 1000 no", 1400, ""}, // the same, told once
		{netns.Server4, 1400, "grow 64105 cut", 1400, "an edited packet can have 65531 bytes at most, this has"},
		{netns.Server4, 1400, "grow 70000 cut", 1400, "udp.len: 71408 does not fit in 16 bits"},
	} {
		got := exchange(t, c, e.to, e.text, e.size)
		if got != e.want {
			t.Errorf("%s, %q: %d bytes arrive, want %d", e.to, e.text, got, e.want)
		}
		if e.says != "" {
			p.wait(e.says)
		}
		t.Logf("row 18: %d bytes, %q: %d arrive; %s", e.size, e.text, got, lineWith(p.err.String(), cmp.Or(e.says, "nothing")))
	}
	p.stop(os.Interrupt)
	p.wait(", 4 failed")
	p.wait("an edited packet is longer than the way out takes (2 times)")
}

// The same for TCP of this host itself, which the kernel does not fragment, unlike
// other packets of its own.
func TestLiveLongEditOutput(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--no-gso", "--iptables", "OUTPUT -p tcp --dport 7777", "--on-error", "accept", "-e", `
		pkl.on("len(tcp.body) > 1400", function(p)
		  for i = 1, 4 do p.tcp.opts:append{ type = 1 } end
		end)`)
	content := bytes.Repeat([]byte("long"), 25_000)
	file := filepath.Join(t.TempDir(), "up")
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{netns.Server4, netns.Server6} {
		s := serve(t, c.Server, net.JoinHostPort(to, "7777"), nil)
		netlab.Run(t, c.DUT, "curl", "-sS", "--max-time", "30", "-T", file, "http://"+net.JoinHostPort(to, "7777")+"/")
		if _, sum := s.said(); sum != hash(content) {
			t.Errorf("%s: what arrives is not what was sent", to)
		}
	}
	p.stop(os.Interrupt)
	t.Logf("row 18: TCP of this host: %s", p.wait("an edited packet is longer than the way out takes"))
}

// On a bridge, what counts is the port that a packet leaves by.
func TestLiveLongEditBridge(t *testing.T) {
	c := netlab.Chain(t)
	run := func(ns *netns.Namespace, line string) { netlab.Run(t, ns, "sh", "-c", line) }
	run(c.DUT, "sysctl -qw net.ipv4.ip_forward=0")
	run(c.DUT, "ip link add br0 type bridge")
	for _, port := range []string{"eth0", "eth1"} {
		run(c.DUT, "ip addr flush dev "+port)
		run(c.DUT, "ip link set "+port+" master br0")
	}
	for _, big := range []string{"eth0", "br0"} {
		run(c.DUT, "ip link set "+big+" mtu 9000")
	}
	run(c.DUT, "ip link set br0 up")
	run(c.DUT, "sysctl -qw net.bridge.bridge-nf-call-iptables=1")
	run(c.Client, "ip link set eth0 mtu 9000")
	run(c.Client, "ip route replace "+netns.Server4+" dev eth0")
	run(c.Server, "ip route replace "+netns.Client4+" dev eth0")
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "-4 FORWARD -p udp --dport 7777", "--on-error", "accept", "-e", `
		pkl.on("udp.dport == 7777", function(p) p.udp.body = p.udp.body .. ("x"):rep(1000) end)`)
	if got := exchange(t, c, netns.Server4, "grow", 400); got != 1400 {
		t.Errorf("%d bytes arrive, want 1400", got)
	}
	if got := exchange(t, c, netns.Server4, "grow", 1400); got != 1400 {
		t.Errorf("%d bytes arrive, want 1400 as they came", got)
	}
	t.Logf("row 18: on a bridge: %s", p.wait("can have 1500 bytes on eth1, this has 2428 and must not be fragmented"))
	p.stop(os.Interrupt)
	p.wait(", 1 failed")
}

// exchange sends a datagram of a size that begins with a text from the client, and
// returns the size of the one that arrives.
func exchange(t *testing.T, c *netns.Chain, to, text string, size int) (n int) {
	t.Helper()
	addr := net.JoinHostPort(to, "7777")
	var recv net.PacketConn
	err := c.Server.Do(func() (err error) {
		recv, err = net.ListenPacket("udp", addr)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer recv.Close()
	err = c.Client.Do(func() error {
		send, err := net.Dial("udp", addr)
		if err != nil {
			return err
		}
		defer send.Close()
		_, err = send.Write(append([]byte(text+" "), make([]byte, size-len(text)-1)...))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	recv.SetReadDeadline(time.Now().Add(livePatience))
	n, _, err = recv.ReadFrom(make([]byte, 1<<16))
	if err != nil {
		t.Errorf("nothing arrives: %v", err)
	}
	return n
}
