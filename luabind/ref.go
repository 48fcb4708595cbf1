package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// What a script holds are fresh objects for each packet: a packetRef for the
// packet and a recordRef for each layer or item touched. The core.Packet behind
// them is used again; when it is, p becomes nil and the handles are expired. So
// no handle ever shows another packet's bytes.
//
// Each handle holds the Lua userdata that stands for it, and they are cut from
// blocks, so that a handle costs a fraction of an allocation.

// A packetRef is a packet as a script sees it.
type packetRef struct {
	ud       lua.LUserData
	p        *core.Packet // nil: expired
	records  *recordRef   // layers given out
	facts    *Facts
	readOnly string // what it is that cannot be edited
}

// A recordRef is a layer or an item as a script sees it.
type recordRef struct {
	ud    lua.LUserData
	pk    *packetRef
	typ   *recordType
	next  *recordRef // the packet's other layers
	id    core.ID
	epoch uint32
	birth uint32
}

// A listRef is a list as a script sees it.
type listRef struct {
	ud    lua.LUserData
	pk    *packetRef
	slot  *core.Slot
	id    core.ID
	epoch uint32
	birth uint32
}

const block = 32 // handles made at a time

// newPacket gives out a handle of p.
func (s *State) newPacket(p *core.Packet) *packetRef {
	if len(s.packets) == 0 {
		s.packets = make([]packetRef, block)
	}
	h := &s.packets[0]
	s.packets = s.packets[1:]
	h.p = p
	h.ud.Value, h.ud.Metatable = h, s.meta.packet
	return h
}

// own gives out a handle of a packet that never expires.
func (s *State) own(p *core.Packet) *packetRef {
	h := &packetRef{p: p}
	h.ud.Value, h.ud.Metatable = h, s.meta.packet
	return h
}

// layer returns the handle of layer id: the same for the same layer.
func (s *State) layer(pk *packetRef, id core.ID, t *recordType) *recordRef {
	for r := pk.records; r != nil; r = r.next {
		if r.id == id && r.birth == pk.p.Birth(id) {
			return r
		}
	}
	pk.dropGone()
	r := s.newRecord(pk, id, t)
	r.next, pk.records = pk.records, r
	return r
}

// dropGone lets go of the handles of layers that are no longer there.
func (h *packetRef) dropGone() {
	for at := &h.records; *at != nil; {
		if r := *at; h.p.Alive(r.id) && r.birth == h.p.Birth(r.id) {
			at = &r.next
		} else {
			*at = r.next
		}
	}
}

// newRecord gives out a handle of a layer or item.
func (s *State) newRecord(pk *packetRef, id core.ID, t *recordType) *recordRef {
	if len(s.records) == 0 {
		s.records = make([]recordRef, block)
	}
	r := &s.records[0]
	s.records = s.records[1:]
	r.pk, r.typ, r.id, r.epoch, r.birth = pk, t, id, pk.p.Epoch(), pk.p.Birth(id)
	r.ud.Value, r.ud.Metatable = r, s.meta.record
	return r
}

func (s *State) newList(pk *packetRef, id core.ID, slot *core.Slot) *listRef {
	l := &listRef{pk: pk, slot: slot, id: id, epoch: pk.p.Epoch(), birth: pk.p.Birth(id)}
	l.ud.Value, l.ud.Metatable = l, s.meta.list
	return l
}

// expire makes every handle of the packet void.
func (h *packetRef) expire() { h.p, h.records, h.facts = nil, nil, nil }

const expired = "packet expired; use pkt:copy() to keep it"

// live returns the packet, or raises if it is gone.
func (h *packetRef) live(L *lua.LState) *core.Packet {
	if h.p == nil {
		L.RaiseError(expired)
	}
	return h.p
}

// live returns the packet of a layer or item, or raises if one of them is gone.
func (r *recordRef) live(L *lua.LState) *core.Packet {
	p := r.pk.p
	if p == nil {
		L.RaiseError(expired)
	}
	if r.epoch != p.Epoch() || r.birth != p.Birth(r.id) || !p.Alive(r.id) {
		L.RaiseError("%s was removed", r.what())
	}
	return p
}

// what names the record in messages.
func (r *recordRef) what() string {
	if r.typ.item {
		return r.typ.layout.Noun()
	}
	return r.typ.layout.Name + " layer"
}

func (l *listRef) live(L *lua.LState) *core.Packet {
	p := l.pk.p
	if p == nil {
		L.RaiseError(expired)
	}
	if l.epoch != p.Epoch() || l.birth != p.Birth(l.id) || !p.Alive(l.id) {
		L.RaiseError("list %s was removed", l.slot)
	}
	return p
}

// edit is live for a change.
func (h *packetRef) edit(L *lua.LState) *core.Packet {
	p := h.live(L)
	if h.readOnly != "" {
		L.RaiseError("%s; copy() gives one of your own", h.readOnly)
	}
	return p
}

func (r *recordRef) edit(L *lua.LState) *core.Packet {
	r.pk.edit(L)
	return r.live(L)
}

// checkPacket returns argument n as a packet.
func checkPacket(L *lua.LState, n int) *packetRef {
	if ud, ok := L.Get(n).(*lua.LUserData); ok {
		if h, ok := ud.Value.(*packetRef); ok {
			return h
		}
	}
	wrongType(L, n, "packet")
	return nil
}

// checkRecord returns argument n as a layer or item.
func checkRecord(L *lua.LState, n int) *recordRef {
	if ud, ok := L.Get(n).(*lua.LUserData); ok {
		if r, ok := ud.Value.(*recordRef); ok {
			return r
		}
	}
	wrongType(L, n, "layer")
	return nil
}

// wrongType raises for argument n. A missing first one is most often a dot where a colon belongs.
func wrongType(L *lua.LState, n int, want string) {
	hint := ""
	if n == 1 {
		hint = "; call methods with a colon"
	}
	L.RaiseError("%s expected as argument %d, got %s%s", want, n, kindName(L.Get(n)), hint)
}

// kindName names what a value is.
func kindName(v lua.LValue) string {
	if ud, ok := v.(*lua.LUserData); ok {
		switch h := ud.Value.(type) {
		case *packetRef:
			return "a packet"
		case *recordRef:
			if h.typ.item {
				return "an item"
			}
			return "a layer"
		case *listRef:
			return "a list"
		}
	}
	if v == lua.LNil {
		return "nil"
	}
	return "a " + v.Type().String()
}
