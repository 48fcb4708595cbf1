package core

import (
	"fmt"
	"sort"
	"strings"
)

// Build makes a packet of one layer. Fields without a value get their default;
// derived ones are computed when the packet is brought up to date, unless given.
// A value is a number, bool, string (text, address, name, value name), []byte,
// []any (the items of a list, each a map or a value), or for body and the bytes
// that hold a packet a *Packet.
func Build(pr *Proto, values map[string]any) (*Packet, error) {
	p := &Packet{}
	p.reset(pr.reg, nil)
	p.LinkType = -1
	p.first = pr
	_ = p.begin(false)
	b := builder{p: p, given: values}
	id, err := b.record(pr.head, none, pr.Name, true)
	if err != nil {
		return nil, err
	}
	p.stackBuilt(id, pr)
	fid := int32(none)
	if len(pr.foot.Slots) > 0 {
		if fid, err = b.record(pr.foot, id, pr.Name, false); err != nil {
			return nil, err
		}
		p.nodes[id].foot = fid
		n := &p.nodes[id]
		n.tail = int32(len(p.buf))
		p.nodes[0].body, p.nodes[0].tail = n.tail, n.tail
	}
	if err := b.unknown(pr.Name, append(pr.head.names(), pr.foot.names()...), "body", "trailer"); err != nil {
		return nil, err
	}
	if err := b.late(id, fid); err != nil {
		return nil, err
	}
	if err := b.content(id); err != nil {
		return nil, err
	}
	if len(pr.head.Slots) > 0 {
		return p, p.checkFits(pr.head.Slots[len(pr.head.Slots)-1])
	}
	return p, nil
}

// stackBuilt makes record id the only layer.
func (p *Packet) stackBuilt(id int32, pr *Proto) {
	n := &p.nodes[id]
	end := int32(len(p.buf))
	n.proto, n.down, n.up, n.foot = pr, 0, none, none
	n.end, n.body, n.tail = end, end, end
	n.flags |= isBuilt | isStored | isSized
	r := &p.nodes[0]
	r.up, r.body, r.tail = id, end, end
	p.top, p.depth, p.done, p.ready = id, 1, true, true
}

// content sets body and trailer if they are given.
func (b *builder) content(id int32) error {
	switch v := b.given["body"].(type) {
	case nil:
	case *Packet:
		if err := b.p.setBodyPacket(id, v); err != nil {
			return err
		}
	case string:
		if err := b.p.setBody(id, []byte(v)); err != nil {
			return err
		}
	case []byte:
		if err := b.p.setBody(id, v); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s.body: need text or a packet, have %s", b.p.nodes[id].proto.Name, kindOf(v))
	}
	if t, ok := asBytes(b.given["trailer"]); ok {
		return b.p.setTrailer(id, t)
	}
	return nil
}

func asBytes(v any) ([]byte, bool) {
	switch v := v.(type) {
	case string:
		return []byte(v), true
	case []byte:
		return v, true
	}
	return nil, false
}

// A builder makes one record at the end of a packet from given values.
type builder struct {
	p     *Packet
	given map[string]any
	id    int32
	pos   int // bits from the start of the record
}

// value returns what is given for a field, as itself or as raw bytes.
func (b *builder) value(s *Slot) (v any, raw, ok bool) {
	if s.Name == "" {
		v, ok = b.given[""]
		return v, false, ok
	}
	if v, ok = b.given[s.Name]; ok && v != nil {
		return v, false, true
	}
	if v, ok = b.given[s.Name+"_raw"]; ok && v != nil {
		return v, true, true
	}
	return nil, false, false
}

