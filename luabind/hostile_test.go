package luabind_test

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"pkl/luabind"
)

// hostile are handlers that want all time or all memory. Each must end by an
// error: of the budget, or of a bound on what one call may do. What would end by
// itself, however late, does not belong here: a faster machine ends it in time.
var hostile = []string{
	`while true do end`,
	`while true do pcall(function() while true do end end) end`,
	`local function f() return xpcall(f, f) end while true do f() end`,
	`xpcall(error, function() while true do end end)`,
	`local function h(e) error(e) end while true do xpcall(error, h, 1) end`,
	`for i = 1, math.huge do collectgarbage() end`,
	`string.rep("x", 2^31)`,
	`while true do local s = string.rep("x", 16e6) end`,
	`local t = {} while true do t[#t+1] = string.rep("x", 16e6) .. #t end`,
	`local s = "x" while true do s = s .. s end`,
	`local s = "x" for i = 1, 31 do s = s .. s end`,
	`for i = 1, 1000 do local t = {} t[1000000] = 1 end`,
	`keep = keep or {} for i = 1, 1000 do local t = {} t[1000000] = 1 keep[#keep+1] = t end`,
	`local t = {} for i = 1, 1e9 do t[i] = i end`,
	`local t = {} for i = 1, 1e9 do t["k" .. i] = i end`,
	`local t = {} for i = 1, 1e9 do t[i * 7919.5] = i end`,
	`local t = {} for i = 1, 1e9 do t[i] = i t[i-1] = nil end`,
	`string.find(("a"):rep(24), ("a?"):rep(24) .. ("a"):rep(24))`,
	`string.find(("a"):rep(60), ("a?"):rep(60) .. ("a"):rep(60))`,
	`string.find(("a"):rep(200), ".-.-.-.-.-.-b")`,
	`string.find(("a"):rep(90000), "(.-)b")`,
	`string.find(("a"):rep(2e6), "(a*)*b")`,
	`string.match(("("):rep(1e6), "%b()")`,
	`string.find(("a"):rep(1e7), ".-b")`,
	`while true do string.gsub(("x"):rep(3e6), ".", function(c) return c end) end`,
	`string.gsub(("x"):rep(3e6), ".", "%0%0%0%0%0%0%0%0")`,
	`string.gsub(("x"):rep(1e7), ".", ("y"):rep(1e6))`,
	`string.gsub(("x"):rep(1e7), "", "y")`,
	`while true do for k in string.gmatch(("x"):rep(1e7), "x") do end end`,
	`local function f() return coroutine.wrap(f)() end f()`,
	`local function f() coroutine.wrap(f)() end while true do pcall(f) end`,
	`while true do coroutine.wrap(function() coroutine.yield() end)() end`,
	`local t = {} while true do t[#t+1] = coroutine.create(function() end) end`,
	`while true do pcall(coroutine.create, function() end) end`,
	`coroutine.wrap(function() coroutine.wrap(function() while true do end end)() end)()`,
	`string.byte(string.rep("x", 1e6), 1, -1)`,
	`local t = {} for i = 1, 1e5 do t[i] = i end unpack(t) unpack(t, 1, 1e8)`,
	`unpack({}, 1, 1e8)`,
	`unpack({}, -1e15, 1e15)`,
	`local t = {string.rep("x", 1e6)} for i = 2, 1e4 do t[i] = t[1] end table.concat(t)`,
	`string.format("%1000000000d", 1)`,
	`string.format("%99.99999f", 1e308)`,
	`string.format(("%99d"):rep(1e5), 1)`,
	`while true do ("x"):rep(1e7):reverse() end`,
	`string.pack(("s"):rep(1e6), "x")`,
	`string.unpack(("B"):rep(1e6), ("x"):rep(1e6))`,
	`while true do local t = {} for i = 1, 2e5 do t[i] = i % 1000 end table.sort(t, function(a, b) return true end) end`,
	`while true do local t = {} for i = 1, 3e5 do t[i] = math.random() end table.sort(t) end`,
	`local t = {} for i = 1, 3e5 do t[i] = 1 end for i = 1, 3e5 do table.insert(t, 1, i) end`,
	`local t = {} for i = 1, 3e5 do t[i] = 1 end for i = 1, 3e5 do table.remove(t, 1) end`,
	`local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) return t[1]`,
	`local t = {} t.__index = t setmetatable(t, t) return t.x`,
	`local a = {} for i = 1, 1e5 do a = setmetatable({}, {__index = a}) end for i = 1, 1e5 do local x = a.x end`,
	`local function f(...) return f(1, ...) end f()`,
	`local function f() return f() end f()`,
	`local function f() f() end f()`,
	`error(setmetatable({}, {__tostring = function() while true do end end}))`,
	`print(setmetatable({}, {__tostring = function() while true do end end}))`,
	`pkt.ip.opts = {}; for i = 1, 1e9 do pkt.tcp.body = ("x"):rep(60000) end`,
	`while true do pkt:hexdump() end`,
	`while true do pkt:copy() end`,
	`local p = pkt:copy() while true do p = p + pkt end`,
	`local p = pkt for i = 1, 30 do p = p + "x" + p end`,
	`pkt.tcp.body = ("x"):rep(1.6e7)`,
	`local p = pkl.dissect("eth", ("x"):rep(1.6e7)) for i = 1, 100 do p:hexdump() end`,
	`local p = pkl.dns{} for i = 1, 1e9 do p.dns.questions:append{name = "a"} end`,
	`local c = pkl.counter() for i = 1, 1e9 do c:add(i) end`,
	`local c = pkl.shared("x", {max = 1000000}) for i = 1, 1e9 do c:set(i, ("x"):rep(4096)) end`,
	`local c = pkl.shared("y") for i = 1, 65536 do c:set(i, i) end while true do for k in c:each() do break end end`,
	`pkl.filter(("("):rep(1e6) .. "tcp" .. (")"):rep(1e6))`,
	`pkl.filter("tcp.dport in {" .. ("1,"):rep(1e6) .. "1}")`,
	`pkl.filter(("tcp and "):rep(1e5) .. "tcp")`,
	`while true do pkl.log.info("x") end`,
	`while true do print(("x"):rep(1e6)) end`,
	`local s = {} for i = 1, 1e9 do s = {s} end`,
	`local t = {} for i = 1, 250 do t[i] = coroutine.wrap(function() while true do coroutine.yield(("x"):rep(1e5) .. i) end end) end while true do for i = 1, 250 do t[i]() end end`,
	`while true do pkl.unhex(("00"):rep(8e6)) pkl.hex(("x"):rep(1.6e7)) end`,
	`require(("a."):rep(1e6) .. "b")`,
	`for i = 1, 2^53 do end`,
	`for i = 1, 0, -1e-300 do end`,
	`repeat until false`,
	`while true do pkl.u64("1") end`,
	`for i = 1, 1e9 do pkl.after(1, print) end`,
	`local t = {} for i = 1, 1e9 do t[i] = pkl.on end select("#", unpack(t))`,
	`local t = table.concat({}, "x", 1, 1e9)`,
	`return ("x"):rep(1e6, ("y"):rep(1e6))`,
}

