//go:build unix

package iptables

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
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

func mustParse(t *testing.T, specs ...Spec) (all Rules) {
	t.Helper()
	for _, s := range specs {
		r, err := Parse(s)
		if err != nil {
			t.Error(err)
		}
		all = append(all, r)
	}
	return all
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
		if gone, err := r.Restore(ctx); err != nil || gone != nil {
			t.Errorf("restored what is there: %v %v", gone, err)
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
			if gone, err := r.Restore(ctx); gone != nil || err != nil {
				t.Errorf("%s: restored what is there: %v, %v", s.Rule, gone, err)
			}
			if got, want := strings.Count(rules(t, ns), "NFQUEUE"), len(r[0].families()); got != want {
				t.Errorf("%s: %d rules, want %d", s.Rule, got, want)
			}
			if err := r.Remove(ctx); err != nil || strings.Contains(rules(t, ns), "NFQUEUE") {
				t.Errorf("%s: %v, left: %s", s.Rule, err, rules(t, ns))
			}
		}
		return nil
	})
}

// TestRefusedByOne: if IPv6 refuses the rule, Remove deletes that of IPv4.
func TestRefusedByOne(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		only4 := mustParse(t, Spec{Rule: "MINE"})
		if out, err := ns.Command(context.Background(), "iptables", "-N", "MINE").CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		err := only4.Install(context.Background())
		if err == nil || !strings.Contains(err.Error(), "has no chain MINE for IPv6, and the rule is for IPv4 and IPv6; a leading -4 ") {
			t.Errorf("a chain that only IPv4 has: %v", err)
		}
		if err := only4.Remove(context.Background()); err != nil {
			t.Error(err)
		}
		if left := rules(t, ns); strings.Contains(left, "NFQUEUE") {
			t.Errorf("left: %s", left)
		}
		if err := mustParse(t, Spec{Rule: "-4 MINE"}).Install(context.Background()); err != nil {
			t.Error(err)
		}
		if out, err := ns.Command(context.Background(), "ip6tables", "-N", "YOURS").CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		if err := mustParse(t, Spec{Rule: "YOURS"}).Install(context.Background()); err == nil || !strings.Contains(err.Error(), "; a leading -6 ") {
			t.Errorf("a chain that only IPv6 has: %v", err)
		}
		return nil
	})
}

// TestSeveral: each rule is inserted, found missing and removed on its own; where
// one is refused, those before it go too.
func TestSeveral(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		all := mustParse(t, Spec{Rule: "-4 INPUT -p tcp", PID: 7}, Spec{Rule: "-4 OUTPUT -p tcp", PID: 7}, Spec{Rule: "-6 INPUT", PID: 7})
		if err := all.Install(ctx); err != nil {
			return err
		}
		const target = ` -m comment --comment "pkl:7" -j NFQUEUE --queue-num 0`
		installed := []string{"ip *filter", "ip -A INPUT -p tcp" + target, "ip -A OUTPUT -p tcp" + target, "ip6 *filter", "ip6 -A INPUT" + target}
		expect(t, ns, "installed", installed...)
		if out, err := ns.Command(ctx, "iptables", "-F", "OUTPUT").CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		if gone, err := all.Restore(ctx); !slices.Equal(gone, []string{"-4 OUTPUT -p tcp"}) || err != nil {
			t.Errorf("after a flush of OUTPUT: %q, %v", gone, err)
		}
		expect(t, ns, "restored", installed...)
		if err := all.Remove(ctx); err != nil {
			return err
		}
		expect(t, ns, "removed", "ip *filter", "ip6 *filter")

		all = mustParse(t, Spec{Rule: "INPUT"}, Spec{Rule: "NOSUCH"}, Spec{Rule: "OUTPUT"})
		if err := all.Install(ctx); err == nil || !strings.Contains(err.Error(), `iptables rule "NOSUCH": `) {
			t.Errorf("the second is refused: %v", err)
		}
		if err := all.Remove(ctx); err != nil {
			t.Error(err)
		}
		expect(t, ns, "after one was refused", "ip *filter", "ip6 *filter")
		return nil
	})
}

