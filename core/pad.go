package core

import "slices"

// Padding: of items, of lists, between fields.

// padBefore pads the last item, if the list aligns items and it came unpadded.
func (p *Packet) padBefore(l int32, i int) error {
	n := &p.nodes[l]
	if n.slot.Align <= 1 || i != int(n.n) || i == 0 {
		return nil
	}
	last := &p.nodes[p.items(l)[i-1]]
	want := last.start + int32(roundUp(int(last.end-last.start), n.slot.Align))
	if d := want - n.stop; d > 0 {
		at := int(n.stop)
		p.splice(spot{owner: l, item: i}, at, 0, make([]byte, d))
		n = &p.nodes[l]
		n.stop, n.pad = int32(at)+d, max(n.pad, int32(at)+d)
	}
	return nil
}

// touch notes that the padding of a list, behind one of its items, or within a record may be wrong.
func (p *Packet) touch(l int32) {
	n := &p.nodes[l]
	n.flags &^= isGiven
	if n.flags&isTouched == 0 {
		n.flags |= isTouched
		p.edit.touched = append(p.edit.touched, l)
	}
}

// repad makes padding right wherever sizes have changed, innermost first.
func (p *Packet) repad() {
	t := p.edit.touched
	slices.SortStableFunc(t, func(a, b int32) int {
		if d := p.nesting(b) - p.nesting(a); d != 0 {
			return d
		}
		if p.nodes[a].layout != nil && p.nodes[b].layout == nil { // an item before its list
			return -1
		}
		return 0
	})
	for _, id := range t {
		n := &p.nodes[id]
		switch {
		case n.flags&isDead != 0:
		case n.layout != nil:
			p.realign(id)
		default:
			n.flags &^= isTouched
			p.repadList(id)
		}
	}
	for _, id := range t {
		p.nodes[id].flags &^= isTouched
	}
	p.edit.touched = t[:0]
}

// realign moves the fields of a record to the multiples they begin or end at.
func (p *Packet) realign(id int32) {
	pos := 0
	for _, s := range p.nodes[id].layout.Slots {
		if s.Get != "" || s.part != nil {
			continue
		}
		at, w, ok := p.place(id, s)
		if !ok {
			continue
		}
		if s.Pad > 1 { // its padding counts from the header
			if l := p.spans[int(p.nodes[id].spans)+s.span].node; l != none {
				p.repadList(l)
				at, w, _ = p.place(id, s)
			}
		}
		at -= int(p.nodes[id].start) << 3
		if s.Align > 1 && s.Kind != List && s.span >= 0 {
			want := roundUp(pos, s.Align<<3)
			if s.Kind == Pad {
				p.spliceField(id, s, 0, w>>3, make([]byte, (want-pos)>>3))
				w = want - pos
			} else if at != want {
				p.moveField(id, s, pos, at, want)
				at = want
			}
		}
		pos = at + w + p.stopLen(s, (int(p.nodes[id].start)<<3+at+w)>>3)<<3
	}
}

// moveField puts field s, and what follows it, from one bit of the record to another.
func (p *Packet) moveField(id int32, s *Slot, end, from, to int) {
	start := int(p.nodes[id].start)
	p.splice(spot{owner: id, slot: s.idx - 1}, start+end>>3, (from-end)>>3, make([]byte, (to-end)>>3))
	n := &p.nodes[id]
	for _, o := range n.layout.Slots[s.idx:] {
		if o.span >= 0 {
			if sp := &p.spans[int(n.spans)+o.span]; sp.n >= 0 {
				sp.off += int32(to - from)
			}
		}
	}
}

func (p *Packet) repadList(l int32) {
	for i := 0; i < int(p.nodes[l].n); i++ {
		id := p.items(l)[i]
		if p.nodes[id].flags&isTouched != 0 {
			p.nodes[id].flags &^= isTouched
			p.fillUnit(id)
			p.alignItem(l, i)
		}
	}
	n := &p.nodes[l]
	if n.n > 0 && p.outerPads(l) {
		p.alignItem(l, int(n.n)-1)
		n = &p.nodes[l]
	}
	s := n.slot
	if s.Pad <= 1 || n.flags&(isDamaged|isGiven) != 0 {
		return
	}
	at, have, want := int(n.stop), int(n.end-n.stop), p.listEnd(l)
	if have > 0 || len(want) > 0 {
		p.splice(spot{owner: l, item: int(n.n)}, at, have, want)
		n = &p.nodes[l]
		end := int32(at + len(want))
		n.stop, n.pad, n.end = int32(at), end, end
	}
}

// outerPads reports whether a list ends an item that is itself padded, as far:
// then its own last item is not (RFC 9260 §3.2.1).
func (p *Packet) outerPads(l int32) bool {
	s, item := p.nodes[l].slot, p.nodes[l].parent
	if s.Align <= 1 || !s.isLast() || p.nodes[item].parent == none {
		return false
	}
	outer := p.nodes[p.nodes[item].parent].slot
	return outer != nil && p.nodes[p.nodes[item].parent].layout == nil && outer.Align >= s.Align
}

// fillUnit appends zeros to an item until a length counted in units can tell its size.
func (p *Packet) fillUnit(id int32) {
	n := &p.nodes[id]
	pad := n.layout.unitPad(nil, int(n.end-n.start))
	if len(pad) == 0 {
		return
	}
	p.splice(spot{owner: id, slot: len(n.layout.Slots)}, int(n.end), 0, pad)
	p.takeRest(id, len(pad))
}

// alignItem makes the padding behind item number i right.
func (p *Packet) alignItem(l int32, i int) {
	s := p.nodes[l].slot
	if s.Align <= 1 {
		return
	}
	items := p.items(l)
	n := &p.nodes[items[i]]
	end, next, size := int(n.end), int(p.nodes[l].stop), int(n.end-n.start)
	last := i+1 == len(items)
	if !last {
		next = int(p.nodes[items[i+1]].start)
	}
	want := roundUp(size, s.Align) - size
	if last && p.outerPads(l) {
		want = 0
	}
	if want == next-end {
		return
	}
	p.splice(spot{owner: l, item: i + 1}, end, next-end, make([]byte, want))
	if last {
		n := &p.nodes[l]
		n.stop = int32(end + want)
		n.pad = max(n.pad, n.stop)
	}
}

// unitPad fills an item up so that a length counted in units can tell it.
func (l *Layout) unitPad(b []byte, head int) []byte {
	unit := 1
	for _, a := range l.autos {
		if k := a.rule.kind; k == ruleTotalLen || k == ruleHeaderLen || k == ruleBodyLen {
			unit = a.rule.unit
		}
	}
	if n := roundUp(head+len(b), unit) - head - len(b); n > 0 {
		return append(b[:len(b):len(b)], make([]byte, n)...)
	}
	return b
}
