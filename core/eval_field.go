package core

import "bytes"

// A chain is the fields that one name may mean in a record: each variant of an
// item has its own, and fields that exclude each other share a name. The first
// that is there counts.
type chain struct {
	slots []*Slot
	check bool  // some records at the site have other layouts
	self  *Slot // read at its static place, whether it is present or not
}

// typeOf returns the type of a field's value.
func typeOf(s *Slot) typ {
	switch s = plain(s); {
	case s.Kind == Name && s.get != nil:
		return tBytes // computed, and so not in the message
	}
	switch s.Kind {
	case Number:
		if s.Bool() {
			return tFlag
		}
		return tNum
	case Text:
		return tText
	case MAC:
		return tMAC
	case IP4:
		return tIP4
	case IP6:
		return tIP6
	case Name:
		return tName
	case List:
		return tList
	}
	return tBytes
}

// plain returns the field that a computed field is another name of, else the field itself.
func plain(s *Slot) *Slot {
	for range maxDepth {
		if s.get == nil || s.get.plain == nil {
			break
		}
		s = s.get.plain
	}
	return s
}

// types returns the types of a chain's fields, each once.
func (ch chain) types() (list []typ) {
	for _, s := range ch.slots {
		t, known := typeOf(s), false
		for _, o := range list {
			known = known || o == t
		}
		if !known {
			list = append(list, t)
		}
	}
	return list
}

// only keeps the fields of one type. Numbers and flags count as one.
func (ch chain) only(t typ) chain {
	return ch.filter(func(u typ) bool { return u == t || u.number() && t.number() })
}

// except keeps the fields of other types.
func (ch chain) except(t typ) chain {
	return ch.filter(func(u typ) bool { return u != t && !(u.number() && t.number()) })
}

func (ch chain) filter(keep func(typ) bool) chain {
	out := chain{check: ch.check, self: ch.self}
	for _, s := range ch.slots {
		if keep(typeOf(s)) {
			out.slots = append(out.slots, s)
		}
	}
	return out
}

// in returns whether slot s belongs to record id. Whether a computed field is
// there is asked here too: what it is another name of does not know.
func (ch *chain) in(p *Packet, id int32, s *Slot) bool {
	if ch.check && p.nodes[id].layout != s.layout {
		return false
	}
	return !gated(s) || s.when != nil && p.holds(s.when, id)
}

// gated reports whether the field is a computed one that may be absent.
func gated(s *Slot) bool { return s.Get != "" && s.When != "" }

// A keyFn reads a number, or an address as a number, of a record.
type keyFn func(p *Packet, id int32) (uint64, bool)

// key returns how the chain is read as a number: sign extended, or an address.
func (ch chain) key() keyFn {
	fns := make([]keyFn, len(ch.slots))
	for i, s := range ch.slots {
		fns[i] = ch.keyOf(s)
	}
	if len(fns) == 1 && !ch.check && !gated(ch.slots[0]) {
		return fns[0]
	}
	return func(p *Packet, id int32) (uint64, bool) {
		for i, s := range ch.slots {
			if ch.in(p, id, s) {
				if v, ok := fns[i](p, id); ok {
					return v, true
				}
			}
		}
		return 0, false
	}
}

func (ch chain) keyOf(s *Slot) keyFn {
	if s == ch.self || s.part != nil && s.part == ch.self {
		return func(p *Packet, id int32) (uint64, bool) { return p.numHere(id, s) }
	}
	s = plain(s)
	switch {
	case s.Kind == IP4:
		return func(p *Packet, id int32) (uint64, bool) { return p.addr32(id, s) }
	case s.Kind == MAC:
		return func(p *Packet, id int32) (uint64, bool) { return p.addr48(id, s) }
	case s.Signed && s.Bits < 64:
		return func(p *Packet, id int32) (uint64, bool) {
			v, ok := p.num(id, s)
			return uint64(s.signed(v)), ok
		}
	}
	if b := bitsOf(s); b != nil {
		return b.key(s)
	}
	return func(p *Packet, id int32) (uint64, bool) { return p.num(id, s) }
}

// numHere reads a number whose presence is being decided, where it would lie.
func (p *Packet) numHere(id int32, s *Slot) (uint64, bool) {
	if s.part != nil {
		v, ok := p.numHere(id, s.part)
		return v >> (s.part.Bits - s.off - s.Bits) & ones(s.Bits), ok
	}
	pos := int(p.nodes[id].start)<<3 + s.off
	if p.env.self == s {
		pos = p.env.here
	} else if !s.static {
		return 0, false
	}
	end := (pos + s.Bits + 7) >> 3
	if s.LSB {
		end = (pos-s.lead)>>3 + s.word
	}
	if end > len(p.buf) {
		return 0, false
	}
	return uint64(s.signed(s.bits(p.buf, pos))), true
}

