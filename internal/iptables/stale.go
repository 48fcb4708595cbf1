package iptables

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/kballard/go-shellquote"
)

// owner is what the comment of a rule begins with; the process follows.
const owner = "pkl:"

// CleanStale removes pkl's rules, in all tables of this network namespace, whose
// queues nobody else has bound: a process that was killed could not remove them
// itself, and one that runs has its queues bound from before its rule is inserted
// until after it is removed. (Its number would not tell: it may be of another PID
// namespace, or used again.) Bound returns the queues that other processes have.
// CleanStale returns the rules that it has removed. Where iptables is not installed
// there is nothing to remove.
func CleanStale(ctx context.Context, bound func() (map[uint16]bool, error)) ([]string, error) {
	var removed []string
	var errs []error
	for _, f := range []family{ipv4, ipv6} {
		lines, err := saved(ctx, f)
		if errors.Is(err, exec.ErrNotFound) || err != nil && !f.here() {
			continue
		}
		rules := parseSaved(lines)
		if err != nil || len(rules) == 0 {
			errs = append(errs, err)
			continue
		}
		others, err := bound() // after the rules: who has inserted one since has bound its queues before
		if err != nil {
			return removed, errors.Join(append(errs, err)...)
		}
		for _, rule := range rules {
			if rule.served(others) {
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
	table       string
	first, last uint16   // its queues
	words       []string // -A CHAIN match…
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
			if first, last, own := queuesOf(words); err == nil && own {
				rules = append(rules, savedRule{table, first, last, words})
			}
		}
	}
	return rules
}

// queuesOf finds the queues of a rule, if it is one that Install makes.
func queuesOf(words []string) (first, last uint16, own bool) {
	comment := regexp.MustCompile("^" + owner + `[1-9][0-9]{0,9}$`)
	named, target, queued := false, false, false
	for i := 1; i < len(words); i++ {
		switch words[i-1] {
		case "--comment":
			named = named || comment.MatchString(words[i])
		case "-j":
			target = words[i] == "NFQUEUE"
		case "--queue-num", "--queue-balance":
			from, to, isRange := strings.Cut(words[i], ":")
			if !isRange {
				to = from
			}
			a, err1 := strconv.ParseUint(from, 10, 16)
			b, err2 := strconv.ParseUint(to, 10, 16)
			first, last, queued = uint16(a), uint16(b), err1 == nil && err2 == nil
		}
	}
	return first, last, named && target && queued
}

// served reports whether somebody has one of the rule's queues bound.
func (r savedRule) served(bound map[uint16]bool) bool {
	for q := int(r.first); q <= int(r.last); q++ {
		if bound[uint16(q)] {
			return true
		}
	}
	return false
}

// delete deletes exactly this rule.
func (r savedRule) delete(ctx context.Context, f family) error {
	do := func(op string) error {
		return insist(func() error { return run(ctx, f, append([]string{"-t", r.table, op}, r.words[1:]...)...) })
	}
	err := do("-D")
	if err == nil || isAbsent(do("-C")) { // it may have been killed when it was done
		return nil
	}
	return fmt.Errorf("%s, left over: %w", r.String(f), err)
}

func (r savedRule) String(f family) string {
	return fmt.Sprintf("%s -t %s %s", f.tool(), r.table, quoted(r.words))
}
