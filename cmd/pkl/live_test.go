//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// livePatience bounds whatever a test waits for.
const livePatience = 30 * time.Second

// staticPkl builds the program as users have it: without C, so that it can give
// up its rights.
var staticPkl = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pkl-live-")
	if err != nil {
		return "", err
	}
	builtFolder = dir
	name := filepath.Join(dir, "pkl")
	cmd := exec.Command("go", "build", "-o", name, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return name, nil
})

// A livePkl is a pkl that runs in a namespace.
type livePkl struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *lineWatcher
	err  *lineWatcher
	done chan struct{}
}

// startPkl starts pkl run in a namespace, and waits until it judges.
func startPkl(t *testing.T, ns *netns.Namespace, args ...string) *livePkl {
	t.Helper()
	p := launchPkl(t, ns, args...)
	p.wait("generation 1 in force")
	return p
}

// launchPkl starts pkl run without waiting.
func launchPkl(t *testing.T, ns *netns.Namespace, args ...string) *livePkl {
	t.Helper()
	return launchUnder(t, ns, nil, args...)
}

// launchUnder starts pkl run by another command, which becomes it.
func launchUnder(t *testing.T, ns *netns.Namespace, command []string, args ...string) *livePkl {
	t.Helper()
	netlab.Need(t, "iptables", "ip6tables")
	if !slices.Contains(args, "--budget") { // which is of the clock, and machines that test are busy
		args = append([]string{"--budget", "5s"}, args...)
	}
	return launch(t, ns, command, append([]string{"run"}, args...)...)
}

// launch starts pkl, by another command or none.
func launch(t *testing.T, ns *netns.Namespace, command []string, args ...string) *livePkl {
	t.Helper()
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	p := &livePkl{t: t, done: make(chan struct{}), out: newLineWatcher(), err: newLineWatcher()}
	command = append(slices.Clone(command), name)
	p.cmd = ns.Command(context.Background(), command[0], append(command[1:], args...)...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.err
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.done
		if t.Failed() {
			t.Logf("pkl %s said:\n%.4000s%.8000s", strings.Join(args, " "), p.out, p.err)
		}
	})
	return p
}

// waitLine waits for a line of a program that writes to l.
func waitLine(t *testing.T, l *lineWatcher, text string) string {
	t.Helper()
	limit := time.After(livePatience)
	for {
		if line := l.find(text); line != "" {
			return line
		}
		select {
		case <-l.arrived:
		case <-limit:
			t.Fatalf("no line with %q: %s", text, l)
		}
	}
}

// wait waits for a line on stderr.
func (p *livePkl) wait(text string) string {
	p.t.Helper()
	limit := time.After(livePatience)
	for {
		if line := p.err.find(text); line != "" {
			return line
		}
		select {
		case <-p.err.arrived:
		case <-p.done:
			if line := p.err.find(text); line != "" {
				return line
			}
			p.t.Fatalf("pkl ended without saying %q", text)
		case <-limit:
			p.t.Fatalf("pkl did not say %q", text)
		}
	}
}

// reset forgets what was written.
func (l *lineWatcher) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Reset()
}

func (p *livePkl) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// stop ends pkl by a signal, and returns its exit status.
func (p *livePkl) stop(s os.Signal) int {
	p.t.Helper()
	p.signal(s)
	return p.status()
}

// status waits for the end of pkl.
func (p *livePkl) status() int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(livePatience):
		p.t.Fatal("pkl does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// script writes a script and returns its name.
func script(t *testing.T, code string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "rules.lua")
	if err := os.WriteFile(name, []byte(code), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// queueRules are the rules with NFQUEUE of both families.
func queueRules(t *testing.T, ns *netns.Namespace) (lines []string) {
	t.Helper()
	for _, save := range []string{"iptables-save", "ip6tables-save"} {
		for line := range strings.Lines(netlab.Run(t, ns, save)) {
			if strings.Contains(line, "NFQUEUE") {
				lines = append(lines, strings.TrimSpace(line))
			}
		}
	}
	return lines
}

func example(name string) string {
	return filepath.Join("..", "..", "scripts", "examples", name+".lua")
}
