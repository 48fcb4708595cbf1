package core

import "bytes"

// A walkResult says how laying out a record ended.
type walkResult uint8

const (
	walkWhole walkResult = iota
	walkShort            // the bytes end within the record
	walkBad              // a size is negative, too big, or cannot be told
)

// walk lays out the fields of record id, whose bytes end at limit at the
// latest. With given, limit is the record's own end, and fields of fixed width
// that would lie beyond it are absent. It returns the end of the fields, or
// where they would end.
func (p *Packet) walk(id, limit int32, given bool) (int32, walkResult) {
	lay := p.nodes[id].layout
	p.nodes[id].spans = p.newSpans(lay.nspan)
	end, _, r := p.walkSlots(id, limit, given, 0, len(lay.Slots), 0)
	return end, r
}

// walkSlots lays out the fields from (inclusive) to (exclusive) of a record,
// the first of them at bit pos. It also returns the bit behind the last.
func (p *Packet) walkSlots(id, limit int32, given bool, from, to, pos int) (int32, int, walkResult) {
	lay := p.nodes[id].layout
	start, sp := p.nodes[id].start, p.nodes[id].spans
	end := int(limit-start) << 3
	to = min(to, len(lay.Slots))
	head := -1
	if lay.all.given() {
		head = lay.head
	}
	for i := from; i < to; i++ {
		s := lay.Slots[i]
		if i == head && p.unbounded(lay, id) {
			head = -1
		}
		if i == head {
			n, r := p.sized(lay, id, pos, end)
			if r != walkWhole {
				return start + n, pos, r
			}
			end, given, limit = int(n)<<3, true, start+n
		}
		if g := s.gate; g != nil && g.need<<3 > end && s.part == nil { // it cannot be asked
			if given {
				break
			}
			return start + int32(g.need), pos, walkShort
		}
		if s.Get != "" || s.part != nil || s.when != nil && !p.there(s, id, int(start)<<3+pos) {
			continue
		}
		if s.Align > 1 && s.Kind != List && s.Kind != Pad {
			pos = roundUp(pos, s.Align<<3)
		}
		w, next, r := p.measure(s, id, pos, end)
		if need := next + s.above; r == walkWhole && need > end {
			next, r = need, walkShort
		}
		if r == walkShort && given && (s.width >= 0 || p.nodes[id].parent != none) {
			break // beyond the header: absent, and so is what follows
		}
		if r != walkWhole {
			return start + int32((next+7)>>3), pos, r
		}
		if s.span >= 0 {
			f := &p.spans[int(sp)+s.span]
			f.off, f.n = int32(pos), int32(w) // a list that was walked has set its node
		}
		pos = next
	}
	if to < len(lay.Slots) {
		return start + int32((pos+7)>>3), pos, walkWhole
	}
	if head >= len(lay.Slots) { // nothing follows type and length
		if !p.unbounded(lay, id) {
			n, r := p.sized(lay, id, pos, end)
			return start + n, pos, r
		}
		head = -1
	}
	if head >= 0 || given {
		return limit, pos, walkWhole
	}
	return start + int32((pos+7)>>3), pos, walkWhole
}

// sized returns the bytes that an item says it has, of which pos bits are laid
// out and end are there.
func (p *Packet) sized(lay *Layout, id int32, pos, end int) (int32, walkResult) {
	n, ok := p.itemSize(lay, id, pos)
	switch {
	case !ok || n<<3 < pos:
		return 0, walkBad
	case n<<3 > end:
		return int32(n), walkShort
	}
	return int32(n), walkWhole
}

// there asks a field's condition while its record is laid out; the field would lie at bit pos.
func (p *Packet) there(s *Slot, id int32, pos int) bool {
	if s.before != nil && p.isTaken(id, s) {
		return false
	}
	if s.gate != nil {
		return s.gate.open(p.buf[p.nodes[id].start:])
	}
	if s.with != nil {
		_, _, ok := p.place(id, s.with)
		return ok != s.without
	}
	self, here := p.env.self, p.env.here
	p.env.self, p.env.here = s, pos
	ok := p.holds(s.when, id)
	p.env.self, p.env.here = self, here
	return ok
}

// isTaken reports whether an earlier field of the same name is there.
func (p *Packet) isTaken(id int32, s *Slot) bool {
	for b := s.before; b != nil; b = b.before {
		if b.part != nil {
			continue
		}
		if _, _, ok := p.place(id, b); ok {
			return true
		}
	}
	return false
}

// unbounded reports whether the length field of an item is absent, so that the
// item is as long as its fields.
func (p *Packet) unbounded(lay *Layout, id int32) bool {
	if lay.all.slot == nil || lay.all.slot.When == "" || p.nodes[id].flags&isFixed != 0 {
		return false
	}
	_, _, ok := p.place(id, p.told(id, lay.all.slot))
	return !ok
}

