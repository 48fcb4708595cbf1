package lualib

import (
	"io"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// maxResults bounds what one call puts on the stack; the stock functions grow it
// until memory ends. Real Lua allows 8000 too.
const maxResults = 8000

// openBase replaces base functions that know no userdata, no bounds, or that
// differ from Lua 5.1.
func (st *State) openBase(L *lua.LState) {
	stockAssert, stockRequire := stock(L.G.Global, "assert"), stock(L.G.Global, "require")
	setFuncs(L, L.G.Global, map[string]lua.LGFunction{
		"assert":       assert(stockAssert),
		"error":        st.raise,
		"pcall":        st.pcall,
		"xpcall":       st.xpcall,
		"print":        st.print,
		"tostring":     toString(stock(L.G.Global, "tostring")),
		"tonumber":     toNumber,
		"setmetatable": setMetatable(stock(L.G.Global, "setmetatable")),
		"rawset":       rawSet,
		"unpack":       unpackTable,
		"ipairs":       iterator("ipairs", "__ipairs", L.NewFunction(ipairsNext), lua.LNumber(0)),
		"pairs":        iterator("pairs", "__pairs", L.NewFunction(pairsNext), lua.LNil),
		"require":      st.require(stockRequire),
	})
}

// assert raises error values that are no text as they are, as Lua does.
func assert(stock lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		v := L.Get(2)
		if L.GetTop() > 1 && !L.ToBool(1) && v.Type() != lua.LTString && v != lua.LNil {
			L.Error(v, 1)
		}
		return stock(L)
	}
}

// raise is error: the stock one takes levels 1 and 2 for the same.
func (st *State) raise(L *lua.LState) int {
	v, level := L.Get(1), L.OptInt(2, 1)
	if text, ok := v.(lua.LString); ok && level > 0 {
		if at := st.where(L, level); at != "" {
			v = lua.LString(at+" ") + text
		}
	}
	st.throw(L, v)
	return 0
}

// print writes one line at a time.
func (st *State) print(L *lua.LState) int {
	var b strings.Builder
	for n := 1; n <= L.GetTop(); n++ {
		if n > 1 {
			b.WriteByte('\t')
		}
		b.WriteString(toText(L, L.Get(n)))
	}
	b.WriteByte('\n')
	io.WriteString(st.cfg.Out, b.String())
	return 0
}

// toString writes numbers as the other functions do.
func toString(stock lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		if n, ok := L.Get(1).(lua.LNumber); ok {
			return retText(L, numberText(n))
		}
		return stock(L)
	}
}

// setMetatable takes tables only: the stock one also replaces the metatable of
// all numbers, or all functions, of a state.
func setMetatable(stock lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		L.CheckTable(1)
		return stock(L)
	}
}

func rawSet(L *lua.LState) int {
	tb := L.CheckTable(1)
	if mt, ok := tb.Metatable.(*lua.LTable); ok && mt.RawGetString("__metatable") == lua.LFalse {
		L.RaiseError("cannot change a protected table")
	}
	L.RawSet(tb, L.CheckAny(2), L.CheckAny(3))
	return ret(L, tb)
}

// unpackTable is unpack(t [, i [, j]]).
func unpackTable(L *lua.LState) int {
	tb := L.CheckTable(1)
	i := optInt(L, 2, 1)
	j := optInt(L, 3, tb.Len())
	if i > j {
		return 0
	}
	if j-i >= maxResults {
		L.RaiseError("too many results to unpack")
	}
	for k := i; k <= j; k++ {
		L.Push(tb.RawGetInt(k))
	}
	return j - i + 1
}

// iterator is pairs or ipairs: next, value, first for a table, or what the
// metamethod returns.
func iterator(name, event string, next *lua.LFunction, first lua.LValue) lua.LGFunction {
	return func(L *lua.LState) int {
		v := L.Get(1)
		if meta := L.GetMetaField(v, event); meta != lua.LNil {
			L.Push(meta)
			L.Push(v)
			L.Call(1, 3)
			return 3
		}
		if v.Type() != lua.LTTable {
			L.RaiseError("bad argument #1 to %s (table expected, got %s)", name, typeName(L, 1))
		}
		L.Push(next)
		L.Push(v)
		L.Push(first)
		return 3
	}
}

func ipairsNext(L *lua.LState) int {
	tb, i := L.CheckTable(1), L.CheckInt(2)+1
	v := tb.RawGetInt(i)
	if v == lua.LNil {
		return 0
	}
	L.Push(lua.LNumber(i))
	L.Push(v)
	return 2
}

func pairsNext(L *lua.LState) int {
	key, v := L.CheckTable(1).Next(L.Get(2))
	if key == lua.LNil {
		return 0
	}
	L.Push(key)
	L.Push(v)
	return 2
}

// toNumber is tonumber(v [, base]). A u64 gives the nearest number.
func toNumber(L *lua.LState) int {
	v := L.CheckAny(1)
	base := optInt(L, 2, 10)
	if base < 2 || base > 36 {
		L.ArgError(2, "base out of range")
	}
	if base != 10 {
		return ret(L, parseBase(toText(L, v), base))
	}
	switch v := v.(type) {
	case lua.LNumber:
		return ret(L, v)
	case lua.LString:
		return ret(L, parseNumber(string(v)))
	}
	if u, ok := ToUint64(v); ok {
		return ret(L, lua.LNumber(u))
	}
	return ret(L, lua.LNil)
}

const luaSpace = " \t\n\v\f\r"

// parseNumber reads a decimal number, or a hexadecimal whole one.
func parseNumber(text string) lua.LValue {
	s := strings.Trim(text, luaSpace)
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || strings.Contains(s, "_") {
		return lua.LNil
	}
	if len(digits) > 2 && (digits[:2] == "0x" || digits[:2] == "0X") {
		return parseBase(s, 16)
	}
	if strings.ContainsAny(digits, "inIN") { // inf and nan are words, not numbers
		return lua.LNil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return lua.LNil
	}
	return lua.LNumber(f)
}

// parseBase reads a whole number, with 0x allowed before hexadecimal digits.
func parseBase(text string, base int) lua.LValue {
	s := strings.Trim(text, luaSpace)
	s, neg := strings.CutPrefix(s, "-")
	if !neg {
		s = strings.TrimPrefix(s, "+")
	}
	if base == 16 && len(s) > 2 && (s[:2] == "0x" || s[:2] == "0X") {
		s = s[2:]
	}
	v, err := strconv.ParseUint(s, base, 64)
	if err != nil {
		return lua.LNil
	}
	if neg {
		return -lua.LNumber(v)
	}
	return lua.LNumber(v)
}
