package luabind

import (
	"context"
	"errors"
	"fmt"
	"io"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// linkRawIP is the link type of IP packets without a link layer.
const linkRawIP = 101

// packetOf reads v, a packet, brings it up to date, and tells what is known about it.
func packetOf(L *lua.LState, v lua.LValue, what, where string) (*core.Packet, *Facts) {
	p, f := asPacket(L, v)
	if p == nil {
		L.RaiseError("%s: need a packet%s, have %s", what, where, kindName(v))
	}
	return p, f
}

// asPacket is packetOf, or nil if v is no packet.
func asPacket(L *lua.LState, v lua.LValue) (*core.Packet, *Facts) {
	ud, ok := v.(*lua.LUserData)
	if !ok {
		return nil, nil
	}
	p, ok := userValue(L, ud).(*core.Packet)
	if !ok {
		return nil, nil
	}
	p.Update()
	if h, ok := ud.Value.(*packetRef); ok {
		return p, h.known()
	}
	return p, &nothing
}

// eachPacket calls f with argument n, a packet, or with each of an array of them.
func (s *State) eachPacket(L *lua.LState, n int, what string, f func(*core.Packet, *Facts)) {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		f(packetOf(L, L.Get(n), what, ""))
		return
	}
	if t.Len() == 0 {
		L.RaiseError("%s: the array has no packets", what)
	}
	for i := 1; i <= t.Len(); i++ {
		p, known := asPacket(L, t.RawGetInt(i))
		if p == nil {
			packetOf(L, t.RawGetInt(i), what, fmt.Sprintf(" as number %d", i))
		}
		f(p, known)
	}
}

// packetsOf reads argument n, a packet or an array of them.
func (s *State) packetsOf(L *lua.LState, n int, what string) (all []*core.Packet, facts []*Facts) {
	s.eachPacket(L, n, what, func(p *core.Packet, f *Facts) { all, facts = append(all, p), append(facts, f) })
	return all, facts
}

// framesOf adds to out what leaves by the socket for argument n, a packet or an
// array of them.
func (s *State) framesOf(L *lua.LState, k *socketRef, n int, what string, out []Frame) []Frame {
	s.eachPacket(L, n, what, func(p *core.Packet, f *Facts) { out = append(out, s.unchanged(L, k, p, f)) })
	return out
}

// unchanged is outgoing for a packet that stays as it is.
func (s *State) unchanged(L *lua.LState, k *socketRef, p *core.Packet, f *Facts) Frame {
	if p.LacksSource() {
		p = p.Copy()
	}
	return s.outgoing(L, k, p, f)
}

// outgoing is the packet as it leaves by the socket: of its kind, with a source
// address.
func (s *State) outgoing(L *lua.LState, k *socketRef, p *core.Packet, f *Facts) Frame {
	if len(p.Raw()) == 0 {
		L.RaiseError("%s: a packet without bytes cannot be sent", k.name())
	}
	_, _, isNet := p.NetAddrs()
	switch first := s.firstName(p); {
	case k.opened.Layer == 3 && !isNet:
		L.RaiseError("%s begins with no network layer: send it by a socket of layer 2", first)
	case k.opened.Layer == 2 && k.sock.LinkType() != linkRawIP && isNet:
		L.RaiseError("%s: a frame begins with a link layer, this with %s: put one below it, or use layer = 3", k.name(), first)
	}
	if src := s.source(k, p); src != nil {
		raise(L, p.FillSource(src))
		p.Update()
	}
	out := Frame{Data: p.Raw(), Time: p.Time, Packet: p, Offload: f.Offload}
	out.Offload.SumPending = out.Offload.SumPending && p.SumsPending
	return out
}

// source is the address that a packet gets as its source if it has none.
func (s *State) source(k *socketRef, p *core.Packet) []byte {
	if k.opened.Layer == 2 {
		return k.sock.MAC()
	}
	src, dst, _ := p.NetAddrs()
	if !src.IsUnspecified() {
		return nil
	}
	r, err := s.cfg.Network.Route(dst)
	if err != nil || !r.Source.IsValid() {
		return nil
	}
	return r.Source.AsSlice()
}

