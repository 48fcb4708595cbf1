package core

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// What the pair of packet and twin may do with fields and lists.

// settable reports whether the twin can follow a store into the field. It
// cannot where the field is there only above other layers, for it builds each
// alone, and in a number that is derived as a whole.
func settable(s *Slot) bool {
	s = plain(s)
	switch {
	case s.Name == "" || s.Kind == Pad || s.Get != "" || s.Kind == List || needsBelow(s):
		return false
	case s.part != nil:
		return settable(s.part) && s.part.rule == nil && s.part.table == nil
	}
	return true
}

// decides reports whether bounds or presence of others may hang on a field.
// Setting it moves nothing in a packet, but would in one built anew: the two
// can be compared only after a value that leaves the shape of that as it was.
func decides(s *Slot) bool {
	if s.part != nil && decides(s.part) || s.structural || len(s.samePlace()) > 1 {
		return true
	}
	return slices.ContainsFunc(s.layout.Slots, func(o *Slot) bool { return o != s && dependsOn(o.whenDeps, s) })
}

// keepsShape reports whether the twin, after a change of one record's values,
// is built with the same fields in the same places.
func (x *pair) keepsShape(r *twinRecord, change func()) bool {
	values, keys := maps.Clone(r.values), maps.Clone(r.keys)
	defer func() { r.values, r.keys = values, keys }()
	before, err := x.twin.build()
	if err != nil {
		return false
	}
	change()
	after, err := x.twin.build()
	return err == nil && shape(after) == shape(before)
}

// shape tells where the fields of a packet are, not what is in them.
func shape(p *Packet) string {
	var w strings.Builder
	for id := p.First(); id != None; id = p.Upper(id) {
		fmt.Fprintf(&w, "%s %d-%d %d\n", p.ProtoOf(id).Name, p.nodes[id].start, p.nodes[id].end, p.nodes[id].body)
	}
	eachField(p, func(id ID, s *Slot) {
		if pos, width, ok := p.place(id, s); ok {
			fmt.Fprintf(&w, "%d %s %d: %d %d\n", id, s, s.idx, pos, width)
		}
	})
	return w.String()
}

// needsBelow reports whether a field is there only above certain layers: built alone, it is not.
func needsBelow(s *Slot) bool {
	return hangsBelow(s) || slices.ContainsFunc(s.whenDeps, func(d dep) bool { return d.slot != nil && d.slot != s && needsBelow(d.slot) })
}

// pickField draws a record and a field of it that f wants.
func (x *pair) pickField(f func(r *twinRecord, id ID, s *Slot) bool) (target, ID, *Slot, bool) {
	type choice struct {
		t  target
		id ID
		s  *Slot
	}
	var all []choice
	for _, t := range x.targets() {
		if t.r.plain != nil || t.r.wire != nil {
			continue
		}
		recs := []ID{t.r.id}
		if foot := x.p.Foot(t.r.id); len(t.at.steps) == 0 && foot != None {
			recs = append(recs, foot)
		}
		for i, id := range recs {
			for _, s := range x.p.LayoutOf(id).Slots {
				if f(t.r, id, s) {
					t.at.foot = i == 1
					all = append(all, choice{t, id, s})
				}
			}
		}
	}
	if len(all) == 0 {
		return target{}, None, nil, false
	}
	c := all[x.d.int(0, len(all)-1, "field")]
	return c.t, c.id, c.s, true
}

// covered reports whether the field lies in an item's body that was assigned.
func (r *twinRecord) hides(s *Slot) bool { return r.body != nil && s.idx >= s.layout.head }

func (x *pair) setField() {
	t, id, s, ok := x.pickField(func(r *twinRecord, id ID, s *Slot) bool {
		return settable(s) && !r.hides(s) && (x.p.Pick(id, s) == s || s.followed() && s.part == nil)
	})
	if !ok {
		return
	}
	v := x.d.legal(x.p, id, s)
	if decides(plain(s)) && !x.keepsShape(t.r, func() { t.r.set(plain(s), v) }) {
		return
	}
	raw := x.d.chance(3, "raw") && plain(s).Kind != Name
	mirror := func() {
		if t.r.set(plain(s), v); s.followed() {
			x.followParts(t.r, id, plain(s))
		}
	}
	if have, ok := x.p.raw(id, plain(s)); ok && !raw && plain(s).filled() {
		b, _ := plain(s).encodeBytes(v)
		if string(plain(s).redress(have, b)) == string(have) {
			mirror = func() {} // the same text: what is behind it stays
		}
	}
	name := fmt.Sprintf("set %s %v = %#v", s, t.at, v)
	x.do(name, func(p *Packet) error {
		if e, _ := plain(s).encode(v); raw {
			if b, ok := e.([]byte); ok {
				return p.SetRaw(t.at.at(p), s, b)
			}
		}
		return p.Set(t.at.at(p), s, v)
	}, mirror)
}

