package core

import (
	"fmt"
	"slices"

	"pkl/core/expr"
)

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
		if !d.follows(s) {
			return false
		}
	}
	return true
}

// follows reports whether what a condition looks at is computed from present(s).
func (d dep) follows(s *Slot) bool {
	f := d.derived()
	return f != nil && dependsOnPresence(f.rule.deps, s)
}

// derived returns what an expression looks at if it is computed, or the number that
// it is a part of; else nil.
func (d dep) derived() *Slot {
	if d.slot == nil || d.below != nil {
		return nil
	}
	f := d.slot
	if f.rule == nil && f.part != nil {
		f = f.part
	}
	if f.rule == nil {
		return nil
	}
	return f
}

// decidedBy returns a number of the same record that decides whether the field is
// there, and is itself computed once all fields are: from more than that. While a
// packet is built, such a number still has what was given, or its default.
func (s *Slot) decidedBy() *Slot {
	if s.followed() {
		return nil
	}
	for _, d := range s.whenDeps {
		if f := d.derived(); f != nil && f.layout == s.layout {
			return f
		}
	}
	return nil
}

func dependsOnPresence(deps []dep, s *Slot) bool {
	for _, d := range deps {
		if d.how == usePresent && d.slot != nil && d.slot.Name == s.Name && d.slot.layout == s.layout {
			return true
		}
	}
	return false
}

// anyPresent reports whether an expression is present(…), or several joined by or.
func anyPresent(n expr.Node) bool {
	for {
		switch x := n.(type) {
		case *expr.Call:
			return x.Fn == "present"
		case *expr.Binary:
			if x.Op != expr.Or || !anyPresent(x.Y) {
				return false
			}
			n = x.X
		default:
			return false
		}
	}
}

// insertField puts in a field that was absent, with its default, and with it
// the bit fields that share its bytes.
func (p *Packet) insertField(id int32, s *Slot) error {
	if s.part != nil {
		s = s.part
	}
	return p.changeIn(id, func() error {
		run := s.octets()
		b, err := initialOf(run)
		if err != nil {
			return err
		}
		off := p.endBefore(id, run[0])
		if off&7 != 0 {
			return fmt.Errorf("%s cannot be inserted at bit %d of a byte", s, off&7)
		}
		spans := p.spans[p.nodes[id].spans:]
		spans[run[0].span] = span{int32(off), 0, none}
		p.spliceField(id, run[0], 0, 0, append(b, s.stopText()...))
		spans = p.spans[p.nodes[id].spans:]
		for _, o := range run {
			width := len(b) << 3
			if o.Kind == Number {
				width = o.Bits
			}
			spans[o.span] = span{int32(off), int32(width), none}
			off += width
		}
		return p.presenceChanged(id, s)
	})
}

// removeField takes out a field whose presence is derived, and the bit fields that share its bytes.
func (p *Packet) removeField(id int32, s *Slot) error {
	if s.part != nil {
		s = s.part
	}
	return p.changeIn(id, func() error {
		run := s.octets()
		first := run[0]
		if first.Align > 1 { // what fills up to it goes, too
			pos, _, _ := p.place(id, first)
			off, end := pos-int(p.nodes[id].start)<<3, p.endBefore(id, first)
			p.moveField(id, first, end, off, end)
		}
		spans := p.spans[p.nodes[id].spans:]
		n := 0
		for _, o := range run {
			n += int(spans[o.span].n)
		}
		last := spans[run[len(run)-1].span]
		if last.node != none {
			p.kill(last.node)
		}
		p.spliceField(id, first, 0, n>>3+p.stopLen(s, int(p.nodes[id].start)+int(last.off+last.n)>>3), nil)
		spans = p.spans[p.nodes[id].spans:]
		for _, o := range run {
			spans[o.span] = span{0, none, none}
		}
		if err := p.presenceChanged(id, s); err != nil {
			return err
		}
		return p.removeWith(id, s)
	})
}

// removeWith takes out what goes with field s, which is gone: the fields whose
// presence still sets the flag that tells of s, too.
func (p *Packet) removeWith(id int32, s *Slot) error {
	for _, o := range s.layout.Slots {
		if !s.followed() || !p.holds(s.when, id) {
			return nil
		}
		if o == s || o.span < 0 || !o.followed() || !slices.ContainsFunc(s.whenDeps, func(d dep) bool { return d.follows(o) }) {
			continue
		}
		if _, _, ok := p.place(id, o); ok {
			if err := p.removeField(id, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// octets returns the run of bit fields, under one condition, that fill whole
// bytes together with s: they come and go as one. Most fields are alone.
func (s *Slot) octets() []*Slot {
	var run []*Slot
	n := 0
	for _, o := range s.layout.Slots {
		switch {
		case o.part != nil || o.Get != "":
			continue
		case o.Kind != Number || o.When != s.When:
			run, n = nil, 0
			continue
		}
		run, n = append(run, o), n+o.Bits
		if n%8 == 0 {
			if slices.Contains(run, s) {
				return run
			}
			run, n = nil, 0
		}
	}
	return []*Slot{s}
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
		if o != s && o.span >= 0 && dependsOn(o.whenDeps, a) {
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

// beside returns the field of the same record on whose presence alone, or absence,
// that of s hangs, so that no expression need be asked; or nil.
func (c *compiler) beside(s *Slot) (with *Slot, without bool) {
	tree, err := c.parse(s.When)
	if err != nil {
		return nil, false
	}
	if not, ok := tree.(*expr.Unary); ok && not.Op == expr.Not {
		tree, without = not.X, true
	}
	call, ok := tree.(*expr.Call)
	if !ok || call.Fn != "present" || len(call.Args) != 1 {
		return nil, false
	}
	n, ok := call.Args[0].(*expr.Name)
	if !ok || n.Up || n.Inst != 0 || len(n.Parts) != 1 {
		return nil, false
	}
	o := s.layout.byName[n.Parts[0]]
	if o == nil || o.idx >= s.idx || o.Alt != nil || o.Kind == List || o.Get != "" || o.part != nil {
		return nil, false
	}
	return o, without
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
