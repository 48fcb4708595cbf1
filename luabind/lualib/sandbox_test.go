package lualib

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestConfined(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`io.open("x")`, "!test.lua:1: io is not available to rules; start pkl with --allow io"},
		{`os.exit(1)`, "!os is not available to rules; start pkl with --allow os"},
		{`io()`, "!io is not available"},
		{`pairs(os)`, "!os is not available"},
		{`(function() io.write = print end)()`, "!io is not available"},
		{`rawset(io, "open", print)`, "!cannot change a protected table"},
		{`getmetatable(io)`, "false"},
		{`setmetatable(io, {})`, "!protected metatable"},
		{`require "io"`, `!module "io"`},
		{`require "debug".getinfo`, `!debug is not available to rules, except debug.traceback`},
		{`package.loaded`, "!package is not available to rules"},
		{`load("return 1")`, "!load is not available to rules"},
		{`dofile("x")`, "!dofile is not available to rules"},
		{`loadfile("x")`, "!loadfile is not available to rules"},
		{`loadstring("x")`, "!loadstring is not available to rules"},
		{`collectgarbage()`, "!collectgarbage is not available to rules"},
		{`getfenv()`, "!getfenv is not available to rules"},
		{`setfenv(1, {})`, "!setfenv is not available to rules"},
		{`module("x")`, "!module is not available to rules"},
		{`newproxy()`, "!newproxy is not available to rules"},
		{`debug.getregistry`, "!debug is not available to rules"},
		{`debug.traceback("x"):match("^x\nstack traceback:")`, "x\nstack traceback:"},
		{`select(2, xpcall(function() error("e") end, debug.traceback)):match("^test.lua:1: e")`, "test.lua:1: e"},
		{`_printregs, channel, _GOPHER_LUA_VERSION, string.dump, string.__index`, "nil\tnil\tnil\tnil\tnil"},
		{`getmetatable("")`, "false"},
		{`setmetatable("", {})`, "!table expected"},
		{`setmetatable(1, {})`, "!table expected"},
		{`setmetatable(print, {})`, "!table expected"},
		{`("x").__index, ("x").nothing`, "nil\tnil"},
		{`_VERSION, type(_G), _G._G == _G`, "Lua 5.1\ttable\ttrue"},
		{`require("string") == string, require("pkl") == pkl, require("bit").band(7, 2)`, "true\ttrue\t2"},
	})
}

func TestStringMethodsAreOutOfReach(t *testing.T) {
	h := newHost(t, Config{})
	if msg := h.run(t, `string.rep = nil string.upper = print assert(("x"):rep(3):upper() == "XXX")`); msg != "" {
		t.Error(msg)
	}
	h = newHost(t, Config{Libs: Full})
	if msg := h.run(t, `function string.trim(s) return s:match("^%s*(.-)%s*$") end assert((" x "):trim() == "x")`); msg != "" {
		t.Error(msg)
	}
}

func TestEnv(t *testing.T) {
	h := newHost(t, Config{})
	h.SetGlobal("shared", h.NewTable())
	run := func(src string) string {
		proto, err := Compile([]byte(src), "env.lua")
		if err != nil {
			t.Fatal(err)
		}
		fn := h.NewFunctionFromProto(proto)
		fn.Env = h.st.Env(h.LState)
		h.Push(fn)
		return errText(h.PCall(0, 0, nil))
	}
	for _, src := range []string{
		`x = 1; string.rep = nil; table.concat = nil; shared.x = 1; _G.y = 2; require("math").pi = 3; assert(math.pi == 3)`,
		`assert(x == nil and y == nil and string.rep and table.concat and shared.x == 1 and math.pi > 3)
		 assert(_G.string == string and require("string") == string and require("_G") == _G)`,
	} {
		if msg := run(src); msg != "" {
			t.Error(msg)
		}
	}
}

func TestAllowed(t *testing.T) {
	checkCases(t, Config{Libs: IO}, []luaCase{
		{`type(io.open), io.write("a", 1), io.stdout:write("b"), io.flush(), io.stdout:flush()`, "a1bfunction\ttrue\ttrue\ttrue\ttrue"},
		{`os.time()`, "!start pkl with --allow os"},
		{`require("io") == io`, "true"},
	})
	code := -1
	cfg := Config{Libs: OS, Exit: func(c int) { code = c }}
	checkCases(t, cfg, []luaCase{{`type(os.time()), os.exit(3)`, "number"}, {`io.read()`, "!--allow io"}})
	if code != 3 {
		t.Errorf("os.exit(3) gives %d", code)
	}
}

