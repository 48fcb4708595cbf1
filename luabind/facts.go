package luabind

import (
	"bytes"
	"net"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// Facts are what the source of a packet knows about it beside core.Meta.
type Facts struct {
	Origin           // of a packet from a capture file
	CTMark   *uint32 // the connection's mark; nil: none known
	Hook     string  // "prerouting", "input", "forward", "output", "postrouting"; "": none
	Queue    int     // where there is a hook
	OutIface string  // where the packet will leave; "": not known
	HWAddr   []byte  // of the sender, valid during the judgement; nil: none known
	Local    bool    // a socket of this host sends or gets it, of UID and GID
	UID, GID uint32
	GSO      bool // to be cut by the kernel or the card: its length cannot change
	Outgoing bool // this host sends it
	Offload  Offload
}

// copy returns facts that a copy of the packet keeps.
func (f *Facts) copy() *Facts {
	c := *f
	c.CTMark = nil
	c.Options = bytes.Clone(f.Options)
	c.HWAddr = bytes.Clone(f.HWAddr)
	return &c
}

// gsoLength is why an edit cannot change the length of a packet with Facts.GSO.
const gsoLength = "it is a GSO super-packet, which the kernel cuts into segments behind pkl; start pkl with --no-gso to have them cut first"

type factGetter = func(*State, *packetRef, *core.Packet) lua.LValue

// facts are what is known about a packet beside its bytes.
func facts() map[string]factGetter {
	return map[string]factGetter{
		"ts":     func(_ *State, _ *packetRef, p *core.Packet) lua.LValue { return lua.LNumber(float64(p.Time) / 1e9) },
		"ts_ns":  func(s *State, _ *packetRef, p *core.Packet) lua.LValue { return s.signed(p.Time) },
		"len":    func(s *State, _ *packetRef, p *core.Packet) lua.LValue { return s.number(uint64(p.WireLen())) },
		"caplen": func(s *State, _ *packetRef, p *core.Packet) lua.LValue { return s.number(uint64(p.Cap())) },
		"mark":   func(s *State, _ *packetRef, p *core.Packet) lua.LValue { return s.number(uint64(p.Mark)) },
		"iface":  func(_ *State, _ *packetRef, p *core.Packet) lua.LValue { return textOrNil(p.Iface) },
		"out_iface": func(_ *State, h *packetRef, _ *core.Packet) lua.LValue {
			return textOrNil(h.known().OutIface)
		},
		"hwaddr":   hwaddrFact,
		"number":   func(s *State, _ *packetRef, p *core.Packet) lua.LValue { return s.positive(p.Number) },
		"linktype": linkTypeFact,
		"ctmark":   ctmarkFact,
		"hook":     hookFact,
		"queue":    queueFact,
		"uid":      userFact(func(f *Facts) uint32 { return f.UID }),
		"gid":      userFact(func(f *Facts) uint32 { return f.GID }),
		"gso":      func(_ *State, h *packetRef, _ *core.Packet) lua.LValue { return boolean(h.known().GSO) },
		"outgoing": func(_ *State, h *packetRef, _ *core.Packet) lua.LValue { return boolean(h.known().Outgoing) },
		"err":      errFact,
		"first":    func(s *State, h *packetRef, p *core.Packet) lua.LValue { return s.layerValue(h, p, p.First()) },
		"last":     func(s *State, h *packetRef, p *core.Packet) lua.LValue { return s.layerValue(h, p, p.Last()) },
	}
}

func textOrNil(t string) lua.LValue {
	if t == "" {
		return lua.LNil
	}
	return lua.LString(t)
}

func (s *State) positive(n int) lua.LValue {
	if n <= 0 {
		return lua.LNil
	}
	return s.number(uint64(n))
}

func linkTypeFact(s *State, _ *packetRef, p *core.Packet) lua.LValue {
	n := linkTypeOf(p, p.LinkType)
	if n < 0 {
		return lua.LNil
	}
	return s.linkTypeName(n)
}

// nothing are the facts of a packet whose source knows none.
var nothing Facts

// known are the facts that the packet's source has told; they are only read.
func (h *packetRef) known() *Facts {
	if h.facts == nil {
		return &nothing
	}
	return h.facts
}

func ctmarkFact(s *State, h *packetRef, _ *core.Packet) lua.LValue {
	if mark := h.known().CTMark; mark != nil {
		return s.number(uint64(*mark))
	}
	return lua.LNil
}

func hookFact(_ *State, h *packetRef, _ *core.Packet) lua.LValue { return textOrNil(h.known().Hook) }

func queueFact(s *State, h *packetRef, _ *core.Packet) lua.LValue {
	if f := h.known(); f.Hook != "" {
		return s.number(uint64(max(0, f.Queue)))
	}
	return lua.LNil
}

func userFact(get func(*Facts) uint32) factGetter {
	return func(s *State, h *packetRef, _ *core.Packet) lua.LValue {
		if f := h.known(); f.Local {
			return s.number(uint64(get(f)))
		}
		return lua.LNil
	}
}

func hwaddrFact(_ *State, h *packetRef, _ *core.Packet) lua.LValue {
	return textOrNil(net.HardwareAddr(h.known().HWAddr).String())
}

func errFact(_ *State, _ *packetRef, p *core.Packet) lua.LValue {
	if err := p.Err(); err != nil {
		return lua.LString(err.Error())
	}
	return lua.LNil
}
