package core

import "fmt"

// present returns the slot of the field's name that is there; an absent one is inserted if that is possible.
func (p *Packet) present(id int32, s *Slot) (*Slot, error) {
	for a := s; a != nil; a = a.Alt {
		if _, _, ok := p.place(id, a); ok {
			return a, nil
		}
	}
	for a := s; a != nil; a = a.Alt {
		if a.followed() && p.nodes[id].flags&isShort == 0 {
			return a, p.insertField(id, a)
		}
	}
	if s.When == "" {
		return nil, fmt.Errorf("%s is absent: the %s ends before it", s, p.recordWord(id))
	}
	return nil, s.absentHere()
}

// absentHere says why a field cannot be stored into.
func (s *Slot) absentHere() error {
	return fmt.Errorf("%s is absent here: it is there when %s", s, s.When)
}

func (p *Packet) recordWord(id int32) string {
	if p.nodes[id].parent == none {
		return "header"
	}
	return "item"
}

// followed reports whether the field's presence is derived: every number its
// condition looks at is computed from present(field).
func (s *Slot) followed() bool {
	if s.part != nil {
		s = s.part
	}
	if len(s.whenDeps) == 0 {
		return false
	}
	for _, d := range s.whenDeps {
		if d.slot == nil || d.below != nil {
			return false
		}
		f := d.slot
		if f.rule == nil && f.part != nil {
			f = f.part
		}
		if f.rule == nil || !dependsOnPresence(f.rule.deps, s) {
			return false
		}
	}
	return true
}

func dependsOnPresence(deps []dep, s *Slot) bool {
	for _, d := range deps {
		if d.how == usePresent && d.slot != nil && d.slot.Name == s.Name && d.slot.layout == s.layout {
			return true
		}
	}
	return false
}

// insertField puts in a field that was absent, with its default.
func (p *Packet) insertField(id int32, s *Slot) error {
	if s.part != nil {
		s = s.part
	}
	return p.changeIn(id, func() error {
		b, err := s.initial()
		if err != nil {
			return err
		}
		off := p.endBefore(id, s)
		if off&7 != 0 {
			return fmt.Errorf("%s cannot be inserted at bit %d of a byte", s, off&7)
		}
		sp := &p.spans[int(p.nodes[id].spans)+s.span]
		*sp = span{int32(off), 0, none}
		p.spliceField(id, s, 0, 0, append(b, s.stopText()...))
		p.spans[int(p.nodes[id].spans)+s.span].n = int32(len(b) << 3)
		return p.presenceChanged(id, s)
	})
}

// removeField takes out a field whose presence is derived.
func (p *Packet) removeField(id int32, s *Slot) error {
	return p.changeIn(id, func() error {
		sp := p.spans[int(p.nodes[id].spans)+s.span]
		if sp.node != none {
			p.kill(sp.node)
		}
		p.spliceField(id, s, 0, int(sp.n>>3)+p.stopLen(s, int(p.nodes[id].start)+int(sp.off+sp.n)>>3), nil)
		p.spans[int(p.nodes[id].spans)+s.span] = span{0, none, none}
		return p.presenceChanged(id, s)
	})
}

// presenceChanged notes what follows from a field that came or went: the flag
// that tells of it at once, and with it other fields under the same flag.
func (p *Packet) presenceChanged(id int32, s *Slot) error {
	p.resized(id, s)
	p.follow(id, s, usePresent)
	for _, a := range p.nodes[id].layout.autos {
		if a.rule.kind != ruleExpr || !dependsOnPresence(a.rule.deps, s) {
			continue
		}
		if err := p.refreshFlag(id, a, s); err != nil {
			return err
		}
	}
	return p.caused(s)
}

// refreshFlag computes the flag that tells of field s. Other fields whose
// condition it turns come or go with it.
func (p *Packet) refreshFlag(id int32, a, s *Slot) error {
	var under []*Slot
	var before []bool
	for _, o := range p.nodes[id].layout.Slots {
		if o != s && o.span >= 0 && dependsOn(o.whenDeps, a) && !o.followed() {
			under, before = append(under, o), append(before, p.holds(o.when, id))
		}
	}
	p.refresh(id, a)
	for i, o := range under {
		_, _, have := p.place(id, o)
		want := p.holds(o.when, id)
		var err error
		switch {
		case want == before[i]:
		case want && !have:
			err = p.insertField(id, o)
		case !want && have:
			err = p.removeField(id, o)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// endBefore returns the bit where the fields before s end.
func (p *Packet) endBefore(id int32, s *Slot) int {
	start := int(p.nodes[id].start) << 3
	for i := s.idx - 1; i >= 0; i-- {
		b := s.layout.Slots[i]
		if b.Get != "" || b.part != nil {
			continue
		}
		if pos, w, ok := p.place(id, b); ok {
			return pos - start + w + p.stopLen(b, (pos+w)>>3)<<3
		}
	}
	return 0
}
