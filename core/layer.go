package core

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// An ID names a layer, a footer, a list or an item of one packet. It stays the
// same through edits elsewhere; Alive tells whether it still means something.
// IDs are void after Reset and Redissect, which change Epoch.
type ID = int32

// None is the ID of nothing.
const None ID = none

// Epoch changes whenever all IDs of the packet become void.
func (p *Packet) Epoch() uint32 { return p.epoch }

// Alive reports whether id is still part of the packet.
func (p *Packet) Alive(id ID) bool {
	return id >= 0 && int(id) < len(p.nodes) && p.nodes[id].flags&isDead == 0
}

// Birth tells id from an earlier use of the same ID: who keeps an ID keeps its
// birth too, and takes it for dead when that has changed.
func (p *Packet) Birth(id ID) uint32 {
	if id < 0 || int(id) >= len(p.nodes) {
		return ^uint32(0)
	}
	return p.nodes[id].birth
}

// Find returns the n-th layer of protocol pr, from 1 and from below, or None.
// It dissects no further than needed.
func (p *Packet) Find(pr *Proto, n int) ID { return p.find(pr, n) }

// FindAbove is Find among the layers strictly above id.
func (p *Packet) FindAbove(id ID, pr *Proto, n int) ID { return p.findAbove(id, pr, n) }

// First returns the lowest layer, or None.
func (p *Packet) First() ID { return p.Upper(0) }

// Last returns the highest layer, or None.
func (p *Packet) Last() ID {
	p.findAll()
	if id := p.highest(); id != 0 {
		return id
	}
	return none
}

// Upper returns the layer directly above id, or None.
func (p *Packet) Upper(id ID) ID {
	if p.nodes[id].up == none && !p.done {
		p.advance()
	}
	return p.nodes[id].up
}

// Lower returns the layer directly below id, or None.
func (p *Packet) Lower(id ID) ID {
	if d := p.nodes[id].down; d > 0 {
		return d
	}
	return none
}

// Instance returns the number of layers of the protocol of id up to and including it.
func (p *Packet) Instance(id ID) (n int) {
	pr := p.nodes[id].proto
	for ; id > 0; id = p.nodes[id].down {
		if p.nodes[id].proto == pr {
			n++
		}
	}
	return n
}

// ProtoOf returns the protocol of layer id.
func (p *Packet) ProtoOf(id ID) *Proto { return p.nodes[id].proto }

// LayoutOf returns the layout of a layer's header, a footer or an item.
func (p *Packet) LayoutOf(id ID) *Layout { return p.nodes[id].layout }

// Foot returns the footer of a layer, or None.
func (p *Packet) Foot(id ID) ID { return p.nodes[id].foot }

// ListSlot returns the field of list l.
func (p *Packet) ListSlot(l ID) *Slot { return p.nodes[l].slot }

// ParentOf returns what an item or list is part of, or None for a layer.
func (p *Packet) ParentOf(id ID) ID { return p.nodes[id].parent }

// Header returns the header bytes of a layer, or all bytes of an item.
func (p *Packet) Header(id ID) []byte {
	p.close(id)
	n := &p.nodes[id]
	return p.buf[n.start:n.end:n.end]
}

// Body returns the bytes above a layer, or those behind type and length of an item.
func (p *Packet) Body(id ID) []byte { return p.body(id) }

// Trailer returns the bytes of a layer behind the layer above it: padding, FCS.
func (p *Packet) Trailer(id ID) []byte {
	_, to := p.bodyBounds(id)
	n := &p.nodes[id]
	return p.buf[to:n.body:n.body]
}

// endOf returns where a layer ends: bytes behind the lowest one are not part of it.
func (p *Packet) endOf(id ID) int32 {
	n := &p.nodes[id]
	if n.foot != none {
		return n.tail
	}
	return n.tail - n.spare
}

// Extent returns the bytes of a layer from its header to its footer.
func (p *Packet) Extent(id ID) []byte {
	end := p.endOf(id)
	return p.buf[p.nodes[id].start:end:end]
}

