package lualib

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// call runs src as the host of scripts does.
func (h *host) call(t testing.TB, src string) (text, trace string) {
	t.Helper()
	proto, err := Compile([]byte(src), "test.lua")
	if err != nil {
		t.Fatal(err)
	}
	h.Push(h.NewFunctionFromProto(proto))
	if err := h.st.PCall(h.LState, 0, 0); err != nil {
		e := err.(*lua.ApiError)
		return e.Object.String(), e.StackTrace
	}
	return "", ""
}

// protectCases are programs that lose variables where an error parts closures
// from functions that go on. Each prints what Lua 5.1 prints.
func protectCases() map[string]string {
	return map[string]string{
		"nested":        `local n = 0 pcall(function() for i = 1, 5 do n = n + 1 pcall(error, "x") end end) print(n)`,
		"sibling":       `local n = 0 local function inc() n = n + 1 end pcall(error, "x") inc() n = n + 1 inc() print(n)`,
		"loop variable": `local f = {} for i = 1, 3 do f[i] = function() i = i + 10 return i end pcall(error) f[i]() print(i) end print(f[1](), f[2](), f[3]())`,
		"frames": `local a = 1
			local function outer() local b = 2
				local function mid() local c = 3
					local function inner() a, b, c = a + 1, b + 1, c + 1 pcall(error, {}) a, b, c = a + 1, b + 1, c + 1 end
					inner() pcall(inner) return c end
				return b, mid(), b end
			print(outer()) print(a)`,
		"escaped": `local get, set
			print(pcall(function() local x, y = 1, 2 get = function() return x, y end set = function(v) x = v end error("e", 0) end))
			local a, b, c, d = 5, 6, 7, 8
			set(3) print(get()) print(a, b, c, d)`,
		"escaped xpcall": `local get
			print(xpcall(function() local x = 1 get = function() x = x + 1 return x end error("e", 0) end, function(m) return m .. get() end))
			local a, b, c = 5, 6, 7
			print(get(), a, b, c)`,
		"xpcall": `local n = 0
			xpcall(function() for i = 1, 3 do n = n + 1 xpcall(error, function() n = n + 10 end) end end, print) print(n)`,
		"deep": `local log = {}
			local function rec(n) local v = n local function add() v = v + 1 end
				if n == 0 then error("deep", 0) end
				add() local ok, why = pcall(rec, n - 1) add() log[#log + 1] = v if n % 2 == 0 then error(why, 0) end end
			print(pcall(rec, 9)) print(table.concat(log, " "))`,
		"coroutine": `local n = 0
			local co = coroutine.wrap(function() local m = 0 local function inc() m = m + 1 n = n + 1 end
				for i = 1, 3 do inc() pcall(error) m = m + 1 coroutine.yield(m) end error("end", 0) end)
			print(co(), co(), co()) print(pcall(co)) print(n)`,
		"through wrap": `local get
			print(pcall(function() local x = 1 get = function() x = x + 1 return x end coroutine.wrap(function() x = 5 error("w", 0) end)() end) == false)
			local a, b, c = 7, 8, 9
			print(get(), get(), a, b, c)`,
		"resume": `local n = 0
			pcall(function() for i = 1, 3 do n = n + 1 coroutine.resume(coroutine.create(function() n = n + 1 error("x") end)) end end) print(n)`,
		"coroutines inside": `local out = {}
			pcall(function() local n = 0
				local gen = coroutine.wrap(function() for i = 1, 3 do n = n + i coroutine.yield(i) end end)
				for i = 1, 3 do gen() pcall(error) n = n * 2 end out[1] = n end) print(out[1])`,
		"gsub":     `local n = 0 print((string.gsub("abc", ".", function(c) n = n + 1 pcall(error, c) n = n + 1 return n end)), n)`,
		"gsub out": `local n = 0 print(pcall(string.gsub, "abc", ".", function(c) n = n + 1 if c == "b" then error("b", 0) end end)) n = n + 1 print(n)`,
		"sort":     `local n, t = 0, {3, 1, 2} table.sort(t, function(a, b) n = n + 1 pcall(error) return a < b end) print(n > 1, t[1], t[2], t[3])`,
		"sort out": `local n = 0 pcall(table.sort, {3, 1, 2}, function() n = n + 1 error() end) n = n + 1 print(n)`,
		"index":    `local n = 0 local t = setmetatable({}, {__index = function(_, k) n = n + 1 pcall(error) n = n + 1 return k end}) print(t.a, t.b, n)`,
		"newindex": `local n = 0 local t = setmetatable({}, {__newindex = function() n = n + 1 error("x", 0) end}) print(pcall(function() t.a = 1 end)) n = n + 1 print(n)`,
		"metamethods": `local n = 0
			local mt = {} for _, e in ipairs{"__add", "__concat", "__unm", "__eq", "__lt", "__call"} do mt[e] = function() n = n + 1 pcall(error) n = n + 1 return true end end
			local a, b = setmetatable({}, mt), setmetatable({}, mt)
			local _ = a + b, a .. b, -a, a == b, a < b, a() print(n)`,
		"iterator": `local n = 0 for i in function(_, i) i = (i or 0) + 1 n = n + 1 pcall(error) n = n + 1 if i < 4 then return i end end do n = n + 100 end print(n)`,
		"tostring": `local n = 0 local v = setmetatable({}, {__tostring = function() n = n + 1 pcall(error) n = n + 1 return "v" .. n end}) print(v, tostring(v)) print(n)`,
		"tail":     `local n = 0 local function f() n = n + 1 return error("t", 0) end for i = 1, 3 do print(pcall(f)) n = n + 10 end print(n)`,
		"varargs":  `local function f(...) local a, b = ... local function s() a, b = b, a end pcall(error) s() pcall(error) return a, b, select("#", ...) end print(f(1, 2, nil)) print(pcall(f, 3, 4))`,
		"values":   `print(pcall(function(...) return select("#", ...), ... end, nil, 2, nil)) print(pcall(error)) print(pcall(error, nil)) local t = {} print(select(2, pcall(error, t)) == t, select("#", pcall(error)))`,
		"levels": `local function f() error("m", 3) end local function g() print(pcall(f)) end
			g()
			print(pcall(error, "m", 2)) print(pcall(error, "m", 1)) print(pcall(function() error("m", 2) end)) print(pcall(error, " m"))`,
		"handlers":   `print(xpcall(function() error("a") end, function() error("x") end)) print(xpcall(nil, function(m) return "H: " .. m end)) print(pcall(nil)) print(pcall({}))`,
		"callable":   `print(pcall(setmetatable({}, {__call = function(_, a) return a end}), 7))`,
		"status":     `local co co = coroutine.create(function() print(pcall(coroutine.status, co)) print(pcall(coroutine.running) == true, coroutine.running() == co) end) coroutine.resume(co) print(coroutine.status(co), coroutine.running())`,
		"normal":     `local a a = coroutine.create(function() pcall(function() coroutine.resume(coroutine.create(function() print(coroutine.status(a)) end)) end) print(coroutine.status(a)) end) coroutine.resume(a)`,
		"garbage":    `local k = {} for i = 1, 100 do local v = i k[i] = function() return v end pcall(error) pcall(function() local w = i k[i] = function() return w + v end error() end) end local s = 0 for i = 1, 100 do s = s + k[i]() end print(s)`,
		"and a loop": `local t = {} for i = 1, 3 do local ok = pcall(function() t[i] = function() i = i + 1 return i end if i == 2 then error() end end) end print(t[1](), t[2](), t[3](), t[2]())`,
	}
}

