package core

import (
	"slices"

	"pkl/core/expr"
)

// condition compiles a node that decides. Its sources end with it.
func (t *translator) condition(n expr.Node) truth {
	bound := t.bound
	tr := t.decision(n)
	t.bound = bound
	return tr
}

func (t *translator) decision(n expr.Node) truth {
	switch n := n.(type) {
	case *expr.Binary:
		switch {
		case n.Op == expr.And || n.Op == expr.Or:
			return t.boolean(n)
		case !isArithmetic(n.Op):
			return t.comparison(n)
		}
	case *expr.Unary:
		if n.Op == expr.Not {
			return t.condition(n.X).not()
		}
	case *expr.In:
		if n.Not { // also where x is absent, as not (x in …)
			return t.membership(n).not()
		}
		return t.membership(n)
	case *expr.Call:
		switch n.Fn {
		case "any":
			return t.any(n)
		case "present":
			return t.present(n.Args[0])
		}
	}
	return t.alone(n)
}

// boolean compiles a chain of and, or of or. Chains lean to the left and may be
// long, so they are a list here.
func (t *translator) boolean(n *expr.Binary) truth {
	var parts []expr.Node
	var left expr.Node = n
	for {
		b, ok := left.(*expr.Binary)
		if !ok || b.Op != n.Op {
			break
		}
		parts = append(parts, b.Y)
		left = b.X
	}
	list := []truth{t.condition(left)}
	for i := len(parts) - 1; i >= 0; i-- {
		list = append(list, t.condition(parts[i]))
	}
	return joined(list, n.Op == expr.And)
}

// alone compiles a name without a comparison: a flag is its value, any other is present.
func (t *translator) alone(n expr.Node) truth {
	o := t.operand(n)
	switch {
	case o.typ == tFlag && o.ref != nil:
		t.use(o, useValue)
		return t.keyTruth(o, only(1), 0, yes)
	case o.ref == nil && isNamed(n): // a fact about the packet
	case n == t.when && o.typ.number() && o.isField() && o.ref.always():
		t.fail(n.Pos(), "write "+t.text(n)+" != 0", "%s is a number that is always there, and no condition", t.text(n))
	case o.typ.number() && o.ref == nil:
		t.fail(n.Pos(), "write "+t.text(n)+" != 0", "a number is not a condition")
	case o.typ == tLit:
		t.fail(n.Pos(), "compare it with a field", "%s is not a condition", t.text(n))
	case o.ref == nil && o.typ != tCond:
		t.fail(n.Pos(), "write present("+t.text(n)+")", "%s, not a condition", t.describe(o))
	}
	return t.presence(o)
}

func isNamed(n expr.Node) bool {
	_, ok := n.(*expr.Name)
	return ok
}

// present compiles present(x).
func (t *translator) present(n expr.Node) truth {
	o := t.operand(n)
	if o.typ == tLit || o.typ == tCond || o.konst != nil {
		t.fail(n.Pos(), "present(name)", "%s cannot be present or absent", t.text(n))
	}
	return t.presence(o)
}

// presence compiles whether something is there. What has no bytes is not there:
// a list without items, a body without bytes.
func (t *translator) presence(o *operand) truth {
	o = o.whole()
	t.use(o, usePresent)
	switch {
	case o.ref == nil && o.num != nil:
		return t.truthOf(o.srcs, t.readable(o), yes)
	case o.ref == nil && o.typ == tCond:
		return o.truth
	case o.ref == nil:
		b := o.bytes
		return t.truthOf(o.srcs, func(e *env) verdict {
			_, ok := b(e)
			return verdictOf(ok, true)
		}, yes)
	}
	tr := t.recordTruth(o.ref, t.presentIn(o), yes)
	tr.form = presenceForm(o.ref)
	return tr
}

func (t *translator) readable(o *operand) test {
	num := t.guarded(o)
	return func(e *env) verdict {
		_, ok := num(e)
		return verdictOf(ok, true)
	}
}

func (t *translator) presentIn(o *operand) recordTest {
	r := o.ref
	switch {
	case r.what == isLayer || r.what == isFrame:
		return func(*Packet, int32) verdict { return yes }
	case r.what != isField:
		read := t.reader(o)
		return func(p *Packet, id int32) verdict {
			b, ok := read(p, id)
			return verdictOf(ok && len(b) > 0, true)
		}
	}
	t.notSelf(o)
	alts, present := r.alts, (*chain).present
	if t.sc != nil && t.sc.auto {
		present = (*chain).placed
	}
	return func(p *Packet, id int32) verdict {
		for i := range alts {
			if present(&alts[i], p, id) {
				return yes
			}
		}
		return absent
	}
}

// notSelf refuses a field that would decide whether it is there by being there.
func (t *translator) notSelf(o *operand) {
	for _, ch := range o.ref.alts {
		if ch.self != nil {
			t.fail(o.node.Pos(), "", "%s cannot depend on whether it is there", o.ref.name)
		}
	}
}

// any compiles any(list, condition): both about one item.
func (t *translator) any(n *expr.Call) truth {
	x := t.operand(n.Args[0])
	if x.typ != tList || !x.isField() {
		t.fail(n.Args[0].Pos(), "any(list, condition)", "%s, not a list", t.describe(x))
	}
	if plain(x.ref.slots()[0]).items.plain {
		t.fail(n.Args[0].Pos(), "write "+x.ref.name+" == value", "the items of %s are values without fields", x.ref.name)
	}
	d := t.into(x.ref, n.Args[0].Pos())
	item := *d
	item.srcs = nil // it is at hand
	t.items = append(t.items, &item)
	c := t.condition(n.Args[1]).cond()
	t.items = t.items[:len(t.items)-1]
	return t.truthOf(d.srcs, func(e *env) verdict { return verdictOf(true, c(e)) }, yes)
}

// always reports whether the field is there in every header or item that is whole.
func (r *referent) always() bool {
	for _, s := range r.slots() {
		if s.When != "" || s.Get != "" || s.layout.sized() {
			return false
		}
	}
	return true
}

// sized reports whether the header or item tells its own size, and may end before a field.
func (l *Layout) sized() bool {
	return l.proto.Spec.Header != "" || l.item || slices.ContainsFunc(l.Slots, func(s *Slot) bool { return slices.Contains(lengthRules(), s.Auto) })
}
