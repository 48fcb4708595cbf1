//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"strings"
	"testing"
)

// Starts that fail leave no rule: the queue is taken, a script is wrong, the
// right is missing, the rule makes no sense (row 13).
func TestLiveFailedStart(t *testing.T) {
	c := netlab.Chain(t)
	first := startPkl(t, c.DUT, "-q", "0", "-e", `pkl.on("icmp", function(p) end)`)
	for _, f := range []struct {
		args []string
		code int
		text string
	}{
		{[]string{"-q", "0", "--iptables", "FORWARD -p icmp", "-e", "pkl.on('icmp', function() end)"}, exitFailure, "queue 0 is already bound by another process"},
		{[]string{"-q", "1", "--iptables", "FORWARD -p icmp", "-e", "pkl.on('icmpx', function() end)"}, exitFailure, "icmpx"},
		{[]string{"-q", "1", "--iptables", "FORWARD -p icmp", "-e", "while true do end"}, exitFailure, "ran longer than"},
		{[]string{"-q", "1", "--iptables", "FORWARD -p icmp -j DROP", "-e", ""}, exitUsage, "-j"},
		{[]string{"-q", "1", "--iptables", "NOWHERE -p icmp", "-e", ""}, exitFailure, "NOWHERE"},
		{[]string{"-q", "1", "--iptables", "FORWARD", "missing.lua"}, exitFailure, "missing.lua: no such file"},
		{[]string{"-q", "1", "--user", "nobody", "--iptables", "FORWARD", script(t, "")}, exitFailure, "permission denied"},
	} {
		if strings.Contains(f.text, "permission") { // the folder of the script is for root alone
			os.Chmod(filepath.Dir(f.args[len(f.args)-1]), 0o700)
		}
		p := launchPkl(t, c.DUT, f.args...)
		if code := p.status(); code != f.code || !strings.Contains(p.err.String(), f.text) {
			t.Errorf("%q: exit status %d, want %d and %q:\n%s", f.args, code, f.code, f.text, p.err)
		}
		if rules := queueRules(t, c.DUT); rules != nil {
			t.Errorf("%q: left behind: %q", f.args, rules)
		}
	}
	first.stop(os.Interrupt)
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.DUT.Run(t.Context(), "setpriv", "--bounding-set=-all", "--inh-caps=-all", name, "run", "-q", "0", "--iptables", "FORWARD", "-e", "pkl.on('icmp', function() end)")
	if err == nil || !strings.Contains(out+err.Error(), "CAP_NET_ADMIN") {
		t.Errorf("without the right: %s %v", out, err)
	}
	if rules := queueRules(t, c.DUT); rules != nil {
		t.Errorf("without the right: left behind: %q", rules)
	}
}

// Rights are cut on all threads before any script runs.
func TestLiveRights(t *testing.T) {
	c := netlab.Chain(t)
	for _, user := range []string{"", "nobody"} {
		args := []string{"-q", "0", "--iptables", "FORWARD -p icmp", "-e", `pkl.on("icmp", function(p) p.ip.ttl = 5 end)`}
		if user != "" {
			args = append(args, "--user", user)
		}
		p := startPkl(t, c.DUT, args...)
		pid := p.cmd.Process.Pid // ip netns exec becomes pkl
		tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
		if err != nil || len(tasks) < 2 {
			t.Fatalf("threads of %d: %v %v", pid, tasks, err)
		}
		for _, task := range tasks {
			text, err := os.ReadFile(task)
			if err != nil {
				continue // the thread has ended
			}
			for _, want := range []string{"CapEff:\t0000000000001000", "CapPrm:\t0000000000001000", "CapBnd:\t0000000000001000", "NoNewPrivs:\t1"} {
				if !bytes.Contains(text, []byte(want)) {
					t.Errorf("%s has no %q", task, want)
				}
			}
			if user != "" && bytes.Contains(text, []byte("\nUid:\t0")) {
				t.Errorf("%s is still root's", task)
			}
		}
		if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "1 received") {
			t.Errorf("a ping:\n%s", out)
		}
		p.stop(os.Interrupt)
		if rules := queueRules(t, c.DUT); rules != nil {
			t.Errorf("user %q: left behind: %q", user, rules)
		}
	}
}
