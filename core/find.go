package core

// An outcome of trying a protocol on bytes.
type outcome uint8

const (
	fits outcome = iota
	isOther
	isBroken
)

// findAll finds every layer.
func (p *Packet) findAll() {
	for p.advance() {
	}
}

// advance finds the next layer, if there is one.
func (p *Packet) advance() bool { return p.advanceTo(nil) }

// advanceTo is advance on the way to protocol goal: a layer that cannot lead
// there is left unfound.
func (p *Packet) advanceTo(goal *Proto) bool {
	if p.settle() {
		return true
	}
	if p.done {
		return false
	}
	p.done = true
	t := &p.nodes[p.top]
	if t.flags&isOpen != 0 {
		if pr := t.proto; len(pr.keys) == 0 && len(pr.any) == 0 {
			return false
		}
		p.close(p.top)
		t = &p.nodes[p.top]
	}
	if t.end >= t.body-t.spare {
		return false
	}
	if p.top == 0 {
		return p.advanceFirst(goal)
	}
	pr := t.proto
	if len(pr.keys) == 0 && len(pr.any) == 0 {
		return false
	}
	switch {
	case pr.stop == nil:
	case pr.stopBits != nil && t.flags&isShort == 0:
		if pr.stopBits.get(p.buf[t.start:]) != 0 {
			return false
		}
	case p.holds(pr.stop, p.top):
		return false
	}
	if pr.oneKey && t.flags&isShort == 0 {
		k := &pr.keys[0]
		if ok, end := p.try(k.table.find(k.loads[0].get(p.buf[t.start:])), goal); end {
			return ok
		}
	} else if ok, end := p.tryKeys(pr, goal); end {
		return ok
	}
	ok, _ := p.try(pr.any, goal)
	return ok
}

func (p *Packet) advanceFirst(goal *Proto) bool {
	if p.first != nil {
		return p.tryOne(&candidate{Proto: p.first}) == fits
	}
	if t := p.reg.link; t != nil && p.LinkType >= 0 {
		ok, _ := p.try(t.find(uint64(p.LinkType)), goal)
		return ok
	}
	return false
}

// tryKeys tries who is found under the keys of the top layer: first, under all
// of them, those with a check.
func (p *Packet) tryKeys(pr, goal *Proto) (ok, end bool) {
	base := len(p.tries)
	for i := range pr.keys {
		k := &pr.keys[i]
		lo, hi, n := p.keyValues(k, p.top)
		if n > 0 {
			p.tries = appendFound(p.tries, k.table.find(lo))
		}
		if n > 1 && lo != hi {
			p.tries = appendFound(p.tries, k.table.find(hi))
		}
	}
	ok, end = p.tryUnder(p.tries[base:], goal)
	p.tries = p.tries[:base]
	return ok, end
}

func (p *Packet) tryUnder(lists [][]candidate, goal *Proto) (ok, end bool) {
	switch {
	case len(lists) == 0:
		return false, false
	case len(lists) == 1:
		return p.try(lists[0], goal)
	case goal != nil && hopeless(goal, lists...):
		p.done = false
		return false, true
	}
	return p.tryLists(lists)
}

func appendFound(lists [][]candidate, cands []candidate) [][]candidate {
	if len(cands) == 0 {
		return lists
	}
	return append(lists, cands)
}

// tryLists tries the candidates of several keys.
func (p *Packet) tryLists(lists [][]candidate) (ok, end bool) {
	for _, sure := range [...]bool{false, true} {
		for _, cands := range lists {
			for i := range cands {
				if c := &cands[i]; c.sure() == sure {
					if o := p.tryOne(c); o != isOther {
						return o == fits, true
					}
				}
			}
		}
	}
	return false, false
}

// keyValues returns the values of a key source, the lower first, and how many there are.
func (p *Packet) keyValues(k *keySource, id int32) (lo, hi uint64, n int) {
	if k.fast > 0 && p.nodes[id].flags&isShort == 0 {
		b := p.buf[p.nodes[id].start:]
		if lo = k.loads[0].get(b); k.fast == 1 {
			return lo, 0, 1
		}
		hi = k.loads[1].get(b)
		return min(lo, hi), max(lo, hi), 2
	}
	lo, ok := p.num(id, k.slots[0])
	if ok {
		n = 1
	}
	if len(k.slots) == 1 {
		return lo, 0, n
	}
	v, ok := p.num(id, k.slots[1])
	if !ok {
		return lo, 0, n
	}
	if n == 0 {
		return v, 0, 1
	}
	return min(lo, v), max(lo, v), 2
}

// try tries candidates in order; end says that the search is over.
func (p *Packet) try(cands []candidate, goal *Proto) (ok, end bool) {
	if goal != nil && len(cands) > 0 && hopeless(goal, cands) {
		p.done = false
		return false, true
	}
	for i := range cands {
		switch p.tryOne(&cands[i]) {
		case fits:
			return true, true
		case isBroken:
			return false, true
		}
	}
	return false, false
}

