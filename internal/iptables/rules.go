package iptables

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Install inserts the rule, as the first of its chain, in each family that it
// is for. It is in all of them or, after an error, in none. A family that the
// system does not have is left out, unless the rule is for that alone.
func (r *Rules) Install(ctx context.Context) error {
	for _, f := range r.families() {
		if r.only == 0 && !f.here() {
			continue
		}
		err := r.run(ctx, f, r.insert()...)
		if err == nil {
			r.installed = append(r.installed, f)
			continue
		}
		err = r.explain(ctx, f, err)
		if len(r.installed) > 0 {
			// The context may be what has ended.
			err = errors.Join(err, r.Remove(context.WithoutCancel(ctx)))
		}
		return err
	}
	return nil
}

// Remove deletes what Install has inserted. What somebody else has removed
// meanwhile is no error. Ctx should not be one that the end of the program
// cancels.
func (r *Rules) Remove(ctx context.Context) error {
	var errs []error
	for _, f := range slices.Clone(r.installed) {
		if err := r.remove(ctx, f); err != nil {
			errs = append(errs, fmt.Errorf("the rule could not be removed: %w; %s %s does it", err, f.tool(), quoted(r.other("-D"))))
			continue
		}
		r.installed = slices.DeleteFunc(r.installed, func(g family) bool { return g == f })
	}
	return errors.Join(errs...)
}

func (r *Rules) remove(ctx context.Context, f family) error {
	err := r.run(ctx, f, r.other("-D")...)
	if err == nil {
		return nil
	}
	if there, e := r.check(ctx, f); e == nil && !there {
		return nil
	}
	return err
}

// Present reports whether the rule is still in all places where Install has
// inserted it: programs that manage firewalls may flush whole chains.
func (r *Rules) Present(ctx context.Context) (bool, error) {
	for _, f := range r.installed {
		if there, err := r.check(ctx, f); err != nil || !there {
			return false, err
		}
	}
	return true, nil
}

// check looks for the rule in a family.
func (r *Rules) check(ctx context.Context, f family) (bool, error) {
	err := r.run(ctx, f, r.other("-C")...)
	var failed *toolError
	if errors.As(err, &failed) && failed.status == absent {
		return false, nil
	}
	return err == nil, err
}
