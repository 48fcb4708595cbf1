package core

import "fmt"

// fillKey makes the key of layer id lead to the layer above, unless it is
// pinned or does so already.
func (p *Packet) fillKey(id int32) error {
	s, v, err := p.keyFor(id)
	if s != nil && err == nil {
		p.writeKey(id, s, v)
	}
	return err
}

// keyFor returns what the key of layer id is to be; without a field, as it is.
func (p *Packet) keyFor(id int32) (*Slot, uint64, error) {
	up := p.nodes[id].up
	if id == 0 || up == none {
		return nil, 0, nil
	}
	pr, child := p.nodes[id].proto, p.nodes[up].proto
	var to *keySource
	for i := range pr.keys {
		k := &pr.keys[i]
		n := child.numberIn(k.table)
		if p.leads(id, k, child) && (n == nil || n.fill == nil) {
			return nil, 0, nil
		}
		if to == nil && n != nil && (n.ok || n.fill != nil) {
			to = k
		}
	}
	if to == nil {
		return nil, 0, nil
	}
	n := child.numberIn(to.table)
	s := to.slots[len(to.slots)-1]
	for _, a := range s.samePlace() {
		if p.edit.pinned(id, a) {
			return nil, 0, nil
		}
	}
	if n.fill == nil {
		return s, n.value, nil
	}
	v, ok := p.evalLength(n.fill, up)
	if !ok {
		return nil, 0, nil
	}
	if v < 0 || !to.table.leads(uint64(v), child) {
		return s, 0, fmt.Errorf("%s: %d does not lead to %s", p.fieldFor(id, s), v, child.Name)
	}
	return s, uint64(v), nil
}

// fieldFor returns the field that lies where a key does and has a length there.
func (p *Packet) fieldFor(id int32, s *Slot) *Slot {
	for _, a := range s.samePlace() {
		if a.rule != nil && a.rule.isLen() {
			return a
		}
	}
	return s
}

// refills reports whether the layer above fills the key of layer id with what
// follows its size, or the fields that were stored.
func (p *Packet) refills(id int32, sized bool) bool {
	up := p.nodes[id].up
	if up == none {
		return false
	}
	if p.nodes[up].flags&isRefill != 0 {
		return true
	}
	for _, d := range p.nodes[up].proto.fillDeps {
		if sized && (d.slot == nil || d.how == useSize || d.how == useCount) {
			return true
		}
	}
	return false
}

// leads reports whether the key as it stands leads to the child.
func (p *Packet) leads(id int32, k *keySource, child *Proto) bool {
	for _, s := range k.slots {
		if v, ok := p.num(id, s); ok && k.table.leads(v, child) {
			return true
		}
	}
	return false
}

// samePlace returns the fields that share the bits of s: those that exclude it.
func (s *Slot) samePlace() []*Slot {
	all := []*Slot{s}
	for _, o := range s.layout.Slots {
		if o != s && s.static && o.static && o.off == s.off && o.width == s.width && o.part == nil && o.Get == "" {
			all = append(all, o)
		}
	}
	return all
}

// writeKey stores a key. Where the value decides which of two fields is there,
// the one it names is there from now on.
func (p *Packet) writeKey(id int32, s *Slot, v uint64) {
	alts := s.samePlace()
	for _, a := range alts {
		if pos, _, ok := p.place(id, a); ok {
			bits, err := a.fits(int64(v))
			if err != nil || v > ones(63) {
				return
			}
			a.setBits(p.buf, pos, bits)
			p.stored(id, a)
			break
		}
	}
	if len(alts) == 1 || p.nodes[id].spans == none {
		return
	}
	for _, a := range alts {
		sp := &p.spans[int(p.nodes[id].spans)+a.span]
		was := sp.n
		sp.n = none
		if p.presentNow(id, a) {
			*sp = span{int32(a.off), int32(a.width), none}
			if a.rule != nil && a.rule.isLen() {
				p.edit.note(id, a)
				if n := &p.nodes[id]; was == none { // what is behind the body is outside of its length
					n.spare = n.body - bodyEnd(p.nodes, id)
				}
			}
		}
	}
}

// presentNow asks a field's condition, which reads the bytes as they stand.
func (p *Packet) presentNow(id int32, s *Slot) bool {
	return s.when == nil || p.holds(s.when, id)
}

// suits reports whether a number may have a value where a condition of its own
// looks at it, or it leads upward: value v of field a would be there, and lead
// to the layer above if it does so now.
func (p *Packet) suits(id int32, a *Slot, v uint64) bool {
	if a.when != nil && dependsOn(a.whenDeps, a) {
		pos, _, ok := p.place(id, a)
		if !ok {
			return true
		}
		old := a.bits(p.buf, pos)
		a.setBits(p.buf, pos, v)
		there := p.presentNow(id, a)
		a.setBits(p.buf, pos, old)
		if !there {
			return false
		}
	}
	up := p.nodes[id].up
	if a.table == nil || up == none || p.nodes[id].parent != none {
		return true
	}
	n := p.nodes[up].proto.numberIn(a.table)
	return n == nil || n.fill == nil || a.table.leads(v, p.nodes[up].proto)
}

// keyValue returns the value of the first key of a layer that is there and whose
// table another protocol has too; without one it returns nil.
func (p *Packet) keyValue(id int32, other *Proto) *keyed {
	if id == 0 || other == nil {
		return nil
	}
	for _, k := range p.nodes[id].proto.keys {
		if !other.shares(k.table) {
			continue
		}
		for _, s := range k.slots {
			if v, ok := p.num(id, s); ok {
				return &keyed{table: k.table, value: v}
			}
		}
	}
	return nil
}

// shares reports whether a protocol has a key of that table.
func (p *Proto) shares(t *table) bool {
	for i := range p.keys {
		if p.keys[i].table == t {
			return true
		}
	}
	return false
}

// moveKey gives a key value to a layer with a key of the same table, unless it is pinned.
func (p *Packet) moveKey(id int32, v *keyed) {
	for _, k := range p.nodes[id].proto.keys {
		if k.table != v.table {
			continue
		}
		for _, s := range k.slots {
			if _, ok := p.num(id, s); ok && !p.edit.pinned(id, s) {
				p.writeKey(id, s, v.value)
				return
			}
		}
	}
}
