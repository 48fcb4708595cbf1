package core

// What a capture has cut off, or later fragments bring, is still part of the
// packet: lengths and counts count it.

// missing returns how many bytes of layer id are not here.
func (p *Packet) missing(id int32) int {
	n := &p.nodes[id]
	if n.flags&isCut == 0 {
		return 0
	}
	if id == 0 {
		return max(p.Meta.Len-len(p.buf), 0)
	}
	switch {
	case n.beyond == 0:
		return p.missing(n.down)
	case p.inPiece(id):
		return int(n.beyond)
	}
	return min(p.missing(n.down), int(n.beyond))
}

// inPiece reports whether layer id came in the first piece of a message.
func (p *Packet) inPiece(id int32) bool {
	for d := p.nodes[id].down; d > 0; d = p.nodes[d].down {
		if p.isPiece(d) {
			return true
		}
	}
	return false
}

// missingItems returns how many items of list l are not here.
func (p *Packet) missingItems(l int32) int {
	n := &p.nodes[l]
	if n.flags&isDamaged == 0 || p.nodes[p.layerOf(l)].flags&isCut == 0 {
		return 0
	}
	return int(n.beyond)
}

// missingBody is missing without the footer, which is lost with the bytes before it.
func (p *Packet) missingBody(id int32) int {
	n := &p.nodes[id]
	if n.parent != none {
		return 0
	}
	missing := p.missing(id)
	if n.foot == none && n.proto != nil {
		missing -= n.proto.all.foot
	}
	return max(missing, 0)
}

// evalLength is eval for a length that is derived.
func (p *Packet) evalLength(fn numFn, id int32) (int64, bool) {
	p.env.wire = true
	v, ok := p.eval(fn, id)
	p.env.wire = false
	return v, ok
}
