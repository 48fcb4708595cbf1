package lualib

import (
	"math"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

func TestU64(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`pkl.u64("0xffffffffffffffff")`, "18446744073709551615"},
		{`pkl.u64("18446744073709551615")`, "18446744073709551615"},
		{`pkl.u64(2^53), type(pkl.u64(2^53))`, "9007199254740992\tuserdata"},
		{`pkl.u64(2^53 - 1), type(pkl.u64("5"))`, "9007199254740991\tnumber"},
		{`pkl.u64(pkl.u64("9007199254740993"))`, "9007199254740993"},
		{`pkl.u64("9007199254740993") - pkl.u64("9007199254740992") == 1`, "true"},
		{`pkl.u64("0xffffffffffffffff") + 1`, "0"},
		{`pkl.u64("0xffffffffffffffff") + pkl.u64("0xffffffffffffffff")`, "18446744073709551614"},
		{`1 - pkl.u64("0xffffffffffffffff")`, "2"},
		{`pkl.u64("0xffffffffffffffff") + -1`, "18446744073709551614"},
		{`pkl.u64("0x8000000000000000") * 2`, "0"},
		{`pkl.u64("0xffffffffffffffff") / 3`, "6148914691236517205"},
		{`pkl.u64("0xffffffffffffffff") % 1000`, "615"},
		{`7 / pkl.u64("0xffffffffffffffff"), 7 % pkl.u64("0xffffffffffffffff")`, "0\t7"},
		{`pkl.u64("0x100000000000000") ^ 2, pkl.u64("9007199254740993") ^ 1`, "0\t9007199254740993"},
		{`-pkl.u64("0xffffffffffffffff")`, "1"},
		{`pkl.u64("0xffffffffffffffff") + "0x10"`, "15"},
		{`pkl.u64("9007199254740993") == pkl.u64("9007199254740993")`, "true"},
		{`pkl.u64("9007199254740993") == pkl.u64("9007199254740994")`, "false"},
		{`pkl.u64("9007199254740993") < pkl.u64("9007199254740994")`, "true"},
		{`pkl.u64("9007199254740993") <= pkl.u64("9007199254740993"), pkl.u64("9007199254740993") > pkl.u64("9007199254740993")`, "true\tfalse"},
		{`pkl.cmp(1, pkl.u64("9007199254740993")), pkl.cmp(pkl.u64("9007199254740993"), 1)`, "-1\t1"},
		{`pkl.cmp(2^53, pkl.u64("9007199254740993")), pkl.cmp(2^64, pkl.u64("0xffffffffffffffff"))`, "-1\t1"},
		{`pkl.cmp(2^60, pkl.u64("1152921504606846976")), pkl.cmp(2^60, pkl.u64("1152921504606846977"))`, "0\t-1"},
		{`pkl.cmp(-1, 0), pkl.cmp(1.5, 1), pkl.cmp(1.5, 2), pkl.cmp(3, 3)`, "-1\t1\t-1\t0"},
		{`pkl.cmp(math.huge, pkl.u64("0xffffffffffffffff")), pkl.cmp(-math.huge, 0)`, "1\t-1"},
		{`"a" .. pkl.u64("0xffffffffffffffff") .. 1`, "a184467440737095516151"},
		{`pkl.u64("0xffffffffffffffff"):hex(), pkl.u64.hex(255, 4)`, "ffffffffffffffff\t00ff"},
		{`pkl.u64("0xff00000000000000"):rshift(56), pkl.u64.lshift(1, 63), pkl.u64.lshift(1, 64)`, "255\t9223372036854775808\t0"},
		{`pkl.u64("0xf0f0f0f0f0f0f0f0"):band("0xff", 255), pkl.u64.bor(1, 2, 4), pkl.u64.bnot(0)`, "240\t7\t18446744073709551615"},
		{`pkl.u64("0xffffffffffffffff"):bxor(-1)`, "0"},
		{`getmetatable(pkl.u64("0xffffffffffffffff")), getmetatable(pkl.u64)`, "false\tfalse"},
		{`tonumber(pkl.u64("0x8000000000000000")) == 2^63`, "true"},
		{`pkl.u64(1.5)`, "!1.5 is no whole number"},
		{`pkl.u64(-1)`, "!-1 is negative"},
		{`pkl.u64(2^54)`, "!write it as text"},
		{`pkl.u64(0/0)`, "!whole number"},
		{`pkl.u64("x")`, `!test.lua:1: u64: "x" is no whole number`},
		{`pkl.u64("0x10000000000000000")`, "!does not fit in 64 bits"},
		{`pkl.u64("")`, "!no whole number"},
		{`pkl.u64(nil)`, "!number, text or u64 expected, got nil"},
		{`pkl.u64("0xffffffffffffffff") / 0`, "!divide by zero"},
		{`pkl.u64("0xffffffffffffffff") % 0`, "!divide by zero"},
		{`pkl.u64("0xffffffffffffffff") / -2`, "!negative"},
		{`pkl.u64("0xffffffffffffffff") + 0.5`, "!no whole number"},
		{`pkl.u64("0xffffffffffffffff") + {}`, "!table"},
		{`pkl.u64("0xffffffffffffffff").x`, `!u64 has no field "x"`},
		{`setmetatable(pkl.u64("0xffffffffffffffff"), {})`, "!table expected"},
		{`pkl.cmp("a", 1)`, "!cannot order a string"},
		{`pkl.cmp(0/0, 1)`, "!cannot order"},
	})
}

func TestToUint64(t *testing.T) {
	L := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer L.Close()
	for _, v := range []uint64{0, 1, maxExact - 1, maxExact, maxExact + 1, math.MaxUint64} {
		if got, ok := ToUint64(NewU64(L, v)); !ok || got != v {
			t.Errorf("ToUint64(NewU64(%d)) = %d, %v", v, got, ok)
		}
	}
	for _, v := range []lua.LValue{lua.LNumber(-1), lua.LNumber(0.5), lua.LNumber(math.NaN()), lua.LNumber(math.Inf(1)),
		lua.LNumber(maxExact * 2), lua.LString("1"), lua.LTrue, lua.LNil, L.NewUserData()} {
		if got, ok := ToUint64(v); ok {
			t.Errorf("ToUint64(%v) = %d", v, got)
		}
	}
}
