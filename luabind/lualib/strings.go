package lualib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openString puts an own string library in place of the stock one, which treats
// bytes as Unicode, knows no bounds, and lets scripts at the methods of all texts.
// A full state may add methods to the string table; a confined one has the
// methods in a table of their own, out of reach.
func (st *State) openString(L *lua.LState) {
	lib := L.RegisterModule(lua.StringLibName, nil).(*lua.LTable)
	lib.RawSetString("dump", lua.LNil)
	lib.RawSetString("__index", lua.LNil)
	setFuncs(L, lib, st.stringFuncs())
	lib.RawSetString("gfind", lib.RawGetString("gmatch"))
	methods := lib
	if st.cfg.Libs&Full == 0 {
		methods = copyTable(L, lib)
	}
	mt := sealed(L)
	mt.RawSetString("__index", methods)
	L.SetMetatable(lua.LString(""), mt)
}

func (st *State) stringFuncs() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"byte":     strByte,
		"char":     strChar,
		"find":     st.find1(strFind),
		"format":   st.format,
		"gmatch":   st.gmatch,
		"gsub":     st.gsub,
		"len":      func(L *lua.LState) int { return ret(L, lua.LNumber(len(L.CheckString(1)))) },
		"lower":    mapBytes('A', 'Z'),
		"match":    st.find1(strMatch),
		"pack":     st.pack,
		"packsize": packSize,
		"rep":      st.rep,
		"reverse":  strReverse,
		"sub":      strSub,
		"unpack":   strUnpack,
		"upper":    mapBytes('a', 'z'),
	}
}

// span converts positions i to j, counted from 1 or, if negative, from the end,
// to a Go slice range of a text of n bytes.
func span(i, j, n int) (from, to int) {
	if i < 0 {
		i = n + i + 1
	}
	if j < 0 {
		j = n + j + 1
	}
	from, to = max(i, 1)-1, min(j, n)
	return from, max(from, to)
}

// strSub is string.sub(s, i [, j]).
func strSub(L *lua.LState) int {
	s := L.CheckString(1)
	from, to := span(argInt(L, 2), optInt(L, 3, -1), len(s))
	if from >= len(s) {
		return retText(L, "")
	}
	return retText(L, s[from:to])
}

// strByte is string.byte(s [, i [, j]]).
func strByte(L *lua.LState) int {
	s := L.CheckString(1)
	i := optInt(L, 2, 1)
	from, to := span(i, optInt(L, 3, i), len(s))
	if from >= to {
		return 0
	}
	if to-from > maxResults {
		L.RaiseError("string slice too long")
	}
	for _, c := range []byte(s[from:to]) {
		L.Push(lua.LNumber(c))
	}
	return to - from
}

// strChar is string.char(…).
func strChar(L *lua.LState) int {
	b := make([]byte, L.GetTop())
	for n := range b {
		v := argInt(L, n+1)
		if v < 0 || v > 255 {
			L.ArgError(n+1, "invalid value")
		}
		b[n] = byte(v)
	}
	return retText(L, string(b))
}

// rep is string.rep(s, n [, sep]).
func (st *State) rep(L *lua.LState) int {
	s, n := L.CheckString(1), argInt(L, 2)
	sep := L.OptString(3, "")
	if n <= 0 {
		return retText(L, "")
	}
	if each := len(s) + len(sep); each > 0 && n > (st.cfg.MaxString+len(sep))/each {
		L.RaiseError("resulting text is longer than %d bytes", st.cfg.MaxString)
	} else if each == 0 {
		return retText(L, "")
	}
	return retText(L, strings.Repeat(s+sep, n-1)+s)
}

func strReverse(L *lua.LState) int {
	b := []byte(L.CheckString(1))
	slices.Reverse(b)
	return retText(L, string(b))
}

// mapBytes changes the case of the letters low to high, and no other byte: a
// text is often a piece of a packet.
func mapBytes(low, high byte) lua.LGFunction {
	return func(L *lua.LState) int {
		b := []byte(L.CheckString(1))
		for i, c := range b {
			if low <= c && c <= high {
				b[i] = c ^ 0x20
			}
		}
		return retText(L, string(b))
	}
}
