package core

import "fmt"

// begin prepares the packet for a change: its own bytes, all layers found, and
// with bounds set, every bound fixed.
func (p *Packet) begin(bounds bool) error {
	if p.quote {
		return fmt.Errorf("a quoted packet is read only; copy() gives one of your own")
	}
	if p.edit == nil {
		p.edit = &edits{}
	}
	if !p.own {
		p.store = append(p.store[:0], p.buf...)
		p.buf, p.own = p.store, true
	}
	p.findAll() // what an edit causes in layers above must not hang on who has looked at them
	if !p.edit.any {
		p.takeBases()
		p.edit.any = true
	}
	if bounds {
		p.freeze()
	}
	return nil
}

// freeze fixes every bound in the packet. From then on no length, count, key
// or condition on the wire is looked at again.
func (p *Packet) freeze() {
	if p.ready {
		return
	}
	p.findAll()
	p.ready = true
	for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
		p.close(id)
		p.freezeRecord(id)
		if f := p.nodes[id].foot; f != none {
			p.freezeRecord(f)
		}
	}
}

func (p *Packet) freezeRecord(id int32) {
	lay := p.nodes[id].layout
	if lay.nspan == 0 || p.nodes[id].flags&isShort != 0 {
		return
	}
	if p.nodes[id].spans == none {
		p.walk(id, p.nodes[id].end, true)
	}
	if !lay.lists {
		return
	}
	for _, s := range lay.Slots {
		if s.Kind != List || s.get != nil {
			continue
		}
		if l := p.list(id, s); l != none {
			for i := range p.nodes[l].n {
				p.freezeRecord(p.order[p.nodes[l].first+i])
			}
		}
	}
}

// target returns the field that a value goes into: of those that share a name
// the one that is there, and what a computed one is another name of.
func (p *Packet) target(id int32, s *Slot) (*Slot, error) {
	if a := p.Pick(id, s); a != nil {
		s = a
	}
	switch {
	case s.get == nil:
		return s, nil
	case s.get.plain == nil:
		return nil, fmt.Errorf("%s is computed and cannot be set", s)
	case s.Field.When != "" && s.when != nil && !p.holds(s.when, id):
		return nil, s.absentHere()
	}
	return p.target(id, s.get.plain)
}

// set stores number v in field s of record id, and pins it if it is derived.
func (p *Packet) set(id int32, s *Slot, v uint64) error {
	if err := p.begin(s.structural || s.feeds); err != nil {
		return err
	}
	s, err := p.present(id, s)
	if err != nil {
		return err
	}
	if s.feeds {
		return p.changeIn(id, func() error {
			p.write(id, s, v)
			p.pin(id, s)
			return p.caused(s)
		})
	}
	p.write(id, s, v)
	p.pin(id, s)
	return nil
}

// pin keeps a derived field as a script has set it.
func (p *Packet) pin(id int32, s *Slot) {
	if s.roomy {
		p.pinRoom(id, s)
	}
	set := s
	if s.part != nil && s.rule == nil && !s.isEndMark() {
		s = s.part
	}
	if s.rule != nil || s.table != nil || s.structural {
		p.edit.pins.add(id, s)
		p.edit.todo.drop(id, s)
		p.pinParts(id, s, set)
	}
}

// pinParts keeps what was set in number s, or in a part of it, for its derived
// parts, if it is not what they would be by themselves.
func (p *Packet) pinParts(id int32, s, set *Slot) {
	for _, a := range s.layout.autos {
		if a.part != s || set != s && (set.off+set.Bits <= a.off || a.off+a.Bits <= set.off) {
			continue
		}
		v, have := p.num(id, a)
		want, ok := p.derive(id, a)
		if have && ok && uint64(want) != v {
			p.edit.pins.add(id, a)
			p.edit.todo.drop(id, a)
		} else {
			p.edit.pins.drop(id, a)
		}
	}
}

// write stores a number whose place is there.
func (p *Packet) write(id int32, s *Slot, v uint64) {
	pos, _, ok := p.place(id, s)
	if !ok {
		return
	}
	if s.part != nil {
		setBitsAt(p.buf, pos, s.Bits, v)
	} else {
		s.setBits(p.buf, pos, v)
	}
	p.stored(id, s)
}

