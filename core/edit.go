package core

import "fmt"

// edits is what a packet remembers of its edits until they are brought up to
// date, and what stays set.
type edits struct {
	any      bool  // something was edited since the packet came or was last brought up to date
	pins     []ref // derived fields that a script has set
	todo     []ref // derived fields to compute
	bases    []base
	undo     state
	names    []nameRef
	text     []byte // the labels of names
	renaming bool
	cause    *Slot   // the field being edited
	touched  []int32 // lists whose padding may be wrong
}

// A ref names one field of one record.
type ref struct {
	id   int32
	slot *Slot
}

// A base is the sum of the bytes that were here before the first edit, where not all covered bytes are.
type base struct {
	ref
	sum uint16
	odd bool
	len int
}

func (e *edits) reset() {
	e.any = false
	e.pins, e.todo, e.bases = e.pins[:0], e.todo[:0], e.bases[:0]
}

func (e *edits) pinned(id int32, s *Slot) bool { return contains(e.pins, id, s) }

func contains(refs []ref, id int32, s *Slot) bool {
	for _, r := range refs {
		if r.id == id && r.slot == s {
			return true
		}
	}
	return false
}

func drop(refs []ref, id int32, s *Slot) []ref {
	for i, r := range refs {
		if r.id == id && r.slot == s {
			return append(refs[:i], refs[i+1:]...)
		}
	}
	return refs
}

func add(refs []ref, id int32, s *Slot) []ref {
	if contains(refs, id, s) {
		return refs
	}
	return append(refs, ref{id, s})
}

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
	if !p.edit.any {
		p.findAll()
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

// follow puts on the list what is computed from field s.
func (p *Packet) follow(id int32, s *Slot, how use) {
	for _, a := range p.nodes[id].layout.autos {
		for _, d := range a.rule.deps {
			if d.how == how && d.slot != nil && d.below == nil && sameField(d.slot, s) {
				p.edit.todo = add(p.edit.todo, id, a)
			}
		}
	}
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
		if n.parent != none && p.nodes[n.parent].layout == nil {
			n.flags |= isTouched
			p.touch(n.parent)
		}
		if s != nil {
			p.follow(id, s, useSize)
			p.follow(id, s, useValue)
		}
		for _, a := range n.layout.autos {
			if n.parent != none && (a.rule.kind == ruleHeaderLen || a.rule.kind == ruleTotalLen || a.rule.kind == ruleBodyLen) {
				p.edit.todo = add(p.edit.todo, id, a)
			}
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

// set stores number v in field s of record id, and pins it if it is derived.
func (p *Packet) set(id int32, s *Slot, v uint64) error {
	if s.get != nil {
		if s.get.plain == nil {
			return fmt.Errorf("%s is computed and cannot be set", s)
		}
		return p.set(id, s.get.plain, v)
	}
	if err := p.begin(s.structural); err != nil {
		return err
	}
	s, err := p.present(id, s)
	if err != nil {
		return err
	}
	p.write(id, s, v)
	p.pin(id, s)
	return nil
}

// pin keeps a derived field as a script has set it.
func (p *Packet) pin(id int32, s *Slot) {
	if s.part != nil {
		s = s.part
	}
	if s.rule != nil || s.table != nil || s.structural {
		p.edit.pins = add(p.edit.pins, id, s)
		p.edit.todo = drop(p.edit.todo, id, s)
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
	return nil, fmt.Errorf("%s is absent here: it is there when %s", s, s.When)
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
		p.spliceField(id, s, 0, 0, append(b, s.until...))
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
		p.spliceField(id, s, 0, int(sp.n>>3)+len(s.until), nil)
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
		p.refresh(id, a)
		for _, o := range p.nodes[id].layout.Slots {
			if o == s || o.span < 0 || !dependsOn(o.whenDeps, a) || o.followed() {
				continue
			}
			_, _, have := p.place(id, o)
			var err error
			switch want := p.holds(o.when, id); {
			case want && !have:
				err = p.insertField(id, o)
			case !want && have:
				err = p.removeField(id, o)
			}
			if err != nil {
				return err
			}
		}
	}
	return p.caused(s)
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
			return pos - start + w + len(b.until)<<3
		}
	}
	return 0
}

// unset is field = nil: a derived field becomes automatic again, another gets
// its default, and one whose presence is derived goes away.
func (p *Packet) unset(id int32, s *Slot) error {
	if s.get != nil && s.get.plain != nil {
		s = s.get.plain
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
	if err := p.begin(s.structural); err != nil {
		return err
	}
	switch {
	case s.rule != nil || s.table != nil || s.part != nil && s.part.rule != nil:
		if s.part != nil && s.rule == nil {
			s = s.part
		}
		p.edit.pins = drop(p.edit.pins, id, s)
		if s.table != nil && p.nodes[id].parent == none {
			p.fillKey(id)
		}
		p.edit.todo = add(p.edit.todo, id, s)
		return nil
	case s.Default != nil:
		v, err := s.encode(s.Default)
		if err != nil {
			return err
		}
		p.edit.pins = drop(p.edit.pins, id, s)
		if n, ok := v.(uint64); ok {
			if s, err = p.present(id, s); err != nil {
				return err
			}
			p.write(id, s, n)
			return nil
		}
		return p.setBytes(id, s, v.([]byte))
	}
	return fmt.Errorf("%s has no default and is not derived: nil is no value for it", s)
}

// setBytes stores the bytes of field s: in place if their number is the same.
func (p *Packet) setBytes(id int32, s *Slot, b []byte) error {
	if s.get != nil {
		if s.get.plain == nil {
			return fmt.Errorf("%s is computed and cannot be set", s)
		}
		return p.setBytes(id, s.get.plain, b)
	}
	if err := p.begin(s.structural || s.Kind == Name); err != nil {
		return err
	}
	s, err := p.present(id, s)
	if err != nil {
		return err
	}
	pos, w, _ := p.place(id, s)
	if (pos|w)&7 != 0 {
		return fmt.Errorf("%s is not whole bytes", s)
	}
	if s.width >= 0 && len(b)<<3 != s.width {
		return fmt.Errorf("%s: need %d bytes, have %d", s, s.width/8, len(b))
	}
	if s.Kind == Name {
		return p.setName(id, s, b)
	}
	if w == len(b)<<3 && s.Kind != List {
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

// sizeAllowed refuses a size that the packet could not tell: one that an
// expression says which nothing derives.
func (p *Packet) sizeAllowed(id int32, s *Slot, n int) error {
	if s.size == nil || s.konst >= 0 {
		return nil
	}
	for _, a := range s.layout.autos {
		for _, d := range a.rule.deps {
			if d.how == useSize && d.slot == s {
				return nil
			}
		}
		if a.rule.kind == ruleHeaderLen || a.rule.kind == ruleTotalLen || a.rule.kind == ruleBodyLen {
			return nil
		}
	}
	if want, ok := p.eval(s.size, id); ok && int(want) == n {
		return nil
	}
	return fmt.Errorf("%s: %d bytes, but its size is %s, which nothing derives; set that first", s, n, s.Size)
}
