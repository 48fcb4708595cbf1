package luabind

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
	"pkl/luabind/lualib"
)

// listFind is l:find{field = value, …} or l:find(fn): the first item that is so,
// and its number.
func (s *State) listFind(L *lua.LState) int {
	l := checkList(L, 1)
	l.live(L)
	matches := s.matcher(L, l)
	for w := (walk{last: core.None}); ; {
		p := l.live(L)
		id, ok := w.next(p, l.id)
		if !ok {
			return 0
		}
		n := w.done
		item := s.item(l, p, id)
		if matches(L, id, item, n) {
			L.Push(item)
			L.Push(lua.LNumber(n))
			return 2
		}
	}
}

type itemMatcher = func(L *lua.LState, id core.ID, item lua.LValue, n int) bool

func (s *State) matcher(L *lua.LState, l *listRef) itemMatcher {
	switch want := L.Get(2).(type) {
	case *lua.LFunction:
		return func(L *lua.LState, _ core.ID, item lua.LValue, n int) bool {
			L.Push(want)
			L.Push(item)
			L.Push(lua.LNumber(n))
			L.Call(2, 1)
			ok := lua.LVAsBool(L.Get(-1))
			L.Pop(1)
			return ok
		}
	case *lua.LTable:
		if l.slot.Plain() {
			L.RaiseError("list %s: its items are values; find(value) or find(function)", l.slot)
		}
		return s.fieldMatcher(L, l, want)
	case *lua.LNilType:
	default:
		if l.slot.Plain() {
			return func(L *lua.LState, _ core.ID, item lua.LValue, _ int) bool { return same(item, want) }
		}
	}
	L.RaiseError("list %s: find needs a table of fields or a function", l.slot)
	return nil
}

// fieldMatcher compares fields with wanted values.
func (s *State) fieldMatcher(L *lua.LState, l *listRef, want *lua.LTable) itemMatcher {
	wanted := map[string]lua.LValue{}
	want.ForEach(func(k, v lua.LValue) { wanted[k.String()] = v })
	for name := range wanted {
		if !listHas(l.slot, name) {
			L.RaiseError("item of %s has no field %q%s", l.slot, name, hint(name, listNames(l.slot)))
		}
	}
	return func(L *lua.LState, id core.ID, item lua.LValue, _ int) bool {
		r := item.(*lua.LUserData).Value.(*recordRef)
		p := r.live(L)
		for name, v := range wanted {
			m := s.member(L, r, p, name)
			have := s.readMember(L, r, p, m)
			if !same(have, v) && !named(m, have, v) {
				return false
			}
		}
		return true
	}
}

func listHas(list *core.Slot, name string) bool {
	if name == "body" {
		return true
	}
	for _, lay := range list.Layouts() {
		if lay.Slot(strings.TrimSuffix(name, "_raw")) != nil {
			return true
		}
	}
	return false
}

func listNames(list *core.Slot) (names []string) {
	for _, lay := range list.Layouts() {
		names = append(names, fieldNames(lay)...)
	}
	return names
}

// same compares two values as == does, numbers also across kinds.
func same(a, b lua.LValue) bool {
	if a == b {
		return true
	}
	x, ok := lualib.ToUint64(a)
	y, ok2 := lualib.ToUint64(b)
	return ok && ok2 && x == y
}

// named reports whether v is the name of the value that an enumerated field has.
func named(m *member, have, v lua.LValue) bool {
	name, ok := v.(lua.LString)
	n, isNumber := lualib.ToUint64(have)
	if !ok || !isNumber || m.slot == nil || m.kind != isField {
		return false
	}
	for s := m.slot; s != nil; s = s.Alt {
		if strings.EqualFold(s.ValueName(n), string(name)) {
			return true
		}
	}
	return false
}
