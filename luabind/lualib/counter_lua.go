package lualib

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// RegisterCounter adds counter to tb, the pkl table. Counters with a name come
// from cs; within one state the same name gives the same value.
func RegisterCounter(L *lua.LState, tb *lua.LTable, cs *Counters) {
	methods := L.NewTable()
	setFuncs(L, methods, counterMethods())
	named := map[string]*lua.LUserData{}
	tb.RawSetString("counter", L.NewFunction(func(L *lua.LState) int {
		if L.Get(1) == lua.LNil {
			return ret(L, newCounterValue(L, NewCounter(), methods))
		}
		name := argText(L, 1, "counter")
		if named[name] == nil {
			c, err := cs.Get(name)
			if err != nil {
				L.RaiseError("counter: %v", err)
			}
			named[name] = newCounterValue(L, c, methods)
		}
		return ret(L, named[name])
	}))
}

func counterMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"add":      counterAdd,
		"get":      func(L *lua.LState) int { return ret(L, lua.LNumber(checkCounter(L).Get(checkKey(L, 2)))) },
		"top":      func(L *lua.LState) int { return ret(L, entryArray(L, checkCounter(L).Top(optInt(L, 2, 10)))) },
		"total":    func(L *lua.LState) int { return ret(L, lua.LNumber(checkCounter(L).Total())) },
		"overflow": func(L *lua.LState) int { return ret(L, lua.LNumber(checkCounter(L).Overflow())) },
		"clear":    func(L *lua.LState) int { checkCounter(L).Clear(); return 0 },
	}
}

// newCounterValue wraps c. Each counter has a metatable of its own: the virtual
// machine then finds c:add in a table, without a Go call, and c[key] in a
// function that knows its counter.
func newCounterValue(L *lua.LState, c *Counter, methods *lua.LTable) *lua.LUserData {
	own := copyTable(L, methods)
	byKey := sealed(L)
	byKey.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		return ret(L, lua.LNumber(c.Get(checkKey(L, 2))))
	}))
	L.SetMetatable(own, byKey)
	mt := sealed(L)
	mt.RawSetString("__index", own)
	setFuncs(L, mt, counterMeta())
	ud := L.NewUserData()
	ud.Value, ud.Metatable = c, mt
	return ud
}

func counterMeta() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"__len":      func(L *lua.LState) int { return ret(L, lua.LNumber(checkCounter(L).Len())) },
		"__newindex": counterSet,
		"__pairs":    counterPairs,
		"__tostring": func(L *lua.LState) int { return retText(L, "pkl.counter") },
	}
}

// counterAdd is c:add(key [, n]). It runs once per packet, so the usual keys
// take the shortest way.
func counterAdd(L *lua.LState) int {
	c, n := checkCounter(L), 1.0
	if L.GetTop() > 2 {
		n = checkCount(L, 3)
	}
	switch key := L.Get(2).(type) {
	case lua.LString:
		c.addText(string(key), n)
	case lua.LNumber:
		if key < maxExact {
			c.addNum(float64(key), n)
			break
		}
		c.Add(checkKey(L, 2), n)
	default:
		c.Add(checkKey(L, 2), n)
	}
	return 0
}

func checkCounter(L *lua.LState) *Counter {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if c, ok := ud.Value.(*Counter); ok {
			return c
		}
	}
	L.RaiseError("counter expected as argument 1, got %s: call it with a colon", typeName(L, 1))
	return nil
}

func checkCount(L *lua.LState, n int) float64 {
	v := L.Get(n)
	if v == lua.LNil {
		return 1
	}
	f, ok := v.(lua.LNumber)
	if u, isU := ToUint64(v); isU {
		f, ok = lua.LNumber(u), true
	}
	if !ok || math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		L.RaiseError("counter: the amount is a number, not %s", describe(v))
	}
	return float64(f)
}

// checkKey converts argument n to a key.
func checkKey(L *lua.LState, n int) any {
	v := L.Get(n)
	switch v := v.(type) {
	case lua.LString:
		return string(v)
	case lua.LBool:
		return bool(v)
	case lua.LNumber:
		f := float64(v)
		if f >= maxExact && f < 1<<64 {
			return uint64(f) // the same key as the u64 of that value
		}
		if f == f {
			return f
		}
	case *lua.LUserData:
		if u, ok := v.Value.(Uint64); ok {
			return uint64(u)
		}
	}
	L.RaiseError("counter: a key is text, a number or a boolean, not %s", describe(v))
	return nil
}

func keyValue(L *lua.LState, key any) lua.LValue {
	switch key := key.(type) {
	case string:
		return lua.LString(key)
	case float64:
		return lua.LNumber(key)
	case uint64:
		return NewU64(L, key)
	}
	return lua.LBool(key == true)
}

// entryArray is the result of c:top: each entry as {key, n, key = key, n = n}.
func entryArray(L *lua.LState, entries []Entry) *lua.LTable {
	tb := L.CreateTable(len(entries), 0)
	for _, e := range entries {
		item := L.CreateTable(2, 2)
		key, n := keyValue(L, e.Key), lua.LNumber(e.N)
		item.RawSetInt(1, key)
		item.RawSetInt(2, n)
		item.RawSetString("key", key)
		item.RawSetString("n", n)
		tb.Append(item)
	}
	return tb
}

func counterSet(L *lua.LState) int {
	L.RaiseError("a counter is changed by c:add(key, n), not by assignment")
	return 0
}

// counterPairs iterates over the counter as it is now.
func counterPairs(L *lua.LState) int {
	entries, i := checkCounter(L).Entries(), 0
	return ret(L, L.NewFunction(func(L *lua.LState) int {
		if i >= len(entries) {
			return ret(L, lua.LNil)
		}
		L.Push(keyValue(L, entries[i].Key))
		L.Push(lua.LNumber(entries[i].N))
		i++
		return 2
	}))
}