// set notes the value of a field, or of bits in one.
func (r *twinRecord) set(s *Slot, v any) {
	r.holdKeys(s)
	if s.part == nil {
		r.values[s.Name] = v
		return
	}
	whole, bits := s.part, r.key(s.part)
	e, _ := s.encode(v)
	shift := whole.Bits - s.off - s.Bits
	r.values[whole.Name] = asValue(whole, bits&^(ones(s.Bits)<<shift)|e.(uint64)<<shift)
}

// write notes a value that is not set: a key with it may be filled.
func (r *twinRecord) write(s *Slot, v any) {
	if !r.holdKeys(s) {
		r.values[s.Name] = v
		return
	}
	e, _ := s.encode(v)
	r.keys[s.Name] = e.(uint64)
}

// holdKeys reports whether a field is a key. Those beside it keep what they
// have, though it may now be none that leads to the layer above.
func (r *twinRecord) holdKeys(s *Slot) (isKey bool) {
	if r.proto == nil {
		return false
	}
	for _, k := range r.proto.keys {
		if !slices.Contains(k.slots, s) {
			continue
		}
		isKey = true
		for _, o := range k.slots {
			if o != s {
				r.keys[o.Name] = r.key(o)
			}
		}
	}
	return isKey
}

// unset is field = nil.
func (x *pair) unset() {
	t, id, s, ok := x.pickField(func(r *twinRecord, id ID, s *Slot) bool {
		_, set := r.values[s.Name]
		return settable(s) && !r.hides(s) && s.part == nil && s.Get == "" && x.p.Pick(id, s) == s && (set || s.followed())
	})
	if !ok {
		return
	}
	if len(s.samePlace()) > 1 { // which of them is there, a packet remembers and a new one is not told
		return
	}
	if s.followed() && slices.ContainsFunc(s.whenDeps, func(d dep) bool { return d.slot.part != nil && x.p.edit != nil && x.p.edit.pinned(id, d.slot) }) {
		return // the flag was set and stays, which a new packet cannot be told by the number that holds it
	}
	isKey := s.table != nil && s.Kind == Number
	drop := func() {
		if delete(t.r.values, s.Name); s.Default != nil && s.rule == nil && !isKey && !s.followed() && !s.isEndMark() {
			t.r.write(s, s.Default) // now, whatever would choose another when built anew
		}
	}
	if decides(s) && !isKey && !s.followed() && !x.keepsShape(t.r, drop) {
		return
	}
	x.do(fmt.Sprintf("%s %v = nil", s, t.at), func(p *Packet) error { return p.Set(t.at.at(p), s, nil) }, func() {
		bits := uint64(0)
		if isKey {
			bits = t.r.key(s)
		}
		drop()
		if s.followed() {
			x.dropCompanions(t.r, id, s)
			x.followParts(t.r, id, s)
		}
		switch {
		case !isKey || len(t.at.steps) > 0:
		case s.Default != nil && t.at.layer == len(x.twin.layers)-1:
			delete(t.r.keys, s.Name) // nothing above says another
		default:
			t.r.keys[s.Name] = bits
			x.twin.join(t.at.layer)
		}
	})
}

// dropCompanions forgets what went away with a field: others under the same flag.
func (x *pair) dropCompanions(r *twinRecord, id ID, s *Slot) {
	for _, o := range s.layout.Slots {
		if o != s && o.followed() && slices.ContainsFunc(s.whenDeps, func(d dep) bool { return d.follows(o) && !x.p.edit.pinned(id, d.slot) }) {
			delete(r.values, o.Name)
		}
		for _, d := range o.whenDeps {
			if d.slot != nil && d.slot.rule != nil && dependsOnPresence(d.slot.rule.deps, s) && !o.followed() && !x.p.edit.pinned(id, d.slot) {
				delete(r.values, o.Name)
			}
		}
	}
}

