package luabind

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// A verdictValue is what a handler may return: pkl.drop and its like.
type verdictValue struct {
	action Action
	queue  uint16
	name   string
}

func (s *State) newVerdict(v verdictValue) *lua.LUserData {
	return &lua.LUserData{Value: &v, Metatable: s.meta.verdict}
}

func verdictString(L *lua.LState) int {
	ud, _ := L.Get(1).(*lua.LUserData)
	if v, ok := ud.Value.(*verdictValue); ok {
		L.Push(lua.LString("pkl." + v.name))
		return 1
	}
	return 0
}

// pklQueue is pkl.queue(n).
func (s *State) pklQueue(L *lua.LState) int {
	n := int(checkUint(L, 1, 16, "queue"))
	if s.verdicts[n] == nil {
		s.verdicts[n] = s.newVerdict(verdictValue{Queue, uint16(n), fmt.Sprintf("queue(%d)", n)})
	}
	L.Push(s.verdicts[n])
	return 1
}

// verdictOf reads what a handler returned. ok is false where it is nothing a handler may return.
func verdictOf(v lua.LValue) (verdict *verdictValue, ok bool) {
	if v == lua.LNil {
		return nil, true
	}
	if ud, is := v.(*lua.LUserData); is {
		verdict, ok = ud.Value.(*verdictValue)
	}
	return verdict, ok
}