// TestRemovedByOthers is row 36 of the fault matrix: somebody flushes chains. What
// is missing is inserted, also after an attempt that failed; the rest stays.
func TestRemovedByOthers(t *testing.T) {
	s := standIn(t, "iptables", "-I")
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		r := mustParse(t, Spec{Rule: "INPUT", PID: 7})
		if err := r.Install(ctx); err != nil {
			return err
		}
		const rule = `-A INPUT -m comment --comment "pkl:7" -j NFQUEUE --queue-num 0`
		if out, err := ns.Command(ctx, "iptables", "-F").CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		s.does(t, "echo 'Another app is currently holding the xtables lock' >&2; exit 4")
		for range 2 {
			gone, err := r.Restore(ctx)
			if gone != nil || err == nil || !strings.Contains(err.Error(), "the rule is gone, and cannot be inserted again: Another app") {
				t.Errorf("while others hold the lock: %v, %v", gone, err)
			}
			expect(t, ns, "while others hold the lock", "ip *filter", "ip6 *filter", "ip6 "+rule)
		}
		s.does(t, "")
		if gone, err := r.Restore(ctx); !slices.Equal(gone, []string{"INPUT"}) || err != nil {
			t.Errorf("after a flush: %v, %v", gone, err)
		}
		expect(t, ns, "restored", "ip *filter", "ip "+rule, "ip6 *filter", "ip6 "+rule)
		if out, err := ns.Command(ctx, "ip6tables", "-F").CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		if err := r.Remove(ctx); err != nil {
			t.Errorf("after a flush: %v", err)
		}
		expect(t, ns, "removed", "ip *filter", "ip6 *filter")
		return nil
	})
}

func TestRefusedByKernel(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		for s, want := range map[Spec]string{
			{Rule: "NOSUCH"}:                              "table filter has no chain NOSUCH for IPv4$",
			{Rule: "INPUT", Table: "nosuch"}:              "no table nosuch for IPv4",
			{Rule: "INPUT -m nosuch"}:                     "Couldn't load match `nosuch'",
			{Rule: "INPUT -s host.invalid"}:               "a leading -6 makes it one for IPv6 alone",
			{Rule: "INPUT --dport 80"}:                    "unknown option",
			{Rule: "INPUT -p tcp -s"}:                     "Bad argument",
			{Rule: "INPUT !"}:                             "unexpected ! flag",
			{Rule: "INPUT " + strings.Repeat("x ", 3000)}: "Bad argument",
		} {
			err := mustParse(t, s).Install(context.Background())
			if err == nil || !strings.Contains(err.Error()+"$", want) {
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
		_, err = CleanStale(context.Background(), nobody)
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

// nobody has bound a queue.
func nobody() (map[uint16]bool, error) { return nil, nil }

// TestCleanStale: rules whose queues nobody has go, in every table; those of
// others stay, and those whose queues are bound.
func TestCleanStale(t *testing.T) {
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		bound := func() (map[uint16]bool, error) { return map[uint16]bool{7: true}, nil }
		for _, s := range []Spec{
			{Rule: `INPUT ! -p tcp -m string --algo bm --string "a 'b' \"c\" \\d"`, First: 1, Last: 3, Bypass: true, Mark: 5},
			{Rule: "FORWARD -p tcp --dport 80", Table: "mangle"},
			{Rule: "PREROUTING -s 10.0.0.1,10.0.0.2 ! -i eth+", Table: "raw"},
			{Rule: "OUTPUT -p icmpv6", First: 8, Last: 9},
			{Rule: "INPUT", First: 7, Last: 7, PID: 1},
			{Rule: "-4 INPUT", First: 5, Last: 8, PID: 1},
		} {
			if err := mustParse(t, s).Install(ctx); err != nil {
				return err
			}
		}
		other := []string{"-A", "INPUT", "-m", "comment", "--comment", "not pkl:12", "-j", "NFQUEUE"}
		if out, err := ns.Command(ctx, "iptables", other...).CombinedOutput(); err != nil {
			return errors.New(string(out))
		}
		blind := errors.New("queues cannot be seen")
		if removed, err := CleanStale(ctx, func() (map[uint16]bool, error) { return nil, blind }); len(removed) != 0 || !errors.Is(err, blind) {
			t.Errorf("in doubt %q, %v", removed, err)
		}
		removed, err := CleanStale(ctx, bound)
		if err != nil || len(removed) != 2+2+2+1 {
			t.Errorf("removed %q, %v", removed, err)
		}
		const keep = `-A INPUT -m comment --comment "pkl:1" -j NFQUEUE --queue-`
		left := rules(t, ns)
		if strings.Count(left, "NFQUEUE") != 4 || strings.Count(left, keep+"num 7") != 2 || !strings.Contains(left, keep+"balance 5:8") || !strings.Contains(left, `"not pkl:`) {
			t.Errorf("left:\n%s", left)
		}
		if removed, err := CleanStale(ctx, bound); err != nil || len(removed) != 0 {
			t.Errorf("then %q, %v", removed, err)
		}
		return nil
	})
}
