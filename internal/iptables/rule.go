package iptables

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// install inserts the rule, as the first of its chain, in each family that it
// is for. A family that the system does not have is left out, unless the rule is
// for that alone. After an error the rule may be in some of them.
func (r *Rule) install(ctx context.Context) error {
	for _, f := range r.families() {
		if r.only == 0 && !f.here() {
			continue
		}
		err := r.add(ctx, f)
		if err == nil || !refused(err) {
			r.installed = append(r.installed, f)
		}
		if err != nil {
			return r.explain(ctx, f, err)
		}
	}
	return nil
}

// add inserts the rule in a family.
func (r *Rule) add(ctx context.Context, f family) error {
	return insist(func() error {
		err := r.run(ctx, f, r.insert()...)
		if killed(err) { // perhaps when it was done
			if there, e := r.check(ctx, f); e == nil && there {
				return nil
			}
		}
		return err
	})
}

// restore inserts the rule again in each family where install has inserted it and
// it is gone.
func (r *Rule) restore(ctx context.Context) (restored bool, err error) {
	var errs []error
	for _, f := range r.installed {
		there, err := r.check(ctx, f)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("looking for the rule: %w", r.explain(ctx, f, err)))
		case !there:
			if err := r.add(ctx, f); err != nil {
				errs = append(errs, fmt.Errorf("the rule is gone, and cannot be inserted again: %w", r.explain(ctx, f, err)))
				continue
			}
			restored = true
		}
	}
	return restored, errors.Join(errs...)
}

// remove deletes the rule in each family where it is, or may be.
func (r *Rule) remove(ctx context.Context) error {
	var errs []error
	for _, f := range slices.Clone(r.installed) {
		if err := r.removeFrom(ctx, f); err != nil {
			errs = append(errs, fmt.Errorf("the rule could not be removed: %w; %s %s does it", err, f.tool(), quoted(r.other("-D"))))
			continue
		}
		r.installed = slices.DeleteFunc(r.installed, func(g family) bool { return g == f })
	}
	return errors.Join(errs...)
}

func (r *Rule) removeFrom(ctx context.Context, f family) error {
	err := insist(func() error { return r.run(ctx, f, r.other("-D")...) })
	if err == nil {
		return nil
	}
	if there, e := r.check(ctx, f); e == nil && !there {
		return nil
	}
	return err
}

// check looks for the rule in a family.
func (r *Rule) check(ctx context.Context, f family) (bool, error) {
	err := insist(func() error { return r.run(ctx, f, r.other("-C")...) })
	if isAbsent(err) {
		return false, nil
	}
	return err == nil, err
}
