package lualib

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"
)

// A twinMap is a shared map as the manual has it: a list, searched from the start.
type twinMap struct {
	max     int
	ttl     time.Duration
	entries []twinEntry // oldest write first
	now     int64
}

type twinEntry struct {
	key, value scalar
	expires    int64
}

// find returns where a key is, -1 if nowhere, after all that has expired is gone.
func (m *twinMap) find(key scalar) int {
	var alive []twinEntry
	at := -1
	for _, e := range m.entries {
		if e.expires != 0 && e.expires <= m.now {
			continue
		}
		if e.key == key {
			at = len(alive)
		}
		alive = append(alive, e)
	}
	m.entries = alive
	return at
}

func (m *twinMap) ends(ttl time.Duration) int64 {
	if ttl == 0 {
		ttl = m.ttl
	}
	if ttl == 0 || ttl == forever {
		return 0
	}
	return m.now + int64(ttl)
}

func (m *twinMap) put(key, value scalar, expires int64) {
	if i := m.find(key); i >= 0 {
		m.entries = append(m.entries[:i], m.entries[i+1:]...)
	}
	m.entries = append(m.entries, twinEntry{key, value, expires})
	m.trim()
}

func (m *twinMap) trim() {
	m.entries = m.entries[max(0, len(m.entries)-m.max):]
}

// TestLawShared: a shared map does what the twin does, whatever is asked of it.
func TestLawShared(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(lo, hi int, what string) int { return rapid.IntRange(lo, hi).Draw(t, what) }
		ttls := []time.Duration{0, 0, 1, 3, 10, forever}
		twin := &twinMap{max: draw(1, 6, "max"), ttl: ttls[draw(0, 5, "ttl")], now: 1}
		maps := &SharedMaps{}
		m, err := maps.get("m", sharedOptions{twin.max, twin.ttl})
		if err != nil {
			t.Fatal(err)
		}
		now := func() int64 { return twin.now }
		keys := []scalar{numberScalar(1), numberScalar(0), wideScalar(1 << 60), {kind: scalarText, text: "a"}, {kind: scalarText, text: "1"}, {kind: scalarText}, numberScalar(-1.5), numberScalar(2)}
		values := append(keys, scalar{kind: scalarBool}, scalar{kind: scalarText, text: strings.Repeat("x", 100)})
		for range draw(1, 60, "steps") {
			twin.now += int64(draw(0, 3, "time"))
			key, value := keys[draw(0, len(keys)-1, "key")], values[draw(0, len(values)-1, "value")]
			ttl := ttls[draw(0, 5, "ttl")]
			at := twin.find(key)
			var got, want string
			switch draw(0, 7, "what") {
			case 0, 1:
				got, want = fmt.Sprint(m.set(key, value, ttl, now)), "<nil>"
				twin.put(key, value, twin.ends(ttl))
			case 2:
				added, _ := m.add(key, value, ttl, now)
				got, want = fmt.Sprint(added), fmt.Sprint(at < 0)
				if at < 0 {
					twin.put(key, value, twin.ends(ttl))
				}
			case 3, 4:
				by := numberScalar(float64(draw(-2, 2, "by")))
				sum, err := m.incr(key, by, ttl, now)
				got = fmt.Sprint(sum, err)
				if at < 0 {
					want = fmt.Sprint(by, nil)
					twin.put(key, by, twin.ends(ttl))
				} else if sum, err := twin.entries[at].value.plus(by); err == nil {
					want = fmt.Sprint(sum, nil)
					twin.put(key, sum, twin.entries[at].expires)
				} else {
					want = fmt.Sprint(sum, err)
				}
			case 5:
				got, want = fmt.Sprint(m.delete(key, now)), fmt.Sprint(at >= 0)
				if at >= 0 {
					twin.entries = append(twin.entries[:at], twin.entries[at+1:]...)
				}
			case 6:
				v, ok := m.read(key, now)
				if got = fmt.Sprint(v, ok); at >= 0 {
					want = fmt.Sprint(twin.entries[at].value, true)
				} else {
					want = fmt.Sprint(scalar{}, false)
				}
			case 7:
				twin.max, twin.ttl = draw(1, 6, "max"), ttls[draw(0, 5, "ttl")]
				m.configure(sharedOptions{twin.max, twin.ttl}, now)
				twin.trim()
				want, got = fmt.Sprint(len(twin.entries)), fmt.Sprint(m.len(now))
			}
			if got != want {
				t.Fatalf("%s, want %s", got, want)
			}
			if got, want := fmt.Sprint(m.pairs(now)), fmt.Sprint(twin.pairs()); got != want {
				t.Fatalf("%s, want %s", got, want)
			}
			if used := twin.bytes(); maps.bytes.Load() != used {
				t.Fatalf("%d bytes, want %d", maps.bytes.Load(), used)
			}
		}
	})
}

