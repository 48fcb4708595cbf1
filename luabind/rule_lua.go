package luabind

import (
	lua "github.com/yuin/gopher-lua"
)

func checkRule(L *lua.LState) *rule {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if r, ok := ud.Value.(*rule); ok {
			return r
		}
	}
	wrongType(L, 1, "rule")
	return nil
}

// ruleStop is r:stop(): the rule sees no more packets.
func ruleStop(L *lua.LState) int {
	checkRule(L).stopped.Store(true)
	return 0
}

// ruleStats is r:stats().
func (s *State) ruleStats(L *lua.LState) int {
	r := checkRule(L).stat()
	t := L.NewTable()
	t.RawSetString("name", lua.LString(r.Name))
	t.RawSetString("filter", lua.LString(r.Filter))
	t.RawSetString("active", lua.LBool(r.Active))
	t.RawSetString("hits", lua.LNumber(r.Hits))
	t.RawSetString("errors", lua.LNumber(r.Errors))
	t.RawSetString("time", lua.LNumber(r.Time.Seconds()))
	L.Push(t)
	return 1
}
