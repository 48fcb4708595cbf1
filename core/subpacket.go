package core

// SubPacket returns a packet of its own with the layers from id upward, pins included.
func (p *Packet) SubPacket(id ID) *Packet {
	q := p.Copy()
	_ = q.begin(true)
	n := q.nodes[id]
	for below := n.down; below > 0; below = q.nodes[below].down {
		q.bury(below)
	}
	q.forget()
	q.nodes[0].up, q.nodes[id].down = id, 0
	q.first = n.proto
	missing := p.missing(id)
	q.LinkType, q.Meta.Len = -1, 0
	end := q.endOf(id)
	if end != n.tail { // what is behind it stays where it was
		m := &q.nodes[id]
		m.tail, m.body, m.spare = end, m.body-n.spare, 0
	}
	q.cutOut(n.start, end)
	if q.nodes[0].flags &^= isCut; missing > 0 {
		q.nodes[0].flags |= isCut
		q.Meta.Len = len(q.buf) + missing
	}
	_ = q.change(func() error { return q.joined(0) })
	return q
}

// cutOut leaves only the bytes of the layers from the lowest on.
func (p *Packet) cutOut(from, to int32) {
	p.buf = p.buf[from:to]
	p.store = p.buf
	for i := range p.nodes[1:] {
		p.nodes[i+1].shift(-from)
	}
	size := to - from
	r := &p.nodes[0]
	r.body, r.tail = size, size
	p.depth = p.depthOf(p.highest())
	p.forget()
}
