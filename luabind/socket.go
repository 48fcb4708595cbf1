package luabind

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// A socketRef is pkl.socket.
type socketRef struct {
	sock    Socket
	opened  SocketOptions
	text    string // the filter as it was written
	timeout time.Duration
	closed  bool

	match *core.Filter // opened.Filter, for the registry of reg
	reg   *core.Registry
	last  *packetRef // what a loop has in hand

	meta  core.Meta // of the packet read last
	facts Facts
}

// Close closes the socket when the state ends.
func (k *socketRef) Close() error { return k.sock.Close() }

// name is what messages call the socket.
func (k *socketRef) name() string {
	if k.opened.Iface == "" {
		return "socket"
	}
	return k.opened.Iface
}

const (
	// never is the timeout of a socket that was given none.
	never = time.Duration(-1)
	// waitSlice is how long a socket waits without looking whether the run is to end.
	waitSlice = 100 * time.Millisecond
)

// pklSocket is pkl.socket{iface =, layer =, filter =, …}: a socket, or nil and
// why not.
func (s *State) pklSocket(L *lua.LState) int {
	s.allowNet(L, "pkl.socket")
	k := &socketRef{opened: SocketOptions{Layer: 2}, timeout: never}
	o := optionReader{L: L, what: "pkl.socket", words: map[string]func(lua.LValue){}}
	o.text("iface", &k.opened.Iface)
	o.whole("layer", &k.opened.Layer, 2, 3)
	o.text("filter", &k.text)
	o.flag("promisc", &k.opened.Promisc)
	o.flag("outgoing", &k.opened.Outgoing)
	o.whole("snaplen", &k.opened.SnapLen, 1, 1<<18)
	o.whole("buffer", &k.opened.Buffer, 128, 1<<20)
	mark := int(s.cfg.Mark)
	o.whole("mark", &mark, 0, 1<<32-1)
	o.seconds("timeout", &k.timeout)
	o.read(1)
	k.opened.Mark = uint32(mark)
	if k.opened.Layer == 2 && k.opened.Iface == "" {
		L.RaiseError(`pkl.socket: frames need an interface: {iface = "eth0"}, or layer = 3 for IP packets`)
	}
	k.opened.Filter = compileFilter(L, s.need(L), k.text)
	if err := s.openSocket(k); err != nil {
		return failure(L, err)
	}
	L.Push(&lua.LUserData{Value: k, Metatable: s.meta.socket})
	return 1
}

// allowNet raises if the scripts may not reach the network.
func (s *State) allowNet(L *lua.LState, what string) {
	s.allow(L, what, AllowNet, "net", s.cfg.Network != nil)
}

// openSocket opens the socket, or gets the running one with equal parameters.
func (s *State) openSocket(k *socketRef) (err error) {
	k.match, k.reg = k.opened.Filter, s.reg
	if s.cfg.Sockets != nil {
		k.sock, err = s.cfg.Sockets.open(k.opened, k.text, s.cfg.Network)
	} else {
		k.sock, err = s.cfg.Network.Open(k.opened)
	}
	if err == nil {
		s.files[k] = struct{}{}
	}
	return err
}

func checkSocket(L *lua.LState) *socketRef {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if k, ok := ud.Value.(*socketRef); ok {
			if k.closed {
				L.RaiseError("the socket is closed")
			}
			return k
		}
	}
	wrongType(L, 1, "socket")
	return nil
}

// socketFacts are what a socket tells about itself, beside its methods.
var socketFacts = []string{"iface", "linktype", "mac"}

// socketIndex is s.iface, s.linktype, s.mac and the methods.
func (s *State) socketIndex(L *lua.LState) int {
	ud, _ := L.Get(1).(*lua.LUserData)
	k, ok := ud.Value.(*socketRef)
	if !ok {
		wrongType(L, 1, "socket")
	}
	switch name := L.Get(2).String(); name {
	case "iface":
		L.Push(textOrNil(k.opened.Iface))
	case "linktype":
		L.Push(s.linkTypeName(k.sock.LinkType()))
	case "mac":
		L.Push(textOrNil(net.HardwareAddr(k.sock.MAC()).String()))
	default:
		fn := s.meta.socketMethods[name]
		if fn == nil {
			L.RaiseError("a socket has no %q%s", name, hint(name, append(keysOf(s.meta.socketMethods), socketFacts...)))
		}
		L.Push(fn)
	}
	return 1
}

func (s *State) socketMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"send": s.socketSend, "replay": s.socketReplay, "recv": s.socketRecv, "packets": s.socketPackets,
		"sr": s.socketSR, "sr1": s.socketSR1, "stats": s.socketStats, "close": s.socketClose,
	}
}

// mayWait raises inside rules, timers and at_end functions: packets would wait with them.
func (s *State) mayWait(L *lua.LState, what string) {
	if s.inside {
		L.RaiseError("%s would hold up the packets: a rule cannot wait", what)
	}
}

