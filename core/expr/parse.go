package expr

import (
	"fmt"
	"slices"
	"strings"
)

// Limits of the source, so that a tree is small and its recursion shallow.
const (
	MaxSource  = 64 << 10 // bytes
	MaxNesting = 200      // levels of parentheses, brackets, calls, signs and nots
)

// Parse returns the tree of src. Its error is an *Error.
func Parse(src string) (n Node, err error) {
	if len(src) > MaxSource {
		msg := fmt.Sprintf("expression of %d bytes, at most %d", len(src), MaxSource)
		return nil, ErrorAt(src, 0, msg, "")
	}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *Error:
			n, err = nil, e
		default:
			panic(e)
		}
	}()
	p := &parser{lex: lexer{src: src}}
	return p.parse(), nil
}

// parser climbs by precedence, with one token in hand.
type parser struct {
	lex   lexer
	tok   token
	last  token // the one before tok
	depth int
}

func (p *parser) fail(pos int, hint, format string, args ...any) {
	p.lex.fail(pos, hint, format, args...)
}

func (p *parser) parse() Node {
	p.next()
	if p.tok.kind == tokEnd {
		p.fail(0, "", "empty expression")
	}
	n := p.expr(precOr)
	switch p.tok.kind {
	case tokEnd:
		return n
	case ',':
		p.fail(p.tok.pos, "several values go in { }", "unexpected %s", p.found())
	}
	p.fail(p.tok.pos, p.strayHint(), "unexpected %s", p.found())
	return nil
}

// next moves to the next token.
func (p *parser) next() {
	p.last = p.tok
	p.tok = p.lex.next()
}

// found names the token in hand for an error.
func (p *parser) found() string {
	if p.tok.kind == tokEnd {
		return "the end"
	}
	return fmt.Sprintf("%q", p.lex.src[p.tok.pos:p.tok.end])
}

// expect takes punctuation; open is where what it closes was opened.
func (p *parser) expect(k kind, open int) {
	if p.tok.kind != k {
		hint := p.strayHint()
		if hint == "" {
			hint = fmt.Sprintf("for the %q at column %d", p.lex.src[open:open+1], column(p.lex.src, open))
		}
		p.fail(p.tok.pos, hint, "expected %q, found %s", string(k), p.found())
	}
	p.next()
}

// strayHint is the hint for a token that cannot follow a whole expression.
func (p *parser) strayHint() string {
	switch p.tok.kind {
	case tokName:
		n := p.tok.node.(*Name)
		if hint := wordHint(n.Parts[0]); hint != "" {
			return hint
		}
		return `join conditions with "and" or "or"`
	case tokValue:
		return `an operator goes before it, as in tcp.port == 80`
	case tokNot:
		return `only "in" takes a "not" before it; write not (…)`
	case tokDots:
		return "a range is { low-high }"
	case ')', ']', '}':
		return "nothing to close"
	case '{':
		return `sets follow "in"`
	}
	return ""
}

// nested runs parse one level deeper. pos is where the level starts.
func (p *parser) nested(pos int, parse func() Node) Node {
	if p.depth++; p.depth > MaxNesting {
		p.fail(pos, "", "nested more than %d levels deep", MaxNesting)
	}
	n := parse()
	p.depth--
	return n
}

// expr parses an expression of operators that bind at least as tightly as
// prec.
func (p *parser) expr(prec int) Node {
	start := p.tok.pos
	x := p.operand(prec)
	for {
		t := p.tok
		switch {
		case p.isIn() && prec <= precCompare:
			x = p.in(x, start)
		case t.kind == tokBinary && prec <= t.op.prec():
			p.next()
			x = &Binary{At: At(start), Op: t.op, OpAt: t.pos, X: x, Y: p.right(t.op)}
		default:
			return x
		}
		p.unchained(t)
	}
}

// right parses the right side of op.
func (p *parser) right(op Op) Node {
	y := p.expr(op.prec() + 1)
	if _, ok := y.(*Str); op == Matches && !ok {
		p.fail(y.Pos(), "", `"matches" needs a pattern in quotes`)
	}
	return y
}

// unchained fails if t, just parsed, compares, and an operator follows that
// would take the result of the comparison as an operand.
func (p *parser) unchained(t token) {
	binds := p.isIn() || p.tok.kind == tokBinary && p.tok.op.prec() >= precCompare
	compares := t.kind != tokBinary || t.op.prec() == precCompare
	switch {
	case !binds || !compares:
	case p.isIn() || p.tok.op.prec() == precCompare:
		p.fail(p.tok.pos, "write a < b and b < c", "comparisons are not chained")
	case p.tok.op == Sub:
		p.fail(p.tok.pos, "a range is { low-high }", `no arithmetic after "in"`)
	default:
		p.fail(p.tok.pos, "", `no arithmetic after "in"`)
	}
}

