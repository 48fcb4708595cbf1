package lualib

import (
	"fmt"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

func TestStrings(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`("hello"):sub(2), ("hello"):sub(2, 3), ("hello"):sub(-3), ("hello"):sub(-3, -2), ("hello"):sub(0), ("hello"):sub(10)`, "ello\tel\tllo\tll\thello\t"},
		{`("hello"):sub(3, 2), ("hello"):sub(1, math.huge), ("hello"):sub(-math.huge, 1), ("hello"):sub(1, -100), ("hello"):sub("2", "3")`, "\thello\th\t\tel"},
		{`("abc"):byte(), ("abc"):byte(2), ("abc"):byte(-1), ("abc"):byte(1, -1)`, "97\t98\t99\t97\t98\t99"},
		{`select("#", ("abc"):byte(10)), select("#", (""):byte()), ("abc"):byte(0, 1)`, "0\t0\t97"},
		{`string.char(), string.char(72, 105), string.char(0, 255) == "\0\255"`, "\tHi\ttrue"},
		{`string.char(256)`, "!bad argument #1 to char (invalid value)"},
		{`string.char(1, -1)`, "!bad argument #2 to char (invalid value)"},
		{`("\200aZé"):upper() == "\200AZé", ("\200AzÉ"):lower() == "\200azÉ", ("abc"):reverse(), ("\200\0"):len()`, "true\ttrue\tcba\t2"},
		{`("ab"):rep(3), ("ab"):rep(0), ("ab"):rep(-1), (""):rep(1e9), ("a"):rep(3, ","), ("a"):rep(1, ",")`, "ababab\t\t\t\ta,a,a\ta"},
		{`string.rep()`, "!bad argument #1 to rep (string expected, got nil)"},
		{`#("x"):rep(16 * 2^20)`, "16777216"},
	})
}

func TestStringsAgainstStock(t *testing.T) {
	own, stock := newHost(t, Config{}).LState, lua.NewState()
	defer stock.Close()
	for _, i := range []int{-7, -3, -1, 0, 1, 2, 5, 6, 9} {
		for _, j := range []int{-7, -3, -1, 1, 2, 5, 6, 9} {
			sameAsStock(t, own, stock, fmt.Sprintf("string.sub('hello', %d, %d)", i, j))
			if i > 0 {
				sameAsStock(t, own, stock, fmt.Sprintf("string.byte('hello', %d, %d)", i, j))
			}
		}
	}
}

func TestFormat(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`string.format("%d %5d|%-5d|%05d %+d % d", 1, 2, 3, 4, 5, 6)`, "1     2|3    |00004 +5  6"},
		{`string.format("%d %d %i %.3d|%5.2d|%-05d|", 3.7, -3.7, "12", 5, 6, 7)`, "3 -3 12 005|   06|7    |"},
		{`string.format("%#06x %#-6x| %#08X %#6x", 2048, 1, 171, 1)`, "0x0800 0x1   | 0X0000AB    0x1"},
		{`tonumber("+5", 8), tonumber("+0x1f"), tonumber("-+5", 8)`, "5\t31\tnil"},
		{`string.format("%u %x %X %#x %o %#o %#x %#X", 1, 255, 255, 255, 8, 8, 0, 171)`, "1 ff FF 0xff 10 010 0 0XAB"},
		{`string.format("%x %u %o", -1, -1, -1)`, "ffffffffffffffff 18446744073709551615 1777777777777777777777"},
		{`string.format("%+x|% u|%04x|%-6x|", 10, 10, 10, 10)`, "a|10|000a|a     |"},
		{`string.format("%d %x %X %u %o", pkl.u64("0xffffffffffffffff"), pkl.u64("0xfedcba9876543210"), pkl.u64("0xfedcba9876543210"), pkl.u64("9007199254740993"), pkl.u64("0x8000000000000000"))`,
			"18446744073709551615 fedcba9876543210 FEDCBA9876543210 9007199254740993 1000000000000000000000"},
		{`string.format("%s %s %s %s %5s|%-5s|%.2s|%5.1s|", 1, true, nil, pkl.u64("0xffffffffffffffff"), "a", "b", "cde", "fgh")`, "1 true nil 18446744073709551615     a|b    |cd|    f|"},
		{`string.format("%s", setmetatable({}, {__tostring = function() return "T" end}))`, "T"},
		{`string.format("%5s|%.1s|", "é", "é") == "   é|\195|"`, "true"},
		{`string.format("%c%c%c|%3c|%-3c|", 76, 117, 97, 65, 66)`, "Lua|  A|B  |"},
		{`string.format("%f %.0f %.2f %5.1f %e %.3E %g %g %g %g %G %.3g %#.3g", 1.5, 2.5, 1/3, 3.14159, 12345.678, 0.00012, 100000, 1e6, 0.0001, 1e-5, 1e-10, 1234567, 1)`,
			"1.500000 2 0.33   3.1 1.234568e+04 1.200E-04 100000 1e+06 0.0001 1e-05 1E-10 1.23e+06 1.00"},
		{`string.format("%f %g %e %5.1f|%+f|%G", math.huge, -math.huge, math.huge, math.huge, math.huge, math.huge)`, "inf -inf inf   inf|+inf|INF"},
		{`string.format("%f", 0/0):gsub("-", "")`, "nan\t0"},
		{`string.format("%q", 'a "b" \\ \n \r \0 \200') == '"a \\"b\\" \\\\ \\\n \\r \\000 \200"'`, "true"},
		{`string.format("100%%"), string.format(""), string.format("%d%%", 5)`, "100%\t\t5%"},
		{`string.format("%99d", 1):len(), string.format("%.99f", 1):len()`, "99\t101"},
		{`string.format("%d", 2^63 - 1024), string.format("%d", 2^63), string.format("%d", -2^63)`, "9223372036854774784\t9223372036854775808\t-9223372036854775808"},
		{`string.format("%100d", 1)`, "!invalid format (width or precision too long)"},
		{`string.format("%.100f", 1)`, "!invalid format (width or precision too long)"},
		{`string.format("%------d", 1)`, "!invalid format (repeated flags)"},
		{`string.format("%y", 1)`, "!invalid option '%y' to 'format'"},
		{`string.format("%")`, "!invalid option '%' to 'format'"},
		{`string.format("%d")`, "!bad argument #2 to format (no value)"},
		{`string.format("%d %d", 1)`, "!bad argument #3 to format (no value)"},
		{`string.format("%d", "x")`, "!bad argument #2 to format (number expected, got string)"},
		{`string.format("%d", {})`, "!number expected, got table"},
		{`string.format("%d", 1e300)`, "!number has no integer representation"},
		{`string.format("%d", 0/0)`, "!number has no integer representation"},
		{`string.format("%q", {})`, "!bad argument #2 to format (string expected, got table)"},
	})
}

func TestFormatAgainstStock(t *testing.T) {
	own, stock := newHost(t, Config{}).LState, lua.NewState()
	defer stock.Close()
	for _, verb := range []string{"d", "5d", "-5d", "05d", "x", "X", "4x", "f", ".2f", "8.3f", "e", "-12.1e", "s", "5s", "-5s", ".1s", "c"} {
		for _, v := range []string{"0", "1", "42", "123456", "77"} {
			if verb == "c" && len(v) > 2 {
				continue // the stock function writes UTF-8
			}
			sameAsStock(t, own, stock, fmt.Sprintf("string.format('<%%%s>', %s)", verb, v))
		}
	}
}
