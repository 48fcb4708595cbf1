package core

import (
	"fmt"
	"strings"
)

// list appends the items of a list.
func (b *builder) list(s *Slot, v any, raw bool) (int, error) {
	p, rec, pos := b.p, b.id, b.pos
	start := int32(len(p.buf))
	l := p.newList(s, rec, start, start)
	p.nodes[l].flags |= isWalked | isFree
	p.spans[int(p.nodes[rec].spans)+s.span].node = l
	if t, ok := asBytes(v); ok && (raw || s.Default != nil) {
		return b.rawList(s, l, t)
	}
	if raw {
		return 0, fmt.Errorf("%s_raw: need text, have %s", s, kindOf(v))
	}
	if v == nil && s.always() { // like bytes of a fixed width
		return b.rawList(s, l, make([]byte, s.konst))
	}
	items, err := itemsOf(s, v)
	if err != nil {
		return 0, err
	}
	if v == nil && s.needsItem() && !s.items.plain {
		items = []any{map[string]any{}}
	}
	if len(items) > maxItems {
		return 0, fmt.Errorf("%s: a list has at most %d items", s, maxItems)
	}
	var ids []int32
	for i, iv := range items {
		id, err := p.appendItem(l, iv)
		if err != nil {
			return 0, fmt.Errorf("%w (item %d)", err, i+1)
		}
		ids = append(ids, id)
		if i+1 < len(items) || !p.outerPads(l) {
			p.align(s, p.nodes[id].start)
		}
	}
	n := &p.nodes[l]
	n.first, n.n = int32(len(p.order)), int32(len(ids))
	p.order = append(p.order, ids...)
	n.stop = int32(len(p.buf))
	p.stateEnd(l, ids)
	p.markEnd(l, true)
	p.finishList(l)
	w := len(p.buf) - int(start)
	b.id, b.pos = rec, pos+w<<3
	return w << 3, p.listAllowed(rec, l, w)
}

// finishList appends the padding of a list, and the mark that ends it.
func (p *Packet) finishList(l int32) {
	p.buf = append(p.buf, p.listEnd(l)...)
	n := &p.nodes[l]
	n.end, n.pad = int32(len(p.buf)), int32(len(p.buf))
}

func (p *Packet) align(s *Slot, start int32) {
	if s.Align > 1 {
		p.align2(start, s.Align)
	}
}

func (p *Packet) align2(start int32, unit int) {
	for n := len(p.buf) - int(start); n%unit != 0; n++ {
		p.buf = append(p.buf, 0)
	}
}

// rawList appends the bytes of a list as they are.
func (b *builder) rawList(s *Slot, l int32, t []byte) (int, error) {
	p := b.p
	p.buf = append(p.buf, t...)
	n := &p.nodes[l]
	n.end = int32(len(p.buf))
	n.flags &^= isWalked
	rec, pos := b.id, b.pos
	p.nodes[rec].end = n.end
	p.walkList(l)
	for _, id := range p.items(l) {
		p.freezeRecord(id)
	}
	b.id, b.pos = rec, pos+len(t)<<3
	return len(t) << 3, p.listAllowed(rec, l, len(t))
}

func itemsOf(s *Slot, v any) ([]any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []any:
		return v, nil
	}
	return nil, fmt.Errorf("%s: need an array of items, have %s", s, kindOf(v))
}

// appendItem appends an item made of v for list l.
func (p *Packet) appendItem(l int32, v any) (int32, error) {
	id, err := p.makeItem(l, v)
	if err != nil {
		return none, err
	}
	if lay := p.nodes[id].layout; lay.end != nil && p.holds(lay.end, id) {
		return none, fmt.Errorf("%s: the mark that ends the list is no item; it is written where it is needed", p.nodes[l].slot)
	}
	return id, p.opens(id)
}

// opens refuses an item that begins with what closes its list.
func (p *Packet) opens(id int32) error {
	n := &p.nodes[id]
	if n.slot != nil && n.slot.closing(p.buf[n.start:]) > 0 {
		return fmt.Errorf("%s: an item cannot begin with %q, which closes the list", n.slot, n.slot.Closed[0])
	}
	return nil
}

func (p *Packet) makeItem(l int32, v any) (int32, error) {
	s := p.nodes[l].slot
	given, isMap := v.(map[string]any)
	if s.items.plain {
		if isMap {
			return none, fmt.Errorf("%s: its items are values, not tables", s)
		}
		given = map[string]any{"": v}
	} else if t, ok := asBytes(v); ok {
		return p.appendRawItem(l, t)
	} else if !isMap {
		return none, fmt.Errorf("%s: need a table for an item, have %s", s, kindOf(v))
	}
	lay, given, err := p.itemLayout(l, given)
	if err != nil {
		return none, err
	}
	b := builder{p: p, given: given}
	if err := b.unknown("item of "+s.String(), []*Layout{lay}, "body"); err != nil {
		return none, err
	}
	body, hasBody := asBytes(given["body"])
	if hasBody {
		return p.appendWithBody(l, lay, given, body)
	}
	id, err := b.record(lay, l, s.String(), false)
	if err != nil {
		return none, err
	}
	n := &p.nodes[id]
	n.slot, n.proto = s, nil
	n.flags |= isFixed
	if pad := lay.unitPad(nil, int(n.end-n.start)); len(pad) > 0 {
		p.buf = append(p.buf, pad...)
		p.nodes[id].end += int32(len(pad))
		p.takeRest(id, len(pad))
	}
	return id, b.late(id, none)
}

