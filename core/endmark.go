package core

import (
	"math/bits"

	"pkl/core/expr"
)

// An endMark is the bit of an item that says whether the list goes on behind
// it. Whoever edits the list need not know of it: it follows.
type endMark struct {
	slot  *Slot // the number that holds it; nil: none
	mask  uint64
	inv   bool // the last item has it cleared
	named bool // the bit is a field of its own, which may be pinned
}

// findEndMark recognises the conditions that are about one bit: "S", "not S",
// "S == 1", "bits & 0x80 != 0". One that other fields of the item hang on is
// theirs to settle.
func findEndMark(l *Layout, src string) (m endMark) {
	n, err := expr.Parse(src)
	if err != nil {
		return m
	}
	if u, ok := n.(*expr.Unary); ok && u.Op == expr.Not {
		m.inv, n = true, u.X
	}
	if b, ok := n.(*expr.Binary); ok && (b.Op == expr.Eq || b.Op == expr.Ne) {
		v, ok := b.Y.(*expr.Num)
		if !ok {
			return endMark{}
		}
		m.inv = m.inv != (b.Op == expr.Ne) != (v.V == 0)
		if n = b.X; !m.tests(l, n, v.V) {
			return endMark{}
		}
	} else if !m.tests(l, n, 1) {
		return endMark{}
	}
	for _, s := range l.Slots {
		if s.when != nil && dependsOn(s.whenDeps, m.slot) {
			return endMark{}
		}
	}
	return m
}

// tests notes the bit that n is about, if it is one and may be compared with v.
func (m *endMark) tests(l *Layout, n expr.Node, v uint64) bool {
	if b, ok := n.(*expr.Binary); ok && b.Op == expr.BitAnd {
		k, ok := b.Y.(*expr.Num)
		if !ok || bits.OnesCount64(k.V) != 1 || v != 0 && v != k.V {
			return false
		}
		m.mask, n = k.V, b.X
	}
	w, ok := n.(*expr.Name)
	if !ok || w.Up || w.Inst != 0 || len(w.Parts) != 1 {
		return false
	}
	s := l.byName[w.Parts[0]]
	if s == nil || s.Kind != Number || s.get != nil || s.Get != "" || s.Auto != "" || s.Alt != nil {
		return false
	}
	m.slot = s
	if m.mask == 0 {
		m.mask, m.named = 1, true
		return s.Bits == 1 && v <= 1
	}
	return m.mask <= ones(s.Bits)
}

// isEndMark reports whether the field is an end mark.
func (s *Slot) isEndMark() bool { return s.layout.mark.named && s.layout.mark.slot == s }

// markEnd makes the end marks of a list right, in its last item alone. What a
// script has set stays: a mark that is wrong, and in a list that is new as a
// whole every number that is given with the mark in it.
func (p *Packet) markEnd(l int32, isNew bool) {
	if p.nodes[l].slot.Last == "" || p.nodes[l].flags&isDamaged != 0 {
		return
	}
	for i, id := range p.items(l) {
		m := &p.nodes[id].layout.mark
		if m.slot == nil {
			continue
		}
		v, ok := p.num(id, m.slot)
		want := v &^ m.mask
		if last := i+1 == int(p.nodes[l].n); last != m.inv {
			want = v | m.mask
		}
		if ok && v != want && !((m.named || isNew) && p.edit.pinned(id, m.slot)) {
			p.write(id, m.slot, want)
		}
	}
}

// stateEnd makes marks that are given with new items, and are right, no more
// than stated: they follow the next edit.
func (p *Packet) stateEnd(l int32, ids []int32) {
	items := p.items(l)
	for _, id := range ids {
		m := &p.nodes[id].layout.mark
		if m.slot == nil || !m.named {
			continue
		}
		if v, ok := p.num(id, m.slot); ok && (v != 0) == (id == items[len(items)-1] != m.inv) {
			p.edit.pins.drop(id, m.slot)
		}
	}
}
