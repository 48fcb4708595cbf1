//go:build unix

package iptables

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pkl/internal/netns"
)

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
