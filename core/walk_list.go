package core

// Lists are walked when they are touched, item by item, always onward.

func (p *Packet) newList(s *Slot, rec, start, end int32) int32 {
	return p.newNode(node{slot: s, parent: rec, start: start, end: end, spans: none, up: none, down: none, foot: none,
		stop: start, pad: start})
}

// walkList finds the items of list l. It always advances, so it ends.
func (p *Packet) walkList(l int32) {
	n := &p.nodes[l]
	if n.flags&isWalked != 0 {
		return
	}
	n.flags |= isWalked
	s, rec, pos, limit := n.slot, n.parent, n.start, n.end
	want := int64(maxItems)
	counted := s.count != nil && n.flags&isFree == 0
	if counted {
		want, _ = p.eval(s.count, rec)
	}
	base := len(p.tmp)
	pad, done := pos, false
	for int64(len(p.tmp)-base) < min(want, maxItems) && pos < limit && !done {
		if s.Pad > 1 && !s.items.plain && p.isPadding(pos, limit, s.Pad) {
			break
		}
		if s.Closed != nil && s.closing(p.buf[pos:limit]) > 0 {
			done = true
			break
		}
		m := p.mark()
		id, ok := p.item(l, pos, limit)
		if !ok {
			if !s.closes && p.isMark(id) {
				done, pad = true, limit
			}
			p.release(m)
			break
		}
		lay := p.nodes[id].layout
		if s.End != "" && lay.end != nil && p.holds(lay.end, id) {
			if done, pad = true, limit; s.closes {
				pad = p.nodes[id].end
			}
			p.release(m)
			break
		}
		done = s.Last != "" && lay.last != nil && p.holds(lay.last, id)
		p.tmp = append(p.tmp, id)
		pos = p.nodes[id].end
		if s.Align > 1 {
			pos = min(p.nodes[id].start+int32(roundUp(int(pos-p.nodes[id].start), s.Align)), limit)
		}
	}
	n = &p.nodes[l]
	n.first, n.n = int32(len(p.order)), int32(len(p.tmp)-base)
	p.order = append(p.order, p.tmp[base:]...)
	p.tmp = p.tmp[:base]
	n.stop = pos
	n.pad = max(pad, pos)
	p.padding(n, limit, counted && int64(n.n) == want || done)
	if counted && n.flags&isDamaged != 0 {
		n.beyond = int32(min(max(want-int64(n.n), 0), 1<<30))
	}
}

// isMark reports whether an item that is not whole, or whose length is wrong, is
// the mark that ends its list, as far as its fields are there.
func (p *Packet) isMark(id int32) bool {
	if id == none || p.nodes[id].layout == nil {
		return false
	}
	end := p.nodes[id].layout.end
	if end == nil {
		return false
	}
	if n := &p.nodes[id]; n.spans == none {
		n.flags |= isShort
	}
	return p.holds(end, id)
}

// padding finds where the padding of a list ends; bytes behind it are its rest.
func (p *Packet) padding(n *node, limit int32, complete bool) {
	s := n.slot
	if n.pad < limit && s.Pad > 1 {
		base := p.nodes[n.parent].start // padding counts from the header
		end := min(base+int32(roundUp(int(n.pad-base), s.Pad)), limit)
		if complete || p.isPadding(n.pad, limit, s.Pad) {
			n.pad = end
		}
	}
	if !complete && n.pad < limit {
		n.flags |= isDamaged
	}
	if s.count != nil && n.flags&isFree == 0 && !complete {
		n.flags |= isDamaged
	}
}

// isPadding reports whether fewer than unit zero bytes are left.
func (p *Packet) isPadding(pos, limit int32, unit int) bool {
	if int(limit-pos) >= unit {
		return false
	}
	for _, b := range p.buf[pos:limit] {
		if b != 0 {
			return false
		}
	}
	return true
}

// item lays out the item of list l at pos.
func (p *Packet) item(l, pos, limit int32) (int32, bool) {
	s := p.nodes[l].slot
	if p.live() >= maxNodes || p.nesting(l) > maxDepth {
		return none, false
	}
	id := p.newNode(node{slot: s, parent: l, start: pos, end: limit, spans: none, up: none, down: none, foot: none})
	lay := p.layoutOf(s, id, limit)
	if lay == nil {
		return none, false
	}
	p.nodes[id].layout = lay
	if int(limit-pos) < lay.fixed {
		return id, false
	}
	end := pos + int32(lay.fixed)
	if !lay.static || lay.all.given() {
		var r walkResult
		if end, r = p.walk(id, limit, false); r != walkWhole {
			return id, false
		}
	}
	p.nodes[id].end = end
	return id, end > pos
}

// nesting counts the lists around and including l.
func (p *Packet) nesting(l int32) (n int) {
	for id := l; id != none; id = p.nodes[id].parent {
		if p.nodes[id].layout == nil {
			n++
		}
	}
	return n
}

// layoutOf decides which layout the item at node id has.
func (p *Packet) layoutOf(s *Slot, id, limit int32) *Layout {
	c := &s.items
	if c.one != nil {
		return c.one
	}
	p.nodes[id].layout = c.probe
	if by := c.probe.by; by != nil && by.simple {
		if int(limit-p.nodes[id].start)<<3 < by.needs() {
			return nil
		}
	} else if by != nil {
		m := p.mark()
		p.nodes[id].spans = p.newSpans(c.probe.nspan)
		_, _, r := p.walkSlots(id, limit, false, 0, by.idx+1, 0)
		defer func() { p.release(m); p.nodes[id].spans = none }()
		if r != walkWhole {
			return nil
		}
	}
	v, ok := p.eval(c.by, id)
	if !ok {
		return nil
	}
	return c.pick(v)
}

// list returns the node of list field s of record id, its items walked, or none.
func (p *Packet) list(id int32, s *Slot) int32 {
	sp := p.spanOf(id, s)
	if sp == nil || sp.n < 0 {
		return none
	}
	l := sp.node
	if l == none {
		start := p.nodes[id].start
		l = p.newList(s, id, start+sp.off>>3, start+(sp.off+sp.n)>>3)
		sp.node = l
	}
	p.walkList(l)
	return l
}

// items returns the items of a walked list.
func (p *Packet) items(l int32) []int32 {
	n := &p.nodes[l]
	return p.order[n.first : n.first+n.n]
}
