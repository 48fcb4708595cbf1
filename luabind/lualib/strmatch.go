package lualib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A finder pushes the results of one match from s to e.
type finder struct {
	plain bool // a pattern without special characters may be looked up as it is
	push  func(m *matcher, s, e int) int
}

// strFind is string.find(s, pattern [, init [, plain]]).
func strFind() finder {
	return finder{plain: true, push: func(m *matcher, s, e int) int {
		m.L.Push(lua.LNumber(s + 1))
		m.L.Push(lua.LNumber(e))
		return 2 + m.pushCaptures(s, e, false)
	}}
}

// strMatch is string.match(s, pattern [, init]).
func strMatch() finder {
	return finder{push: func(m *matcher, s, e int) int { return m.pushCaptures(s, e, true) }}
}

// find1 makes a function that looks for the first match.
func (st *State) find1(kind func() finder) lua.LGFunction {
	f := kind()
	return func(L *lua.LState) int {
		src, pat := L.CheckString(1), L.CheckString(2)
		from, _ := span(optInt(L, 3, 1), 0, len(src))
		from = min(from, len(src))
		if f.plain && (L.ToBool(4) || !strings.ContainsAny(pat, "^$*+?.([%-")) {
			return findPlain(L, src, pat, from)
		}
		m := st.matcher(L, src, pat)
		if s, e := m.search(from); e >= 0 {
			return f.push(m, s, e)
		}
		return ret(L, lua.LNil)
	}
}

// matcher returns the state's matcher, for uses that do not call back into Lua.
func (st *State) matcher(L *lua.LState, src, pat string) *matcher {
	st.scratch.start(L, src, pat, st.cfg.PatternSteps)
	return &st.scratch
}

func findPlain(L *lua.LState, src, pat string, from int) int {
	i := strings.Index(src[from:], pat)
	if i < 0 {
		return ret(L, lua.LNil)
	}
	L.Push(lua.LNumber(from + i + 1))
	L.Push(lua.LNumber(from + i + len(pat)))
	return 2
}

// search looks for the first match that begins at from or behind; the end is -1
// if there is none. A ^ at the start of the pattern ties it to from.
func (m *matcher) search(from int) (s, e int) {
	if strings.HasPrefix(m.pat, "^") {
		return from, m.at(from, 1)
	}
	return m.scan(from)
}

// scan is search for a pattern that is not tied.
func (m *matcher) scan(from int) (s, e int) {
	c, literal := m.firstByte()
	for s = from; s <= len(m.src); s++ {
		if literal {
			skip := strings.IndexByte(m.src[s:], c)
			if skip < 0 {
				break
			}
			m.step(1 + skip/16)
			s += skip
		}
		if e = m.at(s, 0); e >= 0 {
			return s, e
		}
	}
	return 0, -1
}

// firstByte returns the byte that every match begins with, if the pattern
// begins with a plain character.
func (m *matcher) firstByte() (c byte, ok bool) {
	const special = "^$*+?.([%-)"
	if m.pat == "" {
		return 0, false
	}
	c, end := m.pat[0], 1
	if c == '%' && len(m.pat) > 1 && !isAlpha(m.pat[1]) && !isDigit(m.pat[1]) {
		c, end = m.pat[1], 2
	} else if strings.IndexByte(special, c) >= 0 {
		return 0, false
	}
	return c, end == len(m.pat) || strings.IndexByte("*?-", m.pat[end]) < 0
}

// gmatch is string.gmatch(s, pattern). A ^ has no special meaning in it.
func (st *State) gmatch(L *lua.LState) int {
	src, pat, pos := L.CheckString(1), L.CheckString(2), 0
	return ret(L, L.NewFunction(func(L *lua.LState) int {
		m := st.matcher(L, src, pat)
		s, e := m.scan(pos)
		if e < 0 {
			pos = len(src) + 1
			return ret(L, lua.LNil)
		}
		pos = max(e, s+1)
		return m.pushCaptures(s, e, true)
	}))
}
