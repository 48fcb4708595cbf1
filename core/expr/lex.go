package expr

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind tells what a token is. Punctuation is its own character.
type kind rune

const (
	tokEnd    kind = -iota - 1
	tokValue       // node is a *Num, *Str or *Lit
	tokName        // node is a *Name
	tokBinary      // op is set; '-' too, which the parser also takes as a sign
	tokNot
	tokIn
	tokDots // ..
)

// token is one word of the source.
type token struct {
	kind     kind
	pos, end int // byte offsets
	node     Node
	op       Op
}

// lexer cuts the source into tokens, one at a time.
type lexer struct {
	src string
	pos int
	// brackets counts open [. Inside them ':' parts offset and length;
	// outside it belongs to a literal.
	brackets int
}

func (l *lexer) fail(pos int, hint, format string, args ...any) {
	fail(l.src, pos, fmt.Sprintf(format, args...), hint)
}

// next returns the next token.
func (l *lexer) next() token {
	l.space()
	t := token{pos: l.pos}
	if l.pos == len(l.src) {
		t.kind = tokEnd
	} else {
		l.scan(&t)
	}
	t.end = l.pos
	return t
}

func (l *lexer) scan(t *token) {
	c := l.src[l.pos]
	colons := l.brackets == 0 && strings.Contains(l.run(isLiteral), ":")
	switch {
	case colons:
		t.kind, t.node = tokValue, l.colonLiteral()
	case c == '"' || c == '\'':
		t.kind, t.node = tokValue, l.text()
	case isDigit(c):
		t.kind, t.node = tokValue, l.number()
	case isLetter(c) || c == '^':
		l.word(t)
	default:
		l.operator(t)
	}
}

func (l *lexer) space() {
	for l.pos < len(l.src) && strings.IndexByte(" \t\r\n", l.src[l.pos]) >= 0 {
		l.pos++
	}
}

// run returns the bytes from here on that satisfy ok, up to a "..", which is
// always an operator.
func (l *lexer) run(ok func(byte) bool) string {
	end := l.pos
	for end < len(l.src) && ok(l.src[end]) && !strings.HasPrefix(l.src[end:], "..") {
		end++
	}
	return l.src[l.pos:end]
}

// take is run, and moves behind it.
func (l *lexer) take(ok func(byte) bool) string {
	s := l.run(ok)
	l.pos += len(s)
	return s
}

// accept moves behind s if it is next.
func (l *lexer) accept(s string) bool {
	if !strings.HasPrefix(l.src[l.pos:], s) {
		return false
	}
	l.pos += len(s)
	return true
}

// word reads a name or a word of the language.
func (l *lexer) word(t *token) {
	n := &Name{At: At(l.pos)}
	if l.accept("^") {
		n.Up = true
		if !l.accept(".") {
			l.fail(t.pos, "^.name is a field of the layer around", `unexpected "^"`)
		}
	}
	first := l.part()
	if !n.Up && keyword(first, t) {
		return
	}
	n.Parts = []string{first}
	if !n.Up && l.accept("#") {
		n.Inst = l.instance()
	}
	for !strings.HasPrefix(l.src[l.pos:], "..") && l.accept(".") {
		n.Parts = append(n.Parts, l.part())
	}
	if strings.HasPrefix(l.src[l.pos:], "#") {
		l.fail(l.pos, "as in vlan#2.vid", `"#" is allowed only after the name of a layer`)
	}
	t.kind, t.node = tokName, n
}

// part reads one part of a name.
func (l *lexer) part() string {
	if l.pos < len(l.src) && isDigit(l.src[l.pos]) {
		l.fail(l.pos, "names start with a letter", "expected a name, found %q", l.run(isWord))
	}
	s := l.take(isWord)
	if s == "" {
		l.fail(l.pos, "", "expected a name, found %s", l.found())
	}
	return s
}

// maxInst is far above the number of layers any packet has.
const maxInst = 65535

// instance reads what follows "#".
func (l *lexer) instance() int {
	if l.accept("*") {
		return AnyInst
	}
	pos := l.pos
	n, err := strconv.Atoi(l.take(isWord))
	if err != nil || n < 1 || n > maxInst {
		l.fail(pos, "#2 is the second instance, #* any", `expected a number from 1 or "*" after "#"`)
	}
	return n
}