// greedy are handlers that ask for much, and get what is harmless of it.
var greedy = []string{
	`local t = {} t[67000000] = 1`,
	`local t = {} t[33000000] = 1`,
	`local t = {} t[1000000] = 1`,
	`("x"):rep(1e7):upper():lower():reverse()`,
	`string.pack("!16 " .. ("Xi16"):rep(1e6))`,
	`pkl.filter("tcp.body matches '" .. ("(a*)*"):rep(200) .. "b'")`,
	`pkl.log.info(("x"):rep(1e7))`,
	`tostring(("x"):rep(1e7)) tonumber(("1"):rep(1e7))`,
	`bit.lshift(1, 1e300)`,
	`math.random(1e300)`,
}

const (
	hostileMemory = 64 << 20
	hostileSlack  = 256 << 20 // garbage, and what one instruction may take
)

// heapNow is the size of all objects, dead ones among them.
func heapNow() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}

// peakHeap looks at the heap until stop is closed, and then sends the largest size.
func peakHeap(stop chan struct{}) chan int64 {
	out := make(chan int64, 1)
	go func() {
		peak := int64(0)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			peak = max(peak, heapNow())
			select {
			case <-stop:
				out <- peak
				return
			case <-tick.C:
			}
		}
	}()
	return out
}

// TestHostile: whatever a handler does, its packet is judged by on_error, the
// heap stays bounded, and a new state judges the next packet as ever.
// It runs in a process of its own, for the bound on arrays is one for the process.
func TestHostile(t *testing.T) {
	const child = "PKL_TEST_HOSTILE"
	if os.Getenv(child) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestHostile$", "-test.count=1")
		cmd.Env = append(os.Environ(), child+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	luabind.LimitArrays(16 << 20)
	for i, src := range append(hostile, greedy...) {
		runtime.GC()
		base := heapNow()
		cfg := quiet()
		cfg.Budget, cfg.LoadBudget = 100*time.Millisecond, time.Minute
		cfg.Memory, cfg.DropOnError = base+hostileMemory, true
		g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "test.lua", Source: []byte(`
keep = false
pkl.on("frame.number == 1", function(pkt) ` + src + `
end)
pkl.on("frame.number == 2", function(pkt) pkt.ip.ttl = 7 end)`)}})
		if err != nil {
			t.Fatal(src, err)
		}
		stop := make(chan struct{})
		peak := peakHeap(stop)
		s := newState(t, g)
		v, _ := judge(t, s, 1)
		if i < len(hostile) && (!v.Failed || v.Action != luabind.Drop || len(s.Errors()) != 1) {
			t.Errorf("%s: %+v %+v", src, v, s.Errors())
		}
		for _, e := range s.Errors() {
			if strings.Contains(e.Text, "internal error") || !strings.HasPrefix(e.Text, "test.lua:") {
				t.Errorf("%s: %s", src, e.Text)
			}
		}
		if s.Top() != 0 {
			t.Errorf("%s: leaves %d values on the stack", src, s.Top())
		}
		s.Close()
		close(stop)
		if n := <-peak - base; n > hostileMemory+hostileSlack {
			t.Errorf("%s: the heap grew by %d MiB", src, n>>20)
		}
		next := newState(t, g)
		if v, b := judge(t, next, 2); v.Failed || v.Cut || b[22] != 7 {
			t.Errorf("after %s: %+v %+v", src, v, next.Errors())
		}
		next.Close()
	}
}

