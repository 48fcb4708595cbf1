package core

import (
	"maps"
	"slices"

	"pkl/core/expr"
)

// comparison compiles ==, <, contains and so on.
func (t *translator) comparison(n *expr.Binary) truth {
	switch n.Op {
	case expr.Contains:
		return t.contains(n)
	case expr.Matches:
		return t.matches(n)
	}
	x, y := t.sides(n.X, n.Y)
	op := n.Op
	if x.isLiteral() && !y.isLiteral() {
		x, y, op = y, x, mirrored(op)
	}
	if y.isLiteral() {
		return t.compareLiteral(x, op, y.node)
	}
	return t.compareTwo(n, x, op, y)
}

// isLiteral reports whether the operand is a constant, of a type that the
// other side may have to decide.
func (o *operand) isLiteral() bool { return o.typ == tLit || o.konst != nil }

// mirrored is the operator that says the same with its sides exchanged.
func mirrored(op expr.Op) expr.Op {
	switch op {
	case expr.Lt:
		return expr.Gt
	case expr.Le:
		return expr.Ge
	case expr.Gt:
		return expr.Lt
	case expr.Ge:
		return expr.Le
	}
	return op
}

// sides compiles both sides of a comparison. A bare word opposite an enumerated
// field is the name of a value.
func (t *translator) sides(x, y expr.Node) (a, b *operand) {
	if w, v := bareWord(x), bareWord(y); w != nil && (v == nil || !t.known(w) && t.known(v)) {
		b = t.value(y)
		return t.word(w, b), b
	}
	a = t.value(x)
	if w := bareWord(y); w != nil {
		return a, t.word(w, a)
	}
	return a, t.value(y)
}

func bareWord(n expr.Node) *expr.Name {
	if w, ok := n.(*expr.Name); ok && !w.Up && w.Inst == 0 && len(w.Parts) == 1 {
		return w
	}
	return nil
}

func (t *translator) known(w *expr.Name) bool {
	_, err := t.lookup(w)
	return err == nil
}

// word compiles a bare word opposite o.
func (t *translator) word(w *expr.Name, o *operand) *operand {
	if v, ok := o.named(w.Parts[0]); ok {
		return constant(w, v)
	}
	_, err := t.lookup(w)
	switch {
	case err == nil:
		return t.value(w)
	case len(o.wordNames()) > 0:
		t.namedKey(o, w, w.Parts[0])
	case o.typ.raw() || o.typ == tName:
		t.bytesKey(o, w)
	case o.isField():
		t.fail(w.Pos(), err.Hint, "%s, and %q is no name of a value", t.describe(o), w.Parts[0])
	}
	panic(err)
}

// suited takes of the fields that a name may mean those that can be compared
// with a literal, by their types.
func (t *translator) suited(o *operand, n expr.Node) (list []*operand) {
	if e := t.values(o); e != nil {
		o = e
	}
	if o.full == nil || len(o.full.types()) < 2 {
		return []*operand{o}
	}
	for _, u := range o.full.types() {
		if c := t.as(&operand{node: o.node, ref: o.full}, u); c.suits(n) {
			t.use(c, useValue)
			list = append(list, c)
		}
	}
	if list == nil {
		list = append(list, o)
	}
	return list
}

func (o *operand) suits(n expr.Node) bool {
	switch n := n.(type) {
	case *expr.Str:
		_, named := o.named(n.S)
		_, err := parseName(n.S)
		return o.typ.raw() || o.typ == tName && err == nil || named
	case *expr.Name:
		_, named := o.named(n.Parts[0])
		return named
	case *expr.Lit:
		is4 := n.Addr.Is4() || n.Prefix.Addr().Is4()
		is6 := n.Addr.Is6() || n.Prefix.Addr().Is6()
		return o.typ == tIP4 && is4 || o.typ == tIP6 && is6 || o.typ == tMAC && n.MAC != nil || o.typ.raw() && n.Bytes != nil
	}
	return o.typ.number()
}

// compareLiteral compiles a comparison with a constant. Where a name means
// fields of several types, one of them has to compare so; for != all.
func (t *translator) compareLiteral(x *operand, op expr.Op, n expr.Node) truth {
	var list []truth
	for _, x := range t.suited(x, n) {
		list = append(list, t.compareAs(x, op, n))
	}
	return joined(list, op == expr.Ne)
}

