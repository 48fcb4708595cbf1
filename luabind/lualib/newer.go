package lualib

import (
	"bytes"
	"strings"
)

// What later versions of Lua, or other languages, write where Lua 5.1 has a function or
// another word. Longer ones are looked for first.
var newer = []struct{ sign, instead string }{
	{"<const>", "a local of Lua 5.1 has no attributes"},
	{"<close>", "a local of Lua 5.1 has no attributes"},
	{"<<", "bit.lshift(a, b) in Lua 5.1"},
	{">>", "bit.rshift(a, b) in Lua 5.1"},
	{"//", "math.floor(a / b) in Lua 5.1; a comment begins with --"},
	{"/*", "a comment begins with --"},
	{"!=", "~= in Lua"},
	{"&&", "and, in Lua"},
	{"||", "or, in Lua"},
	{"++", "a = a + 1 in Lua"},
	{"+=", "a = a + b in Lua"},
	{"-=", "a = a - b in Lua"},
	{"*=", "a = a * b in Lua"},
	{"/=", "a = a / b in Lua"},
	{"&", "bit.band(a, b) in Lua 5.1"},
	{"|", "bit.bor(a, b) in Lua 5.1"},
	{"~", "bit.bxor(a, b) and bit.bnot(a) in Lua 5.1"},
	{"!", "not, in Lua"},
	{"?", "a and b or c, in Lua"},
}

// instead says how Lua 5.1 writes what stands at a place where the parser has failed, or nothing.
func instead(src []byte, line, column int) string {
	text := src
	for ; line > 1; line-- {
		_, after, ok := bytes.Cut(text, []byte("\n"))
		if !ok {
			return ""
		}
		text = after
	}
	text, _, _ = bytes.Cut(text, []byte("\n"))
	if column < 1 || column > len(text) {
		return ""
	}
	// The word before the one that the parser stops at the end of.
	if before := strings.Fields(string(text[:column])); len(before) > 1 && before[len(before)-2] == "continue" {
		return " (Lua has no continue: goto, or an if around the rest)"
	}
	for _, n := range newer {
		// The parser stops at the sign, or at its second character.
		for at := max(0, column-2); at < column; at++ {
			if bytes.HasPrefix(text[at:], []byte(n.sign)) && at+len(n.sign) >= column {
				return " (" + n.instead + ")"
			}
		}
	}
	return ""
}
