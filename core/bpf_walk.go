package core

import (
	"encoding/binary"

	"golang.org/x/net/bpf"
)

// A bpfWriter follows the layers of all packets at once, as find does those of
// one, and writes a block for each question on the way.
type bpfWriter struct {
	graph
	*formulas
	reg     *Registry
	input   BPFOptions
	formula *formula
	layers  int // as many are followed

	here    []bitset // by protocol: the leaves about it,
	above   []bitset // about those that may lie above it,
	from    []bitset // and both
	counted []*Proto // protocols of which not only the first instance counts
	memo    map[bpfState]*block
	lists   map[listedKey]int // see listed
	forms   map[formKey]*form // see specForm
	steps   int
	depths  map[*Proto]int
	ways    map[*Proto]map[*Proto]int // see distance
	runs    map[*table][]bpfRun
}

// Words of memory. Where a layer starts is in one of two, as is where its header ends.
const (
	wordStart  = 0
	wordLimit  = 1 // where the body of the layer below ends
	wordOther  = 2
	wordLength = 3
)

// A bpfSpot is where a layer starts.
type bpfSpot struct {
	base  int  // the word of memory it counts from; none: the packet's start
	off   int  // bytes from there
	limit bool // wordLimit says where it must end; else the packet does
	aside bool // a tag is missing in the packet before the layer's end: see BPFOptions
}

// A bpfLayer is a layer that was found.
type bpfLayer struct {
	*Proto
	bpfSpot
	head   int    // bytes of the header; none: its end is in memory
	proven bool   // all its fields are there, also those behind head
	open   bool   // where the header ends is not known
	ended  bool   // where its body ends is known
	known  keySet // what was found out about the number that knows reads: it is one of these
	knows  load
	level  int
	seen   string // how many layers were passed of each counted protocol
}

// A bpfState is what the rest of the walk depends on, for each of its two steps.
type bpfState struct {
	spot    bpfSpot
	level   int
	seen    string
	formula *formula

	cands string // see listed
	proto *Proto
	head  int
	known uint64
	n     int // ranges known
}

func newBPFWriter(r *Registry, f *form, o BPFOptions) *bpfWriter {
	w := &bpfWriter{reg: r, input: o, lists: map[listedKey]int{}, forms: map[formKey]*form{}, runs: map[*table][]bpfRun{}, ways: map[*Proto]map[*Proto]int{}}
	w.formulas, w.formula = newFormulas(f)
	size := len(w.leaves)>>6 + 1
	for range r.protos {
		w.here, w.above, w.from = append(w.here, make(bitset, size)), append(w.above, make(bitset, size)), append(w.from, make(bitset, size))
	}
	for i, l := range w.leaves {
		if l.pr == nil {
			continue
		}
		w.here[l.pr.id].add(i)
		if l.inst > 1 {
			w.count(l.pr)
		}
	}
	for _, p := range r.protos {
		w.from[p.id].merge(w.here[p.id])
		for _, q := range r.protos {
			if p.reach.has(q.id) {
				w.above[p.id].merge(w.here[q.id])
			}
		}
		w.from[p.id].merge(w.above[p.id])
	}
	w.depths = w.measureDepths()
	return w
}

func (w *bpfWriter) count(p *Proto) {
	for _, q := range w.counted {
		if q == p {
			return
		}
	}
	w.counted = append(w.counted, p)
}

// run writes the program; ask tells whether it leaves packets to the filter.
func (w *bpfWriter) run() (prog []bpf.Instruction, ask bool, err error) {
	defer func() {
		if e := recover(); e == errLongBPF {
			err = errLongBPF
		} else if e != nil {
			panic(e)
		}
	}()
	w.graph = graph{map[blockKey]*block{}, map[uint32]*block{}}
	w.memo, w.steps, w.visits = map[bpfState]*block{}, 0, 0
	first := w.frame(w.formula, false)
	if w.input.TagAside {
		first = w.add(block{x: none, load: []bpf.Instruction{bpf.LoadExtension{Num: bpf.ExtVLANTagPresent}},
			test: bpf.JumpEqual, val: 0, yes: first, no: w.frame(w.formula, true)})
	}
	for _, b := range inOrder(first) {
		ask = ask || b.yes == nil && b.ret == BPFAsk
	}
	return assemble(first), ask, nil
}

