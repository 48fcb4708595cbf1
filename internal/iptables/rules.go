package iptables

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Rules are the rules of a program. They belong to one goroutine at a time.
type Rules []*Rule

// Install inserts the rules, each as the first of its chain, for IPv4 and IPv6 as
// it says. A family that the system does not have is left out, unless the rule is
// for that alone. After an error, also when ctx has ended, some may be there:
// Remove deletes them.
func (all Rules) Install(ctx context.Context) error {
	for _, r := range all {
		if err := r.install(ctx); err != nil {
			return named(r.text, err)
		}
	}
	return nil
}

// Restore inserts again what Install has inserted and is gone: programs that
// manage firewalls may flush whole chains. It returns the rules that were gone, as
// their Specs have them. What fails can be tried again.
func (all Rules) Restore(ctx context.Context) (restored []string, err error) {
	var errs []error
	for _, r := range all {
		gone, err := r.restore(ctx)
		if gone {
			restored = append(restored, r.text)
		}
		if err != nil {
			errs = append(errs, named(r.text, err))
		}
	}
	return restored, errors.Join(errs...)
}

// Remove deletes what Install has inserted, or may have. What somebody else has
// removed meanwhile is no error. Ctx should not be one that the end of the
// program cancels.
func (all Rules) Remove(ctx context.Context) error {
	var errs []error
	for _, r := range all {
		if err := r.remove(ctx); err != nil {
			errs = append(errs, named(r.text, err))
		}
	}
	return errors.Join(errs...)
}

// Prepare is for a program that gives up rights before it calls Install. It
// reports whether the system's iptables is the one without nf_tables. That needs
// CAP_NET_RAW beside CAP_NET_ADMIN, also to remove a rule, and a lock that only
// root may open: Prepare makes it, and, if the program will be another user, opens
// it for Install and all that follows (iptables 1.8.6 or newer lets it).
func (all Rules) Prepare(ctx context.Context, anotherUser bool) (legacy bool, err error) {
	out, err := output(ctx, nil, ipv4.tool(), "--version")
	if err != nil || !strings.Contains(string(out), "legacy") {
		return false, nil // a command that is missing is for Install to tell
	}
	f, err := openLock()
	switch {
	case errors.Is(err, os.ErrPermission):
		return true, nil // the command may have another lock
	case err != nil:
		return true, fmt.Errorf("the lock of iptables: %w", err)
	case anotherUser:
		for _, r := range all {
			r.lock = f
		}
		return true, nil
	}
	return true, f.Close()
}
