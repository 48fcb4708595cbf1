//go:build linux

package main

import (
	"bufio"
	"context"
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

// A process is a program that judges the packets of the queue.
type process struct {
	cmd   *exec.Cmd
	ready chan struct{} // closed when it has said so
	ended chan struct{} // closed when it has said all
	text  strings.Builder
	err   error // of its end, from ended on
}

// on has a command run on one CPU, if one is given, and perhaps before all others.
func on(cpu string, alone bool, args ...string) []string {
	if cpu != "" {
		args = append([]string{"taskset", "-c", cpu}, args...)
	}
	if alone {
		args = append([]string{"chrt", "-r", "1"}, args...)
	}
	return args
}

// start runs a program in the router, on one CPU if one is given, and waits until it judges.
func (b *lab) start(p *program, cpu string, alone bool) (*process, error) {
	args := on(cpu, alone, p.args...)
	s := &process{cmd: b.net.DUT.Command(context.Background(), args[0], args[1:]...), ready: make(chan struct{}), ended: make(chan struct{})}
	if cpu != "" {
		s.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	out, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s.cmd.Stdout, s.cmd.Stderr = to, to
	err = s.cmd.Start()
	to.Close()
	if err != nil {
		out.Close()
		return nil, err
	}
	go s.follow(out)
	select {
	case <-s.ready:
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("ended at once: %v: %s", s.err, strings.TrimSpace(s.text.String()))
	case <-time.After(patience):
		s.cmd.Process.Kill()
		<-s.ended
		return nil, fmt.Errorf("not ready after %v: %s", patience, strings.TrimSpace(s.text.String()))
	}
}

// follow collects what the process says, until its end.
func (s *process) follow(out io.ReadCloser) {
	defer close(s.ended)
	defer out.Close()
	ready := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		s.text.WriteString(lines.Text() + "\n")
		if t := lines.Text(); !ready && (t == "ready" || t == "rules: generation 1 in force") {
			ready = true
			close(s.ready)
		}
	}
	s.err = s.cmd.Wait()
}

// pause stops the process until go on.
func (s *process) pause() error {
	if err := s.cmd.Process.Signal(unix.SIGSTOP); err != nil {
		return err
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(look) {
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

// goOn has a paused process run again.
func (s *process) goOn() error { return s.cmd.Process.Signal(unix.SIGCONT) }

// used is the processor time that the process has taken.
func (s *process) used() (time.Duration, error) {
	var t unix.Timespec
	clock := ^s.cmd.Process.Pid<<3 | 2 // clock_getcpuclockid: the sum of its threads
	if err := unix.ClockGettime(int32(clock), &t); err != nil {
		return 0, fmt.Errorf("processor time: %w", err)
	}
	return time.Duration(t.Nano()), nil
}

// stop interrupts the process and returns what it has said.
func (s *process) stop() (string, error) {
	s.cmd.Process.Signal(os.Interrupt)
	select {
	case <-s.ended:
	case <-time.After(patience):
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