func (m *twinMap) pairs() (all []sharedPair) {
	for _, e := range m.entries {
		all = append(all, sharedPair{e.key, e.value})
	}
	return all
}

func (m *twinMap) bytes() (n int64) {
	for _, e := range m.entries {
		n += int64(sharedEntryBytes + len(e.key.text) + len(e.value.text))
	}
	return n
}

// sharedHost is a state with pkl.shared, under a clock of its own.
func sharedHost(t testing.TB, maps *SharedMaps, now *time.Time) (*host, *Sharing) {
	h := newHost(t, Config{})
	tb := h.GetGlobal("pkl").(*lua.LTable)
	return h, h.st.RegisterShared(h.LState, tb, maps, func() int64 { return now.UnixNano() })
}

func TestSharedLua(t *testing.T) {
	now := time.Unix(1000, 0)
	h, _ := sharedHost(t, &SharedMaps{}, &now)
	h.SetGlobal("wait", h.NewFunction(func(L *lua.LState) int {
		now = now.Add(time.Duration(float64(L.CheckNumber(1)) * 1e9))
		return 0
	}))
	if msg := h.run(t, `
		local big = pkl.u64("0xfffffffffffffff0")
		local s = pkl.shared("m", {max = 4})
		assert(s == pkl.shared("m") and s == pkl.shared("m", {max = 4}) and s ~= pkl.shared("n"))
		assert(s:get("x") == nil and s:set("x", true) == nil and s:get("x") == true)
		s:set("x", "text"); s:set(1, 2.5); s:set(big, big)
		assert(s:get("x") == "text" and s:get(1) == 2.5 and s:get(big) == big and s:get("1") == nil and #s == 3)
		assert(s:add("x", 1) == false and s:add("y", false) == true and s:get("y") == false)
		assert(s:set("z", 5) == nil and #s == 4 and s:get("x") == nil)      -- the oldest write
		assert(s:delete("z") == true and s:delete("z") == false and #s == 3)
		assert(s:incr(1) == 3.5 and s:incr("n") == 1 and s:incr("n", -3) == -2 and s:incr("n", pkl.u64(5)) == 3)
		assert(s:incr(big, 15) == pkl.u64("0xffffffffffffffff") and s:incr(big, -16) == pkl.u64("0xffffffffffffffef"))
		local seen = {}
		for k, v in s:each() do seen[#seen + 1] = tostring(k) .. "=" .. tostring(v); s:delete(k); s:set("new", 1) end
		assert(table.concat(seen, " ") == "y=false 1=3.5 n=3 18446744073709551600=18446744073709551599", table.concat(seen, " "))
		assert(#s == 1)
		s:set(2^53, "a") assert(s:get(pkl.u64("9007199254740992")) == "a")
		s:set(-0, "zero") assert(s:get(0) == "zero")
		s:set("c", 2^53 - 1) assert(s:incr("c", 2) == pkl.u64("9007199254740993") and s:incr("c", -2) == 2^53 - 1)
		s:set("f", 2^60) assert(s:incr("f", 0.5) == 2^60)

		local w = pkl.shared("w", {ttl = 10})
		w:set("a", 1) w:set("b", 1, 2) w:set("c", 1, math.huge) w:incr("d", 1, 3) w:add("e", 1, 5)
		wait(2) assert(w:get("b") == nil and w:incr("d", 1, 100) == 2 and #w == 4)
		wait(1) assert(w:incr("d", 1, 3) == 1 and w:add("e", 2) == false)
		wait(2) assert(w:add("e", 3) == true and w:get("d") == 1)
		wait(5) assert(w:get("a") == nil and w:get("c") == 1 and w:get("e") == 3 and #w == 2)
		wait(1e6) assert(#w == 1) for k in w:each() do assert(k == "c") end
		assert(tostring(s) == "pkl.shared" and getmetatable(s) == false)
	`); msg != "" {
		t.Error(msg)
	}
	for src, want := range map[string]string{
		`pkl.shared()`:                                          "string expected",
		`pkl.shared("x", {mx = 1})`:                             `unknown word "mx": there are max and ttl`,
		`pkl.shared("x", {max = 0})`:                            "max is a whole number from 1 to 1000000",
		`pkl.shared("x", {max = 1e9})`:                          "max is a whole number from 1 to 1000000",
		`pkl.shared("x", {ttl = 0})`:                            "ttl is a number of seconds above 0, not 0",
		`pkl.shared("o", {max = 1}) pkl.shared("o", {max = 2})`: `pkl.shared: "o" has other options at test.lua:1`,
		`pkl.shared("x"):set("k")`:                              "a value is text, a number or a boolean, not a nil; s:delete(key) removes one",
		`pkl.shared("x"):set("k", {})`:                          "a value is text, a number or a boolean, not a table",
		`pkl.shared("x"):set(nil, 1)`:                           "a key is text or a number, not a nil",
		`pkl.shared("x"):get(true)`:                             "a key is text or a number, not a boolean",
		`pkl.shared("x"):get(0/0)`:                              "a key is text or a number, not NaN",
		`pkl.shared("x"):set("k", ("x"):rep(4097))`:             "a value has at most 4096 bytes, not 4097",
		`pkl.shared("x"):get(("x"):rep(4097))`:                  "a key has at most 4096 bytes, not 4097",
		`local s = pkl.shared("x") s:set("t", "a") s:incr("t")`: "pkl.shared: x: the value is text, not a number",
		`pkl.shared("x"):incr("k", "1")`:                        "the amount is a number, not a string",
		`pkl.shared("x"):incr("k", 1/0)`:                        "the amount is a number, not +Inf",
		`local s = pkl.shared("x") s:set("w", pkl.u64("0xffffffffffffffff")) s:incr("w")`:      "the sum does not fit in 64 bits",
		`local s = pkl.shared("x") s:set("w", pkl.u64("0xffffffffffffffff")) s:incr("w", 0.5)`: "cannot be added exactly",
		`pkl.shared("x").size = 1`:     `a shared map has no "size": s:get(key) and s:set(key, value) read and write`,
		`return pkl.shared("x").count`: `a shared map has no "count"`,
		`pkl.shared("x").get("k")`:     "call it with a colon",
	} {
		if msg := h.run(t, src); !strings.Contains(msg, want) {
			t.Errorf("%s: %q, want %q", src, msg, want)
		}
	}
}