// Has reports whether field s, of a record that may have it, is present.
func (p *Packet) Has(id ID, s *Slot) bool {
	if s.get != nil {
		if s.Field.When != "" && s.when != nil && !p.holds(s.when, id) {
			return false
		}
		if s.get.num != nil {
			_, ok := s.get.number(p, id)
			return ok
		}
		_, ok := s.get.data(p, id)
		return ok
	}
	if s.part != nil && s.when == nil {
		return p.Has(id, s.part)
	}
	_, _, ok := p.place(id, s)
	return ok
}

// Pick returns the slot among those of one name that is present, or nil.
func (p *Packet) Pick(id ID, s *Slot) *Slot {
	for ; s != nil; s = s.Alt {
		if p.Has(id, s) {
			return s
		}
	}
	return nil
}

// Num reads a number: its bits. Int extends them by their sign.
func (p *Packet) Num(id ID, s *Slot) (uint64, bool) {
	if s.get != nil && !p.Has(id, s) {
		return 0, false
	}
	return p.num(id, s)
}

// Int returns the value of a number's bits.
func (s *Slot) Int(bits uint64) int64 { return s.signed(bits) }

// Data returns the bytes of a field on the wire, or of a list all of it. They
// are the packet's own: do not change them, and copy what is to be kept.
func (p *Packet) Data(id ID, s *Slot) ([]byte, bool) {
	if s.get != nil && !p.Has(id, s) {
		return nil, false
	}
	return p.raw(id, s)
}

// Text returns the value of a text field: its bytes without the zeros that fill it up.
func (p *Packet) Text(id ID, s *Slot) ([]byte, bool) {
	b, ok := p.Data(id, s)
	return plain(s).textOf(b), ok
}

// AppendName appends the text of a name field.
func (p *Packet) AppendName(dst []byte, id ID, s *Slot) ([]byte, bool) { return p.nameText(dst, id, s) }

// List returns the list of field s, its items found, or None.
func (p *Packet) List(id ID, s *Slot) ID {
	if s.Kind != List || s.span < 0 {
		return none
	}
	return p.list(id, s)
}

// Items returns the items of list l. The slice is valid until the next edit.
func (p *Packet) Items(l ID) []ID { return p.items(l) }

// Rest returns the bytes at the end of list l that form no item.
func (p *Packet) Rest(l ID) []byte {
	n := &p.nodes[l]
	if n.flags&isDamaged == 0 {
		return nil
	}
	return p.buf[n.pad:n.end:n.end]
}

// Plain reports whether the items of the list are values: then the one slot of an item's layout is its value.
func (s *Slot) Plain() bool { return s.items.plain }

// Set stores value v (see Build) in a field. It pins a derived one.
func (p *Packet) Set(id ID, s *Slot, v any) error {
	switch {
	case s.lookup != nil:
		return p.setLookup(id, s, v)
	case v == nil:
		return p.unset(id, s)
	}
	s, err := p.target(id, s)
	if err != nil {
		return err
	}
	switch s.Kind {
	case List:
		return p.setListField(id, s, v)
	case Number:
		n, err := s.encodeNum(v)
		if err != nil {
			return err
		}
		return p.set(id, s, n)
	}
	var held *Packet
	if q, ok := v.(*Packet); ok && s.Kind == Bytes {
		if s.of != nil {
			return fmt.Errorf("%s is a quoted packet and read only", s)
		}
		held = q.Copy()
		held.Update()
		v = held.buf
	}
	b, err := s.encodeBytes(v)
	_, isText := v.(string)
	if err == nil && isText {
		b, err = p.shorten(id, s, b)
	}
	if err != nil {
		return err
	}
	if have, ok := p.raw(id, s); ok {
		switch {
		case s.dressed():
			b = s.redress(have, b)
		case s.isShortAddr() && isText && string(s.AppendAddr(nil, have)) == string(s.AppendAddr(nil, b)):
			b = slices.Clone(have) // what is behind the first bytes stays
		}
	}
	if s.endsEarly(b) {
		return fmt.Errorf("%s: the value holds its own end %q", s, s.Until)
	}
	if held == nil || s.heldKeys() == nil {
		return p.setBytes(id, s, b)
	}
	if err := p.begin(true); err != nil {
		return err
	}
	return p.changeIn(id, func() error {
		if err := p.setBytes(id, s, b); err != nil {
			return err
		}
		return p.fillHeldKey(id, s, held)
	})
}

