package lualib

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A Uint64 is the Go value inside a pkl.u64 userdata. It is never below 2^53:
// such values are plain Lua numbers, so that == compares right.
type Uint64 uint64

// String returns u in decimal.
func (u Uint64) String() string { return strconv.FormatUint(uint64(u), 10) }

// NewU64 returns v as a Lua value: a number below 2^53, else a pkl.u64.
func NewU64(L *lua.LState, v uint64) lua.LValue {
	if v < maxExact {
		return lua.LNumber(v)
	}
	ud := L.NewUserData()
	ud.Value = Uint64(v)
	ud.Metatable = u64Metatable(L)
	return ud
}

// ToUint64 returns the value of a pkl.u64, or of a whole number from 0 to 2^53.
func ToUint64(v lua.LValue) (uint64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		f := float64(v)
		return uint64(f), f >= 0 && isWhole(f)
	case *lua.LUserData:
		u, ok := v.Value.(Uint64)
		return uint64(u), ok
	}
	return 0, false
}

// isU64 reports whether v is a pkl.u64 userdata.
func isU64(v lua.LValue) bool {
	ud, ok := v.(*lua.LUserData)
	if !ok {
		return false
	}
	_, ok = ud.Value.(Uint64)
	return ok
}

// parseU64 reads decimal digits, or hexadecimal ones after 0x. A minus counts
// down from 2^64, as in arithmetic: so signed fields of 64 bits are written.
func parseU64(text string) (uint64, error) {
	s, base := strings.TrimSpace(text), 10
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n < 0 {
		return uint64(n), nil
	}
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		s, base = s[2:], 16
	}
	v, err := strconv.ParseUint(s, base, 64)
	switch {
	case err == nil:
		return v, nil
	case err.(*strconv.NumError).Err == strconv.ErrRange:
		return 0, fmt.Errorf("%q does not fit in 64 bits", text)
	}
	return 0, fmt.Errorf("%q is no whole number", text)
}

// unsigned converts what pkl.u64(x) accepts.
func unsigned(v lua.LValue) (uint64, error) {
	if s, ok := v.(lua.LString); ok {
		return parseU64(string(s))
	}
	if u, ok := ToUint64(v); ok {
		return u, nil
	}
	n, ok := v.(lua.LNumber)
	switch f := float64(n); {
	case !ok:
		return 0, fmt.Errorf("number, text or u64 expected, got %s", v.Type())
	case f != math.Trunc(f):
		return 0, fmt.Errorf("%v is no whole number", v)
	case f < 0:
		return 0, fmt.Errorf("%v is negative", v)
	}
	return 0, fmt.Errorf("%v is beyond 2^53 and so not exact; write it as text", v)
}

// modular converts an operand of modulo-2^64 arithmetic: negative numbers count
// down from 2^64.
func modular(v lua.LValue) (uint64, error) {
	if n, ok := v.(lua.LNumber); ok && n < 0 && isWhole(float64(n)) {
		return uint64(int64(n)), nil
	}
	return unsigned(v)
}

// compare orders numbers and u64 values.
func compare(a, b lua.LValue) (int, error) {
	fa, ua, err := orderable(a)
	if err != nil {
		return 0, err
	}
	fb, ub, err := orderable(b)
	if err != nil {
		return 0, err
	}
	switch {
	case fa < fb || fa == fb && ua < ub:
		return -1, nil
	case fa > fb || ua > ub:
		return 1, nil
	}
	return 0, nil
}

// orderable splits v into a float rounded down and, where that was inexact, the
// exact value: float order first, exact order second, is the order of the values.
func orderable(v lua.LValue) (float64, uint64, error) {
	if u, ok := ToUint64(v); ok {
		return floorFloat(u), u, nil
	}
	n, ok := v.(lua.LNumber)
	if !ok || n != n {
		return 0, 0, fmt.Errorf("cannot order %s", describe(v))
	}
	if f := float64(n); f >= maxExact && f < 1<<64 {
		return f, uint64(f), nil
	}
	return float64(n), 0, nil
}

// floorFloat is the largest float64 not above u.
func floorFloat(u uint64) float64 {
	f := float64(u)
	if f >= 1<<64 || uint64(f) > u {
		return math.Nextafter(f, 0)
	}
	return f
}

func describe(v lua.LValue) string {
	if n, ok := v.(lua.LNumber); ok {
		return n.String()
	}
	return "a " + v.Type().String()
}
