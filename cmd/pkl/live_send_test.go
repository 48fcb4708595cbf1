//go:build linux

package main

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// What a rule sends leaves, and does not come back to its queue (row 38).
func TestLiveOwnPackets(t *testing.T) {
	c := netlab.Chain(t)
	sniffer := startSniffer(t, c.Server, "icmp[icmptype] == icmp-echo")
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "OUTPUT -p icmp", "--allow", "net", "-e", `
		local n = 0
		pkl.on("icmp.type == echo_request", function(p)
			n = n + 1
			assert(pkl.send(pkl.ip{dst = p.ip.dst} + pkl.icmp{id = 999, seq = n}) == 1)
		end)
		pkl.at_end(function() print(n) end)`)
	if said := pings(t, c.DUT, netns.Server4, 3); !strings.Contains(said, "3 received") {
		t.Error(said)
	}
	p.stop(syscall.SIGTERM)
	own := 0
	for _, packet := range sniffer.end("icmp.ident", "icmp.seq") {
		if packet[0] == "999" {
			own++
		}
	}
	if own != 3 || p.out.String() != "3\n" {
		t.Errorf("the server got %d packets of the rule's own, want 3; the rule saw %q\n%s", own, p.out, p.err)
	}
	t.Logf("row 38: a rule that sends: it saw 3 packets, its own %d were left alone", own)
}

// Without --allow net, a rule cannot send.
func TestLiveNoNet(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "OUTPUT -p icmp", "--on-error", "accept", "-e", `
		pkl.on("icmp", function(p) pkl.send(p) end)`)
	pings(t, c.DUT, netns.Server4, 1)
	p.stop(syscall.SIGTERM)
	if said := p.err.String(); !strings.Contains(said, "pkl.send is not allowed here; start pkl with --allow net") {
		t.Error(said)
	}
}

// What comes while a script does something else waits for it.
func TestLiveSocketWaits(t *testing.T) {
	c := netlab.Chain(t)
	const n = 400
	p := launch(t, c.DUT, nil, "run", "-e", `
		local s = assert(pkl.socket{layer = 3, filter = "icmp.type == echo_reply", timeout = 0.5})
		local asks = {}
		for i = 1, `+strconv.Itoa(n)+` do asks[i] = pkl.ip{dst = "`+netns.Server4+`"} + pkl.icmp{id = 7, seq = i} end
		assert(s:send(asks, {rate = 500}) == #asks)
		for i = 1, #asks do
			local p = assert(s:recv())
			assert(p.icmp.seq == i, "out of order")
		end
		assert(s:stats().dropped == 0)
		print("all")`)
	if status := p.status(); status != 0 || p.out.String() != "all\n" {
		t.Errorf("exit status %d: %s%s", status, p.out, p.err)
	}
}

// noRoom makes an interface take no packet.
func noRoom(t *testing.T, ns *netns.Namespace, dev string) {
	t.Helper()
	netlab.Run(t, ns, "tc", "qdisc", "add", "dev", dev, "root", "pfifo", "limit", "0")
}

// Where the way out takes nothing, a rule is told, and judging goes on.
func TestLiveSendNoRoom(t *testing.T) {
	w := newQuietWire(t)
	w.ip(w.a, "link set lo up")
	noRoom(t, w.a, "v0")
	p := startPkl(t, w.a, "-q", "0", "--iptables", "INPUT -i lo -p icmp", "--allow", "net", "-e", `
		pkl.on("icmp.type == echo_request", function(p)
			local n, why = pkl.send(pkl.eth{} + pkl.ip{dst = "10.9.0.2"} + pkl.icmp{}, {iface = "v0"})
			assert(n == nil)
			pkl.counter("why"):add(why)
		end)
		pkl.at_end(function() for _, t in ipairs(pkl.counter("why"):top(9)) do print(t.key, t.n) end end)`)
	if said := pings(t, w.a, "127.0.0.1", 3); !strings.Contains(said, "3 received") {
		t.Error(said)
	}
	if status := p.stop(syscall.SIGINT); status != exitInterrupted || !strings.HasPrefix(p.out.String(), "there is no room for more packets") {
		t.Errorf("exit status %d, said %q", status, p.out)
	}
}

