package lualib

import (
	"strings"
	"testing"
)

func TestHex(t *testing.T) {
	checkCases(t, Config{}, []luaCase{
		{`pkl.hex("\0\1\255az"), pkl.hex("")`, "0001ff617a\t"},
		{`pkl.unhex("4a 4B:6c\n"), pkl.unhex(""), pkl.unhex("4 a")`, "JKl\t\tJ"},
		{`pkl.unhex(pkl.hex("\0\128\255")) == "\0\128\255"`, "true"},
		{`pkl.unhex("4a4g")`, "!test.lua:1: unhex: 'g' at position 4 is no hexadecimal digit"},
		{`pkl.unhex("4a4")`, "!3 digits: the last byte is incomplete at position 3"},
		{`pkl.unhex()`, "!bad argument #1 to unhex"},
	})
}

func TestLog(t *testing.T) {
	h := newHost(t, Config{})
	msg := h.run(t, `pkl.log.info("a", 1, nil, true)
		pkl.log.warn("%d of %s", 5, "x")
		pkl.log.error("100%")
		pkl.log.info()
		pkl.log.info("a\nb\27[0m\tü")
		pkl.log.info(pkl.u64("0xffffffffffffffff"));
		(function() pkl.log.warn("in") end)()`)
	want := []string{
		"info: test.lua:1: a 1 nil true", "warn: test.lua:2: 5 of x", "error: test.lua:3: 100%", "info: test.lua:4: ",
		`info: test.lua:5: a\x0ab\x1b[0m` + "\tü", "info: test.lua:6: 18446744073709551615", "warn: test.lua:7: in",
	}
	if msg != "" || strings.Join(h.log, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\n%s", msg, strings.Join(h.log, "\n"))
	}
}
