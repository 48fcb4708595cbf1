package core

// fillKey makes the key of layer id lead to the layer above, unless it is
// pinned or does so already.
func (p *Packet) fillKey(id int32) {
	up := p.nodes[id].up
	if id == 0 || up == none {
		return
	}
	pr, child := p.nodes[id].proto, p.nodes[up].proto
	var to *keySource
	for i := range pr.keys {
		k := &pr.keys[i]
		n := child.numberIn(k.table)
		if p.leads(id, k, child) && (n == nil || n.fill == nil) {
			return
		}
		if to == nil && n != nil && (n.ok || n.fill != nil) {
			to = k
		}
	}
	if to == nil {
		return
	}
	n := child.numberIn(to.table)
	s := to.slots[len(to.slots)-1]
	for _, a := range s.samePlace() {
		if p.edit.pinned(id, a) {
			return
		}
	}
	v := n.value
	if n.fill != nil {
		f, ok := p.evalLength(n.fill, id)
		if !ok {
			return
		}
		v = uint64(f)
	}
	p.writeKey(id, s, v)
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
		sp.n = none
		if p.presentNow(id, a) {
			*sp = span{int32(a.off), int32(a.width), none}
			if a.rule != nil && a.rule.isLen() {
				p.edit.note(id, a)
			}
		}
	}
}

// presentNow asks a field's condition, which reads the bytes as they stand.
func (p *Packet) presentNow(id int32, s *Slot) bool {
	return s.when == nil || p.holds(s.when, id)
}

// refreshKey fills a key anew whose value follows a size.
func (p *Packet) refreshKey(id int32, _ *Slot) { p.fillKey(id) }

// keyValue returns the value of the first key of a layer that is there.
func (p *Packet) keyValue(id int32) (*keyed, bool) {
	if id == 0 {
		return nil, false
	}
	for _, k := range p.nodes[id].proto.keys {
		for _, s := range k.slots {
			if v, ok := p.num(id, s); ok {
				return &keyed{table: k.table, value: v}, true
			}
		}
	}
	return nil, false
}

// moveKey gives a key value to a layer with a key of the same table, unless it is pinned.
func (p *Packet) moveKey(id int32, v *keyed) {
	if id == 0 {
		return
	}
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
