package core

import (
	"fmt"
	"slices"
)

// insertItem puts an item made of v before item number i (from 0) of list l.
func (p *Packet) insertItem(l int32, i int, v any) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.changeIn(l, func() error {
		n := &p.nodes[l]
		if i == int(n.n) && n.flags&isDamaged != 0 {
			return fmt.Errorf("%s: what follows the last whole item is damaged; assign the whole list to replace it", n.slot)
		}
		if int(n.n) >= maxItems {
			return fmt.Errorf("%s: a list has at most %d items", n.slot, maxItems)
		}
		err := p.insertNew(l, i, v)
		if err == nil {
			p.markEnd(l, false)
		}
		return err
	})
}

// insertNew makes items behind the packet's bytes, where what is around them
// can be asked, and moves them to their place.
func (p *Packet) insertNew(l int32, i int, values ...any) error {
	first, old := len(p.nodes), len(p.buf)
	ids := make([]int32, 0, len(values))
	for k, v := range values {
		id, err := p.appendItem(l, v)
		if err != nil && len(values) > 1 {
			err = fmt.Errorf("%w (item %d)", err, k+1)
		}
		if err != nil {
			return err
		}
		if ids = append(ids, id); k+1 < len(values) {
			p.align(p.nodes[l].slot, p.nodes[id].start)
		}
	}
	b := append([]byte(nil), p.buf[old:]...)
	p.buf = p.buf[:old]
	if err := p.insertStaged(l, i, b, first, old); err != nil {
		return err
	}
	for k, id := range ids {
		p.orderInsert(l, i+k, id)
	}
	p.stateEnd(l, ids)
	p.listChanged(l)
	p.resized(p.nodes[l].parent, p.nodes[l].slot)
	return p.caused(p.nodes[l].slot)
}

// insertStaged puts the bytes of a new item into list l. Its nodes, from first
// on, lie at byte old as yet.
func (p *Packet) insertStaged(l int32, i int, b []byte, first, old int) error {
	for id := first; id < len(p.nodes); id++ {
		p.nodes[id].flags |= isDead // not to be moved with the others
	}
	if err := p.padBefore(l, i); err != nil {
		return err
	}
	n := &p.nodes[l]
	s := n.slot
	at := int(n.stop)
	if i < int(n.n) {
		at = int(p.nodes[p.items(l)[i]].start)
	}
	if s.Align > 1 && (i < int(n.n) || !p.outerPads(l)) {
		b = append(b, make([]byte, roundUp(len(b), s.Align)-len(b))...) // those before are aligned
	}
	stop, pad := n.stop, n.pad
	p.splice(spot{owner: l, item: i}, at, 0, b)
	n = &p.nodes[l]
	n.stop, n.pad = stop+int32(len(b)), pad+int32(len(b))
	for id := first; id < len(p.nodes); id++ {
		p.nodes[id].flags &^= isDead
		p.nodes[id].shift(int32(at - old))
	}
	return nil
}

func (n *node) shift(d int32) {
	n.start += d
	n.end += d
	n.stop += d
	n.pad += d
	n.body += d
	n.tail += d
}

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

// orderInsert notes item id as number i of list l. Items of a list lie side by side in p.order.
func (p *Packet) orderInsert(l int32, i int, id int32) {
	n := &p.nodes[l]
	if int(n.first+n.n) != len(p.order) {
		p.order = append(p.order, p.order[n.first:n.first+n.n]...)
		n.first = int32(len(p.order)) - n.n
	}
	p.order = append(p.order, 0)
	items := p.order[n.first:]
	copy(items[i+1:], items[i:])
	items[i] = id
	n.n++
}

// removeItem takes out item number i (from 0) of list l.
func (p *Packet) removeItem(l int32, i int) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.changeIn(l, func() error {
		p.dropItem(l, i)
		p.markEnd(l, false)
		n := &p.nodes[l]
		s, rec := n.slot, n.parent
		p.listChanged(l)
		p.resized(rec, s)
		return p.caused(s)
	})
}

func (p *Packet) dropItem(l int32, i int) {
	items := p.items(l)
	id := items[i]
	at, end := int(p.nodes[id].start), int(p.nodes[l].stop)
	if i+1 < len(items) {
		end = int(p.nodes[items[i+1]].start)
	}
	p.kill(id)
	copy(items[i:], items[i+1:])
	p.nodes[l].n--
	p.splice(spot{owner: l, item: i}, at, end-at, nil)
}

// clearList takes out every item; bytes that form none stay.
func (p *Packet) clearList(l int32) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.changeIn(l, func() error { return p.emptyList(l, false) })
}

