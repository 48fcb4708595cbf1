package core

import (
	"math"
	"strings"

	"pkl/core/expr"
)

// What the tree of an expression says at a glance, so that it can be read
// without a closure, or known without asking.

// own returns the field of the layout that a name means by itself, or nil. It
// is nil where several fields share the name.
func (l *Layout) own(n expr.Node) *Slot {
	name := bareWord(n)
	if name == nil {
		return nil
	}
	s := l.byName[name.Parts[0]]
	if s == nil || s.Alt != nil || s.Get != "" {
		return nil
	}
	return s
}

// constant returns the value of an expression of literals.
func constantOf(n expr.Node) (int64, bool) {
	switch n := n.(type) {
	case *expr.Num:
		return int64(n.V), n.V <= math.MaxInt64
	case *expr.Unary:
		v, ok := constantOf(n.X)
		return -v, ok && n.Op == expr.Neg
	case *expr.Binary:
		x, okX := constantOf(n.X)
		y, okY := constantOf(n.Y)
		if !okX || !okY || !isArithmetic(n.Op) {
			return 0, false
		}
		var e env
		v := operator(n.Op)(&e, x, y)
		return v, !e.bad
	}
	return 0, false
}

// A line is mul·x + add, x being a field; without one it is add.
type line struct {
	slot     *Slot
	mul, add int64
}

// steep is beyond what a size has as its factor or summand; sums of two are no overflow.
const steep = 1 << 20

// linear recognises a number that hangs on one field like a line, in whatever
// way it is written: "ihl * 4", "4 * (off + 1)", "(n << 3) - 2".
func (l *Layout) linear(n expr.Node) (ln line, ok bool) {
	if v, isConst := constantOf(n); isConst {
		return line{add: v}, v > -steep && v < steep
	}
	switch n := n.(type) {
	case *expr.Name:
		s := l.own(n)
		return line{slot: s, mul: 1}, s != nil && s.Kind == Number
	case *expr.Unary:
		x, ok := l.linear(n.X)
		return x.times(-1), ok && n.Op == expr.Neg
	case *expr.Binary:
		x, okX := l.linear(n.X)
		y, okY := l.linear(n.Y)
		if okX && okY {
			return join2(x, n.Op, y)
		}
	}
	return line{}, false
}

func join2(x line, op expr.Op, y line) (ln line, ok bool) {
	if op == expr.Mul && x.slot == nil {
		x, y = y, x
	}
	switch {
	case op == expr.Mul && y.slot == nil:
		ln = x.times(y.add)
	case op == expr.Shl && y.slot == nil && y.add >= 0 && y.add < 20:
		ln = x.times(1 << y.add)
	case op == expr.Sub && y.slot != x.slot || op == expr.Add && x.slot != y.slot:
		if op == expr.Sub {
			y = y.times(-1)
		}
		if x.slot != nil && y.slot != nil {
			return line{}, false
		}
		if ln = (line{x.slot, x.mul + y.mul, x.add + y.add}); ln.slot == nil {
			ln.slot = y.slot
		}
	default:
		return line{}, false
	}
	return ln, max(ln.mul, -ln.mul, ln.add, -ln.add) < steep
}

func (ln line) times(k int64) line { return line{ln.slot, ln.mul * k, ln.add * k} }

// size returns the line as a size that is read without a closure, if it is one.
func (ln line) size() size {
	s := ln.slot
	if s == nil || s.When != "" || s.Signed || s.Bits > 32 || ln.mul < 1 {
		return size{}
	}
	return size{slot: s, mul: int(ln.mul), add: int(ln.add)}
}

// notZero recognises that a number is not 0: "off > 0", "1 <= off", "MORE". It
// returns how the number is read.
func (l *Layout) notZero(n expr.Node) *load {
	s := l.own(n)
	if s != nil && !s.Bool() {
		return nil
	}
	if b, ok := n.(*expr.Binary); ok {
		f, op, v, isCmp := l.compares(b)
		if isCmp && (v == 0 && (op == expr.Gt || op == expr.Ne) || v == 1 && op == expr.Ge) {
			s = f
		}
	}
	if s == nil || !s.simple || s.Signed || s.Kind != Number {
		return nil
	}
	return &s.load
}

