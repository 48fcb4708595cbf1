package core

import "slices"

// derive computes a derived number other than a sum.
func (p *Packet) derive(id int32, a *Slot) (int64, bool) {
	r := a.rule
	switch r.kind {
	case ruleExpr:
		return p.evalLength(r.fn, id)
	case ruleHeaderLen, ruleTotalLen, ruleBodyLen:
		return int64(p.extentFor(id, r.kind)/r.unit + r.bias), true
	}
	v, ok := p.num(id, a)
	return int64(v), ok
}

// extentFor returns the bytes that a length rule of a record counts.
func (p *Packet) extentFor(id int32, kind ruleKind) int {
	n := &p.nodes[id]
	if n.parent == none {
		switch kind {
		case ruleHeaderLen:
			return int(n.end - n.start)
		case ruleBodyLen:
			return int(n.body-n.spare-n.end) + p.missingBody(id)
		}
		return int(p.endOf(id)-n.start) + p.missing(id)
	}
	if kind == ruleBodyLen {
		from, to := p.bodyBounds(id)
		return int(to - from)
	}
	return int(n.end - n.start)
}

// Update brings derived fields up to date: what the edits since then have
// caused, and nothing else. It cannot fail.
func (p *Packet) Update() {
	if p.edit == nil || !p.edit.any {
		return
	}
	p.update()
}

// UpdateAll computes every derived field that is not pinned.
func (p *Packet) UpdateAll() error {
	if err := p.begin(true); err != nil {
		return err
	}
	for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
		p.nodes[id].flags |= isStored | isSized
	}
	p.eachRecord(func(id int32) {
		for _, a := range p.nodes[id].layout.autos {
			if !a.rule.isSum() && !p.edit.pinned(id, a) {
				p.edit.note(id, a)
			}
		}
	})
	p.update()
	return nil
}

// eachRecord calls f for every header, footer and item of a packet whose bounds are all fixed.
func (p *Packet) eachRecord(f func(id int32)) {
	var visit func(id int32)
	visit = func(id int32) {
		f(id)
		for _, s := range p.nodes[id].layout.Slots {
			if s.Kind != List || s.span < 0 {
				continue
			}
			if l := p.list(id, s); l != none {
				for _, item := range slices.Clone(p.items(l)) {
					visit(item)
				}
			}
		}
	}
	for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
		visit(id)
		if foot := p.nodes[id].foot; foot != none {
			visit(foot)
		}
	}
}

func (p *Packet) update() {
	e := p.edit
	e.any = false
	p.findAll()
	if p.err.late {
		p.err = fault{}
	}
	sized := false
	for id := p.highest(); id != 0; id = p.nodes[id].down {
		sized = sized || p.nodes[id].flags&isSized != 0
		p.runTodo(id)
		if p.refills(id, sized) {
			_ = p.fillKey(id) // that it fits was asked when the edit was made
		}
		if sized {
			p.updateLengths(id)
		}
	}
	for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
		p.runTodo(id) // what is computed from layers below
	}
	changed := p.updateAllSums()
	for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
		p.nodes[id].flags &^= isStored | isSized | isAddr | isBuilt | isMoved | isRefill
	}
	e.todo.set(nil)
	e.bases = e.bases[:0]
	p.SumsPending = p.SumsPending && !changed
}

// updateAllSums computes the sums over what has changed, innermost first.
// Lengths are right by now: a pseudo header may hang on one of a lower layer.
func (p *Packet) updateAllSums() (changed bool) {
	pending := p.SumsPending && p.anyStored()
	for id := p.highest(); id != 0; id = p.nodes[id].down {
		n := &p.nodes[id]
		if h := n.proto.Spec.HookUpdate; h != nil && (changed || n.flags&(isStored|isSized) != 0) {
			p.runUpdateHook(id, h)
		}
		p.updateSums(id, changed, pending)
		changed = changed || p.nodes[id].flags&(isStored|isSized) != 0
	}
	return changed
}

// runUpdateHook runs a hook. An update goes on to its end whatever happens, so
// what the hook says is wrong is wrong with the packet.
func (p *Packet) runUpdateHook(id int32, h Hook) {
	if err := h.Run(Layer{p, id, p.epoch}); err != nil && p.err == (fault{}) {
		p.err = fault{proto: p.nodes[id].proto, at: int(p.nodes[id].start), what: err.Error(), late: true}
	}
}

