package core

import (
	"maps"
	"slices"
)

// A twin is a packet as plain values: what was given for each field of each
// layer and item. It knows no offsets, and has its bytes built anew whenever
// they are asked for. It is the slow, obvious way to do what a Packet does by
// splicing.
type twin struct {
	reg    *Registry
	layers []*twinRecord
	body   []byte
}

// A twinRecord is a layer, with its footer, or an item.
type twinRecord struct {
	id     ID // in the packet
	birth  uint32
	proto  *Proto
	values m                 // what was given; it stays set
	keys   map[string]uint64 // keys that were filled in
	lists  map[string]*twinList
	body   []byte // of an item, if it was assigned
	wire   []byte // the whole item, if it is given so
	plain  any    // the value of an item that has no fields
}

type twinList struct {
	items []*twinRecord
	raw   []byte // assigned as bytes: what is in it is not followed
}

func newTwinRecord(pr *Proto) *twinRecord {
	return &twinRecord{proto: pr, values: m{}, keys: map[string]uint64{}, lists: map[string]*twinList{}}
}

// twinOf makes a record of values as Build takes them.
func twinOf(pr *Proto, v m) *twinRecord {
	r := newTwinRecord(pr)
	for name, x := range v {
		if list, ok := x.([]any); ok {
			r.lists[name] = twinListOf(list)
		} else {
			r.values[name] = x
		}
	}
	return r
}

func twinListOf(values []any) *twinList {
	l := &twinList{}
	for _, v := range values {
		l.items = append(l.items, twinItemOf(v))
	}
	return l
}

func twinItemOf(v any) *twinRecord {
	if iv, ok := v.(m); ok {
		return twinOf(nil, iv)
	}
	return &twinRecord{plain: v}
}

// given returns the values as Build takes them.
func (r *twinRecord) given() any {
	switch {
	case r.plain != nil:
		return r.plain
	case r.wire != nil:
		return r.wire
	}
	v := m{}
	for name, bits := range r.keys {
		v[name] = bits
	}
	for name, x := range r.values {
		v[name] = x
	}
	for name, l := range r.lists {
		if l.raw != nil {
			v[name+"_raw"] = l.raw
		} else {
			list := []any{}
			for _, it := range l.items {
				list = append(list, it.given())
			}
			v[name] = list
		}
	}
	if r.body != nil {
		v["body"] = r.body
	}
	return v
}

// givenAlone is given without the keys that were filled in.
func (r *twinRecord) givenAlone() m {
	keys := r.keys
	r.keys = nil
	defer func() { r.keys = keys }()
	return r.given().(m)
}

// build makes the packet anew, from the highest layer down, so that each has
// all its body when it is put below.
func (w *twin) build() (*Packet, error) {
	var p *Packet
	if len(w.body) > 0 { // as a layer, so that nothing is found in it
		var err error
		if p, err = Build(w.reg.Proto("blob"), m{"data": w.body}); err != nil {
			return nil, err
		}
	}
	for _, r := range slices.Backward(w.layers) {
		q, err := Build(r.proto, r.given().(m))
		if err == nil && p != nil {
			q, err = Concat(q, p)
		}
		if err != nil {
			return nil, err
		}
		p = q
	}
	p.Update()
	return p, nil
}

// clone copies a twin, so that what was tried can be taken back.
func (w *twin) clone() *twin {
	c := &twin{reg: w.reg, body: w.body}
	for _, r := range w.layers {
		c.layers = append(c.layers, r.clone())
	}
	return c
}

func (r *twinRecord) clone() *twinRecord {
	c := *r
	c.values, c.keys, c.lists = maps.Clone(r.values), maps.Clone(r.keys), map[string]*twinList{}
	for name, l := range r.lists {
		now := &twinList{raw: l.raw}
		for _, it := range l.items {
			now.items = append(now.items, it.clone())
		}
		c.lists[name] = now
	}
	return &c
}

