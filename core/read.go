package core

// place returns where field s of record id lies: bits from the start of the
// packet, and its width. ok is false where it is absent.
func (p *Packet) place(id int32, s *Slot) (pos, width int, ok bool) {
	if s.part != nil {
		pos, _, ok = p.place(id, s.part)
		return pos + s.wire, s.Bits, ok
	}
	n := &p.nodes[id]
	if s.simple && n.flags&isShort == 0 {
		return int(n.start)<<3 + s.off, s.width, true
	}
	if n.flags&isShort != 0 {
		return p.placeShort(id, s)
	}
	if s.span < 0 {
		return 0, 0, false // computed: it has no place
	}
	if n.spans == none && s.static && s.width >= 0 && n.flags&isOpen == 0 {
		start, end := n.start, n.end
		switch {
		case s.needs() > int(end-start)<<3:
			return 0, 0, false
		case s.gate != nil:
			ok = s.gate.open(p.buf[start:end])
		default:
			ok = s.when == nil || p.holds(s.when, id) && !p.isTaken(id, s)
		}
		return int(start)<<3 + s.off, s.width, ok
	}
	sp := p.spanOf(id, s)
	if sp.n < 0 {
		return 0, 0, false
	}
	return int(p.nodes[id].start)<<3 + int(sp.off), int(sp.n), true
}

// placeShort is place for a header of which the end is missing.
func (p *Packet) placeShort(id int32, s *Slot) (pos, width int, ok bool) {
	n := &p.nodes[id]
	if !s.static || s.width < 0 || s.needs() > int(n.end-n.start)<<3 {
		return 0, 0, false
	}
	if s.when != nil && !p.holds(s.when, id) {
		return 0, 0, false
	}
	return int(n.start)<<3 + s.off, s.width, true
}

// num reads number s of record id: its bits, not extended by its sign. ok is
// false where it is absent.
func (p *Packet) num(id int32, s *Slot) (uint64, bool) {
	if s.simple {
		n := &p.nodes[id]
		if n.flags&isShort == 0 {
			return s.load.get(p.buf[n.start:]), true
		}
	}
	if s.gate != nil && s.part == nil {
		n := &p.nodes[id]
		if n.spans == none && n.flags&(isShort|isOpen) == 0 && s.needs() <= int(n.end-n.start)<<3 {
			b := p.buf[n.start:n.end]
			if !s.gate.open(b) {
				return 0, false
			}
			return s.load.get(b), true
		}
	}
	if s.get != nil {
		v, ok := s.get.number(p, id)
		return uint64(v), ok
	}
	if s.part != nil {
		v, ok := p.num(id, s.part)
		return v >> (s.part.Bits - s.off - s.Bits) & ones(s.Bits), ok
	}
	pos, _, ok := p.place(id, s)
	if !ok {
		return 0, false
	}
	return s.bits(p.buf, pos), true
}

// bits reads the number at bit pos of b.
func (s *Slot) bits(b []byte, pos int) uint64 {
	switch {
	case s.Digits:
		return getDigits(b[pos>>3:], s.Bits>>3)
	case s.LSB:
		at := (pos - s.lead) >> 3
		if s.LE {
			return getLE(b[at:], s.word) >> s.lead & ones(s.Bits)
		}
		return getBE(b[at:], s.word) >> s.lead & ones(s.Bits)
	case s.LE:
		return getLE(b[pos>>3:], s.Bits>>3)
	}
	return bitsAt(b, pos, s.Bits)
}

// setBits writes the number at bit pos of b.
func (s *Slot) setBits(b []byte, pos int, v uint64) {
	switch {
	case s.Digits:
		putDigits(b[pos>>3:], s.Bits>>3, v)
	case s.LSB:
		at := (pos - s.lead) >> 3
		m := ones(s.Bits) << s.lead
		if s.LE {
			putLE(b[at:], s.word, getLE(b[at:], s.word)&^m|v<<s.lead&m)
		} else {
			putBE(b[at:], s.word, getBE(b[at:], s.word)&^m|v<<s.lead&m)
		}
	case s.LE:
		putLE(b[pos>>3:], s.Bits>>3, v)
	default:
		setBitsAt(b, pos, s.Bits, v)
	}
}

