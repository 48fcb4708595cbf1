package core

import (
	"cmp"
	"slices"

	"pkl/core/expr"
)

// keyTruth is the condition that a number, or an address as a number, is in a
// set (or with want no: there and not in it). The set is biased.
func (t *translator) keyTruth(o *operand, set keySet, bias uint64, want verdict) truth {
	field, mask := o, ^uint64(0)
	if o.part != nil {
		field, mask = o.part, o.mask
	}
	tr := t.keyCond(o, field, mask, set, bias, want)
	tr.form = keyForm(field, mask, set, bias, want)
	return tr
}

func (t *translator) keyCond(o, field *operand, mask uint64, set keySet, bias uint64, want verdict) truth {
	if !field.isField() {
		return t.truthOf(o.srcs, numTest(t.guarded(o), set, bias), want)
	}
	if c := ownKey(field.ref, mask, set, bias, want); c != nil {
		return truth{c: c}
	}
	tests := make([]recordTest, len(field.ref.alts))
	for i, ch := range field.ref.alts {
		tests[i] = keyTest(ch.key(), mask, set, bias)
	}
	tr := t.recordTruth(field.ref, fastPair(field.ref.alts, mask, set, either(tests)), want)
	if tr.layer != nil && !field.ref.site.foot && bias == 0 {
		tr.layer.bits = bitsFor(field.ref.alts, mask, set, want)
	}
	return tr
}

// guarded is a number operand of which, in filters, bad arithmetic makes the value absent.
func (t *translator) guarded(o *operand) numFn {
	if t.sc == nil && o.risky {
		return mended(o.num)
	}
	return o.num
}

func numTest(num numFn, set keySet, bias uint64) test {
	if len(set) == 1 {
		lo, width := set[0].lo, set[0].hi-set[0].lo
		return func(e *env) verdict {
			v, ok := num(e)
			return verdictOf(ok, uint64(v)^bias-lo <= width)
		}
	}
	return func(e *env) verdict {
		v, ok := num(e)
		return verdictOf(ok, set.has(uint64(v)^bias))
	}
}

// keyTest is numTest for a field of a record.
func keyTest(key keyFn, mask uint64, set keySet, bias uint64) recordTest {
	if len(set) == 1 {
		lo, width := set[0].lo, set[0].hi-set[0].lo
		return func(p *Packet, id int32) verdict {
			v, ok := key(p, id)
			return verdictOf(ok, v&mask^bias-lo <= width)
		}
	}
	return func(p *Packet, id int32) verdict {
		v, ok := key(p, id)
		return verdictOf(ok, set.has(v&mask^bias))
	}
}

// ownKey is keyTruth for what specs ask most, the record's own number, in one
// closure, or nil.
func ownKey(r *referent, mask uint64, set keySet, bias uint64, want verdict) cond {
	if r.site.kind != siteRecord || r.site.foot || len(r.srcs) > 0 || len(r.alts) > 1 || len(set) != 1 {
		return nil
	}
	ch := r.alts[0]
	if len(ch.slots) > 1 || ch.check || ch.self != nil || ch.slots[0].Kind != Number || ch.slots[0].Signed || ch.slots[0].Get != "" {
		return nil
	}
	s, lo, width, in := ch.slots[0], set[0].lo, set[0].hi-set[0].lo, want == yes
	return func(e *env) bool {
		v, ok := e.p.num(e.rec, s)
		return ok && (v&mask^bias-lo <= width) == in
	}
}

// either is the test of several fields, any of which may say yes.
func either(tests []recordTest) recordTest {
	switch len(tests) {
	case 1:
		return tests[0]
	case 2:
		a, b := tests[0], tests[1]
		return func(p *Packet, id int32) verdict {
			v := a(p, id)
			if v == yes {
				return yes
			}
			return max(v, b(p, id))
		}
	}
	return func(p *Packet, id int32) (v verdict) {
		for _, t := range tests {
			if v = max(v, t(p, id)); v == yes {
				break
			}
		}
		return v
	}
}

// bitsFor returns the fast form of a comparison of one field with one value, or nil.
func bitsFor(alts []chain, mask uint64, set keySet, want verdict) *bitTest {
	ch := alts[0]
	if len(alts) > 1 || len(ch.slots) > 1 || ch.check || ch.self != nil || gated(ch.slots[0]) || len(set) != 1 || set[0].lo != set[0].hi {
		return nil
	}
	b := bitsOf(plain(ch.slots[0]))
	if b == nil {
		return nil
	}
	low, all := b.shift(), b.mask
	b.mask &= mask << low
	b.val = set[0].lo << low
	switch {
	case b.mask == 0 || b.val&^b.mask != 0 || set[0].lo != b.val>>low || all == 0:
		return nil
	case want == no:
		return b.not()
	}
	return b
}

// twoNumbers compares numbers, or addresses as numbers.
func (t *translator) twoNumbers(x *operand, op expr.Op, y *operand, want verdict) truth {
	x, y = t.asNumber(x), t.asNumber(y)
	a, b, holds := t.guarded(x), t.guarded(y), ordered(op)
	xu, yu := x.unsigned, y.unsigned
	return t.truthOf(slices.Concat(x.srcs, y.srcs), func(e *env) verdict {
		v, ok := a(e)
		if !ok {
			return absent
		}
		w, ok := b(e)
		if !ok {
			return absent
		}
		return verdictOf(true, holds(compareInts(v, xu, w, yu)))
	}, want)
}

// asNumber is number for addresses too.
func (t *translator) asNumber(o *operand) *operand {
	if o.num != nil || o.typ.number() || o.typ == tCond {
		return t.number(o)
	}
	out := *o
	out.num, out.srcs = t.fieldNum(o)
	return &out
}

// compareInts compares whole numbers, each with or without sign.
func compareInts(a int64, au bool, b int64, bu bool) int {
	switch {
	case au && a < 0 && !(bu && b < 0):
		return 1
	case bu && b < 0 && !(au && a < 0):
		return -1
	}
	return cmp.Compare(a, b)
}

// ordered is what an operator says about the outcome of a comparison.
func ordered(op expr.Op) func(c int) bool {
	switch op {
	case expr.Lt:
		return func(c int) bool { return c < 0 }
	case expr.Le:
		return func(c int) bool { return c <= 0 }
	case expr.Gt:
		return func(c int) bool { return c > 0 }
	case expr.Ge:
		return func(c int) bool { return c >= 0 }
	}
	return func(c int) bool { return c == 0 }
}

// numberSet compiles the elements of a set of numbers.
func (t *translator) numberSet(x *operand, n *expr.In) keySet {
	bias := x.bias()
	var list []keySpan
	for _, r := range n.Set {
		lo := uint64(t.numberKey(x, r.Lo)) ^ bias
		hi := lo
		if r.Hi != nil {
			hi = uint64(t.numberKey(x, r.Hi)) ^ bias
		}
		list = append(list, keySpan{lo, hi})
	}
	return newKeySet(list)
}

// addrSet compiles a set of MAC or IPv4 addresses.
func (t *translator) addrSet(x *operand, n *expr.In) keySet {
	ends := func(n expr.Node) keySpan {
		if x.typ == tMAC {
			k := t.macKey(x, n)
			return keySpan{k, k}
		}
		lo, hi := t.addrRange(x, n)
		return keySpan{key4(lo), key4(hi)}
	}
	var list []keySpan
	for _, r := range n.Set {
		k := ends(r.Lo)
		if r.Hi != nil {
			k.hi = ends(r.Hi).hi
		}
		list = append(list, k)
	}
	return newKeySet(list)
}
