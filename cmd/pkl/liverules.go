package main

import (
	"context"
	"fmt"
	"time"

	"pkl/internal/iptables"
)

const (
	// rulesTime bounds what iptables takes; it waits for other firewall programs.
	rulesTime = 20 * time.Second
	// presentEvery is how often the inserted rules are looked for: programs that
	// manage firewalls flush whole chains.
	presentEvery = 10 * time.Second
)

// removeStale removes rules that a killed pkl has left.
func (l *live) removeStale(ctx context.Context) {
	gone, err := iptables.CleanStale(ctx, l.boundByOthers)
	for _, r := range gone {
		fmt.Fprintf(l.c.err, "pkl: removed a rule whose process is gone: %s\n", r)
	}
	if err != nil && !l.c.stop.stopped() {
		fmt.Fprintf(l.c.err, "pkl: rules of processes that are gone: %v\n", err)
	}
}

// boundByOthers are the queues of this network namespace that other processes
// have: those of this one were free when it bound them.
func (l *live) boundByOthers() (map[uint16]bool, error) {
	queues, err := l.kernel.Read()
	if err != nil {
		return nil, err
	}
	bound := map[uint16]bool{}
	for _, q := range queues {
		bound[q.Queue] = q.Queue < l.o.first || q.Queue > l.o.last
	}
	return bound, nil
}

// insertRules puts the rules of --iptables in force. When that fails, or ctx ends
// meanwhile, some may be there: removeRules removes them.
func (l *live) insertRules(ctx context.Context) error {
	if len(l.rules) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, rulesTime)
	defer cancel()
	return l.rules.Install(ctx)
}

// keepRules inserts rules again where somebody else has removed them, until ctx
// ends. A reason why that fails is told once.
func (l *live) keepRules(ctx context.Context) {
	if len(l.rules) == 0 {
		return
	}
	defer l.c.caught(l.fail)
	present := time.NewTicker(presentEvery)
	defer present.Stop()
	for told := ""; ; {
		select {
		case <-present.C:
		case <-ctx.Done():
			return
		}
		restored, err := l.restoreRules(ctx)
		for _, rule := range restored {
			fmt.Fprintf(l.c.err, "pkl: the iptables rule %q was gone: somebody has removed it; it is inserted again\n", rule)
		}
		if err == nil || ctx.Err() != nil {
			told = ""
		} else if now := singleLine(err); now != told {
			told = now
			fmt.Fprintf(l.c.err, "pkl: %s; the next attempt is in %v\n", told, presentEvery)
		}
	}
}

func (l *live) restoreRules(ctx context.Context) (restored []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, rulesTime)
	defer cancel()
	return l.rules.Restore(ctx)
}

// removeRules removes the rules, whatever has ended the run.
func (l *live) removeRules() error {
	if len(l.rules) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), rulesTime)
	defer cancel()
	l.c.stop.busy.Store(true) // other firewall programs may take seconds
	defer l.c.stop.busy.Store(false)
	return l.rules.Remove(ctx)
}
