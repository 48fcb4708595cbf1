package core

import (
	"fmt"
	"slices"
	"strings"
)

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

// unknown reports a given name that is no field of the layouts and none of the others.
func (b *builder) unknown(where string, lays []*Layout, others ...string) error {
	bad := ""
	for n := range b.given {
		if !takes(n, lays, others) && (bad == "" || n < bad) {
			bad = n
		}
	}
	if bad == "" {
		return nil
	}
	for _, l := range lays {
		others = append(l.names(), others...)
	}
	return fmt.Errorf("%s has no field %q%s", where, bad, hint(strings.TrimSuffix(bad, "_raw"), others))
}

// takes reports whether a value can be given under a name: a field's, its bytes', or one of the others.
func takes(name string, lays []*Layout, others []string) bool {
	base := strings.TrimSuffix(name, "_raw")
	for _, l := range lays {
		if l.byName[name] != nil || l.byName[base] != nil {
			return true
		}
	}
	return name == "" || slices.Contains(others, name) || slices.Contains(others, base)
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
			p.edit.note(b.id, a)
		}
	}
	return b.id, nil
}

// there reports whether a field is present in the record being built.
func (b *builder) there(s *Slot, given bool) bool {
	switch {
	case s.when == nil:
		return true
	case s.followed() && !b.givesFlag(s) && (given || !b.comesWith(s)):
		return given
	}
	return b.p.there(s, b.id, int(b.p.nodes[b.id].start)<<3+b.pos)
}

// givesFlag reports whether a number is given that holds the flag which tells of the field.
func (b *builder) givesFlag(s *Slot) bool {
	for _, d := range s.whenDeps {
		if d.slot != nil && d.slot.part != nil {
			if _, _, given := b.value(d.slot.part); given {
				return true
			}
		}
	}
	return false
}

// comesWith reports whether a field is given of which a flag tells that tells of s too.
func (b *builder) comesWith(s *Slot) bool {
	return slices.ContainsFunc(s.whenDeps, func(d dep) bool { return b.tellsPresence(d.slot) })
}

func (b *builder) field(s *Slot) error {
	v, raw, given := b.value(s)
	if s.when != nil {
		if !given && b.yields(s) {
			return nil
		}
		b.peek(s, v, raw, given)
	}
	if !b.there(s, given) {
		if given && s.Alt == nil && !b.otherThere(s) {
			return b.absent(s)
		}
		return nil
	}
	if s.Align > 1 && s.Kind != List && s.Kind != Pad {
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
		b.p.edit.pins.add(b.id, s)
		if s.roomy {
			b.p.pinRoom(b.id, s)
		}
	}
	return nil
}

// absent says why a field that is given is not there.
func (b *builder) absent(s *Slot) error {
	if f := s.decidedBy(); f != nil {
		if _, _, given := b.value(f); !given {
			return fmt.Errorf("%w; %s is computed only when all fields are there: give it, too", s.absentHere(), f.Name)
		}
	}
	return s.absentHere()
}

// yields reports whether a field that excludes s is given instead. It asks
// only where the value of s itself decides: elsewhere the condition tells.
func (b *builder) yields(s *Slot) bool {
	if !dependsOn(s.whenDeps, s) {
		return false
	}
	if s.Kind != Number && b.wantsAbsent(s) {
		return true
	}
	for _, o := range s.samePlace() {
		if _, _, given := b.value(o); given && o != s && o.when != nil {
			return true
		}
	}
	return false
}

// wantsAbsent reports whether a field is given that is there only without s.
func (b *builder) wantsAbsent(s *Slot) bool {
	for _, o := range s.layout.Slots[s.idx+1:] {
		if o.when == nil || o.Alt != nil || o.before != nil || !dependsOnPresence(o.whenDeps, s) {
			continue
		}
		if _, _, given := b.value(o); given && b.p.holds(o.when, b.id) {
			return true
		}
	}
	return false
}

