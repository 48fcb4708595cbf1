// Package iptables inserts and removes the rules that send packets to queues
// (NFQUEUE), by the commands iptables and ip6tables, without a shell.
//
// Every rule carries a comment, pkl: and the number of the process that it
// belongs to. So exactly that rule can be removed at the end, and the next start
// knows those that a process which was killed may have left ([CleanStale]). Rules belong to
// the network namespace that they are made in.
package iptables

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/kballard/go-shellquote"
)

// Spec says which packets go to which queues.
type Spec struct {
	// Table is the table of the rule; empty is filter.
	Table string
	// Rule is a chain and what a packet must match, in words as a shell reads
	// them: INPUT -p tcp --dport 80. The rule is inserted for IPv4 and IPv6,
	// unless a leading -4 or -6, or something in it that only one has, such as an
	// address or -p icmp, says which.
	Rule string
	// First and Last are the queues. Between several the kernel chooses by the
	// pair of addresses and the protocol.
	First, Last uint16
	// Bypass lets packets pass while nobody listens to the queue.
	Bypass bool
	// Mark, if not 0, is the mark of packets that are not to be queued: those
	// that the program sends itself.
	Mark uint32
	// PID is the process that the rule belongs to; 0 is this one.
	PID int
}

// A Rule is a Spec as iptables wants it. It belongs to one goroutine at a time.
type Rule struct {
	text         string // as the Spec has it
	table, chain string
	match        []string // all that follows the chain
	only         family   // 0: both
	installed    []family // where install has inserted it, or may have
	lock         *os.File // nil: the commands take it themselves
}

// What a rule may hold at most; ARG_MAX is far above.
const maxRule = 8192

// Parse checks a Spec, as far as that is possible without the kernel.
func Parse(s Spec) (*Rule, error) {
	r, err := parse(s)
	if err != nil {
		return nil, named(s.Rule, err)
	}
	return r, nil
}

// named says which rule an error is about.
func named(rule string, err error) error { return fmt.Errorf("iptables rule %q: %w", rule, err) }

func parse(s Spec) (*Rule, error) {
	switch {
	case len(s.Rule) > maxRule:
		return nil, fmt.Errorf("%d bytes are too long, %d are the most", len(s.Rule), maxRule)
	case strings.ContainsRune(s.Rule+s.Table, 0):
		return nil, errors.New("has a zero byte")
	case s.Last < s.First:
		return nil, fmt.Errorf("queues %d to %d are none", s.First, s.Last)
	case strings.HasPrefix(s.Table, "-"):
		return nil, fmt.Errorf("%q is no name of a table", s.Table)
	}
	words, err := shellquote.Split(s.Rule)
	if err != nil {
		return nil, fmt.Errorf("%s", strings.ToLower(err.Error()))
	}
	r := &Rule{text: s.Rule, table: s.Table}
	if r.table == "" {
		r.table = "filter"
	}
	if words, r.only = leading(words); len(words) == 0 || words[0] == "" || strings.ContainsAny(words[0][:1], "-!") {
		return nil, errors.New("begins with no chain: want CHAIN and what to match, as INPUT -p tcp")
	}
	r.chain = words[0]
	if err := allowed(words[1:]); err != nil {
		return nil, err
	}
	if r.only, err = decide(r.only, words[1:]); err != nil {
		return nil, err
	}
	r.match = append(s.own(), words[1:]...)
	r.match = append(r.match, s.target()...)
	return r, nil
}

// leading takes the choice of a family from the front of a rule.
func leading(words []string) ([]string, family) {
	if len(words) > 0 {
		switch words[0] {
		case "-4", "--ipv4":
			return words[1:], ipv4
		case "-6", "--ipv6":
			return words[1:], ipv6
		}
	}
	return words, 0
}

// own keeps the program's own packets out of the rule.
func (s Spec) own() []string {
	if s.Mark == 0 {
		return nil
	}
	return []string{"-m", "mark", "!", "--mark", fmt.Sprintf("%#x", s.Mark)}
}

// target is the end of the rule: whose it is, and where the packets go.
func (s Spec) target() []string {
	pid := s.PID
	if pid == 0 {
		pid = os.Getpid()
	}
	words := []string{"-m", "comment", "--comment", owner + strconv.Itoa(pid), "-j", "NFQUEUE"}
	if s.First == s.Last {
		words = append(words, "--queue-num", strconv.Itoa(int(s.First)))
	} else {
		words = append(words, "--queue-balance", fmt.Sprintf("%d:%d", s.First, s.Last))
	}
	if s.Bypass {
		words = append(words, "--queue-bypass")
	}
	return words
}

// String is the rule as a user would type it, for IPv4 if it is for both.
func (r *Rule) String() string {
	return shellquote.Join(append([]string{r.families()[0].tool()}, r.insert()...)...)
}

func (r *Rule) insert() []string {
	return append([]string{"-t", r.table, "-I", r.chain, "1"}, r.match...)
}

func (r *Rule) other(command string) []string {
	return append([]string{"-t", r.table, command, r.chain}, r.match...)
}

// families are those that the rule is for.
func (r *Rule) families() []family {
	if r.only != 0 {
		return []family{r.only}
	}
	return []family{ipv4, ipv6}
}
