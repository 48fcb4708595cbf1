package core

import (
	"bytes"
	"slices"

	"pkl/core/expr"
)

// The mark behind a list with a stop: the item for which stop holds. A list
// that is built gets one where nothing else tells its end.

// An equal is a field of an item and the value that stop compares it with.
type equal struct {
	slot *Slot
	v    any // uint64 or text
}

// value is what an item is given.
func (e equal) value() any {
	if n, ok := e.v.(uint64); ok {
		return asValue(e.slot, n)
	}
	return e.v
}

// equals collects the "field == value" of a condition that hold together. Of
// two conditions, either of which would do, it takes the first.
func (l *Layout) equals(n expr.Node) []equal {
	switch n := n.(type) {
	case *expr.Name:
		if s := l.own(n); s != nil && s.Bool() {
			return []equal{{s, uint64(1)}}
		}
	case *expr.Binary:
		switch n.Op {
		case expr.And:
			return append(l.equals(n.X), l.equals(n.Y)...)
		case expr.Or:
			if x := l.equals(n.X); x != nil {
				return x
			}
			return l.equals(n.Y)
		case expr.Eq, expr.Ne:
			return l.equalTo(n)
		}
	case *expr.In:
		if len(n.Set) > 0 && !n.Not {
			return l.equals(&expr.Binary{Op: expr.Eq, X: n.X, Y: n.Set[0].Lo})
		}
	}
	return nil
}

func (l *Layout) equalTo(n *expr.Binary) []equal {
	if s, v, ok := l.maskedValue(n); ok || n.Op == expr.Ne {
		if s == nil {
			return nil
		}
		return []equal{{s, uint64(v) & ones(s.Bits)}}
	}
	if s, _, v, ok := l.compares(n); ok {
		return []equal{{s, uint64(v) & ones(s.Bits)}}
	}
	s, other := l.own(n.X), n.Y
	if s == nil {
		s, other = l.own(n.Y), n.X
	}
	if s == nil {
		return nil
	}
	switch v := other.(type) {
	case *expr.Str:
		return []equal{{s, v.S}}
	case *expr.Lit:
		if s.Kind == Bytes || s.Kind == Text {
			return []equal{{s, string(v.Bytes)}}
		}
		return []equal{{s, v.Text}}
	}
	return nil
}

// maskedValue returns a value for which "x & 0x80 != 0", or "x & 0xc0 == 0x40", holds.
func (l *Layout) maskedValue(n *expr.Binary) (s *Slot, v int64, ok bool) {
	and, isAnd := n.X.(*expr.Binary)
	v, isConst := constantOf(n.Y)
	if !isAnd || and.Op != expr.BitAnd || !isConst {
		return nil, 0, false
	}
	if n.Op == expr.Ne {
		if v, isConst = constantOf(and.Y); !isConst {
			return nil, 0, false
		}
	}
	s = l.own(and.X)
	return s, v, s != nil && s.Kind == Number
}

// endsBehindMark reports whether a field follows that would have no room if the
// list took the rest, as lists do whose mark begins their padding.
func (s *Slot) endsBehindMark() bool { return s.End != "" && s.Size == "" && s.isFollowed() }

// isFollowed reports whether a field may lie behind s.
func (s *Slot) isFollowed() bool {
	return slices.ContainsFunc(s.layout.Slots[s.idx+1:], func(o *Slot) bool {
		return o.Get == "" && o.part == nil && (o.When == "" || s.When == "")
	})
}

// needsItem reports whether a list without items could not be told: its last item
// alone says where it ends, and fields follow that would be taken for one. A list
// whose presence is derived goes away.
func (s *Slot) needsItem() bool {
	return s.Last != "" && s.Size == "" && s.Count == "" && !s.followed() && s.isFollowed()
}

// needsMark reports whether a list that is built has a mark behind its items.
func (s *Slot) needsMark() bool {
	return s.End != "" && s.Size == "" && s.Count == "" && s.Last == "" && (s.Pad <= 1 || s.closes)
}

// stopMarks makes the marks of all lists that need one.
func (c *compiler) stopMarks() {
	for _, ls := range c.all {
		for _, s := range ls.layout.Slots {
			if s.Kind != List || !s.needsMark() || s.layout.broken || slices.ContainsFunc(s.Layouts(), func(l *Layout) bool { return l.broken }) {
				continue
			}
			if s.mark = c.stopMark(s); s.mark == nil {
				c.failAt(s, "stop: no item can be made that ends the list; compare fields of the item with values (type == 255), or give the list a size or a count")
			}
		}
	}
}

