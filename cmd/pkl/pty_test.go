package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// A screen is what a program on a pseudo-terminal has written.
type screen struct {
	t    *testing.T
	tty  *os.File
	mu   sync.Mutex
	text string
	mute bool // it never tells where the cursor is
	more chan struct{}
}

// onTerminal starts pkl on a pseudo-terminal.
func onTerminal(t *testing.T, env []string, args ...string) (*screen, *exec.Cmd) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Args[0] = "pkl" // so testscript.Main runs main
	cmd.Env = append(os.Environ(), append(env, "TERM=xterm")...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 120})
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	s := &screen{t: t, tty: tty, more: make(chan struct{}, 1)}
	go s.read()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		tty.Close()
	})
	return s, cmd
}

func (s *screen) read() {
	buf := make([]byte, 4096)
	for {
		n, err := s.tty.Read(buf)
		if strings.Contains(string(buf[:n]), "\x1b[6n") && !s.isMute() { // where is the cursor?
			_, _ = s.tty.WriteString("\x1b[1;1R")
		}
		s.mu.Lock()
		s.text += string(buf[:n])
		s.mu.Unlock()
		select {
		case s.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (s *screen) isMute() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mute
}

func (s *screen) setMute(mute bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = mute
}

// await waits until the text stands on the screen, behind what was awaited before.
func (s *screen) await(text string) {
	s.t.Helper()
	patience := time.After(30 * time.Second)
	for {
		s.mu.Lock()
		_, behind, ok := strings.Cut(s.text, text)
		if ok {
			s.text = behind
		}
		all := s.text
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-s.more:
		case <-patience:
			s.t.Fatalf("%q did not come; there is %q", text, all)
		}
	}
}

func (s *screen) keys(text string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// Whoever sits there and has forgotten where packets come from is told; one whose
// rules have stopped is not.
func TestRulesWithoutPackets(t *testing.T) {
	s, _ := onTerminal(t, nil, "run", "-e", `pkl.on("tcp", function() end); pkl.at_end(function() print("the end") end)`)
	s.await("pkl: the rules see no packets: give a capture file with -r, an interface with -i, or queues with -q")
	s.await("the end")
	s, _ = onTerminal(t, nil, "run", "-e", `pkl.on("tcp", function() end):stop(); print("a"); pkl.at_end(function() print("b") end)`)
	s.await("a\r\nb\r\n")
}

// TestReplMute: a terminal that does not tell where the cursor is, as those of
// programs that type; and one that stops to, or begins.
func TestReplMute(t *testing.T) {
	s, cmd := onTerminal(t, []string{"XDG_STATE_HOME=" + t.TempDir()}, "repl")
	for i, mute := range []bool{true, true, false, true} {
		s.await("> ")
		s.setMute(mute)
		s.keys(fmt.Sprintf("=%d000 + %d\r", i, i))
		s.await(fmt.Sprintf("%d00%d", i, i))
	}
	s.await("> ")
	s.keys("\x04")
	if err := cmd.Wait(); err != nil {
		t.Errorf("Ctrl-D: %v", err)
	}
}

// TestReplTerminal: lines, completion, an endless line that Ctrl-C ends, the
// end by Ctrl-D, and the history.
func TestReplTerminal(t *testing.T) {
	state := t.TempDir()
	s, cmd := onTerminal(t, []string{"XDG_STATE_HOME=" + state}, "repl")
	s.await("> ")
	s.keys("p = pkl.ip{ttl = 77} + pkl.tcp{dport = 4242}\r")
	s.await("> ")
	s.keys("p.tc\t.dp\t\r") // p.tcp.dport
	s.await("4242")
	s.await("> ")
	s.keys("for i = 1, 1 do\r")
	s.await(">> ")
	s.keys("print(600 + 66) end\r")
	s.await("666")
	s.keys("print('ready' .. 1) while true do end\r")
	s.await("ready1")
	s.keys("\x03")
	s.await("stopped")
	s.await("> ")
	s.keys("no.such\r")
	s.await("repl:1:")
	s.keys("half of it \x03")
	s.await("> ")
	s.keys("=p.ip.ttl + 1\r")
	s.await("78")
	s.await("> ")
	s.keys("\x04")
	if err := cmd.Wait(); err != nil {
		t.Errorf("Ctrl-D: %v", err)
	}
	history, err := os.ReadFile(state + "/pkl/history")
	if err != nil || !strings.Contains(string(history), "p.tcp.dport") {
		t.Errorf("the history is %q, %v", history, err)
	}
}
