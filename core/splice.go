package core

import "fmt"

// A state is a copy of all that an edit may change.
type state struct {
	buf         []byte
	nodes       []node
	spans       []span
	order       []int32
	pins, todo  []ref
	top         int32
	depth       int
	len         int
	err         fault
	first       *Proto
	done, ready bool
	bases       []base
	dead        int
	inUse       bool
}

// change does an edit that moves bounds, wholly or not at all: when do fails,
// the packet is as it was.
func (p *Packet) change(do func() error) error {
	e := p.edit
	if e.undo.inUse { // part of a larger edit
		return do()
	}
	p.save(&e.undo)
	e.cause, e.touched, e.grown = nil, e.touched[:0], e.grown[:0]
	err := do()
	if err == nil {
		p.repad()
		if err = p.settleSizes(); err == nil {
			err = p.outgrow()
		}
	}
	if err == nil && e.cause != nil {
		err = p.checkFits(e.cause)
	}
	if err == nil {
		err = p.checkLen(len(e.undo.buf))
	}
	e.undo.inUse = false
	if err != nil {
		p.restore(&e.undo)
	} else {
		p.tidy(len(e.undo.nodes))
	}
	return err
}

// checkLen reports an edit that the packet's length, which was old, does not allow.
func (p *Packet) checkLen(old int) error {
	switch n := len(p.buf); {
	case n != old && p.FixedLen != "":
		return fmt.Errorf("the packet would have %d bytes, and its length cannot change from %d: %s", n, old, p.FixedLen)
	case n > maxPacket:
		return fmt.Errorf("the packet would have %d bytes, at most %d", n, maxPacket)
	}
	return nil
}

// caused notes what was edited, so that bounds have moved. When the edit is
// complete, every length must fit.
func (p *Packet) caused(s fmt.Stringer) error {
	if p.edit.cause == nil {
		p.edit.cause = s
	}
	return nil
}

const maxPacket = 1 << 24

func (p *Packet) save(s *state) {
	s.buf = append(s.buf[:0], p.buf...)
	s.nodes = append(s.nodes[:0], p.nodes...)
	s.spans = append(s.spans[:0], p.spans...)
	s.order = append(s.order[:0], p.order...)
	s.pins, s.todo = append(s.pins[:0], p.edit.pins.list...), append(s.todo[:0], p.edit.todo.list...)
	s.top, s.depth, s.len, s.err, s.inUse = p.top, p.depth, p.Meta.Len, p.err, true
	s.first, s.done, s.ready = p.first, p.done, p.ready
	s.bases, s.dead = append(s.bases[:0], p.edit.bases...), p.edit.dead
}

func (p *Packet) restore(s *state) {
	p.store = append(p.store[:0], s.buf...)
	p.buf = p.store
	p.nodes = append(p.nodes[:0], s.nodes...)
	p.spans = append(p.spans[:0], s.spans...)
	p.order = append(p.order[:0], s.order...)
	p.edit.pins.set(s.pins)
	p.edit.todo.set(s.todo)
	p.top, p.depth, p.Meta.Len, p.err = s.top, s.depth, s.len, s.err
	p.first, p.done, p.ready = s.first, s.done, s.ready
	p.edit.bases, p.edit.dead = append(p.edit.bases[:0], s.bases...), s.dead
}

// A spot says where in the tree of bounds bytes are put in or taken out: in
// record or list owner, at field slot or before item number item, or with body
// set in the body of layer owner, in front of the layers above it.
type spot struct {
	owner int32
	slot  int
	item  int
	body  bool
	last  bool // with body: behind the layers above it
}

// splice replaces del bytes at byte at by ins, and moves every bound behind
// them. It is the one place where bounds move. The owner's own fields and items
// are the caller's to adjust.
func (p *Packet) splice(s spot, at, del int, ins []byte) {
	delta := len(ins) - del
	if delta == 0 {
		copy(p.buf[at:], ins)
		return
	}
	p.moveBytes(at, del, ins)
	if p.Meta.Len > 0 {
		p.Meta.Len += delta
	}
	d, from, behind := int32(delta), int32(at), int32(at+del)
	for id := range p.nodes {
		switch n := &p.nodes[id]; {
		case n.flags&isDead != 0, n.last() < from:
		case n.start > behind:
			n.shift(d)
		default:
			p.moveNode(s, int32(id), n, from, behind, d)
		}
	}
	for id := s.owner; p.nodes[id].parent != none; id = p.nodes[id].parent {
		up := p.nodes[id].parent
		if n := &p.nodes[up]; n.layout != nil && p.nodes[id].layout == nil { // a list within a record
			p.moveSpans(up, p.nodes[id].slot, d)
		}
	}
}

// moveBytes makes room in the owned bytes.
func (p *Packet) moveBytes(at, del int, ins []byte) {
	old := len(p.buf)
	n := old + len(ins) - del
	if n > cap(p.buf) {
		b := make([]byte, n, n+n/2+64)
		copy(b, p.buf[:at])
		copy(b[at+len(ins):], p.buf[at+del:])
		p.buf = b
	} else {
		b := p.buf[:max(n, old)]
		copy(b[at+len(ins):], b[at+del:old])
		p.buf = b[:n]
	}
	copy(p.buf[at:], ins)
	p.store = p.buf
}

