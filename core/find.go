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
	for i := range pr.keys {
		k := &pr.keys[i]
		var lo, hi uint64
		var n int
		if k.fast > 0 && t.flags&isShort == 0 {
			b := p.buf[t.start:]
			lo, n = k.loads[0].get(b), k.fast
			if n > 1 {
				if hi = k.loads[1].get(b); hi < lo {
					lo, hi = hi, lo
				}
			}
		} else {
			lo, hi, n = p.keyValues(k, p.top)
		}
		if n > 0 {
			if ok, end := p.try(k.table.find(lo), goal); end {
				return ok
			}
		}
		if n > 1 && lo != hi {
			if ok, end := p.try(k.table.find(hi), goal); end {
				return ok
			}
		}
	}
	ok, _ := p.try(pr.any, goal)
	return ok
}

func (p *Packet) advanceFirst(goal *Proto) bool {
	if p.first != nil {
		return p.tryOne(p.first) == fits
	}
	if t := p.reg.link; t != nil && p.LinkType >= 0 {
		ok, _ := p.try(t.find(uint64(p.LinkType)), goal)
		return ok
	}
	return false
}

// keyValues returns the values of a key source, the lower first, and how many there are.
func (p *Packet) keyValues(k *keySource, id int32) (lo, hi uint64, n int) {
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
func (p *Packet) try(cands []*Proto, goal *Proto) (ok, end bool) {
	if goal != nil && len(cands) > 0 && hopeless(cands, goal) {
		p.done = false
		return false, true
	}
	for _, pr := range cands {
		switch p.tryOne(pr) {
		case fits:
			return true, true
		case isBroken:
			return false, true
		}
	}
	return false, false
}

// hopeless reports whether one of the candidates will be found or break, and
// none that may be found leads to the goal.
func hopeless(cands []*Proto, goal *Proto) bool {
	for _, c := range cands {
		if c == goal || c.reach.has(goal.id) {
			return false
		}
		if c.check == nil {
			return true
		}
	}
	return false
}

func (p *Packet) tryOne(pr *Proto) outcome {
	if p.depth >= maxLayers {
		return p.broken(pr, p.nodes[p.top].end, 0, 0, "more than 32 layers")
	}
	m := p.mark()
	o := p.fit(pr, p.top)
	if o == fits && pr.Spec.Hook != nil && !p.runHook(pr, int32(m.nodes)) {
		o = isBroken
	}
	if o != fits {
		p.release(m)
	}
	return o
}

func (p *Packet) runHook(pr *Proto, id int32) bool {
	if err := pr.Spec.Hook.Run(Layer{p, id, p.epoch}); err != nil {
		p.broken(pr, p.nodes[id].start, 0, 0, err.Error())
		p.nodes[p.nodes[id].down].up = none
		p.top, p.depth, p.done = p.nodes[id].down, p.depth-1, true
		return false
	}
	return true
}

// broken records what is wrong with the layer that would start at byte at.
func (p *Packet) broken(pr *Proto, at int32, need, have int, what string) outcome {
	p.err = fault{pr, int(at), need, have, what}
	return isBroken
}

// short is the outcome when a header is not all there.
func (p *Packet) short(pr *Proto, at int32, need, have int) outcome {
	if pr.check != nil {
		return isOther
	}
	return p.broken(pr, at, need, have, "")
}

// fit lays protocol pr over the body of layer below and makes it the top.
func (p *Packet) fit(pr *Proto, below int32) outcome {
	b := &p.nodes[below]
	start, limit := b.end, b.body-b.spare
	avail := int(limit - start)
	cut := b.flags & isCut
	lay := pr.head
	if avail < lay.fixed {
		if !p.quote {
			return p.short(pr, start, lay.fixed, avail)
		}
		return p.stack(node{layout: lay, proto: pr, start: start, end: limit, body: limit, tail: limit,
			down: below, flags: isShort | cut})
	}
	id, n := p.push()
	n.layout, n.proto, n.down, n.flags = lay, pr, below, cut
	n.start, n.end, n.body, n.tail = start, start+int32(lay.fixed), limit, limit
	if !pr.quick || !n.boundQuick(pr, p.buf[start:limit]) {
		if o := p.bound(id, pr, avail); o != fits {
			return o
		}
	}
	if pr.check != nil && !p.holds(pr.check, id) {
		return isOther
	}
	p.nodes[below].up = id
	p.top, p.done = id, false
	p.depth++
	return fits
}

// boundQuick is bound for the common case: header and length are plain loads,
// there is nothing else to prove, and both are within b. Else it changes nothing.
func (n *node) boundQuick(pr *Proto, b []byte) bool {
	head, size := pr.head.fixed, len(b)
	if s := pr.hdr.slot; s != nil {
		head = int(s.load.get(b))*pr.hdr.mul + pr.hdr.add
		if head < pr.head.fixed || head > len(b) {
			return false
		}
	}
	if s := pr.all.slot; s != nil && (s.gate == nil || s.gate.open(b)) {
		all := int(s.load.get(b))*pr.all.mul + pr.all.add
		if pr.all.behind && all != 0 {
			all += head
		}
		if all < head || all > len(b) {
			return false
		}
		size = all
		n.flags = n.flags&^isCut | isBound
	}
	n.end = n.start + int32(head)
	if n.down == 0 {
		n.spare = int32(len(b) - size)
		return true
	}
	n.tail = n.start + int32(size)
	n.body = n.tail
	return true
}

// stack puts a finished node on top.
func (p *Packet) stack(n node) outcome {
	n.parent, n.spans, n.up, n.foot = none, none, none, none
	id := p.newNode(n)
	p.nodes[n.down].up = id
	p.top, p.done = id, false
	p.depth++
	return fits
}

// bound finds where the header and the layer end.
func (p *Packet) bound(id int32, pr *Proto, avail int) outcome {
	lay, start := pr.head, p.nodes[id].start
	head := lay.fixed
	switch {
	case lay.static && !pr.headed:
	case pr.headed:
		h, ok := p.sizeOf(&pr.hdr, id)
		if !ok || h < int64(lay.fixed) {
			return p.orOther(pr, p.broken(pr, start, lay.fixed, int(h), "header too short"))
		}
		if h > int64(avail) {
			if !p.quote {
				return p.short(pr, start, int(min(h, 1<<30)), avail)
			}
			h = int64(avail)
			p.nodes[id].flags |= isShort
		}
		head = int(h)
		p.nodes[id].end = start + int32(head)
		if lay.eager {
			if o := p.prove(id, pr, start+int32(head), true); o != fits {
				return o
			}
		}
	case lay.lazy:
		limit := p.nodes[id].body
		p.nodes[id].spans = p.newSpans(lay.nspan)
		end, pos, w := p.walkSlots(id, limit, false, lay.spanFrom, lay.lazyFrom, lay.spanPos)
		if w != walkWhole {
			return p.short(pr, start, int(end-start), avail)
		}
		p.nodes[id].flags |= isOpen
		p.nodes[id].resume = int32(pos)
		p.nodes[id].end = end
	default:
		if o := p.prove(id, pr, p.nodes[id].body, false); o != fits {
			return o
		}
		head = int(p.nodes[id].end - start)
	}
	return p.extent(id, pr, head, avail)
}

func (p *Packet) orOther(pr *Proto, o outcome) outcome {
	if pr.check != nil {
		p.err = fault{}
		return isOther
	}
	return o
}

// prove lays out the fields of a header whose sizes must be checked now.
func (p *Packet) prove(id int32, pr *Proto, limit int32, given bool) outcome {
	start := p.nodes[id].start
	end, w := p.walk(id, limit, given)
	if w != walkWhole {
		have := int(limit - start)
		if w == walkShort && p.quote {
			p.nodes[id].end = limit
			p.nodes[id].flags |= isShort
			return fits
		}
		if w == walkShort && !given {
			return p.short(pr, start, int(end-start), have)
		}
		return p.orOther(pr, p.broken(pr, start, int(end-start), have, "a field lies beyond the header"))
	}
	if !given {
		p.nodes[id].end = end
	}
	return fits
}

// extent applies the layer's own length and finds its footer.
func (p *Packet) extent(id int32, pr *Proto, head, avail int) outcome {
	n := &p.nodes[id]
	size := avail
	if !pr.bounded {
		if len(pr.foot.Slots) == 0 {
			return fits
		}
	} else {
		all, ok := p.sizeOf(&pr.all, id)
		n = &p.nodes[id]
		switch {
		case !ok:
			return p.orOther(pr, p.broken(pr, n.start, 0, 0, "its length cannot be told"))
		case all > int64(avail):
			n.flags |= isCut
		case all != 0:
			if all < int64(head) {
				return p.orOther(pr, p.broken(pr, n.start, head, int(all), "length shorter than the header"))
			}
			n.flags = n.flags&^isCut | isBound
			size = int(all)
		}
	}
	if n.down == 0 { // nothing below has what is left: it is this layer's trailer
		n.spare, size = int32(avail-size), avail
	}
	n.tail = n.start + int32(size)
	n.body = n.tail
	if len(pr.foot.Slots) == 0 {
		return fits
	}
	return p.footer(id, pr, head, size)
}

// footer finds the fields behind the body. A cut layer has lost them.
func (p *Packet) footer(id int32, pr *Proto, head, size int) outcome {
	start, tail, cut := p.nodes[id].start, p.nodes[id].tail, p.nodes[id].flags&isCut != 0
	foot := p.newNode(node{layout: pr.foot, proto: pr, parent: id, start: tail, end: tail, spans: none, up: none, down: none, foot: none})
	want := pr.foot.fixed
	if !pr.foot.static {
		p.nodes[foot].start = start + int32(head)
		end, w := p.walk(foot, tail, false)
		if w != walkWhole {
			return p.orOther(pr, p.broken(pr, tail, want, size-head, "footer"))
		}
		want = int(end) - int(start) - head
	}
	if cut || want > size-head {
		if !cut {
			return p.orOther(pr, p.broken(pr, start, head+want, size, ""))
		}
		p.nodes = p.nodes[:foot]
		return fits
	}
	p.nodes[foot].start = tail - int32(want)
	p.nodes[id].body = tail - int32(want)
	p.nodes[id].foot = foot
	return fits
}

// sizeOf evaluates a size of record id.
func (p *Packet) sizeOf(s *size, id int32) (int64, bool) {
	if f := s.slot; f != nil {
		if f.simple && !s.behind && !f.Signed {
			if n := &p.nodes[id]; n.flags&isShort == 0 {
				return int64(f.load.get(p.buf[n.start:]))*int64(s.mul) + int64(s.add), true
			}
		}
		v, ok := p.num(id, f)
		if !ok {
			return 0, f.When != "" // not there: it bounds nothing
		}
		n := f.signed(v)*int64(s.mul) + int64(s.add)
		if s.behind && n != 0 {
			n += int64(p.nodes[id].end - p.nodes[id].start)
		}
		return n, true
	}
	if s.fn == nil {
		return int64(s.konst), true
	}
	return p.eval(s.fn, id)
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
	end, _, _ := p.walkSlots(id, n.body, false, lay.lazyFrom, len(lay.Slots), int(n.resume))
	p.nodes[id].end = min(end, p.nodes[id].body)
}
