package core

import "fmt"

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

// replaceItem puts an item made of v in the place of item number i (from 0) of list l.
func (p *Packet) replaceItem(l int32, i int, v any) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.changeIn(l, func() error {
		p.dropItem(l, i)
		err := p.insertNew(l, i, v)
		if err == nil {
			p.markEnd(l, false)
		}
		return err
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
	var mark []byte
	if rest {
		if n.flags&isDamaged != 0 || n.slot.Pad > 1 {
			end, mark = n.end, s.mark
		}
		n.flags &^= isDamaged
	}
	at := int(n.start)
	p.splice(spot{owner: l}, at, int(end)-at, mark)
	n = &p.nodes[l]
	n.stop, n.pad = n.start, max(n.pad, n.start)
	if rest {
		n.pad = n.start + int32(len(mark))
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
	p.nodes[l].flags |= isFree | isGiven
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
		p.forgetNames(id)
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
		if len(b) == int(to-from) {
			p.storedList(l)
		} else {
			p.resized(id, nil)
		}
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
