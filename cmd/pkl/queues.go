package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"pkl/internal/iptables"
	"pkl/internal/rights"
	"pkl/luabind"
	"pkl/sock"
)

// The mark of packets that pkl sends itself: a queue never sees them.
const defaultMark = 0x706b6c // "pkl"

const (
	defaultBudget   = 100 * time.Millisecond
	defaultQueueLen = 4096
	maxQueues       = 256
	maxWorkers      = 64
)

// queueOptions are the flags of run for netfilter queues.
type queueOptions struct {
	queues, table             string
	iptables                  []string
	noBypass, failOpen, noGSO bool
	onError                   string
	queueLen                  int
	mark                      mark
	budget                    time.Duration
	user, metrics             string
	watch                     bool
	first, last               uint16
}

func (o *queueOptions) flags(f *pflag.FlagSet) {
	f.StringVarP(&o.queues, "queue", "q", "", "judge the packets of netfilter `QUEUES`: a number, or a range as 0-3 with a worker for each")
	f.StringArrayVar(&o.iptables, "iptables", nil, "send packets to the queues by an iptables `RULE` as 'INPUT -p tcp', for IPv4 and IPv6 (-4 or -6 first: only that), removed at the end; may be repeated")
	f.StringVarP(&o.table, "table", "t", "", "`TABLE` of those rules, as mangle (filter if not given)")
	f.BoolVar(&o.noBypass, "no-bypass", false, "drop what those rules match while pkl does not run")
	f.StringVar(&o.onError, "on-error", "drop", "`drop` or accept a packet that a rule without on_error failed on")
	f.BoolVar(&o.failOpen, "fail-open", false, "accept packets unseen and uncounted, ahead of those that wait, while a queue is full, instead of dropping them")
	f.IntVar(&o.queueLen, "queue-len", defaultQueueLen, "let `N` packets wait in a queue")
	f.DurationVar(&o.budget, "budget", defaultBudget, "stop a rule that takes longer than this `TIME` for a packet; a script has ten times as long to start")
	f.BoolVar(&o.noGSO, "no-gso", false, "have the kernel cut large packets into segments before rules see them: slower, but their length can be changed")
	o.mark = defaultMark
	f.Var(&o.mark, "mark", "`MARK` of packets that pkl sends; the rules of --iptables leave them alone, but for 0: then they may come back")
	f.BoolVar(&o.watch, "watch", false, "load scripts anew when they change, as on SIGHUP")
	f.StringVar(&o.user, "user", "", "become user `NAME` when all is open, before any script runs")
	f.StringVar(&o.metrics, "metrics", "", "serve statistics for Prometheus at `ADDR`, as 127.0.0.1:9100, under /metrics")
}

// A mark is a flag's value that is written as iptables shows it.
type mark uint32

func (m *mark) String() string { return fmt.Sprintf("%#x", uint32(*m)) }

func (*mark) Type() string { return "mark" }

func (m *mark) Set(text string) error {
	n, err := strconv.ParseUint(text, 0, 32)
	if err != nil {
		return errors.New("want 0 to 0xffffffff")
	}
	*m = mark(n)
	return nil
}

// Flags that need queues, and those that need packets that come live.
var (
	queueFlags = []string{"iptables", "table", "no-bypass", "fail-open", "queue-len", "no-gso"}
	liveFlags  = []string{"on-error", "budget", "mark", "watch", "user", "metrics"}
)

// check refuses what makes no sense.
func (o *queueOptions) check(f *pflag.FlagSet) error {
	if o.queues == "" {
		for _, name := range queueFlags {
			if f.Changed(name) {
				return usagef("run", "run: --%s needs queues: give them with -q", name)
			}
		}
		if f.Changed("queue") {
			return usagef("run", "run: --queue needs a number or a range, as 0-3")
		}
		return nil
	}
	switch {
	case slices.ContainsFunc(o.iptables, func(rule string) bool { return strings.TrimSpace(rule) == "" }):
		return usagef("run", "run: --iptables is empty: give a rule, as 'INPUT -p tcp'")
	case f.Changed("table") && o.iptables == nil:
		return usagef("run", "run: --table is for rules of --iptables, which are missing")
	case f.Changed("no-bypass") && o.iptables == nil:
		return usagef("run", "run: --no-bypass is for rules of --iptables, which are missing")
	case o.queueLen < 1 || o.queueLen > 1<<24:
		return usagef("run", "run: --queue-len %d: 1 to %d", o.queueLen, 1<<24)
	}
	return o.parseQueues()
}

