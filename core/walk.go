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
			n, ok := p.itemSize(lay, id, pos)
			if !ok || n<<3 < pos {
				return start, pos, walkBad
			}
			if n<<3 > end {
				return start + int32(n), pos, walkShort
			}
			end, given, limit = n<<3, true, start+int32(n)
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
		if r == walkWhole && next > end {
			r = walkShort
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
	if head >= len(lay.Slots) && p.unbounded(lay, id) {
		head = -1
	}
	if head >= 0 || given {
		if head >= len(lay.Slots) { // nothing follows type and length
			n, ok := p.itemSize(lay, id, pos)
			if !ok || n<<3 < pos {
				return start, pos, walkBad
			}
			if n<<3 > end {
				return start + int32(n), pos, walkShort
			}
			return start + int32(n), pos, walkWhole
		}
		return limit, pos, walkWhole
	}
	return start + int32((pos+7)>>3), pos, walkWhole
}

// there asks a field's condition while its record is laid out; the field would lie at bit pos.
func (p *Packet) there(s *Slot, id int32, pos int) bool {
	if s.before != nil && p.isTaken(id, s) {
		return false
	}
	if s.gate != nil {
		return s.gate.open(p.buf[p.nodes[id].start:])
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
	case s.Kind == Pad:
		n := roundUp(pos, s.Align<<3)
		return n - pos, min(n, end), walkWhole
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

func (p *Packet) newList(s *Slot, rec, start, end int32) int32 {
	return p.newNode(node{slot: s, parent: rec, start: start, end: end, spans: none, up: none, down: none, foot: none,
		stop: start, pad: start})
}

func (p *Packet) newSpans(n int) int32 {
	at := len(p.spans)
	for range n {
		p.spans = append(p.spans, span{0, none, none})
	}
	return int32(at)
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
		return 0, false
	}
	id := p.newNode(node{slot: s, parent: l, start: pos, end: limit, spans: none, up: none, down: none, foot: none})
	lay := p.layoutOf(s, id, limit)
	if lay == nil || int(limit-pos) < lay.fixed {
		return 0, false
	}
	p.nodes[id].layout = lay
	end := pos + int32(lay.fixed)
	if !lay.static || lay.all.given() {
		var r walkResult
		if end, r = p.walk(id, limit, false); r != walkWhole {
			return 0, false
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
		if int(limit-p.nodes[id].start)<<3 < by.off+by.width {
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
