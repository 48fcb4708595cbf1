package main

import "strings"

// An openness follows the lines of a chunk and tells when it cannot be complete:
// within brackets, blocks, long texts and long comments. To ask the compiler
// after every line would take the square of the time.
type openness struct {
	depth int
	long  string // what ends the long text or comment that is open; "": none is
	size  int    // bytes so far
	asked int    // size when the compiler was asked last
}

// line takes the next line and reports whether to ask the compiler. It is asked
// at double sizes also within blocks, as the chunk may be wrong.
func (o *openness) line(s string) (ask bool) {
	o.size += len(s) + 1
	for s != "" {
		s = o.token(s)
	}
	if o.depth <= 0 && o.long == "" || o.size >= 2*o.asked {
		o.asked = o.size
		return true
	}
	return false
}

// token takes what is first in s, and returns the rest.
func (o *openness) token(s string) string {
	if o.long != "" {
		_, rest, ended := strings.Cut(s, o.long)
		if ended {
			o.long = ""
		}
		return rest
	}
	comment := strings.HasPrefix(s, "--")
	if comment {
		s = s[2:]
	}
	if level, ok := longOpening(s); ok {
		o.long = "]" + strings.Repeat("=", level) + "]"
		return s[level+2:]
	}
	if comment || s == "" {
		return ""
	}
	switch c := s[0]; {
	case c == '"' || c == '\'':
		return behindText(s[1:], c)
	case strings.IndexByte("([{", c) >= 0:
		o.depth++
	case strings.IndexByte(")]}", c) >= 0:
		o.depth--
	case isWordByte(c):
		n := 1
		for n < len(s) && isWordByte(s[n]) {
			n++
		}
		o.word(s[:n])
		return s[n:]
	}
	return s[1:]
}

// word counts the words that begin and end blocks.
func (o *openness) word(w string) {
	switch w {
	case "function", "do", "if", "repeat":
		o.depth++
	case "end", "until":
		o.depth--
	}
}

func isWordByte(c byte) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
}

// longOpening reports a [[ or [==[, and how many = are in it.
func longOpening(s string) (level int, ok bool) {
	if s == "" || s[0] != '[' {
		return 0, false
	}
	rest := strings.TrimLeft(s[1:], "=")
	return len(s) - 1 - len(rest), strings.HasPrefix(rest, "[")
}

// behindText is what follows a text in quotes.
func behindText(s string, quote byte) string {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case quote:
			return s[i+1:]
		}
	}
	return ""
}