// TestProtectedCalls compares with Lua 5.1 itself where it is installed; else the
// invariants in TestCapturedVariables remain.
func TestProtectedCalls(t *testing.T) {
	real, err := exec.LookPath("lua5.1")
	if err != nil {
		t.Skip("lua5.1 is not installed")
	}
	for name, src := range protectCases() {
		want, err := exec.Command(real, "-e", src).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, want)
		}
		for _, budget := range []bool{false, true} {
			h := newHost(t, Config{Libs: Full})
			if budget {
				h.SetContext(NewBudget())
			}
			text, _ := h.call(t, src)
			clean := strings.NewReplacer("(command line):", "test.lua:")
			if got := h.out.String() + text; got != clean.Replace(string(want)) {
				t.Errorf("%s (budget %v):\n%s\nwant\n%s", name, budget, got, want)
			}
		}
	}
}

// What must hold without another Lua to ask.
func TestCapturedVariables(t *testing.T) {
	h := newHost(t, Config{})
	text, _ := h.call(t, `
		local n = 0
		pcall(function() for i = 1, 5 do n = n + 1 pcall(error, "x") end end)
		assert(n == 5)
		local get
		xpcall(function() local x = 1 get = function() x = x + 1 return x end error("e") end, function() end)
		local a, b, c = {}, {}, {}
		assert(get() == 2 and get() == 3)
		local depth = 0
		local function nest() depth = depth + 1 local ok, why = pcall(nest) if not ok then error(why, 0) end end
		local ok, why = pcall(nest)
		assert(not ok and why:find("stack overflow", 1, true), why)
		assert(depth >= 190, depth)
		for i = 1, 2000 do pcall(error, i) end
		local ok, why = pcall(string.rep)
		assert(why:find("^test.lua:%d+: bad argument #1"), why)
	`)
	if text != "" {
		t.Error(text)
	}
}

