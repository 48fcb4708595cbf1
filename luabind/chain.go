package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// A site is a chain of names as it was last resolved.
type site struct {
	keys []string

	// on a packet: keys[0]
	reg   *core.Registry // which this is true for; nil: not resolved
	proto *core.Proto    // nil: a fact
	typ   *recordType
	slot  *core.Slot // keys[1], if it is a field of the header
	fact  factGetter

	// on a layer or item: keys[0], if it is the only one
	layout *core.Layout
	member *member
}

// site returns chain number id.
func (s *State) site(id int) *site {
	if id >= len(s.sites) {
		for _, keys := range s.gen.chains.from(len(s.sites)) {
			s.sites = append(s.sites, site{keys: keys})
		}
	}
	return &s.sites[id]
}

// chainGet is (get)(base, id): base.a or base.a.b. It does what the virtual
// machine would do name by name, and falls back on that.
func (s *State) chainGet(L *lua.LState) int {
	id, _ := L.Get(2).(lua.LNumber)
	c := s.site(int(id))
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if h, ok := ud.Value.(*packetRef); ok {
			if v := s.fromPacket(h, c); v != nil {
				L.Push(v)
				return 1
			}
		} else if r, ok := ud.Value.(*recordRef); ok {
			if v := s.fromRecord(L, r, c); v != nil {
				L.Push(v)
				return 1
			}
		}
	}
	v := L.Get(1)
	for _, key := range c.keys {
		v = L.GetField(v, key)
	}
	L.Push(v)
	return 1
}

// fromPacket reads the chain from a packet, or gives nil where it must be done
// name by name.
func (s *State) fromPacket(h *packetRef, c *site) lua.LValue {
	p := h.p
	if p == nil || p.Registry() != c.reg && !s.resolve(p, c) {
		return nil
	}
	if c.proto == nil {
		return c.fact(s, h, p)
	}
	id := p.Find(c.proto, 1)
	if c.slot != nil {
		if id == core.None {
			return nil // it raises
		}
		return s.read(h, p, id, c.slot)
	}
	if len(c.keys) > 1 {
		return nil
	}
	if id == core.None {
		return lua.LNil
	}
	return &s.layer(h, id, c.typ).ud
}

// resolve finds what the chain means on packets of p's registry.
func (s *State) resolve(p *core.Packet, c *site) bool {
	reg := p.Registry()
	c.proto, c.slot, c.fact = nil, nil, nil
	if f := facts()[c.keys[0]]; f != nil && len(c.keys) == 1 {
		c.fact, c.reg = f, reg
		return true
	}
	c.proto = reg.Proto(c.keys[0])
	if c.proto == nil || s.packetMethods()[c.keys[0]] != nil {
		return false
	}
	c.typ = s.protoType(c.proto)
	if len(c.keys) > 1 {
		c.slot = c.proto.Head().Slot(c.keys[1])
	}
	c.reg = reg
	return true
}

// fromRecord reads a name of a layer or an item, or gives nil where it must be
// done the long way.
func (s *State) fromRecord(L *lua.LState, r *recordRef, c *site) lua.LValue {
	p := r.pk.p
	if p == nil || r.epoch != p.Epoch() || r.birth != p.Birth(r.id) || !p.Alive(r.id) || len(c.keys) > 1 {
		return nil
	}
	if c.layout != r.typ.layout || c.member == nil {
		c.layout, c.member = r.typ.layout, r.typ.byName[c.keys[0]]
		if c.member == nil {
			return nil
		}
	}
	return s.readMember(L, r, p, c.member)
}

// chainSet is (set)(base, id, value): base.a = value or base.a.b = value. As
// chainGet, it falls back on what the virtual machine would do.
func (s *State) chainSet(L *lua.LState) int {
	id, _ := L.Get(2).(lua.LNumber)
	c := s.site(int(id))
	last := len(c.keys) - 1
	if r := s.recordAt(L.Get(1), c); r != nil {
		s.setMember(L, r, c.keys[last], L.Get(3))
		return 0
	}
	v, value := L.Get(1), L.Get(3)
	for _, key := range c.keys[:last] {
		v = L.GetField(v, key)
	}
	L.SetField(v, c.keys[last], value)
	return 0
}

// recordAt returns the layer or item whose name the last of a chain is, if the
// chain begins with one or with a packet.
func (s *State) recordAt(v lua.LValue, c *site) *recordRef {
	ud, ok := v.(*lua.LUserData)
	if !ok {
		return nil
	}
	switch h := ud.Value.(type) {
	case *recordRef:
		if len(c.keys) == 1 {
			return h
		}
	case *packetRef:
		p := h.p
		if len(c.keys) != 2 || p == nil || p.Registry() != c.reg && !s.resolve(p, c) || c.proto == nil {
			return nil
		}
		if id := p.Find(c.proto, 1); id != core.None {
			return s.layer(h, id, c.typ)
		}
	}
	return nil
}

// noteGuard is (guard)(fn, n): fn, which has guard number n. A variable may hold
// something else than was put into it, where a table has metamethods.
func (s *State) noteGuard(L *lua.LState) int {
	n, _ := L.Get(2).(lua.LNumber)
	g := s.gen.guard(int(n))
	if fn, ok := L.Get(1).(*lua.LFunction); ok && fn.Proto != nil && fn.Proto.LineDefined == g.line {
		s.guards[fn] = g
	}
	L.Push(L.Get(1))
	return 1
}

// passes is (pass)(pkt, n): whether the rest of a handler, which begins with
// guard number n, has to be run.
func (s *State) passes(L *lua.LState) int {
	n, _ := L.Get(2).(lua.LNumber)
	L.Push(boolean(s.mayMatter(L.Get(1), int(n))))
	return 1
}

func (s *State) mayMatter(v lua.LValue, n int) bool {
	ud, ok := v.(*lua.LUserData)
	if !ok || s.cfg.NoGuards {
		return true
	}
	h, ok := ud.Value.(*packetRef)
	if !ok || h.p == nil {
		return true
	}
	for len(s.middle) <= n {
		s.middle = append(s.middle, nil)
	}
	g := s.middle[n]
	if g == nil || g.reg != h.p.Registry() {
		g = s.gen.guard(n).bind(h.p.Registry(), guardHome{lib: s.bitLibrary()})
		s.middle[n] = g
	}
	return g.judge(h.p)
}

// bitLibrary is the library as no script has changed it.
func (s *State) bitLibrary() *lua.LTable {
	if t, ok := s.L.GetGlobal("bit").(*lua.LTable); ok {
		return t
	}
	return s.L.NewTable()
}
