package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// checkList returns argument n as a list.
func checkList(L *lua.LState, n int) *listRef {
	if ud, ok := L.Get(n).(*lua.LUserData); ok {
		if l, ok := ud.Value.(*listRef); ok {
			return l
		}
	}
	wrongType(L, n, "list")
	return nil
}

func (l *listRef) edit(L *lua.LState) *core.Packet {
	l.pk.edit(L)
	return l.live(L)
}

// item returns item id as a Lua value: a handle, or the value of a plain item.
func (s *State) item(l *listRef, p *core.Packet, id core.ID) lua.LValue {
	if l.slot.Plain() {
		return s.read(l.pk, p, id, p.LayoutOf(id).Slots[0])
	}
	return &s.newRecord(l.pk, id, s.typeOf(p, id)).ud
}

// listIndex is l[i], l.rest and the methods.
func (s *State) listIndex(L *lua.LState) int {
	l := checkList(L, 1)
	p := l.live(L)
	switch key := L.Get(2).(type) {
	case lua.LNumber:
		L.Push(s.itemAt(l, p, key))
		return 1
	case lua.LString:
		if fn := s.meta.listMethods[string(key)]; fn != nil {
			L.Push(fn)
			return 1
		}
		if key == "rest" {
			L.Push(s.text(p.Rest(l.id)))
			return 1
		}
		known := append(keysOf(s.meta.listMethods), "rest")
		L.RaiseError("list %s has no %q%s", l.slot, string(key), hint(string(key), known))
	}
	L.RaiseError("list %s: items are numbered from 1, not %s", l.slot, kindName(L.Get(2)))
	return 0
}

// itemAt is item n, from 1, or nil.
func (s *State) itemAt(l *listRef, p *core.Packet, n lua.LNumber) lua.LValue {
	items := p.Items(l.id)
	if i := int(n); float64(i) == float64(n) && i >= 1 && i <= len(items) {
		return s.item(l, p, items[i-1])
	}
	return lua.LNil
}

// listNewIndex is l[i] = v: it replaces item i, or appends after the last.
func (s *State) listNewIndex(L *lua.LState) int {
	l := checkList(L, 1)
	p := l.edit(L)
	n, ok := L.Get(2).(lua.LNumber)
	if !ok {
		L.RaiseError("list %s: items are numbered from 1; %s cannot be set", l.slot, describe(L.Get(2)))
	}
	if L.Get(3) == lua.LNil {
		L.RaiseError("list %s: nil is no item; l:remove(%d) takes one out", l.slot, int(n))
	}
	count := len(p.Items(l.id))
	i := position(L, l, n, count+1)
	v := itemValue(L, 3)
	if i == count {
		raise(L, p.InsertItem(l.id, i, v))
		return 0
	}
	raise(L, p.ReplaceItem(l.id, i, v))
	return 0
}

// position turns a number from 1 to most into an index.
func position(L *lua.LState, l *listRef, n lua.LNumber, most int) int {
	i := int(n)
	if float64(i) != float64(n) || i < 1 || i > most {
		L.RaiseError("list %s: there is no place %s (1 to %d)", l.slot, n.String(), most)
	}
	return i - 1
}

// asItem returns argument n, which must not be missing.
func asItem(L *lua.LState, n int) lua.LValue {
	if v := L.Get(n); v != lua.LNil {
		return v
	}
	L.RaiseError("an item is missing")
	return nil
}

func (s *State) listMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"each":   s.listEach,
		"append": s.listAppend,
		"insert": s.listInsert,
		"remove": s.listRemove,
		"clear":  listClear,
		"find":   s.listFind,
	}
}

func listLen(L *lua.LState) int {
	l := checkList(L, 1)
	L.Push(lua.LNumber(len(l.live(L).Items(l.id))))
	return 1
}

func listEqual(L *lua.LState) int {
	a, b := checkList(L, 1), checkList(L, 2)
	L.Push(boolean(a.pk == b.pk && a.id == b.id && a.epoch == b.epoch))
	return 1
}

// listAppend is l:append(item).
func (s *State) listAppend(L *lua.LState) int {
	l := checkList(L, 1)
	p := l.edit(L)
	raise(L, p.InsertItem(l.id, len(p.Items(l.id)), itemValue(L, 2)))
	return 0
}