// Options come into force when the script has started, not if it fails.
func TestSharedCommit(t *testing.T) {
	now := time.Unix(1000, 0)
	maps := &SharedMaps{}
	first, sharing := sharedHost(t, maps, &now)
	first.run(t, `s = pkl.shared("m", {max = 3}) for i = 1, 5 do s:set(i, i) end`)
	sharing.Commit()
	count := func(want int) {
		t.Helper()
		if n := maps.byName["m"].len(sharing.now); n != want {
			t.Errorf("%d entries, want %d", n, want)
		}
	}
	count(3)
	second, next := sharedHost(t, maps, &now)
	if msg := second.run(t, `local s = pkl.shared("m", {max = 2, ttl = 1}) assert(s:get(5) == 5 and not s:get(2)) s:set("x", 1)`); msg != "" {
		t.Error(msg)
	}
	count(3)
	next.Commit()
	count(2)
	if msg := second.run(t, `s = pkl.shared("m") assert(s:get("x") == 1 and s:get(5) == 5) s:set("y", 1)`); msg != "" {
		t.Error(msg)
	}
	now = now.Add(2 * time.Second)
	count(1) // y was written under the new ttl
	if msg := second.run(t, `pkl.shared("late", {max = 1}) local s = pkl.shared("late") s:set(1, 1) s:set(2, 2) assert(#s == 1)`); msg != "" {
		t.Error(msg)
	}
}

