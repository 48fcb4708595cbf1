package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/core"
	"pkl/luabind/lualib"
)

const maxExact = 1 << 53 // whole numbers below it are exact in Lua

// constants are Lua values made once, for reading a number or a text into an
// interface allocates.
type constants struct {
	small [1024]lua.LValue
	empty lua.LValue
}

func (c *constants) fill() {
	for i := range c.small {
		c.small[i] = lua.LNumber(i)
	}
	c.empty = lua.LString("")
}

// number returns v as a Lua value.
func (s *State) number(v uint64) lua.LValue {
	if v < uint64(len(s.consts.small)) {
		return s.consts.small[v]
	}
	if v < maxExact {
		return lua.LNumber(v)
	}
	return lualib.NewU64(s.L, v)
}

func boolean(v bool) lua.LValue {
	if v {
		return lua.LTrue
	}
	return lua.LFalse
}

func (s *State) text(b []byte) lua.LValue {
	if len(b) == 0 {
		return s.consts.empty
	}
	return lua.LString(b)
}

// read returns the value of a field, nil where it is absent.
func (s *State) read(pk *packetRef, p *core.Packet, id core.ID, f *core.Slot) lua.LValue {
	if f.Alt != nil {
		if f = p.Pick(id, f); f == nil {
			return lua.LNil
		}
	}
	switch f.Kind {
	case core.Number:
		v, ok := p.Num(id, f)
		switch {
		case !ok:
			return lua.LNil
		case f.Bool():
			return boolean(v != 0)
		case f.Signed:
			return s.signed(f.Int(v))
		}
		return s.number(v)
	case core.MAC, core.IP4, core.IP6:
		b, ok := p.Data(id, f)
		if !ok {
			return lua.LNil
		}
		return s.addrs.text(f, b)
	case core.Name:
		return s.name(p, id, f)
	case core.List:
		if l := p.List(id, f); l != core.None {
			return &s.newList(pk, l, f).ud
		}
		return lua.LNil
	case core.Bytes:
		if f.Of != "" || f.Key != "" {
			return s.held(p, id, f)
		}
	}
	b, ok := p.Text(id, f)
	if !ok {
		return lua.LNil
	}
	return s.text(b)
}

func (s *State) signed(v int64) lua.LValue {
	if v >= 0 {
		return s.number(uint64(v))
	}
	if v > -maxExact {
		return lua.LNumber(v)
	}
	return lualib.NewU64(s.L, uint64(v))
}

func (s *State) name(p *core.Packet, id core.ID, f *core.Slot) lua.LValue {
	var room [256]byte
	b, ok := p.AppendName(room[:0], id, f)
	if !ok {
		return lua.LNil
	}
	return s.text(b)
}

// held returns the packet that a field holds, or its bytes. It is a copy: the
// one it lies in may go on changing.
func (s *State) held(p *core.Packet, id core.ID, f *core.Slot) lua.LValue {
	q := p.Inside(id, f)
	if q == nil {
		b, ok := p.Data(id, f)
		if !ok || f.Of != "" {
			return lua.LNil
		}
		return s.text(b)
	}
	q.Last() // what is only quoted is found before the copy, which no longer knows
	h := s.own(q.Copy())
	h.readOnly = "a packet read from a field is read only, assign another"
	if f.Of != "" {
		h.readOnly = "a quoted packet is read only"
	}
	return &h.ud
}

// raw returns the bytes of a field on the wire.
func (s *State) raw(L *lua.LState, p *core.Packet, id core.ID, f *core.Slot) lua.LValue {
	if f = p.Pick(id, f); f == nil {
		return lua.LNil
	}
	b, ok := p.Data(id, f)
	if !ok {
		L.RaiseError("%s is not whole bytes", f)
	}
	return s.text(b)
}

// fromLua converts a value for core: see core.Build.
func fromLua(L *lua.LState, v lua.LValue) any {
	switch v := v.(type) {
	case lua.LNumber:
		return wholeNumber(v)
	case lua.LString:
		return string(v)
	case lua.LBool:
		return bool(v)
	case *lua.LTable:
		return tableValue(L, v, 0)
	case *lua.LUserData:
		return userValue(L, v)
	case *lua.LNilType:
		return nil
	}
	L.RaiseError("%s is no value of a field", kindName(v))
	return nil
}

// wholeNumber returns the number as an integer, or as it is if it is none that
// is exact: core refuses it with the name of the field.
func wholeNumber(v lua.LNumber) any {
	f := float64(v)
	switch i := int64(f); {
	case f != float64(i), f >= maxExact, f <= -maxExact:
		return f
	case i < 0:
		return i
	default:
		return uint64(i)
	}
}

func userValue(L *lua.LState, ud *lua.LUserData) any {
	switch h := ud.Value.(type) {
	case lualib.Uint64:
		return uint64(h)
	case *packetRef:
		return h.live(L)
	case *recordRef:
		p := h.live(L)
		if h.typ.item {
			return append([]byte(nil), p.Settled().Header(h.id)...) // its length may be behind
		}
		return p.SubPacket(h.id)
	case *listRef:
		return listValue(L, h)
	}
	L.RaiseError("%s is no value of a field", kindName(ud))
	return nil
}

const maxNesting = 32 // of tables

// tableValue converts an array to []any and another table to map[string]any.
func tableValue(L *lua.LState, t *lua.LTable, depth int) any {
	if depth > maxNesting {
		L.RaiseError("tables are nested more than %d deep", maxNesting)
	}
	if n := t.Len(); n > 0 {
		return arrayValue(L, t, n, depth)
	}
	m := map[string]any{}
	t.ForEach(func(k, v lua.LValue) {
		name, ok := k.(lua.LString)
		if !ok {
			L.RaiseError("fields are given by name, not %s", k.String())
		}
		m[string(name)] = nested(L, v, depth)
	})
	if len(m) == 0 {
		return []any{}
	}
	return m
}

func arrayValue(L *lua.LState, t *lua.LTable, n, depth int) any {
	items := make([]any, n)
	for i := range items {
		v := t.RawGetInt(i + 1)
		if it, ok := v.(*lua.LTable); ok {
			items[i] = itemTable(L, it, depth+1)
		} else {
			items[i] = fromLua(L, v)
		}
	}
	t.ForEach(func(k, _ lua.LValue) {
		if name, ok := k.(lua.LString); ok {
			L.RaiseError("a table is either an array or named fields: %q stands in an array", string(name))
		}
	})
	return items
}

func nested(L *lua.LState, v lua.LValue, depth int) any {
	if t, ok := v.(*lua.LTable); ok {
		return tableValue(L, t, depth+1)
	}
	return fromLua(L, v)
}

// checkText returns argument n of what, a text or a number as one.
func checkText(L *lua.LState, n int, what, need string) string {
	v := L.Get(n)
	if !lua.LVCanConvToString(v) {
		L.RaiseError("%s: need %s, have %s", what, need, kindName(v))
	}
	return v.String()
}

// checkBytes returns argument n, a text.
func checkBytes(L *lua.LState, n int, what string) []byte {
	v, ok := L.Get(n).(lua.LString)
	if !ok {
		L.RaiseError("%s: need text, have %s", what, kindName(L.Get(n)))
	}
	return []byte(v)
}

// raise turns an error of core into a Lua error with file and line.
func raise(L *lua.LState, err error) {
	if err != nil {
		L.RaiseError("%s", err.Error())
	}
}
