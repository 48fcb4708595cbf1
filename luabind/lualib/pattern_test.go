package lualib

import (
	"fmt"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// Results that Lua 5.1 gives, most of them from its own test suite's subjects.
func TestPatterns(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`("hello world"):find("wor"), ("hello"):find(""), ("hello"):find("", 10), (""):find("")`, "7\t1\t6\t1\t0"},
		{`("a.b"):find(".", 1, true), ("a.b"):find("%."), ("abc"):find("b", -1), ("abc"):find("b", -2), ("abc"):find("a", -100)`, "2\t2\tnil\t2\t1\t1"},
		{`("key = value"):match("^(%w+)%s*=%s*(%w+)$"), ("x"):match("y"), ("abc"):match("()b()")`, "key\tnil\t2\t3"},
		{`("abc"):match(".-"), ("abc"):match("a.-c"), ("aaa"):match("a-b"), ("[[x]]"):match("%[%[(.-)%]%]"), ("aaab"):match("a-b")`, "\tabc\tnil\tx\taaab"},
		{`("THE (quick) fox"):find("%((%a+)%)"), ("a(b(c)d)e"):match("%b()"), ("a(b"):match("%b()"), ("xx"):match("%bxx")`, "5\t(b(c)d)\tnil\txx"},
		{`("THE (quick) fox"):gsub("%f[%a]%a+", string.upper), ("foo bar"):match("%f[%w]bar"), ("x"):find("%f[%z]")`, "THE (QUICK) FOX\tbar\t2\t1"},
		{`("hello world"):find("o w")`, "5\t7"},
		{`("THE (quick) fox"):find("%((%a+)%)")`, "5\t11\tquick"},
		{`([["it's" 'x']]):match([[(["'])(.-)%1]])`, "\"\tit's"},
		{`("alo"):match("[^a]+"), ("a-z"):match("[a%-z]+"), ("a]b"):match("[]]"), ("a^b"):match("[b^]"), ("-"):match("[a-]"), ("b"):match("[^]]")`, "lo\ta-z\t]\t^\t-\tb"},
		{`("0123456789"):match("%d%d?%d?"), ("0x1F"):match("^0[xX](%x+)$"), ("a\0b"):match("%z"), ("é"):match("%w")`, "012\t1F\t\x00\tnil"},
		{`("a$b"):find("$b"), ("ab"):find("b$"), ("ab"):find("^b"), ("^x"):find("^^x"), ("a$"):match("a%$")`, "2\t2\tnil\t1\ta$"},
		{`("a*b"):match("*b"), ("ab"):match("a?b?c?"), ("ac"):match("ab*c"), ("c"):match("a+")`, "*b\tab\tac\tnil"},
		{`("abc"):gsub("%w", "%0%0"), ("abc"):gsub("", "-"), ("abc"):gsub("b*", "x"), ("hello"):gsub("l", {l = "L"}), ("hi"):gsub(".", {h = false})`,
			"aabbcc\t-a-b-c-\txaxxcx\theLLo\thi\t2"},
		{`("abc def"):gsub("(%w+) (%w+)", "%2 %1"), ("abc"):gsub("(b)", "[%1]"), ("abc"):gsub("b", "[%1]"), ("a%"):gsub("%%", "%%%%")`, "def abc\ta[b]c\ta[b]c\ta%%\t1"},
		{`("abcabc"):gsub("b", "x", 1), ("abc"):gsub("b", "x", 0), ("abc"):gsub("^a", "x"), ("aaa"):gsub("^a", "x"), ("abc"):gsub("b", 5)`, "axcabc\tabc\txbc\txaa\ta5c\t1"},
		{`("abc"):gsub("()", function(p) return p end), ("abc"):gsub(".", function() end), ("abc"):gsub("%w", "%%x"), ("x"):gsub("x", "%a")`, "1a2b3c4\tabc\t%x%x%x\ta\t1"},
		{`("x"):gsub("x", function() return pkl.u64("0xffffffffffffffff") end)`, "18446744073709551615\t1"},
		{`(function() local s = "" for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do s = s .. k .. v end return s end)()`, "a1b2"},
		{`(function() local s = "" for p in ("abc"):gmatch("()") do s = s .. p end return s end)()`, "1234"},
		{`(function() local n = 0 for w in ("one two"):gmatch("^%a+") do n = n + 1 end return n end)()`, "0"},
		{`(function() local n = 0 for w in ("one two"):gmatch("%a*") do n = n + 1 end return n end)()`, "4"},
		{`(5):find(5)`, "!attempt to index"},
		{`string.find(1234, 23), string.rep("-", 3), string.match("  x  ", "^%s*(.-)%s*$")`, "2\t---\tx"},
		{`("x"):rep(1e5):match(".-b")`, "!pattern too complex"},
		{`("x"):rep(2000):match(".-b"), #("x"):rep(1e6):match("^(.*)$"), #("x"):rep(1e6):match("^(.-)$")`, "nil\t1000000\t1000000"},
	})
}