// All maps together have a bound. One that grows gives up its own entries first.
func TestSharedFull(t *testing.T) {
	now := time.Unix(1000, 0)
	maps := &SharedMaps{limit: 100_000}
	h, _ := sharedHost(t, maps, &now)
	msg := h.run(t, `
		local a, b, c = pkl.shared("a"), pkl.shared("b"), pkl.shared("c")
		b:set("first", 1)
		for i = 1, 1000 do a:set(i, ("x"):rep(1000)) end
		assert(#a == 86 and a:get(1000) and not a:get(914) and b:get("first") == 1, #a)
		for i = 1, 10 do b:set("t", ("y"):rep(4096)) end
	`)
	if !strings.Contains(msg, "pkl.shared: b: there is no room: all shared maps together are full") {
		t.Error(msg)
	}
	if msg := h.run(t, `
		local a, b = pkl.shared("a"), pkl.shared("b")
		assert(#a == 86)
		for i = 1, 10 do a:delete(914 + i) end
		b:set("t", ("y"):rep(4096)) b:set("t", ("z"):rep(4096)) b:set("t", 1)`); msg != "" {
		t.Error(msg)
	}
	if maps.bytes.Load() > maps.limit {
		t.Errorf("%d bytes", maps.bytes.Load())
	}
}

// Several states use one map at once; run under the race detector.
func TestSharedParallel(t *testing.T) {
	maps, now := &SharedMaps{}, time.Unix(1000, 0)
	var wg sync.WaitGroup
	const workers, rounds = 4, 500
	for w := range workers {
		h, sharing := sharedHost(t, maps, &now)
		sharing.Commit()
		wg.Go(func() {
			if msg := h.run(t, fmt.Sprintf(`
				local s, small = pkl.shared("m"), pkl.shared("small", {max = 5})
				for i = 1, %d do
					s:incr("sum") s:incr(i %% 10, %d) small:set(i, i, 0.5) small:add(i + 1, "x")
					if i %% 100 == 0 then for k, v in small:each() do small:delete(k) end assert(#small <= 5) end
				end`, rounds, w)); msg != "" {
				t.Error(msg)
			}
		})
	}
	wg.Wait()
	h, sharing := sharedHost(t, maps, &now)
	sharing.Commit()
	if msg := h.run(t, fmt.Sprintf(`local s = pkl.shared("m") assert(s:get("sum") == %d and s:get(3) == %d and #s == 11)`, workers*rounds, rounds/10*(0+1+2+3))); msg != "" {
		t.Error(msg)
	}
}

// incr of a key that is there allocates only the number that it returns.
func TestSharedAllocs(t *testing.T) {
	now := time.Unix(1000, 0)
	h, _ := sharedHost(t, &SharedMaps{}, &now)
	h.run(t, `s = pkl.shared("m", {ttl = 1e6}) function f(n) local s = s for i = 1, n do s:incr("key") end end f(1)`)
	fn := h.GetGlobal("f")
	allocs := func(n int) float64 {
		return testing.AllocsPerRun(10, func() { h.CallByParam(lua.P{Fn: fn}, lua.LNumber(n)) })
	}
	if per := (allocs(1100) - allocs(100)) / 1000; per > 3 { // loop variable, result, argument
		t.Errorf("%.2f allocations for each incr", per)
	}
	m := newSharedMap(&SharedMaps{}, sharedOptions{max: 10})
	key, clock := scalar{kind: scalarText, text: "key"}, func() int64 { return 1 }
	if n := testing.AllocsPerRun(100, func() { m.incr(key, numberScalar(1), 0, clock) }); n != 0 {
		t.Errorf("the map allocates %v times", n)
	}
}

func BenchmarkShared(b *testing.B) {
	now := time.Unix(1000, 0)
	h, _ := sharedHost(b, &SharedMaps{}, &now)
	for name, body := range map[string]string{
		"incr":  `s:incr("key")`,
		"new":   `s:incr(i)`,
		"ttl":   `s:incr(i % 50000, 1, i % 7 + 1)`,
		"get":   `local x = s:get("key")`,
		"empty": ``,
	} {
		b.Run(name, func(b *testing.B) {
			h.run(b, `local s = pkl.shared("`+name+`") function f(n) for i = 1, n do `+body+` end end`)
			b.ReportAllocs()
			b.ResetTimer()
			h.CallByParam(lua.P{Fn: h.GetGlobal("f")}, lua.LNumber(b.N))
		})
	}
}
