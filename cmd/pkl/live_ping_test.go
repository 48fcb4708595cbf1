//go:build linux

package main

import (
	"os"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"strings"
	"syscall"
	"testing"
)

// The kernel's own ping, through every hook and both families: looked at, edited,
// dropped.
func TestLivePing(t *testing.T) {
	c := netlab.Chain(t)
	edit := example("icmp_edit")
	for _, at := range []struct {
		rule, table, to string
		ns              *netns.Namespace
	}{
		{"INPUT -p icmp", "", netns.Near4, c.DUT}, {"INPUT -p icmpv6 --icmpv6-type echo-request", "", netns.Near6, c.DUT},
		{"FORWARD -p icmp", "", netns.Server4, c.DUT}, {"FORWARD -p icmpv6", "", netns.Server6, c.DUT},
		{"OUTPUT -p icmp", "", netns.Server4, c.Client}, {"OUTPUT -p icmpv6 --icmpv6-type echo-request", "", netns.Server6, c.Client},
		{"PREROUTING -p icmp", "mangle", netns.Server4, c.DUT}, {"POSTROUTING -p icmp", "mangle", netns.Server4, c.DUT},
	} {
		args := []string{"-q", "3", "--iptables", at.rule}
		if at.table != "" {
			args = append(args, "-t", at.table)
		}
		p := startPkl(t, at.ns, append(args, edit)...)
		out := pings(t, c.Client, at.to, 3)
		if !strings.Contains(out, "3 received") || !strings.Contains(out, "61 50 4b 4c") {
			t.Errorf("%s: the edited ping:\n%s", at.rule, out)
		}
		if code := p.stop(os.Interrupt); code != exitInterrupted {
			t.Errorf("%s: exit status %d", at.rule, code)
		}
		if rules := queueRules(t, at.ns); rules != nil {
			t.Errorf("%s: left behind: %q", at.rule, rules)
		}
	}
	p := startPkl(t, c.DUT, "-q", "3", "--iptables", "FORWARD -p icmp", "-e", `pkl.on("icmp", function() return pkl.drop end)`)
	if out, err := c.Client.Run(t.Context(), "ping", "-n", "-c", "2", "-i", "0.05", "-W", "1", netns.Server4); err == nil {
		t.Errorf("a dropped ping is answered:\n%s", out)
	}
	p.stop(syscall.SIGTERM)
	if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "1 received") {
		t.Errorf("after the end:\n%s", out)
	}
}
