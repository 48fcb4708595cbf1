package core

import (
	"slices"

	"pkl/core/expr"
)

// compareTwo compiles a comparison of two operands that are no constants.
func (t *translator) compareTwo(n *expr.Binary, x *operand, op expr.Op, y *operand) truth {
	x, y = t.matched(x, y)
	want := yes
	if op == expr.Ne {
		op, want = expr.Eq, no
	}
	switch {
	case x.typ.number() && y.typ.number() || x.typ == y.typ && x.typ.asKey():
		return t.twoNumbers(x, op, y, want)
	case x.typ == tName || y.typ == tName:
		t.unordered(op, n, "a name")
		return t.twoNames(x, y, want)
	}
	return t.twoBytes(x, op, y, want)
}

// matched takes fields of types that can be compared, or fails.
func (t *translator) matched(x, y *operand) (a, b *operand) {
	for _, a := range t.readings(x) {
		for _, b := range t.readings(y) {
			if comparableTypes(a.typ, b.typ) {
				return a, b
			}
		}
	}
	if x.typ == tList || x.typ == tLayer {
		t.incomparable(x, y.node)
	}
	if y.typ == tList || y.typ == tLayer {
		t.incomparable(y, x.node)
	}
	t.fail(y.node.Pos(), "", "%s, %s: not comparable", t.describe(x), t.describe(y))
	return nil, nil
}

// readings lists what an operand may be read as.
func (t *translator) readings(o *operand) (list []*operand) {
	if e := t.values(o); e != nil {
		o = e
	}
	if o.typ == tCond {
		return []*operand{t.number(o)}
	}
	list = append(list, o)
	if o.full != nil {
		for _, u := range o.full.types()[1:] {
			list = append(list, t.as(&operand{node: o.node, ref: o.full}, u))
		}
	}
	return list
}

// comparableTypes reports whether values of the two types can be compared.
func comparableTypes(a, b typ) bool {
	addr := []typ{tMAC, tIP4, tIP6}
	switch {
	case a == tList || a == tLayer || a == tCond:
		return false
	case a == b, a.number() && b.number(), a.raw() && b.raw():
		return true
	case a == tName:
		return b.raw()
	case b == tName:
		return a.raw()
	}
	return a == tBytes && slices.Contains(addr, b) || b == tBytes && slices.Contains(addr, a)
}