// operand parses a not, or what starts with a primary.
func (p *parser) operand(prec int) Node {
	if p.tok.kind != tokNot {
		return p.signed()
	}
	pos := p.tok.pos
	if prec > precNot {
		p.fail(pos, "put it in parentheses: (not …)", "%s cannot follow %q", p.found(), p.lex.src[p.last.pos:p.last.end])
	}
	p.next()
	x := p.nested(pos, func() Node { return p.expr(precNot) })
	return &Unary{At: At(pos), Op: Not, X: x}
}

// signed parses a primary with its slices, and any signs before it.
func (p *parser) signed() Node {
	if p.tok.kind != tokBinary || p.tok.op != Sub {
		return p.sliced()
	}
	pos := p.tok.pos
	p.next()
	return &Unary{At: At(pos), Op: Neg, X: p.nested(pos, p.signed)}
}

func (p *parser) sliced() Node {
	start := p.tok.pos
	x := p.primary()
	for p.tok.kind == '[' {
		x = p.slice(x, start)
	}
	return x
}

// slice parses [offset:length], [offset:] or [offset].
func (p *parser) slice(x Node, start int) Node {
	open := p.tok.pos
	p.next()
	if p.tok.kind == ':' {
		p.fail(p.tok.pos, "write [0:length]", "a slice starts with its offset")
	}
	s := &Slice{At: At(start), X: x}
	s.Off = p.nested(open, p.arithmetic)
	if s.Index = p.tok.kind != ':'; !s.Index {
		p.next()
		if s.ToEnd = p.tok.kind == ']'; !s.ToEnd {
			s.Len = p.nested(open, p.arithmetic)
		}
	}
	p.expect(']', open)
	return s
}

func (p *parser) arithmetic() Node { return p.expr(precBitOr) }

func (p *parser) whole() Node { return p.expr(precOr) }

// primary parses a value, a name, a call or a parenthesis.
func (p *parser) primary() Node {
	t := p.tok
	switch t.kind {
	case tokValue:
		p.next()
		return t.node
	case tokName:
		p.next()
		if p.tok.kind == '(' {
			return p.call(t.node.(*Name))
		}
		return t.node
	case '(':
		p.next()
		n := p.nested(t.pos, p.whole)
		p.expect(')', t.pos)
		return n
	}
	p.fail(t.pos, p.valueHint(), "expected a value, found %s", p.found())
	return nil
}

// valueHint is the hint for a token where a value should be.
func (p *parser) valueHint() string {
	word := p.lex.src[p.tok.pos:p.tok.end]
	switch {
	case p.tok.kind == '{':
		return `use "in" with { }`
	case IsReserved(word):
		return fmt.Sprintf("as a value, %s goes in quotes", word)
	}
	return ""
}

// call parses the arguments of a function.
func (p *parser) call(n *Name) Node {
	known := []string{"len", "count", "present", "min", "max", "any"}
	c := &Call{At: n.At, Fn: Format(n)}
	if !slices.Contains(known, c.Fn) {
		hint := didYouMean(nearest(c.Fn, known))
		if hint == "" {
			hint = "there are " + strings.Join(known, ", ")
		}
		p.fail(n.Pos(), hint, "unknown function %q", c.Fn)
	}
	open := p.tok.pos
	p.next()
	if p.tok.kind != ')' {
		c.Args = p.args(open)
	}
	p.expect(')', open)
	p.arity(c)
	return c
}

func (p *parser) args(open int) []Node {
	list := []Node{p.nested(open, p.whole)}
	for p.tok.kind == ',' {
		p.next()
		list = append(list, p.nested(open, p.whole))
	}
	return list
}

// arity fails if c has the wrong number of arguments.
func (p *parser) arity(c *Call) {
	want, hint, ok := "one argument", c.Fn+"(x)", len(c.Args) == 1
	switch c.Fn {
	case "min", "max":
		want, hint, ok = "two or more arguments", c.Fn+"(a, b)", len(c.Args) >= 2
	case "any":
		want, hint, ok = "a list and a condition", "any(list, condition)", len(c.Args) == 2
	}
	if !ok {
		p.fail(c.Pos(), "write "+hint, "%q takes %s", c.Fn, want)
	}
}
