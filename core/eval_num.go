package core

import (
	"math"
	"math/bits"
	"slices"

	"pkl/core/expr"
)

// number makes an operand a number, or fails.
func (t *translator) number(o *operand) *operand {
	switch {
	case o.num != nil:
		return o
	case o.typ == tCond:
		return t.truthNumber(o)
	case !o.typ.number():
		t.fail(o.node.Pos(), t.numberHint(o), "%s is %s, not a number", t.text(o.node), o.typ)
	}
	out := *o
	out.num, out.srcs = t.fieldNum(o)
	return &out
}

func (t *translator) numberHint(o *operand) string {
	switch {
	case o.typ == tList:
		return "count(list) is how many items it has, len(list) how many bytes"
	case o.typ == tLayer:
		return "a field of a layer is layer.field"
	case o.typ != tLit:
		return "len(x) is how many bytes it has, x[0] the first"
	}
	return ""
}

// truthNumber makes 0 or 1 of a condition.
func (t *translator) truthNumber(o *operand) *operand {
	c := o.truth.cond()
	out := &operand{node: o.node, typ: tFlag, bits: 1}
	out.num = func(e *env) (int64, bool) {
		if c(e) {
			return 1, true
		}
		return 0, true
	}
	return out
}

// fieldNum reads a number field wherever its record is.
func (t *translator) fieldNum(o *operand) (numFn, []source) {
	r := o.ref
	if len(r.alts) > 1 {
		return t.pairNum(o)
	}
	key := r.alts[0].key()
	if r.site.kind == siteRecord && !r.site.foot {
		return func(e *env) (int64, bool) {
			v, ok := key(e.p, e.rec)
			return int64(v), ok
		}, o.srcs
	}
	find := r.site.find()
	return func(e *env) (int64, bool) {
		id := find(e)
		if id == none {
			return 0, false
		}
		v, ok := key(e.p, id)
		return int64(v), ok
	}, o.srcs
}

// pairNum reads either number of a pair.
func (t *translator) pairNum(o *operand) (numFn, []source) {
	k, find := t.bind(o.node.Pos()), o.ref.site.find()
	keys := make([]keyFn, len(o.ref.alts))
	for i, ch := range o.ref.alts {
		keys[i] = ch.key()
	}
	return func(e *env) (int64, bool) {
		id := find(e)
		if id == none {
			return 0, false
		}
		v, ok := keys[e.scratch.at[k]](e.p, id)
		return int64(v), ok
	}, append(o.srcs[:len(o.srcs):len(o.srcs)], choiceSource(len(keys), k))
}

// literal makes an operand of a whole number.
func (t *translator) literal(n *expr.Num) *operand {
	o := constant(n, int64(n.V))
	o.unsigned = n.V > math.MaxInt64
	return o
}

func constant(n expr.Node, v int64) *operand {
	return &operand{node: n, typ: tNum, konst: &v, num: func(*env) (int64, bool) { return v, true }}
}

// negated compiles -x.
func (t *translator) negated(n *expr.Unary) *operand {
	if x, ok := n.X.(*expr.Num); ok && x.V == 1<<63 {
		return constant(n, math.MinInt64)
	}
	zero := constant(n, 0)
	return t.arithmetic(n, expr.Sub, zero, t.signedNumber(n.X))
}

// signedNumber compiles an operand of arithmetic. A number of 64 bits without
// sign takes part as long as it is below 2^63.
func (t *translator) signedNumber(n expr.Node) *operand {
	o := t.number(t.value(n))
	if !o.unsigned {
		return o
	}
	if o.konst != nil {
		t.fail(n.Pos(), "arithmetic has 63 bits and a sign", "%s is too big", t.text(n))
	}
	out, num := *o, o.num
	out.risky, out.unsigned = true, false
	out.num = func(e *env) (int64, bool) {
		v, ok := num(e)
		e.bad = e.bad || ok && v < 0
		return v, ok
	}
	return &out
}

// binary compiles an arithmetic operator.
func (t *translator) binary(n *expr.Binary) *operand {
	if n.Op == expr.BitAnd {
		return t.mask(n)
	}
	return t.arithmetic(n, n.Op, t.signedNumber(n.X), t.signedNumber(n.Y))
}

// mask compiles x & y, which is right for 64 bits too.
func (t *translator) mask(n *expr.Binary) *operand {
	x, y := t.number(t.value(n.X)), t.number(t.value(n.Y))
	o := t.arithmetic(n, expr.BitAnd, x, y)
	o.unsigned = x.unsigned && y.unsigned
	for _, s := range []*operand{x, y} {
		if s.konst != nil && !s.unsigned && *s.konst >= 0 {
			o.unsigned, o.bits = false, bits.Len64(uint64(*s.konst))
		}
	}
	if y.konst != nil && o.bits > 0 && x.isField() {
		o.part, o.mask = x, uint64(*y.konst)
	}
	if y.konst != nil && *y.konst > 0 && x.view != nil && x.mask == 0 {
		o.view, o.mask = x.view, uint64(*y.konst)
	}
	return o
}

// arithmetic joins two numbers by an operator.
func (t *translator) arithmetic(n expr.Node, op expr.Op, x, y *operand) *operand {
	o := t.join(n, operator(op), x, y)
	o.risky = o.risky || o.konst == nil && op != expr.BitAnd && op != expr.BitOr
	return o
}

// join combines two numbers.
func (t *translator) join(n expr.Node, f operation, x, y *operand) *operand {
	if x.konst != nil && y.konst != nil {
		return t.fold(n, f, *x.konst, *y.konst)
	}
	o := &operand{node: n, typ: tNum, risky: x.risky || y.risky, num: apply(f, x, y)}
	o.srcs = slices.Concat(x.srcs, y.srcs)
	return o
}

// fold computes a constant.
func (t *translator) fold(n expr.Node, f operation, x, y int64) *operand {
	var e env
	v := f(&e, x, y)
	if e.bad {
		t.fail(n.Pos(), "", "%s: the result does not fit in 64 bits, or divides by zero", t.text(n))
	}
	return constant(n, v)
}

func apply(f operation, x, y *operand) numFn {
	a, b := x.num, y.num
	if y.konst != nil {
		k := *y.konst
		return func(e *env) (int64, bool) {
			v, ok := a(e)
			if !ok {
				return 0, false
			}
			return f(e, v, k), true
		}
	}
	return func(e *env) (int64, bool) {
		v, ok := a(e)
		if !ok {
			return 0, false
		}
		w, ok := b(e)
		if !ok {
			return 0, false
		}
		return f(e, v, w), true
	}
}