// A call of the host while a script runs leaves the script's variables alone.
func TestHostCall(t *testing.T) {
	h := newHost(t, Config{})
	h.SetGlobal("host", h.NewFunction(func(L *lua.LState) int {
		h.Push(L.Get(1))
		if err := h.st.PCall(h.LState, 0, 1); err != nil {
			return ret(L, lua.LString(err.(*lua.ApiError).Object.String()))
		}
		L.Push(h.Get(-1))
		return 1
	}))
	text, _ := h.call(t, `
		local n = 0
		for i = 1, 3 do
			local add = function() n = n + 1 end
			assert(host(function() n = n + 1 error("h", 0) end) == "h")
			add()
			assert(pcall(host, function() pcall(error) n = n + 1 return "fine" end))
		end
		assert(n == 9, n)`)
	if text != "" {
		t.Error(text)
	}
}

// A panic of a Go function is an error like another.
func TestGoPanic(t *testing.T) {
	h := newHost(t, Config{})
	h.SetGlobal("crash", h.NewFunction(func(L *lua.LState) int { panic("boom") }))
	text, _ := h.call(t, `
		local get
		local ok, why = pcall(function() local x = 1 get = function() x = x + 1 return x end crash() end)
		assert(not ok and why == "boom", why)
		local a, b, c = {}, {}, {}
		assert(get() == 2)
		crash()`)
	if text != "boom" {
		t.Error(text)
	}
}

// The end of the budget passes through every pcall, with the place where it was.
func TestCutIsNotCaught(t *testing.T) {
	for _, src := range []string{
		"while true do pcall(function()\nwhile true do end end) end",
		"while true do xpcall(function()\nwhile true do end end, function() while true do end end) end",
		"while true do coroutine.resume(coroutine.create(function()\nwhile true do end end)) end",
		"while true do pcall(coroutine.wrap(function() pcall(function()\nwhile true do end end) end)) end",
		"pcall(string.gsub, 'a', '.', function()\nwhile true do end end) print('on')",
	} {
		h := newHost(t, Config{})
		b := NewBudget()
		h.SetContext(b)
		b.Reset(100_000)
		text, trace := h.call(t, src)
		if text != "test.lua:2: "+ErrBudget.Error() || h.out.Len() != 0 {
			t.Errorf("%s: %q %s", src, text, h.out.String())
		}
		if !strings.Contains(trace, "stack traceback:") {
			t.Errorf("%s: traceback %q", src, trace)
		}
	}
}

func TestTraceback(t *testing.T) {
	h := newHost(t, Config{Libs: Full})
	text, trace := h.call(t, `local function c() error("e") end
local function b() c() end
local function a(f) print(xpcall(f, debug.traceback)) end
a(b)
b()`)
	if text != "test.lua:1: e" || trace != `stack traceback:
	[G]: in function 'error'
	test.lua:1: in function 'c'
	test.lua:2: in function 'b'
	test.lua:5: in main chunk
	[G]: ?` {
		t.Errorf("%s\n%s", text, trace)
	}
	want := `false	test.lua:1: e
stack traceback:
	[G]: in function 'error'
	test.lua:1: in function 'c'
	test.lua:2: in function <test.lua:2>
	[G]: in function 'xpcall'
	test.lua:3: in function 'a'
	test.lua:4: in main chunk
	[G]: ?
`
	if h.out.String() != want {
		t.Errorf("got %s\nwant %s", h.out.String(), want)
	}
}

// Tail calls cost nothing, neither while they run nor in a traceback.
func TestTailCallAllocs(t *testing.T) {
	const calls = 3_000_000
	for _, end := range []string{`error("e")`, "while true do end", "local x = nil + 1", "print(pcall(error))\nerror('e')"} {
		h := newHost(t, Config{Libs: Full})
		b := NewBudget()
		h.SetContext(b)
		b.Reset(calls * 10)
		src := fmt.Sprintf("local function f(n) if n > 0 then return f(n - 1) end %s end\nlocal function g() f(%d) end g()", end, calls)
		before := testing.AllocsPerRun(1, func() {
			if _, trace := h.call(t, src); strings.Count(trace, "\n") > maxTrace || !strings.Contains(trace, "(tailcall): ?") || !strings.HasSuffix(trace, "test.lua:2: in main chunk\n\t[G]: ?") && !strings.Contains(trace, "test.lua:3: in main chunk") {
				t.Errorf("%s: %s", end, trace)
			}
			b.Reset(calls * 10)
		})
		if before > calls+100_000 { // a number each
			t.Errorf("%s: %v allocations", end, before)
		}
	}
}

func BenchmarkPCall(b *testing.B) {
	for name, body := range map[string]string{"ok": "return 1", "error": "error('x')"} {
		b.Run(name, func(b *testing.B) {
			h := newHost(b, Config{})
			h.call(b, fmt.Sprintf("local function f() %s end for i = 1, %d do pcall(f) end", body, b.N))
		})
	}
}
