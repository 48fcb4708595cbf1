package core

// broken records what is wrong with the layer that would start at byte at.
func (p *Packet) broken(pr *Proto, at int32, need, have int, what string) outcome {
	p.err = fault{proto: pr, at: int(at), need: need, have: have, what: what}
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
	cut := b.flags & p.nodes[0].flags & isCut // a length too long alone bounds nothing above
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
		limit := p.reach(id, pr, avail)
		p.nodes[id].spans = p.newSpans(lay.nspan)
		end, pos, w := p.walkSlots(id, limit, false, lay.spanFrom, lay.lazyFrom, lay.spanPos)
		if w != walkWhole {
			return p.short(pr, start, int(end-start), avail)
		}
		p.nodes[id].flags |= isOpen
		p.nodes[id].resume = int32(pos)
		p.nodes[id].end = end
		head = int(end - start)
	default:
		if o := p.prove(id, pr, p.reach(id, pr, avail), false); o != fits {
			return o
		}
		head = int(p.nodes[id].end - start)
	}
	return p.extent(id, pr, head, avail)
}

// reach returns where the fields of a header must end at the latest: where the
// layer does, if a plain field tells that, or its footer begins.
func (p *Packet) reach(id int32, pr *Proto, avail int) int32 {
	n := &p.nodes[id]
	end, whole := n.body, !pr.bounded && n.flags&isCut == 0
	if pr.bounded && pr.all.simple() {
		all, ok := p.sizeOf(&pr.all, id)
		n = &p.nodes[id]
		switch {
		case ok && all == 0: // bounds nothing
			whole = n.flags&isCut == 0
		case ok && all >= int64(pr.head.fixed) && all <= int64(avail):
			end, whole = n.start+int32(all), true
		}
	}
	if pr.footFirst && whole {
		size := p.footSize(id, pr)
		return max(p.nodes[id].start, end-size)
	}
	return end
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
		if w == walkBad {
			o := p.broken(pr, start, 0, 0, "the size of a field cannot be told")
			p.err.badSize = p.bad
			return p.orOther(pr, o)
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
			n.beyond = int32(min(all-int64(avail), 1<<30))
		case all != 0:
			if all < int64(head) {
				return p.orOther(pr, p.broken(pr, n.start, head, int(all), "length shorter than the header"))
			}
			n.flags = n.flags&^isCut | isBound
			size = int(all)
		}
	}
	if n.down == 0 && len(pr.foot.Slots) == 0 { // nothing below has what is left: it is this layer's trailer
		n.spare, size = int32(avail-size), avail
	}
	n.tail = n.start + int32(size)
	n.body = n.tail
	if len(pr.foot.Slots) == 0 {
		return fits
	}
	return p.footer(id, pr, head, size)
}

// footSize returns the size of a footer that does not depend on its header.
func (p *Packet) footSize(id int32, pr *Proto) int32 {
	if pr.foot.static {
		return int32(pr.foot.fixed)
	}
	n, spans := p.nodes[id], len(p.spans)
	foot := p.newNode(node{layout: pr.foot, proto: pr, parent: id, start: n.start, end: n.body, spans: none, up: none, down: none, foot: none})
	end, _ := p.walk(foot, n.body, false)
	p.nodes, p.spans = p.nodes[:foot], p.spans[:spans]
	return end - n.start
}

// footer finds the fields behind the body. A cut layer has lost them.
func (p *Packet) footer(id int32, pr *Proto, head, size int) outcome {
	start, tail, cut := p.nodes[id].start, p.nodes[id].tail, p.nodes[id].flags&isCut != 0
	foot := p.newNode(node{layout: pr.foot, proto: pr, parent: id, start: tail, end: tail, spans: none, up: none, down: none, foot: none})
	want := pr.foot.fixed
	if !pr.foot.static {
		p.nodes[foot].start = start + int32(head)
		end, w := p.walk(foot, tail, false)
		if w != walkWhole && !cut {
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
