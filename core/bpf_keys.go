package core

import (
	"slices"

	"golang.org/x/net/bpf"
)

// A bpfRun is a range of values of a key that lead to the same protocols.
type bpfRun struct {
	lo, hi uint64
	cands  []candidate
}

// maxBPFSteps bounds how many combinations of key values are looked at.
const maxBPFSteps = 1 << 16

// maxRuns bounds the ranges of one table that a program distinguishes.
const maxRuns = 1024

// keyRead is a number that a key is read from.
type keyRead struct {
	load *load
	runs []bpfRun
}

// keys goes on to the layer above l, which starts at the spot.
func (w *bpfWriter) keys(l *bpfLayer, at bpfSpot, f *formula) *block {
	d := &dispatch{w: w, l: l, at: at, f: f, done: map[string]*block{}}
	lost := w.lost(f, w.above[l.id])
	var slow []*Slot
	for i := range l.Proto.keys {
		k := &l.Proto.keys[i]
		if k.fast == 0 && (len(k.slots) > 1 || k.slots[0].When == "") {
			return lost
		}
		if k.fast == 0 {
			slow = append(slow, k.slots[0])
			continue
		}
		d.keys = append(d.keys, k)
		for j := range k.fast {
			runs := w.runsOf(k.table, &k.loads[j])
			if runs == nil {
				return lost
			}
			d.reads = append(d.reads, keyRead{&k.loads[j], runs})
		}
	}
	d.found = make([]*bpfRun, len(d.reads))
	b := d.from(0)
	for _, s := range slow { // one that is not there leads nowhere
		b = w.cond(l, w.specForm(s.When, s.layout, s), lost, b, lost)
	}
	return b
}

// runsOf cuts the values of a key into ranges; nil: they are too many.
func (w *bpfWriter) runsOf(t *table, ld *load) []bpfRun {
	if runs, known := w.runs[t]; known {
		return cutRuns(runs, ld.mask)
	}
	runs := t.runs()
	w.runs[t] = runs
	return cutRuns(runs, ld.mask)
}

// cutRuns keeps the values that a key has.
func cutRuns(runs []bpfRun, most uint64) (out []bpfRun) {
	for _, r := range runs {
		if r.lo <= most {
			r.hi = min(r.hi, most)
			out = append(out, r)
		}
	}
	return out
}

