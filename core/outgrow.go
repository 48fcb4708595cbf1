package core

import (
	"fmt"
	"slices"
)

// A length that has become too great for its field needs a wider one, or more of
// them. Where a flag says so, the flag is set by itself: one that the condition or
// the rule of the length looks at, and on which the presence of fields hangs. It
// is not cleared by itself: a length that has more room than it needs is not wrong.

// rooms returns the flags that make room for the value of a length.
func (s *Slot) rooms() (flags []*Slot) {
	for _, d := range slices.Concat(s.whenDeps, s.rule.deps) {
		f := d.slot
		if f == nil || d.how != useValue || d.below != nil || f.layout != s.layout || f.Bits != 1 || f.rule != nil || f.get != nil {
			continue
		}
		if slices.ContainsFunc(s.layout.Slots, func(o *Slot) bool { return o.hangsOn(f) }) && !slices.Contains(flags, f) {
			flags = append(flags, f)
		}
	}
	return flags
}

// hangsOn reports whether a field that takes room is there or not by flag f.
func (s *Slot) hangsOn(f *Slot) bool {
	return s.span >= 0 && s.when != nil && slices.ContainsFunc(s.whenDeps, func(d dep) bool { return d.slot == f && d.how == useValue })
}

// linkRooms notes for each length which flags make room for it, and from which
// fields it is computed.
func (l *Layout) linkRooms() {
	for _, a := range l.autos {
		if a.rule == nil || !a.rule.isLen() {
			continue
		}
		for _, d := range a.rule.deps {
			if d.slot != nil && d.how == useValue && d.below == nil {
				d.slot.markFeeds()
			}
			if d.slot != nil && d.below != nil {
				d.slot.markFeedsAbove()
			}
		}
		a.room = a.rooms()
		for _, f := range a.room {
			f.makesRoom, f.roomy = true, true
			if f.part != nil {
				f.part.roomy = true
			}
		}
	}
}

// markFeeds marks a field, and what is the same bytes or has its name.
func (s *Slot) markFeeds() {
	for _, o := range s.layout.Slots {
		if sameField(o, s) {
			o.feeds = true
		}
	}
}

func (s *Slot) markFeedsAbove() {
	for _, o := range s.layout.Slots {
		if sameField(o, s) {
			o.feedsAbove = true
		}
	}
}

// outgrow sets the flags that make room for lengths which do not fit, until all
// fit or none can be helped.
func (p *Packet) outgrow() error {
	for again := true; again; {
		again = false
		for _, r := range p.edit.todo.list {
			if err := p.makeRoom(r.id, r.slot, &again); err != nil {
				return err
			}
		}
		sized := false
		for id := p.highest(); id != 0; id = p.nodes[id].down {
			if sized = sized || p.nodes[id].flags&isSized != 0; !sized {
				continue
			}
			for _, a := range p.nodes[id].layout.autos {
				if err := p.makeRoom(id, a, &again); err != nil {
					return err
				}
			}
		}
		if again && p.edit.undo.inUse {
			p.repad()
			if err := p.settleSizes(); err != nil {
				return err
			}
		}
	}
	return nil
}

// makeRoom sets a flag for length a of record id, if it does not fit and one is left.
func (p *Packet) makeRoom(id int32, a *Slot, done *bool) error {
	if a.room == nil || p.edit.pinned(id, a) {
		return nil
	}
	if _, _, ok := p.place(id, a); !ok {
		return nil
	}
	v, ok := p.derive(id, a)
	if _, err := a.fits(v); !ok || err == nil || v < 0 {
		return nil
	}
	for _, f := range a.room {
		if on, ok := p.num(id, f); ok && on == 0 && !p.edit.pinned(id, f) {
			*done = true
			return p.changeIn(id, func() error { return p.raise(id, f) })
		}
	}
	return nil
}

