package core

import "net/netip"

// A Waiting set holds packets that wait for an answer, and finds which of them a
// packet replies to, however many there are. The zero value is ready.
type Waiting struct {
	sent  []*Packet // nil: waits no longer
	flows map[uint64][]int
	open  []int // those that may be answered from anywhere
}

// Add adds a packet, brought up to date. The set keeps it.
func (w *Waiting) Add(p *Packet) (n int) {
	n = len(w.sent)
	w.sent = append(w.sent, p)
	h := p.FlowHash(false)
	if h == 0 || p.hasOpenEnd() {
		w.open = append(w.open, n)
		return n
	}
	if w.flows == nil {
		w.flows = map[uint64][]int{}
	}
	w.flows[h] = append(w.flows[h], n)
	return n
}

// Remove takes a packet out, by the number that Add gave.
func (w *Waiting) Remove(n int) { w.sent[n] = nil }

// Find returns the number of the packet that p replies to.
func (w *Waiting) Find(p *Packet) (n int, ok bool) {
	h := p.FlowHash(false)
	if q, _ := p.quoted(); q != nil {
		h = q.FlowHash(false)
	}
	for _, list := range [][]int{w.flows[h], w.open} {
		for _, n := range list {
			if sent := w.sent[n]; sent != nil && p.RepliesTo(sent) {
				return n, true
			}
		}
	}
	return 0, false
}

// hasOpenEnd reports whether an address of the network layer is unspecified or a group's.
func (p *Packet) hasOpenEnd() bool {
	net := p.netLayer()
	if net == none {
		return true
	}
	src, dst := p.nodes[net].proto.addrs()
	return p.openEnd(net, src) || p.openEnd(net, dst)
}

// NetAddrs returns the addresses of the first layer, if that is a network layer
// with IPv4 or IPv6 addresses.
func (p *Packet) NetAddrs() (src, dst netip.Addr, ok bool) {
	id := p.First()
	if id == none || len(p.nodes[id].proto.pseudo) < 2 {
		return src, dst, false
	}
	a, b := p.nodes[id].proto.addrs()
	x, _ := p.side(id, a)
	y, _ := p.side(id, b)
	src, ok1 := netip.AddrFromSlice(x)
	dst, ok2 := netip.AddrFromSlice(y)
	return src, dst, ok1 && ok2
}

// FillSource sets the source address of the first layer, where that is all
// zeros: of a network layer, or a link layer with MAC addresses.
func (p *Packet) FillSource(addr []byte) error {
	id, s := p.emptySource()
	if s == nil || s.width != len(addr)*8 {
		return nil
	}
	return p.SetRaw(id, s, addr)
}

// LacksSource reports whether there is a source address that FillSource sets.
func (p *Packet) LacksSource() bool {
	_, s := p.emptySource()
	return s != nil
}

// emptySource is the source address of the first layer, if it is all zeros.
func (p *Packet) emptySource() (id ID, s *Slot) {
	id = p.First()
	if id == none || len(p.nodes[id].proto.pairs) == 0 {
		return id, nil
	}
	s = p.Pick(id, p.nodes[id].proto.pairs[0][0])
	if s == nil || s.Kind != MAC && s.Kind != IP4 && s.Kind != IP6 {
		return id, nil
	}
	if b, ok := p.Data(id, s); !ok || !isZero(b) {
		return id, nil
	}
	return id, s
}
