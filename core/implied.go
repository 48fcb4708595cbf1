package core

import (
	"bytes"
	"slices"
)

// What a packet that is built anew comes to by itself, and what must be told.

// implied reports whether a packet that is built without the field gets the same value.
func (p *Packet) implied(id ID, s *Slot) bool {
	switch {
	case s.part != nil:
		return true
	case s.followed() || s == p.nodes[id].layout.by:
		return false
	case s.rule != nil && s.rule.isSum():
		return p.sumImplied(id, s)
	case s.rule != nil && s.rule.isLen():
		if s.rule.reachesUp() && p.missing(p.layerOf(id)) > 0 {
			return false // a packet that is built lacks nothing
		}
		v, ok := p.derive(id, s)
		have, _ := p.num(id, s)
		return ok && uint64(v)&ones(s.Bits) == have
	case p.nodes[id].parent == none && p.isKey(id, s):
		return p.keyImplied(id, s)
	}
	return p.isDefault(id, s)
}

func (p *Packet) isDefault(id ID, s *Slot) bool {
	if s.Kind == Number {
		want, err := s.initialNum(s.Default, false)
		have, _ := p.num(id, s)
		return err == nil && have == want && !s.partDefaults()
	}
	want, err := s.initial()
	have, ok := p.raw(id, s)
	return err == nil && ok && bytes.Equal(want, have)
}

// partDefaults reports whether some part of a number has a default of its own.
func (s *Slot) partDefaults() bool {
	return slices.ContainsFunc(s.layout.Slots, func(o *Slot) bool { return o.part == s && o.Default != nil })
}

// sumImplied reports whether a sum is what a new packet would get. One that
// covers bytes that are not here is not.
func (p *Packet) sumImplied(rec ID, s *Slot) bool {
	id := p.layerOf(rec)
	have, _ := p.num(rec, s)
	return !p.partial(id, s) && have == p.wantSum(id, s)
}

// isKey reports whether the field leads to the layer above.
func (p *Packet) isKey(id ID, s *Slot) bool {
	return p.nodes[id].up != none && slices.ContainsFunc(p.nodes[id].proto.keys, func(k keySource) bool {
		return slices.Contains(k.slots, s)
	})
}

// keyImplied reports whether putting the upper layer there fills its key with
// the value it has. Ports are always told: either of them may be the key.
func (p *Packet) keyImplied(id ID, s *Slot) bool {
	if s.table == nil {
		return false
	}
	child := p.nodes[p.nodes[id].up].proto
	want, err := s.initialNum(s.Default, false)
	if n := child.numberIn(s.table); err == nil && n != nil && !s.table.leads(want, child) {
		if !n.ok || n.fill != nil {
			return false
		}
		want = n.value
	}
	have, _ := p.num(id, s)
	return err == nil && have == want
}

// rebuilds reports whether a list, name or text, built anew from its value, has the
// bytes it has now.
func (p *Packet) rebuilds(id ID, s *Slot) bool {
	switch {
	case s.Kind == Name:
		return p.isPlainName(id, s)
	case s.Trim != nil:
		b, _ := p.raw(id, s)
		text := s.textOf(b)
		return string(b) == s.Trim[0]+string(text)+s.Trim[1]
	case s.filled():
		b, _ := p.raw(id, s)
		return len(bytes.Trim(b[len(s.textOf(b)):], "\x00")) == 0
	}
	l := p.list(id, s)
	if l == none {
		return true
	}
	n := p.nodes[l]
	if n.flags&isDamaged != 0 || !bytes.Equal(p.buf[n.stop:n.end], p.listEnd(l)) {
		return false
	}
	return !slices.ContainsFunc(p.items(l), func(item ID) bool { return !p.namesRebuild(item) })
}

// isPlainName reports whether a name is written without pointers.
func (p *Packet) isPlainName(id ID, s *Slot) bool {
	pos, w, _ := p.place(id, s)
	labels, ok := p.labels(nil, pos>>3, p.originOf(id))
	return ok && w>>3 == len(labels)+1
}

// namesRebuild reports whether the names of an item are written without
// pointers: in a list of its own they would be rewritten with those outside.
func (p *Packet) namesRebuild(item ID) bool {
	ok := true
	p.eachName(item, func(id int32, s *Slot) { ok = ok && p.isPlainName(id, s) })
	return ok
}
