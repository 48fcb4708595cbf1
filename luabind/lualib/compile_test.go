package lualib

import (
	"fmt"
	"strings"
	"testing"
)

func TestCompile(t *testing.T) {
	for _, src := range []string{
		"", "\n", "return 1", "#!/usr/bin/env pkl\nreturn 1", "\xef\xbb\xbfreturn 1", "\xef\xbb\xbf#!x\nreturn 1", "#", "# only",
		"-- comment", "--[[ long\ncomment ]] return 1", "return [==[ ]] ]==]", "goto x ::x::",
		strings.Repeat("x = 1\n", 20000), strings.Repeat("f(a.b.c[1] + 2, {x = 1})\n", 10000), strings.Repeat("do local x = f() end ", 5000),
		"return {" + strings.Repeat("{1, 'a', f(x) .. y},\n", 10000) + "}",
		strings.Repeat("if a then b() elseif c then d() else e() end\n", 5000),
		strings.Repeat("function f(x) return x end\n", 3000) + "local t = {" + strings.Repeat("function() return 1 end,", 3000) + "}",
		"return " + strings.Repeat("(", 190) + "1" + strings.Repeat(")", 190),
		"x = 1" + strings.Repeat(" + 1", 3000),
		"repeat local x = 1 until x == 1 while true do break end for i = 1, 2 do end for k in pairs({}) do end",
	} {
		if _, err := Compile([]byte(src), "ok.lua"); err != nil {
			t.Errorf("%.60q: %v", src, err)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"x = = 1", "e.lua:1: syntax error near '='"},
		{"\n\nif x then\n\n", "e.lua:3: syntax error near <eof>"},
		{"#!pkl\nx = = 1", "e.lua:2: syntax error near '='"},
		{"x = 'abc", "e.lua:1: unterminated string near <eof>"},
		{"x = 'abc\ny = 2", "e.lua:2: unterminated string near 'abc'"},
		{"x = ~", "e.lua:1: invalid '~' token near '~' (bit.bxor(a, b) and bit.bnot(a) in Lua 5.1)"},
		{"y = 1\nx = y & 3", "e.lua:2: invalid token near '&' (bit.band(a, b) in Lua 5.1)"},
		{"x = y << 3", "e.lua:1: syntax error near '<' (bit.lshift(a, b) in Lua 5.1)"},
		{"x = 7 // 2", "e.lua:1: syntax error near '/' (math.floor(a / b) in Lua 5.1; a comment begins with --)"},
		{"#!pkl\nx = 1\nif x != 3 then end", "e.lua:3: invalid token near '!' (~= in Lua)"},
		{"x = 1\nx += 3", "e.lua:2: parse error near '+' (a = a + b in Lua)"},
		{"local x <const> = 1", "e.lua:1: syntax error near '<' (a local of Lua 5.1 has no attributes)"},
		{"while x do if y then continue end end", "e.lua:1: parse error near 'end' (Lua has no continue: goto, or an if around the rest)"},
		{"x = y < < 3", "e.lua:1: syntax error near '<'"},
		{"x = a" + strings.Repeat("..a", 300), "e.lua:1: register overflow"},
		{"break", "e.lua:1: "},
		{"\ngoto nowhere", "e.lua:"},
		{"x = @", "e.lua:1: invalid token near '@'"},
		{"return ...\nlocal function f() return ... end", "e.lua:2: "},
		{strings.Repeat(" ", maxSource+1), "e.lua:1: source of 1048577 bytes is too large"},
		{"\nx = " + strings.Repeat("{", 1000000), "e.lua:2: brackets and blocks nest more than 200 deep"},
		{strings.Repeat("do ", 300000), "e.lua:1: brackets and blocks nest"},
		{strings.Repeat("f(function() ", 300), "e.lua:1: brackets and blocks nest"},
		{"x = " + strings.Repeat("not ", 200000) + "y", "e.lua:1: expression or elseif chain of more than 4000 parts"},
		{"x = " + strings.Repeat("- ", 400000) + "y", "chain of more than"},
		{"x = " + strings.Repeat("a..", 300000) + "y", "chain of more than"},
		{"x = 1" + strings.Repeat("and 1", 150000), "chain of more than"},
		{"x = a" + strings.Repeat(".b", 400000), "chain of more than"},
		{"x = a" + strings.Repeat("[1]", 300000), "chain of more than"},
		{"f" + strings.Repeat("()", 400000), "chain of more than"},
		{"f" + strings.Repeat("''", 400000), "chain of more than"},
		{"f" + strings.Repeat("{}", 400000), "chain of more than"},
		{"x = " + strings.Repeat("(", 150) + "1" + strings.Repeat(strings.Repeat("+1", 1000)+")", 150), "chain of more than"},
		{"x = " + strings.Repeat(strings.Repeat("not ", 1000)+"(", 150) + "1" + strings.Repeat(")", 150), "chain of more than"},
		{"if a then " + strings.Repeat("elseif a then ", 50000) + "end", "chain of more than"},
		{"x = {" + numbers(60000) + "}", "more than 50000 different names, numbers and texts"},
	} {
		proto, err := Compile([]byte(c.src), "e.lua")
		if err == nil || proto != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: %v, want %q", c.src, err, c.want)
		}
	}
}

func numbers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d,", i)
	}
	return b.String()
}

// FuzzCompile looks for sources that crash or hang the compiler.
func FuzzCompile(f *testing.F) {
	for _, src := range []string{"return 1", "local x <y = 'a' .. [[b]]", "for i=1,2 do f{1}'x' end", "--[==[ ]==] goto a ::a::", "x=0x1e+1 .. 2", "if a then elseif b then else end"} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := Compile(src, "f.lua")
		if err != nil && !strings.HasPrefix(err.Error(), "f.lua:") {
			t.Errorf("%q: %v", src, err)
		}
	})
}
