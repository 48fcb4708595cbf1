//go:build linux

package harness

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Patience bounds whatever is waited for.
const Patience = 30 * time.Second

// A Process is a program that runs beside the one that measures, such as one that judges packets.
type Process struct {
	cmd   *exec.Cmd
	signs []sign
	ended chan struct{} // closed when it has said all
	text  strings.Builder
	err   error // of its end, from ended on
}

// A sign is a line that a process is to say.
type sign struct {
	is   func(line string) bool
	seen chan struct{} // closed when it has said it
}

// On has a command run on one CPU, if one is given, and perhaps before all others.
func On(cpu string, alone bool, args ...string) []string {
	if cpu != "" {
		args = append([]string{"taskset", "-c", cpu}, args...)
	}
	if alone {
		args = append([]string{"chrt", "-r", "1"}, args...)
	}
	return args
}

// Start starts a command of On, with GOMAXPROCS=1 if it has one CPU, and waits for the first sign, a line that it says, if
// there are any; Await waits for the others.
func Start(cmd *exec.Cmd, cpu string, signs ...func(line string) bool) (*Process, error) {
	s := &Process{cmd: cmd, ended: make(chan struct{})}
	for _, is := range signs {
		s.signs = append(s.signs, sign{is, make(chan struct{})})
	}
	if cpu != "" {
		s.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	out, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	if s.cmd.Stderr = to; s.cmd.Stdout == nil {
		s.cmd.Stdout = to
	}
	err = s.cmd.Start()
	to.Close()
	if err != nil {
		out.Close()
		return nil, err
	}
	go s.follow(out)
	if len(signs) == 0 {
		return s, nil
	}
	return s, s.Await(0)
}

// Await waits for a sign, by its place. If the process ends before, or that takes longer than Patience, it is an error.
func (s *Process) Await(n int) error {
	select {
	case <-s.signs[n].seen:
		return nil
	case <-s.ended:
		select {
		case <-s.signs[n].seen: // it has said it at its end
			return nil
		default:
		}
		return fmt.Errorf("ended at once: %v: %s", s.err, strings.TrimSpace(s.text.String()))
	case <-time.After(Patience):
		text, err := s.Stop() // which may say why
		return errors.Join(fmt.Errorf("not ready after %v: %s", Patience, strings.TrimSpace(text)), err)
	}
}

// follow collects what the process says, until its end.
func (s *Process) follow(out io.ReadCloser) {
	defer close(s.ended)
	defer out.Close()
	next := s.signs
	for lines := bufio.NewScanner(out); lines.Scan(); {
		s.text.WriteString(lines.Text() + "\n")
		if len(next) > 0 && next[0].is(lines.Text()) {
			close(next[0].seen)
			next = next[1:]
		}
	}
	s.err = s.cmd.Wait()
}

// Pause stops the process until GoOn.
func (s *Process) Pause() error {
	if err := s.cmd.Process.Signal(unix.SIGSTOP); err != nil {
		return err
	}
	for end := time.Now().Add(Patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
		if err != nil {
			return err
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		if strings.HasPrefix(rest, "T") {
			return nil
		}
	}
	return errors.New("does not stop")
}

// GoOn has a paused process run again.
func (s *Process) GoOn() error { return s.cmd.Process.Signal(unix.SIGCONT) }

// Used is the processor time that the process has taken.
func (s *Process) Used() (time.Duration, error) {
	var t unix.Timespec
	clock := ^s.cmd.Process.Pid<<3 | 2 // clock_getcpuclockid: the sum of its threads
	if err := unix.ClockGettime(int32(clock), &t); err != nil {
		return 0, fmt.Errorf("processor time: %w", err)
	}
	return time.Duration(t.Nano()), nil
}

// Wait waits for the end of the process by itself, and returns the processor time that it took in all.
func (s *Process) Wait() (time.Duration, error) {
	select {
	case <-s.ended:
	case <-time.After(Patience):
		s.cmd.Process.Kill()
		<-s.ended
	}
	if s.err != nil {
		return 0, fmt.Errorf("%w: %s", s.err, strings.TrimSpace(s.text.String()))
	}
	return s.cmd.ProcessState.UserTime() + s.cmd.ProcessState.SystemTime(), nil
}

// Stop interrupts the process and returns what it has said.
func (s *Process) Stop() (string, error) {
	s.cmd.Process.Signal(os.Interrupt)
	select {
	case <-s.ended:
	case <-time.After(Patience):
		s.cmd.Process.Kill()
		<-s.ended
		return "", fmt.Errorf("does not end when interrupted")
	}
	var e *exec.ExitError
	if errors.As(s.err, &e) && (e.ExitCode() == 130 || e.Sys().(syscall.WaitStatus).Signal() == unix.SIGINT) {
		return s.text.String(), nil
	}
	if s.err != nil {
		return "", fmt.Errorf("%w: %s", s.err, strings.TrimSpace(s.text.String()))
	}
	return s.text.String(), nil
}
