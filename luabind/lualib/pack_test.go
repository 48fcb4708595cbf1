package lualib

import (
	"fmt"
	"math"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// Results are those of Lua 5.3 on a 64-bit little-endian machine.
func TestPack(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`pkl.hex(string.pack("<i4", 100)), pkl.hex(string.pack(">i4", -2)), pkl.hex(string.pack("<I3", 0x10203)), pkl.hex(string.pack(">I3", 0x10203))`, "64000000\tfffffffe\t030201\t010203"},
		{`pkl.hex(string.pack("bBhH", -1, 255, -2, 65535)), pkl.hex(string.pack(">I16", 1)), pkl.hex(string.pack("<i16", -2))`,
			"fffffeffffff\t00000000000000000000000000000001\tfeffffffffffffffffffffffffffffff"},
		{`pkl.hex(string.pack(">d", 1)), pkl.hex(string.pack("<f", -0.5)), pkl.hex(string.pack(">n", math.huge)), pkl.hex(string.pack(">f", -0))`, "3ff0000000000000\t000000bf\t7ff0000000000000\t80000000"},
		{`pkl.hex(string.pack("z", "ab")), pkl.hex(string.pack(">s2", "ab")), pkl.hex(string.pack("c4", "ab")), pkl.hex(string.pack("<s1 s4", "a", ""))`, "616200\t00026162\t61620000\t016100000000"},
		{`pkl.hex(string.pack("<!4 b i4", 1, 2)), pkl.hex(string.pack("<!2 b i4", 1, 2)), pkl.hex(string.pack("< b i4", 1, 2)), pkl.hex(string.pack("<!4 b Xi4 b", 1, 2))`,
			"0100000002000000\t010002000000\t0102000000\t0100000002"},
		{`pkl.hex(string.pack("b x b", 1, 2)), pkl.hex(string.pack(">!8 b d", 1, 0)), pkl.hex(string.pack(">!4 i1 !2 i8", 1, 2))`, "010002\t01000000000000000000000000000000\t01000000000000000002"},
		{`pkl.hex(string.pack(">I8", pkl.u64("0xfedcba9876543210"))), pkl.hex(string.pack(">i8", pkl.u64("0xffffffffffffffff"))), pkl.hex(string.pack(">j", -1)), pkl.hex(string.pack(">J", 2^53))`,
			"fedcba9876543210\tffffffffffffffff\tffffffffffffffff\t0020000000000000"},
		{`pkl.hex(string.pack(">I9", pkl.u64("0xffffffffffffffff"))), pkl.hex(string.pack(">B", "7"))`, "00ffffffffffffffff\t07"},
		{`string.packsize("<i4i8"), string.packsize("!8 b d"), string.packsize("c10"), string.packsize(""), string.packsize("b Xd d"), string.packsize("!4 i1 Xi4")`, "12\t16\t10\t0\t9\t4"},
		{`string.packsize("bhilj"), string.packsize("fdnT")`, "23\t28"},
		{`string.pack("<b", 128)`, "!bad argument #2 to pack (integer overflow)"},
		{`string.pack("<b", -129)`, "!integer overflow"},
		{`string.pack("BB", 1, 256)`, "!bad argument #3 to pack (unsigned overflow)"},
		{`string.pack("i8", 2^63)`, "!integer overflow"},
		{`string.pack("I8", 2^64)`, "!number has no integer representation"},
		{`pkl.hex(string.pack(">I8", 2^63)), pkl.hex(string.pack(">i10", (string.unpack(">i10", pkl.unhex("ffff8000000000000000")))))`, "8000000000000000\tffff8000000000000000"},
		{`string.pack("B", -1)`, "!unsigned overflow"},
		{`string.pack("i7", pkl.u64("0xffffffffffffffff"))`, "!integer overflow"},
		{`string.pack("i4", 1.5)`, "!number has no integer representation"},
		{`string.pack("i4", "x")`, "!bad argument #2 to pack (number expected, got string)"},
		{`string.pack("i4")`, "!bad argument #2 to pack (number expected, got nil)"},
		{`string.pack("i17", 1)`, "!integral size (17) out of limits [1,16]"},
		{`string.pack("i0", 1)`, "!integral size (0) out of limits [1,16]"},
		{`string.pack("!17", 1)`, "!integral size (17) out of limits"},
		{`string.pack("y")`, "!invalid format option 'y'"},
		{`string.pack("c", "x")`, "!missing size for format option 'c'"},
		{`string.pack("X")`, "!invalid next option for option 'X'"},
		{`string.pack("Xz")`, "!invalid next option for option 'X'"},
		{`string.pack("Xc1")`, "!invalid next option for option 'X'"},
		{`string.pack("!4 b i3", 1, 1)`, "!format asks for alignment not power of 2"},
		{`string.pack("z", "a\0b")`, "!string contains zeros"},
		{`string.pack("c1", "ab")`, "!string longer than given size"},
		{`string.pack("s1", ("x"):rep(256))`, "!string length does not fit in given size"},
		{`string.packsize("z")`, "!variable-length format"},
		{`string.packsize("s")`, "!variable-length format"},
		{`string.packsize("c2147483647c1")`, "!format result too large"},
		{`string.packsize("c99999999999999999999c1")`, "!format result too large"},
	})
}

