package core

import (
	"math/bits"
	"slices"
)

// A trial is the layout under one value of the field that decides.
type trial struct {
	value uint64
	pos   int
}

// alternatives places fields that are present under conditions on one number:
// where they lie at the same place under every value, the place is fixed, and
// where all values have come together again, what follows is as if nothing had varied.
func (p *placer) alternatives(from int) (next int, known bool) {
	first := p.l.Slots[from]
	p.put(first, p.pos+p.alignment(first)) // it may decide about itself
	by := p.decider(first)
	if by == nil {
		p.unput(first, p.pos)
		return from, false
	}
	end, room, look := p.group(from, by)
	trials := p.trials(by, look)
	if room > maxRoom || len(trials)*(end-from) > maxTrials {
		p.unput(first, p.pos)
		return from, false
	}
	probe := p.c.newProbe(p.l, p.pos+room)
	for i := from; i < end; i++ {
		s := p.l.Slots[i]
		if s.Get != "" || s.part != nil {
			continue
		}
		if s != first || s.when != nil {
			p.try(s, trials, by, probe)
		}
		if together(trials) {
			p.pos = trials[0].pos
			p.fixed = max(p.fixed, p.pos)
			if i+1 == end || p.l.Slots[i+1].when == nil {
				return i + 1, true
			}
		}
	}
	p.pos = -1
	return end, false
}

// maxRoom is how many bits of conditional fields are tried, maxTrials how many
// of their conditions are asked.
const (
	maxRoom   = 1 << 16
	maxTrials = 1 << 20
)

// decider returns the number that all conditions of a field look at, if its place is fixed.
func (p *placer) decider(s *Slot) *Slot {
	var by *Slot
	for _, d := range s.whenDeps {
		f := d.slot
		if f == nil || d.below != nil || d.how != useValue || f.layout != p.l {
			return nil
		}
		if f.part != nil {
			f = f.part
		}
		if f.Kind != Number || f.Bits > 16 && (f.Bits > 32 || !p.look(s, f).simple()) || f.get != nil || !(f.simple || f == s && f.part == nil) || by != nil && by != f {
			return nil
		}
		by = f
	}
	return by
}

// group returns the end of the run of fields that by decides about, their bits,
// and what their conditions see of it.
func (p *placer) group(from int, by *Slot) (end, room int, all look) {
	for i := from; i < len(p.l.Slots); i++ {
		s := p.l.Slots[i]
		if s.Get != "" || s.part != nil {
			continue
		}
		if p.bounded && i >= p.l.head || s.width < 0 || s.Kind == List || s.Kind == Pad || s.Align > 1 || room > maxRoom {
			return i, room, all
		}
		if s.when != nil {
			if d := p.decider(s); d != by && (by.Bits > 16 || !onlyOn(s.whenDeps, by, s)) {
				return i, room, all
			}
			k := p.look(s, by)
			k = look{all.bits | k.bits, append(all.cuts, k.cuts...), all.wild || k.wild}
			if by.Bits > 16 && !k.simple() {
				return i, room, all
			}
			all = k
		}
		room += s.width
	}
	return len(p.l.Slots), room, all
}

// onlyOn reports whether the condition looks at nothing but by, or the field itself.
func onlyOn(deps []dep, by, self *Slot) bool {
	for _, d := range deps {
		if d.slot == nil || d.below != nil || d.how != useValue || d.slot != by && d.slot.part != by && d.slot != self {
			return false
		}
	}
	return len(deps) > 0
}

// try moves every trial past field s.
func (p *placer) try(s *Slot, trials []trial, by *Slot, probe *Packet) {
	at, same := -1, true
	there := make([]bool, len(trials))
	for i := range trials {
		t := &trials[i]
		p.put(s, t.pos) // a condition on the field itself reads it here
		if s.when != nil && (p.taken(s, i) || !probe.under(by, s, t)) {
			continue
		}
		there[i] = true
		if at >= 0 && at != t.pos {
			same = false
		}
		at = t.pos
		t.pos += s.width
	}
	if s.Alt != nil || s.before != nil {
		p.there[s] = there
	}
	s.static = same && at >= 0
	if s.static {
		p.put(s, at)
		if s.when != nil {
			s.gate = newGate(by, p.look(s, by), trials, there)
		}
	} else {
		s.load, s.off = load{}, 0
	}
}

// taken reports whether an earlier field of the same name was there in trial i.
func (p *placer) taken(s *Slot, i int) bool {
	for b := s.before; b != nil; b = b.before {
		if there := p.there[b]; there != nil && there[i] {
			return true
		}
	}
	return false
}

// newProbe returns a packet of zeros with one record of the layout in it.
func (c *compiler) newProbe(l *Layout, pos int) *Packet {
	p := &c.probe
	clear(p.buf)
	p.reset(l.proto.reg, slices.Grow(p.buf[:0], pos/8+1024)[:pos/8+1024])
	p.newNode(node{layout: l, proto: l.proto, parent: none, spans: none, end: int32(len(p.buf)), body: int32(len(p.buf)),
		tail: int32(len(p.buf)), up: none, foot: none})
	p.done = true
	return p
}

// under evaluates a field's condition with the deciding number set.
func (p *Packet) under(by, s *Slot, t *trial) bool {
	by.setBits(p.buf, by.off, t.value)
	if s != by && s.overlays(by) { // the condition is on the field itself
		s.setBits(p.buf, t.pos, t.value)
	}
	return p.holds(s.when, 1)
}

// overlays reports whether the field's condition looks at the field itself, of the width of by.
func (s *Slot) overlays(by *Slot) bool {
	return s.Bits == by.Bits && slices.ContainsFunc(s.whenDeps, func(d dep) bool { return d.slot == s })
}

func together(trials []trial) bool {
	for _, t := range trials {
		if t.pos != trials[0].pos {
			return false
		}
	}
	return true
}

// trials returns the values of by that matter to the conditions of the fields.
func (p *placer) trials(by *Slot, look look) []trial {
	values := look.values(by)
	trials := make([]trial, len(values))
	for i, v := range values {
		trials[i] = trial{v, p.pos}
	}
	return trials
}

// values returns values of a number so that between two of them, in order, no
// condition with this look changes.
func (k look) values(by *Slot) (values []uint64) {
	switch {
	case !k.simple():
		values = make([]uint64, 1<<by.Bits)
		for v := range values {
			values[v] = uint64(v)
		}
		return values
	case k.bits != 0:
		for v := uint64(0); ; v = (v - k.bits) & k.bits { // all subsets, in order
			values = append(values, v)
			if v == k.bits {
				return values
			}
		}
	}
	max := ones(by.Bits)
	values = []uint64{0, max}
	for _, v := range k.cuts {
		values = append(values, (v-1)&max, v&max, (v+1)&max)
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// simple reports whether few values tell all there is to see.
func (k look) simple() bool {
	return !k.wild && (k.bits == 0 || len(k.cuts) == 0) && bits.OnesCount64(k.bits) <= 8
}

// look is what the condition of a field sees of the number that decides.
func (p *placer) look(s, by *Slot) look {
	n, err := p.c.parse(s.When)
	if err != nil || by.Signed {
		return look{wild: true}
	}
	return p.l.lookAt(n, by, s)
}
