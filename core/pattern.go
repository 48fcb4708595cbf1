package core

import (
	"regexp"
	"regexp/syntax"
	"slices"
)

// A byteSet is a set of bytes.
type byteSet [256]bool

// A pattern is a regular expression that asks of each byte only whether it is in
// some set, as ^[^\n]*$ and ^[0-9]{3}$ do. It needs no machine.
type pattern struct {
	first []byteSet // what the text begins with
	rest  *byteSet  // what all that follows is in; nil: nothing follows
}

// matcher compiles a regular expression.
func matcher(text string) (func([]byte) bool, error) {
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	if p := plainPattern(text); p != nil {
		return p.match, nil
	}
	return re.Match, nil
}

func (p *pattern) match(b []byte) bool {
	if len(b) < len(p.first) || p.rest == nil && len(b) > len(p.first) {
		return false
	}
	for i := range p.first {
		if !p.first[i][b[i]] {
			return false
		}
	}
	for _, c := range b[len(p.first):] {
		if !p.rest[c] {
			return false
		}
	}
	return true
}

// plainPattern returns the pattern that a valid regular expression is, or nil.
func plainPattern(text string) *pattern {
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil
	}
	re = re.Simplify()
	if re.Op != syntax.OpConcat || re.Sub[0].Op != syntax.OpBeginText || re.Sub[len(re.Sub)-1].Op != syntax.OpEndText {
		return nil
	}
	p := &pattern{}
	for _, sub := range re.Sub[1 : len(re.Sub)-1] {
		if !p.add(sub) {
			return nil
		}
	}
	// A character beyond ASCII is several bytes: those behind the first are the rest's.
	for i := range p.first {
		if p.first[i][0x80] && (i < len(p.first)-1 || p.rest == nil || !p.rest[0x80]) {
			return nil
		}
	}
	return p
}

// add appends a part of a regular expression, if it is made of sets, the last any number of times.
func (p *pattern) add(re *syntax.Regexp) bool {
	var set byteSet
	if p.rest != nil {
		return false
	}
	switch re.Op {
	case syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !p.add(sub) })
	case syntax.OpStar, syntax.OpPlus:
		if !set.hold(re.Sub[0]) {
			return false
		}
		if p.rest = &set; re.Op == syntax.OpPlus {
			p.first = append(p.first, set)
		}
		return true
	}
	if !set.hold(re) {
		return false
	}
	p.first = append(p.first, set)
	return true
}

// hold fills the set with what one character of a class may be. A class that has
// some characters beyond ASCII and not others is none of bytes.
func (s *byteSet) hold(re *syntax.Regexp) bool {
	runes := re.Rune
	switch {
	case re.Op == syntax.OpAnyChar:
		runes = []rune{0, 0x10ffff}
	case re.Op == syntax.OpAnyCharNotNL:
		runes = []rune{0, '\n' - 1, '\n' + 1, 0x10ffff}
	case re.Op == syntax.OpLiteral && len(runes) == 1 && re.Flags&syntax.FoldCase == 0:
		runes = []rune{runes[0], runes[0]}
	case re.Op != syntax.OpCharClass:
		return false
	}
	for i := 0; i < len(runes); i += 2 {
		lo, hi := runes[i], runes[i+1]
		if hi >= 0x80 && (lo > 0x80 || hi < 0x10ffff) {
			return false
		}
		for c := lo; c <= min(hi, 0xff); c++ {
			s[c] = true
		}
	}
	return true
}