// settled is where the walk ends, if it does: nothing but the formula matters there.
func (w *bpfWriter) settled(f *formula) *block {
	switch {
	case f.op == isTrue:
		return w.ret(BPFKeep)
	case !f.may(isFalse):
		return w.ret(BPFAsk)
	case f.op == isFalse:
		return w.ret(0)
	}
	return nil
}

// end is settled where no further layer is.
func (w *bpfWriter) end(f *formula) *block {
	return w.settled(w.within(f, make(bitset, len(w.leaves)>>6+1), false))
}

// lost is where the walk gives up: what the set is about cannot be told.
func (w *bpfWriter) lost(f *formula, set bitset) *block {
	return w.settled(w.within(f, set, true))
}

// frame asks what is about the whole packet, and goes on to the first layer.
func (w *bpfWriter) frame(f *formula, aside bool) *block {
	if b := w.settled(f); b != nil {
		return b
	}
	at := bpfSpot{base: none, aside: aside}
	for i, l := range w.leaves {
		if l.pr == nil && f.has.has(i) {
			way := func(op formulaOp) *block { return w.frame(w.decided(f, i, op), aside) }
			return w.test(&bpfLayer{bpfSpot: at}, l, way(isTrue), way(isFalse), &block{later: func() *block { return way(isUnknown) }}).now()
		}
	}
	var cands []candidate
	if t := w.reg.link; t != nil && w.input.LinkType >= 0 {
		cands = t.find(uint64(w.input.LinkType))
	}
	return w.candidates(at, 1, string(make([]byte, len(w.counted))), f, cands)
}

// listed tells lists of candidates apart.
func (w *bpfWriter) listed(cands []candidate) string {
	var b []byte
	for _, c := range cands {
		k := listedKey{c.Proto, c.key}
		if w.lists[k] == 0 {
			w.lists[k] = len(w.lists) + 1
		}
		b = binary.AppendUvarint(b, uint64(w.lists[k]))
	}
	return string(b)
}

type listedKey struct {
	proto *Proto
	key   *Key
}

// candidates tries protocols in order, as try does.
func (w *bpfWriter) candidates(at bpfSpot, level int, seen string, f *formula, cands []candidate) *block {
	set := make(bitset, len(w.leaves)>>6+1)
	for _, c := range cands {
		set.merge(w.from[c.id])
	}
	f = w.within(f, set, false)
	if b := w.settled(f); b != nil {
		return b
	}
	if level > w.layers {
		return w.lost(f, set)
	}
	key := bpfState{spot: at, level: level, seen: seen, formula: f, cands: w.listed(cands)}
	if b := w.memo[key]; b != nil {
		return b
	}
	b := w.candidate(at, level, seen, f, cands, set)
	w.memo[key] = b
	return b
}

// inside asks what is about a layer that was found, then goes on.
func (w *bpfWriter) inside(l bpfLayer, f *formula) *block {
	if b := w.settled(f); b != nil {
		return b
	}
	key := bpfState{spot: l.bpfSpot, level: l.level, seen: l.seen, formula: f, proto: l.Proto, head: l.head, n: len(l.known)}
	if l.known != nil {
		key.known = l.known[0].lo
	}
	if b := w.memo[key]; b != nil {
		return b
	}
	var b *block
	if i := w.next(&l, f); i != none {
		way := func(op formulaOp) *block { return w.inside(l, w.learnt(f, i, op)) }
		b = w.test(&l, w.leaves[i], way(isTrue), way(isFalse), &block{later: func() *block { return way(isUnknown) }}).now()
	} else {
		b = w.advance(&l, w.within(f, w.above[l.id], false))
	}
	w.memo[key] = b
	return b
}

// next returns the next leaf of the formula that is about this instance, or none.
func (w *bpfWriter) next(l *bpfLayer, f *formula) int {
	for i, lf := range w.leaves {
		if f.has.has(i) && w.isAbout(l, lf) {
			return i
		}
	}
	return none
}

