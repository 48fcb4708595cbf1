package core

// What an edit leaves as long as it was has not changed its size, however the
// edit was done: its lengths and counts stay as they came, right or wrong.

// settleSizes ends an edit: it notes what is computed from the sizes and counts
// that are not what they were before it, and forgets the others.
// It refuses a list of another size than it always has.
func (p *Packet) settleSizes() error {
	e := p.edit
	for _, g := range e.grown {
		if p.nodes[g.id].flags&isDead != 0 || p.sameSize(g) {
			continue
		}
		if err := p.listFits(g.id, g.slot); err != nil {
			return err
		}
		p.noteSize(g)
	}
	e.grown = e.grown[:0]
	for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
		if old := e.undo.node(id); old != nil && p.nodes[id].flags&isSized != 0 && !e.undo.sized(id) && p.sameLayer(id, old) {
			p.nodes[id].flags &^= isSized
		}
	}
	return nil
}

// noteSize notes what is computed from the size of a field, item or body.
func (p *Packet) noteSize(g growth) {
	if g.slot != nil {
		p.noteFollowers(g.id, g.slot, g.how)
		return
	}
	for _, a := range p.nodes[g.id].layout.autos {
		switch a.rule.kind {
		case ruleHeaderLen, ruleTotalLen, ruleBodyLen:
			if p.nodes[g.id].parent != none {
				p.edit.note(g.id, a)
			}
		case ruleExpr:
			if a.rule.measuresBody() {
				p.edit.note(g.id, a)
			}
		}
	}
}

// measuresBody reports whether an expression looks at the body of its own layer or item.
func (r *rule) measuresBody() bool {
	for _, d := range r.deps {
		if d.slot == nil && d.below == nil {
			return true
		}
	}
	return false
}

// node returns what a node was before the edit; nil: the edit has made it.
func (s *state) node(id int32) *node {
	if int(id) >= len(s.nodes) || s.nodes[id].flags&isDead != 0 {
		return nil
	}
	return &s.nodes[id]
}

// sized reports whether a layer, or one above it, had changed its size before the
// edit: lengths wait to follow that, also when the layer above is gone by now.
func (s *state) sized(id int32) bool {
	for ; id != none; id = s.nodes[id].up {
		if s.nodes[id].flags&isSized != 0 {
			return true
		}
	}
	return false
}

// sameSize reports whether a field, item or body is as big as before the edit.
func (p *Packet) sameSize(g growth) bool {
	old, n := p.edit.undo.node(g.id), &p.nodes[g.id]
	switch {
	case old == nil:
		return false
	case g.slot == nil && n.parent == none:
		return p.sameLayer(g.id, old)
	case g.slot == nil:
		return old.end-old.start == n.end-n.start
	case g.slot.span < 0:
		return true
	case old.spans == none || n.spans == none:
		return false
	}
	was, is := p.edit.undo.spans[int(old.spans)+g.slot.span], p.spans[int(n.spans)+g.slot.span]
	if g.how == useSize {
		return was.n == is.n
	}
	if was.node == none || is.node == none {
		return false
	}
	a, b := &p.edit.undo.nodes[was.node], &p.nodes[is.node]
	return a.n == b.n && a.flags&isDamaged == b.flags&isDamaged
}

// sameLayer reports whether header, body and trailer of a layer are as long as before the edit.
func (p *Packet) sameLayer(id int32, old *node) bool {
	n := &p.nodes[id]
	return old.flags&isOpen == 0 && n.end-n.start == old.end-old.start && n.body-n.end == old.body-old.end &&
		n.tail-n.end == old.tail-old.end && bodyEnd(p.nodes, id)-n.end == bodyEnd(p.edit.undo.nodes, id)-old.end
}

// bodyEnd returns where the body of a layer ends whose neighbours are known.
func bodyEnd(nodes []node, id int32) int32 {
	n := &nodes[id]
	if n.up != none {
		return nodes[n.up].tail
	}
	return max(n.body-n.spare, n.end)
}