// hopeless reports whether one of the candidates will be found or break, and
// none that may be found before leads to the goal.
func hopeless(goal *Proto, lists ...[]candidate) bool {
	var first *candidate // without a check
	for _, cands := range lists {
		for i := range cands {
			c := &cands[i]
			if c.sure() {
				if first == nil {
					first = c
				}
			} else if c.Proto == goal || c.reach.has(goal.id) {
				return false
			}
		}
	}
	return first != nil && first.Proto != goal && !first.reach.has(goal.id)
}

func (p *Packet) tryOne(c *candidate) outcome {
	pr := c.Proto
	if p.depth >= maxLayers {
		return p.broken(pr, p.nodes[p.top].end, 0, 0, "more than 32 layers")
	}
	m, below, depth := p.mark(), p.top, p.depth
	o := p.fit(pr, below)
	switch {
	case c.also == nil:
	case o == isBroken && !p.wouldHold(c.also, pr, below, m):
		p.err, o = fault{}, isOther
	case o == isBroken:
	case o == fits && !p.holds(c.also, p.top):
		o = isOther
	}
	if o == fits && pr.Spec.Hook != nil && !p.runHook(pr, int32(m.nodes)) {
		o = isBroken
	}
	if o != fits {
		p.nodes[below].up = none
		p.top, p.depth, p.done = below, depth, true
		p.release(m)
	}
	return o
}

// wouldHold reports whether the check of a key holds over what is there of a
// header that is broken.
func (p *Packet) wouldHold(check cond, pr *Proto, below int32, m mark) bool {
	b := &p.nodes[below]
	start, limit := b.end, b.body-b.spare
	p.release(m)
	id := p.newNode(node{layout: pr.head, proto: pr, start: start, end: limit, body: limit, tail: limit,
		parent: none, spans: none, up: none, down: below, foot: none, flags: isShort})
	return p.holds(check, id)
}

func (p *Packet) runHook(pr *Proto, id int32) bool {
	if err := pr.Spec.Hook.Run(Layer{p, id, p.epoch}); err != nil {
		p.broken(pr, p.nodes[id].start, 0, 0, err.Error())
		return false
	}
	return true
}

// sizeOf evaluates a size of record id.
func (p *Packet) sizeOf(s *size, id int32) (int64, bool) {
	if f := s.slot; f != nil {
		if f.simple && !s.behind && !f.Signed {
			if n := &p.nodes[id]; n.flags&isShort == 0 {
				return int64(f.load.get(p.buf[n.start:]))*int64(s.mul) + int64(s.add), true
			}
		}
		mul, add := s.mul, s.add
		if t := p.told(id, f); t != f {
			f, mul, add = t, inverse(t).mul, inverse(t).add
		}
		v, ok := p.num(id, f)
		if !ok {
			return 0, f.When != "" // not there: it bounds nothing
		}
		n := f.signed(v)*int64(mul) + int64(add)
		if s.behind && n != 0 {
			n += int64(p.nodes[id].end-p.nodes[id].start) + int64(s.foot)
		}
		return n, true
	}
	if s.fn == nil {
		return int64(s.konst), true
	}
	return p.eval(s.fn, id)
}

// told returns the field that tells a size where several share its name: the
// one that is there, or else s.
func (p *Packet) told(id int32, s *Slot) *Slot {
	if s.before == nil || s.rule == nil {
		return s
	}
	for b := s; b != nil; b = b.before {
		if _, _, ok := p.place(id, b); ok && b.rule != nil && b.rule.kind == s.rule.kind {
			return b
		}
	}
	return s
}

// eval evaluates f over record id. It fails where a value is absent or too big.
func (p *Packet) eval(f numFn, id int32) (int64, bool) {
	e := &p.env
	rec, bad := e.rec, e.bad
	e.rec, e.bad = id, false
	v, ok := f(e)
	ok = ok && !e.bad
	e.rec, e.bad = rec, bad
	return v, ok
}

// holds evaluates a condition over record id.
func (p *Packet) holds(c cond, id int32) bool {
	e := &p.env
	rec, bad := e.rec, e.bad
	e.rec, e.bad = id, false
	v := c(e)
	v = v && !e.bad
	e.rec, e.bad = rec, bad
	return v
}

// close makes sure that the end of a layer's header is known.
func (p *Packet) close(id int32) {
	n := &p.nodes[id]
	if n.flags&isOpen == 0 {
		return
	}
	n.flags &^= isOpen
	lay := n.layout
	end, _, _ := p.walkSlots(id, n.body-n.spare, false, lay.lazyFrom, len(lay.Slots), int(n.resume))
	p.nodes[id].end = min(end, p.nodes[id].body)
}
