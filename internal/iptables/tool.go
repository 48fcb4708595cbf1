package iptables

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kballard/go-shellquote"
)

// lockWait is for how many seconds a command waits for others that change rules.
const lockWait = 10

// Exit statuses of iptables, from its include/xtables.h and iptables/iptables.c.
const (
	absent = 1 // no such rule or chain, or the kernel refuses
	locked = 4 // RESOURCE_PROBLEM
)

// tries is how often a command is started that somebody kills.
const tries = 5

// A toolError is what a command said when it failed.
type toolError struct {
	tool   string
	status int // negative: it was killed
	said   string
}

func (e *toolError) Error() string {
	if e.said == "" {
		return fmt.Sprintf("%s: exit status %d", e.tool, e.status)
	}
	return e.said
}

// Unwrap tells a missing right from other failures.
func (e *toolError) Unwrap() error {
	for _, sign := range []string{"you must be root", "Permission denied", "Operation not permitted"} {
		if strings.Contains(e.said, sign) {
			return os.ErrPermission
		}
	}
	return nil
}

// refused reports whether a command that failed has certainly changed nothing.
// One that was cut may be done already.
func refused(err error) bool {
	var failed *toolError
	return errors.Is(err, exec.ErrNotFound) || errors.As(err, &failed) && failed.status > 0
}

// killed reports whether a signal has ended the command, and not ctx.
func killed(err error) bool {
	var failed *toolError
	return errors.As(err, &failed) && failed.status < 0
}

// isAbsent reports whether a command that looks for a rule has found none.
func isAbsent(err error) bool {
	var failed *toolError
	return errors.As(err, &failed) && failed.status == absent
}

// insist does again what was killed, if that can be done twice.
func insist(command func() error) (err error) {
	for range tries {
		if err = command(); !killed(err) {
			break
		}
	}
	return err
}

// find looks for a command in the given folders, then in those beside them that
// hold the commands of administrators, which the PATH of a user may lack: sbin
// beside bin.
func find(name, path string) (string, error) {
	folders := filepath.SplitList(path)
	for _, dir := range slices.Clone(folders) {
		if filepath.Base(dir) == "bin" {
			folders = append(folders, filepath.Join(filepath.Dir(dir), "sbin"))
		}
	}
	for _, dir := range folders {
		if full, err := exec.LookPath(filepath.Join(dir, name)); err == nil && filepath.IsAbs(dir) {
			return full, nil
		}
	}
	return "", fmt.Errorf("%s is not installed, or not in PATH (Debian: apt install iptables): %w", name, exec.ErrNotFound)
}

// run changes the rules of a family.
func run(ctx context.Context, f family, args ...string) error {
	_, err := output(ctx, nil, f.tool(), append([]string{"-w", strconv.Itoa(lockWait)}, args...)...)
	return err
}

// run is run with the lock that Prepare has opened, if it has.
func (r *Rule) run(ctx context.Context, f family, args ...string) error {
	if r.lock == nil {
		return run(ctx, f, args...)
	}
	release, err := hold(ctx, r.lock)
	if err != nil {
		return err
	}
	defer release()
	// What the command locks itself, as it may not open the real one.
	_, err = output(ctx, []string{"XTABLES_LOCKFILE=" + os.DevNull}, f.tool(), append([]string{"-w", strconv.Itoa(lockWait)}, args...)...)
	return err
}

// output runs a command, with more environment, and returns what it wrote to stdout.
func output(ctx context.Context, env []string, tool string, args ...string) ([]byte, error) {
	full, err := find(tool, os.Getenv("PATH"))
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, full, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	var complaint strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err = start(cmd); err == nil {
		err = cmd.Wait()
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%s: %w", tool, ctx.Err())
	case errors.As(err, &exit) && !exit.Exited():
		return nil, &toolError{tool, exit.ExitCode(), fmt.Sprintf("%s was ended by a %v", tool, exit)} // signal: killed
	case errors.As(err, &exit):
		return nil, &toolError{tool, exit.ExitCode(), essence(complaint.String())}
	}
	return nil, fmt.Errorf("%s: %w", tool, err)
}

// essence is what a command complains about, without hints at its own help and
// without warnings about other matters, in a line.
func essence(said string) string {
	var lines []string
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "Try `") && !strings.HasPrefix(line, "# Warning") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}

// explain says what to do about a rule that could not be inserted.
func (r *Rule) explain(ctx context.Context, f family, err error) error {
	var failed *toolError
	if !errors.As(err, &failed) {
		if errors.Is(err, exec.ErrNotFound) && r.only == 0 && f == ipv6 {
			return fmt.Errorf("%w; a leading -4 makes the rule one for IPv4 alone", err)
		}
		return err
	}
	chain := func(f family) bool { return r.run(ctx, f, "-t", r.table, "-S", r.chain) == nil }
	if hint := r.hint(f, failed, chain); hint != "" {
		return fmt.Errorf("%w: %s", err, hint)
	}
	return err
}

// hint says what a complaint means. Chain reports whether a family has the rule's
// chain.
func (r *Rule) hint(f family, failed *toolError, chain func(family) bool) string {
	has := func(s string) bool { return strings.Contains(failed.said, s) }
	other := ipv4 + ipv6 - f
	alone := fmt.Sprintf("a leading -%d makes it one for %v alone", other, other)
	switch {
	case killed(failed):
		return ""
	case errors.Is(failed, os.ErrPermission) && (has("(legacy)") || has("lock file")):
		return "this iptables is the one without nf_tables, which needs CAP_NET_RAW beside CAP_NET_ADMIN, and to write /run/xtables.lock"
	case errors.Is(failed, os.ErrPermission):
		return "this needs root, or the capability CAP_NET_ADMIN"
	case failed.status == locked || has("xtables lock"):
		return "another program is changing rules and does not end; try again"
	case has("can't initialize") || has("does not exist") && has("table '"):
		return fmt.Sprintf("the kernel has no table %s for %v", r.table, f)
	case has("missing kernel module") || has("No chain/target/match") && chain(f):
		return "the kernel lacks what the rule needs; modprobe xt_NFQUEUE xt_mark xt_comment loads it if it is installed, " +
			"for iptables over nf_tables also nft_compat"
	case has("No chain/target/match") && r.only == 0 && chain(other):
		return fmt.Sprintf("table %s has no chain %s for %v, and the rule is for IPv4 and IPv6; %s", r.table, r.chain, f, alone)
	case has("No chain/target/match"):
		return fmt.Sprintf("table %s has no chain %s for %v", r.table, r.chain, f)
	case r.only == 0 && (f == ipv6 || has("host/network")):
		return fmt.Sprintf("the rule is for IPv4 and IPv6, and %s refuses it; %s", f.tool(), alone)
	}
	return ""
}

// quoted is a line as a shell would read it.
func quoted(args []string) string { return shellquote.Join(args...) }