// isAbout reports whether a leaf is about this layer, which instance it is counted too.
func (w *bpfWriter) isAbout(l *bpfLayer, lf *leaf) bool {
	n := 1
	for i, p := range w.counted {
		if p == l.Proto {
			n = int(l.seen[i])
		}
	}
	return lf.pr == l.Proto && lf.inst == n
}

// passed counts a layer of a counted protocol.
func (w *bpfWriter) passed(seen string, p *Proto) string {
	for i, q := range w.counted {
		if q == p {
			b := []byte(seen)
			b[i]++
			return string(b)
		}
	}
	return seen
}

// advance goes on to the layer above.
func (w *bpfWriter) advance(l *bpfLayer, f *formula) *block {
	if b := w.settled(f); b != nil {
		return b
	}
	lost := w.lost(f, w.above[l.id])
	at := l.bpfSpot
	if l.head == none {
		at.base, at.off = other(l.base), 0
	} else {
		at.off += l.head
	}
	if at.aside && at.off >= tagAt+tagSize {
		at.off, at.aside = at.off-tagSize, false
	}
	up := w.keys(l, at, f)
	switch {
	case l.stop == nil:
		return up
	case l.stopBits != nil:
		return w.inNumber(l, l.stopBits, keySet{{1, ^uint64(0)}}, w.end(f), up, lost)
	}
	return w.cond(l, w.specForm(l.Spec.Stop, l.Proto.head, nil), w.end(f), up, lost)
}

// other is the word of memory where the header of a layer ends.
func other(base int) int {
	if base == wordStart {
		return wordOther
	}
	return wordStart
}

// depth is the number of layers that lead to those the formula is about.
func (w *bpfWriter) depth() (n int) {
	for i, l := range w.leaves {
		if d := w.depths[l.pr]; l.pr != nil && d > 0 && w.formula.has.has(i) {
			n = max(n, d+l.inst-1)
		}
	}
	return n
}

// measureDepths finds how many layers lead at least to each protocol, it included.
func (w *bpfWriter) measureDepths() map[*Proto]int {
	var first []*Proto
	if t := w.reg.link; t != nil && w.input.LinkType >= 0 {
		for _, c := range t.find(uint64(w.input.LinkType)) {
			first = append(first, c.Proto)
		}
	}
	return stepsFrom(first)
}

// stepsFrom counts the layers from the first ones up to each protocol, it included.
func stepsFrom(list []*Proto) map[*Proto]int {
	steps := map[*Proto]int{}
	for n := 1; len(list) > 0; n++ {
		var up []*Proto
		for _, p := range list {
			if steps[p] == 0 {
				steps[p] = n
				up = append(up, p.uppers()...)
			}
		}
		list = up
	}
	return steps
}

// uppers lists the protocols that may lie directly above.
func (p *Proto) uppers() (list []*Proto) {
	for _, k := range p.keys {
		k.table.children(func(q *Proto) { list = append(list, q) })
	}
	for _, c := range p.any {
		list = append(list, c.Proto)
	}
	return list
}

// distance is how many layers above p, at least, one lies that the formula is
// about; 0: p is one of them.
func (w *bpfWriter) distance(p *Proto, f *formula) int {
	if w.ways[p] == nil {
		w.ways[p] = stepsFrom(p.uppers())
	}
	least := maxLayers
	for i, l := range w.leaves {
		switch {
		case l.pr == nil || !f.has.has(i):
		case l.pr == p:
			return 0
		case w.ways[p][l.pr] > 0:
			least = min(least, w.ways[p][l.pr])
		}
	}
	return least
}

// giveUpHighest makes unknown what is about the highest of the protocols.
func (w *bpfWriter) giveUpHighest() {
	w.visits = 0
	most := 0
	for i, l := range w.leaves {
		if w.formula.has.has(i) {
			most = max(most, w.depths[l.pr])
		}
	}
	w.formula = w.with(w.formula, func(i int) *formula {
		if w.depths[w.leaves[i].pr] >= most {
			return w.consts[isUnknown]
		}
		return nil
	})
}