// unset is field = nil: a derived field becomes automatic again, another gets
// its default, and one whose presence is derived goes away.
func (p *Packet) unset(id int32, s *Slot) error {
	s, err := p.target(id, s)
	if err != nil {
		return err
	}
	if s.followed() {
		if err := p.begin(true); err != nil {
			return err
		}
		if _, _, ok := p.place(id, s); ok {
			return p.removeField(id, s)
		}
		return nil
	}
	if err := p.begin(s.structural || s.feeds); err != nil {
		return err
	}
	switch {
	case s.isEndMark():
		p.edit.pins.drop(id, s)
		p.markEnd(p.nodes[id].parent, false)
		return nil
	case s.rule != nil || s.table != nil && s.Kind == Number || s.part != nil && s.part.rule != nil:
		if s.part != nil && s.rule == nil {
			s = s.part
		}
		return p.unpin(id, s)
	case s.Default != nil:
		v, err := s.encode(s.Default)
		if err != nil {
			return err
		}
		p.edit.pins.drop(id, s)
		if n, ok := v.(uint64); ok {
			if s, err = p.present(id, s); err != nil {
				return err
			}
			return p.change(func() error {
				p.write(id, s, n)
				return p.caused(s)
			})
		}
		return p.setBytes(id, s, v.([]byte))
	}
	return fmt.Errorf("%s has no default and is not derived: nil is no value for it", s)
}

// unpin makes a derived field automatic again, if what it comes to fits.
func (p *Packet) unpin(id int32, s *Slot) error {
	return p.change(func() error {
		p.edit.pins.drop(id, s)
		if s.roomy {
			p.unpinRoom(id, s)
		}
		if s.rule != nil && s.rule.kind != ruleNext {
			p.edit.note(id, s)
		}
		if s.table != nil && p.nodes[id].parent == none {
			if err := p.resetKey(id, s); err != nil {
				return err
			}
		}
		return p.caused(s)
	})
}

// resetKey makes a key what the layer above derives, or its default where there is none above.
func (p *Packet) resetKey(id int32, s *Slot) error {
	if _, _, there := p.place(id, s); p.nodes[id].up != none || s.Default == nil || !there {
		return p.fillKey(id)
	}
	v, err := s.encodeNum(s.Default)
	if err == nil {
		p.writeKey(id, s, v)
	}
	return err
}

// setBytes stores the bytes of field s: in place if their number is the same.
func (p *Packet) setBytes(id int32, s *Slot, b []byte) error {
	if a := p.Pick(id, s); a != nil {
		s = a
	}
	if s.width >= 0 && len(b)<<3 != s.width {
		return fmt.Errorf("%s: need %d bytes, have %d", s, s.width/8, len(b))
	}
	if err := p.begin(s.structural || s.feeds || s.Kind == Name); err != nil {
		return err
	}
	if _, _, ok := p.place(id, s); !ok { // both or neither
		return p.changeIn(id, func() error {
			s, err := p.present(id, s)
			if err != nil {
				return err
			}
			return p.setBytes(id, s, b)
		})
	}
	pos, w, _ := p.place(id, s)
	if (pos|w)&7 != 0 {
		return fmt.Errorf("%s is not whole bytes", s)
	}
	if s.Kind == Name {
		return p.setName(id, s, b)
	}
	if l := p.nodes[id].parent; l != none && p.nodes[id].start == int32(pos>>3) {
		if list := p.nodes[l].slot; list != nil && list.Closed != nil && list.closing(append(b[:len(b):len(b)], s.until...)) > 0 {
			return fmt.Errorf("%s: an item cannot begin with %q, which closes the list", s, list.Closed[0])
		}
	}
	if w == len(b)<<3 && (s.Kind != List || string(b) == string(p.buf[pos>>3:(pos+w)>>3])) {
		if s.feeds {
			return p.changeIn(id, func() error {
				copy(p.buf[pos>>3:], b)
				p.stored(id, s)
				return p.caused(s)
			})
		}
		copy(p.buf[pos>>3:], b)
		p.stored(id, s)
		return nil
	}
	p.freeze()
	return p.changeIn(id, func() error {
		if err := p.sizeAllowed(id, s, len(b)); err != nil {
			return err
		}
		p.spliceField(id, s, 0, w>>3, b)
		if s.Kind == List {
			p.relist(id, s)
		}
		if w == len(b)<<3 {
			p.stored(id, s)
			return nil
		}
		p.resized(id, s)
		return p.caused(s)
	})
}