// keyword makes t the word of the language w, if it is one.
func keyword(w string, t *token) bool {
	switch w {
	case "and":
		t.kind, t.op = tokBinary, And
	case "or":
		t.kind, t.op = tokBinary, Or
	case "contains":
		t.kind, t.op = tokBinary, Contains
	case "matches":
		t.kind, t.op = tokBinary, Matches
	case "not":
		t.kind = tokNot
	case "in":
		t.kind = tokIn
	default:
		return false
	}
	return true
}

// IsReserved reports whether w is a word of the language, in lower case, and
// so cannot be the name of a layer or field.
func IsReserved(w string) bool {
	return keyword(w, new(token))
}

// symbol is one operator or piece of punctuation, or a common mistake: then
// hint is set.
type symbol struct {
	text string
	kind kind
	op   Op
	hint string
}

const (
	hintEq    = `did you mean "=="?`
	hintNe    = `use "!="`
	hintMatch = `use "matches"`
)

// symbols lists what operator knows; no entry comes before one it begins.
var symbols = [...]symbol{
	{text: "===", hint: hintEq}, {text: "!==", hint: hintNe},
	{text: "~=", hint: hintNe}, {text: "<>", hint: hintNe},
	{text: "=~", hint: hintMatch}, {text: "!~", hint: `use "not … matches"`}, {text: "~", hint: hintMatch},
	{text: "=<", hint: `did you mean "<="?`}, {text: "=>", hint: `did you mean ">="?`},
	{text: "==", kind: tokBinary, op: Eq}, {text: "!=", kind: tokBinary, op: Ne},
	{text: "<=", kind: tokBinary, op: Le}, {text: ">=", kind: tokBinary, op: Ge},
	{text: "<<", kind: tokBinary, op: Shl}, {text: ">>", kind: tokBinary, op: Shr},
	{text: "&&", kind: tokBinary, op: And}, {text: "||", kind: tokBinary, op: Or},
	{text: "<", kind: tokBinary, op: Lt}, {text: ">", kind: tokBinary, op: Gt},
	{text: "&", kind: tokBinary, op: BitAnd}, {text: "|", kind: tokBinary, op: BitOr},
	{text: "*", kind: tokBinary, op: Mul}, {text: "/", kind: tokBinary, op: Div},
	{text: "%", kind: tokBinary, op: Mod},
	{text: "+", kind: tokBinary, op: Add}, {text: "-", kind: tokBinary, op: Sub},
	{text: "=", hint: hintEq}, {text: "!", kind: tokNot},
	{text: "..", kind: tokDots}, {text: ".", hint: "a part of a list's items is list.part, without an index"},
	{text: "(", kind: '('}, {text: ")", kind: ')'}, {text: "{", kind: '{'}, {text: "}", kind: '}'},
	{text: "[", kind: '['}, {text: "]", kind: ']'}, {text: ",", kind: ','}, {text: ":", kind: ':'},
	{text: "“", hint: "use plain quotes"}, {text: "”", hint: "use plain quotes"},
	{text: "‘", hint: "use plain quotes"}, {text: "’", hint: "use plain quotes"},
	{text: "#", hint: "as in vlan#2.vid"}, {text: ";", hint: `join conditions with "and" or "or"`},
}

// operator reads an operator or punctuation.
func (l *lexer) operator(t *token) {
	for _, s := range symbols {
		if !l.accept(s.text) {
			continue
		}
		if s.hint != "" {
			l.fail(t.pos, s.hint, "unexpected %q", s.text)
		}
		t.kind, t.op = s.kind, s.op
		l.bracket(s.kind)
		return
	}
	l.fail(t.pos, "", "unexpected %s", l.found())
}

func (l *lexer) bracket(k kind) {
	switch {
	case k == '[':
		l.brackets++
	case k == ']' && l.brackets > 0:
		l.brackets--
	}
}

// found names the next character for an error.
func (l *lexer) found() string {
	if l.pos == len(l.src) {
		return "the end"
	}
	_, n := utf8.DecodeRuneInString(l.src[l.pos:])
	return strconv.Quote(l.src[l.pos : l.pos+n])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }

func isWord(c byte) bool { return isLetter(c) || isDigit(c) }

func isLiteral(c byte) bool { return isHex(c) || c == ':' || c == '.' }

func isNumber(c byte) bool { return isWord(c) || c == '.' }
