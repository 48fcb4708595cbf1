package luabind

import (
	"slices"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// recordIndex is layer.name or item.name.
func (s *State) recordIndex(L *lua.LState) int {
	r := checkRecord(L, 1)
	p := r.live(L)
	name, ok := L.Get(2).(lua.LString)
	if !ok {
		L.RaiseError("%s: a field has a name, not %s", r.typ.title(), L.Get(2).String())
	}
	m := s.member(L, r, p, string(name))
	L.Push(s.readMember(L, r, p, m))
	return 1
}

func (s *State) readMember(L *lua.LState, r *recordRef, p *core.Packet, m *member) lua.LValue {
	switch m.kind {
	case isField:
		if id := m.record(p, r.id); id != core.None {
			return s.read(r.pk, p, id, m.slot)
		}
	case isRaw:
		if id := m.record(p, r.id); id != core.None {
			return s.raw(L, p, id, m.slot)
		}
	case isAttr:
		return m.get(s, r, p)
	case isMethod:
		return m.fn
	case isAbove:
		if id := p.FindAbove(r.id, m.to, 1); id != core.None {
			return &s.layer(r.pk, id, s.protoType(m.to)).ud
		}
	}
	return lua.LNil
}

// record returns where the field lies: in the record or in its footer.
func (m *member) record(p *core.Packet, id core.ID) core.ID {
	if m.foot {
		return p.Foot(id)
	}
	return id
}

// recordNewIndex is layer.name = value.
func (s *State) recordNewIndex(L *lua.LState) int {
	s.setMember(L, checkRecord(L, 1), L.CheckString(2), L.Get(3))
	return 0
}

// setMember stores v, which is argument 3 of L.
func (s *State) setMember(L *lua.LState, r *recordRef, name string, v lua.LValue) {
	p := r.edit(L)
	m := s.member(L, r, p, name)
	switch m.kind {
	case isField:
		id := s.present(L, r, p, m)
		if isOwnList(v, r, p, id, m.slot) { // what forms no item stays, too
			b, _ := p.Data(id, m.slot)
			raise(L, p.SetRaw(id, m.slot, slices.Clone(b)))
			break
		}
		raise(L, p.Set(id, m.slot, fromLua(L, v)))
	case isRaw:
		raise(L, p.SetRaw(s.present(L, r, p, m), m.slot, checkBytes(L, 3, r.typ.layout.Name+"."+name)))
	case isAbsent:
		L.RaiseError("%s is absent here: this item is of another kind", m.slot)
	case isAttr:
		s.setAttr(L, r, p, name, v)
	default:
		L.RaiseError("%s.%s cannot be assigned", r.typ.layout.Name, name)
	}
}

// isOwnList reports whether v is the list that the field holds.
func isOwnList(v lua.LValue, r *recordRef, p *core.Packet, id core.ID, f *core.Slot) bool {
	ud, ok := v.(*lua.LUserData)
	if !ok || f.Kind != core.List {
		return false
	}
	l, ok := ud.Value.(*listRef)
	return ok && l.pk == r.pk && l.epoch == p.Epoch() && l.birth == p.Birth(l.id) && l.id == p.List(id, f)
}

func (s *State) present(L *lua.LState, r *recordRef, p *core.Packet, m *member) core.ID {
	id := m.record(p, r.id)
	if id == core.None {
		L.RaiseError("%s is absent: the capture has cut it off", m.slot)
	}
	return id
}

// attribute finds what every layer, or every item, has.
func (s *State) attribute(t *recordType, name string) *member {
	if get := attributes(t.item)[name]; get != nil {
		return &member{kind: isAttr, get: get, name: name}
	}
	if fn := s.methods(t.item)[name]; fn != nil {
		return &member{kind: isMethod, fn: s.L.NewFunction(fn), name: name}
	}
	return nil
}

type attrGetter = func(*State, *recordRef, *core.Packet) lua.LValue

func attributes(item bool) map[string]attrGetter {
	if item {
		return map[string]attrGetter{"body": bodyOf}
	}
	return map[string]attrGetter{
		"body":    bodyOf,
		"proto":   func(_ *State, r *recordRef, _ *core.Packet) lua.LValue { return lua.LString(r.typ.proto.Name) },
		"header":  func(s *State, r *recordRef, p *core.Packet) lua.LValue { return s.text(p.Header(r.id)) },
		"trailer": func(s *State, r *recordRef, p *core.Packet) lua.LValue { return s.text(p.Trailer(r.id)) },
		"upper":   func(s *State, r *recordRef, p *core.Packet) lua.LValue { return s.layerValue(r.pk, p, p.Upper(r.id)) },
		"lower":   func(s *State, r *recordRef, p *core.Packet) lua.LValue { return s.layerValue(r.pk, p, p.Lower(r.id)) },
	}
}

func bodyOf(s *State, r *recordRef, p *core.Packet) lua.LValue { return s.text(p.Body(r.id)) }

// layerValue is the handle of layer id, or nil.
func (s *State) layerValue(pk *packetRef, p *core.Packet, id core.ID) lua.LValue {
	if id == core.None {
		return lua.LNil
	}
	return &s.layer(pk, id, s.typeOf(p, id)).ud
}

func attrNames(item bool) []string {
	names := append(keysOf(attributes(item)), "fields", "remove")
	if !item {
		names = append(names, "insert")
	}
	return names
}

func (s *State) methods(item bool) map[string]lua.LGFunction {
	m := map[string]lua.LGFunction{"fields": s.recordFields, "remove": s.recordRemove}
	if !item {
		m["insert"] = s.layerInsert
	}
	return m
}

// setAttr is layer.body = x and layer.trailer = x.
func (s *State) setAttr(L *lua.LState, r *recordRef, p *core.Packet, name string, v lua.LValue) {
	switch name {
	case "body":
		raise(L, p.SetBody(r.id, fromLua(L, v)))
	case "trailer":
		raise(L, p.SetTrailer(r.id, checkBytes(L, 3, r.typ.layout.Name+".trailer")))
	default:
		L.RaiseError("%s.%s is read only", r.typ.layout.Name, name)
	}
}

// recordLen is #layer, from its header up, or #item.
func (s *State) recordLen(L *lua.LState) int {
	r := checkRecord(L, 1)
	p := r.live(L)
	b := p.Header(r.id)
	if !r.typ.item {
		b = p.Extent(r.id)
	}
	L.Push(lua.LNumber(len(b)))
	return 1
}

// recordRemove is layer:remove() and item:remove().
func (s *State) recordRemove(L *lua.LState) int {
	r := checkRecord(L, 1)
	raise(L, r.edit(L).Remove(r.id))
	return 0
}

// layerInsert is layer:insert(packet).
func (s *State) layerInsert(L *lua.LState) int {
	r := checkRecord(L, 1)
	q, ok := fromLua(L, L.Get(2)).(*core.Packet)
	if !ok {
		L.RaiseError("insert: need a packet or a layer, have %s", kindName(L.Get(2)))
	}
	raise(L, r.edit(L).Insert(r.id, q))
	return 0
}

// recordFields is layer:fields(): iterates name, value in wire order.
func (s *State) recordFields(L *lua.LState) int {
	r := checkRecord(L, 1)
	r.live(L)
	slots := r.typ.layout.Slots
	head := len(slots)
	if r.typ.foot != nil {
		slots = append(slots[:head:head], r.typ.foot.Slots...)
	}
	i := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		p := r.live(L)
		for i < len(slots) {
			f, id := slots[i], r.id
			if i++; i > head {
				id = p.Foot(r.id)
			}
			if f.Name == "" || id == core.None || !p.Has(id, f) {
				continue
			}
			L.Push(lua.LString(f.Name))
			L.Push(s.readOne(r.pk, p, id, f))
			return 2
		}
		return 0
	}))
	return 1
}

// readOne reads this field, not one of the same name.
func (s *State) readOne(pk *packetRef, p *core.Packet, id core.ID, f *core.Slot) lua.LValue {
	if f.Alt != nil {
		one := *f
		one.Alt = nil
		f = &one
	}
	return s.read(pk, p, id, f)
}

// recordEqual compares handles of items: the same item is equal.
func recordEqual(L *lua.LState) int {
	a, b := checkRecord(L, 1), checkRecord(L, 2)
	L.Push(boolean(a.pk == b.pk && a.id == b.id && a.epoch == b.epoch))
	return 1
}
