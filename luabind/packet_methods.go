package luabind

import (
	"maps"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

func (s *State) packetMethods() map[string]lua.LGFunction {
	m := map[string]lua.LGFunction{
		"layer":     s.packetLayer,
		"path":      s.packetPath,
		"layers":    s.packetLayers,
		"bytes":     s.packetBytes,
		"raw":       s.packetRaw,
		"update":    s.packetUpdate,
		"redissect": s.packetRedissect,
		"copy":      s.packetCopy,
		"replace":   s.packetReplace,
	}
	maps.Copy(m, s.showMethods())
	return m
}

// checkProto returns argument n of what as a protocol of p, or raises.
func checkProto(L *lua.LState, n int, what string, reg *core.Registry) *core.Proto {
	name := checkText(L, n, what, "the name of a protocol")
	pr := reg.Proto(name)
	if pr == nil {
		L.RaiseError("%s", reg.NoProto(name, reg.Names()))
	}
	return pr
}

// packetLayer is pkt:layer(name [, n]).
func (s *State) packetLayer(L *lua.LState) int {
	h := checkPacket(L, 1)
	p := h.live(L)
	pr := checkProto(L, 2, "layer", p.Registry())
	n := L.OptNumber(3, 1)
	if n < 1 || n != lua.LNumber(int(n)) {
		L.RaiseError("layer: instances are numbered from 1, not %s", n)
	}
	L.Push(s.layerValue(h, p, p.Find(pr, int(n))))
	return 1
}

// packetPath is pkt:path("a/b/c"): the last layer of the chain, from the first on.
func (s *State) packetPath(L *lua.LState) int {
	h := checkPacket(L, 1)
	p := h.live(L)
	var protos []*core.Proto
	for _, name := range strings.Split(checkText(L, 2, "path", `a text such as "eth/ip/tcp"`), "/") {
		pr := p.Registry().Proto(name)
		if pr == nil {
			L.RaiseError("%s", p.Registry().NoProto(name, p.Registry().Names()))
		}
		protos = append(protos, pr)
	}
	id, last := p.First(), core.None
	for _, pr := range protos {
		if id == core.None || p.ProtoOf(id) != pr {
			L.Push(lua.LNil)
			return 1
		}
		last, id = id, p.Upper(id)
	}
	L.Push(s.layerValue(h, p, last))
	return 1
}

// packetLayers is pkt:layers(), an iterator, lowest first.
func (s *State) packetLayers(L *lua.LState) int {
	h := checkPacket(L, 1)
	type place struct {
		id    core.ID
		birth uint32
	}
	last := place{0, h.live(L).Birth(0)} // the packet itself, below the first layer
	next := place{core.None, 0}          // what lay above it, where to go on if a script has removed it
	L.Push(L.NewFunction(func(L *lua.LState) int {
		p := h.live(L)
		alive := func(at place) bool { return at.id != core.None && p.Alive(at.id) && p.Birth(at.id) == at.birth }
		id := core.None
		switch {
		case alive(last):
			id = p.Upper(last.id)
		case alive(next):
			id = next.id
		}
		last, next = place{id, p.Birth(id)}, place{core.None, 0}
		if id != core.None {
			up := p.Upper(id)
			next = place{up, p.Birth(up)}
		}
		L.Push(s.layerValue(h, p, id))
		return 1
	}))
	return 1
}

func (s *State) packetBytes(L *lua.LState) int {
	p := checkPacket(L, 1).live(L)
	p.Update()
	L.Push(s.text(p.Raw()))
	return 1
}

func (s *State) packetRaw(L *lua.LState) int {
	L.Push(s.text(checkPacket(L, 1).live(L).Raw()))
	return 1
}

// packetUpdate is pkt:update(["all"]).
func (s *State) packetUpdate(L *lua.LState) int {
	p := checkPacket(L, 1).edit(L)
	switch what := L.OptString(2, ""); what {
	case "":
		p.Update()
	case "all":
		raise(L, p.UpdateAll())
	default:
		L.RaiseError("update: %q is unknown; there is \"all\"", what)
	}
	return 0
}

func (s *State) packetRedissect(L *lua.LState) int {
	h := checkPacket(L, 1)
	p := h.edit(L)
	p.Update()
	p.Redissect()
	h.records = nil
	return 0
}

func (s *State) packetCopy(L *lua.LState) int {
	h := checkPacket(L, 1)
	c := s.own(h.live(L).Copy())
	if h.facts != nil {
		c.facts = h.facts.copy()
	}
	L.Push(&c.ud)
	return 1
}

func (s *State) packetReplace(L *lua.LState) int {
	h := checkPacket(L, 1)
	q, ok := fromLua(L, L.Get(2)).(*core.Packet)
	if !ok {
		L.RaiseError("replace: need a packet or a layer, have %s", kindName(L.Get(2)))
	}
	raise(L, h.edit(L).Replace(q))
	return 0
}
