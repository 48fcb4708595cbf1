package iptables

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/kballard/go-shellquote"
)

// owner is what the comment of a rule begins with; the process follows.
const owner = "pkl:"

// CleanStale removes rules, in all tables of this network namespace, whose
// process is gone: one that was killed could not remove them itself. It returns
// those that it has removed. It is to be called before the program installs its
// own, as a rule with the number of this process is one of an earlier process
// that had the same. Where iptables is not installed there is nothing to remove.
func CleanStale(ctx context.Context) ([]string, error) {
	var removed []string
	var errs []error
	for _, f := range []family{ipv4, ipv6} {
		lines, err := saved(ctx, f)
		if errors.Is(err, exec.ErrNotFound) || err != nil && !f.here() {
			continue
		}
		errs = append(errs, err)
		for _, rule := range parseSaved(lines) {
			if running(rule.pid) {
				continue
			}
			if err := rule.delete(ctx, f); err != nil {
				errs = append(errs, err)
				continue
			}
			removed = append(removed, rule.String(f))
		}
	}
	return removed, errors.Join(errs...)
}

// saved lists the rules of all tables of a family.
func saved(ctx context.Context, f family) ([]byte, error) {
	out, err := output(ctx, nil, f.tool()+"-save")
	if err != nil && !errors.Is(err, exec.ErrNotFound) {
		err = fmt.Errorf("looking for rules that are left over: %w", err)
	}
	return out, err
}

// A savedRule is a rule of pkl's that was found.
type savedRule struct {
	table string
	pid   int
	words []string // -A CHAIN match…
}

// parseSaved finds pkl's rules in what iptables-save prints.
func parseSaved(text []byte) (rules []savedRule) {
	table := ""
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "*"):
			table = line[1:]
		case strings.HasPrefix(line, "-A ") && strings.Contains(line, owner):
			words, err := shellquote.Split(line)
			if pid, own := ownerOf(words); err == nil && own {
				rules = append(rules, savedRule{table, pid, words})
			}
		}
	}
	return rules
}

// ownerOf finds the process in a rule's comment, if the rule is one that
// Install makes.
func ownerOf(words []string) (pid int, own bool) {
	comment := regexp.MustCompile("^" + owner + `([1-9][0-9]{0,9})$`)
	queue := false
	for i := 1; i < len(words); i++ {
		switch words[i-1] {
		case "--comment":
			if m := comment.FindStringSubmatch(words[i]); m != nil {
				pid, _ = strconv.Atoi(m[1])
			}
		case "-j":
			queue = words[i] == "NFQUEUE"
		}
	}
	return pid, queue && pid != 0
}

// delete deletes exactly this rule.
func (r savedRule) delete(ctx context.Context, f family) error {
	err := run(ctx, f, append([]string{"-t", r.table, "-D"}, r.words[1:]...)...)
	if err != nil {
		err = fmt.Errorf("%s, left over: %w", r.String(f), err)
	}
	return err
}

func (r savedRule) String(f family) string {
	return fmt.Sprintf("%s -t %s %s", f.tool(), r.table, quoted(r.words))
}

// running reports whether a process is there and may be the owner of rules: a
// number is used again, by any program. In doubt it may: a rule too many sends
// packets past a queue that nobody listens to, one too few past a program that
// should judge them.
func running(pid int) bool {
	if pid == os.Getpid() || gone(pid) {
		return false
	}
	name, state, err := process(pid)
	if err != nil {
		return true
	}
	own, _, err := process(os.Getpid())
	return state != "Z" && state != "X" && (err != nil || name == own || strings.HasPrefix(name, "pkl"))
}

// process reads a process's name and state from /proc (proc_pid_stat(5)). The
// name is in parentheses, and may hold some.
func process(pid int) (name, state string, err error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	first, last := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if err != nil || first < 0 || last+3 > len(stat) {
		return "", "", errors.Join(err, errors.ErrUnsupported)
	}
	return string(stat[first+1 : last]), string(stat[last+2 : last+3]), nil
}