// socketSend is s:send(pkt or {pkt, …} [, {count =, rate =, loop =}]): how many
// have gone, or nil and why not.
func (s *State) socketSend(L *lua.LState) int {
	return s.send(L, checkSocket(L), 2)
}

func (s *State) send(L *lua.LState, k *socketRef, n int, more ...string) int {
	var o SendOptions
	if L.Get(n+1) != lua.LNil {
		o = sendOptions(L, n+1, more)
	}
	if o.Rate > 0 || o.Loop {
		s.mayWait(L, "send with rate or loop")
	}
	frames := s.outbox
	s.outbox = nil // a hook that brings a packet up to date may send, too
	frames = s.framesOf(L, k, n, "send", frames)
	sent, err := k.sock.Send(s.waiting(), frames, o)
	clear(frames) // the packets may be collected
	s.outbox = frames[:0]
	return s.sendResult(L, sent, err)
}

// sendOptions reads argument n; more are words that are read elsewhere.
func sendOptions(L *lua.LState, n int, more []string) (o SendOptions) {
	w := optionReader{L: L, what: "send", words: map[string]func(lua.LValue){}}
	for _, word := range more {
		w.words[word] = func(lua.LValue) {}
	}
	w.whole("count", &o.Count, 1, 1<<53)
	w.number("rate", &o.Rate)
	w.flag("loop", &o.Loop)
	w.read(n)
	return o
}

// sendResult pushes how many packets have gone; or nil, why not, and how many
// have gone before. A run that ends is no failure: the machine stops at its next
// instruction.
func (s *State) sendResult(L *lua.LState, sent int, err error) int {
	if err == nil || errors.Is(err, context.Canceled) {
		L.Push(s.number(uint64(sent)))
		return 1
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.New("there is no room for more packets: the way out is busy, and a rule cannot wait")
	}
	L.Push(lua.LNil)
	L.Push(lua.LString(err.Error()))
	L.Push(s.number(uint64(sent)))
	return 3
}

// pklSend is pkl.send(pkt or {pkt, …} [, {iface =, count =, rate =, loop =}]): by
// the first layer, a network layer through the kernel's routes, a frame by an
// interface.
func (s *State) pklSend(L *lua.LState) int {
	s.allowNet(L, "pkl.send")
	k, err := s.sender(L, 1, 2)
	if err != nil {
		return failure(L, err)
	}
	return s.send(L, k, 1, "iface")
}

// sender returns a socket for the packet that is argument n, by the interface
// that the options, argument o, name.
func (s *State) sender(L *lua.LState, n, o int) (*socketRef, error) {
	packets, _ := s.packetsOf(L, n, "send")
	opened := SocketOptions{Layer: 2, Iface: ifaceOption(L, o)}
	if _, _, isNet := packets[0].NetAddrs(); isNet {
		opened.Layer = 3
	} else if opened.Iface == "" {
		s.needIface(L, packets[0], "pkl.send", `pkl.send(pkt, {iface = "eth0"})`)
	}
	return s.sendOnly(opened)
}

// needIface raises for a packet that the kernel cannot route: a frame lacks an
// interface, what is none lacks the layers below.
func (s *State) needIface(L *lua.LState, p *core.Packet, what, give string) {
	if LinkType(p) < 0 {
		L.RaiseError("%s: a packet begins with a network or link layer, this with %s: put one below it", what, s.firstName(p))
	}
	L.RaiseError("%s: a frame needs an interface: %s", what, give)
}

// ifaceOption is what the options, argument n, have as iface.
func ifaceOption(L *lua.LState, n int) string {
	if t, ok := L.Get(n).(*lua.LTable); ok {
		if v, ok := t.RawGetString("iface").(lua.LString); ok {
			return string(v)
		}
	}
	return ""
}

