//go:build linux

package main

import (
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
