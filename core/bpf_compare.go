package core

import (
	"encoding/binary"
	"slices"

	"pkl/core/expr"
)

// cond asks whether a condition of a spec holds for a layer.
func (w *bpfWriter) cond(l *bpfLayer, f *form, yes, no, lost *block) *block {
	switch {
	case f == nil:
		return lost
	case f.op == formLeaf:
		return w.test(l, f.leaf, yes, no, lost)
	case f.op == formNot:
		return w.cond(l, f.kids[0], no, yes, lost)
	}
	// Where a part cannot be told, the others may still decide.
	sure, shaky := yes, lost
	if f.op == formOr {
		sure, shaky = no, lost
	}
	for _, k := range slices.Backward(f.kids) {
		if f.op == formAnd {
			sure, shaky = w.cond(l, k, sure, no, shaky), w.cond(l, k, shaky, no, shaky)
		} else {
			sure, shaky = w.cond(l, k, yes, sure, shaky), w.cond(l, k, yes, shaky, shaky)
		}
	}
	return sure
}

// specForm is the form of a condition over the fields of a layer; self is the
// field whose own condition it is.
func (w *bpfWriter) specForm(src string, lay *Layout, self *Slot) *form {
	k := formKey{src, lay, self}
	f, known := w.forms[k]
	if !known {
		f = w.newSpecForm(src, lay, self)
		w.forms[k] = f
	}
	return f
}

type formKey struct {
	src  string
	lay  *Layout
	self *Slot
}

func (w *bpfWriter) newSpecForm(src string, lay *Layout, self *Slot) *form {
	before := len(lay.Slots)
	if self != nil {
		before = self.idx + 1
	}
	t := newTranslator(src, &scope{reg: w.reg, layouts: []*Layout{lay}, before: before, later: self == nil})
	t.self = self
	var f *form
	if t.run(func(n expr.Node) { f = t.condition(n).form }) != nil {
		return nil
	}
	return f
}

// test asks what a leaf is about.
func (w *bpfWriter) test(l *bpfLayer, lf *leaf, yes, no, lost *block) *block {
	absent := no
	if lf.want == opposite {
		yes, no = no, yes
	}
	switch {
	case lf.pr != nil && lf.inst == 0: // about a layer below
		if w.depths[lf.pr] == 0 {
			return absent
		}
		return lost
	case lf.kind == leafThere:
		return yes
	case lf.kind == leafLen:
		return w.frameLen(l, lf, yes, no)
	case lf.view.ref != nil && lf.view.ref.what != isField:
		return w.inView(l, lf, yes, no, absent, lost)
	}
	return w.either(l, lf, lf.alts, yes, absent, no, lost)
}

// opposite is the verdict a leaf of != wants.
const opposite = no

// either asks for any of several fields; none is what it is if none of those so far was there.
func (w *bpfWriter) either(l *bpfLayer, lf *leaf, alts []chain, yes, none, no, lost *block) *block {
	if len(alts) == 0 {
		return none
	}
	left := w.either(l, lf, alts[1:], yes, no, no, lost)
	b := w.either(l, lf, alts[1:], yes, none, no, lost) // this one is not there
	for _, s := range slices.Backward(alts[0].slots) {
		if alts[0].self != nil || s.layout != l.Proto.head {
			return lost
		}
		there := yes
		if lf.kind != leafPresent {
			there = w.field(l, lf, plain(s), yes, left, lost)
		}
		b = w.present(l, s, there, b, lost)
	}
	return b
}

// present asks whether a field is there.
func (w *bpfWriter) present(l *bpfLayer, s *Slot, yes, no, lost *block) *block {
	if gated(s) {
		return lost
	}
	s = plain(s)
	if s.part != nil {
		s = s.part
	}
	switch {
	case s.get != nil || s.Kind == List || !s.static || s.width < 0 || !l.has(s):
		return lost
	case s.simple:
		return yes
	}
	b := yes
	switch {
	case s.gate != nil:
		b = w.gate(l, s.gate, yes, no, lost)
	case s.when != nil:
		b = w.cond(l, w.specForm(s.When, s.layout, s), yes, no, lost)
	}
	if s.before != nil { // who shares its name and stands before it has the name
		return w.present(l, s.before, no, b, lost)
	}
	return b
}

