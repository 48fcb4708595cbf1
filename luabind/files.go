package luabind

import (
	"errors"
	"io"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// A readerRef is pkl.open: a capture file to read.
type readerRef struct {
	name string
	r    Reader
	last *packetRef // what next has given; valid until the following one
	err  error      // why there are no more packets

	meta  core.Meta // of the packet read last
	facts Facts
}

// pklOpen is pkl.open(name): a reader, or nil and why not.
func (s *State) pklOpen(L *lua.LState) int {
	r, err := s.open(L, "pkl.open")
	if err != nil {
		return failure(L, err)
	}
	L.Push(&lua.LUserData{Value: r, Metatable: s.meta.reader})
	return 1
}

// failure is nil and a message, the results of I/O that fails.
func failure(L *lua.LState, err error) int {
	L.Push(lua.LNil)
	L.Push(lua.LString(err.Error()))
	return 2
}

// open opens the file that argument 1 names.
func (s *State) open(L *lua.LState, what string) (*readerRef, error) {
	s.allow(L, what, AllowRead, "read", s.cfg.Open != nil)
	name := checkText(L, 1, what, "the name of a file")
	s.need(L)
	r, err := s.cfg.Open(name)
	if err != nil {
		return nil, err
	}
	ref := &readerRef{name: name, r: r}
	s.files[ref] = struct{}{}
	return ref, nil
}

// allow raises if the scripts were not given an ability.
func (s *State) allow(L *lua.LState, what string, a Abilities, word string, given bool) {
	if !s.cfg.Program && s.cfg.Allow&a == 0 {
		s.lib.Refuse(L, "%s is not allowed here; start pkl with --allow %s", what, word)
	}
	if !given {
		s.lib.Refuse(L, "%s is not available here", what)
	}
}

func (s *State) closeReader(r *readerRef, why error) error {
	if r.err == nil {
		r.err = why
	}
	if _, open := s.files[r]; !open {
		return nil
	}
	delete(s.files, r)
	return r.r.Close()
}

// Close closes the file when the state ends.
func (r *readerRef) Close() error { return r.r.Close() }

// readNext makes p the next packet. A loop over packets that no filter lets
// through is within the budget, too.
func (s *State) readNext(L *lua.LState, r *readerRef, p *core.Packet) error {
	if r.err != nil {
		return r.err
	}
	const cost = 16 // in instructions
	if s.counting && !s.budget.Spend(cost) {
		raise(L, s.budget.Err())
	}
	r.meta, r.facts = core.Meta{}, Facts{}
	b, err := r.r.Read(&r.meta, &r.facts.Origin)
	if err != nil {
		s.closeReader(r, err)
		return err
	}
	p.Reset(s.reg, r.meta, b)
	return nil
}

// give makes p, the packet just read, the one in hand, and pushes its handle.
func (s *State) give(L *lua.LState, r *readerRef, p *core.Packet) {
	r.last = s.newPacket(p)
	if !r.facts.empty() {
		r.last.facts = &r.facts
	}
	L.Push(&r.last.ud)
}

func checkReader(L *lua.LState) *readerRef {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if r, ok := ud.Value.(*readerRef); ok {
			return r
		}
	}
	wrongType(L, 1, "reader")
	return nil
}

// readerIndex is r.linktype and the methods.
func (s *State) readerIndex(L *lua.LState) int {
	r := checkReader(L)
	switch name := L.Get(2).String(); name {
	case "linktype":
		if n := r.r.LinkType(); n >= 0 {
			L.Push(s.linkTypeName(n))
		} else {
			L.Push(lua.LNil)
		}
	default:
		fn := s.meta.readerMethods[name]
		if fn == nil {
			L.RaiseError("a reader has no %q%s", name, hint(name, append(keysOf(s.meta.readerMethods), "linktype")))
		}
		L.Push(fn)
	}
	return 1
}

// readerNext is r:next(): the next packet, valid until the following call; nil
// at the end; nil and a message where the file is damaged.
func (s *State) readerNext(L *lua.LState) int {
	r := checkReader(L)
	if r.last != nil {
		r.last.expire()
	}
	p := &core.Packet{}
	err := s.readNext(L, r, p)
	switch {
	case err == io.EOF:
		L.Push(lua.LNil)
		return 1
	case err != nil:
		return failure(L, err)
	}
	s.give(L, r, p)
	return 1
}

func (s *State) readerClose(L *lua.LState) int {
	r := checkReader(L)
	if err := s.closeReader(r, errors.New(r.name+": the reader is closed")); err != nil {
		return failure(L, err)
	}
	L.Push(lua.LTrue)
	return 1
}

// readerPackets is r:packets([filter]).
func (s *State) readerPackets(L *lua.LState) int {
	r := checkReader(L)
	return s.iterate(L, r, s.packetFilter(L, 2))
}

// pklPackets is pkl.packets(name [, filter]).
func (s *State) pklPackets(L *lua.LState) int {
	filter := s.packetFilter(L, 2)
	r, err := s.open(L, "pkl.packets")
	raise(L, err)
	return s.iterate(L, r, filter)
}

// packetFilter reads the filter of a loop, which may be left out.
func (s *State) packetFilter(L *lua.LState, n int) *core.Filter {
	return compileFilter(L, s.need(L), L.OptString(n, ""))
}

// iterate gives the packets of a reader, one at a time; each expires when the
// loop steps on.
func (s *State) iterate(L *lua.LState, r *readerRef, filter *core.Filter) int {
	p := &core.Packet{}
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if r.last != nil {
			r.last.expire()
			r.last = nil
		}
		for {
			err := s.readNext(L, r, p)
			if err == io.EOF {
				return 0
			}
			raise(L, err)
			if filter == nil || filter.Match(p) {
				break
			}
		}
		s.give(L, r, p)
		return 1
	}))
	return 1
}

// pklLoad is pkl.load(name): an array of packets that do not expire.
func (s *State) pklLoad(L *lua.LState) int {
	r, err := s.open(L, "pkl.load")
	if err != nil {
		return failure(L, err)
	}
	all := L.NewTable()
	var p core.Packet
	for {
		err := s.readNext(L, r, &p)
		if err == io.EOF {
			L.Push(all)
			return 1
		}
		if err != nil {
			return failure(L, err)
		}
		h := s.own(p.Copy())
		if !r.facts.empty() {
			h.facts = r.facts.copy()
		}
		all.Append(&h.ud)
	}
}
