package iptables

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// shortMatches are the options of one letter that say what to match. All others
// are commands, or belong to the command line as a whole.
const shortMatches = "psdiomf"

// reasons says for options that users may try why they are not theirs to give.
func reasons() map[string]string {
	const (
		target  = "the target is NFQUEUE, and added by itself"
		command = "the rule is inserted, and removed at the end, by itself"
		family  = "stands at the start, before the chain"
		wait    = "the lock is waited for anyway"
		queue   = "the queues are those of -q"
		owner   = "the comment says whose rule it is, and is added by itself"
		other   = "is nothing to match"
	)
	return map[string]string{
		"-j": target, "-g": target, "--jump": target, "--goto": target,
		"-t": "the table is given by -t outside the rule", "--table": "the table is given by -t outside the rule",
		"-A": command, "-I": command, "-D": command, "-R": command, "-C": command,
		"--append": command, "--insert": command, "--delete": command, "--replace": command, "--check": command,
		"-4": family, "-6": family, "--ipv4": family, "--ipv6": family,
		"-w": wait, "-W": wait, "--wait": wait, "--wait-interval": wait,
		"--queue-num": queue, "--queue-balance": queue, "--queue-bypass": queue, "--queue-cpu-fanout": queue,
		"--comment": owner,
		"--list":    other, "--list-rules": other, "--flush": other, "--zero": other, "--new-chain": other,
		"--delete-chain": other, "--rename-chain": other, "--policy": other, "--help": other, "--version": other,
		"--verbose": other, "--numeric": other, "--exact": other, "--line-numbers": other, "--set-counters": other,
		"--modprobe": other,
	}
}

// allowed refuses words that are not about what to match. A word that begins
// with a dash counts as an option, even if it is the value of another: such a
// value can be given as --string=-j.
func allowed(words []string) error {
	why := reasons()
	for _, w := range words {
		reason := ""
		switch {
		case strings.HasPrefix(w, "--"):
			reason = refuseLong(w, why)
		case len(w) > 1 && w[0] == '-' && (!strings.Contains(shortMatches, w[1:2]) || w[1] == 'f' && len(w) > 2):
			if reason = why[w[:2]]; reason == "" {
				reason = "is nothing to match"
			}
		}
		if reason != "" {
			return fmt.Errorf("%s has no place in it: %s", w, reason)
		}
	}
	return nil
}

// refuseLong says why a long option is refused. Like iptables, it takes
// abbreviations; those that are the whole name of a match are none.
func refuseLong(word string, why map[string]string) string {
	name, _, _ := strings.Cut(word, "=")
	if name == "--" {
		return "it ends the options"
	}
	if reason := why[name]; reason != "" || name == "--set" || name == "--pol" {
		return reason
	}
	// Of several the least, as the order of a map is none.
	for _, full := range slices.Sorted(maps.Keys(why)) {
		if strings.HasPrefix(full, name) {
			return why[full]
		}
	}
	return ""
}