// stopMark returns the bytes of an item for which the stop of list s holds.
func (c *compiler) stopMark(s *Slot) []byte {
	if s.items.one == nil && s.items.probe.by == nil || !c.isClosed(s.items.probeOr(), s.End, s.By) {
		return nil
	}
	for _, l := range s.Layouts() {
		if l.end == nil || !c.standsAlone(l) {
			continue
		}
		for _, given := range c.markValues(s, l) {
			if b := c.tryMark(s, l, given); b != nil {
				return b
			}
		}
	}
	return nil
}

// probeOr returns a layout whose fields all items have.
func (c *choice) probeOr() *Layout {
	if c.one != nil {
		return c.one
	}
	return c.probe
}

// markValues returns what to try as the values of a mark of layout l.
func (c *compiler) markValues(s *Slot, l *Layout) []map[string]any {
	given := map[string]any{}
	for _, e := range l.ends {
		given[e.slot.Name] = e.value()
	}
	plain := map[string]any{}
	if l.by != nil {
		for _, k := range s.items.kinds {
			if k.layout == l {
				plain[l.by.Name] = uint64(k.lo) & ones(l.by.Bits)
			}
		}
		if _, told := given[l.by.Name]; !told {
			given[l.by.Name] = plain[l.by.Name]
		}
	}
	return []map[string]any{given, plain}
}

// isClosed reports whether expressions are about fields of the layout alone.
func (c *compiler) isClosed(l *Layout, sources ...string) bool {
	closed := true
	for _, src := range sources {
		if src == "" {
			continue
		}
		n, err := c.parse(src)
		if err != nil {
			return false
		}
		expr.Walk(n, func(n expr.Node) bool {
			if w, ok := n.(*expr.Name); ok {
				closed = closed && c.isClosedName(l, w)
			}
			return true
		})
	}
	return closed
}

// isClosedName reports whether a name is that of a value or a field of the layout.
func (c *compiler) isClosedName(l *Layout, w *expr.Name) bool {
	if s := l.byName[w.Parts[0]]; s != nil {
		return !w.Up
	}
	return bareWord(w) != nil && !slices.ContainsFunc(c.around(l), func(o *Layout) bool { return o.byName[w.Parts[0]] != nil })
}

// around returns the layouts around that of an item.
func (c *compiler) around(l *Layout) []*Layout {
	for _, ls := range c.all {
		if ls.layout == l {
			return ls.layouts[1:]
		}
	}
	return nil
}

// standsAlone reports whether an item can be made without what is around it.
func (c *compiler) standsAlone(l *Layout) bool {
	for _, s := range l.Slots {
		sources := []string{s.When, s.Size, s.Count}
		if s.rule != nil && s.rule.kind == ruleExpr {
			sources = append(sources, s.Auto)
		}
		if s.Get == "" && !c.isClosed(l, sources...) {
			return false
		}
	}
	return l.src == nil || c.isClosed(l, l.src.Len)
}

// tryMark makes an item of values, and returns its bytes if it ends the list.
func (c *compiler) tryMark(s *Slot, lay *Layout, given map[string]any) []byte {
	q := &Packet{}
	q.reset(c.reg, nil)
	if q.begin(false) != nil {
		return nil
	}
	l := q.newList(s, 0, 0, 0)
	b := builder{p: q, given: given}
	id, err := b.record(lay, l, s.Name, false)
	if err != nil {
		return nil
	}
	q.lengthsOf(id, given)
	mark := bytes.Clone(q.buf)
	q.reset(c.reg, mark)
	l, size := q.newList(s, 0, 0, int32(len(mark))), int32(len(mark))
	id, ok := q.item(l, 0, size)
	if n := q.nodes[max(id, 0)]; ok && n.end == size && n.layout == lay && q.holds(lay.end, id) {
		return mark
	}
	return nil
}

// lengthsOf computes the lengths of an item that are not given.
func (p *Packet) lengthsOf(id int32, given map[string]any) {
	for _, a := range p.nodes[id].layout.autos {
		pos, _, ok := p.place(id, a)
		if _, told := given[a.Name]; told || !ok || a.part != nil || !a.rule.isLen() {
			continue
		}
		if v, ok := p.derive(id, a); ok {
			a.setBits(p.buf, pos, uint64(v)&ones(a.Bits))
		}
	}
}

// listEnd returns what a list has behind its items when it is built.
func (p *Packet) listEnd(l int32) []byte {
	n := &p.nodes[l]
	s := n.slot
	if s.Pad <= 1 {
		return s.mark
	}
	size := int(n.stop-p.nodes[n.parent].start) + len(s.mark) // padding counts from the header
	return append(slices.Clip(s.mark), make([]byte, roundUp(size, s.Pad)-size)...)
}
