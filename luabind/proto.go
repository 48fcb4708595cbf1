package luabind

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// A protoRef is pkl.<proto>: it makes packets and knows the names of values.
type protoRef struct {
	name string
}

// need returns the registry, compiling what was defined so far, or raises.
func (s *State) need(L *lua.LState) *core.Registry {
	reg, err := s.registry()
	if err != nil {
		L.Error(lua.LString(err.Error()), 0) // each line has its own place
	}
	return reg
}

// protoValue is pkl.name for a protocol, or nil.
func (s *State) protoValue(reg *core.Registry, name string) lua.LValue {
	if reg.Proto(name) == nil {
		return lua.LNil
	}
	if s.protos[name] == nil {
		s.protos[name] = &lua.LUserData{Value: &protoRef{name}, Metatable: s.meta.proto}
	}
	return s.protos[name]
}

// checkProtoRef returns the protocol that argument 1 stands for.
func (s *State) checkProtoRef(L *lua.LState) *core.Proto {
	ud, _ := L.Get(1).(*lua.LUserData)
	if ud != nil {
		if r, ok := ud.Value.(*protoRef); ok {
			return s.need(L).Proto(r.name)
		}
	}
	wrongType(L, 1, "protocol")
	return nil
}

// protoCall is pkl.<proto>{…} and pkl.<proto>(bytes).
func (s *State) protoCall(L *lua.LState) int {
	pr := s.checkProtoRef(L)
	switch v := L.Get(2).(type) {
	case lua.LString:
		return s.dissectAs(L, pr, []byte(v))
	case *lua.LTable:
		return s.build(L, pr, v)
	case *lua.LNilType:
		return s.build(L, pr, L.NewTable())
	}
	L.RaiseError("pkl.%s: need a table of fields or bytes, have %s", pr.Name, kindName(L.Get(2)))
	return 0
}

func (s *State) build(L *lua.LState, pr *core.Proto, t *lua.LTable) int {
	values, ok := itemTable(L, t, 0).(map[string]any)
	if !ok {
		L.RaiseError("pkl.%s: fields are given by name, not as an array", pr.Name)
	}
	p, err := core.Build(pr, values)
	raise(L, err)
	L.Push(&s.own(p).ud)
	return 1
}

// dissectAs gives the packet of bytes that start with pr, or nil and why there is none.
func (s *State) dissectAs(L *lua.LState, pr *core.Proto, b []byte) int {
	p := &core.Packet{}
	p.ResetAs(pr, b)
	if p.First() != core.None {
		L.Push(&s.own(p).ud)
		return 1
	}
	why := "these bytes are no " + pr.Name
	if err := p.Err(); err != nil {
		why = err.Error()
	} else if len(b) == 0 {
		why = pr.Name + ": no bytes"
	}
	L.Push(lua.LNil)
	L.Push(lua.LString(why))
	return 2
}

// pklDissect is pkl.dissect(name_or_linktype, bytes). By link type it gives a
// packet as a capture file does: one without layers if need be.
func (s *State) pklDissect(L *lua.LState) int {
	reg := s.need(L)
	b := checkBytes(L, 2, "pkl.dissect")
	if name, ok := L.Get(1).(lua.LString); ok {
		if pr := reg.Proto(string(name)); pr != nil {
			return s.dissectAs(L, pr, b)
		}
	}
	p := &core.Packet{}
	p.Reset(reg, core.Meta{LinkType: s.checkLinkType(L, L.Get(1))}, b)
	L.Push(&s.own(p).ud)
	return 1
}

// checkLinkType reads a link type: a number or a name.
func (s *State) checkLinkType(L *lua.LState, v lua.LValue) int {
	switch v := v.(type) {
	case lua.LNumber:
		if n := int(v); lua.LNumber(n) == v && n >= 0 && n < 1<<16 {
			return n
		}
	case lua.LString:
		if s.cfg.LinkType != nil {
			if n, ok := s.cfg.LinkType(string(v)); ok {
				return n
			}
		}
		L.RaiseError("no link type and no protocol is named %q%s", string(v), hint(string(v), s.need(L).Names()))
	}
	L.RaiseError("a link type is a name or a number from 0 to 65535, not %s", describe(v))
	return 0
}