func (x *pair) editList() {
	t, id, s, ok := x.pickField(func(r *twinRecord, id ID, s *Slot) bool {
		return s.Kind == List && s.Get == "" && !needsBelow(s) && !r.hides(s) && x.p.Has(id, s) && (s.items.one != nil || s.items.probe.by != nil)
	})
	if !ok {
		return
	}
	l := t.r.lists[s.Name]
	if l == nil {
		l = &twinList{}
	}
	n := len(x.p.Items(x.p.List(id, s)))
	list := func(p *Packet) ID { return p.List(t.at.at(p), s) }
	name := fmt.Sprintf("%s %v: ", s, t.at)
	become := func(now []*twinRecord, marks ...bool) func() {
		return func() {
			if len(marks) > 0 {
				followMarks(s, now)
				x.followNamed(s, now)
			}
			for _, it := range l.items {
				if !slices.Contains(now, it) {
					x.forget(it)
				}
			}
			t.r.lists[s.Name] = &twinList{items: now}
			x.followParts(t.r, id, s)
		}
	}
	switch what := x.d.int(0, 5, "list"); {
	case what <= 2 && l.raw == nil && len(t.at.steps) < 4:
		v, i := x.d.item(s, len(t.at.steps)+1), x.d.int(0, n, "at")
		x.do(fmt.Sprintf("%sinsert at %d %#v", name, i, v), func(p *Packet) error { return p.InsertItem(list(p), i, v) },
			become(slices.Insert(slices.Clone(l.items), i, twinItemOf(v)), true))
	case what == 3 && l.raw == nil && n > 0:
		i := x.d.int(0, n-1, "at")
		x.do(fmt.Sprintf("%sremove %d", name, i), func(p *Packet) error { return p.RemoveItem(list(p), i) },
			become(slices.Delete(slices.Clone(l.items), i, i+1), true))
	case what == 4 && l.raw == nil:
		x.do(name+"clear", func(p *Packet) error { return p.ClearList(list(p)) }, become(nil))
	case what == 5:
		if v := x.d.items(s, len(t.at.steps)+1); v != nil {
			x.do(fmt.Sprintf("%s= %#v", name, v), func(p *Packet) error { return p.Set(t.at.at(p), s, v) }, become(twinListOf(v).items))
		}
	}
}

// followParts moves the flag that tells whether a list is there, also within a
// number that was set, where it was right before: it holds more than the flag.
func (x *pair) followParts(r *twinRecord, id ID, s *Slot) {
	for _, a := range s.layout.autos {
		tells := func(d dep) bool { return d.how == usePresent && d.slot == s }
		if a.part == nil || !slices.ContainsFunc(a.rule.deps, tells) || x.p.edit.pinned(id, a) {
			continue
		}
		v, given := r.values[a.part.Name]
		want, ok := x.p.derive(id, a)
		if !given || !ok {
			continue
		}
		if want == 0 {
			delete(r.lists, s.Name)
		}
		e, _ := a.part.encode(v)
		at := a.part.Bits - a.off - a.Bits
		r.values[a.part.Name] = asValue(a.part, e.(uint64)&^(ones(a.Bits)<<at)|uint64(want)<<at)
	}
}

// followNamed forgets marks that were set right: they follow where an item comes or goes.
func (x *pair) followNamed(s *Slot, items []*twinRecord) {
	if s.items.one == nil || !s.items.one.mark.named {
		return
	}
	m := s.items.one.mark.slot
	for _, it := range items {
		if it.id > 0 && !x.p.edit.pinned(it.id, m) {
			delete(it.values, m.Name)
		}
	}
}

// followMarks moves the mark of a list's last item where an item comes or goes,
// also within numbers that were set: they hold more than the mark.
func followMarks(s *Slot, items []*twinRecord) {
	if s.Last == "" || s.items.one == nil || s.items.one.mark.slot == nil || s.items.one.mark.named {
		return
	}
	m := s.items.one.mark
	for i, it := range items {
		v, ok := it.values[m.slot.Name]
		if !ok {
			continue
		}
		e, _ := m.slot.encode(v)
		bits := e.(uint64) &^ m.mask
		if last := i+1 == len(items); last != m.inv {
			bits |= m.mask
		}
		it.values[m.slot.Name] = asValue(m.slot, bits)
	}
}

// forget notes that a record and all in it is gone.
func (x *pair) forget(r *twinRecord) {
	x.gone = append(x.gone, handle{r.id, r.birth})
	for _, l := range r.lists {
		for _, it := range l.items {
			x.forget(it)
		}
	}
}

// setItemBody assigns the bytes behind type and length of an item.
func (x *pair) setItemBody() {
	var all []target
	for _, t := range x.targets() {
		if lay := x.p.LayoutOf(t.r.id); len(t.at.steps) > 0 && t.r.plain == nil && t.r.wire == nil && x.bodyIsLast(t.r.id, lay) {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return
	}
	t := all[x.d.int(0, len(all)-1, "item")]
	b := rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(x.d.t, "body")
	x.do(fmt.Sprintf("body of item %v = %x", t.at, b), func(p *Packet) error { return p.SetBody(t.at.at(p), b) }, func() {
		t.r.body = b
		for _, s := range x.p.LayoutOf(t.r.id).Slots {
			if t.r.hides(s) {
				delete(t.r.values, s.Name)
			}
		}
	})
}

// bodyIsLast reports whether an item is type, length and one field of bytes.
func (x *pair) bodyIsLast(id ID, lay *Layout) bool {
	if lay.head == 0 || lay.head != len(lay.Slots)-1 {
		return false
	}
	s := lay.Slots[lay.head]
	return s.Kind == Bytes && s.until == nil && x.p.Has(id, s)
}