// has reports whether the bytes of a field of fixed place are there for sure, if the field is.
func (l *bpfLayer) has(s *Slot) bool {
	if s.part != nil {
		s = s.part
	}
	return l.proven || s.off+s.width <= max(l.Proto.head.fixed, l.head)<<3
}

// gate asks whether a gate is open.
func (w *bpfWriter) gate(l *bpfLayer, g *gate, yes, no, lost *block) *block {
	if !l.proven && g.need > max(l.Proto.head.fixed, l.head) {
		return lost
	}
	if g.set != nil && g.load.mask > 255 {
		return lost
	}
	return w.inNumber(l, &g.load, g.allowed(), yes, no, lost)
}

// allowed is the numbers, as load reads them, under which the gate is open.
func (g *gate) allowed() keySet {
	switch {
	case g.set == nil && g.lo > g.hi:
		return nil
	case g.set == nil:
		return keySet{{g.lo, g.hi}}
	}
	var set []keySpan
	for v := range uint64(256) {
		if g.allows(v) {
			set = append(set, keySpan{v, v})
		}
	}
	return newKeySet(set)
}

// without is all other numbers.
func (s keySet) without() (out keySet) {
	from := uint64(0)
	for _, r := range s {
		if r.lo > from {
			out = append(out, keySpan{from, r.lo - 1})
		}
		if from = r.hi + 1; from == 0 {
			return out
		}
	}
	return append(out, keySpan{from, ^uint64(0)})
}

// field asks about the value of a field that is there.
func (w *bpfWriter) field(l *bpfLayer, lf *leaf, s *Slot, yes, no, lost *block) *block {
	at := s.off >> 3
	switch {
	case s.part == nil && s.off&7 != 0 && s.Kind != Number:
		return lost
	case lf.kind == leafWide:
		if s.Kind != IP6 || s.width != 128 {
			return lost
		}
		return w.inSpans(l, at, lf.wide.words(), false, yes, no, lost)
	case lf.kind == leafBytes || lf.kind == leafView:
		if s.part != nil || s.off&7 != 0 || s.width&7 != 0 || s.Kind == Text || s.Kind == Name || s.LSB || (lf.view.at+lf.view.n)<<3 > s.width {
			return lost
		}
		return w.viewAt(l, lf, at+lf.view.at, yes, no, lost)
	case s.Kind == MAC || s.Kind == IP4:
		n := 4
		if s.Kind == MAC {
			n = 6
		}
		if s.width != 8*n || lf.mask != ^uint64(0) || lf.bias != 0 {
			return lost
		}
		return w.inSpans(l, at, wordsOf(lf.set.within(0, ones(8*n)), n), s.Kind == MAC && s.LE, yes, no, lost)
	case s.Kind != Number || s.Digits:
		return lost
	}
	return w.inField(l, lf, s, yes, no, lost)
}

// inField asks whether a number is in the set of a leaf.
func (w *bpfWriter) inField(l *bpfLayer, lf *leaf, s *Slot, yes, no, lost *block) *block {
	ld := s.load
	if s.part != nil {
		ld = makeLoad(s, s.part.off+s.wire)
	}
	set, ok := s.rawSet(lf)
	if !ok {
		return lost
	}
	if lf.mask == ^uint64(0) {
		return w.inNumber(l, &ld, set, yes, no, lost)
	}
	n := w.number(l, &ld)
	if !n.ok {
		return lost
	}
	return w.inMasked(&n, uint32(lf.mask), set, yes, no, lost)
}