// runs lists ranges of all values of the table, in order; nil: they are too many.
func (t *table) runs() (list []bpfRun) {
	cuts := []uint64{0}
	for v := range t.small {
		cuts = append(cuts, uint64(v))
	}
	if t.small != nil {
		cuts = append(cuts, uint64(len(t.small)))
	}
	for _, k := range t.keys() {
		cuts = append(cuts, k, k+1)
	}
	for _, r := range t.wide {
		if r.mask != 0 && r.mask != ones(t.bits) {
			if t.bits > 16 {
				return nil
			}
			for v := range uint64(1) << t.bits {
				cuts = append(cuts, v)
			}
		}
		cuts = append(cuts, r.lo, r.hi+1, r.val, r.val+1)
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for i, lo := range cuts {
		r := bpfRun{lo, ^uint64(0), t.find(lo)}
		if i+1 < len(cuts) {
			r.hi = cuts[i+1] - 1
		}
		if n := len(list); n > 0 && sameCandidates(list[n-1].cands, r.cands) {
			list[n-1].hi = r.hi
			continue
		}
		if list = append(list, r); len(list) > maxRuns {
			return nil
		}
	}
	return list
}

func sameCandidates(a, b []candidate) bool {
	return slices.EqualFunc(a, b, func(x, y candidate) bool { return x.Proto == y.Proto && x.key == y.key })
}

// A dispatch is the way from one layer to those above it.
type dispatch struct {
	w     *bpfWriter
	l     *bpfLayer
	at    bpfSpot
	f     *formula
	keys  []*keySource
	reads []keyRead // of the keys
	found []*bpfRun // of the reads so far: where their values lie
	done  map[string]*block
}

// from asks for the values of the reads from i on.
func (d *dispatch) from(i int) *block {
	w := d.w
	if i == len(d.reads) {
		if w.steps++; w.steps > maxBPFSteps {
			panic(errLongBPF)
		}
		cands := d.candidates()
		key := w.listed(cands)
		b := d.done[key]
		if b == nil {
			b = w.upward(d.l, d.at, d.f, cands)
			d.done[key] = b
		}
		return b
	}
	r := &d.reads[i]
	known := keyRead{load: r.load}
	var ways []*block
	for j := range r.runs {
		if d.l.known != nil && d.l.knows == *r.load && len(d.l.known.within(r.runs[j].lo, r.runs[j].hi)) == 0 {
			continue // it is not one of these
		}
		d.found[i] = &r.runs[j]
		ways, known.runs = append(ways, d.from(i+1)), append(known.runs, r.runs[j])
	}
	return w.choose(d.l, &known, ways, w.lost(d.f, w.above[d.l.id]))
}

// candidates lists who is found under the values, in the order that tryKeys tries them.
func (d *dispatch) candidates() (all []candidate) {
	var lists [][]candidate
	i := 0
	for _, k := range d.keys {
		lower, higher := d.found[i], d.found[i+k.fast-1]
		i += k.fast
		if higher.lo < lower.lo {
			lower, higher = higher, lower
		}
		lists = appendFound(lists, lower.cands)
		if higher.lo > lower.lo {
			lists = appendFound(lists, higher.cands)
		}
	}
	if len(lists) == 1 {
		all = slices.Clip(lists[0])
	} else {
		for _, sure := range [...]bool{false, true} {
			for _, list := range lists {
				for _, c := range list {
					if c.sure() == sure {
						all = append(all, c)
					}
				}
			}
		}
	}
	return append(all, d.l.any...)
}

// upward goes on to the candidates above a layer.
func (w *bpfWriter) upward(l *bpfLayer, at bpfSpot, f *formula, cands []candidate) *block {
	if l.open { // it is not known where they begin
		set := make(bitset, len(w.leaves)>>6+1)
		for _, c := range cands {
			set.merge(w.from[c.id])
		}
		return w.lost(f, set)
	}
	return w.candidates(at, l.level+1, l.seen, f, cands)
}

// choose goes one of the ways, by the value of a number.
func (w *bpfWriter) choose(l *bpfLayer, r *keyRead, ways []*block, lost *block) *block {
	n := w.number(l, r.load)
	same := true
	for _, b := range ways {
		same = same && b == ways[0]
	}
	switch {
	case same:
		return ways[0]
	case !n.ok:
		return lost
	}
	usual := mostUsual(r.runs, ways)
	b := usual
	if n.le || fewSingles(r.runs, ways, usual) {
		for i := len(ways) - 1; i >= 0; i-- {
			if ways[i] == usual {
				continue
			}
			b = w.inMasked(&n, n.mask, keySet{{r.runs[i].lo, r.runs[i].hi}}, ways[i], b, lost)
		}
		return b
	}
	return w.halve(block{x: n.x, load: n.masked(n.wordMask())}, n.shift, r.runs, ways)
}

// mostUsual is the way that most values go.
func mostUsual(runs []bpfRun, ways []*block) *block {
	sums := map[*block]uint64{}
	best := ways[0]
	for i, b := range ways {
		if sums[b] += runs[i].hi - runs[i].lo; sums[b] > sums[best] {
			best = b
		}
	}
	return best
}

// fewSingles reports whether the values that go another way are few.
func fewSingles(runs []bpfRun, ways []*block, usual *block) bool {
	n := 0
	for i, b := range ways {
		if b == usual {
			continue
		}
		if n++; runs[i].lo != runs[i].hi && n > 1 || n > 16 {
			return false
		}
	}
	return true
}

// halve finds the way by halving the ranges.
func (w *bpfWriter) halve(load block, shift int, runs []bpfRun, ways []*block) *block {
	for len(ways) > 1 && ways[0] == ways[1] {
		runs, ways = runs[1:], ways[1:]
	}
	if len(ways) == 1 {
		return ways[0]
	}
	mid := len(ways) / 2
	load.test, load.val = bpf.JumpGreaterOrEqual, uint32(runs[mid].lo<<shift)
	yes, no := w.halve(load, shift, runs[mid:], ways[mid:]), w.halve(load, shift, runs[:mid], ways[:mid])
	load.yes, load.no = yes, no
	return w.add(load)
}
