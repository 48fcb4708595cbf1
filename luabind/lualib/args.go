package lualib

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// maxExact is the first whole number that a float64 cannot tell from its
// neighbour: 2^53 itself is also what 2^53+1 rounds to.
const maxExact = 1 << 53

// isWhole reports whether f is a whole number that a float64 holds exactly.
func isWhole(f float64) bool {
	return f == math.Trunc(f) && math.Abs(f) <= maxExact
}

// maxPos bounds positions and counts, so that sums of two cannot overflow.
const maxPos = min(maxExact, math.MaxInt/2)

// clampInt converts f to an int. Text positions such as math.huge must not wrap around.
func clampInt(f float64) int {
	switch {
	case f != f:
		return 0
	case f > maxPos:
		return maxPos
	case f < -maxPos:
		return -maxPos
	}
	return int(f)
}

// argText returns argument n of the function name, a text or a number as one.
// CheckString does not know the name where the call is the last of a function.
func argText(L *lua.LState, n int, name string) string {
	v := L.Get(n)
	if !lua.LVCanConvToString(v) {
		L.RaiseError("bad argument #%d to %s (string expected, got %s)", n, name, v.Type())
	}
	return v.String()
}

// argInt returns argument n, a number or a text that is one, cut to an int.
func argInt(L *lua.LState, n int) int {
	if v, ok := L.Get(n).(lua.LNumber); ok {
		return clampInt(float64(v))
	}
	return clampInt(float64(L.CheckNumber(n)))
}

// optInt is argInt with a default for nil.
func optInt(L *lua.LState, n, def int) int {
	if L.Get(n) == lua.LNil {
		return def
	}
	return argInt(L, n)
}

// argFloat is argument n, a number or a u64, as the nearest float64.
func argFloat(L *lua.LState, n int) float64 {
	if v := L.Get(n); isU64(v) {
		u, _ := ToUint64(v)
		return float64(u)
	}
	return float64(L.CheckNumber(n))
}

// toText is tostring(v) as a Go string.
func toText(L *lua.LState, v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return numberText(v)
	}
	return L.ToStringMeta(v).String()
}

// numberText is a number as Lua 5.1 writes it ("%.14g"), but for whole numbers,
// which keep all their digits: counts and times often have more than 14.
func numberText(n lua.LNumber) string {
	switch f := float64(n); {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+"))
	case f == math.Trunc(f) && math.Abs(f) < 1<<63:
		return strconv.FormatInt(int64(f), 10)
	default:
		return strconv.FormatFloat(f, 'g', 14, 64)
	}
}

// typeName names the type of argument n as Lua's own messages do.
func typeName(L *lua.LState, n int) string {
	if n > L.GetTop() {
		return "no value"
	}
	return L.Get(n).Type().String()
}

// ret pushes v and returns 1, the count a Lua function in Go must return.
func ret(L *lua.LState, v lua.LValue) int {
	L.Push(v)
	return 1
}

// retText pushes s and returns 1.
func retText(L *lua.LState, s string) int {
	L.Push(lua.LString(s))
	return 1
}

// setFuncs adds the functions to tb.
func setFuncs(L *lua.LState, tb *lua.LTable, funcs map[string]lua.LGFunction) {
	for name, fn := range funcs {
		tb.RawSetString(name, L.NewFunction(fn))
	}
}

// sealed returns a metatable that scripts can neither see nor replace.
func sealed(L *lua.LState) *lua.LTable {
	mt := L.NewTable()
	mt.RawSetString("__metatable", lua.LFalse)
	return mt
}
