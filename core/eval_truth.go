package core

import "slices"

// A truth is a compiled condition. Conditions on the fields of one layer are
// kept apart as long as possible: joined, they look the layer up once.
type truth struct {
	c     cond
	layer *layerTest // instead of c
	form  *form      // the same as data, as far as that can be
}

// A layerTest is a condition on one layer.
type layerTest struct {
	pr     *Proto
	n      int // which instance
	on     func(p *Packet, id int32) bool
	absent bool // what it is where there is no such layer
	bits   *bitTest
}

// A bitTest says the same as a layerTest's on: some bits of a number in the
// header have that value.
type bitTest struct {
	at, size  int // bytes from the start of the header; 1, 2, 4 or 8
	mask, val uint64
}

// cond is the condition as one closure.
func (tr truth) cond() cond {
	l := tr.layer
	switch {
	case l == nil:
		return tr.c
	case l.bits != nil:
		return l.bitCond()
	}
	pr, n, on, absent := l.pr, l.n, l.on, l.absent
	return func(e *env) bool {
		id := e.p.find(pr, n)
		if id == none {
			return absent
		}
		return on(e.p, id)
	}
}

// not is the opposite.
func (tr truth) not() truth {
	if tr.layer == nil {
		c := tr.c
		return truth{c: func(e *env) bool { return !c(e) }, form: tr.form.not()}
	}
	l := *tr.layer
	on := l.on
	l.on = func(p *Packet, id int32) bool { return !on(p, id) }
	l.absent = !l.absent
	l.bits = l.bits.not()
	return truth{layer: &l, form: tr.form.not()}
}

// not is possible for a single bit.
func (b *bitTest) not() *bitTest {
	if b == nil || b.mask&(b.mask-1) != 0 {
		return nil
	}
	o := *b
	o.val ^= o.mask
	return &o
}

// joined is the conjunction or disjunction of conditions. Those on one layer
// move together to the place of the first: no condition has side effects.
func joined(list []truth, and bool) truth {
	if len(list) == 1 {
		return list[0]
	}
	tr := joinedConds(list, and)
	tr.form = joinedForm(list, and)
	return tr
}

func joinedConds(list []truth, and bool) truth {
	var out []truth
	for _, tr := range list {
		i := slices.IndexFunc(out, tr.sameLayer)
		if i < 0 {
			out = append(out, tr)
		} else {
			out[i] = truth{layer: out[i].layer.join(tr.layer, and)}
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	conds := make([]cond, len(out))
	for i, tr := range out {
		conds[i] = tr.cond()
	}
	if and {
		return truth{c: all(conds)}
	}
	return truth{c: some(conds)}
}

func (tr truth) sameLayer(o truth) bool {
	return tr.layer != nil && o.layer != nil && tr.layer.pr == o.layer.pr && tr.layer.n == o.layer.n
}

// join combines two conditions on one layer.
func (l *layerTest) join(o *layerTest, and bool) *layerTest {
	a, b := l.on, o.on
	out := &layerTest{pr: l.pr, n: l.n}
	if and {
		out.on = func(p *Packet, id int32) bool { return a(p, id) && b(p, id) }
		out.absent = l.absent && o.absent
		out.bits = l.bits.and(o.bits)
		return out
	}
	out.on = func(p *Packet, id int32) bool { return a(p, id) || b(p, id) }
	out.absent = l.absent || o.absent
	return out
}

// and joins two tests of the same number, unless they contradict.
func (b *bitTest) and(o *bitTest) *bitTest {
	if b == nil || o == nil || b.at != o.at || b.size != o.size || (b.val^o.val)&b.mask&o.mask != 0 {
		return nil
	}
	return &bitTest{b.at, b.size, b.mask | o.mask, b.val | o.val}
}

// all holds if every condition does.
func all(list []cond) cond {
	switch len(list) {
	case 2:
		a, b := list[0], list[1]
		return func(e *env) bool { return a(e) && b(e) }
	case 3:
		a, b, c := list[0], list[1], list[2]
		return func(e *env) bool { return a(e) && b(e) && c(e) }
	}
	return func(e *env) bool {
		for _, c := range list {
			if !c(e) {
				return false
			}
		}
		return true
	}
}

// some holds if any condition does.
func some(list []cond) cond {
	if len(list) == 2 {
		a, b := list[0], list[1]
		return func(e *env) bool { return a(e) || b(e) }
	}
	return func(e *env) bool {
		for _, c := range list {
			if c(e) {
				return true
			}
		}
		return false
	}
}

// truthOf is the condition that a test, over all its sources, says want.
func (t *translator) truthOf(srcs []source, tt test, want verdict) truth {
	tt = through(srcs, tt)
	return truth{c: func(e *env) bool { return tt(e) == want }}
}

// recordTruth is truthOf for a test of the fields of one record.
func (t *translator) recordTruth(r *referent, rt recordTest, want verdict) truth {
	if want == no && len(r.rest) > 0 {
		rt = orOther(rt, r.rest)
	}
	switch {
	case len(r.srcs) > 0:
	case r.site.kind == siteLayer:
		l := &layerTest{pr: r.site.pr, n: r.site.n}
		l.on = func(p *Packet, id int32) bool { return rt(p, id) == want }
		if r.site.foot {
			l.on = func(p *Packet, id int32) bool {
				id = p.footAbove(id)
				return id != none && rt(p, id) == want
			}
		}
		return truth{layer: l}
	case r.site.kind == siteRecord && !r.site.foot:
		return truth{c: func(e *env) bool { return rt(e.p, e.rec) == want }}
	}
	return t.truthOf(r.srcs, r.site.at(rt), want)
}

// orOther also says no where the name means a field of a type that can never
// be equal.
func orOther(rt recordTest, rest []chain) recordTest {
	return func(p *Packet, id int32) verdict {
		v := rt(p, id)
		for i := 0; i < len(rest) && v == absent; i++ {
			v = verdictOf(rest[i].present(p, id), false)
		}
		return v
	}
}