func (p *Packet) setListField(id ID, s *Slot, v any) error {
	items, ok := v.([]any)
	if !ok {
		return fmt.Errorf("%s: need an array of items, have %s", s, kindOf(v))
	}
	if err := p.begin(true); err != nil {
		return err
	}
	if a := p.Pick(id, s); a != nil {
		return p.setList(p.list(id, a), items)
	}
	return p.changeIn(id, func() error { // both or neither
		s, err := p.present(id, s)
		if err != nil {
			return err
		}
		return p.setList(p.list(id, s), items)
	})
}

// SetRaw stores the bytes of a field as they are on the wire.
func (p *Packet) SetRaw(id ID, s *Slot, b []byte) error {
	s, err := p.target(id, s)
	if err != nil {
		return err
	}
	if s.Kind == Number {
		if pos, _, _ := p.place(id, s); (pos|s.Bits)&7 != 0 {
			return fmt.Errorf("%s is not whole bytes", s)
		}
		v, err := s.initialNum(b, true)
		if err != nil {
			return err
		}
		return p.set(id, s, v)
	}
	return p.setBytes(id, s, b)
}

// SetBody replaces what is above a layer, or behind type and length of an item,
// by bytes (layers are found in them anew) or by the layers of a packet.
func (p *Packet) SetBody(id ID, v any) error {
	q, isPacket := v.(*Packet)
	b, isBytes := asBytes(v)
	item := p.nodes[id].parent != none
	switch {
	case isPacket && item:
		q = q.Copy()
		q.Update()
		return p.setItemBody(id, q.buf)
	case isPacket:
		return p.setBodyPacket(id, q)
	case isBytes && item:
		return p.setItemBody(id, b)
	case isBytes:
		return p.setBody(id, b)
	}
	return errors.New("body: need text or a packet, have " + kindOf(v))
}

// SetTrailer replaces the bytes of a layer behind the layer above it.
func (p *Packet) SetTrailer(id ID, b []byte) error { return p.setTrailer(id, b) }

// Insert puts the layers of q directly above layer id.
func (p *Packet) Insert(id ID, q *Packet) error { return p.insertLayers(id, q) }

// Remove takes out layer id, header and footer, or an item from its list.
func (p *Packet) Remove(id ID) error {
	if l := p.nodes[id].parent; l != none {
		return p.removeItem(l, p.indexOf(l, id))
	}
	return p.removeLayer(id)
}

// InsertItem puts a new item before number i (from 0) of list l; i may be the number of items.
func (p *Packet) InsertItem(l ID, i int, v any) error { return p.insertItem(l, i, v) }

// RemoveItem takes out item number i (from 0) of list l.
func (p *Packet) RemoveItem(l ID, i int) error { return p.removeItem(l, i) }

// ReplaceItem puts a new item in the place of number i (from 0) of list l.
func (p *Packet) ReplaceItem(l ID, i int, v any) error { return p.replaceItem(l, i, v) }

// ClearList takes out every item of list l.
func (p *Packet) ClearList(l ID) error { return p.clearList(l) }

// A Layer is a layer as a hook sees it.
type Layer struct {
	p     *Packet
	id    ID
	epoch uint32
}

// Packet and ID say which layer it is.
func (l Layer) Packet() (*Packet, ID) { return l.p, l.id }

// endsEarly reports whether the delimiter that follows a value would be found
// before the value's end: within it, or across its last bytes.
func (s *Slot) endsEarly(value []byte) bool {
	if s.until == nil {
		return false
	}
	return bytes.Index(slices.Concat(value, s.until), s.until) < len(value)
}
