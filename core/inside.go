package core

import "strings"

// Packets that a field of bytes holds.

// Inside returns the packet that a bytes field holds, or nil. One that is only
// quoted (field word of) is read only, and its last header may be cut.
func (p *Packet) Inside(id ID, s *Slot) *Packet {
	b, ok := p.Data(id, s)
	if !ok || len(b) == 0 {
		return nil
	}
	if s.of != nil {
		q := &Packet{}
		q.ResetAs(s.of, b)
		q.quote = true
		q.nodes[0].flags |= isCut
		return q
	}
	if s.table == nil || s.Kind != Bytes {
		return nil
	}
	for _, k := range s.heldKeys() {
		v, ok := p.num(id, k)
		for _, pr := range s.table.find(v) {
			q := &Packet{}
			q.ResetAs(pr.Proto, append([]byte(nil), b...))
			if ok && q.First() != none {
				return q
			}
		}
	}
	return nil
}

// heldKeys returns the numbers of the same record that tell what a bytes field holds.
func (s *Slot) heldKeys() (keys []*Slot) {
	if s.table == nil || s.Kind != Bytes || s.Key == "" {
		return nil
	}
	for _, k := range s.layout.Slots[:s.idx] {
		if k.Kind == Number && (k.table == s.table || strings.HasSuffix(s.Key, "."+k.Name)) {
			keys = append(keys, k)
		}
	}
	return keys
}

// fillHeldKey makes the key of a bytes field lead to the packet that it has
// been given, unless the key is pinned or does so already.
func (p *Packet) fillHeldKey(id ID, s *Slot, q *Packet) error {
	if q.First() == none {
		return nil
	}
	child := q.ProtoOf(q.First())
	if p.reg != q.reg {
		if child = p.reg.byName[child.Name]; child == nil {
			return nil
		}
	}
	n := child.numberIn(s.table)
	if n == nil || !n.ok {
		return nil
	}
	for _, k := range s.heldKeys() {
		v, ok := p.num(id, k)
		if !ok || p.edit.pinned(id, k) || s.table.leads(v, child) {
			continue
		}
		if _, err := k.fits(int64(n.value)); err != nil {
			return err
		}
		p.write(id, k, n.value)
	}
	return nil
}

// fillHeldKey fills the key of a bytes field that is given a packet, unless the
// key is given too.
func (b *builder) fillHeldKey(rec int32, s *Slot) error {
	keys := s.heldKeys()
	if keys == nil {
		return nil
	}
	v, _, _ := b.value(s)
	q, ok := v.(*Packet)
	for _, k := range keys {
		if _, _, given := b.value(k); given {
			return nil
		}
	}
	if !ok {
		return nil
	}
	return b.p.fillHeldKey(rec, s, q)
}
