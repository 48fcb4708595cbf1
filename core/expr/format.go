package expr

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Format returns the tree as source in one style: decimal numbers, double
// quotes, words for and, or and not, and no parentheses but those it needs.
// Parse makes the same tree of it, as long as it fits in MaxSource.
func Format(n Node) string {
	var p printer
	p.print(n, precOr)
	return p.String()
}

// printer collects source.
type printer struct{ strings.Builder }

// print writes n, in parentheses if it binds less tightly than prec.
func (p *printer) print(n Node, prec int) {
	if precOf(n) < prec {
		p.WriteByte('(')
		defer p.WriteByte(')')
	}
	switch n := n.(type) {
	case *Num:
		p.WriteString(strconv.FormatUint(n.V, 10))
	case *Str:
		p.quote(n.S)
	case *Lit:
		p.WriteString(n.Text)
	case *Name:
		p.name(n)
	case *Slice:
		p.slice(n)
	case *Call:
		p.call(n)
	case *Unary:
		p.unary(n)
	case *Binary:
		p.binary(n)
	case *In:
		p.in(n)
	}
}

// precOf tells how tightly the outermost operator of n binds.
func precOf(n Node) int {
	switch n := n.(type) {
	case *Unary:
		return n.Op.prec()
	case *Binary:
		return n.Op.prec()
	case *In:
		return precCompare
	}
	return precPrimary
}

func (p *printer) name(n *Name) {
	if n.Up {
		p.WriteString("^.")
	}
	p.WriteString(n.Parts[0])
	switch {
	case n.Inst == AnyInst:
		p.WriteString("#*")
	case n.Inst > 0:
		p.WriteString("#" + strconv.Itoa(n.Inst))
	}
	for _, s := range n.Parts[1:] {
		p.WriteString("." + s)
	}
}

func (p *printer) slice(n *Slice) {
	p.print(n.X, precPrimary)
	p.WriteByte('[')
	p.print(n.Off, precBitOr)
	if !n.Index {
		p.WriteByte(':')
	}
	if n.Len != nil {
		p.print(n.Len, precBitOr)
	}
	p.WriteByte(']')
}

func (p *printer) call(n *Call) {
	p.WriteString(n.Fn + "(")
	for i, a := range n.Args {
		if i > 0 {
			p.WriteString(", ")
		}
		p.print(a, precOr)
	}
	p.WriteByte(')')
}

func (p *printer) unary(n *Unary) {
	p.WriteString(n.Op.String())
	if n.Op == Not {
		p.WriteByte(' ')
	}
	p.print(n.X, n.Op.prec())
}

func (p *printer) binary(n *Binary) {
	left := n.Op.prec()
	if left == precCompare {
		left++
	}
	p.print(n.X, left)
	p.WriteString(" " + n.Op.String() + " ")
	p.print(n.Y, n.Op.prec()+1)
}

func (p *printer) in(n *In) {
	p.print(n.X, precCompare+1)
	if n.Not {
		p.WriteString(" not")
	}
	p.WriteString(" in {")
	for i, r := range n.Set {
		if i > 0 {
			p.WriteString(", ")
		}
		p.WriteString(formatRange(r))
	}
	p.WriteByte('}')
}

func formatRange(r Range) string {
	if r.Hi == nil {
		return Format(r.Lo)
	}
	sep := "-"
	if _, ok := r.Hi.(*Unary); ok {
		sep = ".." // easier to read than two dashes
	}
	return Format(r.Lo) + sep + Format(r.Hi)
}

// quote writes s in double quotes. Every backslash is doubled, so that none
// meets a letter that makes it an escape.
func (p *printer) quote(s string) {
	p.WriteByte('"')
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 || !unicode.IsPrint(r) || r == '"' || r == '\\' {
			p.escape(s[:n])
		} else {
			p.WriteString(s[:n])
		}
		s = s[n:]
	}
	p.WriteByte('"')
}

// escape writes the bytes of one character as escapes.
func (p *printer) escape(s string) {
	const digits = "0123456789abcdef"
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			p.WriteString("\\" + string(c))
		case '\n':
			p.WriteString(`\n`)
		case '\r':
			p.WriteString(`\r`)
		case '\t':
			p.WriteString(`\t`)
		case 0:
			p.WriteString(`\0`)
		default:
			p.WriteString(`\x`)
			p.WriteByte(digits[c>>4])
			p.WriteByte(digits[c&15])
		}
	}
}
