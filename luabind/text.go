package luabind

import (
	lua "github.com/yuin/gopher-lua"
)

// recordString is tostring of a layer or an item: name, field=value … As when
// the packet is printed, it is brought up to date.
func (s *State) recordString(L *lua.LState) int {
	r := checkRecord(L, 1)
	p := r.live(L)
	p.Update()
	L.Push(lua.LString(p.AppendRecord(nil, r.id)))
	return 1
}

// listString is tostring(l): its items.
func (s *State) listString(L *lua.LState) int {
	l := checkList(L, 1)
	p := l.live(L)
	p.Update()
	L.Push(lua.LString(p.AppendList(nil, l.id)))
	return 1
}
