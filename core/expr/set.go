package expr

import (
	"bytes"
	"fmt"
	"math/big"
)

// isIn reports whether "in" or "not in" comes next.
func (p *parser) isIn() bool {
	if p.tok.kind != tokNot {
		return p.tok.kind == tokIn
	}
	ahead := p.lex
	return ahead.next().kind == tokIn
}

// in parses what follows x: "in" or "not in" and a set.
func (p *parser) in(x Node, start int) Node {
	n := &In{At: At(start), X: x, OpAt: p.tok.pos}
	if p.tok.kind == tokNot {
		n.Not = true
		p.next()
	}
	p.next()
	if p.tok.kind == '{' {
		n.Set = p.set()
	} else {
		n.Set = []Range{{Lo: p.element()}}
	}
	return n
}

// set parses { element or range, … }.
func (p *parser) set() []Range {
	open := p.tok.pos
	p.next()
	if p.tok.kind == '}' {
		p.fail(p.tok.pos, "", "a set needs a value")
	}
	list := []Range{p.rangeOf()}
	for p.tok.kind == ',' {
		p.next()
		list = append(list, p.rangeOf())
	}
	p.checkAfterElement()
	p.expect('}', open)
	return list
}

// checkAfterElement explains what often follows an element by mistake.
func (p *parser) checkAfterElement() {
	switch k := p.tok.kind; {
	case k == '(', k == '[', k == tokBinary && p.tok.op.prec() > precCompare:
		p.fail(p.tok.pos, "values are parted by commas", "no arithmetic in { }: unexpected %s", p.found())
	case k == tokValue, k == tokName:
		p.fail(p.tok.pos, "values are parted by commas", `expected "," or "}", found %s`, p.found())
	}
}

// rangeOf parses one element, or two and a - or .. between them.
func (p *parser) rangeOf() Range {
	r := Range{Lo: p.element()}
	if p.tok.kind != tokDots && (p.tok.kind != tokBinary || p.tok.op != Sub) {
		return r
	}
	dash := p.tok.pos
	p.next()
	r.Hi = p.element()
	order, ok := compare(r.Lo, r.Hi)
	switch {
	case !ok:
		p.fail(dash, `names and text with "-" go in quotes`, "a range is of numbers or of addresses")
	case order > 0:
		p.fail(r.Lo.Pos(), fmt.Sprintf("write %s", formatRange(Range{r.Hi, r.Lo})), "range is backwards")
	}
	return r
}

// element parses one value of a set.
func (p *parser) element() Node {
	t := p.tok
	if t.kind == tokBinary && t.op == Sub {
		return p.negative()
	}
	if n, ok := t.node.(*Name); ok && (n.Up || n.Inst != 0 || len(n.Parts) > 1) {
		p.fail(t.pos, `compare fields with "=="`, "expected a value, found the field %s", p.found())
	}
	switch t.kind {
	case tokValue, tokName:
		p.next()
		return t.node
	case '(':
		p.fail(t.pos, "values are literals", "expected a value, no arithmetic")
	}
	p.fail(t.pos, p.valueHint(), "expected a value, found %s", p.found())
	return nil
}

// negative parses a negative number.
func (p *parser) negative() Node {
	pos := p.tok.pos
	p.next()
	n, ok := p.tok.node.(*Num)
	if !ok {
		p.fail(p.tok.pos, "", `expected a number after "-", found %s`, p.found())
	}
	p.next()
	return &Unary{At: At(pos), Op: Neg, X: n}
}

// compare orders the ends of a range; ok is false if they cannot be ends.
func compare(a, b Node) (order int, ok bool) {
	if x, isLit := a.(*Lit); isLit {
		y, isLit := b.(*Lit)
		if !isLit {
			return 0, false
		}
		return compareLits(x, y)
	}
	x, okX := integer(a)
	y, okY := integer(b)
	return x.Cmp(y), okX && okY
}

// integer returns the number n stands for. Not all fit in an int64: -0x8000…
// to 0xffff… may be written.
func integer(n Node) (v *big.Int, ok bool) {
	switch n := n.(type) {
	case *Num:
		return new(big.Int).SetUint64(n.V), true
	case *Unary: // the parser makes no other in a set than a negative number
		v, ok = integer(n.X)
		return v.Neg(v), ok
	}
	return new(big.Int), false
}

func compareLits(x, y *Lit) (order int, ok bool) {
	switch {
	case x.Addr.IsValid() && y.Addr.IsValid():
		return x.Addr.Compare(y.Addr), x.Addr.BitLen() == y.Addr.BitLen()
	case x.MAC != nil && y.MAC != nil:
		return bytes.Compare(x.MAC, y.MAC), true
	}
	return 0, false
}
