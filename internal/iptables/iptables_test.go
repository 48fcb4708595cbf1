package iptables

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// inside runs the rest of a test on a thread in a new namespace: commands that
// it starts are there too.
func inside(t *testing.T, f func(ns *netns.Namespace) error) {
	t.Helper()
	lab := netlab.New(t)
	netlab.Need(t, "iptables", "ip6tables", "iptables-save", "ip6tables-save", "setpriv")
	ns := netlab.Namespace(t, lab, "a")
	if err := ns.Do(func() error { return f(ns) }); err != nil {
		t.Error(err)
	}
}

// rules are all rules of a namespace, without those of no interest.
func rules(t *testing.T, ns *netns.Namespace) string {
	t.Helper()
	var lines []string
	for _, tool := range []string{"iptables-save", "ip6tables-save"} {
		out, err := ns.Command(context.Background(), tool).Output()
		if err != nil {
			t.Errorf("%s: %v", tool, err)
		}
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "*") || strings.HasPrefix(line, "-A") {
				lines = append(lines, tool[:strings.Index(tool, "t")]+" "+strings.TrimSpace(line))
			}
		}
	}
	return strings.Join(lines, "\n")
}

func expect(t *testing.T, ns *netns.Namespace, what string, want ...string) {
	t.Helper()
	if got := rules(t, ns); got != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, strings.Join(want, "\n"))
	}
}

func mustParse(t *testing.T, s Spec) *Rules {
	t.Helper()
	r, err := Parse(s)
	if err != nil {
		t.Error(err)
	}
	return r
}

func TestInstallRemove(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		mine := ns.Command(ctx, "iptables", "-A", "INPUT", "-p", "tcp", "-j", "ACCEPT")
		if out, err := mine.CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		r := mustParse(t, Spec{Rule: "INPUT -p tcp --dport 80", First: 2, Last: 5, Bypass: true, Mark: 0x70, PID: 7})
		if err := r.Install(ctx); err != nil {
			return err
		}
		const rule = `-A INPUT -m mark ! --mark 0x70 -p tcp -m tcp --dport 80 -m comment --comment "pkl:7" -j NFQUEUE --queue-balance 2:5 --queue-bypass`
		save := strings.Replace(rule, "-m mark ! --mark 0x70 -p tcp", "-p tcp -m mark ! --mark 0x70", 1)
		expect(t, ns, "installed", "ip *filter", "ip "+save, "ip -A INPUT -p tcp -j ACCEPT", "ip6 *filter", "ip6 "+save)
		if there, err := r.Present(ctx); err != nil || !there {
			t.Errorf("present: %v %v", there, err)
		}
		if err := r.Remove(ctx); err != nil {
			return err
		}
		expect(t, ns, "removed", "ip *filter", "ip -A INPUT -p tcp -j ACCEPT", "ip6 *filter")
		if err := r.Remove(ctx); err != nil {
			t.Errorf("removed twice: %v", err)
		}
		return nil
	})
}

// TestEveryRule: what Parse takes, the kernel takes too, in the family that was
// found, and gives back.
func TestEveryRule(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		for _, s := range []Spec{
			{Rule: "OUTPUT -p icmp --icmp-type 8"}, {Rule: "OUTPUT -p icmpv6"}, {Rule: "INPUT ! -s 10.0.0.0/8"},
			{Rule: "INPUT -s 10/8"}, {Rule: "INPUT -d fe80::/10 -i eth0"}, {Rule: "FORWARD", Table: "mangle", Bypass: true},
			{Rule: "PREROUTING -p udp -m multiport --dports 53,5353", Table: "raw"}, {Rule: "-6 FORWARD -p tcp --syn"},
			{Rule: `INPUT -m string --algo bm --string "a 'b' \"c\""`}, {Rule: "INPUT -f"}, {Rule: "INPUT -m ttl --ttl-lt 3"},
		} {
			r := mustParse(t, s)
			if err := r.Install(ctx); err != nil {
				t.Error(err)
				continue
			}
			if there, err := r.Present(ctx); !there || err != nil {
				t.Errorf("%s: present %v, %v", s.Rule, there, err)
			}
			if got, want := strings.Count(rules(t, ns), "NFQUEUE"), len(r.families()); got != want {
				t.Errorf("%s: %d rules, want %d", s.Rule, got, want)
			}
			if err := r.Remove(ctx); err != nil || strings.Contains(rules(t, ns), "NFQUEUE") {
				t.Errorf("%s: %v, left: %s", s.Rule, err, rules(t, ns))
			}
		}
		return nil
	})
}

// TestAllOrNone: if IPv6 refuses the rule, that of IPv4 goes too.
func TestAllOrNone(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		only4 := mustParse(t, Spec{Rule: "MINE"})
		if out, err := ns.Command(context.Background(), "iptables", "-N", "MINE").CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		err := only4.Install(context.Background())
		if err == nil || !strings.Contains(err.Error(), "has no chain MINE for IPv6") {
			t.Errorf("a chain that only IPv4 has: %v", err)
		}
		if left := rules(t, ns); strings.Contains(left, "NFQUEUE") {
			t.Errorf("left: %s", left)
		}
		if err := mustParse(t, Spec{Rule: "-4 MINE"}).Install(context.Background()); err != nil {
			t.Error(err)
		}
		return nil
	})
}