// newState makes and runs a state of g.
func newState(t *testing.T, g *luabind.Generation) *luabind.State {
	t.Helper()
	s, err := g.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(); err != nil {
		t.Fatal(err)
	}
	return s
}

// An error whose text is a matter of the script, and goes wrong, is an error like others.
func TestErrorText(t *testing.T) {
	for src, want := range map[string]string{
		"error 'x'": "text: x",
		"error(5)":  "test.lua:2: 5",
		"setmetatable(e, {__tostring = function() return 'mine' end}) error(e)":     "test.lua:2: mine",
		"setmetatable(e, {__tostring = function() error 'again' end}) error(e)":     "test.lua:2: error with a table whose __tostring fails",
		"setmetatable(e, {__tostring = error}) error(e)":                            "test.lua:2: error with a table whose __tostring fails",
		"setmetatable(e, {__tostring = function() while true do end end}) error(e)": "test.lua:2: error with a table whose __tostring fails",
		"setmetatable(e, {__tostring = function() return {} end}) error(e)":         "test.lua:2: error with a table",
	} {
		cfg := quiet()
		cfg.Instructions = 10_000
		s := start(t, cfg, "local e = {}\npkl.on(function() "+src+" end)\npkl.at_end(function() "+src+" end)")
		v, _ := judge(t, s, 1)
		s.AtEnd("")
		if e := s.Errors(); !v.Failed || len(e) == 0 || !strings.HasPrefix(strings.Replace(e[0].Text, "test.lua:2: x", "text: x", 1), want) || s.Top() != 0 {
			t.Errorf("%s: %+v %+v", src, v, e)
		}
		if err := runSource(t, quiet(), "local e = {}\n"+strings.Replace(src, "while true do end", "error()", 1)); err == nil {
			t.Errorf("%s: no error", src)
		}
	}
}

// Texts made of others are as long as a library function makes them, and no longer.
func TestJoin(t *testing.T) {
	for src, want := range map[string]string{
		"local s = ('x'):rep(9e6) s = s .. s":                                               "test.lua:1: resulting text is longer than 16777216 bytes",
		"local s = ('x'):rep(1e6) s = " + strings.Repeat("s..", 16) + "s":                   "test.lua:1: resulting text is longer than 16777216 bytes",
		"local s = ('x'):rep(1e5) s = " + strings.Repeat("s..", 99) + "s assert(#s == 1e7)": "",
		"local s, t = 'a', 'b' assert(s .. 1 .. t .. 2.5 .. s == 'a1b2.5a')":                "",
		"local s = pkl.ip{} local t = 'x' t = t .. t .. s":                                  "test.lua:1: a packet is not text: write p + (a .. b), or p:bytes() .. b",
	} {
		err := runSource(t, quiet(), src)
		if text := errorString(err); text != want {
			t.Errorf("%.60s: %s", src, text)
		}
	}
	cfg := quiet()
	cfg.Program = true // a program may fill its memory
	if err := runSource(t, cfg, "local s = ('x'):rep(9e6) assert(#(s .. s) == 18e6)"); err != nil {
		t.Error(err)
	}
}

func errorString(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestHexdumpOfMuch(t *testing.T) {
	s := start(t, quiet(), "pkl.on(function(pkt) pkl.dissect('eth', ('x'):rep(2e6)):hexdump() end)")
	judge(t, s, 1)
	if e := s.Errors(); len(e) != 1 || !strings.Contains(e[0].Text, "hexdump: a packet of 2000000 bytes, at most 1048576") {
		t.Errorf("%+v", e)
	}
}