// runTodo computes the noted fields of a layer and of its items, innermost
// first, and then what follows from them. Fields that depend on each other in
// a ring are given up after some rounds.
func (p *Packet) runTodo(layer int32) {
	for range maxRounds {
		due := p.takeTodo(layer)
		if len(due) == 0 {
			return
		}
		for _, r := range due {
			p.refresh(r.id, r.slot)
		}
	}
}

const maxRounds = 64

// takeTodo takes the fields of a layer that are no sums off the list, innermost first.
func (p *Packet) takeTodo(layer int32) []ref {
	e := p.edit
	e.due = e.due[:0]
	e.todo.dropIf(func(r ref) bool {
		mine := r.slot.rule != nil && !r.slot.rule.isSum() && p.layerOf(r.id) == layer
		if mine {
			e.due = append(e.due, r)
		}
		return mine
	})
	if len(e.due) > 1 {
		slices.SortStableFunc(e.due, func(a, b ref) int {
			if d := p.nesting(b.id) - p.nesting(a.id); d != 0 {
				return d
			}
			return a.slot.idx - b.slot.idx
		})
	}
	return e.due
}

// refresh writes what a rule computes.
func (p *Packet) refresh(id int32, a *Slot) {
	if p.edit.pinned(id, a) || a.rule.kind == ruleNext {
		return
	}
	v, ok := p.derive(id, a)
	if !ok {
		return
	}
	bits, err := a.fits(v)
	if err != nil || !p.suits(id, a, bits) {
		return
	}
	if old, ok := p.num(id, a); ok && old != bits {
		p.write(id, a, bits)
	}
}

// updateLengths computes the lengths of a layer, and of its footer.
func (p *Packet) updateLengths(id int32) {
	own := p.nodes[id].flags&isSized != 0
	for _, a := range p.nodes[id].layout.autos {
		switch a.rule.kind {
		case ruleHeaderLen:
			if own {
				p.refresh(id, a)
			}
		case ruleTotalLen, ruleBodyLen:
			p.refresh(id, a)
		case ruleExpr:
			for _, d := range a.rule.deps {
				if d.slot == nil { // the body
					p.refresh(id, a)
				}
			}
		}
	}
	if f := p.nodes[id].foot; f != none {
		for _, a := range p.nodes[f].layout.autos {
			if a.rule.isLen() {
				p.refresh(f, a)
			}
		}
	}
}

// anyStored reports whether any layer has changed.
func (p *Packet) anyStored() bool {
	for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
		if p.nodes[id].flags&(isStored|isSized) != 0 {
			return true
		}
	}
	return false
}

// updateSums computes the sums of a layer that cover something that changed, or,
// with pending, that were left to hardware.
func (p *Packet) updateSums(id int32, above, pending bool) {
	pr := p.nodes[id].proto
	for _, s := range pr.sums {
		rec := p.recordOf(id, s)
		if rec == none || p.edit.pinned(rec, s) {
			continue
		}
		forced := p.edit.todo.has(rec, s)
		own := p.nodes[id].flags&(isStored|isSized) != 0
		due := own || above && !coversHeader(pr, s) || forced ||
			s.rule.kind == rulePseudoSum && (p.nodes[id].flags&isMoved != 0 || p.addrChanged(id)) || pending && !coversHeader(pr, s)
		if due {
			p.updateSum(id, rec, s, forced)
		}
	}
}

// recordOf returns the header or footer of a layer that slot s belongs to.
func (p *Packet) recordOf(id int32, s *Slot) int32 {
	if s.layout == p.nodes[id].layout {
		return id
	}
	return p.nodes[id].foot
}

// coversHeader reports whether a sum covers its header alone: that of a network layer.
func coversHeader(pr *Proto, s *Slot) bool {
	return s.rule.kind == ruleSum && len(pr.pseudo) > 0 && s.rule.cover == nil
}

// addrChanged reports whether an address of the pseudo header was stored.
func (p *Packet) addrChanged(id int32) bool {
	for d := p.nodes[id].down; d != none && d != 0; d = p.nodes[d].down {
		if p.nodes[d].flags&isAddr != 0 {
			return true
		}
		if len(p.nodes[d].proto.pseudo) > 1 {
			return false
		}
	}
	return false
}