// listInsert is l:insert(i, item).
func (s *State) listInsert(L *lua.LState) int {
	l := checkList(L, 1)
	p := l.edit(L)
	n, ok := L.Get(2).(lua.LNumber)
	if !ok {
		L.RaiseError("list %s: insert needs a place and an item, have %s", l.slot, describe(L.Get(2)))
	}
	i := position(L, l, n, len(p.Items(l.id))+1)
	raise(L, p.InsertItem(l.id, i, itemValue(L, 3)))
	return 0
}

// listRemove is l:remove(i), or l:remove(item).
func (s *State) listRemove(L *lua.LState) int {
	l := checkList(L, 1)
	p := l.edit(L)
	if n, ok := L.Get(2).(lua.LNumber); ok {
		raise(L, p.RemoveItem(l.id, position(L, l, n, len(p.Items(l.id)))))
		return 0
	}
	r := checkRecord(L, 2)
	if r.pk != l.pk || p.ParentOf(r.id) != l.id {
		L.RaiseError("list %s: this is no item of it", l.slot)
	}
	r.live(L)
	raise(L, p.Remove(r.id))
	return 0
}

func listClear(L *lua.LState) int {
	l := checkList(L, 1)
	raise(L, l.edit(L).ClearList(l.id))
	return 0
}

// listEach is l:each(): iterates number, item. The item in hand may be edited
// or removed.
func (s *State) listEach(L *lua.LState) int {
	l := checkList(L, 1)
	l.live(L)
	w := walk{last: core.None}
	L.Push(L.NewFunction(func(L *lua.LState) int {
		p := l.live(L)
		id, ok := w.next(p, l.id)
		if !ok {
			return 0
		}
		L.Push(lua.LNumber(w.done))
		L.Push(s.item(l, p, id))
		return 2
	}))
	return 1
}

// A walk goes through the items of a list while they change.
type walk struct {
	done  int // items gone through: the number of the last
	last  core.ID
	birth uint32
}

func (w *walk) next(p *core.Packet, l core.ID) (core.ID, bool) {
	items := p.Items(l)
	if w.done > 0 && (w.done > len(items) || items[w.done-1] != w.last || p.Birth(w.last) != w.birth) {
		w.done = w.find(p, items)
	}
	if w.done >= len(items) {
		return core.None, false
	}
	w.last = items[w.done]
	w.birth = p.Birth(w.last)
	w.done++
	return w.last, true
}

// find returns where the last item is now, or, if it was removed, how many are before its place.
func (w *walk) find(p *core.Packet, items []core.ID) int {
	if p.Alive(w.last) && p.Birth(w.last) == w.birth {
		for i, id := range items {
			if id == w.last {
				return i + 1
			}
		}
	}
	return min(w.done-1, len(items))
}

// itemValue is argument n as an item for core.
func itemValue(L *lua.LState, n int) any {
	v := asItem(L, n)
	if t, ok := v.(*lua.LTable); ok {
		return itemTable(L, t, 0)
	}
	return fromLua(L, v)
}

// itemTable is tableValue for an item, which is never an array.
func itemTable(L *lua.LState, t *lua.LTable, depth int) any {
	v := tableValue(L, t, depth)
	if a, ok := v.([]any); ok && len(a) == 0 {
		return map[string]any{}
	}
	return v
}

// listValue is a list as a value to assign: its items as bytes, or plain values.
func listValue(L *lua.LState, l *listRef) any {
	p := l.live(L).Settled() // lengths of items may be behind
	items := []any{}
	for _, id := range p.Items(l.id) {
		if f := p.LayoutOf(id).Slots[0]; l.slot.Plain() && f.Kind == core.Number {
			v, _ := p.Num(id, f)
			items = append(items, v)
			continue
		}
		items = append(items, append([]byte(nil), p.Header(id)...))
	}
	return items
}

// listPairs is pairs and ipairs of a list: numbers and items.
func (s *State) listPairs(L *lua.LState) int {
	s.listEach(L)
	L.Push(lua.LNil)
	L.Push(lua.LNil)
	return 3
}