// liveCheck refuses what makes no sense for packets that come live.
func (o *runOptions) liveCheck(f *pflag.FlagSet) error {
	if o.queues == "" && o.iface == "" {
		for _, name := range liveFlags {
			if f.Changed(name) {
				return usagef("run", "run: --%s needs live packets: give queues with -q, or an interface with -i", name)
			}
		}
	}
	if o.iface == "" {
		for _, name := range []string{"bridge", "workers"} {
			if f.Changed(name) {
				return usagef("run", "run: --%s needs an interface: give one with -i", name)
			}
		}
	}
	switch {
	case o.onError != "drop" && o.onError != "accept":
		return usagef("run", "run: --on-error %s: drop or accept", o.onError)
	case o.budget < time.Millisecond:
		return usagef("run", "run: --budget %v: at least 1ms", o.budget)
	case o.nWorkers < 1 || o.nWorkers > maxWorkers:
		return usagef("run", "run: --workers %d: 1 to %d", o.nWorkers, maxWorkers)
	case f.Changed("bridge"):
		return o.checkBridge(f)
	}
	return nil
}

func (o *runOptions) checkBridge(f *pflag.FlagSet) error {
	switch {
	case o.bridge == "":
		return usagef("run", "run: --bridge needs the name of an interface")
	case o.bridge == o.iface || o.bridge == sock.Any || o.iface == sock.Any:
		return usagef("run", "run: --bridge joins two interfaces, each with its name")
	case f.Changed("snapshot-length"), f.Changed("direction"), f.Changed("no-promiscuous"):
		return usagef("run", "run: a bridge passes whole frames of both directions: --snapshot-length, --direction and --no-promiscuous are not for it")
	}
	return nil
}

// parseQueues reads a number or a range.
func (o *queueOptions) parseQueues() error {
	from, to, isRange := strings.Cut(o.queues, "-")
	if !isRange {
		to = from
	}
	first, err1 := strconv.ParseUint(from, 10, 16)
	last, err2 := strconv.ParseUint(to, 10, 16)
	switch {
	case err1 != nil || err2 != nil:
		return usagef("run", "run: --queue %s: a number from 0 to 65535, or a range as 0-3", o.queues)
	case last < first:
		return usagef("run", "run: --queue %s: the range ends before it begins", o.queues)
	case last-first >= maxQueues:
		return usagef("run", "run: --queue %s: at most %d queues", o.queues, maxQueues)
	}
	o.first, o.last = uint16(first), uint16(last)
	return nil
}

// queueRange lists the queues.
func (o *queueOptions) queueRange() (all []uint16) {
	for n := int(o.first); n <= int(o.last); n++ {
		all = append(all, uint16(n))
	}
	return all
}

// parseRules reads the rules of --iptables.
func (o *queueOptions) parseRules() (all iptables.Rules, err error) {
	for _, rule := range o.iptables {
		r, err := iptables.Parse(iptables.Spec{Table: o.table, Rule: rule, First: o.first, Last: o.last, Bypass: !o.noBypass, Mark: uint32(o.mark)})
		if err != nil {
			return nil, usagef("run", "%v", err)
		}
		all = append(all, r)
	}
	return all, nil
}

// confine gives up all rights that are not needed any more, before any script runs.
func (l *live) confine(allow luabind.Abilities) error {
	cut := rights.Cut{Confine: allow&(luabind.AllowIO|luabind.AllowOS) == 0}
	if l.o.queues != "" {
		cut.Keep = append(cut.Keep, rights.NetAdmin)
	}
	if l.o.iface != "" || allow&luabind.AllowNet != 0 {
		cut.Keep = append(cut.Keep, rights.NetRaw)
	}
	if allow&luabind.AllowWrite != 0 {
		here, err := os.Getwd()
		if err != nil {
			return err
		}
		cut.Writable = append(cut.Writable, here)
	}
	if l.o.user != "" {
		account, err := rights.Lookup(l.o.user)
		if err != nil {
			return usagef("run", "run: --user: %v", err)
		}
		cut.User = account
	}
	ctx, cancel := context.WithTimeout(l.c.stop.ctx, rulesTime)
	defer cancel()
	if l.o.queues != "" {
		l.removeStale(ctx) // as long as all of them can be seen
	}
	if len(l.rules) > 0 {
		legacy, err := l.rules.Prepare(ctx, cut.User != nil)
		if err != nil {
			return err
		}
		if legacy { // it opens a raw socket
			cut.Keep = append(cut.Keep, rights.NetRaw)
		}
	}
	return cut.Apply()
}