// peek writes the value of a field whose presence hangs on itself, so that its condition can be asked.
func (b *builder) peek(s *Slot, v any, raw, given bool) {
	if !dependsOn(s.whenDeps, s) {
		return
	}
	if s.Kind == Text || s.Kind == Bytes {
		b.peekBytes(s, v, raw, given)
		return
	}
	if s.Kind != Number {
		return
	}
	if !given {
		v = s.Default
	}
	n, err := s.initialNum(v, raw && given)
	if err != nil {
		return
	}
	save := len(b.p.buf)
	need := int(b.p.nodes[b.id].start) + (b.pos+s.Bits+s.above+7)/8
	for len(b.p.buf) < need {
		b.p.buf = append(b.p.buf, 0)
	}
	s.setBits(b.p.buf, int(b.p.nodes[b.id].start)<<3+b.pos, n)
	ok := b.p.there(s, b.id, int(b.p.nodes[b.id].start)<<3+b.pos)
	if !ok { // as if it were not there
		clear(b.p.buf[save:])
		b.p.buf = b.p.buf[:save]
	} else {
		b.p.buf = b.p.buf[:need]
	}
}

// peekBytes is peek for text and bytes.
func (b *builder) peekBytes(s *Slot, v any, raw, given bool) {
	if !given {
		v = s.Default
	}
	bytes, err := b.bytes(s, v, raw && given)
	if err != nil || b.pos&7 != 0 {
		return
	}
	n := &b.p.nodes[b.id]
	b.p.buf = append(append(b.p.buf[:int(n.start)+b.pos>>3], bytes...), s.Until...)
	n.end = int32(len(b.p.buf))
}

// otherThere reports whether another field of the same name is or will be there.
func (b *builder) otherThere(s *Slot) bool {
	for a := s.layout.byName[s.Name]; a != nil; a = a.Alt {
		if a == s {
			continue
		}
		if a.span >= 0 && b.p.spans[int(b.p.nodes[b.id].spans)+a.span].n >= 0 {
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
		w, err := b.list(s, v, raw)
		if err == nil && s.Closed != nil {
			b.p.buf = append(b.p.buf, s.Closed[0]...)
			b.pos += len(s.Closed[0]) << 3
		}
		return w, err
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
	if raw && (b.pos|s.Bits)&7 != 0 {
		return 0, fmt.Errorf("%s is not whole bytes", s)
	}
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
	return s.Bits, b.partsOf(s, at)
}

// partsOf stores the parts of a number that are given, and those that tell of
// fields that are, for later fields may hang on them.
func (b *builder) partsOf(whole *Slot, at int) error {
	if b.given == nil || !whole.parted {
		return nil
	}
	for _, s := range b.p.nodes[b.id].layout.Slots {
		if s.part != whole {
			continue
		}
		v, raw, ok := b.value(s)
		bits := uint64(1)
		switch {
		case raw, !ok && !b.tellsPresence(s):
			continue
		case !ok:
			if _, _, given := b.value(whole); given {
				continue
			}
		default:
			var err error
			if bits, err = s.encodeNum(v); err != nil {
				return err
			}
		}
		setBitsAt(b.p.buf, at+s.wire, s.Bits, bits)
	}
	return nil
}

// tellsPresence reports whether the number is 1 because a field is given that it
// tells of. Fields under the same flag ask for it while the record is built.
func (b *builder) tellsPresence(s *Slot) bool {
	if s == nil || s.rule == nil || !s.rule.anyOf {
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

// store stores a value, or the bytes that were given in its place.
func (b *builder) store(rec int32, s *Slot, v any, raw bool) error {
	if !raw {
		return b.p.Set(rec, s, v)
	}
	t, ok := asBytes(v)
	if !ok {
		return fmt.Errorf("%s_raw: need text, have %s", s, kindOf(v))
	}
	return b.p.SetRaw(rec, s, t)
}

// late sets what lies within or stands for other fields: flags, parts, computed fields.
func (b *builder) late(id, foot int32) error {
	for _, rec := range []int32{id, foot} {
		if rec == none {
			continue
		}
		for _, s := range b.p.nodes[rec].layout.Slots {
			if s.parted && b.p.edit.pinned(rec, s) {
				b.p.pinParts(rec, s, s)
			}
		}
		for _, s := range b.p.nodes[rec].layout.Slots {
			if err := b.fillHeldKey(rec, s); err != nil {
				return err
			}
			if s.part == nil && s.Get == "" || s != s.layout.byName[s.Name] {
				continue
			}
			v, raw, ok := b.value(s)
			if !ok {
				continue
			}
			if err := b.store(rec, s, v, raw); err != nil {
				return err
			}
		}
	}
	return nil
}