func TestFull(t *testing.T) {
	checkCases(t, Config{Libs: Full}, []luaCase{
		{`loadstring("return 1 + 1")()`, "2"},
		{`load(function() return nil end) ~= nil, type(os.time()), type(io.open), type(debug.getinfo), type(package.loaded)`,
			"true\tnumber\tfunction\tfunction\ttable"},
		{`bit.band(7, 2), string.pack("B", 65), require("bit") == bit`, "2\tA\ttrue"},
		{`(" x "):rep(2), getmetatable("")`, " x  x \tfalse"},
		{`require("nothing.at.all")`, "!module nothing.at.all not found"},
		{`io.write("x")`, "xtrue"},
		{`string.dump`, "nil"},
	})
}

func TestRequire(t *testing.T) {
	files := map[string]string{
		"one":    `local name = ... ; count = (count or 0) + 1; return {name = name}`,
		"none":   `x = 1`,
		"a":      `return require "b"`,
		"b":      `return require "a"`,
		"syntax": "\n\nx = = 1",
		"fails":  "\nerror('bad day')",
		"nested": `return require("one").name`,
	}
	cfg := Config{Require: func(name string) ([]byte, string, error) {
		src, ok := files[name]
		if !ok {
			return nil, "", fmt.Errorf("open %s.lua: %w", name, fs.ErrNotExist)
		}
		return []byte(src), name + ".lua", nil
	}}
	checkCases(t, cfg, []luaCase{
		{`require("one").name, require("one") == require("one"), count`, "one\ttrue\t1"},
		{`require("none"), x`, "true\t1"},
		{`require("nested")`, "one"},
		{`require("a")`, "!b.lua:1: modules require one another: a -> b -> a"},
		{`require("syntax")`, "!syntax.lua:3: syntax error near '='"},
		{`require("fails")`, "!fails.lua:2: bad day"},
		{`select("#", pcall(require, "fails")), pcall(require, "fails")`, "2\tfalse\tfails.lua:2: bad day"},
		{`require("gone")`, `!test.lua:1: module "gone": open gone.lua: file does not exist`},
		{`require()`, "!bad argument #1 to require"},
	})
	cfg.Libs = Full
	checkCases(t, cfg, []luaCase{
		{`require("one").name, package.loaded.one == require("one")`, "one\ttrue"},
		{`require("string") == string, require("gone")`, "!module gone not found"},
	})
}

// The ways to great size that a library function offers end in an error.
func TestSizes(t *testing.T) {
	for _, expr := range []string{
		`("x"):rep(2^31)`, `("x"):rep(1e300)`, `(""):rep(1e9, "x")`, `("ab"):rep(9 * 2^20)`,
		`table.concat(setmetatable({("x"):rep(2^24), ("x"):rep(2^24)}, {}))`,
		`string.format("%s%s", ("x"):rep(2^24), "x")`,
		`(("x"):rep(2^20):gsub("x", ("y"):rep(100)))`,
		`string.pack("c1000000000", "x")`, `string.pack("s4s4", ("x"):rep(2^24), "")`,
		`unpack({}, 1, 1e8)`, `unpack({}, -2^53, 2^53)`, `string.byte(("x"):rep(1e6), 1, -1)`, `string.unpack(("B"):rep(1e5), ("x"):rep(1e5))`,
	} {
		h := newHost(t, Config{})
		if msg := h.run(t, "return "+expr); !strings.Contains(msg, "too") && !strings.Contains(msg, "longer") && !strings.Contains(msg, "overflow") {
			t.Errorf("%s: %q", expr, msg)
		}
	}
}

func TestPrint(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`1, "a", nil, true, 1.5, pkl.u64("0xffffffffffffffff")`, "1\ta\tnil\ttrue\t1.5\t18446744073709551615"},
		{``, ""},
		{`setmetatable({}, {__tostring = function() return "T" end})`, "T"},
	})
}