// sendOnly returns a socket that sends; it stays open for the next one.
func (s *State) sendOnly(opened SocketOptions) (*socketRef, error) {
	opened.SendOnly, opened.Mark = true, s.cfg.Mark
	if k := s.senders[opened]; k != nil {
		return k, nil
	}
	k := &socketRef{opened: opened, timeout: never}
	if err := s.openSocket(k); err != nil {
		return nil, err
	}
	if s.senders == nil {
		s.senders = map[SocketOptions]*socketRef{}
	}
	s.senders[opened] = k
	return k, nil
}

// pklReplay is pkl.replay(file, array or function, {iface =, speed =, rate =, fast =}).
func (s *State) pklReplay(L *lua.LState) int {
	s.allowNet(L, "pkl.replay")
	opened := SocketOptions{Layer: 2, Iface: ifaceOption(L, 2)}
	if opened.Iface == "" {
		L.RaiseError(`pkl.replay: it needs an interface: pkl.replay(what, {iface = "eth0"})`)
	}
	k, err := s.sendOnly(opened)
	if err != nil {
		return failure(L, err)
	}
	return s.replay(L, k, 1, "iface")
}

// socketReplay is s:replay(file, array or function [, {speed =, rate =, fast =}]).
func (s *State) socketReplay(L *lua.LState) int { return s.replay(L, checkSocket(L), 2) }

func (s *State) replay(L *lua.LState, k *socketRef, n int, more ...string) int {
	t := ReplayTiming{Speed: 1}
	fast := false
	w := optionReader{L: L, what: "replay", words: map[string]func(lua.LValue){}}
	for _, word := range more {
		w.words[word] = func(lua.LValue) {}
	}
	w.number("speed", &t.Speed)
	w.number("rate", &t.Rate)
	w.flag("fast", &fast)
	w.read(n + 1)
	if fast {
		t.Speed, t.Rate = 0, 0
	}
	s.mayWait(L, "replay")
	next, done, err := s.replayed(L, k, n)
	if err != nil {
		return failure(L, err)
	}
	defer done()
	sent, err := k.sock.Replay(s.waiting(), next, t)
	return s.sendResult(L, sent, err)
}

// replayed gives the packets of argument n: a capture file's name, an array, or a
// function that returns one after the other, then nil.
func (s *State) replayed(L *lua.LState, k *socketRef, n int) (next func(*Frame) error, done func(), err error) {
	if name, ok := L.Get(n).(lua.LString); ok {
		s.allow(L, "replay of a file", AllowRead, "read", s.cfg.Open != nil)
		r, err := s.cfg.Open(string(name))
		if err != nil {
			return nil, nil, err
		}
		var m core.Meta
		var o Origin
		var p core.Packet
		number, reg := 0, s.need(L)
		return func(f *Frame) error {
			b, err := r.Read(&m, &o)
			if err != nil {
				return err
			}
			number++
			if want := k.sock.LinkType(); m.LinkType != want {
				return fmt.Errorf("%s: packet %d has link type %s, %s takes %s", name, number, s.linkTypeName(m.LinkType), k.name(), s.linkTypeName(want))
			}
			if len(b) < m.Len {
				return fmt.Errorf("%s: packet %d: only %d of %d bytes were captured", name, number, len(b), m.Len)
			}
			p.Reset(reg, m, b)
			*f = Frame{Data: b, Time: m.Time, Packet: &p}
			return nil
		}, func() { r.Close() }, nil
	}
	if fn, ok := L.Get(n).(*lua.LFunction); ok {
		return func(f *Frame) error {
			L.Push(fn)
			L.Call(0, 1)
			v := L.Get(-1)
			L.Pop(1)
			if v == lua.LNil {
				return io.EOF
			}
			p, known := packetOf(L, v, "replay", " from the function")
			*f = s.unchanged(L, k, p, known)
			return nil
		}, func() {}, nil
	}
	frames := s.framesOf(L, k, n, "replay", nil)
	return func(f *Frame) error {
		if len(frames) == 0 {
			return io.EOF
		}
		*f, frames = frames[0], frames[1:]
		return nil
	}, func() {}, nil
}
