//go:build linux

package main

import (
	"os"
	"strings"
	"testing"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// A timer that takes longer than its interval holds up packets, but does not keep
// them from being judged.
func TestLiveSlowTimer(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p icmp", "-e", `
		pkl.every(0.001, function() local n = 0 for i = 1, 500000 do n = n + i end end)
		pkl.on("icmp", function(p) p.ip.ttl = 7 end)`)
	if out := pings(t, c.Client, netns.Server4, 5); !strings.Contains(out, "5 received") {
		t.Errorf("pings:\n%s", out)
	}
	p.stop(os.Interrupt)
	p.wait("10 packets, ")
}
