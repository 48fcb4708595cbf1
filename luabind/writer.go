package luabind

import (
	"errors"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// A writerRef is pkl.create: a capture file to write.
type writerRef struct {
	name     string
	w        Writer
	linkType int // -1: that of the first packet
	closed   bool

	meta core.Meta // of the packet in hand
}

// Close closes the file when the state ends.
func (w *writerRef) Close() error { return w.w.Close() }

// pklCreate is pkl.create(name [, {linktype =, snaplen =, nano =}]): a writer,
// or nil and why not.
func (s *State) pklCreate(L *lua.LState) int {
	s.allow(L, "pkl.create", AllowWrite, "write", s.cfg.Create != nil)
	name := checkText(L, 1, "pkl.create", "the name of a file")
	o := s.createOptions(L)
	w, err := s.create(name, o)
	if err != nil {
		return failure(L, err)
	}
	ref := &writerRef{name: name, w: w, linkType: o.LinkType}
	s.files[ref] = struct{}{}
	L.Push(&lua.LUserData{Value: ref, Metatable: s.meta.writer})
	return 1
}

func (s *State) create(name string, o CreateOptions) (Writer, error) {
	if s.cfg.Writers != nil {
		return s.cfg.Writers.create(name, o, s.cfg.Create)
	}
	return s.cfg.Create(name, o)
}

// createOptions reads the options of pkl.create.
func (s *State) createOptions(L *lua.LState) CreateOptions {
	o := CreateOptions{LinkType: -1}
	w := optionReader{L: L, what: "pkl.create", words: map[string]func(lua.LValue){
		"linktype": func(v lua.LValue) { o.LinkType = s.checkLinkType(L, v) },
		"nano": func(v lua.LValue) {
			o.Nano = lua.LVAsBool(v)
			o.Micro = !o.Nano
		},
	}}
	w.whole("snaplen", &o.SnapLen, 1, 1<<30)
	w.read(2)
	return o
}

func checkWriter(L *lua.LState) *writerRef {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if w, ok := ud.Value.(*writerRef); ok {
			return w
		}
	}
	wrongType(L, 1, "writer")
	return nil
}

// writerWrite is w:write(pkt). What goes wrong with the file is nil and a
// message; a packet that does not belong into it raises.
func (s *State) writerWrite(L *lua.LState) int {
	w := checkWriter(L)
	if w.closed {
		L.RaiseError("%s: the writer is closed", w.name)
	}
	p := s.operand(L, L.Get(2))
	p.Update()
	w.meta = p.Meta
	meta := &w.meta
	meta.LinkType = linkTypeOf(p, w.linkType)
	if meta.LinkType < 0 {
		L.RaiseError("%s: a packet that starts with %s has no link type; put a link layer below it", w.name, s.firstName(p))
	}
	if w.linkType < 0 {
		w.linkType = meta.LinkType
	}
	err := w.w.Write(meta, s.originOf(L.Get(2)), p.Raw())
	if err != nil && meta.LinkType != w.linkType {
		L.RaiseError("%s: %s", w.name, err.Error())
	}
	if err != nil {
		return failure(L, err)
	}
	L.Push(lua.LTrue)
	return 1
}

// originOf is what the file that a packet comes from says about it.
func (s *State) originOf(v lua.LValue) *Origin {
	if ud, ok := v.(*lua.LUserData); ok {
		if h, ok := ud.Value.(*packetRef); ok && h.facts != nil {
			return &h.facts.Origin
		}
	}
	return &s.noOrigin
}

// writerClose is w:close().
func (s *State) writerClose(L *lua.LState) int {
	w := checkWriter(L)
	if w.closed {
		return failure(L, errors.New(w.name+": the writer is closed"))
	}
	w.closed = true
	delete(s.files, w)
	if err := w.w.Close(); err != nil {
		return failure(L, err)
	}
	L.Push(lua.LTrue)
	return 1
}
