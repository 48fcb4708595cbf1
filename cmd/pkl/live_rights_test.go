//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"strconv"
	"strings"
	"syscall"
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
		{[]string{"-q", "1", "--iptables", "FORWARD -p icmp", "--budget", "100ms", "-e", "while true do end"}, exitFailure, "ran longer than"},
		{[]string{"-q", "70000", "--iptables", "FORWARD", "-e", ""}, exitUsage, "a number from 0 to 65535, or a range as 0-3"},
		{[]string{"-q", "3-1", "--iptables", "FORWARD", "-e", ""}, exitUsage, "the range ends before it begins"},
		{[]string{"-q", "first", "--iptables", "FORWARD", "-e", ""}, exitUsage, "a number from 0 to 65535, or a range as 0-3"},
		{[]string{"-q", "1", "--iptables", "FORWARD -p icmp -j DROP", "-e", ""}, exitUsage, "-j"},
		{[]string{"-q", "1", "--iptables", "NOWHERE -p icmp", "-e", ""}, exitFailure, "NOWHERE"},
		{[]string{"-q", "1", "--iptables", "FORWARD", "--iptables", "NOWHERE", "-e", ""}, exitFailure, `iptables rule "NOWHERE"`},
		{[]string{"-q", "1", "--iptables", "FORWARD", "--iptables", "INPUT -j DROP", "-e", ""}, exitUsage, `iptables rule "INPUT -j DROP"`},
		{[]string{"-q", "1", "--iptables", "FORWARD", "--iptables", " ", "-e", ""}, exitUsage, "--iptables is empty"},
		{[]string{"-q", "1", "--iptables", "FORWARD", "missing.lua"}, exitFailure, "missing.lua: no such file"},
		{[]string{"-q", "1", "--user", "nobody", "--iptables", "FORWARD", script(t, "")}, exitFailure, "permission denied for user nobody"},
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
		if f.code == exitFailure {
			t.Logf("row 13 and its like: %s; no rule left", lineWith(p.err.String(), f.text))
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

// Without what pkl needs of the system it says what is missing, and leaves nothing
// behind.
func TestLiveMissing(t *testing.T) {
	c := netlab.Chain(t)
	const figures = "/proc/thread-self/net/netfilter/nfnetlink_queue"
	for _, m := range []struct {
		what  string
		under []string
		text  string
	}{
		{"kernel module", append(injecting(t, "openat:error=ENOENT"), "-P", figures), "modprobe nfnetlink_queue"},
		{"netlink family", injecting(t, "socket:error=EPROTONOSUPPORT"), "protocol not supported"},
		{"iptables", []string{"unshare", "-m", "sh", "-c", `mount --bind /dev/null "$(readlink -f "$(command -v iptables)")" && exec "$0" "$@"`}, "iptables is not installed, or not in PATH (Debian: apt install iptables)"},
		{"iptables in PATH", []string{"env", "PATH=/nowhere"}, "iptables is not installed, or not in PATH (Debian: apt install iptables)"},
	} {
		p := launchUnder(t, c.DUT, m.under, "-q", "0", "--iptables", "FORWARD -p icmp", "-e", "pkl.on('icmp', function() end)")
		if code := p.status(); code != exitFailure || !strings.Contains(p.err.String(), m.text) {
			t.Errorf("without %s: exit status %d, want %q:\n%s", m.what, code, m.text, p.err)
		}
		if rules := queueRules(t, c.DUT); rules != nil {
			t.Errorf("without %s: left behind: %q", m.what, rules)
		}
		t.Logf("without %s: %s", m.what, lineWith(p.err.String(), m.text))
	}
}

// The iptables without nf_tables wants a lock that is root's, in a folder where
// nothing can be made once rights are cut: also after boot, when there is none yet,
// and for another user.
func TestLiveLegacyIptables(t *testing.T) {
	netlab.Need(t, "iptables-legacy", "ip6tables-legacy", "iptables-legacy-save", "ip6tables-legacy-save", "unshare")
	c := netlab.Chain(t)
	bin := t.TempDir()
	for _, name := range []string{"iptables", "ip6tables"} {
		for _, end := range []string{"", "-save"} {
			target, err := exec.LookPath(name + "-legacy" + end)
			if err == nil {
				err = os.Symlink(target, filepath.Join(bin, name+end))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for dir := bin; dir != "/tmp" && dir != "/"; dir = filepath.Dir(dir) {
		os.Chmod(dir, 0o755) // for another user
	}
	under := []string{"unshare", "-m", "sh", "-c", `mount -t tmpfs none /run && PATH=` + bin + `:$PATH exec "$0" "$@"`}
	rules := func() (n int) {
		for _, save := range []string{"iptables-legacy-save", "ip6tables-legacy-save"} {
			n += strings.Count(netlab.Run(t, c.DUT, save), "NFQUEUE")
		}
		return n
	}
	args := []string{"-q", "0", "--iptables", "FORWARD", "-e", `pkl.on("icmp", function(p) p.ip.ttl = 5 end)`}
	for _, user := range [][]string{nil, {"--user", "nobody"}} {
		killed := launchUnder(t, c.DUT, under, args...)
		killed.wait("generation 1 in force")
		killed.stop(syscall.SIGKILL)
		p := launchUnder(t, c.DUT, under, append(user, args...)...)
		p.wait("generation 1 in force")
		if n := strings.Count(p.err.String(), "removed a rule whose process is gone"); n != 2 || rules() != 2 {
			t.Errorf("%v: %d old rules removed, there are %d", user, n, rules())
		}
		if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "1 received") {
			t.Errorf("%v: a ping:\n%s", user, out)
		}
		if user != nil { // another program changes rules for longer than pkl usually takes to end
			holder := exec.Command("nsenter", "-t", strconv.Itoa(p.cmd.Process.Pid), "-m", "flock", "/run/xtables.lock", "sh", "-c", "echo held; sleep 5")
			said := newLineWatcher()
			holder.Stdout = said
			if err := holder.Start(); err != nil {
				t.Fatal(err)
			}
			defer holder.Wait()
			waitLine(t, said, "held")
		}
		p.stop(os.Interrupt)
		if n := rules(); n != 0 {
			t.Errorf("%v: %d rules are left behind", user, n)
		}
		p.wait("; 2 edited, 0 failed")
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
