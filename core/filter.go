package core

import (
	"pkl/core/expr"
)

// A Filter chooses packets. It belongs to a Registry, never changes, and any
// number of goroutines may use it, each with packets of its own.
type Filter struct {
	src   string
	node  expr.Node
	reg   *Registry
	match cond
	form  *form // what match says, as far as that can be data
}

// Filter compiles the source of a filter. Its error is an *expr.Error, with
// the column of the mistake.
func (r *Registry) Filter(src string) (*Filter, error) {
	f := &Filter{src: src, reg: r}
	t := &translator{src: src, reg: r}
	err := t.run(func(n expr.Node) {
		f.node = n
		tr := t.condition(n)
		f.match, f.form = t.isolate(tr.cond()), tr.form
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Match reports whether the filter chooses p. It finds no more of p than it
// must, changes nothing, and allocates nothing. Packets of another registry
// are never chosen.
func (f *Filter) Match(p *Packet) bool {
	return p.reg == f.reg && f.match(&p.env)
}

// String returns the source.
func (f *Filter) String() string { return f.src }

// Expr returns the tree of the source.
func (f *Filter) Expr() expr.Node { return f.node }
