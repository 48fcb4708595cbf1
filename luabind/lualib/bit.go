package lualib

import (
	"math"
	"math/bits"

	lua "github.com/yuin/gopher-lua"
)

// bitFuncs is the bit library as LuaBitOp has it: arguments are taken modulo
// 2^32 (fractions rounded to even), results are signed 32-bit numbers. A pkl.u64
// counts with its lower half; pkl.u64.band and its kin work on all 64 bits.
func bitFuncs() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"tobit":   func(L *lua.LState) int { return retBits(L, argBits(L, 1)) },
		"bnot":    func(L *lua.LState) int { return retBits(L, ^argBits(L, 1)) },
		"bswap":   func(L *lua.LState) int { return retBits(L, bits.ReverseBytes32(argBits(L, 1))) },
		"band":    foldBits(func(a, b uint32) uint32 { return a & b }),
		"bor":     foldBits(func(a, b uint32) uint32 { return a | b }),
		"bxor":    foldBits(func(a, b uint32) uint32 { return a ^ b }),
		"lshift":  shiftBits(func(v uint32, n int) uint32 { return v << n }),
		"rshift":  shiftBits(func(v uint32, n int) uint32 { return v >> n }),
		"arshift": shiftBits(func(v uint32, n int) uint32 { return uint32(int32(v) >> n) }),
		"rol":     shiftBits(func(v uint32, n int) uint32 { return bits.RotateLeft32(v, n) }),
		"ror":     shiftBits(func(v uint32, n int) uint32 { return bits.RotateLeft32(v, -n) }),
		"tohex":   bitHex,
	}
}

// argBits is argument n modulo 2^32.
func argBits(L *lua.LState, n int) uint32 {
	v := L.Get(n)
	if u, ok := ToUint64(v); ok {
		return uint32(u)
	}
	f, ok := v.(lua.LNumber)
	if !ok {
		f = L.CheckNumber(n)
	}
	return lowBits(float64(f))
}

func lowBits(f float64) uint32 {
	m := math.Mod(math.RoundToEven(f), 1<<32)
	if m != m { // infinite, or not a number
		return 0
	}
	return uint32(int64(m))
}

func retBits(L *lua.LState, v uint32) int {
	L.Push(lua.LNumber(int32(v)))
	return 1
}

func foldBits(op func(a, b uint32) uint32) lua.LGFunction {
	return func(L *lua.LState) int {
		v := argBits(L, 1)
		for n := 2; n <= L.GetTop(); n++ {
			v = op(v, argBits(L, n))
		}
		return retBits(L, v)
	}
}

// shiftBits uses the lower five bits of the count, as the hardware does.
func shiftBits(op func(v uint32, n int) uint32) lua.LGFunction {
	return func(L *lua.LState) int {
		return retBits(L, op(argBits(L, 1), int(argBits(L, 2)&31)))
	}
}

// bitHex is bit.tohex(x [, n]): n digits, upper case if n is negative.
func bitHex(L *lua.LState) int {
	v, n, digits := argBits(L, 1), 8, "0123456789abcdef"
	if L.Get(2) != lua.LNil {
		n = max(-8, min(8, int(int32(argBits(L, 2)))))
	}
	if n < 0 {
		n, digits = -n, "0123456789ABCDEF"
	}
	b := make([]byte, n)
	for i := n - 1; i >= 0; i-- {
		b[i], v = digits[v&15], v>>4
	}
	return retText(L, string(b))
}