// compareAs is compareLiteral for fields of one type.
func (t *translator) compareAs(x *operand, op expr.Op, n expr.Node) truth {
	want := yes
	if op == expr.Ne {
		want = no
	}
	switch {
	case x.typ.number() || x.typ == tCond:
		x = t.computed(x)
		return t.keyTruth(x, span64(op, uint64(t.numberKey(x, n))^x.bias()), x.bias(), want)
	case x.typ == tMAC:
		return t.keyTruth(x, span64(op, t.macKey(x, n)), 0, want)
	case x.typ == tIP4:
		lo, hi := t.addrRange(x, n)
		if lo == hi {
			return t.keyTruth(x, span64(op, key4(lo)), 0, want)
		}
		t.unordered(op, n, "a network")
		return t.keyTruth(x, keySet{{key4(lo), key4(hi)}}, 0, want)
	case x.typ == tIP6:
		return t.wideTruth(x, t.wideSpan(x, op, n), want)
	case x.typ.raw():
		k := t.bytesKey(x, n)
		tr := t.textTruth(x, orderTest(op, k), want)
		if op == expr.Eq || op == expr.Ne {
			tr.form = bytesForm(x, []string{string(k)}, want)
		}
		return tr
	case x.typ == tName:
		t.unordered(op, n, "a name")
		return t.textTruth(x, orderTest(expr.Eq, t.nameKey(x, n)), want)
	}
	t.incomparable(x, n)
	return truth{}
}

// computed is number for what is no plain field; fields are read by keyTruth.
func (t *translator) computed(o *operand) *operand {
	if o.isField() {
		return o
	}
	return t.number(o)
}

// incomparable fails for what has no value.
func (t *translator) incomparable(x *operand, n expr.Node) {
	hint := ""
	switch {
	case x.typ == tList && x.ref != nil:
		hint = "compare a field of its items, as in " + x.ref.name + ".field, or count(" + x.ref.name + ")"
	case x.typ == tLayer:
		hint = "compare one of its fields, as in " + t.text(x.node) + ".field"
	}
	t.fail(x.node.Pos(), hint, "%s, not comparable with %s", t.describe(x), t.text(n))
}

func (t *translator) unordered(op expr.Op, n expr.Node, what string) {
	if op != expr.Eq && op != expr.Ne {
		t.fail(n.Pos(), "use == or in", "%s has no order", what)
	}
}

// bias is what makes negative numbers sort before others.
func (o *operand) bias() uint64 {
	if o.unsigned || o.bits > 0 {
		return 0
	}
	return 1 << 63
}

// span64 is the numbers that compare so with v; for != those that do not.
func span64(op expr.Op, v uint64) keySet {
	const most = ^uint64(0)
	switch op {
	case expr.Lt:
		if v == 0 {
			return nil
		}
		return keySet{{0, v - 1}}
	case expr.Le:
		return keySet{{0, v}}
	case expr.Gt:
		if v == most {
			return nil
		}
		return keySet{{v + 1, most}}
	case expr.Ge:
		return keySet{{v, most}}
	}
	return only(v)
}

// membership compiles in. Of fields of several types, each looks among those
// members of the set that it can be compared with.
func (t *translator) membership(n *expr.In) truth {
	var xs []*operand
	sets := map[typ]*expr.In{}
	x := t.value(n.X)
	for _, r := range n.Set {
		for _, x := range t.suited(x, r.Lo) {
			if sets[x.typ] == nil {
				part := *n
				part.Set = nil
				xs, sets[x.typ] = append(xs, x), &part
			}
			sets[x.typ].Set = append(sets[x.typ].Set, r)
		}
	}
	var list []truth
	for _, x := range xs {
		list = append(list, t.memberAs(x, sets[x.typ]))
	}
	return joined(list, false)
}

// memberAs is membership for fields of one type.
func (t *translator) memberAs(x *operand, n *expr.In) truth {
	switch {
	case x.typ.number() || x.typ == tCond:
		x = t.computed(x)
		return t.keyTruth(x, t.numberSet(x, n), x.bias(), yes)
	case x.typ == tMAC || x.typ == tIP4:
		return t.keyTruth(x, t.addrSet(x, n), 0, yes)
	case x.typ == tIP6:
		return t.wideTruth(x, t.wideSet(x, n), yes)
	case x.typ.raw() || x.typ == tName:
		set := t.textSet(x, n)
		tr := t.textTruth(x, func(b []byte) bool { return set[string(b)] }, yes)
		tr.form = bytesForm(x, slices.Sorted(maps.Keys(set)), yes)
		return tr
	}
	t.incomparable(x, n.Set[0].Lo)
	return truth{}
}
