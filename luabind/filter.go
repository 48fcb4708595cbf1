package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// pklFilter is pkl.filter(source): a function of a packet.
func (s *State) pklFilter(L *lua.LState) int {
	src := checkText(L, 1, "pkl.filter", "a filter")
	f := compileFilter(L, s.need(L), src)
	reg := s.reg
	L.Push(L.NewFunction(func(L *lua.LState) int {
		p := checkPacket(L, 1).live(L)
		if p.Registry() != reg { // made before or after another definition
			reg = p.Registry()
			f = compileFilter(L, reg, src)
		}
		p.Update()
		L.Push(boolean(f == nil || f.Match(p)))
		return 1
	}))
	return 1
}

// compileFilter compiles a filter, or raises. An empty one, nil, takes every packet.
func compileFilter(L *lua.LState, reg *core.Registry, src string) *core.Filter {
	if src == "" {
		return nil
	}
	f, err := reg.Filter(src)
	raise(L, err)
	return f
}

// firstName names the first layer of a packet.
func (s *State) firstName(p *core.Packet) string {
	if id := p.First(); id != core.None {
		return p.ProtoOf(id).Name
	}
	return "bytes"
}