// Where one side of a bridge takes nothing, frames for it are lost and counted;
// the other direction goes on.
func TestLiveBridgeNoRoom(t *testing.T) {
	c := newBridge(t)
	p := bridge(t, c, `pkl.on("icmp", function(p) end)`)
	if said := pings(t, c.Client, far4, 1); !strings.Contains(said, "1 received") {
		t.Fatal(said)
	}
	noRoom(t, c.DUT, "eth1")
	pings(t, c.Client, far4, 3, "-W", "1")
	netlab.Run(t, c.DUT, "tc", "qdisc", "del", "dev", "eth1", "root")
	if said := pings(t, c.Client, far4, 1); !strings.Contains(said, "1 received") {
		t.Error(said)
	}
	if status := p.stop(syscall.SIGINT); status != exitInterrupted || !regexp.MustCompile(`interface eth0: .* [3-9] lost as the way out was full`).MatchString(p.err.String()) {
		t.Errorf("exit status %d, said %s", status, p.err)
	}
}

// A loop over packets ends in time, also where they never stop coming.
func TestLiveBusyTimeout(t *testing.T) {
	w := newWire(t)
	flood := w.a.Command(t.Context(), "ping", "-f", "-q", "10.9.0.2")
	w.must(flood.Start())
	defer flood.Wait()
	defer flood.Process.Signal(syscall.SIGINT)
	out := w.program(w.a, `
		local s = assert(pkl.socket{iface = "v0", outgoing = true})
		local n = 0
		for p in s:packets{timeout = 0.3} do n = n + 1 end
		assert(n > 10, n)
		local none, why = s:sr1(pkl.eth{} + pkl.ip{dst = "10.9.0.9"} + pkl.icmp{}, {timeout = 0.3})
		print(none, why)`)
	if out != "nil\tno answer: timeout\n" {
		t.Error(out)
	}
}

// Where a run has done what it should, packets that are still on their way pass
// no rule and are not let through either.
func TestLiveEnough(t *testing.T) {
	w := newQuietWire(t)
	p := startPkl(t, w.b, "-q", "0", "-c", "1", "--iptables", "INPUT -p icmp", "--no-bypass", "-e", `pkl.on("icmp", function() print("seen") return pkl.drop end)`)
	if said := pings(t, w.a, "10.9.0.2", 10, "-l", "10", "-W", "1"); !strings.Contains(said, " 0 received") {
		t.Error(said)
	}
	if p.status(); p.out.String() != "seen\n" {
		t.Errorf("the rule saw %q", p.out)
	}

	flood := w.a.Command(t.Context(), "ping", "-f", "-q", "10.9.0.2")
	w.must(flood.Start())
	defer flood.Wait()
	defer flood.Process.Signal(syscall.SIGINT)
	for _, args := range [][]string{{"-e", `pkl.on("icmp", function(p) print("seen") return pkl.stop end)`}, {"-c", "1", "-e", `pkl.on("icmp", function(p) print("seen") end)`}} {
		file := filepath.Join(t.TempDir(), "one.pcap")
		p := startPkl(t, w.a, append([]string{"-i", "v0", "-f", "icmp", "-w", file}, args...)...)
		if status := p.status(); status != 0 || p.out.String() != "seen\n" || len(records(t, file)) != 1 {
			t.Errorf("%q: exit status %d, %d packets in the file, said %.100s", args, status, len(records(t, file)), p.out)
		}
	}
}

// Signals that come together count as one: what has to be cleaned up is.
func TestLiveTwoSignals(t *testing.T) {
	c := netlab.Chain(t)
	for range 5 {
		p := startPkl(t, c.DUT, "-q", "0", "--iptables", "INPUT -p tcp", "-e", `pkl.at_end(function() print("end") end)`)
		p.signal(syscall.SIGTERM)
		p.signal(syscall.SIGTERM)
		p.signal(syscall.SIGINT)
		if status := p.status(); status != exitInterrupted || p.out.String() != "end\n" || queueRules(t, c.DUT) != nil {
			t.Errorf("exit status %d, left behind %q, said %q", status, queueRules(t, c.DUT), p.out)
		}
	}
}