// raise sets flag f of a record. Fields whose condition it turns come or go, and
// with them those whose condition looks at the ones that did.
func (p *Packet) raise(id int32, f *Slot) error {
	p.write(id, f, 1)
	for changed := []*Slot{f}; len(changed) > 0; {
		turned, err := p.turnBy(id, changed)
		if err != nil {
			return err
		}
		changed = turned
	}
	return nil
}

// turnBy has fields come and go whose condition looks at the values of those that
// have changed, and returns them. A condition looks at earlier fields only.
func (p *Packet) turnBy(id int32, changed []*Slot) (turned []*Slot, err error) {
	var run []*Slot
	for _, s := range p.nodes[id].layout.Slots {
		if s.get != nil || s.part != nil {
			continue
		}
		_, _, have := p.place(id, s)
		switch {
		case slices.ContainsFunc(changed, func(o *Slot) bool { return o != s && s.hangsOn(o) }) && have != p.holds(s.when, id):
			run = append(run, s)
		case have && run != nil:
			if err := p.turn(id, run); err != nil {
				return nil, err
			}
			turned, run = append(turned, run...), nil
		}
	}
	if run == nil {
		return turned, nil
	}
	return append(turned, run...), p.turn(id, run)
}

// turn takes out the fields of a run that are there and puts in those that are
// not. Between them they may begin and end within a byte.
func (p *Packet) turn(id int32, run []*Slot) error {
	from := int(p.nodes[id].start)<<3 + p.endBefore(id, run[0])
	was, is := 0, 0
	for _, s := range run {
		if s.Kind != Number {
			return fmt.Errorf("%s can neither come nor go by itself", s)
		}
		if _, w, ok := p.place(id, s); ok {
			was += w
		} else {
			is += s.Bits
		}
	}
	at, behind := from>>3, (from+was+7)>>3
	if (is-was)&7 != 0 {
		return fmt.Errorf("%s cannot make room: %d bits are no whole bytes", run[0], is-was)
	}
	bytes := make([]byte, behind-at+(is-was)>>3)
	if lead := from & 7; lead != 0 {
		bytes[0] = p.buf[at] & ^byte(0xff>>lead)
	}
	if tail := -(from + was) & 7; tail != 0 {
		bytes[len(bytes)-1] |= p.buf[behind-1] & byte(1<<tail-1)
	}
	spans := p.spans[p.nodes[id].spans:]
	pos := from
	for _, s := range run {
		if spans[s.span].n >= 0 {
			spans[s.span] = span{0, none, none}
			continue
		}
		v, err := s.initialNum(s.Default, false)
		if err != nil {
			return err
		}
		s.setBits(bytes, pos-at<<3, v)
		spans[s.span] = span{int32(pos - int(p.nodes[id].start)<<3), int32(s.Bits), none}
		pos += s.Bits
	}
	p.splice(spot{owner: id, slot: run[0].idx}, at, behind-at, bytes)
	last := run[len(run)-1]
	w := p.spans[int(p.nodes[id].spans)+last.span].n
	p.moveSpans(id, last, int32((is-was)>>3))
	p.spans[int(p.nodes[id].spans)+last.span].n = w
	for _, s := range run {
		if s.rule != nil && !s.rule.isSum() {
			p.edit.note(id, s)
		}
		p.resized(id, s)
		p.follow(id, s, usePresent)
	}
	return p.caused(run[0])
}

// pinRoom keeps the flags that make room as they are: s itself, or those within it.
func (p *Packet) pinRoom(id int32, s *Slot) {
	for _, f := range s.layout.Slots {
		if f.makesRoom && (f == s || f.part == s) {
			p.edit.pins.add(id, f)
		}
	}
}

// unpinRoom lets the flags within s be set by themselves again.
func (p *Packet) unpinRoom(id int32, s *Slot) {
	for _, f := range s.layout.Slots {
		if f.makesRoom && f.part == s {
			p.edit.pins.drop(id, f)
		}
	}
}
