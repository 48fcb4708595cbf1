package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// stack is a + b and a / b: the layers of b above those of a.
func (s *State) stack(L *lua.LState) int {
	a, b := L.Get(1), L.Get(2)
	var p *core.Packet
	var err error
	if text, ok := b.(lua.LString); ok {
		p, err = core.ConcatBytes(s.operand(L, a), []byte(text))
	} else {
		p, err = core.Concat(s.operand(L, a), s.operand(L, b))
	}
	raise(L, err)
	L.Push(&s.own(p).ud)
	return 1
}

// operand returns an operand of + as a packet.
func (s *State) operand(L *lua.LState, v lua.LValue) *core.Packet {
	switch v := v.(type) {
	case lua.LString:
		p := &core.Packet{}
		p.Reset(s.need(L), core.Meta{LinkType: -1}, []byte(v))
		return p
	case *lua.LUserData:
		if p, ok := userValue(L, v).(*core.Packet); ok {
			return p
		}
	}
	L.RaiseError("+ takes packets, layers and text, not %s", kindName(v))
	return nil
}

// noConcat is a .. b with a packet: it would be a text, which nobody wants.
func noConcat(L *lua.LState) int {
	L.RaiseError("a packet is not text: write p + (a .. b), or p:bytes() .. b")
	return 0
}

// packetString is tostring(pkt).
func packetString(L *lua.LState) int {
	L.Push(lua.LString(checkPacket(L, 1).live(L).String()))
	return 1
}