// TestRemovedByOthers is row 36 of the fault matrix: somebody flushes chains.
func TestRemovedByOthers(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		r := mustParse(t, Spec{Rule: "INPUT"})
		if err := r.Install(ctx); err != nil {
			return err
		}
		if out, err := ns.Command(ctx, "ip6tables", "-F").CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		if there, err := r.Present(ctx); there || err != nil {
			t.Errorf("after a flush: present %v, %v", there, err)
		}
		if err := r.Remove(ctx); err != nil {
			t.Errorf("after a flush: %v", err)
		}
		if left := rules(t, ns); strings.Contains(left, "NFQUEUE") {
			t.Errorf("left: %s", left)
		}
		return nil
	})
}

func TestRefusedByKernel(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		for s, want := range map[Spec]string{
			{Rule: "NOSUCH"}:                              "table filter has no chain NOSUCH for IPv4",
			{Rule: "INPUT", Table: "nosuch"}:              "no table nosuch for IPv4",
			{Rule: "INPUT -m nosuch"}:                     "Couldn't load match `nosuch'",
			{Rule: "INPUT -s host.invalid"}:               "a leading -6 makes it one for IPv6 alone",
			{Rule: "INPUT --dport 80"}:                    "unknown option",
			{Rule: "INPUT -p tcp -s"}:                     "Bad argument",
			{Rule: "INPUT !"}:                             "unexpected ! flag",
			{Rule: "INPUT " + strings.Repeat("x ", 3000)}: "Bad argument",
		} {
			err := mustParse(t, s).Install(context.Background())
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%.40s: %v, want %s", s.Rule, err, want)
			}
		}
		if left := rules(t, ns); strings.Contains(left, "NFQUEUE") {
			t.Errorf("left: %s", left)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := mustParse(t, Spec{Rule: "INPUT"}).Install(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("with a context that has ended: %v", err)
		}
		return nil
	})
}

// TestNoRight: the message of a user without rights says what is needed.
func TestNoRight(t *testing.T) {
	if os.Getenv("IPTABLES_NO_RIGHT") != "" {
		err := mustParse(t, Spec{Rule: "INPUT"}).Install(context.Background())
		if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "CAP_NET_ADMIN") {
			t.Errorf("without rights: %v", err)
		}
		_, err = CleanStale(context.Background())
		if !errors.Is(err, os.ErrPermission) {
			t.Errorf("looking for rules without rights: %v", err)
		}
		return
	}
	inside(t, func(*netns.Namespace) error {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		cmd := exec.Command("setpriv", "--bounding-set", "-all", "--inh-caps", "-all", self, "-test.run", "^TestNoRight$", "-test.v")
		cmd.Env = append(os.Environ(), "IPTABLES_NO_RIGHT=1")
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "PASS: TestNoRight") {
			t.Errorf("%v: %s", err, out)
		}
		return nil
	})
}

// TestCleanStale: rules of processes that are gone go, in every table; those of
// others stay, and those of a pkl that runs.
func TestCleanStale(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		gone := exec.Command("true")
		if err := gone.Run(); err != nil {
			return err
		}
		running := exec.Command(named(t, "pkl"), "-test.run", "^TestHold$")
		running.Env = append(os.Environ(), "IPTABLES_HOLD=1")
		in, _ := running.StdinPipe()
		defer in.Close()
		out, _ := running.StdoutPipe()
		if err := running.Start(); err != nil {
			return err
		}
		defer running.Process.Kill()
		out.Read(make([]byte, 1))

		dead, alive := gone.Process.Pid, running.Process.Pid
		for _, s := range []Spec{
			{Rule: `INPUT ! -p tcp -m string --algo bm --string "a 'b' \"c\" \\d"`, PID: dead, First: 1, Last: 3, Bypass: true, Mark: 5},
			{Rule: "FORWARD -p tcp --dport 80", Table: "mangle", PID: dead},
			{Rule: "PREROUTING -s 10.0.0.1,10.0.0.2 ! -i eth+", Table: "raw", PID: dead},
			{Rule: "OUTPUT -p icmpv6", PID: dead},
			{Rule: "OUTPUT -p tcp", PID: os.Getpid()},
			{Rule: "INPUT", PID: alive},
		} {
			if err := mustParse(t, s).Install(ctx); err != nil {
				return err
			}
		}
		other := []string{"-A", "INPUT", "-m", "comment", "--comment", "not pkl:" + strconv.Itoa(dead), "-j", "NFQUEUE"}
		if out, err := ns.Command(ctx, "iptables", other...).CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		removed, err := CleanStale(ctx)
		if err != nil || len(removed) != 2+2+2+1+2 {
			t.Errorf("removed %q, %v", removed, err)
		}
		const tail = " -j NFQUEUE --queue-num 0"
		keep := `-A INPUT -m comment --comment "pkl:` + strconv.Itoa(alive) + `"` + tail
		left := rules(t, ns)
		if strings.Count(left, "NFQUEUE") != 3 || strings.Count(left, keep) != 2 || !strings.Contains(left, `"not pkl:`) {
			t.Errorf("left:\n%s", left)
		}
		if removed, err := CleanStale(ctx); err != nil || len(removed) != 0 {
			t.Errorf("then %q, %v", removed, err)
		}
		return nil
	})
}
