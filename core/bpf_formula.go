package core

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// A formula is a condition of which some comparisons are decided. Its values
// are three: what no program can tell is neither true nor false (Kleene, 1952).
// Formulas that look alike are one.
type formula struct {
	op   formulaOp
	kids []*formula
	leaf int    // index in formulas.leaves
	has  bitset // the leaves in it
	id   int
}

type formulaOp uint8

const (
	isFalse formulaOp = iota
	isTrue
	isUnknown
	hasLeaf
	hasAnd
	hasOr
	hasNot
)

// formulas makes formulas.
type formulas struct {
	leaves []*leaf
	all    map[string]*formula
	consts [3]*formula
	visits int // of with, in this run
}

// maxVisits bounds the time that deciding formulas takes.
const maxVisits = 1 << 22

// newFormulas returns the formula of a form.
func newFormulas(f *form) (*formulas, *formula) {
	fs := &formulas{all: map[string]*formula{}}
	fs.collect(f)
	for op := range fs.consts {
		fs.consts[op] = fs.make(formulaOp(op), nil, -1)
	}
	next := 0
	return fs, fs.of(f, &next)
}

func (fs *formulas) collect(f *form) {
	switch {
	case f == nil:
	case f.op == formLeaf:
		fs.leaves = append(fs.leaves, f.leaf)
	default:
		for _, k := range f.kids {
			fs.collect(k)
		}
	}
}

// of turns a form into a formula; next is its first leaf.
func (fs *formulas) of(f *form, next *int) *formula {
	switch {
	case f == nil:
		return fs.consts[isUnknown]
	case f.op == formLeaf:
		*next++
		return fs.make(hasLeaf, nil, *next-1)
	}
	kids := make([]*formula, len(f.kids))
	for i, k := range f.kids {
		kids[i] = fs.of(k, next)
	}
	switch f.op {
	case formNot:
		return fs.not(kids[0])
	case formAnd:
		return fs.join(hasAnd, kids)
	}
	return fs.join(hasOr, kids)
}

// make returns the one formula that looks so.
func (fs *formulas) make(op formulaOp, kids []*formula, leaf int) *formula {
	key := binary.AppendVarint([]byte{byte(op)}, int64(leaf))
	for _, k := range kids {
		key = binary.AppendUvarint(key, uint64(k.id))
	}
	if f := fs.all[string(key)]; f != nil {
		return f
	}
	f := &formula{op: op, kids: kids, leaf: leaf, id: len(fs.all), has: make(bitset, len(fs.leaves)>>6+1)}
	for _, k := range kids {
		f.has.merge(k.has)
	}
	if leaf >= 0 {
		f.has.add(leaf)
	}
	fs.all[string(key)] = f
	return f
}

func (fs *formulas) not(f *formula) *formula {
	switch f.op {
	case isTrue:
		return fs.consts[isFalse]
	case isFalse:
		return fs.consts[isTrue]
	case isUnknown:
		return f
	case hasNot:
		return f.kids[0]
	}
	return fs.make(hasNot, []*formula{f}, -1)
}

// join is the conjunction or disjunction, without parts that say nothing.
func (fs *formulas) join(op formulaOp, kids []*formula) *formula {
	ends, idle := fs.consts[isFalse], fs.consts[isTrue]
	if op == hasOr {
		ends, idle = idle, ends
	}
	var out []*formula
	for _, k := range kids {
		switch {
		case k == ends:
			return ends
		case k != idle && (len(out) == 0 || out[len(out)-1] != k):
			out = append(out, k)
		}
	}
	switch len(out) {
	case 0:
		return idle
	case 1:
		return out[0]
	}
	return fs.make(op, out, -1)
}

// with puts values for leaves; value returns nil for those that stay.
func (fs *formulas) with(f *formula, value func(leaf int) *formula) *formula {
	if fs.visits++; fs.visits > maxVisits {
		panic(errLongBPF)
	}
	switch f.op {
	case hasLeaf:
		if v := value(f.leaf); v != nil {
			return v
		}
		return f
	case hasNot:
		return fs.not(fs.with(f.kids[0], value))
	case hasAnd, hasOr:
		kids := make([]*formula, len(f.kids))
		for i, k := range f.kids {
			kids[i] = fs.with(k, value)
		}
		return fs.join(f.op, kids)
	}
	return f
}

// decided puts a value for one leaf.
func (fs *formulas) decided(f *formula, leaf int, op formulaOp) *formula {
	if !f.has.has(leaf) {
		return f
	}
	return fs.with(f, func(l int) *formula {
		if l == leaf {
			return fs.consts[op]
		}
		return nil
	})
}

// learnt puts a value for one leaf, and for those about the same number what
// follows from it: it is in no other set that has none of these values.
func (fs *formulas) learnt(f *formula, leaf int, op formulaOp) *formula {
	l := fs.leaves[leaf]
	return fs.with(f, func(i int) *formula {
		switch o := fs.leaves[i]; {
		case i == leaf:
			return fs.consts[op]
		case !l.sameValue(o):
		case op == isTrue && l.set.covers(o.set, false), op == isFalse && l.set.covers(o.set, true):
			return fs.consts[isFalse]
		case op == isTrue && o.set.covers(l.set, true):
			return fs.consts[isTrue]
		}
		return nil
	})
}

// sameValue reports whether two leaves ask for the value of one number of one layer.
func (l *leaf) sameValue(o *leaf) bool {
	return l.kind == leafKey && o.kind == leafKey && l.pr == o.pr && l.inst == o.inst && l.want == yes && o.want == yes &&
		l.mask == o.mask && l.bias == o.bias && len(l.alts) == 1 && len(o.alts) == 1 && slices.Equal(l.alts[0].slots, o.alts[0].slots)
}

// covers reports whether all of the other set is in this one, or with all false, whether nothing is.
func (s keySet) covers(o keySet, all bool) bool {
	for _, r := range o {
		in := s.within(r.lo, r.hi)
		if all && (len(in) != 1 || in[0] != r) || !all && len(in) > 0 {
			return false
		}
	}
	return true
}

// within makes leaves outside of the set false: what they are about is not
// there. Those in it stay, or with lost become unknown.
func (fs *formulas) within(f *formula, set bitset, lost bool) *formula {
	return fs.with(f, func(l int) *formula {
		switch {
		case !set.has(l):
			return fs.consts[isFalse]
		case lost:
			return fs.consts[isUnknown]
		}
		return nil
	})
}

// may reports whether the formula can become true, or false.
func (f *formula) may(become formulaOp) bool {
	either := func(every bool) bool {
		for _, k := range f.kids {
			if k.may(become) != every {
				return !every
			}
		}
		return every
	}
	switch f.op {
	case hasLeaf:
		return true
	case hasNot:
		return f.kids[0].may(isTrue + isFalse - become)
	case hasAnd:
		return either(become == isTrue)
	case hasOr:
		return either(become == isFalse)
	}
	return f.op == become
}

// canAsk reports whether something in it is unknown from the beginning.
func (f *formula) canAsk() bool {
	if f.op == isUnknown {
		return true
	}
	for _, k := range f.kids {
		if k.canAsk() {
			return true
		}
	}
	return false
}

// first returns the lowest member of both sets, or none.
func (b bitset) first(o bitset) int {
	for i := range b {
		if v := b[i] & o[i]; v != 0 {
			return i<<6 + bits.TrailingZeros64(v)
		}
	}
	return none
}
