package luabind_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
	"pkl/luabind/lualib"
)

// TestRewrite runs functions over plain tables, as they are and rewritten, and
// wants the same results and the same errors.
func TestRewrite(t *testing.T) {
	exprs := []string{
		"pkt.tcp.dport", "pkt.ip.src", "pkt.tcp", "pkt.ip.ttl", "t.SYN", "t.dport", "self.pkt.tcp.dport", "pkt.udp.sport", "t.nosuch.dport",
		"pkt.tcp.opts[1].mss", "pkt.tcp.opts.n.m", "f(pkt.tcp.dport).y", "(pkt.ip.ttl)", "#pkt.ip.src", "-pkt.ip.ttl",
		"not pkt.tcp.SYN", "pkt.ip.ttl + pkt.tcp.dport * 2", "pkt.ip.src .. t.dport .. 'x'", "pkt.tcp.dport == t.dport and pkt.ip.src or 5",
		"{pkt.tcp.dport, x = pkt.ip.src, pkt.ip.ttl}", "id(pkt.tcp.dport, pkt.ip.src)", "obj:m(pkt.tcp.dport)", "pkt.tcp:m(t.dport)",
		"pkt.ip.src .. pkt.ip.ttl", "t.dport .. (1 .. pkt.ip.src) .. 2", "t .. pkt.ip.src", "pkt.ip.src .. t", "cat .. t.dport", "1 .. (t.dport .. cat) .. t.dport",
		"pkt.ip.src .. nil .. t.dport", "t.dport .. (id('a', 'b'))", "t.dport .. id('a', 'b')", "cat .. cat", "true .. t.dport",
		"'x' .. t.dport", "t.dport .. 1 .. 'x'", "pkt.ip.src:sub(1) .. 'x'", "'x' .. pkt.ip.src:rep(2) .. 1", "'x' .. obj:m(t)", "pkt.ip.src:sub(1) .. pkt.ip.src:sub(1)",
		"pkt['tcp'].dport", "pkt.tcp['dport']", "select('#', pkt.tcp.dport, pkt.ip.src)", "pkt.ip.ttl > 3", "t and t.SYN and not t.ACK",
	}
	stmts := []string{
		"local v = E return v", "return E", "return E, E", "return (E)", "local a, b, c = E, E return a, b, c, E",
		"x = E return x", "local b, c, d = 1, 2, 3 x = E return x, b, c, d", "local b, c = 1, 2 x, b = E, E return x, b, c",
		"if E then return E else return 0 end", "for i = 1, 2 do x = {i, E} end return x", "while E do return E end",
		"repeat local v = E x = (x or 0) + 1 until E or true return x", "for k, v in pairs({E, E}) do x = v end return x",
		"for k, v in pairs(id({E})) do x = v end return x, E",
		"pkt.tcp.dport = 7 return E", "pkt.tcp.dport, x = 7, E return E, x", "t.dport = E return t.dport, E", "pkt.ip.x = E return pkt.ip.x",
		"g.a = E g.b = E return g.a, g.b", "local function h(p) return E, p end return h(E)", "return (function(...) return E, ... end)(E)",
		"local ok, e = pcall(function() return E end) return ok, e", "goto done x = E ::done:: return E", "return f(E, E), E",
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 600 {
		body := stmts[n%len(stmts)]
		for strings.Contains(body, "E") {
			body = strings.Replace(body, "E", strings.ReplaceAll(exprs[rng.IntN(len(exprs))], "E", ""), 1)
		}
		plain, rewritten := runPlain(t, body, false), runPlain(t, body, true)
		if plain != rewritten {
			t.Errorf("%s:\nplain     %s\nrewritten %s", body, plain, rewritten)
		}
	}
}

const prelude = `
local g = {}
local cat = setmetatable({}, {__concat = function(a, b) return type(a) .. type(b) end})
local function id(...) return ... end
local function f(x, y) return {x = x, y = y or 3, it = function(v) return pairs({v}) end} end
local obj = {m = function(self, v) return v end}
local function make()
  return {tcp = {dport = 80, SYN = true, ACK = false, opts = {{mss = 5}, n = {m = 1}}, m = function(_, v) return v end}, ip = {src = "a", ttl = 9}}
end
local function run(pkt, self, xLAST)
  local t = pkt.tcp
  BODY
end
local function show(v)
  if type(v) ~= "table" then return tostring(v) end
  local one = function(w) return type(w) == "table" and "table" or tostring(w) end
  return "{" .. one(v[1]) .. "," .. one(v[2]) .. "," .. one(v.x) .. "}"
end
local function all(ok, ...)
  local r = {tostring(ok)}
  for i = 1, select("#", ...) do r[#r + 1] = show((select(i, ...))) end
  return table.concat(r, " ")
end
local pkt = make()
print(all(pcall(run, pkt, {pkt = pkt}, 4)))
`

// runPlain runs the function in a state of its own and returns what it gave.
func runPlain(t *testing.T, body string, rewritten bool) string {
	t.Helper()
	src := strings.Replace(prelude, "BODY", body, 1)
	var out strings.Builder
	if rewritten {
		src = strings.Replace(src, "LAST", "", 1)
		cfg := config()
		cfg.Out, cfg.Specs, cfg.Structs = &out, tinySpecs(), nil
		start(t, cfg, src)
		return out.String()
	}
	// Plain gopher-lua compiles some assignments to the last parameter wrongly.
	src = strings.Replace(src, "LAST", ", last", 1)
	L := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer L.Close()
	lualib.Open(L, lualib.Config{Out: &out})
	proto, err := lualib.Compile([]byte(src), "test.lua")
	if err != nil {
		t.Fatal(body, err)
	}
	L.Push(L.NewFunctionFromProto(proto))
	if err := L.PCall(0, 0, nil); err != nil {
		return err.Error()
	}
	return out.String()
}

// tinySpecs are names that are rewritten, quickly compiled.
func tinySpecs() []*core.Spec {
	return []*core.Spec{
		{Name: "ip", Fields: []core.Field{{Name: "ttl", Bits: 8}, {Name: "x", Bits: 8}, {Name: "src", Kind: core.IP4}}},
		{Name: "tcp", Fields: []core.Field{{Name: "dport", Bits: 16}, {Name: "flags", Bits: 8, Flags: []string{"SYN", "ACK"}}, {Name: "opts", Kind: core.Bytes}}},
		{Name: "udp", Fields: []core.Field{{Name: "sport", Bits: 16}}},
	}
}

// TestMend runs what gopher-lua compiles wrongly.
func TestMend(t *testing.T) {
	start(t, quiet(), `
local function id(...) return ... end
local function f(x) return {it = function(self, v) return ipairs({v, x}) end, n = x} end
local function last(a) local b, c, d = 1, 2, 3 a = (id(b)) assert(a == 1 and b == 1 and c == 2 and d == 3) end
last(0)
local function logic(a) local b, c, d = 1, 2, 3 a = (id(b)) == 1 and (id(c)) assert(a == 2 and b == 1 and c == 2 and d == 3) end
logic(0)
local function two(a) local b, c = 1, 2 a, b = (id(5)), (id(6)) assert(a == 5 and b == 6 and c == 2) end
two(0)
local n = 0
for i, v in f(2):it(1) do n = n + v end
for i, v in f(2).it(nil, 1) do n = n + v end
assert(n == 6)
for i, v in id(f)(7):it(1) do n = n + v break end
assert(n == 7)
local keyed = {x = id(1, 2, 3)}
assert(keyed.x == 1 and keyed[1] == nil)`)
}
