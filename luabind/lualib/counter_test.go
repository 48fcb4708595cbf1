package lualib

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

func TestCounterLua(t *testing.T) {
	h := newHost(t, Config{})
	msg := h.run(t, `
		local c = pkl.counter()
		c:add("b"); c:add("a", 2); c:add("a", 1); c:add("c", 3); c:add(7, 0.5); c:add(true, -1)
		c:add(pkl.u64("0xffffffffffffffff"), 10); c:add(pkl.u64("0xffffffffffffffff"))
		assert(c.a == 3 and c["b"] == 1 and c[7] == 0.5 and c[true] == -1 and c.none == 0 and c["7"] == 0)
		assert(c[pkl.u64("0xffffffffffffffff")] == 11)
		assert(c:total() == 1 + 3 + 3 + 0.5 - 1 + 11 and #c == 6 and c:overflow() == 0)
		local got = {}
		for i, e in ipairs(c:top(4)) do
			assert(e[1] == e.key and e[2] == e.n)
			got[#got + 1] = i .. " " .. tostring(e.key) .. "=" .. e.n
		end
		assert(table.concat(got, " ") == "1 18446744073709551615=11 2 a=3 3 c=3 4 b=1", table.concat(got, " "))
		assert(#c:top() == 6 and #c:top(0) == 0 and #c:top(-1) == 0 and #c:top(math.huge) == 6)
		c:add("add", 5)
		assert(type(c.add) == "function" and c:get("add") == 5)
		local sum, n = 0, 0
		for k, v in pairs(c) do sum = sum + v; n = n + 1; assert(c:get(k) == v) end
		assert(n == 7 and sum == c:total())
		c:clear()
		assert(#c == 0 and c:total() == 0 and c[true] == 0)
		assert(pkl.counter("x") == pkl.counter("x") and pkl.counter("x") ~= pkl.counter("y"))
		assert(getmetatable(c) == false and tostring(c) == "pkl.counter")
	`)
	if msg != "" {
		t.Error(msg)
	}
}

func TestCounterErrors(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`pkl.counter():add()`, "!a key is text, a number or a boolean, not a nil"},
		{`pkl.counter():add({})`, "!not a table"},
		{`pkl.counter():add(0/0)`, "!a key is text, a number or a boolean, not NaN"},
		{`pkl.counter():add("x", "y")`, "!the amount is a number, not a string"},
		{`pkl.counter():add("x", 0/0)`, "!the amount is a number"},
		{`pkl.counter().add("x")`, "!call it with a colon"},
		{`(function() pkl.counter().x = 1 end)()`, "!by c:add(key, n), not by assignment"},
		{`pkl.counter({})`, "!bad argument #1"},
		{`pkl.counter()[{}]`, "!not a table"},
	})
}

func TestCounterBound(t *testing.T) {
	c := NewCounter()
	c.max = 3
	for i := range 10 {
		c.addNum(float64(i%5), 1)
	}
	if c.Len() != 3 || c.Total() != 10 || c.Overflow() != 4 || c.Get(0.0) != 2 || c.Get(4.0) != 0 {
		t.Errorf("len %d, total %v, overflow %v", c.Len(), c.Total(), c.Overflow())
	}
}

func TestCounterTop(t *testing.T) {
	c := NewCounter()
	for i := range 1000 {
		c.addText(strconv.Itoa(i), float64(i*7919%1000))
	}
	for i, e := range c.Top(100) {
		if e.N != float64(999-i) {
			t.Fatalf("entry %d is %v", i, e)
		}
	}
}

func TestCountersShared(t *testing.T) {
	cs := &Counters{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			L := lua.NewState(lua.Options{SkipOpenLibs: true})
			defer L.Close()
			Open(L, Config{})
			tb := L.NewTable()
			RegisterCounter(L, tb, cs)
			L.SetGlobal("pkl", tb)
			if err := L.DoString(`local c = pkl.counter("hits") for i = 1, 1000 do c:add("k" .. i % 10) c:top(3) end`); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	c, _ := cs.Get("hits")
	if c.Total() != 4000 || c.Len() != 10 || c.Get("k3") != 400 || strings.Join(cs.Names(), " ") != "hits" {
		t.Errorf("total %v, %d keys", c.Total(), c.Len())
	}
}

func TestCounterAdd(t *testing.T) {
	c := NewCounter()
	for _, key := range []any{"a", 1.5, uint64(maxExact), true} {
		if err := c.Add(key, 2); err != nil || c.Get(key) != 2 {
			t.Errorf("%v: %v %v", key, c.Get(key), err)
		}
	}
	if err := c.Add(3, 1); err == nil {
		t.Error("an int is taken as a key")
	}
	key := string(make([]byte, 100))
	if n := testing.AllocsPerRun(100, func() { c.addText(key, 1) }); n != 0 {
		t.Errorf("a known key allocates %v times", n)
	}
}

func BenchmarkCounterAdd(b *testing.B) {
	for name, body := range map[string]string{
		"add":   `c:add(k)`,
		"add3":  `c:add(k, 2)`,
		"empty": ``,
		"type":  `type(k)`,
		"index": `local x = c[k]`,
	} {
		b.Run(name, func(b *testing.B) {
			h := newHost(b, Config{})
			h.run(b, `local c, k, type = pkl.counter(), "10.0.0.1", type; c:add(k); function f(n) for i = 1, n do `+body+` end end`)
			h.SetContext(NewBudget())
			b.ReportAllocs()
			b.ResetTimer()
			if err := h.CallByParam(lua.P{Fn: h.GetGlobal("f"), Protect: true}, lua.LNumber(b.N)); err != nil {
				b.Fatal(err)
			}
		})
	}
}