// join says what putting the layers above i does to the key of layer i: it
// leads to the layer above, unless it is set or does so already.
func (w *twin) join(i int) {
	if i < 0 || i+1 >= len(w.layers) {
		return
	}
	low, up := w.layers[i], w.layers[i+1].proto
	there := low.keysThere()
	for _, k := range there {
		if n := up.numberIn(k.table); low.leads(k, up) && (n == nil || n.fill == nil) {
			return
		}
	}
	for _, k := range there {
		n := up.numberIn(k.table)
		if n == nil || !n.ok && n.fill == nil {
			continue
		}
		s := k.slots[len(k.slots)-1]
		if low.pins(s) {
			return
		}
		if n.fill != nil {
			delete(low.keys, s.Name) // an expression says it, whenever sizes change
		} else {
			low.keys[s.Name] = n.value
		}
		return
	}
}

// pins reports whether a key is set, or another field in its place.
func (r *twinRecord) pins(s *Slot) bool {
	return slices.ContainsFunc(s.samePlace(), func(a *Slot) bool {
		_, set := r.values[a.Name]
		return set
	})
}

// keysThere returns the key fields that a layer has.
func (r *twinRecord) keysThere() (list []keySource) {
	p, err := Build(r.proto, r.givenAlone())
	for _, k := range r.proto.keys {
		if err == nil && !slices.ContainsFunc(k.slots, func(s *Slot) bool { return !p.Has(p.First(), s) && len(s.samePlace()) == 1 }) {
			list = append(list, k)
		}
	}
	return list
}

func (r *twinRecord) leads(k keySource, up *Proto) bool {
	for _, s := range k.slots {
		if k.table.leads(r.key(s), up) {
			return true
		}
	}
	return false
}

// key returns the value of a key field.
func (r *twinRecord) key(s *Slot) uint64 {
	if v, ok := r.values[s.Name]; ok {
		e, _ := s.encode(v)
		return e.(uint64)
	}
	if v, ok := r.keys[s.Name]; ok {
		return v
	}
	v, _ := s.initialNum(s.Default, false)
	return v
}

// raise notes a flag that has made room: it stays when the room is no longer needed.
func (r *twinRecord) raise(s *Slot) {
	bits := r.key(s)
	if s.part != nil {
		bits = r.key(s.part) >> (s.part.Bits - s.off - s.Bits)
	}
	if bits&1 == 0 {
		r.set(s, asValue(s, 1))
	}
}

// moveKey gives the value of one layer's key to another of the same table:
// what lies above is unknown, but still what the key says.
func (w *twin) moveKey(from, to *twinRecord) {
	k, s := from.leading(to.proto)
	if s == nil {
		return
	}
	v := from.key(s)
	for _, t := range to.keysThere() {
		if t.table != k.table {
			continue
		}
		for _, s := range t.slots {
			if _, pinned := to.values[s.Name]; !pinned {
				to.keys[s.Name] = v
				return
			}
		}
	}
}

// leading returns the first key that a layer has of a table that another protocol has too.
func (r *twinRecord) leading(other *Proto) (keySource, *Slot) {
	p, err := Build(r.proto, r.given().(m))
	for _, k := range r.proto.keys {
		for _, s := range k.slots {
			if err == nil && other.shares(k.table) && p.Has(p.First(), s) {
				return k, s
			}
		}
	}
	return keySource{}, nil
}

// turns reports whether a key moved from one layer to another would turn it
// into another field: what is a type above 1,536 and a length below; or is a length.
func (w *twin) turns(from, to *twinRecord) bool {
	if _, s := from.leading(to.proto); s != nil && s.rule != nil && s.rule.isLen() {
		return true // it is what it was when it was last computed
	}
	keys := maps.Clone(to.keys)
	defer func() { to.keys = keys }()
	w.moveKey(from, to)
	_, err := Build(to.proto, to.given().(m))
	return err != nil
}
