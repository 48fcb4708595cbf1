package lualib

import (
	"strings"
	"testing"
)

func TestCoroutines(t *testing.T) {
	for _, budget := range []bool{false, true} {
		h := newHost(t, Config{})
		if budget {
			h.SetContext(NewBudget())
		}
		msg := h.run(t, `
			local co = coroutine.create(function(a, b)
				local c = coroutine.yield(a + b)
				local d, e = coroutine.yield(c * 2)
				return d, e
			end)
			local function eq(a, b) if a ~= b then error(tostring(a) .. " ~= " .. tostring(b), 2) end end
			eq(coroutine.status(co), "suspended")
			local ok, v = coroutine.resume(co, 1, 2); eq(ok, true); eq(v, 3)
			ok, v = coroutine.resume(co, 10); eq(v, 20)
			local ok, d, e = coroutine.resume(co, "d", "e"); eq(d, "d"); eq(e, "e")
			eq(coroutine.status(co), "dead")
			ok, v = coroutine.resume(co); eq(ok, false); eq(v, "can not resume a dead thread")

			local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
			eq(gen(), 1); eq(gen(), 2); eq(gen(), 3); eq(gen(), nil)
			ok, v = pcall(gen); eq(ok, false)

			local bad = coroutine.wrap(function() error("oops") end)
			ok, v = pcall(bad); eq(ok, false); eq(v, "test.lua:19: oops")
			eq(coroutine.running(), nil)
			ok, v = pcall(bad); eq(ok, false)
			ok, v = coroutine.resume(coroutine.create(function() error({7}) end)); eq(ok, false); eq(v[1], 7)
			eq(pcall(coroutine.create, 1), false)
			eq(pcall(coroutine.wrap), false)
			local self
			self = coroutine.create(function() return coroutine.resume(self) end)
			local a, b
			a = coroutine.create(function() return coroutine.resume(b) end)
			b = coroutine.create(function() return coroutine.resume(a) end)
			local r = {coroutine.resume(a)}
			eq(#r, 4); eq(r[3], false); eq(r[4], "can not resume a thread that waits for another")
			a = coroutine.wrap(function() return b() end)
			b = coroutine.wrap(function() return pcall(a) end)
			ok, v = a(); eq(ok, false); eq(v, "test.lua:34: can not resume a thread that waits for another")
			a = coroutine.wrap(function() local ok = pcall(a); coroutine.yield(ok); return "end" end)
			eq(a(), false); eq(a(), "end")
			local outer
			outer, ok, v = coroutine.resume(self); eq(outer, true); eq(ok, false); eq(v, "can not resume a running thread")
		`)
		if msg != "" {
			t.Errorf("budget %v: %s", budget, msg)
		}
	}
}

func TestCoroutineDepth(t *testing.T) {
	h := newHost(t, Config{})
	msg := h.run(t, `
		local function nest(n)
			if n == 0 then return "deep" end
			return coroutine.wrap(nest)(n - 1)
		end
		assert(nest(16) == "deep")
		local ok, why = pcall(nest, 17)
		assert(not ok and why:find("more than 16 deep"), why)
		assert(nest(16) == "deep")
		local function forever() return coroutine.wrap(forever)() end
		forever()
	`)
	if !strings.Contains(msg, "coroutines resume one another more than 16 deep") {
		t.Error(msg)
	}
}

func TestCoroutineLimit(t *testing.T) {
	h := newHost(t, Config{})
	h.SetContext(NewBudget())
	msg := h.run(t, `
		for i = 1, 2000 do -- abandoned ones are collected
			coroutine.wrap(function() coroutine.yield() end)()
		end
		for i = 1, 2000 do -- so are ended ones
			coroutine.wrap(function() end)()
		end
		local keep = {}
		for i = 1, 256 do keep[i] = coroutine.create(function() end) end
		local ok, why = pcall(function() for i = 1, 1000 do keep[256 + i] = coroutine.create(function() end) end end)
		assert(not ok and why:find("more than 256 coroutines are alive"), why)
		for i = 1, 256 do assert(coroutine.resume(keep[i])) end
		coroutine.create(function() end)
	`)
	if msg != "" {
		t.Error(msg)
	}
}

// Yielding where the stock machine cannot must not end the process.
func TestYieldThroughGo(t *testing.T) {
	for _, src := range []string{
		`coroutine.wrap(function() string.gsub("abc", ".", function() coroutine.yield(1) end) end)()`,
		`coroutine.wrap(function() table.sort({3, 2, 1}, function(a, b) coroutine.yield(1) return a < b end) end)()`,
		`coroutine.wrap(function() local t = setmetatable({}, {__index = function() coroutine.yield(1) end}) return t.x end)()`,
		`coroutine.wrap(function() return pcall(coroutine.yield, 1) end)()`,
		`coroutine.wrap(function() require("m") end)()`,
		`coroutine.yield()`,
	} {
		h := newHost(t, Config{Require: func(string) ([]byte, string, error) {
			return []byte("coroutine.yield(1)"), "m.lua", nil
		}})
		h.SetContext(NewBudget())
		h.run(t, src)
		if msg := h.run(t, `return 1`); msg != "" {
			t.Logf("after %s: %s", src, msg)
		}
	}
}