// wide reads an IPv6 address of the chain.
func (ch *chain) wide(p *Packet, id int32) (wide, bool) {
	for _, s := range ch.slots {
		if ch.in(p, id, s) {
			if v, ok := p.addr128(id, plain(s)); ok {
				return v, true
			}
		}
	}
	return wide{}, false
}

// raw returns the bytes of the chain on the wire.
func (ch *chain) raw(p *Packet, id int32) ([]byte, bool) {
	for _, s := range ch.slots {
		if s == ch.self {
			return p.rawHere(id, s)
		}
		if ch.in(p, id, s) {
			if b, ok := p.raw(id, plain(s)); ok {
				return b, true
			}
		}
	}
	return nil, false
}

// rawHere reads bytes whose presence is being decided, where they would lie.
func (p *Packet) rawHere(id int32, s *Slot) ([]byte, bool) {
	n := &p.nodes[id]
	end := n.end
	if n.parent == none {
		end = n.body - n.spare
	}
	at := p.env.here >> 3
	if p.env.self != s || at > min(int(end), len(p.buf)) {
		return nil, false
	}
	b := p.buf[at:min(int(end), len(p.buf))]
	switch {
	case s.width >= 0:
		if len(b) < s.width/8 {
			return nil, false
		}
		return b[: s.width/8 : s.width/8], true
	case s.until != nil:
		i := bytes.Index(b, s.until)
		if i < 0 {
			return nil, false
		}
		return b[:i:i], true
	}
	return b[:len(b):len(b)], true
}

// reader returns how the chain is read as a value of a type: text, or bytes on the wire.
func (ch *chain) reader(as typ) bytesAt {
	if as == tText {
		return ch.text
	}
	return ch.raw
}

func (ch *chain) text(p *Packet, id int32) ([]byte, bool) {
	for _, s := range ch.slots {
		if s == ch.self {
			b, ok := p.rawHere(id, s)
			return s.textOf(b), ok
		}
		if ch.in(p, id, s) {
			if b, ok := p.raw(id, plain(s)); ok {
				return plain(s).textOf(b), true
			}
		}
	}
	return nil, false
}

// list returns the list of the chain in record id, its items walked, or none.
func (ch *chain) list(p *Packet, id int32) int32 {
	if id == none {
		return none
	}
	for _, s := range ch.slots {
		if s = plain(s); ch.in(p, id, s) && s.Kind == List {
			if l := p.list(id, s); l != none {
				return l
			}
		}
	}
	return none
}

// name appends the text of a DNS name of the chain, in lower case.
func (ch *chain) name(dst []byte, p *Packet, id int32) ([]byte, bool) {
	for _, s := range ch.slots {
		if !ch.in(p, id, s) {
			continue
		}
		if b, ok := p.nameText(dst, id, plain(s)); ok {
			return b, true
		}
	}
	return dst, false
}

// present reports whether a field of the chain is there; a list: not empty.
func (ch *chain) present(p *Packet, id int32) bool {
	for _, s := range ch.slots {
		if ch.in(p, id, s) && p.hasField(id, s) {
			return true
		}
	}
	return false
}

// placed is present for a field that tells of others: a list that may be absent
// is there, even without items, unless the last of them ends it and it has no bytes.
func (ch *chain) placed(p *Packet, id int32) bool {
	for _, s := range ch.slots {
		if !ch.in(p, id, s) {
			continue
		}
		if _, w, ok := p.place(id, s); ok && s.when != nil && s.get == nil && (s.Last == "" || w > 0) || p.hasField(id, s) {
			return true
		}
	}
	return false
}

func (p *Packet) hasField(id int32, s *Slot) bool {
	s = plain(s)
	switch {
	case s.Kind == List && s.get == nil:
		l := p.list(id, s)
		return l != none && p.nodes[l].n > 0
	case s.get != nil && s.get.num != nil:
		_, ok := s.get.number(p, id)
		return ok
	case s.get != nil:
		_, ok := s.get.data(p, id)
		return ok
	}
	_, _, ok := p.place(id, s)
	return ok
}

// size returns the bytes that a field of the chain takes.
func (ch *chain) size(p *Packet, id int32) (int64, bool) {
	for _, s := range ch.slots {
		if !ch.in(p, id, s) {
			continue
		}
		if s = plain(s); s.get != nil {
			b, ok := s.get.data(p, id)
			return int64(len(b)), ok
		}
		if _, w, ok := p.place(id, s); ok {
			return int64(w+7) >> 3, true
		}
	}
	return 0, false
}
