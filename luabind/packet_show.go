package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// showMethods are those that show the whole packet, brought up to date.
func (s *State) showMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"reverse":    packetReverse,
		"direction":  packetDirection,
		"replies_to": packetRepliesTo,
		"flow":       packetFlow,
		"verify":     s.packetVerify,
		"diff":       s.packetDiff,
		"hexdump":    packetHexdump,
		"json":       packetText((*core.Packet).JSON),
		"lua":        packetText((*core.Packet).LuaSource),
		"totable":    s.packetToTable,
	}
}

// packetHexdump is pkt:hexdump(). Its text is five times as long as the packet.
func packetHexdump(L *lua.LState) int {
	const most = 1 << 20
	p := checkPacket(L, 1).live(L)
	if p.Cap() > most {
		L.RaiseError("hexdump: a packet of %d bytes, at most %d", p.Cap(), most)
	}
	L.Push(lua.LString(p.Hexdump()))
	return 1
}

// packetText makes a method of a function that gives text.
func packetText(f func(*core.Packet) string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LString(f(checkPacket(L, 1).live(L))))
		return 1
	}
}

// packetReverse is pkt:reverse(); it returns the packet.
func packetReverse(L *lua.LState) int {
	h := checkPacket(L, 1)
	if L.GetTop() > 1 {
		L.RaiseError("reverse takes no options, have %s: it swaps the pairs of all layers", kindName(L.Get(2)))
	}
	raise(L, h.edit(L).Reverse())
	L.Push(&h.ud)
	return 1
}

// packetDirection is a:direction(b [, {inner = true}]).
func packetDirection(L *lua.LState) int {
	a, b := checkPacket(L, 1).live(L), checkPacket(L, 2).live(L)
	L.Push(textOrNil(core.Direction(a, b, inner(L, 3))))
	return 1
}

// packetRepliesTo is a:replies_to(b).
func packetRepliesTo(L *lua.LState) int {
	a, b := checkPacket(L, 1).live(L), checkPacket(L, 2).live(L)
	L.Push(lua.LBool(a.RepliesTo(b)))
	return 1
}

// packetFlow is pkt:flow([{inner = true}]).
func packetFlow(L *lua.LState) int {
	p := checkPacket(L, 1).live(L)
	L.Push(textOrNil(p.Flow(inner(L, 2))))
	return 1
}

// inner reads the options {inner = true}.
func inner(L *lua.LState, n int) bool {
	if L.Get(n) == lua.LNil {
		return false
	}
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		L.RaiseError("the options are a table, such as {inner = true}, not %s", kindName(L.Get(n)))
	}
	is := false
	eachPair(t, func(k, v lua.LValue) {
		if k != lua.LString("inner") {
			L.RaiseError("unknown word %q%s", k.String(), hint(k.String(), []string{"inner"}))
		}
		is = lua.LVAsBool(v)
	})
	return is
}

// packetVerify is pkt:verify().
func (s *State) packetVerify(L *lua.LState) int {
	all := L.NewTable()
	for _, f := range checkPacket(L, 1).live(L).Verify() {
		t := place(L, f.Layer, f.N, f.Field)
		t.RawSetString("have", s.number(f.Have))
		t.RawSetString("want", s.number(f.Want))
		all.Append(t)
	}
	L.Push(all)
	return 1
}

// packetDiff is a:diff(b).
func (s *State) packetDiff(L *lua.LState) int {
	a, b := checkPacket(L, 1).live(L), checkPacket(L, 2).live(L)
	all := L.NewTable()
	for _, d := range a.Diff(b) {
		t := place(L, d.Layer, d.N, d.Field)
		t.RawSetString("a", s.toLua(L, d.A))
		t.RawSetString("b", s.toLua(L, d.B))
		all.Append(t)
	}
	L.Push(all)
	return 1
}

func place(L *lua.LState, layer string, n int, field string) *lua.LTable {
	t := L.NewTable()
	t.RawSetString("layer", lua.LString(layer))
	t.RawSetString("n", lua.LNumber(n))
	t.RawSetString("field", lua.LString(field))
	return t
}

// packetToTable is pkt:totable(): the same shape as JSON, with bytes as they are.
func (s *State) packetToTable(L *lua.LState) int {
	h := checkPacket(L, 1)
	p := h.live(L)
	tree := p.Tree()
	layers := L.NewTable()
	for _, l := range tree.Layers {
		t := s.entries(L, l.Fields)
		t.RawSetString("proto", lua.LString(l.Proto))
		if len(l.Trailer) > 0 {
			t.RawSetString("trailer", s.text(l.Trailer))
		}
		layers.Append(t)
	}
	t := L.NewTable()
	t.RawSetString("frame", s.frame(L, h, p))
	t.RawSetString("layers", layers)
	t.RawSetString("body", s.text(tree.Body))
	t.RawSetString("err", textOrNil(tree.Err))
	L.Push(t)
	return 1
}

func (s *State) frame(L *lua.LState, h *packetRef, p *core.Packet) *lua.LTable {
	t := L.NewTable()
	for _, name := range []string{"number", "ts", "len", "caplen", "linktype", "iface", "mark"} {
		t.RawSetString(name, facts()[name](s, h, p))
	}
	return t
}

func (s *State) entries(L *lua.LState, entries []core.Entry) *lua.LTable {
	t := L.NewTable()
	for _, e := range entries {
		t.RawSetString(e.Name, s.toLua(L, e.Value))
	}
	return t
}

// toLua converts a value of core's Tree.
func (s *State) toLua(L *lua.LState, v any) lua.LValue {
	switch v := v.(type) {
	case bool:
		return boolean(v)
	case uint64:
		return s.number(v)
	case int64:
		return s.signed(v)
	case string:
		return lua.LString(v)
	case []byte:
		return s.text(v)
	case core.Record:
		return s.entries(L, v)
	case []any:
		t := L.NewTable()
		for _, item := range v {
			t.Append(s.toLua(L, item))
		}
		return t
	}
	return lua.LNil
}
