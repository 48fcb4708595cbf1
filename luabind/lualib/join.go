package lualib

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Join is a .. b .. c as a function. The virtual machine's own operator makes a
// text of any size in one instruction, which nothing can end; this one keeps to
// Config.MaxString. And it writes numbers as tostring does.
func (st *State) Join(L *lua.LState) int { return join(L, func(size int) { st.checkLen(L, size) }) }

// JoinAny is Join without a bound.
func (st *State) JoinAny(L *lua.LState) int { return join(L, func(int) {}) }

func join(L *lua.LState, check func(size int)) int {
	n := L.GetTop()
	rhs := L.Get(n)
	for n--; n > 0; {
		if lhs := L.Get(n); !lua.LVCanConvToString(lhs) || !lua.LVCanConvToString(rhs) {
			rhs = joinMeta(L, lhs, rhs)
			n--
			continue
		}
		var room [8]string
		parts, size := append(room[:0], toText(L, rhs)), 0
		for ; n > 0 && lua.LVCanConvToString(L.Get(n)); n-- {
			parts = append(parts, toText(L, L.Get(n)))
		}
		for _, p := range parts {
			size += len(p)
		}
		check(size)
		slices.Reverse(parts)
		rhs = lua.LString(strings.Join(parts, ""))
	}
	return ret(L, rhs)
}

// joinMeta is lhs .. rhs where one of them is no text.
func joinMeta(L *lua.LState, lhs, rhs lua.LValue) lua.LValue {
	op := L.GetMetaField(lhs, "__concat")
	if op == lua.LNil {
		op = L.GetMetaField(rhs, "__concat")
	}
	if op.Type() != lua.LTFunction {
		L.RaiseError("cannot perform concat operation between %v and %v", lhs.Type(), rhs.Type())
	}
	L.Push(op)
	L.Push(lhs)
	L.Push(rhs)
	L.Call(2, 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}
