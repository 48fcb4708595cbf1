package core

import (
	"bytes"
	"iter"
)

// A Tree is a packet as plain values, in wire order.
type Tree struct {
	Layers []LayerTree
	Body   []byte // above the highest layer, or the whole packet if it has none
	Err    string // what is broken, or ""
}

// A LayerTree is one layer of a Tree.
type LayerTree struct {
	Proto   string
	N       int     // which instance of the protocol, from 1
	Fields  []Entry // header, then footer
	Trailer []byte  // as Packet.Trailer
	id      ID
}

// A Record is an item of a list.
type Record []Entry

// An Entry is one field of a layer or an item.
type Entry struct {
	Name string
	// Value is a bool, uint64, int64 (signed numbers), string (text, addresses,
	// names), []byte, or []any: the items of a list, each a Record or a plain value.
	Value any
	Slot  *Slot // nil for the body of an item
	// Derived says that a packet built without the entry gets the same value.
	Derived bool
	// Raw holds the bytes of a list or a name that would come out differently if
	// it were built from Value: padding, pointers, damage. Build takes them as Name + "_raw".
	Raw []byte
}

// Part reports whether the entry shows bits of another one: a flag of a number.
func (e *Entry) Part() bool { return e.Slot != nil && e.Slot.part != nil }

// Fields iterates over the fields that are present in a layer, footer last, or
// in an item: the record and the field. Flags follow the number they lie in,
// computed fields stand where the spec has them.
func (p *Packet) Fields(id ID) iter.Seq2[ID, *Slot] {
	return func(yield func(ID, *Slot) bool) {
		for rec := id; rec != none; rec = p.nodes[rec].foot {
			for _, s := range p.nodes[rec].layout.Slots {
				if s.Name != "" && p.shows(rec, s) && !yield(rec, s) {
					return
				}
			}
		}
	}
}

// shows is Has, for printing: a computed name of a list is left out.
func (p *Packet) shows(id ID, s *Slot) bool {
	return (s.get == nil || s.Kind != List) && p.Has(id, s)
}

// layers iterates over all layers, lowest first.
func (p *Packet) layers() iter.Seq[ID] {
	return func(yield func(ID) bool) {
		p.findAll()
		for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
			p.close(id)
			if !yield(id) {
				return
			}
		}
	}
}

// Tree returns the packet, brought up to date, as plain values. Computed fields
// are left out: a packet built from the rest has the same bytes.
func (p *Packet) Tree() *Tree {
	p.Update()
	t := &Tree{}
	for id := range p.layers() {
		t.Layers = append(t.Layers, LayerTree{
			Proto: p.nodes[id].proto.Name, N: p.Instance(id), Fields: p.entries(id), Trailer: bytes.Clone(p.Trailer(id)), id: id,
		})
	}
	t.Body = bytes.Clone(p.body(p.highest()))
	if err := p.Err(); err != nil {
		t.Err = err.Error()
	}
	return t
}

// entries returns the fields of a layer or an item.
func (p *Packet) entries(id ID) []Entry {
	var all []Entry
	for rec, s := range p.Fields(id) {
		if s.get == nil && s.Kind != Pad {
			all = append(all, p.entry(rec, s))
		}
	}
	return all
}

func (p *Packet) entry(id ID, s *Slot) Entry {
	e := Entry{Name: s.Name, Slot: s, Value: p.value(id, s), Derived: p.implied(id, s)}
	if (s.Kind == List || s.Kind == Name || s.dressed()) && !p.rebuilds(id, s) {
		b, _ := p.raw(id, s)
		e.Raw, e.Derived = append([]byte{}, b...), false
	}
	return e
}

// value returns the value of a field that is present.
func (p *Packet) value(id ID, s *Slot) any {
	switch s.Kind {
	case Number:
		return p.number(id, s)
	case List:
		return p.listValue(id, s)
	}
	b, isText := p.appendValue(nil, id, s)
	if isText {
		return string(b)
	}
	return b
}

// number returns a flag as a bool, a signed number as an int64, any other as a uint64.
func (p *Packet) number(id ID, s *Slot) any {
	v, _ := p.num(id, s)
	switch {
	case s.Bool():
		return v != 0
	case s.Signed:
		return s.signed(v)
	}
	return v
}

// appendValue appends the text of a text, address or name field, else its bytes.
func (p *Packet) appendValue(dst []byte, id ID, s *Slot) (b []byte, isText bool) {
	s = p.behind(id, s)
	if s.Kind == Name && s.get == nil {
		if t, ok := p.nameText(dst, id, s); ok {
			return t, true
		}
	}
	b, _ = p.raw(id, s)
	switch {
	case s.Kind == Text:
		return append(dst, s.textOf(b)...), true
	case s.isAddr(len(b)):
		return s.AppendAddr(dst, b), true
	}
	return append(dst, b...), false
}

// isAddr reports whether n bytes of the field are an address.
func (s *Slot) isAddr(n int) bool {
	return s.Kind == MAC && n == 6 || n > 0 && n == s.addrSize() || s.isShortAddr() && n <= s.addrSize()
}

// behind returns the field that a computed one is another name of, or s itself.
func (p *Packet) behind(id ID, s *Slot) *Slot {
	if s.get == nil || s.get.plain == nil || s.get.plain.layout != p.nodes[id].layout {
		return s
	}
	if a := p.Pick(id, s.get.plain); a != nil {
		return a
	}
	return s
}

func (p *Packet) listValue(id ID, s *Slot) []any {
	all := []any{}
	l := p.list(id, s)
	if l == none {
		return all
	}
	for _, item := range p.items(l) {
		if v := p.plainSlot(s, item); v != nil {
			all = append(all, p.value(item, v))
		} else {
			all = append(all, p.itemValue(item))
		}
	}
	return all
}

// plainSlot returns the field that is the value of an item, if the list holds plain values.
func (p *Packet) plainSlot(list *Slot, item ID) *Slot {
	if !list.items.plain {
		return nil
	}
	return p.nodes[item].layout.Slots[0]
}

// itemValue returns an item. Its body tells the fields behind type and
// length, where these do not tell all of it.
func (p *Packet) itemValue(item ID) Record {
	r := Record(p.entries(item))
	if !p.uncovered(item) {
		return r
	}
	for i := range r {
		if r[i].Slot.idx >= p.nodes[item].layout.head {
			r[i].Derived = true
		}
	}
	return append(r, Entry{Name: "body", Value: bytes.Clone(p.body(item))})
}

// uncovered reports whether an item has bytes behind its fields that are not padding.
func (p *Packet) uncovered(item ID) bool {
	n := &p.nodes[item]
	end := n.start
	for i := len(n.layout.Slots) - 1; i >= 0; i-- {
		s := n.layout.Slots[i]
		if s.get != nil || s.part != nil {
			continue
		}
		if pos, w, ok := p.place(item, s); ok {
			end = int32((pos+w+7)>>3 + p.stopLen(s, (pos+w)>>3))
			break
		}
	}
	n = &p.nodes[item]
	return !bytes.Equal(p.buf[end:n.end], n.layout.unitPad(nil, int(end-n.start)))
}