// last returns the last of a node's bounds.
func (n *node) last() int32 {
	if n.layout != nil && n.parent != none || n.layout == nil && n.slot != nil {
		return n.end
	}
	return n.tail
}

// moveNode moves the bounds of one node. Bytes between from and behind were
// replaced; what lay at behind or later moves by d.
func (p *Packet) moveNode(s spot, id int32, n *node, from, behind, d int32) {
	inside := p.holdsSpot(s, id)
	pure := from == behind
	moves := func(q int32, isStart bool) bool {
		if !pure {
			return q >= behind && (q > from || isStart)
		}
		if q != from {
			return q > from
		}
		if inside {
			return !isStart
		}
		return p.isBehind(s, id)
	}
	shift := func(q *int32, isStart bool) {
		if moves(*q, isStart) {
			*q += d
		}
	}
	start, end, stop, pad := n.start, n.end, n.stop, n.pad
	shift(&start, true)
	own := inside && n.parent == none && id == p.layerOf(s.owner)
	inFoot := own && p.footOf(s.owner) != none
	below := inside && n.parent == none && !own
	if !below && !inFoot && !(s.body && id == s.owner) { // else the spot is in its body or footer: the header ends before
		shift(&end, false)
	}
	shift(&stop, false)
	shift(&pad, false)
	n.start, n.end, n.stop, n.pad = start, end, stop, pad
	if n.layout == nil && n.slot != nil || n.parent != none {
		return
	}
	if !inFoot {
		shift(&n.body, false)
	}
	shift(&n.tail, false)
}

// holdsSpot reports whether the spot lies within node id: the node is the
// owner, is around it, or is a layer below it.
func (p *Packet) holdsSpot(s spot, id int32) bool {
	o := s.owner
	for {
		if o == id {
			return true
		}
		if p.nodes[o].parent == none {
			break
		}
		o = p.nodes[o].parent
	}
	if p.nodes[id].layout == nil && id != 0 || p.nodes[id].parent != none {
		return false
	}
	for o = p.nodes[o].down; o != none; o = p.nodes[o].down {
		if o == id {
			return true
		}
	}
	return false
}

// isBehind reports whether node id, which does not hold the spot and begins
// where it is, lies behind it.
func (p *Packet) isBehind(s spot, id int32) bool {
	layer, mine := p.layerOf(id), p.layerOf(s.owner)
	if layer != mine {
		if (s.last || p.footOf(s.owner) != none) && p.isAbove(layer, mine) {
			return false
		}
		if p.footOf(id) == none {
			return p.isAbove(layer, mine)
		}
		return !p.isAbove(layer, mine) || !s.body && p.footOf(s.owner) == none
	}
	if foot := p.footOf(id); foot != p.footOf(s.owner) {
		return foot != none
	}
	if s.body {
		return false // fields and lists of the header
	}
	return p.orderAt(s, id)
}

func (p *Packet) footOf(id int32) int32 {
	for ; id != none; id = p.nodes[id].parent {
		if up := p.nodes[id].parent; up != none && p.nodes[up].parent == none && p.nodes[up].foot == id {
			return id
		}
	}
	return none
}

func (p *Packet) isAbove(a, b int32) bool {
	for b = p.nodes[b].up; b != none; b = p.nodes[b].up {
		if a == b {
			return true
		}
	}
	return false
}

// orderAt compares a node with the spot where their paths part.
func (p *Packet) orderAt(s spot, id int32) bool {
	owner, item, slot := s.owner, s.item, s.slot
	for {
		for x := id; p.nodes[x].parent != none; x = p.nodes[x].parent {
			if p.nodes[x].parent != owner {
				continue
			}
			if p.nodes[owner].layout != nil {
				return p.nodes[x].slot.idx > slot
			}
			return p.indexOf(owner, x) >= item
		}
		up := p.nodes[owner].parent
		if up == none {
			return false
		}
		if p.nodes[up].layout != nil {
			if p.nodes[owner].slot != nil {
				slot = p.nodes[owner].slot.idx
			}
		} else {
			item = p.indexOf(up, owner) + 1
		}
		owner = up
	}
}

// indexOf returns the place of an item in its list.
func (p *Packet) indexOf(l, id int32) int {
	for i, o := range p.items(l) {
		if o == id {
			return i
		}
	}
	return len(p.items(l))
}

// moveSpans moves the fields behind slot s of a record, which grew by d bytes.
func (p *Packet) moveSpans(id int32, s *Slot, d int32) {
	n := &p.nodes[id]
	if n.spans == none || s.span < 0 {
		return
	}
	for _, o := range n.layout.Slots {
		if o.span < 0 {
			continue
		}
		sp := &p.spans[int(n.spans)+o.span]
		switch {
		case o == s:
			sp.n += d << 3
		case o.idx > s.idx && sp.n >= 0:
			sp.off += d << 3
		}
	}
}

// spliceField replaces del bytes of field s, at its byte at, by ins.
func (p *Packet) spliceField(id int32, s *Slot, at, del int, ins []byte) {
	pos, _, _ := p.place(id, s)
	p.splice(spot{owner: id, slot: s.idx}, pos>>3+at, del, ins)
	p.moveSpans(id, s, int32(len(ins)-del))
}

// highest returns the highest layer.
func (p *Packet) highest() int32 {
	id := int32(0)
	for p.nodes[id].up != none {
		id = p.nodes[id].up
	}
	return id
}
