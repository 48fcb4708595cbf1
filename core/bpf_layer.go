package core

import (
	"golang.org/x/net/bpf"
)

// candidate tries the first of the candidates: it is found, it is not (and the
// next one is tried), or it is broken (and there is no further layer).
func (w *bpfWriter) candidate(at bpfSpot, level int, seen string, f *formula, cands []candidate, set bitset) *block {
	c, rest := cands[0], cands[1:]
	if f.has.first(w.from[c.id]) == none && c.sure() { // it, or its ruins, is all there is
		return w.end(f)
	}
	lost := w.lost(f, set)
	l := bpfLayer{Proto: c.Proto, bpfSpot: at, head: c.head.fixed, level: level, seen: w.passed(seen, c.Proto)}
	var next *block
	if !c.sure() {
		next = w.candidates(at, level, seen, f, rest)
	}
	broken := w.end(f)
	switch {
	case c.check != nil:
		broken = next
	case c.also != nil:
		broken = lost
	}
	if l.Spec.Hook != nil || len(l.foot.Slots) > 0 || f.has.first(w.from[c.id]) != none && level+w.distance(c.Proto, f) > w.layers {
		return lost
	}
	after := func(l bpfLayer) *block {
		b := w.length(l, f, broken, lost)
		if c.also != nil {
			b = w.cond(&l, w.specForm(c.key.Check, l.Proto.head, nil), b, next, lost)
		}
		if c.check != nil {
			b = w.cond(&l, w.specForm(l.Spec.Check, l.Proto.head, nil), b, next, lost)
		}
		return b
	}
	return w.header(l, after, broken, lost)
}

// header measures the header, as bound does.
func (w *bpfWriter) header(l bpfLayer, after func(bpfLayer) *block, broken, lost *block) *block {
	lay, h := l.Proto.head, &l.hdr
	switch {
	case lay.static && !l.headed:
	case l.headed && lay.eager:
		return w.reaches(&l, lay.fixed, lost, broken)
	case l.headed && h.slot == nil && h.fn == nil:
		l.head = max(h.konst, lay.fixed)
		if h.konst < lay.fixed {
			return broken
		}
	case l.headed:
		return w.measured(l, h, after, broken, lost)
	case lay.lazy && lay.spanFrom >= lay.lazyFrom:
		l.open = true
	case lay.lazy:
		return w.reaches(&l, lay.fixed, lost, broken)
	default:
		most, unclear := lay.mostBytes()
		if most < 0 {
			return w.reaches(&l, lay.fixed, lost, broken)
		}
		all := l
		all.proven, all.open = true, true
		b := w.reaches(&l, most, after(all), lost)
		for _, s := range unclear {
			b = w.cond(&l, w.specForm(s.When, lay, s), lost, b, lost)
		}
		return w.reaches(&l, lay.fixed, b, broken)
	}
	return w.reaches(&l, max(l.head, 1), after(l), broken)
}

// mostBytes is the size of the longest header that the fields can make, or none,
// where some fields, of any size, are not there.
func (l *Layout) mostBytes() (most int, unclear []*Slot) {
	for _, s := range l.Slots {
		switch {
		case s.Get != "" || s.part != nil:
		case s.Kind == List && s.Size == "" && s.Count == "" && s.Last == "" && s.End == "" && s.Closed == nil: // takes what is there
		case s.Kind == Pad || s.Align > 1 || s.width < 0 && s.when == nil:
			return none, nil
		case s.width < 0:
			unclear = append(unclear, s)
		case s.static:
			most = max(most, s.off+s.width)
		default:
			most += s.width
		}
	}
	return (most + 7) / 8, unclear
}

// reaches asks whether so many bytes from the layer's start are there.
func (w *bpfWriter) reaches(l *bpfLayer, n int, yes, no *block) *block {
	b := block{x: none, load: w.loadLimit(l), test: bpf.JumpGreaterOrEqual, val: uint32(l.end(n)), yes: yes, no: no}
	if l.base != none {
		b.x, b.load = l.base, append(b.load, bpf.ALUOpX{Op: bpf.ALUOpSub})
	}
	if b.val == 0 {
		return yes
	}
	return w.add(b)
}

// end is where byte n of the layer is in what the program sees.
func (l *bpfSpot) end(n int) int {
	if l.aside {
		return max(l.off+n-tagSize, 0)
	}
	return l.off + n
}

// loadLimit loads where the layer must end.
func (w *bpfWriter) loadLimit(l *bpfLayer) []bpf.Instruction {
	if l.limit {
		return []bpf.Instruction{bpf.LoadScratch{Dst: bpf.RegA, N: wordLimit}}
	}
	return []bpf.Instruction{bpf.LoadExtension{Num: bpf.ExtLen}}
}

// measured is header for one whose size a number in it tells.
func (w *bpfWriter) measured(l bpfLayer, h *size, after func(bpfLayer) *block, broken, lost *block) *block {
	fixed, end := l.Proto.head.fixed, other(l.base)
	if !w.tells(&l, h) || l.aside || h.slot.gate != nil {
		return w.reaches(&l, fixed, lost, broken)
	}
	found := l
	found.head = none
	b := w.add(block{x: end, load: w.loadLimit(&l), test: bpf.JumpGreaterOrEqual, withX: true, yes: after(found), no: broken})
	b = w.sum(&l, h, l.base, l.off, end, b)
	b = w.inNumber(&l, &h.slot.load, keySet{{h.least(fixed), ^uint64(0)}}, b, broken, lost)
	return w.reaches(&l, fixed, b, broken)
}

