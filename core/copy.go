package core

// graft takes over the nodes of q, whose bytes lie at byte at, as layers above id.
func (p *Packet) graft(q *Packet, at, id int32) {
	if q.nodes[0].up == none {
		p.top, p.depth, p.done = id, p.depthOf(id), true
		return
	}
	first := p.graftNodes(q, at)
	up := q.nodes[0].up + first
	p.nodes[id].up, p.nodes[up].down = up, id
	p.readdress(up)
	p.top = p.highest()
	p.depth = p.depthOf(p.top)
	p.done = true
	p.err = q.err
	p.err.at += int(at)
	if q.err == (fault{}) {
		p.err = fault{}
	}
}

// readdress notes that sums from layer id upward have another pseudo header, and
// what is computed there from layers below.
func (p *Packet) readdress(id int32) {
	p.noteAbove(p.nodes[id].down, nil)
	for ; id != none && len(p.nodes[id].proto.pseudo) < 2; id = p.nodes[id].up {
		p.nodes[id].flags |= isMoved
	}
}

// Settled returns a packet with the same IDs in which all is up to date: p
// itself if nothing is pending, else a copy.
func (p *Packet) Settled() *Packet {
	if p.edit == nil || !p.edit.any {
		return p
	}
	q := p.Copy()
	q.Update()
	return q
}

// graftNodes appends the nodes of q but the first; what was number i becomes i + the number returned.
func (p *Packet) graftNodes(q *Packet, at int32) int32 {
	nodes, spans, order := int32(len(p.nodes)-1), int32(len(p.spans)), int32(len(p.order))
	move := func(id *int32, by int32) {
		if *id != none {
			*id += by
		}
	}
	for _, n := range q.nodes[1:] {
		n.shift(at)
		n.birth = p.shed
		for _, id := range []*int32{&n.parent, &n.up, &n.down, &n.foot} {
			move(id, nodes)
		}
		move(&n.spans, spans)
		n.first += order
		p.nodes = append(p.nodes, n)
	}
	for _, s := range q.spans {
		move(&s.node, nodes)
		p.spans = append(p.spans, s)
	}
	for _, id := range q.order {
		p.order = append(p.order, id+nodes)
	}
	for _, r := range q.edit.pins.list {
		p.edit.pins.add(r.id+nodes, r.slot)
	}
	for _, r := range q.edit.todo.list {
		p.edit.todo.add(r.id+nodes, r.slot)
	}
	for _, b := range q.edit.bases {
		b.id += nodes
		p.edit.bases = append(p.edit.bases, b)
	}
	return nodes
}

// Copy returns an independent copy of the packet, edits and pinned fields
// included. Its length may change.
func (p *Packet) Copy() *Packet {
	q := &Packet{Meta: p.Meta, reg: p.reg, first: p.first, top: p.top, depth: p.depth, done: p.done, ready: p.ready, err: p.err, shed: p.shed}
	q.FixedLen = ""
	q.store = append(make([]byte, 0, len(p.buf)+16), p.buf...)
	q.buf, q.own = q.store, true
	q.nodes = append([]node(nil), p.nodes...)
	q.spans = append([]span(nil), p.spans...)
	q.order = append([]int32(nil), p.order...)
	q.env.p = q
	q.edit = &edits{}
	if e := p.edit; e != nil {
		q.edit.any, q.edit.dead = e.any, e.dead
		q.edit.pins.set(e.pins.list)
		q.edit.todo.set(e.todo.list)
		q.edit.bases = append([]base(nil), e.bases...)
	}
	return q
}

// Concat returns a packet of the layers of a with those of b above the highest.
// Behind bytes that no layer has, everything is bytes.
func Concat(a, b *Packet) (*Packet, error) {
	p := a.Copy()
	if err := p.begin(true); err != nil {
		return nil, err
	}
	top := p.highest()
	if from, to := p.bodyBounds(top); from == to {
		return p, p.setBodyPacket(top, b)
	}
	b = b.Copy()
	b.Update()
	return p, p.appendBody(top, b.buf)
}

// ConcatBytes returns a packet of the layers of a with bytes behind its body.
func ConcatBytes(a *Packet, b []byte) (*Packet, error) {
	p := a.Copy()
	if len(b) == 0 {
		return p, nil
	}
	if err := p.begin(true); err != nil {
		return nil, err
	}
	return p, p.appendBody(p.highest(), b)
}

func (p *Packet) appendBody(id int32, b []byte) error {
	body := append([]byte(nil), p.body(id)...)
	return p.setBody(id, append(body, b...))
}

// Replace makes x the whole content of the packet.
func (p *Packet) Replace(x *Packet) error {
	x = x.Copy()
	x.Update()
	if err := p.begin(true); err != nil {
		return err
	}
	return p.change(func() error {
		for up := p.nodes[0].up; up != none; up = p.nodes[up].up {
			p.bury(up)
		}
		p.forget()
		p.nodes[0].up = none
		p.splice(spot{owner: 0, body: true}, 0, len(p.buf), x.buf)
		if err := x.begin(true); err != nil {
			return err
		}
		p.graft(x, 0, 0)
		if up := p.nodes[0].up; up != none {
			p.first = p.nodes[up].proto
		}
		return p.joined(0)
	})
}

// Redissect reads the bytes anew: layers, lists and lengths as they now say.
// Handles of layers and items are void, nothing is pinned any more.
func (p *Packet) Redissect() {
	meta, first, quote, store, own := p.Meta, p.first, p.quote, p.store, p.own
	b := p.buf
	cut := p.nodes[0].flags & isCut
	p.reset(p.reg, b)
	p.Meta, p.first, p.quote, p.store, p.own = meta, first, quote, store, own
	p.nodes[0].flags |= cut
}
