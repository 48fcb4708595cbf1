package luabind

import (
	"slices"
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
			f := s.fieldsOf(l.slot, "")
			w := s.wanted(L, f, want)
			return func(_ *lua.LState, _ core.ID, item lua.LValue, _ int) bool { return w.is(item, f[0]) }
		}
	}
	L.RaiseError("list %s: find needs a table of fields or a function", l.slot)
	return nil
}

// fieldMatcher compares fields with wanted values.
func (s *State) fieldMatcher(L *lua.LState, l *listRef, table *lua.LTable) itemMatcher {
	wants := map[string]wanted{}
	table.ForEach(func(k, v lua.LValue) {
		name := k.String()
		switch fields := s.fieldsOf(l.slot, name); {
		case fields != nil:
			wants[name] = s.wanted(L, fields, v)
		case name == "body" || s.fieldsOf(l.slot, strings.TrimSuffix(name, "_raw")) != nil:
			wants[name] = wanted{{v: v}}
		default:
			L.RaiseError("item of %s has no field %q%s", l.slot, name, hint(name, listNames(l.slot)))
		}
	})
	return func(L *lua.LState, id core.ID, item lua.LValue, _ int) bool {
		r := item.(*lua.LUserData).Value.(*recordRef)
		p := r.live(L)
		for name, w := range wants {
			m := s.member(L, r, p, name)
			f := m.slot
			if m.kind == isField && f.Alt != nil {
				f = p.Pick(id, f)
			}
			if !w.is(s.readMember(L, r, p, m), f) {
				return false
			}
		}
		return true
	}
}

// A listField is a name in the items of a list; "" stands for items that are values.
type listField struct {
	list *core.Slot
	name string
}

// fieldsOf returns the fields of that name in the items of a list. Kinds of items have fields of their own.
func (s *State) fieldsOf(list *core.Slot, name string) []*core.Slot {
	key := listField{list, name}
	fields, ok := s.fields[key]
	if ok {
		return fields
	}
	for _, lay := range list.Layouts() {
		f := lay.Slot(name)
		if name == "" && list.Plain() {
			f = lay.Slots[0]
		}
		for ; f != nil; f = f.Alt {
			if n := len(fields); n == 0 || fields[n-1].Field != f.Field {
				fields = append(fields, f)
			}
		}
	}
	if fields != nil {
		s.fields[key] = fields
	}
	return fields
}

// A wanted value is what fields of one name read as that have it: a text may
// stand for different values in different kinds of items.
type wanted []wantedIn

type wantedIn struct {
	f *core.Field
	v lua.LValue
}

// wanted says what v is in the fields. It has to fit one of them.
func (s *State) wanted(L *lua.LState, fields []*core.Slot, v lua.LValue) (w wanted) {
	var first error
	for _, f := range fields {
		switch is, err := f.Reads(fromLua(L, v)); {
		case err == nil:
			w = append(w, wantedIn{f.Field, s.value(f, is, v)})
		case first == nil:
			first = err
		}
	}
	if len(w) == 0 {
		raise(L, first)
	}
	return w
}

// value is v, which f has read, as a Lua value; given is what it was read from.
func (s *State) value(f *core.Slot, v any, given lua.LValue) lua.LValue {
	switch v := v.(type) {
	case string:
		return lua.LString(v)
	case uint64:
		switch {
		case f.Bool():
			return boolean(v != 0)
		case f.Signed:
			return s.signed(f.Int(v))
		}
		return s.number(v)
	}
	return given
}

// is reports whether field f, which reads as have, has the value. What is no
// field's value is in a wanted value without one.
func (w wanted) is(have lua.LValue, f *core.Slot) bool {
	return slices.ContainsFunc(w, func(in wantedIn) bool {
		return (in.f == nil || f != nil && f.Field == in.f) && same(have, in.v)
	})
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
