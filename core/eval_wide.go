package core

import (
	"bytes"
	"slices"

	"pkl/core/expr"
)

// wideTruth is the condition that an IPv6 address passes a test.
func (t *translator) wideTruth(o *operand, set wideSet, want verdict) truth {
	holds, tests := set.test(), make([]recordTest, len(o.ref.alts))
	for i := range o.ref.alts {
		ch := &o.ref.alts[i]
		tests[i] = func(p *Packet, id int32) verdict {
			v, ok := ch.wide(p, id)
			return verdictOf(ok, ok && holds(v))
		}
	}
	t.notSelf(o)
	tr := t.recordTruth(o.ref, either(tests), want)
	if l := leafOf(o.ref, leafWide, want); l != nil && o.isField() {
		l.wide = set
		tr.form = &form{leaf: l}
	}
	return tr
}

// wideSpan is the IPv6 addresses that compare so with an address, or a network;
// for != those that do not.
func (t *translator) wideSpan(o *operand, op expr.Op, n expr.Node) wideSet {
	first, last := t.addrRange(o, n)
	lo, hi := key6(first), key6(last)
	least, most := wide{}, wide{^uint64(0), ^uint64(0)}
	if lo != hi {
		t.unordered(op, n, "a network")
	}
	switch {
	case op == expr.Le:
		return wideSet{{least, hi}}
	case op == expr.Ge:
		return wideSet{{lo, most}}
	case op == expr.Lt && lo == least, op == expr.Gt && hi == most:
		return nil
	case op == expr.Lt:
		return wideSet{{least, lo.before()}}
	case op == expr.Gt:
		return wideSet{{hi.next(), most}}
	}
	return wideSet{{lo, hi}}
}

// wideSet compiles a set of IPv6 addresses.
func (t *translator) wideSet(o *operand, n *expr.In) wideSet {
	var list []wideRange
	for _, r := range n.Set {
		lo, hi := t.addrRange(o, r.Lo)
		if r.Hi != nil {
			_, hi = t.addrRange(o, r.Hi)
		}
		list = append(list, wideRange{key6(lo), key6(hi)})
	}
	return newWideSet(list)
}

// twoBytes compares bytes of the packet with others.
func (t *translator) twoBytes(x *operand, op expr.Op, y *operand, want verdict) truth {
	x, y = t.asBytes(x), t.asBytes(y)
	a, b, holds := x.bytes, y.bytes, ordered(op)
	return t.truthOf(slices.Concat(x.srcs, y.srcs), func(e *env) verdict {
		v, ok := a(e)
		if !ok {
			return absent
		}
		w, ok := b(e)
		if !ok {
			return absent
		}
		return verdictOf(true, holds(bytes.Compare(v, w)))
	}, want)
}