// itemSize returns the bytes of item id; its head ends at bit pos.
func (p *Packet) itemSize(lay *Layout, id int32, pos int) (int, bool) {
	if n := &p.nodes[id]; n.flags&isFixed != 0 {
		return int(n.end - n.start), true
	}
	n, ok := p.sizeOf(&lay.all, id)
	if lay.behind {
		n += int64((pos + 7) >> 3)
	}
	return int(n), ok && n >= 0 && n < 1<<28
}

// measure returns the width of field s at bit pos and where the next begins.
func (p *Packet) measure(s *Slot, id int32, pos, end int) (w, next int, r walkResult) {
	switch {
	case s.width >= 0:
		return s.width, pos + s.width, walkWhole
	case s.size != nil && p.nodes[id].flags&isFixed != 0 && s.sizeFollows() && s.isLast():
		return max(end-pos, 0), max(end, pos), walkWhole // its length is about to be derived from it
	case s.size != nil:
		n, ok := p.eval(s.size, id)
		if !ok || n < 0 || n > 1<<27 || s.addrSize() > 0 && n > int64(s.addrSize()) {
			p.bad = badSize{s, n, ok}
			return 0, pos, walkBad
		}
		return int(n) << 3, pos + int(n)<<3, walkWhole
	case s.until != nil:
		b := p.record(id, pos, end)
		i := bytes.Index(b, s.until)
		if i < 0 {
			return 0, end + len(s.until)<<3, walkShort
		}
		return i << 3, pos + (i+len(s.until))<<3, walkWhole
	case s.Kind == Name:
		n := nameSize(p.record(id, pos, end))
		if n == 0 {
			return 0, end + 8, walkShort
		}
		return n << 3, pos + n<<3, walkWhole
	case s.Kind == Pad: // as far as the record goes
		n := min(roundUp(pos, s.Align<<3), end)
		return n - pos, n, walkWhole
	case s.Kind == List && (s.count != nil || s.Last != "" || s.End != "" || s.Closed != nil):
		return p.measureList(s, id, pos, end)
	}
	return max(end-pos, 0), max(end, pos), walkWhole
}

// record returns the bytes of a record between two bit positions.
func (p *Packet) record(id int32, pos, end int) []byte {
	if pos >= end {
		return nil
	}
	start := int(p.nodes[id].start)
	return p.buf[start+pos>>3 : start+end>>3]
}

// measureList walks a list that nothing but its items bounds.
func (p *Packet) measureList(s *Slot, id int32, pos, end int) (w, next int, r walkResult) {
	start := p.nodes[id].start
	l := p.newList(s, id, start+int32(pos>>3), start+int32(end>>3))
	p.walkList(l)
	n := &p.nodes[l]
	if n.flags&isDamaged == 0 {
		n.end = n.pad
	}
	w = int(n.end-n.start) << 3
	if s.span >= 0 {
		p.spans[int(p.nodes[id].spans)+s.span].node = l
	}
	return w, pos + w + p.stopLen(s, int(n.end))<<3, walkWhole
}

// stopText is what ends a field, when it is built.
func (s *Slot) stopText() string {
	if s.Closed != nil {
		return s.Closed[0]
	}
	return s.Until
}

// stopLen returns the bytes of the text that ends a field, which lies before byte at.
func (p *Packet) stopLen(s *Slot, at int) int {
	if s.Closed != nil {
		return s.closing(p.buf[at:])
	}
	return len(s.until)
}

// closing returns the bytes of the text that ends a list, if b begins with one.
func (s *Slot) closing(b []byte) int {
	for _, t := range s.Closed {
		if len(b) >= len(t) && string(b[:len(t)]) == t {
			return len(t)
		}
	}
	return 0
}

func (p *Packet) newSpans(n int) int32 {
	at := len(p.spans)
	for range n {
		p.spans = append(p.spans, span{0, none, none})
	}
	return int32(at)
}

// spanOf returns the span of a field that has one, laying out its record first.
// It is valid until the next record is laid out.
func (p *Packet) spanOf(id int32, s *Slot) *span {
	if s.idx >= p.nodes[id].layout.lazyFrom {
		p.close(id)
	}
	n := &p.nodes[id]
	if n.spans == none {
		p.walk(id, n.end, true)
		n = &p.nodes[id]
	}
	return &p.spans[int(n.spans)+s.span]
}

func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }

// isLast reports whether no other bytes of the record follow the field.
func (s *Slot) isLast() bool {
	for _, o := range s.layout.Slots[s.idx+1:] {
		if o.Get == "" && o.part == nil {
			return false
		}
	}
	return true
}
