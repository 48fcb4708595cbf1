package lualib

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenNumber
	tokenText
	tokenSymbol
)

type token struct {
	kind tokenKind
	text string
}

// A lexer cuts a source into tokens, at the same places as gopher-lua's does. It
// forgives what that one refuses.
type lexer struct {
	src  []byte
	pos  int
	line int
}

func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.src) {
		return l.src[l.pos+n]
	}
	return 0
}

// skip moves n bytes on and counts the lines.
func (l *lexer) skip(n int) {
	for ; n > 0 && l.pos < len(l.src); n-- {
		if l.src[l.pos] == '\n' {
			l.line++
		}
		l.pos++
	}
}

func (l *lexer) while(in func(c byte) bool) {
	for l.pos < len(l.src) && in(l.src[l.pos]) {
		l.pos++
	}
}

func (l *lexer) next() token {
	for l.blank() {
	}
	start := l.pos
	if l.pos >= len(l.src) {
		return token{}
	}
	kind := tokenSymbol
	switch c := l.peek(0); {
	case isAlpha(c) || c == '_':
		kind = tokenWord
		l.while(isWordByte)
	case isDigit(c) || c == '.' && isDigit(l.peek(1)):
		kind = tokenNumber
		l.number()
	case c == '"' || c == '\'':
		kind = tokenText
		l.quoted(c)
	case c == '[' && l.longBracket() >= 0:
		kind = tokenText
		l.longText()
	default:
		l.pos += l.symbolLen()
	}
	return token{kind, string(l.src[start:l.pos])}
}

func isWordByte(c byte) bool { return isAlpha(c) || isDigit(c) || c == '_' }

func isHexByte(c byte) bool { return inClass(c, 'x') }

// blank skips white space or a comment and reports whether there was one.
func (l *lexer) blank() bool {
	switch c := l.peek(0); {
	case l.pos >= len(l.src):
		return false
	case inClass(c, 's'):
		l.skip(1)
		return true
	case c == '-' && l.peek(1) == '-':
		l.skip(2)
		if l.peek(0) == '[' && l.longBracket() >= 0 {
			l.longText()
			return true
		}
		l.while(func(c byte) bool { return c != '\n' && c != '\r' })
		return true
	}
	return false
}

func (l *lexer) number() {
	if l.peek(0) == '0' && l.peek(1)|0x20 == 'x' {
		l.pos += 2
		l.while(isHexByte)
		return
	}
	l.while(isDigit)
	if l.peek(0) == '.' {
		l.pos++
		l.while(isDigit)
	}
	if l.peek(0)|0x20 == 'e' {
		l.pos++
		if c := l.peek(0); c == '+' || c == '-' {
			l.pos++
		}
		l.while(isDigit)
	}
}

// quoted skips a text in quotes. A line end inside is the parser's to refuse.
func (l *lexer) quoted(quote byte) {
	l.skip(1)
	for l.pos < len(l.src) && l.peek(0) != quote {
		if l.peek(0) == '\\' {
			l.skip(1)
		}
		l.skip(1)
	}
	l.skip(1)
}

// longBracket returns the number of = between the brackets that begin a long
// text at the [ in hand, or -1.
func (l *lexer) longBracket() int {
	n := 0
	for l.peek(1+n) == '=' {
		n++
	}
	if l.peek(1+n) == '[' {
		return n
	}
	return -1
}

func (l *lexer) longText() {
	level := l.longBracket()
	l.skip(level + 2)
	for l.pos < len(l.src) && !l.closes(level) {
		l.skip(1)
	}
	l.skip(level + 2)
}

// closes reports whether the long bracket that ends a text is in hand.
func (l *lexer) closes(level int) bool {
	if l.peek(0) != ']' || l.peek(1+level) != ']' {
		return false
	}
	for i := range level {
		if l.peek(1+i) != '=' {
			return false
		}
	}
	return true
}

// symbolLen is the length of the operator or bracket in hand.
func (l *lexer) symbolLen() int {
	a, b := l.peek(0), l.peek(1)
	switch {
	case a == '.' && b == '.' && l.peek(2) == '.':
		return 3
	case a == '.' && b == '.', a == ':' && b == ':':
		return 2
	case b == '=' && (a == '=' || a == '~' || a == '<' || a == '>'):
		return 2
	}
	return 1
}
