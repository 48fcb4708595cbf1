package core

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
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
	end := p.group(from, by)
	room := 0
	for _, s := range p.l.Slots[from:end] {
		room += max(s.width, 0)
	}
	if room > maxRoom {
		p.unput(first, p.pos)
		return from, false
	}
	trials := p.trials(by, p.l.Slots[from:end])
	probe := newProbe(p.l, p.pos+room)
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

// maxRoom is how many bits of conditional fields are tried.
const maxRoom = 1 << 16

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
		if f.Kind != Number || f.Bits > 16 && (f.Bits > 32 || f.Signed || !onlyCompares(s.When)) || f.get != nil || !(f.simple || f == s && f.part == nil) || by != nil && by != f {
			return nil
		}
		by = f
	}
	return by
}

// group returns the end of the run of fields that by decides about.
func (p *placer) group(from int, by *Slot) int {
	for i := from; i < len(p.l.Slots); i++ {
		s := p.l.Slots[i]
		if s.Get != "" || s.part != nil {
			continue
		}
		if p.bounded && i >= p.l.head || s.width < 0 || s.Kind == List || s.Kind == Pad || s.Align > 1 {
			return i
		}
		if s.when != nil {
			if d := p.decider(s); d != by && (by.Bits > 16 || !onlyOn(s.whenDeps, by, s)) {
				return i
			}
		}
	}
	return len(p.l.Slots)
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
			s.gate = newGate(by, trials, there)
		}
	} else {
		s.load, s.off = load{}, 0
	}
}

// A gate tells from one number whether a field is present.
type gate struct {
	load   load
	need   int        // bytes of the record that must be there to ask
	lo, hi uint64     // present from lo to hi
	set    *[4]uint64 // or: under these values of at most 8 bits
}

func newGate(by *Slot, trials []trial, there []bool) *gate {
	g := &gate{load: by.load, need: (by.off + by.width + 7) / 8, lo: 1}
	if by.LSB {
		g.need = int(by.load.at) + int(by.load.n)
	}
	if by.Bits <= 8 {
		g.set = new([4]uint64)
		for i, t := range trials {
			if there[i] {
				g.set[t.value>>6] |= 1 << (t.value & 63)
			}
		}
		return g
	}
	ended := false
	for i, t := range trials {
		switch {
		case there[i] && g.lo > g.hi:
			g.lo, g.hi = t.value, t.value
		case there[i] && ended:
			return nil
		case there[i]:
			g.hi = t.value
		default:
			ended = ended || g.lo <= g.hi
		}
	}
	return g
}

// open reports whether the field is present in the record that b starts at.
func (g *gate) open(b []byte) bool {
	if len(b) < g.need {
		return false
	}
	return g.allows(g.load.get(b))
}

// allows reports whether the field is present where the number is v.
func (g *gate) allows(v uint64) bool {
	if g.set != nil {
		return g.set[v>>6&3]&(1<<(v&63)) != 0
	}
	return v >= g.lo && v <= g.hi
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
func newProbe(l *Layout, pos int) *Packet {
	p := &Packet{}
	p.reset(l.proto.reg, make([]byte, pos/8+1024))
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

// trials returns the values of by that matter: all of a short number, else
// those around the constants of the conditions.
func (p *placer) trials(by *Slot, slots []*Slot) []trial {
	var values []uint64
	simple := !by.Signed // constants are read without their sign
	for _, s := range slots {
		simple = simple && onlyCompares(s.When)
	}
	if by.Bits <= 8 || !simple {
		for v := range uint64(1) << by.Bits {
			values = append(values, v)
		}
	} else {
		values = p.around(by, slots)
	}
	trials := make([]trial, len(values))
	for i, v := range values {
		trials[i] = trial{v, p.pos}
	}
	return trials
}

// onlyCompares reports whether a condition changes only around its constants.
func onlyCompares(src string) bool {
	return !strings.ContainsAny(src, "&|%*/+(") && !strings.Contains(src, "<<") && !strings.Contains(src, ">>") &&
		!regexp.MustCompile(`[a-zA-Z)] *-`).MatchString(src)
}

func (p *placer) around(by *Slot, slots []*Slot) []uint64 {
	values := []uint64{0, ones(by.Bits)}
	add := func(v uint64) { values = append(values, v-1&ones(by.Bits), v&ones(by.Bits), (v+1)&ones(by.Bits)) }
	for _, s := range slots {
		for _, w := range regexp.MustCompile(`\b(0x[0-9a-fA-F]+|[0-9]+)\b`).FindAllString(s.When, -1) {
			if v, err := strconv.ParseUint(w, 0, 64); err == nil {
				add(v)
			}
		}
	}
	for _, n := range by.Field.Names {
		add(uint64(n.V))
	}
	slices.Sort(values)
	return slices.Compact(values)
}