// signed extends the bits of a number by their sign, if it has one.
func (s *Slot) signed(v uint64) int64 {
	if s.Signed && s.Bits < 64 && v>>(s.Bits-1) != 0 {
		return int64(v | ^ones(s.Bits))
	}
	return int64(v)
}

// raw returns the bytes of field s of record id: those on the wire, without delimiter.
func (p *Packet) raw(id int32, s *Slot) ([]byte, bool) {
	if s.get != nil {
		return s.get.data(p, id)
	}
	if s.simple && s.width >= 0 && (s.off|s.width)&7 == 0 {
		n := &p.nodes[id]
		if n.flags&isShort == 0 {
			at := int(n.start) + s.off>>3
			return p.buf[at : at+s.width>>3 : at+s.width>>3], true
		}
	}
	pos, w, ok := p.place(id, s)
	if !ok || (pos|w)&7 != 0 {
		return nil, false
	}
	at, end := pos>>3, (pos+w)>>3
	return p.buf[at:end:end], true
}

// body returns the bytes above layer id, or of an item those behind type and length.
func (p *Packet) body(id int32) []byte {
	from, to := p.bodyBounds(id)
	return p.buf[from:to:to]
}

// bodyBounds finds where the body of a layer, or of an item, begins and ends.
// What is behind the layer above is not body but trailer.
func (p *Packet) bodyBounds(id int32) (from, to int32) {
	if p.nodes[id].parent != none {
		n := &p.nodes[id]
		return n.start + p.headSize(id), n.end
	}
	p.close(id)
	if id == p.top && !p.done {
		p.advance()
	}
	return p.nodes[id].end, bodyEnd(p.nodes, id)
}

// headSize returns how many bytes type and length of an item have.
func (p *Packet) headSize(id int32) int32 {
	n := &p.nodes[id]
	switch {
	case n.layout == nil: // it is being built: nothing is behind it yet
		return n.end - n.start
	case n.layout.head == 0:
		return 0
	}
	for i := n.layout.head - 1; i >= 0; i-- { // the last of them that is there
		s := p.told(id, p.nodes[id].layout.Slots[i])
		if s.Get != "" {
			continue
		}
		if pos, w, ok := p.place(id, s); ok {
			return int32((pos+w+7)>>3) - p.nodes[id].start
		}
	}
	return p.nodes[id].end - p.nodes[id].start
}

// find returns the n-th layer of protocol pr, counted from 1, dissecting no
// further than needed, or none.
func (p *Packet) find(pr *Proto, n int) int32 {
	if p.top != 0 || n != 1 {
		return p.findAbove(0, pr, n)
	}
	switch _, f := p.climb(pr); f {
	case nowhere:
		return none
	case here:
		p.settle()
		return p.findAbove(0, pr, n)
	}
	for p.advanceTo(pr) {
		t := p.nodes[p.top].proto
		if t == pr {
			return p.top
		}
		if !t.reach.has(pr.id) {
			break
		}
	}
	return none
}

// findAbove is find strictly above a layer.
func (p *Packet) findAbove(id int32, pr *Proto, n int) int32 {
	for {
		up := p.nodes[id].up
		if up == none {
			top := &p.nodes[p.top]
			if p.done || top.proto != nil && !top.proto.reach.has(pr.id) || !p.advanceTo(pr) {
				return none
			}
			up = p.nodes[id].up
			if up == none {
				return none
			}
		}
		id = up
		if p.nodes[id].proto == pr {
			if n--; n <= 0 {
				return id
			}
		}
	}
}
