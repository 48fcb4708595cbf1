package luabind

import (
	lua "github.com/yuin/gopher-lua"
)

// recordString is tostring of a layer or an item: name, field=value …
func (s *State) recordString(L *lua.LState) int {
	r := checkRecord(L, 1)
	L.Push(lua.LString(r.live(L).AppendRecord(nil, r.id)))
	return 1
}

// listString is tostring(l): its items.
func (s *State) listString(L *lua.LState) int {
	l := checkList(L, 1)
	L.Push(lua.LString(l.live(L).AppendList(nil, l.id)))
	return 1
}
