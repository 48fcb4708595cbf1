package lualib

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// u64Type is where a state's registry keeps the metatable of pkl.u64.
const u64Type = "pkl.u64"

var errDivZero = errors.New("attempt to divide by zero")

// RegisterU64 adds u64 and cmp to tb, the pkl table. u64 is called as a function;
// u64.band, bor, bxor, bnot, lshift, rshift and hex work on 64 bits and take
// numbers and u64 values alike; a u64 value has the same functions as methods.
//
// Arithmetic is modulo 2^64, also unary minus and negative numbers as operands;
// / and % give whole numbers and refuse negative ones.
func RegisterU64(L *lua.LState, tb *lua.LTable) {
	u64 := L.NewTable()
	setFuncs(L, u64, u64Methods())
	mt := sealed(L)
	mt.RawSetString("__call", L.NewFunction(u64New))
	mt.RawSetString("__index", L.NewFunction(u64NoField))
	L.SetMetatable(u64, mt)
	tb.RawSetString("u64", u64)
	tb.RawSetString("cmp", L.NewFunction(u64Cmp))
}

// u64Metatable returns the state's metatable of u64 values, made at first need.
func u64Metatable(L *lua.LState) *lua.LTable {
	if mt, ok := L.G.Registry.RawGetString(u64Type).(*lua.LTable); ok {
		return mt
	}
	mt := sealed(L)
	L.G.Registry.RawSetString(u64Type, mt)
	for name, op := range u64Arith() {
		mt.RawSetString(name, L.NewFunction(arith(op)))
	}
	setFuncs(L, mt, u64Meta())
	methods := L.NewTable()
	setFuncs(L, methods, u64Methods())
	refuse := sealed(L)
	refuse.RawSetString("__index", L.NewFunction(u64NoField))
	L.SetMetatable(methods, refuse)
	mt.RawSetString("__index", methods)
	return mt
}

// A u64op computes with both operands; neg tells that one of them was negative.
type u64op func(a, b uint64, neg bool) (uint64, error)

func u64Arith() map[string]u64op {
	return map[string]u64op{
		"__add": func(a, b uint64, _ bool) (uint64, error) { return a + b, nil },
		"__sub": func(a, b uint64, _ bool) (uint64, error) { return a - b, nil },
		"__mul": func(a, b uint64, _ bool) (uint64, error) { return a * b, nil },
		"__pow": func(a, b uint64, neg bool) (uint64, error) { return pow(a, b), signErr(neg) },
		"__div": func(a, b uint64, neg bool) (uint64, error) {
			if b == 0 {
				return 0, errDivZero
			}
			return a / b, signErr(neg)
		},
		"__mod": func(a, b uint64, neg bool) (uint64, error) {
			if b == 0 {
				return 0, errDivZero
			}
			return a % b, signErr(neg)
		},
	}
}

func signErr(neg bool) error {
	if neg {
		return errors.New("a negative number has no 64-bit unsigned quotient, remainder or power")
	}
	return nil
}

// pow is a^b modulo 2^64.
func pow(a, b uint64) uint64 {
	v := uint64(1)
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			v *= a
		}
		a *= a
	}
	return v
}

func arith(op u64op) lua.LGFunction {
	return func(L *lua.LState) int {
		a, b := L.Get(1), L.Get(2)
		v, err := op(checkModular(L, a), checkModular(L, b), negative(a) || negative(b))
		if err != nil {
			L.RaiseError("%v", err)
		}
		return ret(L, NewU64(L, v))
	}
}

func negative(v lua.LValue) bool {
	n, ok := v.(lua.LNumber)
	return ok && n < 0
}

func checkModular(L *lua.LState, v lua.LValue) uint64 {
	u, err := modular(v)
	if err != nil {
		L.RaiseError("u64: %v", err)
	}
	return u
}

// u64Meta holds the metamethods that are not arithmetic. Lua calls the
// comparing ones only for two u64 values.
func u64Meta() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"__unm":      func(L *lua.LState) int { return ret(L, NewU64(L, -checkModular(L, L.Get(1)))) },
		"__eq":       func(L *lua.LState) int { return ret(L, lua.LBool(order(L) == 0)) },
		"__lt":       func(L *lua.LState) int { return ret(L, lua.LBool(order(L) < 0)) },
		"__le":       func(L *lua.LState) int { return ret(L, lua.LBool(order(L) <= 0)) },
		"__concat":   func(L *lua.LState) int { return retText(L, toText(L, L.Get(1))+toText(L, L.Get(2))) },
		"__tostring": func(L *lua.LState) int { return retText(L, Uint64(checkModular(L, L.Get(1))).String()) },
	}
}

func order(L *lua.LState) int {
	c, err := compare(L.Get(1), L.Get(2))
	if err != nil {
		L.RaiseError("%v", err)
	}
	return c
}

// u64Cmp is pkl.cmp(a, b): -1, 0 or 1.
func u64Cmp(L *lua.LState) int { return ret(L, lua.LNumber(order(L))) }

// u64New is pkl.u64(x); argument 1 is the callable table itself.
func u64New(L *lua.LState) int {
	v, err := unsigned(L.Get(2))
	if err != nil {
		L.RaiseError("u64: %v", err)
	}
	return ret(L, NewU64(L, v))
}

func u64NoField(L *lua.LState) int {
	L.RaiseError("u64 has no field %q", toText(L, L.Get(2)))
	return 0
}

func u64Methods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"band":   foldU64(func(a, b uint64) uint64 { return a & b }),
		"bor":    foldU64(func(a, b uint64) uint64 { return a | b }),
		"bxor":   foldU64(func(a, b uint64) uint64 { return a ^ b }),
		"bnot":   func(L *lua.LState) int { return ret(L, NewU64(L, ^argU64(L, 1))) },
		"lshift": func(L *lua.LState) int { return ret(L, NewU64(L, argU64(L, 1)<<argShift(L))) },
		"rshift": func(L *lua.LState) int { return ret(L, NewU64(L, argU64(L, 1)>>argShift(L))) },
		"hex":    u64Hex,
	}
}

func foldU64(op func(a, b uint64) uint64) lua.LGFunction {
	return func(L *lua.LState) int {
		v := argU64(L, 1)
		for n := 2; n <= L.GetTop(); n++ {
			v = op(v, argU64(L, n))
		}
		return ret(L, NewU64(L, v))
	}
}

func argU64(L *lua.LState, n int) uint64 {
	v, err := modular(L.Get(n))
	if err != nil {
		L.ArgError(n, err.Error())
	}
	return v
}

// argShift is argument 2; from 64 on all bits leave.
func argShift(L *lua.LState) uint64 {
	v, err := unsigned(L.Get(2))
	if err != nil {
		L.ArgError(2, err.Error())
	}
	return v
}

// u64Hex is u:hex([digits]): lower-case digits, 16 unless told, never cut.
func u64Hex(L *lua.LState) int {
	digits := optInt(L, 2, 16)
	if digits < 1 || digits > 16 {
		L.ArgError(2, fmt.Sprintf("1 to 16 digits, not %d", digits))
	}
	s := strconv.FormatUint(argU64(L, 1), 16)
	return retText(L, strings.Repeat("0", max(0, digits-len(s)))+s)
}
