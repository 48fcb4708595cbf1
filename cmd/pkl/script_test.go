package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pkl/pcapio"
)

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"pkl": main})
}

// tests are all tests of the package; after them, what they made together goes.
type tests struct{ *testing.M }

// builtFolder is where a test built the program; "" if none did.
var builtFolder string

func (t tests) Run() int {
	defer func() { os.RemoveAll(builtFolder) }()
	if signal.Ignored(syscall.SIGHUP) { // as under nohup; what the tests start would inherit it
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	return t.M.Run()
}

// TestScripts runs testdata/script/*.txtar. Beside the commands of testscript
// they have mkpcap, exits and interrupt. $CAPTURES and $EXAMPLES are the
// folders testdata and scripts/examples of the project.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"mkpcap":    mkpcap,
			"exits":     exits,
			"interrupt": interrupt,
		},
	})
}

func setup(env *testscript.Env) error {
	for name, folder := range map[string]string{"CAPTURES": "../../testdata", "EXAMPLES": "../../scripts/examples"} {
		abs, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		env.Setenv(name, abs)
	}
	return nil
}

// mkpcap makes a capture file of hex, a packet a line:
//
//	mkpcap in.hex out.pcap [linktype]
//
// A # starts a comment. Packet n has the time n.000001 s. The name's end says
// which format; the link type is Ethernet if none is given.
func mkpcap(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: mkpcap in.hex out.pcap [linktype]")
	}
	linkType := 1
	if len(args) == 3 {
		var ok bool
		if linkType, ok = pcapio.LinkTypeByName(args[2]); !ok {
			ts.Fatalf("no link type %q", args[2])
		}
	}
	w, err := pcapio.Create(ts.MkAbs(args[1]), pcapio.Options{LinkType: linkType})
	ts.Check(err)
	n := int64(0)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		line, _, _ = strings.Cut(line, "#")
		data, err := hex.DecodeString(strings.Join(strings.Fields(line), ""))
		ts.Check(err)
		if len(data) == 0 {
			continue
		}
		n++
		ts.Check(w.Write(&pcapio.Packet{Data: data, Time: n*1e9 + 1000, LinkType: linkType}))
	}
	ts.Check(w.Close())
}

// exits runs a command and wants an exit status of it, and no sign of a crash:
//
//	exits 2 pkl nonsense
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits status command [args...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	checkStatus(ts, err, args[0], ts.ReadFile("stderr"))
}

func checkStatus(ts *testscript.TestScript, err error, want, stderr string) {
	status := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(status) != want {
		ts.Fatalf("exit status %d, want %s", status, want)
	}
	for _, sign := range []string{"goroutine ", "panic:", "runtime error"} {
		if strings.Contains(stderr, sign) {
			ts.Fatalf("stderr has %q:\n%s", sign, stderr)
		}
	}
}

// interrupt runs a command, sends it a signal as soon as its stderr has a text,
// and wants the status 130. What it printed is in out.txt and err.txt:
//
//	interrupt INT ready pkl run endless.lua
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}
	if neg || len(args) < 3 || signals[args[0]] == nil {
		ts.Fatalf("usage: interrupt INT|TERM text command [args...]")
	}
	var stdout bytes.Buffer
	stderr := &watched{text: args[1], seen: make(chan struct{})}
	cmd := exec.Command(args[2], args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Stdout, cmd.Stderr = &stdout, stderr
	stdin, err := cmd.StdinPipe() // open until the end: a read from it waits
	ts.Check(err)
	ts.Check(cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	err = signalWhen(stderr.seen, done, func() { _ = cmd.Process.Signal(signals[args[0]]) })
	_ = cmd.Process.Kill()
	stdin.Close()
	ts.Check(os.WriteFile(ts.MkAbs("out.txt"), stdout.Bytes(), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("err.txt"), stderr.all, 0o644))
	ts.Logf("[stdout]\n%s[stderr]\n%s", stdout.Bytes(), stderr.all)
	checkStatus(ts, err, "130", string(stderr.all))
}

// signalWhen sends the signal when the text was seen, and waits for the end.
func signalWhen(seen chan struct{}, done chan error, send func()) error {
	const patience = 30 * time.Second
	select {
	case <-seen:
		send()
	case err := <-done:
		return errors.Join(errors.New("ended before the signal"), err)
	case <-time.After(patience):
		return errors.New("the text did not come")
	}
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		return errors.New("did not end after the signal")
	}
}

// watched keeps what is written and tells when it has a text.
type watched struct {
	text string
	all  []byte
	seen chan struct{}
	told bool
}

func (w *watched) Write(b []byte) (int, error) {
	w.all = append(w.all, b...)
	if !w.told && bytes.Contains(w.all, []byte(w.text)) {
		w.told = true
		close(w.seen)
	}
	return len(b), nil
}