// least is the smallest number under which the size is n or more.
func (s *size) least(n int) uint64 {
	if n <= s.add {
		return 0
	}
	return uint64((n - s.add + s.mul - 1) / s.mul)
}

// tells reports whether the program can compute a size.
func (w *bpfWriter) tells(l *bpfLayer, s *size) bool {
	f := s.slot
	if f == nil || f.Kind != Number || f.Signed || f.get != nil || f.before != nil || f.Alt != nil || !f.simple && f.gate == nil ||
		s.mul < 1 || f.Bits > 32 || !l.has(f) {
		return false
	}
	n := w.number(l, &f.load)
	return n.ok && !n.le && ones(f.Bits)*uint64(s.mul)+uint64(max(s.add, -s.add)) < 1<<30
}

// sum stores a size that is not below 0, plus n, plus word base of the memory if that is one, in word to.
func (w *bpfWriter) sum(l *bpfLayer, s *size, base, n, to int, next *block) *block {
	num := w.number(l, &s.slot.load)
	b := block{x: num.x, load: num.plain(), then: storeA(to), yes: next, no: next}
	if s.mul > 1 {
		b.load = append(b.load, bpf.ALUOpConstant{Op: bpf.ALUOpMul, Val: uint32(s.mul)})
	}
	if n += s.add; n != 0 {
		b.load = append(b.load, bpf.ALUOpConstant{Op: bpf.ALUOpAdd, Val: uint32(n)})
	}
	addX := bpf.ALUOpX{Op: bpf.ALUOpAdd}
	switch {
	case base == none:
	case base == num.x:
		b.load = append(b.load, addX)
	default:
		next = w.add(block{x: base, load: append(loadA(wordLength), addX), then: storeA(to), yes: next, no: next})
		b.then, b.yes, b.no = storeA(wordLength), next, next
	}
	return w.add(b)
}

func loadA(word int) []bpf.Instruction {
	return []bpf.Instruction{bpf.LoadScratch{Dst: bpf.RegA, N: word}}
}

func storeA(word int) []bpf.Instruction {
	return []bpf.Instruction{bpf.StoreScratch{Src: bpf.RegA, N: word}}
}

// length applies the layer's own length, as extent does, and goes on inside.
func (w *bpfWriter) length(l bpfLayer, f *formula, broken, lost *block) *block {
	if !l.bounded {
		l.ended = true
		return w.inside(l, f)
	}
	s := &l.all
	if !w.tells(&l, s) || l.proven {
		return lost
	}
	own := l
	own.limit, own.ended = true, true
	if g := s.slot.gate; g != nil {
		own.known, own.knows = g.allowed(), g.load
	}
	matters := w.endMatters(&l, f)
	if !matters {
		own.limit = l.limit
	}
	bound := w.inside(own, f)
	free := bound
	if matters && !l.limit { // both ways go on with the limit in memory
		free = w.add(block{x: none, load: w.loadLimit(&l), then: storeA(wordLimit), yes: bound, no: bound})
	}
	b := bound
	if matters { // it bounds nothing where it is beyond what is there
		b = w.add(block{x: wordLength, then: []bpf.Instruction{bpf.StoreScratch{Src: bpf.RegX, N: wordLimit}}, yes: b, no: b})
		b = w.add(block{x: wordLength, load: w.loadLimit(&l), test: bpf.JumpGreaterOrEqual, withX: true, yes: b, no: free})
	}
	least := l.head
	base, n := l.base, l.end(0)
	if l.aside {
		n = l.off - tagSize
	}
	switch {
	case s.behind && l.head == none:
		least, base, n = 1, other(l.base), 0
	case s.behind:
		least, n = 1, n+l.head
	case l.head == none:
		least = 0
		b = w.add(block{x: other(l.base), load: loadA(wordLength), test: bpf.JumpGreaterOrEqual, withX: true, yes: b, no: broken})
	}
	if matters || l.head == none && !s.behind {
		b = w.sum(&l, s, base, n, wordLength, b)
	}
	enough, zero := s.least(least), s.least(0)
	bounds := int(zero)*s.mul+s.add != 0 // no number stands for 0, under which it bounds nothing
	if bounds || enough > zero+1 {
		b = w.inNumber(&l, &s.slot.load, keySet{{enough, ^uint64(0)}}, b, broken, lost)
	}
	if !bounds {
		b = w.inNumber(&l, &s.slot.load, only(zero), free, b, lost)
	}
	if g := s.slot.gate; g != nil {
		own, set := l, g.allowed()
		own.ended, own.known, own.knows = true, set.without(), g.load
		return w.gate(&l, g, b, w.inside(own, f), lost)
	}
	return b
}

// endMatters reports whether the formula asks for something above the layer's header.
func (w *bpfWriter) endMatters(l *bpfLayer, f *formula) bool {
	for i, lf := range w.leaves {
		body := lf.view.ref != nil && lf.view.ref.what == isBody
		if f.has.has(i) && (w.above[l.id].has(i) && !w.isAbout(l, lf) || lf.pr == l.Proto && body) {
			return true
		}
	}
	return false
}
