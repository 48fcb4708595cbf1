package core

import (
	"bytes"
	"slices"

	"pkl/core/expr"
)

// wideTruth is the condition that an IPv6 address passes a test.
func (t *translator) wideTruth(o *operand, holds func(wide) bool, want verdict) truth {
	tests := make([]recordTest, len(o.ref.alts))
	for i := range o.ref.alts {
		ch := &o.ref.alts[i]
		tests[i] = func(p *Packet, id int32) verdict {
			v, ok := ch.wide(p, id)
			return verdictOf(ok, ok && holds(v))
		}
	}
	t.notSelf(o)
	return t.recordTruth(o.ref, either(tests), want)
}

// wideTest compiles a comparison with an IPv6 address, or a network.
func (t *translator) wideTest(o *operand, op expr.Op, n expr.Node) func(wide) bool {
	first, last := t.addrRange(o, n)
	lo, hi := key6(first), key6(last)
	if lo != hi {
		t.unordered(op, n, "a network")
		return func(v wide) bool { return v.compare(lo) >= 0 && v.compare(hi) <= 0 }
	}
	if op == expr.Eq || op == expr.Ne {
		return func(v wide) bool { return v == lo }
	}
	holds := ordered(op)
	return func(v wide) bool { return holds(v.compare(lo)) }
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
