//go:build unix

package iptables

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

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

// TestCut: a command that is cut may have inserted the rule, or not yet: it does
// not go on, and Remove leaves none.
func TestCut(t *testing.T) {
	for when, does := range map[string]string{
		"before": `read line < "$0.hold"`,
		"after":  `"$real" "$@"; (read line < "$0.hold"); exit 0`,
	} {
		t.Run(when, func(t *testing.T) { testCut(t, does) })
	}
}

func testCut(t *testing.T, does string) {
	s := standIn(t, "ip6tables", "-I")
	s.does(t, does)
	hold := s.name + ".hold"
	if err := syscall.Mkfifo(hold, 0o600); err != nil {
		t.Fatal(err)
	}
	inside(t, func(ns *netns.Namespace) error {
		ctx, cancel := context.WithCancel(context.Background())
		writer := make(chan *os.File, 1)
		go func() {
			w, err := os.OpenFile(hold, os.O_WRONLY, 0) // when the command reads
			if err != nil {
				t.Error(err)
			}
			writer <- w
			cancel()
		}()
		r := mustParse(t, Spec{Rule: "INPUT"})
		if err := r.Install(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("cut: %v", err)
		}
		w := <-writer
		defer w.Close()
		if err := r.Remove(context.Background()); err != nil {
			t.Error(err)
		}
		// The reader was killed; a child of it may need a moment for that.
		for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
			if _, err := w.WriteString("x"); errors.Is(err, syscall.EPIPE) {
				break
			}
			if time.Now().After(end) {
				return errors.New("the command goes on")
			}
		}
		if left := rules(t, ns); strings.Contains(left, "NFQUEUE") {
			t.Errorf("left: %s", left)
		}
		return nil
	})
}

// TestSignalled: what a terminal or a supervisor sends to every process does not
// reach the commands.
func TestSignalled(t *testing.T) {
	s := standIn(t, "iptables", "-w")
	s.does(t, "for s in HUP INT QUIT TERM USR1 USR2; do kill -$s $$; done")
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		r := mustParse(t, Spec{Rule: "INPUT"})
		if err := r.Install(ctx); err != nil {
			return err
		}
		if gone, err := r.Restore(ctx); gone != nil || err != nil {
			t.Errorf("restored %q, %v", gone, err)
		}
		if err := r.Remove(ctx); err != nil {
			t.Error(err)
		}
		expect(t, ns, "removed", "ip *filter", "ip6 *filter")
		return nil
	})
}

// TestKilled: a command that somebody kills is done again, a few times, and once
// only if it was killed when it was done.
func TestKilled(t *testing.T) {
	const often = `n=$(cat "$0.n"); echo $((n + 1)) > "$0.n"; test $n -ge 4 || `
	for _, word := range []string{"-I", "-C", "-D"} {
		for when, does := range map[string]string{"before": "kill -KILL $$", "after": `{ "$real" "$@"; kill -KILL $$; }`} {
			s := standIn(t, "iptables", word)
			if err := os.WriteFile(s.name+".n", []byte("0"), 0o600); err != nil {
				t.Fatal(err)
			}
			s.does(t, often+does)
			inside(t, func(ns *netns.Namespace) error {
				ctx := context.Background()
				r := mustParse(t, Spec{Rule: "INPUT", PID: 7})
				if err := r.Install(ctx); err != nil {
					t.Errorf("%s, killed %s: %v", word, when, err)
				}
				const rule = ` -A INPUT -m comment --comment "pkl:7" -j NFQUEUE --queue-num 0`
				expect(t, ns, word+", killed "+when, "ip *filter", "ip"+rule, "ip6 *filter", "ip6"+rule)
				if gone, err := r.Restore(ctx); gone != nil || err != nil {
					t.Errorf("%s, killed %s: restored %q, %v", word, when, gone, err)
				}
				remove := r.Remove
				if word == "-D" && when == "after" { // as the next start does it
					remove = func(ctx context.Context) error {
						_, err := CleanStale(ctx, nobody)
						return err
					}
				}
				if err := remove(ctx); err != nil {
					t.Errorf("%s, killed %s: %v", word, when, err)
				}
				expect(t, ns, word+", killed "+when, "ip *filter", "ip6 *filter")
				return nil
			})
		}
	}
}

// TestAlwaysKilled: who kills every command is told what happened.
func TestAlwaysKilled(t *testing.T) {
	s := standIn(t, "ip6tables", "-w")
	inside(t, func(ns *netns.Namespace) error {
		ctx := context.Background()
		r := mustParse(t, Spec{Rule: "INPUT"})
		s.does(t, "kill -KILL $$")
		if err := r.Install(ctx); err == nil || err.Error() != `iptables rule "INPUT": ip6tables was ended by a signal: killed` {
			t.Errorf("installed: %v", err)
		}
		if err := r.Remove(ctx); err == nil || !strings.Contains(err.Error(), "could not be removed: ip6tables was ended by a signal: killed; ip6tables -t filter -D INPUT ") {
			t.Errorf("removed: %v", err)
		}
		s.does(t, "")
		if err := r.Remove(ctx); err != nil {
			t.Errorf("then: %v", err)
		}
		expect(t, ns, "removed", "ip *filter")
		return nil
	})
}

// A standInTool is a script in place of a command: it does something first where
// its words hold a certain one.
type standInTool struct{ name, real, word string }

// standIn puts a script into the PATH.
func standIn(t *testing.T, tool, word string) *standInTool {
	t.Helper()
	real, err := find(tool, os.Getenv("PATH"))
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	s := &standInTool{filepath.Join(dir, tool), real, word}
	s.does(t, "")
	return s
}

// does sets what it does.
func (s *standInTool) does(t *testing.T, commands string) {
	t.Helper()
	text := "#!/bin/sh\nreal=" + s.real + "\ncase \" $* \" in *\" " + s.word + " \"*) :; " + commands + ";; esac\nexec \"$real\" \"$@\"\n"
	if err := os.WriteFile(s.name, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
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
