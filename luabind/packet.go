package luabind

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
	"pkl/luabind/lualib"
)

// A packetMember is what a name on a packet means.
type packetMember struct {
	proto *core.Proto // a layer
	typ   *recordType
	get   func(*State, *packetRef, *core.Packet) lua.LValue // a fact
	fn    *lua.LFunction                                    // a method
}

// packetIndex is pkt.name: a fact or method, else a protocol.
func (s *State) packetIndex(L *lua.LState) int {
	h := checkPacket(L, 1)
	p := h.live(L)
	name, ok := L.Get(2).(lua.LString)
	if !ok {
		if ud, ok := L.Get(2).(*lua.LUserData); ok {
			if pr, ok := ud.Value.(*protoRef); ok {
				L.RaiseError("a layer is had by its name: pkt.%s", pr.name)
			}
		}
		L.RaiseError("a packet has names, not %s", describe(L.Get(2)))
	}
	m := s.packetMember(L, p, string(name))
	if m.proto != nil {
		if id := p.Find(m.proto, 1); id != core.None {
			L.Push(&s.layer(h, id, m.typ).ud)
			return 1
		}
		L.Push(lua.LNil)
		return 1
	}
	if m.fn != nil {
		L.Push(m.fn)
		return 1
	}
	L.Push(m.get(s, h, p))
	return 1
}

// packetMember finds what name means on p, or raises.
func (s *State) packetMember(L *lua.LState, p *core.Packet, name string) *packetMember {
	if p.Registry() == s.reg {
		if m := s.names[name]; m != nil {
			return m
		}
	}
	m := s.findPacketMember(p.Registry(), name)
	if m == nil {
		L.RaiseError("%s", s.noMember(p, name))
	}
	if p.Registry() == s.reg {
		s.names[name] = m
	}
	return m
}

func (s *State) findPacketMember(reg *core.Registry, name string) *packetMember {
	if get := facts()[name]; get != nil {
		return &packetMember{get: get}
	}
	if fn := s.packetMethods()[name]; fn != nil {
		return &packetMember{fn: s.L.NewFunction(fn)}
	}
	if pr := reg.Proto(name); pr != nil {
		return &packetMember{proto: pr, typ: s.protoType(pr)}
	}
	return nil
}

// packetNewIndex is pkt.name = value.
func (s *State) packetNewIndex(L *lua.LState) int {
	h := checkPacket(L, 1)
	p := h.edit(L)
	name := L.CheckString(2)
	switch name {
	case "ts":
		v, ok := L.Get(3).(lua.LNumber)
		if f := float64(v) * 1e9; ok && math.Abs(f) < 1<<63 {
			p.Time = int64(math.Round(f))
			return 0
		}
		L.RaiseError("ts: need a time in seconds, have %s", kindName(L.Get(3)))
	case "ts_ns":
		p.Time = int64(checkUint(L, 3, 63, "ts_ns"))
	case "mark":
		p.Mark = uint32(checkUint(L, 3, 32, "mark"))
	case "ctmark":
		if h.facts == nil || h.facts.CTMark == nil {
			L.RaiseError("ctmark: this packet belongs to no connection that is known")
		}
		*h.facts.CTMark = uint32(checkUint(L, 3, 32, "ctmark"))
	default:
		how := ""
		if s.packetMember(L, p, name).proto != nil {
			how = ": set its fields, assign the body of the layer below, or use :insert, :remove or pkt:replace"
		}
		L.RaiseError("pkt.%s cannot be assigned%s", name, how)
	}
	return 0
}

// checkUint returns argument n, a whole number of so many bits.
func checkUint(L *lua.LState, n, bits int, what string) uint64 {
	v, ok := lualib.ToUint64(L.Get(n))
	if !ok || v>>bits != 0 {
		L.RaiseError("%s: need a whole number below 2^%d, have %s", what, bits, describe(L.Get(n)))
	}
	return v
}

func describe(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LNumber:
		return v.String()
	case lua.LString:
		return "text"
	}
	return kindName(v)
}

// packetLen is #pkt.
func packetLen(L *lua.LState) int {
	L.Push(lua.LNumber(checkPacket(L, 1).live(L).Cap()))
	return 1
}