func (p *Packet) emptyList(l int32, rest bool) error {
	n := &p.nodes[l]
	s, rec := n.slot, n.parent
	p.kill(p.items(l)...)
	n.n = 0
	end := n.stop
	if rest {
		if n.flags&isDamaged != 0 || n.slot.Pad > 1 {
			end = n.end
		}
		n.flags &^= isDamaged
	}
	at := int(n.start)
	p.splice(spot{owner: l}, at, int(end)-at, nil)
	n = &p.nodes[l]
	n.stop, n.pad = n.start, max(n.pad, n.start)
	if rest {
		n.pad = n.start
	}
	p.listChanged(l)
	p.resized(rec, s)
	return p.caused(s)
}

// setList replaces the whole content of a list by items made of values.
func (p *Packet) setList(l int32, values []any) error {
	if err := p.begin(true); err != nil {
		return err
	}
	if p.hasItems(l, values) {
		p.storedList(l)
		return nil
	}
	return p.changeIn(l, func() error {
		if err := p.emptyList(l, true); err != nil {
			return err
		}
		if len(values) > maxItems {
			return fmt.Errorf("%s: a list has at most %d items", p.nodes[l].slot, maxItems)
		}
		if len(values) == 0 {
			return nil
		}
		err := p.insertNew(l, 0, values...)
		if err == nil {
			p.markEnd(l, true)
		}
		return err
	})
}

// hasItems reports whether a list that is whole consists of these items, given
// as their bytes, already. Then its padding stays as it came, too.
func (p *Packet) hasItems(l int32, values []any) bool {
	items := p.items(l)
	if len(items) != len(values) || p.nodes[l].flags&isDamaged != 0 {
		return false
	}
	for i, id := range items {
		n := &p.nodes[id]
		b, ok := values[i].([]byte)
		if !ok || string(b) != string(p.buf[n.start:n.end]) {
			return false
		}
	}
	return true
}

// storedList notes that the bytes of a list were written.
func (p *Packet) storedList(l int32) {
	n := p.nodes[l]
	p.stored(n.parent, n.slot)
}

// listChanged notes that a list has other items than before.
func (p *Packet) listChanged(l int32) {
	p.touch(l)
	n := &p.nodes[l]
	p.follow(n.parent, n.slot, useCount)
	p.follow(n.parent, n.slot, usePresent)
}

// touch notes that the padding of a list, behind one of its items, or within a record may be wrong.
func (p *Packet) touch(l int32) {
	if n := &p.nodes[l]; n.flags&isTouched == 0 {
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
		pos = at + w + len(s.until)<<3
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
	if s.Pad <= 1 || n.flags&isDamaged != 0 {
		return
	}
	size := int(n.stop - p.nodes[n.parent].start)
	at, have, want := int(n.stop), int(n.end-n.stop), roundUp(size, s.Pad)-size
	if have > 0 || want > 0 {
		p.splice(spot{owner: l, item: int(n.n)}, at, have, make([]byte, want))
		n = &p.nodes[l]
		n.stop, n.pad, n.end = int32(at), int32(at+want), int32(at+want)
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

// relist finds the items of a list anew, after its bytes were assigned.
func (p *Packet) relist(id int32, s *Slot) {
	sp := &p.spans[int(p.nodes[id].spans)+s.span]
	if sp.node != none {
		p.kill(sp.node)
	}
	sp = &p.spans[int(p.nodes[id].spans)+s.span]
	start := p.nodes[id].start
	sp.node = none
	l := p.newList(s, id, start+sp.off>>3, start+(sp.off+sp.n)>>3)
	p.spans[int(p.nodes[id].spans)+s.span].node = l
	p.nodes[l].flags |= isFree
	p.walkList(l)
	for _, item := range p.items(l) {
		p.freezeRecord(item)
	}
	p.follow(id, s, useCount)
}

// setItemBody replaces what follows type and length of an item.
func (p *Packet) setItemBody(id int32, b []byte) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.changeIn(id, func() error {
		from, to := p.bodyBounds(id)
		l := p.nodes[id].parent
		p.kill(p.listsOf(id)...)
		lay := p.nodes[id].layout
		p.splice(spot{owner: id, slot: lay.head}, int(from), int(to-from), b)
		p.relayItem(id)
		if size := int(p.nodes[id].end - p.nodes[id].start); size < lay.fixed || lay.static && !lay.all.given() && size != lay.fixed {
			return fmt.Errorf("%s: an item of %d bytes, not %d", p.nodes[l].slot, lay.fixed, size)
		}
		for _, s := range lay.Slots[min(lay.head, len(lay.Slots)):] {
			p.follow(id, s, useSize)
			p.follow(id, s, useValue)
			p.follow(id, s, useCount)
		}
		p.resized(id, nil)
		p.listChanged(l)
		return p.caused(p.nodes[l].slot)
	})
}

// relayItem lays out an item anew within the bounds it has.
func (p *Packet) relayItem(id int32) {
	n := &p.nodes[id]
	n.flags |= isFixed
	if n.layout.nspan > 0 {
		p.walk(id, n.end, true)
		p.freezeRecord(id)
	}
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