// unknown reports a given name that is no field.
func (b *builder) unknown(where string, names []string, also ...string) error {
	known := map[string]bool{"": true}
	for _, n := range append(names, also...) {
		known[n], known[n+"_raw"] = true, true
	}
	var bad []string
	for n := range b.given {
		if !known[n] {
			bad = append(bad, n)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	sort.Strings(bad)
	return fmt.Errorf("%s has no field %q%s", where, bad[0], hint(strings.TrimSuffix(bad[0], "_raw"), append(names, also...)))
}

// record appends a record of the layout.
func (b *builder) record(lay *Layout, parent int32, path string, head bool) (int32, error) {
	p := b.p
	start := int32(len(p.buf))
	b.id = p.newNode(node{layout: lay, proto: lay.proto, parent: parent, start: start, end: start, spans: none, up: none,
		down: none, foot: none, body: 1 << 30})
	if parent == none && !head {
		p.nodes[b.id].proto = nil
	}
	p.nodes[b.id].spans = p.newSpans(lay.nspan)
	b.pos = 0
	for _, s := range lay.Slots {
		if s.Get != "" || s.part != nil {
			continue
		}
		if err := b.field(s); err != nil {
			return none, err
		}
		p.nodes[b.id].end = int32(len(p.buf))
	}
	if b.pos&7 != 0 {
		return none, fmt.Errorf("%s: its fields are %d bits, not whole bytes", path, b.pos)
	}
	for _, a := range lay.autos {
		if !p.edit.pinned(b.id, a) {
			p.edit.todo = add(p.edit.todo, b.id, a)
		}
	}
	return b.id, nil
}

// there reports whether a field is present in the record being built.
func (b *builder) there(s *Slot, given bool) bool {
	switch {
	case s.when == nil:
		return true
	case s.followed():
		return given
	}
	return b.p.there(s, b.id, int(b.p.nodes[b.id].start)<<3+b.pos)
}

func (b *builder) field(s *Slot) error {
	v, raw, given := b.value(s)
	if s.when != nil {
		if !given && b.yields(s) {
			return nil
		}
		b.peek(s, v, given)
	}
	if !b.there(s, given) {
		if given && s.Alt == nil && !b.otherThere(s) {
			return fmt.Errorf("%s is absent here: it is there when %s", s, s.When)
		}
		return nil
	}
	if s.Align > 1 && s.Kind != List {
		b.grow(roundUp(b.pos, s.Align*8) - b.pos)
	}
	from := b.pos
	if s.span >= 0 {
		b.p.spans[int(b.p.nodes[b.id].spans)+s.span] = span{int32(from), 0, none}
	}
	w, err := b.put(s, v, raw, given)
	if err != nil {
		return err
	}
	if s.span >= 0 {
		b.p.spans[int(b.p.nodes[b.id].spans)+s.span].n = int32(w)
	}
	if given && (s.rule != nil || s.table != nil || s.structural) {
		b.p.edit.pins = add(b.p.edit.pins, b.id, s)
	}
	return nil
}

// yields reports whether a field that excludes s is given instead.
func (b *builder) yields(s *Slot) bool {
	for _, o := range s.samePlace() {
		if _, _, given := b.value(o); given && o != s && o.when != nil {
			return true
		}
	}
	return false
}

// peek writes the value of a field whose presence hangs on itself, so that its condition can be asked.
func (b *builder) peek(s *Slot, v any, given bool) {
	if s.Kind != Number || !dependsOn(s.whenDeps, s) {
		return
	}
	if !given {
		v = s.Default
	}
	if v == nil {
		v = 0
	}
	n, err := s.encode(v)
	if err != nil {
		return
	}
	save := len(b.p.buf)
	need := int(b.p.nodes[b.id].start) + (b.pos+s.Bits+7)/8
	for len(b.p.buf) < need {
		b.p.buf = append(b.p.buf, 0)
	}
	s.setBits(b.p.buf, int(b.p.nodes[b.id].start)<<3+b.pos, n.(uint64))
	ok := b.p.there(s, b.id, int(b.p.nodes[b.id].start)<<3+b.pos)
	if !ok { // as if it were not there
		clear(b.p.buf[save:])
		b.p.buf = b.p.buf[:save]
	} else {
		b.p.buf = b.p.buf[:need]
	}
}

// otherThere reports whether another field of the same name is or will be there.
func (b *builder) otherThere(s *Slot) bool {
	for a := s.layout.byName[s.Name]; a != nil; a = a.Alt {
		if a == s {
			continue
		}
		if a.span >= 0 && b.p.spans[int(b.p.nodes[b.id].spans)+a.span].n > 0 {
			return true
		}
	}
	return false
}

// grow appends n bits of zeros.
func (b *builder) grow(n int) {
	b.pos += n
	need := int(b.p.nodes[b.id].start) + (b.pos+7)/8
	for len(b.p.buf) < need {
		b.p.buf = append(b.p.buf, 0)
	}
}

// put appends the field's value and returns its width.
func (b *builder) put(s *Slot, v any, raw, given bool) (int, error) {
	if !given {
		v = s.Default
	}
	switch s.Kind {
	case Number:
		return b.number(s, v, raw)
	case List:
		return b.list(s, v, raw)
	case Pad:
		n := roundUp(b.pos, s.Align*8) - b.pos
		b.grow(n)
		return n, nil
	}
	bytes, err := b.bytes(s, v, raw)
	if err != nil {
		return 0, err
	}
	if b.pos&7 != 0 {
		return 0, fmt.Errorf("%s begins within a byte", s)
	}
	b.p.buf = append(append(b.p.buf[:int(b.p.nodes[b.id].start)+b.pos>>3], bytes...), s.until...)
	b.pos += (len(bytes) + len(s.until)) << 3
	return len(bytes) << 3, nil
}

func (b *builder) number(s *Slot, v any, raw bool) (int, error) {
	at := int(b.p.nodes[b.id].start)<<3 + b.pos
	bits, err := s.initialNum(v, raw)
	if err != nil {
		return 0, err
	}
	if v == nil && b.tellsPresence(s) {
		bits = 1
	}
	if s.LSB {
		for need := (at-s.lead)>>3 + s.word; len(b.p.buf) < need; {
			b.p.buf = append(b.p.buf, 0)
		}
	}
	b.grow(s.Bits)
	s.setBits(b.p.buf, at, bits)
	return s.Bits, nil
}

// tellsPresence reports whether the number is derived from the presence of a
// field that is given. Fields under the same flag ask for it while the record is built.
func (b *builder) tellsPresence(s *Slot) bool {
	if s.rule == nil {
		return false
	}
	for _, d := range s.rule.deps {
		if d.how == usePresent && d.slot != nil && d.slot.layout == s.layout {
			if _, _, given := b.value(d.slot); given {
				return true
			}
		}
	}
	return false
}

func (s *Slot) initialNum(v any, raw bool) (uint64, error) {
	if raw {
		t, ok := asBytes(v)
		if !ok || s.Bits%8 != 0 || len(t) != s.Bits/8 {
			return 0, fmt.Errorf("%s_raw: need %d bytes", s, s.Bits/8)
		}
		if s.LE {
			return getLE(t, len(t)), nil
		}
		return getBE(t, len(t)), nil
	}
	if v == nil {
		return 0, nil
	}
	e, err := s.encode(v)
	if err != nil {
		return 0, err
	}
	return e.(uint64), nil
}

// bytes returns the bytes of a field that is not a number.
func (b *builder) bytes(s *Slot, v any, raw bool) ([]byte, error) {
	if q, ok := v.(*Packet); ok && s.Kind == Bytes {
		q.Update()
		v = q.buf
	}
	if raw {
		if t, ok := asBytes(v); ok {
			v = t
		}
	}
	if v == nil {
		if s.width < 0 && s.size != nil && !s.sizeFollows() {
			if n, ok := b.p.eval(s.size, b.id); ok && n >= 0 && n < 1<<16 {
				return make([]byte, n), nil
			}
		}
		return s.initial()
	}
	t, err := s.encodeBytes(v)
	if err == nil && s.size != nil && s.konst < 0 {
		err = b.p.sizeAllowed(b.id, s, len(t))
	}
	if err == nil && s.until != nil && strings.Contains(string(t), s.Until) {
		err = fmt.Errorf("%s: the value holds its own end %q", s, s.Until)
	}
	return t, err
}

// sizeFollows reports whether a derived field tells the size.
func (s *Slot) sizeFollows() bool {
	for _, a := range s.layout.autos {
		if a.rule == nil {
			continue
		}
		if k := a.rule.kind; k == ruleHeaderLen || k == ruleTotalLen || k == ruleBodyLen {
			return true
		}
		for _, d := range a.rule.deps {
			if d.how == useSize && d.slot == s {
				return true
			}
		}
	}
	return false
}

// initial returns the bytes a field has when nothing is given.
func (s *Slot) initial() ([]byte, error) {
	if s.Default != nil && s.Kind != Number {
		return s.encodeBytes(s.Default)
	}
	switch {
	case s.Kind == Number:
		n, err := s.initialNum(s.Default, false)
		if s.Bits%8 != 0 {
			return nil, fmt.Errorf("%s is not whole bytes", s)
		}
		out := make([]byte, s.Bits/8)
		s.setBits(out, 0, n)
		return out, err
	case s.width >= 0:
		return make([]byte, s.width/8), nil
	case s.Kind == Name:
		return []byte{0}, nil
	}
	return nil, nil
}

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
	items, err := itemsOf(s, v)
	if err != nil {
		return 0, err
	}
	var ids []int32
	for i, iv := range items {
		id, err := p.appendItem(l, iv)
		if err != nil {
			return 0, fmt.Errorf("%w (item %d)", err, i+1)
		}
		ids = append(ids, id)
		p.align(s, p.nodes[id].start)
	}
	n := &p.nodes[l]
	n.first, n.n = int32(len(p.order)), int32(len(ids))
	p.order = append(p.order, ids...)
	n.stop = int32(len(p.buf))
	p.finishList(l)
	w := (len(p.buf) - int(start)) << 3
	b.id, b.pos = rec, pos+w
	return w, nil
}

// finishList appends the padding of a list, or the mark that ends it.
func (p *Packet) finishList(l int32) {
	n := &p.nodes[l]
	s := n.slot
	if s.Pad > 1 {
		p.align2(p.nodes[n.parent].start, s.Pad)
	} else if s.End != "" && s.Size == "" {
		p.buf = append(p.buf, s.endMark()...)
	}
	n = &p.nodes[l]
	n.end, n.pad = int32(len(p.buf)), int32(len(p.buf))
}

// endMark returns the bytes of the item that a list's stop asks for: "type == 255".
func (s *Slot) endMark() []byte {
	name, text, ok := strings.Cut(s.End, "==")
	if !ok {
		return nil
	}
	v, err := parseNumber(text)
	if err != nil {
		return nil
	}
	lay := s.items.one
	if lay == nil {
		lay = s.items.pick(int64(v))
	}
	if lay == nil {
		return nil
	}
	q := &Packet{}
	q.reset(lay.proto.reg, nil)
	_ = q.begin(false)
	b := builder{p: q, given: map[string]any{strings.TrimSpace(name): v}}
	if _, err := b.record(lay, 0, s.Name, false); err != nil {
		return nil
	}
	return q.buf
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
	return len(t) << 3, nil
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
	if err := b.unknown("item of "+s.String(), lay.names(), "body"); err != nil {
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

// late sets what lies within or stands for other fields: flags, parts, computed fields.
func (b *builder) late(id, foot int32) error {
	for _, rec := range []int32{id, foot} {
		if rec == none {
			continue
		}
		for _, s := range b.p.nodes[rec].layout.Slots {
			if s.part == nil && s.Get == "" {
				continue
			}
			v, raw, ok := b.value(s)
			if !ok || raw {
				continue
			}
			if err := b.p.Set(rec, s, v); err != nil {
				return err
			}
		}
	}
	return nil
}
