package lualib

import "testing"

// The values are the examples of the LuaBitOp documentation.
func TestBit(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`bit.tobit(0xffffffff), bit.tobit(0xffffffff + 1), bit.tobit(2^40 + 1234)`, "-1\t0\t1234"},
		{`bit.tohex(1), bit.tohex(-1), bit.tohex(0xffffffff), bit.tohex(-1, -8)`, "00000001\tffffffff\tffffffff\tFFFFFFFF"},
		{`bit.tohex(0x21, 4), bit.tohex(0x87654321, 4), bit.tohex(1, 100), bit.tohex(1, 0)`, "0021\t4321\t00000001\t"},
		{`bit.bnot(0), bit.tohex(bit.bnot(0x12345678))`, "-1\tedcba987"},
		{`bit.bor(1, 2, 4, 8), bit.tohex(bit.band(0x12345678, 0xff)), bit.tohex(bit.bxor(0xa5a5f0f0, 0xaa55ff00))`, "15\t00000078\t0ff00ff0"},
		{`bit.lshift(1, 0), bit.lshift(1, 8), bit.lshift(1, 40), bit.rshift(256, 8), bit.rshift(-256, 24)`, "1\t256\t256\t1\t255"},
		{`bit.arshift(256, 8), bit.arshift(-256, 8), bit.tohex(bit.lshift(0x87654321, 12))`, "1\t-1\t54321000"},
		{`bit.tohex(bit.rshift(0x87654321, 12)), bit.tohex(bit.arshift(0x87654321, 12))`, "00087654\tfff87654"},
		{`bit.tohex(bit.rol(0x12345678, 12)), bit.tohex(bit.ror(0x12345678, 12))`, "45678123\t67812345"},
		{`bit.tohex(bit.bswap(0x12345678)), bit.tohex(bit.bswap(0x78563412))`, "78563412\t12345678"},
		{`bit.band("0xff", 15), bit.tobit(1.5), bit.tobit(2.5), bit.tobit(-2^31), bit.tobit(2^31)`, "15\t2\t2\t-2147483648\t-2147483648"},
		{`bit.tohex(pkl.u64("0x123456789abcdef0"))`, "9abcdef0"},
		{`bit.tobit(math.huge), bit.tobit(0/0)`, "0\t0"},
		{`bit.band()`, "!bad argument #1 to band (number expected, got nil)"},
		{`bit.bor(1, 2, "x")`, "!bad argument #3 to bor (number expected, got string)"},
		{`bit.lshift(1)`, "!bad argument #2 to lshift"},
		{`bit.tobit({})`, "!bad argument #1 to tobit (number expected, got table)"},
	})
}