// takeRest gives n more bytes at the end of an item to the field that takes the rest of it.
func (p *Packet) takeRest(id int32, n int) {
	slots := p.nodes[id].layout.Slots
	for i := len(slots) - 1; i >= 0; i-- {
		s := slots[i]
		if s.Get != "" || s.part != nil {
			continue
		}
		if (s.Kind == Bytes || s.Kind == Text) && s.width < 0 && s.size == nil && s.until == nil {
			if sp := p.spanOf(id, s); sp.n >= 0 {
				sp.n += int32(n << 3)
			}
		}
		return
	}
}

// itemLayout decides which kind of item the given values make.
func (p *Packet) itemLayout(l int32, given map[string]any) (*Layout, map[string]any, error) {
	s := p.nodes[l].slot
	c := &s.items
	if c.one != nil {
		return c.one, given, nil
	}
	by := c.probe.by
	if by == nil { // chosen by something outside the item
		return p.outerKind(l), given, nil
	}
	if v, ok := given[by.Name]; ok {
		n, err := by.encode(v)
		if err != nil {
			return nil, nil, err
		}
		if lay := c.pick(int64(n.(uint64))); lay != nil {
			return lay, given, nil
		}
		return nil, nil, fmt.Errorf("%s: no kind of item has %s = %v", s, by.Name, v)
	}
	for _, k := range c.kinds {
		if hasAll(k.layout, given) && (c.other == nil || !hasAll(c.other, given)) {
			filled := map[string]any{by.Name: uint64(k.lo)}
			for n, v := range given {
				filled[n] = v
			}
			return k.layout, filled, nil
		}
	}
	v := by.Default
	if v == nil {
		v = 0
	}
	n, err := by.encode(v)
	if err != nil {
		return nil, nil, err
	}
	if lay := c.pick(int64(n.(uint64))); lay != nil {
		return lay, given, nil
	}
	return nil, nil, fmt.Errorf("%s: an item needs %s", s, by.Name)
}

// outerKind decides by fields of the record around the list.
func (p *Packet) outerKind(l int32) *Layout {
	c := &p.nodes[l].slot.items
	id := p.newNode(node{layout: c.probe, parent: l, spans: none, up: none, down: none, foot: none, flags: isDead})
	v, ok := p.eval(c.by, id)
	p.nodes = p.nodes[:id]
	if lay := c.pick(v); ok && lay != nil {
		return lay
	}
	return c.probe
}

func hasAll(lay *Layout, given map[string]any) bool {
	for n := range given {
		if n == "body" {
			return false
		}
		if lay.byName[strings.TrimSuffix(n, "_raw")] == nil {
			return false
		}
	}
	return true
}

// appendWithBody appends type and length, then the bytes behind them as given.
func (p *Packet) appendWithBody(l int32, lay *Layout, given map[string]any, body []byte) (int32, error) {
	s := p.nodes[l].slot
	head := *lay
	head.Slots = lay.Slots[:min(lay.head, len(lay.Slots))]
	b := builder{p: p, given: given}
	id, err := b.record(&head, l, s.String(), false)
	if err != nil {
		return none, err
	}
	for _, f := range lay.Slots[len(head.Slots):] {
		if _, _, ok := b.value(f); ok && f.part == nil {
			return none, fmt.Errorf("%s: give either the body of an item or %s", s, f.Name)
		}
	}
	p.buf = append(p.buf, lay.unitPad(body, len(p.buf)-int(p.nodes[id].start))...)
	n := &p.nodes[id]
	n.layout, n.slot, n.proto, n.end = lay, s, nil, int32(len(p.buf))
	p.ready = true
	p.relayItem(id)
	return id, b.late(id, none)
}

// appendRawItem appends an item given as its bytes on the wire.
func (p *Packet) appendRawItem(l int32, t []byte) (int32, error) {
	s := p.nodes[l].slot
	start := int32(len(p.buf))
	p.buf = append(p.buf, t...)
	id, ok := p.item(l, start, int32(len(p.buf)))
	if !ok || p.nodes[id].end != int32(len(p.buf)) {
		return none, fmt.Errorf("%s: these %d bytes are not one item", s, len(t))
	}
	p.freezeRecord(id)
	return id, nil
}