// compares recognises a number of the layout beside a constant, which is put on the right.
func (l *Layout) compares(b *expr.Binary) (s *Slot, op expr.Op, v int64, ok bool) {
	x, y, op := b.X, b.Y, b.Op
	if op < expr.Eq || op > expr.Ge {
		return nil, op, 0, false
	}
	if s = l.own(x); s == nil {
		s, y, op = l.own(y), x, mirrored(op)
	}
	if s == nil || s.Kind != Number {
		return nil, op, 0, false
	}
	v, ok = constantOf(y)
	if w := bareWord(y); w != nil && l.byName[w.Parts[0]] == nil {
		v, ok = nameValue(s.Field.Names, w.Parts[0])
	}
	return s, op, v, ok
}

func nameValue(names []ValueName, name string) (int64, bool) {
	for _, n := range names {
		if strings.EqualFold(n.Name, name) {
			return n.V, true
		}
	}
	return 0, false
}

// A look is what a condition sees of one number: bits of it, and on which side
// of some values it is.
type look struct {
	bits uint64
	cuts []uint64
	wild bool // something else
}

// lookAt recognises a condition on number by, or on the field self that lies in its place.
func (l *Layout) lookAt(n expr.Node, by, self *Slot) (k look) {
	switch n := n.(type) {
	case *expr.Unary:
		if n.Op == expr.Not {
			return l.lookAt(n.X, by, self)
		}
	case *expr.Name:
		if s := l.own(n); s != nil && s.part == by && s.Bool() {
			return look{bits: s.within()}
		}
	case *expr.Binary:
		if n.Op == expr.And || n.Op == expr.Or {
			x, y := l.lookAt(n.X, by, self), l.lookAt(n.Y, by, self)
			return look{x.bits | y.bits, append(x.cuts, y.cuts...), x.wild || y.wild}
		}
		if s, _, v, ok := l.compares(n); ok && v >= 0 {
			return s.lookFor(by, self, v)
		}
		return l.lookAtMasked(n, by)
	case *expr.In:
		return l.lookIn(n, by, self)
	}
	return look{wild: true}
}

// lookFor is the look of a comparison of s with v.
func (s *Slot) lookFor(by, self *Slot, v int64) look {
	switch {
	case s == by || s == self && s.Bits == by.Bits:
		return look{cuts: []uint64{uint64(v)}}
	case s.part == by:
		return look{bits: s.within()}
	}
	return look{wild: true}
}

// lookAtMasked recognises "by & 0x10 != 0", and the like.
func (l *Layout) lookAtMasked(n *expr.Binary, by *Slot) look {
	x, ok := n.X, n.Op >= expr.Eq && n.Op <= expr.Ge
	if _, right := constantOf(n.Y); !right {
		_, left := constantOf(n.X)
		x, ok = n.Y, ok && left
	}
	and, isAnd := x.(*expr.Binary)
	if !ok || !isAnd || and.Op != expr.BitAnd {
		return look{wild: true}
	}
	s, m := l.own(and.X), and.Y
	if s == nil {
		s, m = l.own(and.Y), and.X
	}
	v, ok := constantOf(m)
	if !ok || v < 0 || s != by {
		return look{wild: true}
	}
	k := uint64(v) & ones(by.Bits)
	return look{bits: k, wild: k == 0}
}

func (l *Layout) lookIn(n *expr.In, by, self *Slot) (k look) {
	s := l.own(n.X)
	if s == nil {
		return look{wild: true}
	}
	for _, r := range n.Set {
		for _, end := range []expr.Node{r.Lo, r.Hi} {
			if end == nil {
				continue
			}
			v, ok := constantOf(end)
			if w := bareWord(end); w != nil {
				v, ok = nameValue(s.Field.Names, w.Parts[0])
			}
			if !ok || v < 0 {
				return look{wild: true}
			}
			one := s.lookFor(by, self, v)
			k = look{k.bits | one.bits, append(k.cuts, one.cuts...), k.wild || one.wild}
		}
	}
	return k
}

// within returns the bits of a part in the number that it lies in.
func (s *Slot) within() uint64 { return ones(s.Bits) << (s.part.Bits - s.off - s.Bits) }