func TestPatternErrors(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`("a"):find("%")`, "!malformed pattern (ends with '%')"},
		{`("a"):find("[a")`, "!malformed pattern (missing ']')"},
		{`("a"):find("[]")`, "!malformed pattern (missing ']')"},
		{`("a"):find("[^]")`, "!malformed pattern (missing ']')"},
		{`("a"):find("[a%")`, "!malformed pattern (missing ']')"},
		{`("a"):find("%f")`, "!missing '[' after '%f' in pattern"},
		{`("a"):find("%b")`, "!unbalanced pattern"},
		{`("a"):find("%bx")`, "!unbalanced pattern"},
		{`("a"):match("a)")`, "!invalid pattern capture"},
		{`("a"):find("(a")`, "!unfinished capture"},
		{`("a"):find("%1")`, "!invalid capture index"},
		{`("a"):find("(%1)")`, "!invalid capture index"},
		{`("a"):find("%0")`, "!invalid capture index"},
		{`("a"):find(("()"):rep(33))`, "!too many captures"},
		{`("a"):gsub("a", "%2")`, "!invalid capture index"},
		{`("a"):gsub("a", "%")`, "!invalid use of '%' in replacement string"},
		{`("a"):gsub("a", function() return {} end)`, "!invalid replacement value (a table)"},
		{`("a"):gsub("a", true)`, "!bad argument #3 to gsub (string/function/table expected, got boolean)"},
		{`("a"):gsub("a")`, "!string/function/table expected, got no value"},
		{`("a"):find(nil)`, "!bad argument #2 to find (string expected, got nil)"},
		{`("a"):rep(30):find(("a?"):rep(30) .. ("a"):rep(30))`, "!pattern too complex"},
		{`("a"):rep(1000):find(("a?"):rep(500))`, "!pattern too complex"},
		{`("a"):rep(5000):find("(.-)(.-)(.-)b")`, "!pattern too complex"},
		{`("a"):rep(1e6):find(".-.-b")`, "!pattern too complex"},
		{`("("):rep(1e6):gsub("%b()", "")`, "!pattern too complex"},
		{`("a"):rep(1e5):gsub(".-b", "")`, "!pattern too complex"},
		{`("a"):rep(1e5):gmatch(".-b")()`, "!pattern too complex"},
		{`("a"):rep(1e5):match("[" .. ("xyz"):rep(1e4) .. "]*$")`, "!pattern too complex"},
	})
}

func TestClasses(t *testing.T) {
	want := map[byte]string{
		'a': "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 'd': "0123456789",
		'l': "abcdefghijklmnopqrstuvwxyz", 'u': "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 's': "\t\n\v\f\r ",
		'p': "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", 'x': "0123456789ABCDEFabcdef", 'z': "\x00",
	}
	want['w'] = want['d'] + want['a']
	for class, chars := range want {
		for c := range 256 {
			in := strings.IndexByte(chars, byte(c)) >= 0
			if inClass(byte(c), class) != in || inClass(byte(c), class-0x20) == in {
				t.Errorf("%%%c and %q", class, byte(c))
			}
		}
	}
	for class := range 256 {
		if !isAlpha(byte(class)) && (!inClass(byte(class), byte(class)) || inClass(byte(class)^0x20, byte(class))) {
			t.Errorf("%%%q is not itself", byte(class))
		}
	}
}

// sameAsStock runs a call in both libraries and compares the results.
func sameAsStock(t *testing.T, own, stock *lua.LState, call string) {
	t.Helper()
	a, errA := results(own, call)
	b, errB := results(stock, call)
	if errA != nil || errB != nil || a != b {
		t.Errorf("%s = %s (%v), stock gives %s (%v)", call, a, errA, b, errB)
	}
}

func results(L *lua.LState, call string) (string, error) {
	defer L.SetTop(0)
	err := L.DoString("return " + call)
	var parts []string
	for i := 1; i <= L.GetTop(); i++ {
		parts = append(parts, fmt.Sprintf("%s:%q", L.Get(i).Type(), L.Get(i).String()))
	}
	return strings.Join(parts, " "), err
}