func TestUnpack(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`string.unpack("<i2 >i2", "\1\0\0\1")`, "1\t1\t5"},
		{`string.unpack("bB", "\255\255")`, "-1\t255\t3"},
		{`string.unpack(">I8", pkl.unhex("fedcba9876543210"))`, "18364758544493064720\t9"},
		{`string.unpack(">i8", pkl.unhex("ffffffffffffffff"))`, "-1\t9"},
		{`string.unpack(">i8", pkl.unhex("ffdfffffffffffff")), string.unpack(">i8", pkl.unhex("ffe0000000000000"))`, "18437736874454810623\t-9007199254740992\t9"},
		{`string.unpack(">I8", pkl.unhex("001fffffffffffff")), type((string.unpack(">I8", pkl.unhex("0020000000000000"))))`, "9007199254740991\tuserdata"},
		{`string.unpack("z", "ab\0cd"), string.unpack(">s2", "\0\2abc"), string.unpack("c2", "abc")`, "ab\tab\tab\t3"},
		{`string.unpack("z", "ab\0cd", 4)`, "!unfinished string for format 'z'"},
		{`string.unpack("<!4 b i4", "\1\0\0\0\2\0\0\0"), string.unpack("x b", "\0\5")`, "1\t5\t3"},
		{`string.unpack("B", "abc", 2), string.unpack("B", "abc", -1), string.unpack("", "abc", 4)`, "98\t99\t4"},
		{`string.unpack(">d", pkl.unhex("3ff8000000000000")), string.unpack("<f", pkl.unhex("000000bf"))`, "1.5\t-0.5\t5"},
		{`string.unpack("<i16", ("\255"):rep(16)), string.unpack(">I16", ("\0"):rep(15) .. "\7")`, "-1\t7\t17"},
		{`string.unpack("<I16", ("\255"):rep(16))`, "!16-byte integer does not fit"},
		{`string.unpack("<i9", ("\255"):rep(8) .. "\0")`, "!9-byte integer does not fit"},
		{`string.unpack("i4", "abc")`, "!bad argument #2 to unpack (data string too short)"},
		{`string.unpack("s4", "\255\255\255\255")`, "!data string too short"},
		{`string.unpack("s8", ("\255"):rep(8))`, "!data string too short"},
		{`string.unpack("c2147483647", "")`, "!data string too short"},
		{`string.unpack("B", "a", 3)`, "!initial position out of string"},
		{`string.unpack("B", "a", -2)`, "!initial position out of string"},
		{`string.unpack("B", "a", 0)`, "!initial position out of string"},
		{`string.unpack("c99999999999999999999", "a")`, "!data string too short"},
	})
}

// FuzzPackRoundTrip packs what it unpacked and looks for the same values.
func FuzzPackRoundTrip(f *testing.F) {
	f.Add("<i4 >I8 z", []byte("\x01\x02\x03\x04\xff\xff\xff\xff\xff\xff\xff\xffabc\x00"))
	f.Add("!8 b d s1 x Xi4 j", []byte(strings.Repeat("\x01\xfe", 40)))
	f.Add("c3 f n B T i16", make([]byte, 60))
	h := newHost(f, Config{MaxString: 1 << 16})
	lib := h.GetGlobal("string").(*lua.LTable)
	f.Fuzz(func(t *testing.T, format string, data []byte) {
		defer h.SetTop(0)
		first, ok := call(t, h, lib, "unpack", lua.LString(format), lua.LString(data))
		if !ok {
			return
		}
		call(t, h, lib, "packsize", lua.LString(format))
		values := first[:len(first)-1]
		packed, ok := call(t, h, lib, "pack", append([]lua.LValue{lua.LString(format)}, values...)...)
		if !ok {
			return // alignment padding, counted from another start, may differ
		}
		second, ok := call(t, h, lib, "unpack", lua.LString(format), packed[0])
		if !ok || fmt.Sprint(describeAll(first)) != fmt.Sprint(describeAll(second)) {
			t.Errorf("%q: %v, then %v", format, describeAll(first), describeAll(second))
		}
	})
}

func describeAll(values []lua.LValue) []string {
	var out []string
	for _, v := range values {
		switch v := v.(type) {
		case lua.LNumber:
			out = append(out, fmt.Sprintf("%x", math.Float64bits(float64(v))))
		case *lua.LUserData:
			out = append(out, fmt.Sprint(v.Value))
		default:
			out = append(out, v.String())
		}
	}
	return out
}

// call calls a library function; a Go panic is a failure, a Lua error is not.
func call(t *testing.T, h *host, lib *lua.LTable, name string, args ...lua.LValue) ([]lua.LValue, bool) {
	h.SetTop(0)
	err := h.CallByParam(lua.P{Fn: lib.RawGetString(name), NRet: lua.MultRet, Protect: true}, args...)
	if err != nil {
		if e, ok := err.(*lua.ApiError); ok && (e.Type == lua.ApiErrorPanic || strings.Contains(e.Error(), "runtime error")) {
			t.Fatalf("%s%v: %v", name, args, err)
		}
		return nil, false
	}
	values := make([]lua.LValue, h.GetTop())
	for i := range values {
		values[i] = h.Get(i + 1)
	}
	return values, true
}