func TestBase(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`tonumber("10"), tonumber(" 0x1F "), tonumber("1e3"), tonumber("-.5"), tonumber("5."), tonumber("+7")`, "10\t31\t1000\t-0.5\t5\t7"},
		{`tonumber(""), tonumber("x"), tonumber("0x"), tonumber("1 2"), tonumber("inf"), tonumber("nan"), tonumber("1_0"), tonumber("--1")`,
			"nil\tnil\tnil\tnil\tnil\tnil\tnil\tnil"},
		{`tonumber("ff", 16), tonumber("zz", 36), tonumber("111", 2), tonumber("8", 8), tonumber("-ff", 16), tonumber("0xff", 16)`, "255\t1295\t7\tnil\t-255\t255"},
		{`tonumber("-0x10"), tonumber({}), tonumber(nil), tonumber(true)`, "-16\tnil\tnil\tnil"},
		{`tonumber("0xffffffffffffffff") == 2^64, tonumber("1e400") == math.huge`, "true\ttrue"},
		{`tonumber("1", 99)`, "!base out of range"},
		{`tonumber()`, "!value expected"},
		{`pcall(assert, false, {1}), pcall(assert, nil)`, "false\tfalse\ttest.lua:1: assertion failed!"},
		{`type(select(2, pcall(assert, false, {1})))`, "table"},
		{`assert(1, 2, 3)`, "1\t2\t3"},
		{`(function() assert(false, "why") end)()`, "!test.lua:1: why"},
		{`unpack({1, 2, 3})`, "1\t2\t3"},
		{`unpack({1, 2, 3}, 2), unpack({1, 2}, 1, 3)`, "2\t1\t2\tnil"},
		{`select("#", unpack({}, 1, 4000))`, "4000"},
		{`select("#", unpack({}, 2, 1))`, "0"},
		{`(function() local s = "" for i, v in ipairs({1, 2, nil, 4}) do s = s .. i .. v end return s end)()`, "1122"},
		{`(function() local s = 0 for k, v in pairs({1, 2, x = 3}) do s = s + v end return s end)()`, "6"},
		{`ipairs(nil)`, "!bad argument #1 to ipairs (table expected, got nil)"},
		{`pairs()`, "!bad argument #1 to pairs (table expected, got no value)"},
		{`(function() local t = setmetatable({}, {__pairs = function(t) return function(_, k) if not k then return 1, "one" end end, t, nil end})
			for k, v in pairs(t) do return k, v end end)()`, "1\tone"},
		{`(function() local t = setmetatable({}, {__ipairs = function(t) return function(_, i) if i < 2 then return i + 1, "v" end end, t, 0 end})
			local s = "" for i, v in ipairs(t) do s = s .. i .. v end return s end)()`, "1v2v"},
		{`rawset({}, "a", 1).a`, "1"},
		{`math.huge, math.random(5, 5), math.random(1) == 1, math.random() < 1`, "inf\t5\ttrue\ttrue"},
		{`math.random(0, 2^32) <= 2^32, pcall(math.random, 2, 1)`, "true\tfalse\ttest.lua:1: bad argument #2 to (anonymous) (interval is empty)"},
		{`(function() math.randomseed(7) local a = math.random(1e6) math.randomseed(7) return a == math.random(1e6) end)()`, "true"},
	})
}

func TestConcat(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`table.concat({1, "a", 2.5}), table.concat({1, 2, 3}, ", "), table.concat({1, 2, 3}, "-", 2), table.concat({1, 2, 3}, "-", 2, 2)`, "1a2.5\t1, 2, 3\t2-3\t2"},
		{`table.concat({}), table.concat({1}, "x", 2), table.concat({}, "x", 1, 0), table.concat({1, 2}, 0)`, "\t\t\t102"},
		{`table.concat({pkl.u64("0xffffffffffffffff"), setmetatable({}, {__tostring = function() return "T" end})}, " ")`, "18446744073709551615 T"},
		{`table.concat({1, {}, 3})`, "!invalid value (table) at index 2 in table for concat"},
		{`table.concat({1, 2}, ",", 1, 3)`, "!invalid value (nil) at index 3"},
		{`table.concat({true})`, "!invalid value (boolean) at index 1"},
	})
}
