package lualib

import (
	"encoding/hex"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// RegisterHex adds hex and unhex to tb, the pkl table.
func RegisterHex(L *lua.LState, tb *lua.LTable) {
	tb.RawSetString("hex", L.NewFunction(func(L *lua.LState) int {
		return retText(L, hex.EncodeToString([]byte(argText(L, 1, "hex"))))
	}))
	tb.RawSetString("unhex", L.NewFunction(func(L *lua.LState) int {
		b, err := Unhex(argText(L, 1, "unhex"))
		if err != nil {
			L.RaiseError("unhex: %v", err)
		}
		return retText(L, string(b))
	}))
}

// Unhex reads pairs of hexadecimal digits. White space and colons do not count.
func Unhex(text string) ([]byte, error) {
	b := make([]byte, 0, len(text)/2)
	half, digits := byte(0), 0
	for i := range len(text) {
		c := text[i]
		if strings.IndexByte(luaSpace+":", c) >= 0 {
			continue
		}
		v, ok := hexDigit(c)
		if !ok {
			return nil, fmt.Errorf("%q at position %d is no hexadecimal digit", c, i+1)
		}
		if digits++; digits%2 == 0 {
			b = append(b, half<<4|v)
		}
		half = v
	}
	if digits%2 != 0 {
		return nil, fmt.Errorf("%d digits: the last byte is incomplete at position %d", digits, len(text))
	}
	return b, nil
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case isDigit(c):
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

// RegisterLog adds log.info, log.warn and log.error to tb, the pkl table. Each
// call hands one line without its end, "info: file:line: text", to write. Several
// values are joined by blanks; a first text with % directives formats the others.
func (st *State) RegisterLog(L *lua.LState, tb *lua.LTable, write func(line string)) {
	logTable := L.NewTable()
	for _, level := range []string{"info", "warn", "error"} {
		logTable.RawSetString(level, L.NewFunction(func(L *lua.LState) int {
			where := L.Where(1)
			write(printable(level + ": " + where + " " + st.message(L)))
			return 0
		}))
	}
	tb.RawSetString("log", logTable)
}

// message is the arguments as one text.
func (st *State) message(L *lua.LState) string {
	first, ok := L.Get(1).(lua.LString)
	if ok && L.GetTop() > 1 && strings.Contains(string(first), "%") {
		st.format(L)
		return toText(L, L.Get(-1))
	}
	parts := make([]string, L.GetTop())
	for i := range parts {
		parts[i] = toText(L, L.Get(i+1))
	}
	return strings.Join(parts, " ")
}

// printable keeps what packets contain from moving the cursor of a terminal, or
// from looking like a line of its own.
func printable(s string) string {
	if !strings.ContainsFunc(s, isControl) {
		return s
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		if isControl(rune(c)) {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