// protoIndex is pkl.<proto>.<field>: the names of the field's values.
func (s *State) protoIndex(L *lua.LState) int {
	pr := s.checkProtoRef(L)
	name := L.Get(2).String()
	f := pr.Head().Slot(name)
	if f == nil {
		f = pr.Foot().Slot(name)
	}
	if f == nil {
		names := append(fieldNames(pr.Head()), fieldNames(pr.Foot())...)
		L.RaiseError("%s has no field %q%s", pr.Name, name, hint(name, names))
	}
	L.Push(s.valueNames(L, []*core.Slot{f}, f.String()))
	return 1
}

// valueNames is a table of names and values, both ways. Of a list it leads to
// the fields of the items.
func (s *State) valueNames(L *lua.LState, fields []*core.Slot, path string) lua.LValue {
	t := L.NewTable()
	t.Metatable = s.metatable(map[string]lua.LGFunction{
		"__index":    func(L *lua.LState) int { return s.valueName(L, fields, path) },
		"__newindex": protoNewIndex,
		"__pairs":    func(L *lua.LState) int { return valuePairs(L, fields) },
	})
	return t
}

func (s *State) valueName(L *lua.LState, fields []*core.Slot, path string) int {
	key := L.Get(2)
	var inner []*core.Slot
	var names []string
	for _, top := range fields {
		for f := top; f != nil; f = f.Alt {
			if f.Kind == core.List {
				inner = append(inner, itemFields(f, key.String())...)
				names = append(names, listNames(f)...)
				continue
			}
			if v := valueOf(f, key); v != lua.LNil {
				L.Push(v)
				return 1
			}
			for _, n := range f.Names {
				names = append(names, n.Name)
			}
		}
	}
	if len(inner) > 0 {
		L.Push(s.valueNames(L, inner, path+"."+key.String()))
		return 1
	}
	if _, ok := key.(lua.LNumber); ok {
		L.Push(lua.LNil)
		return 1
	}
	L.RaiseError("%s: no value is named %q%s", path, key.String(), hint(key.String(), names))
	return 0
}

// itemFields are the fields of a list's items that have a name.
func itemFields(list *core.Slot, name string) (fields []*core.Slot) {
	for _, lay := range list.Layouts() {
		if f := lay.Slot(name); f != nil {
			fields = append(fields, f)
		}
	}
	return fields
}

// valueOf translates a name to its number, or a number to its name.
func valueOf(f *core.Slot, key lua.LValue) lua.LValue {
	for _, n := range f.Names {
		if name, ok := key.(lua.LString); ok && strings.EqualFold(string(name), n.Name) {
			return lua.LNumber(n.V)
		}
		if v, ok := key.(lua.LNumber); ok && v == lua.LNumber(n.V) {
			return lua.LString(n.Name)
		}
	}
	return lua.LNil
}

// valuePairs iterates names and numbers.
func valuePairs(L *lua.LState, fields []*core.Slot) int {
	var all []core.ValueName
	for _, top := range fields {
		for f := top; f != nil; f = f.Alt {
			all = append(all, f.Names...)
		}
	}
	i := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if i >= len(all) {
			return 0
		}
		i++
		L.Push(lua.LString(all[i-1].Name))
		L.Push(lua.LNumber(all[i-1].V))
		return 2
	}))
	L.Push(lua.LNil)
	L.Push(lua.LNil)
	return 3
}

func protoNewIndex(L *lua.LState) int {
	L.RaiseError("a protocol cannot be changed: %q cannot be set", L.Get(2).String())
	return 0
}

func protoString(L *lua.LState) int {
	ud, _ := L.Get(1).(*lua.LUserData)
	if r, ok := ud.Value.(*protoRef); ok {
		L.Push(lua.LString("pkl." + r.name))
		return 1
	}
	return 0
}