// rawSet turns the set of a leaf into one of the bits of the field.
func (s *Slot) rawSet(lf *leaf) (keySet, bool) {
	top, all := uint64(0), ones(s.Bits)
	switch {
	case !s.Signed:
		return lf.set.shifted(lf.bias, lf.bias+all, -lf.bias), lf.mask == ^uint64(0) || lf.bias == 0
	case s.Bits == 64 || lf.bias == 0 || lf.mask != ^uint64(0):
		return nil, false
	}
	top = lf.bias // what stands for 0
	half := all>>1 + 1
	set := lf.set.shifted(top, top+half-1, -top)
	return append(set, lf.set.shifted(top-half, top-1, half-(top-half))...), true
}

// shifted cuts a set at both ends and adds to what is left.
func (s keySet) shifted(lo, hi, add uint64) (out keySet) {
	for _, r := range s.within(lo, hi) {
		out = append(out, keySpan{r.lo + add, r.hi + add})
	}
	return out
}

// inView asks about bytes that are no field.
func (w *bpfWriter) inView(l *bpfLayer, lf *leaf, yes, no, absent, lost *block) *block {
	v := &lf.view
	switch v.ref.what {
	case isFrame:
		return w.reaches(l, v.at+v.n, w.viewAt(l, lf, v.at, yes, no, lost), absent)
	case isHeader:
		if v.at+v.n <= l.Proto.head.fixed {
			return w.viewAt(l, lf, v.at, yes, no, lost)
		}
	case isBody:
		return w.inBody(l, lf, yes, no, absent, lost)
	}
	return lost
}

// inBody asks about bytes of the body. A layer above may be shorter than what
// is there, and the body with it: then what was found counts only if it is not.
func (w *bpfWriter) inBody(l *bpfLayer, lf *leaf, yes, no, absent, lost *block) *block {
	body := *l
	switch {
	case l.open || l.aside || !l.ended:
		return lost
	case l.head == none:
		body.base, body.off = other(l.base), 0
	default:
		body.off += l.head
	}
	if !l.Proto.fillsBody() {
		if yes != absent {
			yes = lost
		}
		if no != absent {
			no = lost
		}
	}
	return w.reaches(&body, lf.view.at+lf.view.n, w.viewAt(&body, lf, lf.view.at, yes, no, lost), absent)
}

// fillsBody reports whether whatever lies above a layer takes all of its body.
func (p *Proto) fillsBody() bool {
	fills := true
	child := func(q *Proto) { fills = fills && !q.all.given() && len(q.foot.Slots) == 0 }
	for _, k := range p.keys {
		k.table.children(child)
	}
	for _, c := range p.any {
		child(c.Proto)
	}
	return fills
}

// viewAt asks about bytes that are there.
func (w *bpfWriter) viewAt(l *bpfLayer, lf *leaf, at int, yes, no, lost *block) *block {
	if lf.kind == leafView {
		x, code, ok := l.bytesAt(at, 1)
		if !ok || lf.bias != 0 {
			return lost
		}
		n := bpfNumber{x: x, load: code, size: 1, mask: 0xff}
		return w.inMasked(&n, uint32(lf.mask&0xff), lf.set, yes, no, lost)
	}
	var set []wideSpan
	for _, s := range lf.is {
		if len(s) == lf.view.n {
			set = append(set, wideSpan{[]byte(s), []byte(s)})
		}
	}
	return w.inSpans(l, at, set, false, yes, no, lost)
}

// words returns the ranges of a set of IPv6 addresses.
func (s wideSet) words() (list []wideSpan) {
	for _, r := range s {
		list = append(list, wideSpan{r.lo.bytes(), r.hi.bytes()})
	}
	return list
}

func (a wide) bytes() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, a.hi), a.lo)
}

// frameLen asks for the length of the packet, with its tag.
func (w *bpfWriter) frameLen(l *bpfLayer, lf *leaf, yes, no *block) *block {
	more := uint64(0)
	if l.aside {
		more = tagSize
	}
	set := lf.set.shifted(lf.bias+more, lf.bias+1<<32-1, -lf.bias-more)
	return w.among(block{x: none, load: w.loadLimit(l)}, 0, ^uint32(0), set, yes, no)
}
