package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"pkl/bench/harness"
)

// runner starts programs and takes their time.
type runner struct {
	cpu   string // the CPU that programs are pinned to, or ""
	procs bool   // GOMAXPROCS=1
}

// newRunner finds out whether programs can be pinned.
func newRunner(o *options) *runner {
	r := &runner{procs: o.pin}
	if _, err := exec.LookPath("taskset"); err == nil && o.pin {
		r.cpu = harness.LastCPU()
	}
	return r
}

// rounds measures all programs, one after the other, several times. A first round, which is not timed, warms the page
// cache and checks what programs write.
func (r *runner) rounds(ps []*program, empty *capture, n int) {
	for i := range n + 1 {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", i, n)
		for _, p := range ps {
			if p.skip != "" || p.err != nil {
				continue
			}
			if p.err = r.round(p, empty, i == 0); p.err != nil {
				p.runs = nil
			}
		}
	}
}

// round runs one program once.
func (r *runner) round(p *program, empty *capture, first bool) error {
	target, wrote := os.DevNull, ""
	if first && p.writes() {
		target = out + "check.pcap"
		wrote = target
	}
	s, err := r.measure(p.command(p.in.file, target), nil)
	if err == nil {
		err = p.check(p.in.truth, stdoutFile, wrote)
	}
	if err != nil || first {
		return err
	}
	p.runs = append(p.runs, s)
	if !p.slow {
		return nil
	}
	s, err = r.measure(p.command(empty.file, target), nil)
	p.empty = append(p.empty, s)
	return err
}

const (
	stdoutFile = out + "stdout"
	stderrFile = out + "stderr"
)

// measure runs a command to its end. Its output goes to files, so that nothing else works while it runs.
func (r *runner) measure(args []string, stdin *os.File) (sample, error) {
	stdout, err := os.Create(stdoutFile)
	if err != nil {
		return sample{}, err
	}
	defer stdout.Close()
	stderr, err := os.Create(stderrFile)
	if err != nil {
		return sample{}, err
	}
	defer stderr.Close()
	c := r.command(args)
	c.Stdout, c.Stderr = stdout, stderr
	if stdin != nil {
		c.Stdin = stdin
	}
	start := time.Now()
	err = c.Run()
	took := time.Since(start)
	if err != nil {
		return sample{}, failure(args, err)
	}
	return sample{took, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), peak(c.ProcessState)}, nil
}

// command pins a command line.
func (r *runner) command(args []string) *exec.Cmd {
	if r.cpu != "" {
		args = append([]string{"taskset", "-c", r.cpu}, args...)
	}
	c := exec.Command(args[0], args[1:]...)
	if r.procs {
		c.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	return c
}

// failure says how a command ended and the last that it complained.
func failure(args []string, err error) error {
	b, _ := os.ReadFile(stderrFile)
	text := strings.TrimSpace(string(b))
	return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, text[strings.LastIndexByte(text, '\n')+1:])
}

// peak is the largest resident size of an ended process; Linux counts in KiB.
func peak(s *os.ProcessState) int64 {
	if u, ok := s.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" {
		return int64(u.Maxrss) << 10
	}
	return 0
}

// describe says under which conditions is measured.
func (r *runner) describe(w io.Writer) {
	fmt.Fprintf(w, "\n%s/%s, %d CPUs, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Fprintf(w, ", load before the start %s", strings.Fields(string(b))[0])
	}
	fmt.Fprintln(w)
	switch {
	case r.cpu != "":
		fmt.Fprintf(w, "programs pinned to CPU %s with taskset, GOMAXPROCS=1\n", r.cpu)
	case r.procs:
		fmt.Fprintln(w, "programs not pinned (no taskset), GOMAXPROCS=1")
	default:
		fmt.Fprintln(w, "programs not pinned")
	}
}
