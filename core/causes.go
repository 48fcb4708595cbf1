package core

import "fmt"

// edits is what a packet remembers of its edits until they are brought up to
// date, and what stays set.
type edits struct {
	any      bool  // something was edited since the packet came or was last brought up to date
	pins     refs  // derived fields that a script has set
	todo     refs  // derived fields to compute
	due      []ref // being computed
	bases    []base
	undo     state
	names    []nameRef
	text     []byte // the labels of names
	renaming bool
	cause    fmt.Stringer // what is being edited
	touched  []int32      // lists whose padding may be wrong
	grown    []growth
	dead     int // removed nodes that are not given back yet
	room     room
}

// A base is a sum as it came, and that of the bytes it covers that were here
// before the first edit: what is needed to follow by difference.
type base struct {
	ref
	old   uint64
	sum   uint16
	len   int
	whole bool // all covered bytes are here
}

// A growth is a field or list that an edit may have given another size or number
// of items; without a slot it is an item, or the body of a layer.
type growth struct {
	ref
	how use
}

func (e *edits) reset() {
	e.any, e.dead = false, 0
	e.pins.set(nil)
	e.todo.set(nil)
	e.bases = e.bases[:0]
}

func (e *edits) pinned(id int32, s *Slot) bool { return e.pins.has(id, s) }

// note adds a field to those to be computed.
func (e *edits) note(id int32, s *Slot) { e.todo.add(id, s) }

// layerOf returns the layer a record belongs to.
func (p *Packet) layerOf(id int32) int32 {
	for p.nodes[id].parent != none {
		id = p.nodes[id].parent
	}
	return id
}

// stored notes that the bytes of a field were written.
func (p *Packet) stored(id int32, s *Slot) {
	l := p.layerOf(id)
	n := &p.nodes[l]
	n.flags |= isStored
	if coversPseudo(n.proto, s) {
		n.flags |= isAddr
	}
	if n.proto != nil && n.proto.fillDeps != nil && dependsOn(n.proto.fillDeps, s) {
		n.flags |= isRefill
	}
	if n.up != none && s.table != nil {
		if k := p.nodes[n.up].proto.numberIn(s.table); k != nil && k.many {
			p.nodes[n.up].flags |= isMoved // its number in the pseudo header may be another
		}
	}
	if s.feedsAbove {
		p.noteAbove(l, s)
	}
	p.follow(id, s, useValue)
	for id = p.nodes[id].parent; id != none; id = p.nodes[id].parent {
		if lst := &p.nodes[id]; lst.layout == nil {
			if coversPseudo(n.proto, lst.slot) {
				p.nodes[l].flags |= isAddr
			}
			p.follow(lst.parent, lst.slot, useValue)
		}
	}
}

// coversPseudo reports whether a pseudo header is made from field s.
func coversPseudo(pr *Proto, s *Slot) bool {
	if pr == nil {
		return false
	}
	for _, q := range pr.pseudo {
		for a := q; a != nil; a = a.Alt {
			if a == s || a == s.part || dependsOn(a.getDeps, s) || dependsOn(a.whenDeps, s) {
				return true
			}
		}
	}
	return false
}

func dependsOn(deps []dep, s *Slot) bool {
	for _, d := range deps {
		if d.slot != nil && (d.slot == s || d.slot.part != nil && d.slot.part == s || s.part != nil && d.slot == s.part) {
			return true
		}
	}
	return false
}

// follow puts on the list what is computed from field s. What is computed from
// its size or count waits until the edit is complete: see settleSizes.
func (p *Packet) follow(id int32, s *Slot, how use) {
	if e := p.edit; e.undo.inUse && (how == useSize || how == useCount) {
		e.grown = append(e.grown, growth{ref{id, s}, how})
		return
	}
	p.noteFollowers(id, s, how)
}

func (p *Packet) noteFollowers(id int32, s *Slot, how use) {
	for _, a := range p.nodes[id].layout.follow[how] {
		for _, d := range a.rule.deps {
			if d.how == how && d.slot != nil && d.below == nil && sameField(d.slot, s) {
				p.edit.note(id, a)
			}
		}
	}
}

// noteAbove notes what is computed in layers above layer id from its field s, or
// with nil from any field of a layer below their own.
func (p *Packet) noteAbove(id int32, s *Slot) {
	for up := p.nodes[id].up; up != none; up = p.nodes[up].up {
		for _, a := range p.nodes[up].layout.autos {
			for _, d := range a.rule.deps {
				if d.below != nil && (s == nil || d.slot != nil && sameField(d.slot, s)) {
					p.edit.note(up, a)
				}
			}
		}
	}
}

// waits reports whether a rule is about a layer that is not below record id, so
// that it cannot be computed until there is one.
func (p *Packet) waits(id int32, r *rule) bool {
	for _, d := range r.deps {
		if d.below != nil && p.below(id, d.below) == none {
			return true
		}
	}
	return false
}

// sameField reports whether two slots are the same field, or one lies within the other.
func sameField(a, b *Slot) bool {
	return a == b || a.Name == b.Name && a.layout == b.layout || a.part == b || b.part == a
}

// resized notes that field s of record id has changed its size.
func (p *Packet) resized(id int32, s *Slot) {
	for {
		n := &p.nodes[id]
		n.flags |= isSized
		if n.layout.aligns {
			p.touch(id)
			n = &p.nodes[id]
		}
		if n.parent != none && p.nodes[n.parent].layout == nil {
			n.flags |= isTouched
			p.touch(n.parent)
		}
		if s != nil {
			p.follow(id, s, useSize)
			p.follow(id, s, useValue)
		}
		if n.parent != none {
			p.edit.grown = append(p.edit.grown, growth{ref{id, nil}, useSize})
		}
		if n.parent == none {
			n.flags |= isStored
			if s != nil && coversPseudo(n.proto, s) {
				n.flags |= isAddr
			}
			return
		}
		up := &p.nodes[n.parent]
		if up.layout != nil { // a footer
			id, s = n.parent, nil
			continue
		}
		id, s = up.parent, up.slot
	}
}
