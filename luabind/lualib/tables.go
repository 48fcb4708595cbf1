package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// openTable replaces table.concat by one that knows userdata.
func (st *State) openTable(L *lua.LState) {
	tb := library(L, lua.TabLibName)
	tb.RawSetString("concat", L.NewFunction(st.concat))
}

// concat is table.concat(t [, sep [, i [, j]]]).
func (st *State) concat(L *lua.LState) int {
	tb := L.CheckTable(1)
	sep := ""
	if L.Get(2) != lua.LNil {
		sep = L.CheckString(2)
	}
	i, j := optInt(L, 3, 1), optInt(L, 4, tb.Len())
	var b []byte
	for k := i; k <= j; k++ {
		b = append(b, element(L, tb, k)...)
		if k < j {
			b = append(b, sep...)
		}
		st.checkLen(L, len(b))
	}
	return retText(L, string(b))
}

// element is t[k] as text; userdata and tables need a __tostring.
func element(L *lua.LState, tb *lua.LTable, k int) string {
	v := tb.RawGetInt(k)
	if !lua.LVCanConvToString(v) && L.GetMetaField(v, "__tostring") == lua.LNil {
		L.RaiseError("invalid value (%s) at index %d in table for concat", v.Type(), k)
	}
	return toText(L, v)
}

// checkLen raises if a text of n bytes is too long for a library function.
func (st *State) checkLen(L *lua.LState, n int) {
	if n > st.cfg.MaxString {
		L.RaiseError("resulting text is longer than %d bytes", st.cfg.MaxString)
	}
}
