package lualib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// gsub is string.gsub(s, pattern, replacement [, n]).
func (st *State) gsub(L *lua.LState) int {
	src, pat := L.CheckString(1), L.CheckString(2)
	replace := replacer(L)
	limit := optInt(L, 4, len(src)+1)
	pat, anchored := strings.CutPrefix(pat, "^")
	var m matcher
	m.start(L, src, pat, st.cfg.PatternSteps)
	find := m.scan
	if anchored {
		find = func(s int) (int, int) { return s, m.at(s, 0) }
	}
	var out []byte
	done, count := 0, 0 // done: how much of src is copied or replaced
	for from := 0; count < limit && from <= len(src); from = max(done, from+1) {
		s, e := find(from)
		if e < 0 {
			break
		}
		out = replace(&m, append(out, src[done:s]...), s, e)
		st.checkLen(L, len(out))
		done, from = e, s
		if count++; anchored {
			break
		}
	}
	L.Push(lua.LString(append(out, src[done:]...)))
	L.Push(lua.LNumber(count))
	return 2
}

// A replaceFunc appends to out what replaces the match from s to e.
type replaceFunc func(m *matcher, out []byte, s, e int) []byte

// replacer returns what argument 3 asks for.
func replacer(L *lua.LState) replaceFunc {
	switch repl := L.Get(3).(type) {
	case lua.LString, lua.LNumber:
		return template(repl.String())
	case *lua.LTable:
		return func(m *matcher, out []byte, s, e int) []byte {
			return m.result(out, m.L.GetTable(repl, m.capture(0, s, e)), s, e)
		}
	case *lua.LFunction:
		return func(m *matcher, out []byte, s, e int) []byte {
			m.L.Push(repl)
			m.L.Call(m.pushCaptures(s, e, true), 1)
			v := m.L.Get(-1)
			m.L.Pop(1)
			return m.result(out, v, s, e)
		}
	}
	L.ArgError(3, "string/function/table expected, got "+typeName(L, 3))
	return nil
}

// result appends the value that a table or function gave; false and nil keep the match.
func (m *matcher) result(out []byte, v lua.LValue, s, e int) []byte {
	switch v := v.(type) {
	case lua.LString, lua.LNumber:
		return append(out, v.String()...)
	}
	if lua.LVIsFalse(v) {
		return append(out, m.src[s:e]...)
	}
	if isU64(v) {
		return append(out, toText(m.L, v)...)
	}
	m.fail("invalid replacement value (a " + v.Type().String() + ")")
	return nil
}

// template is a replacement text in which %0 to %9 stand for the match and its
// captures and %% for a percent sign.
func template(repl string) replaceFunc {
	if !strings.Contains(repl, "%") {
		return func(_ *matcher, out []byte, _, _ int) []byte { return append(out, repl...) }
	}
	return func(m *matcher, out []byte, s, e int) []byte {
		for i := 0; i < len(repl); i++ {
			c := repl[i]
			if c != '%' {
				out = append(out, c)
				continue
			}
			if i++; i == len(repl) {
				m.fail("invalid use of '%' in replacement string")
			}
			out = m.expand(out, repl[i], s, e)
		}
		return out
	}
}

// expand appends what %c stands for.
func (m *matcher) expand(out []byte, c byte, s, e int) []byte {
	switch {
	case c == '0':
		return append(out, m.src[s:e]...)
	case isDigit(c):
		return append(out, m.capture(int(c)-'1', s, e).String()...)
	}
	return append(out, c)
}
