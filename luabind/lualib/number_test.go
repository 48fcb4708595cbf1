package lualib

import (
	"os/exec"
	"testing"
)

// TestNumberText compares the text of numbers with that of Lua 5.1.
func TestNumberText(t *testing.T) {
	real, err := exec.LookPath("lua5.1")
	if err != nil {
		t.Skip("lua5.1 is not installed")
	}
	const src = `for _, n in ipairs{0, 1, -1, 3.0, 0.1, 0.1 + 0.2, 1/3, -2/3, 1764000000.123456, 123456.75, 1e-4, 1.5e-5, 1e-7, -1.5e-300, 1e100, 2^63, -2^70,
		99999999999999, -99999999999999, 99999999999999.5, 1e14 + 0.5, 123456789.123456789, math.pi, 1/0, -1/0} do
		print(n, tostring(n), ("%s|"):format(n), table.concat({n, n}, " "))
		io.write(n, "\n")
	end`
	want, err := exec.Command(real, "-e", src).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, want)
	}
	h := newHost(t, Config{Libs: Full})
	if text, _ := h.call(t, src); h.out.String()+text != string(want) {
		t.Errorf("%s%s\nwant\n%s", h.out.String(), text, want)
	}
}

// TestWholeNumberText: whole numbers keep all their digits, which 5.1's do not.
func TestWholeNumberText(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`1e14, 1764000000123456, 2^53, -2^53, 2^62`, "100000000000000\t1764000000123456\t9007199254740992\t-9007199254740992\t4611686018427387904"},
		{`0/0`, "nan"},
	})
}
