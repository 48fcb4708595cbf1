package core

import "slices"

// What edits remove, and how its room is used again.
//
// A handle of a script names a node by its number and its birth. So a node that
// was there before an edit keeps its number, while one that the edit has made,
// of which nobody knows yet, may move into the place of a removed one.

// room is memory for tidy.
type room struct {
	to    []int32 // where each node is now
	spans []span
	order []int32
}

// live returns how many nodes are in use.
func (p *Packet) live() int {
	if p.edit == nil {
		return len(p.nodes)
	}
	return len(p.nodes) - p.edit.dead
}

// kill marks nodes, and all below each, as removed.
func (p *Packet) kill(ids ...int32) {
	for _, id := range ids {
		p.bury(id)
	}
	p.forget()
}

func (p *Packet) bury(id int32) {
	n := &p.nodes[id]
	if n.flags&isDead != 0 {
		return
	}
	n.flags |= isDead
	p.edit.dead++
	if n.layout == nil {
		for _, item := range p.items(id) {
			p.bury(item)
		}
		return
	}
	if n.foot != none {
		p.bury(n.foot)
	}
	for _, l := range p.listsOf(id) {
		p.bury(l)
	}
}

// listsOf returns the lists of a record that were looked at.
func (p *Packet) listsOf(id int32) (lists []int32) {
	n := &p.nodes[id]
	if n.spans == none || !n.layout.lists {
		return nil
	}
	for _, s := range n.layout.Slots {
		if s.Kind != List || s.span < 0 {
			continue
		}
		if l := p.spans[int(n.spans)+s.span].node; l != none {
			lists = append(lists, l)
		}
	}
	return lists
}

// forget drops what is noted about removed records.
func (p *Packet) forget() {
	gone := func(r ref) bool { return p.nodes[r.id].flags&isDead != 0 }
	e := p.edit
	e.pins.dropIf(gone)
	e.todo.dropIf(gone)
	e.bases = slices.DeleteFunc(e.bases, func(b base) bool { return gone(b.ref) })
}

// tidy gives back what the edit that is now complete has left behind. Before it
// the packet had old nodes.
func (p *Packet) tidy(old int) {
	if p.edit.dead > 0 {
		p.fillGaps(old)
		p.dropLast()
	}
	p.packSpans()
	p.packOrder()
}

// fillGaps moves new nodes, from the last on, into the places of removed ones.
func (p *Packet) fillGaps(old int) {
	e, gap := p.edit, 1
	to := e.room.to[:0]
	for id := len(p.nodes) - 1; id >= old && e.dead > 0; id-- {
		if p.nodes[id].flags&isDead != 0 {
			continue
		}
		for gap < id && p.nodes[gap].flags&isDead == 0 {
			gap++
		}
		if gap >= id {
			break
		}
		if len(to) == 0 {
			p.shed++
			for i := range p.nodes {
				to = append(to, int32(i))
			}
		}
		p.nodes[gap], p.nodes[id].flags = p.nodes[id], isDead
		p.nodes[gap].birth = p.shed
		to[id] = int32(gap)
	}
	e.room.to = to
	if len(to) > 0 {
		p.renumber(to)
	}
}

// renumber changes every mention of node i to to[i].
func (p *Packet) renumber(to []int32) {
	move := func(id *int32) {
		if *id > 0 && int(*id) < len(to) {
			*id = to[*id]
		}
	}
	for i := range p.nodes {
		n := &p.nodes[i]
		move(&n.parent)
		move(&n.up)
		move(&n.down)
		move(&n.foot)
	}
	for i := range p.spans {
		move(&p.spans[i].node)
	}
	for i := range p.order {
		move(&p.order[i])
	}
	p.edit.pins.each(func(r *ref) { move(&r.id) })
	p.edit.todo.each(func(r *ref) { move(&r.id) })
	for i := range p.edit.bases {
		move(&p.edit.bases[i].id)
	}
	move(&p.top)
}

// dropLast gives back the removed nodes behind the last one in use. Nodes made
// later in their place have another birth.
func (p *Packet) dropLast() {
	n := len(p.nodes)
	for n > 1 && p.nodes[n-1].flags&isDead != 0 {
		n--
	}
	if gone := len(p.nodes) - n; gone > 0 {
		p.nodes = p.nodes[:n]
		p.edit.dead -= gone
		p.shed++
	}
}

// packSpans moves the spans in use together, if most are not.
func (p *Packet) packSpans() {
	used := 0
	for i := range p.nodes {
		if n := &p.nodes[i]; n.hasSpans() {
			used += n.layout.nspan
		}
	}
	if len(p.spans) <= 2*used+64 {
		return
	}
	out := p.edit.room.spans[:0]
	for i := range p.nodes {
		n := &p.nodes[i]
		if !n.hasSpans() {
			n.spans = none
			continue
		}
		at := len(out)
		out = append(out, p.spans[n.spans:int(n.spans)+n.layout.nspan]...)
		n.spans = int32(at)
	}
	p.spans, p.edit.room.spans = out, p.spans
}

func (n *node) hasSpans() bool {
	return n.layout != nil && n.spans != none && n.flags&isDead == 0
}

// packOrder does the same for the items of lists.
func (p *Packet) packOrder() {
	used := 0
	for i := range p.nodes {
		if n := &p.nodes[i]; n.hasItems() {
			used += int(n.n)
		}
	}
	if len(p.order) <= 2*used+64 {
		return
	}
	out := p.edit.room.order[:0]
	for i := range p.nodes {
		n := &p.nodes[i]
		if !n.hasItems() {
			continue
		}
		at := len(out)
		out = append(out, p.items(int32(i))...)
		n.first = int32(at)
	}
	p.order, p.edit.room.order = out, p.order
}

func (n *node) hasItems() bool {
	return n.layout == nil && n.slot != nil && n.flags&isWalked != 0 && n.flags&isDead == 0
}