// On ordinary input the stock functions are right, and so must these be.
func TestPatternsAgainstStock(t *testing.T) {
	own, stock := newHost(t, Config{}).LState, lua.NewState()
	defer stock.Close()
	subjects := []string{"hello world from Lua", "key=value; k2 = v2", "10.0.0.1:8080", "f(a(b)c)d(e)", "  trim me\t", "aXbXXc", "x", "GET /a/b?c=d HTTP/1.1\r\n"}
	patterns := []string{"%a+", "(%w+)%s*=%s*(%w+)", "(%d+)%.(%d+)", "%b()", "^%s*(.-)%s*$", "X+", "X-c", "[^X]+", "[%w_]+", "()%w()", ".", "x?", "^GET (%S+)", "(h)(e)(l+)", "o.-o", "[a-f]+", "%u%l*", "%p", "%s+$", "(.)%1", "[%]x]", "(%w)(%w*)"}
	for _, s := range subjects {
		for _, p := range patterns {
			sameAsStock(t, own, stock, fmt.Sprintf("string.find(%q, %q)", s, p))
			sameAsStock(t, own, stock, fmt.Sprintf("(string.match(%q, %q))", s, p))
			if len(s) > 2 {
				sameAsStock(t, own, stock, fmt.Sprintf("string.find(%q, %q, 3)", s, p))
			}
			if p == "x?" || strings.HasPrefix(p, "^") {
				continue // empty matches and anchors: the stock functions differ from Lua
			}
			sameAsStock(t, own, stock, fmt.Sprintf("string.gsub(%q, %q, '<%%0>')", s, p))
			sameAsStock(t, own, stock, fmt.Sprintf("string.gsub(%q, %q, function(a, b) return b end, 2)", s, p))
			sameAsStock(t, own, stock, fmt.Sprintf("(function() local r = {} for a, b in string.gmatch(%q, %q) do r[#r + 1] = tostring(a) .. tostring(b) end return table.concat(r, '|') end)()", s, p))
		}
	}
}

// FuzzPattern looks for panics and hangs: any text and pattern end within the
// step budget, in a Lua error or a result.
func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{{"hello", "l+"}, {"a(b)c", "%b()"}, {"x y", "%f[%w]%w-()"}, {"aa", "(a)%1$"}, {"]-^", "[]^-]"}, {"k=v", "([^=]*)=(.-)"}} {
		f.Add(seed[0], seed[1], "%0")
	}
	L := lua.NewState(lua.Options{SkipOpenLibs: true})
	Open(L, Config{PatternSteps: 100_000})
	lib := L.GetGlobal("string").(*lua.LTable)
	f.Fuzz(func(t *testing.T, s, p, repl string) {
		for _, name := range []string{"find", "match", "gsub", "gmatch"} {
			args := []lua.LValue{lua.LString(s), lua.LString(p), lua.LString(repl)}
			if name == "find" || name == "match" {
				args = args[:2]
			}
			err := L.CallByParam(lua.P{Fn: lib.RawGetString(name), NRet: 1, Protect: true}, args...)
			if e, ok := err.(*lua.ApiError); ok && (e.Type == lua.ApiErrorPanic || strings.Contains(e.Error(), "runtime error")) {
				t.Fatalf("%s(%q, %q): %v", name, s, p, err)
			}
			if iter, ok := L.Get(-1).(*lua.LFunction); err == nil && ok {
				L.CallByParam(lua.P{Fn: iter, NRet: 1, Protect: true})
			}
			L.SetTop(0)
		}
	})
}

func BenchmarkPattern(b *testing.B) {
	body := strings.Repeat("The quick brown fox. ", 70)
	for name, call := range map[string]string{
		"find":   `string.find(s, "fax%d+")`,
		"match":  `string.match("Host: www.example.com", "^(%w+): (.+)$")`,
		"suffix": `string.find("www.evil.com", "%.evil%.com$")`,
		"gsub":   `string.gsub(s, "%a+", "x")`,
	} {
		b.Run(name, func(b *testing.B) {
			h := newHost(b, Config{})
			h.SetGlobal("s", lua.LString(body))
			h.run(b, `function f(n) for i = 1, n do `+call+` end end`)
			b.ReportAllocs()
			b.ResetTimer()
			h.CallByParam(lua.P{Fn: h.GetGlobal("f")}, lua.LNumber(b.N))
		})
	}
}
