package core

import (
	"fmt"

	"pkl/core/expr"
)

// value compiles a part of an expression whose value counts.
func (t *translator) value(n expr.Node) *operand {
	o := t.operand(n)
	t.use(o, useValue)
	return o
}

// operand compiles a part of an expression.
func (t *translator) operand(n expr.Node) *operand {
	switch n := n.(type) {
	case *expr.Num:
		return t.literal(n)
	case *expr.Name:
		return t.nameOperand(n)
	case *expr.Slice:
		return t.slice(n)
	case *expr.Call:
		return t.call(n)
	case *expr.Unary:
		if n.Op == expr.Neg {
			return t.negated(n)
		}
	case *expr.Binary:
		if isArithmetic(n.Op) {
			return t.binary(n)
		}
	case *expr.Str, *expr.Lit:
		return &operand{node: n, typ: tLit}
	}
	return &operand{node: n, typ: tCond, truth: t.inner(n)}
}

// inner compiles a condition within a value. What its sources reach must
// outlive it: it may be evaluated in the middle of others.
func (t *translator) inner(n expr.Node) truth {
	most := t.most
	t.most = t.bound
	tr := t.condition(n)
	t.bound, t.most = t.most, max(t.most, most)
	return tr
}

func isArithmetic(op expr.Op) bool { return op >= expr.Mul && op <= expr.BitOr }

func (t *translator) nameOperand(n *expr.Name) *operand {
	if o := t.fact(n); o != nil {
		return o
	}
	return t.operandOf(n, t.name(n))
}

// call compiles a function.
func (t *translator) call(n *expr.Call) *operand {
	switch n.Fn {
	case "len":
		return t.lenOf(n)
	case "count":
		return t.countOf(n)
	case "min", "max":
		return t.extreme(n)
	}
	return &operand{node: n, typ: tCond, truth: t.inner(n)}
}

// lenOf compiles len(x): bytes on the wire.
func (t *translator) lenOf(n *expr.Call) *operand {
	if s, ok := n.Args[0].(*expr.Str); ok {
		return constant(n, int64(len(s.S)))
	}
	x := t.operand(n.Args[0]).whole()
	t.use(x, useSize)
	o := &operand{node: n, typ: tNum, srcs: x.srcs, risky: x.risky}
	switch {
	case x.isField():
		o.num = t.fieldSize(x)
	case x.ref != nil && x.ref.what == isBody:
		o.num = bodySize(x.ref.site.find())
	case x.typ == tBytes || x.typ == tText || x.typ == tLayer:
		b := t.asBytes(x).bytes
		o.num = func(e *env) (int64, bool) {
			v, ok := b(e)
			return int64(len(v)), ok
		}
	default:
		t.fail(n.Pos(), "", "len takes bytes or a list, %s is %s", t.text(n.Args[0]), x.typ)
	}
	return o
}

func bodySize(find func(*env) int32) numFn {
	return func(e *env) (int64, bool) {
		id := find(e)
		if id == none {
			return 0, false
		}
		b, ok := e.p.bodyOf(id)
		n := len(b)
		if e.wire {
			n += e.p.missingBody(id)
		}
		return int64(n), ok
	}
}

func (t *translator) fieldSize(x *operand) numFn {
	r := x.ref
	if len(r.alts) > 1 {
		t.fail(x.node.Pos(), "", "%s is two fields: take one", r.name)
	}
	ch := r.alts[0]
	if ch.self != nil {
		t.fail(x.node.Pos(), "", "%s cannot depend on its own size", r.name)
	}
	find := r.site.find()
	return func(e *env) (int64, bool) {
		id := find(e)
		if id == none {
			return 0, false
		}
		return ch.size(e.p, id)
	}
}

// countOf compiles count(list).
func (t *translator) countOf(n *expr.Call) *operand {
	x := t.operand(n.Args[0])
	t.use(x, useCount)
	if x.typ != tList || !x.isField() {
		t.fail(n.Args[0].Pos(), "", "count takes a list, %s is %s", t.text(n.Args[0]), x.typ)
	}
	ch, find := x.ref.alts[0], x.ref.site.find()
	num := func(e *env) (int64, bool) {
		l := ch.list(e.p, find(e))
		if l == none {
			return 0, false
		}
		n := int(e.p.nodes[l].n)
		if e.wire {
			n += e.p.missingItems(l)
		}
		return int64(n), true
	}
	return &operand{node: n, typ: tNum, num: num, srcs: x.srcs}
}

// extreme compiles min and max.
func (t *translator) extreme(n *expr.Call) *operand {
	f := smaller
	if n.Fn == "max" {
		f = larger
	}
	o := t.signedNumber(n.Args[0])
	for _, a := range n.Args[1:] {
		o = t.join(n, f, o, t.signedNumber(a))
	}
	return o
}

func smaller(_ *env, x, y int64) int64 { return min(x, y) }

func larger(_ *env, x, y int64) int64 { return max(x, y) }

// describe names an operand and what it is, for messages.
func (t *translator) describe(o *operand) string {
	return fmt.Sprintf("%s is %s", t.text(o.node), o.typ)
}