// read makes p the next packet that passes the filter of the socket.
func (s *State) readSocket(L *lua.LState, k *socketRef, p *core.Packet, until time.Time) error {
	if k.reg != s.need(L) {
		k.match, k.reg = compileFilter(L, s.reg, k.text), s.reg
	}
	for {
		if s.halted.Load() != nil || s.budget.Err() != nil {
			return errEnds
		}
		slice := time.Now().Add(waitSlice)
		if !until.IsZero() && until.Before(slice) {
			slice = until
		}
		k.meta, k.facts = core.Meta{}, Facts{}
		b, err := k.sock.Read(&k.meta, &k.facts, slice)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && slice != until:
			continue
		case err != nil:
			return err
		}
		p.Reset(s.reg, k.meta, b)
		if k.match == nil || k.match.Match(p) {
			return nil
		}
		if !until.IsZero() && !time.Now().Before(until) {
			return os.ErrDeadlineExceeded
		}
	}
}

// errEnds says that the run ends: the machine stops at its next instruction.
var errEnds = errors.New("the run ends")

// until is when a timeout that begins now is over.
func until(timeout time.Duration) time.Time {
	if timeout < 0 {
		return time.Time{}
	}
	return time.Now().Add(timeout)
}

// keep gives out the packet just read as one that does not expire.
func (s *State) keep(k *socketRef, p *core.Packet) *packetRef {
	h := s.own(p.Copy())
	h.facts = k.facts.copy()
	return h
}

// socketRecv is s:recv([seconds]): a packet that does not expire, or nil and why.
func (s *State) socketRecv(L *lua.LState) int {
	k := checkSocket(L)
	s.mayWait(L, "recv")
	k.canRead(L)
	timeout := k.timeout
	if v := L.Get(2); v != lua.LNil {
		timeout = (&optionReader{L: L, what: "recv"}).duration("the timeout", v)
	}
	var p core.Packet
	if err := s.readSocket(L, k, &p, until(timeout)); err != nil {
		return failure(L, waitError(err))
	}
	L.Push(&s.keep(k, &p).ud)
	return 1
}

func (k *socketRef) canRead(L *lua.LState) {
	if k.opened.SendOnly {
		L.RaiseError("the socket only sends")
	}
}

// waitError is what scripts are told when nothing came.
func waitError(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errors.New("timeout")
	}
	return err
}

// socketPackets is s:packets{filter =, max =, timeout =}: an iterator. Each
// packet expires when the loop steps on.
func (s *State) socketPackets(L *lua.LState) int {
	k := checkSocket(L)
	s.mayWait(L, "packets")
	k.canRead(L)
	text, most, timeout := "", 0, k.timeout
	if v, ok := L.Get(2).(lua.LString); ok {
		text = string(v)
	} else {
		o := optionReader{L: L, what: "packets", words: map[string]func(lua.LValue){}}
		o.text("filter", &text)
		o.whole("max", &most, 1, 1<<53)
		o.seconds("timeout", &timeout)
		o.read(2)
	}
	filter := compileFilter(L, s.need(L), text)
	end, n, seen := until(timeout), 0, false
	p := &core.Packet{}
	L.Push(L.NewFunction(func(L *lua.LState) int {
		if k.last != nil {
			k.last.expire()
			k.last = nil
		}
		s.mayWait(L, "packets")
		for most == 0 || n < most {
			if k.closed || seen && !end.IsZero() && time.Now().After(end) { // also where packets never stop
				return 0
			}
			seen = true
			switch err := s.readSocket(L, k, p, end); {
			case errors.Is(err, os.ErrDeadlineExceeded), err == errEnds:
				return 0
			case err != nil:
				L.RaiseError("%s: %v", k.name(), err)
			}
			if p.Registry() != s.reg {
				filter = compileFilter(L, s.reg, text)
			}
			if filter != nil && !filter.Match(p) {
				continue
			}
			n++
			k.last = s.newPacket(p)
			k.last.facts = &k.facts
			L.Push(&k.last.ud)
			return 1
		}
		return 0
	}))
	return 1
}

// socketStats is s:stats().
func (s *State) socketStats(L *lua.LState) int {
	k := checkSocket(L)
	n := k.sock.Stats()
	t := L.NewTable()
	t.RawSetString("received", s.number(n.Received))
	t.RawSetString("dropped", s.number(n.Dropped))
	t.RawSetString("sent", s.number(n.Sent))
	L.Push(t)
	return 1
}

// socketClose is s:close().
func (s *State) socketClose(L *lua.LState) int {
	k := checkSocket(L)
	k.closed = true
	delete(s.files, k)
	if err := k.sock.Close(); err != nil {
		return failure(L, fmt.Errorf("%s: %w", k.name(), err))
	}
	L.Push(lua.LTrue)
	return 1
}
