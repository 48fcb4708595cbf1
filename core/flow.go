package core

import (
	"bytes"
	"strconv"
)

// A flow is what a packet belongs to: the addresses of a network layer and the
// pair above it, if there is one.
type flow struct {
	name     string // the layer with the pair, or the one above the network layer
	net      string // the network layer
	src, dst end
}

// An end is one side of a flow.
type end struct {
	addr     []byte
	addrSlot *Slot
	port     []byte // the pair above, if it is no number
	num      uint64
	portSlot *Slot // nil: no pair above
}

// flow finds the flow of a packet by its first network layer, or with inner by
// its last one, and the first layer with a pair above that.
func (p *Packet) flow(inner bool) (f flow, ok bool) {
	net, upper := p.flowLayers(inner)
	if net == none {
		return f, false
	}
	f.net = p.nodes[net].proto.Name
	f.name = p.nodes[upper].proto.Name
	a, b := p.nodes[net].proto.addrs()
	f.src.addr, f.src.addrSlot = p.side(net, a)
	f.dst.addr, f.dst.addrSlot = p.side(net, b)
	if pairs := p.nodes[upper].proto.pairs; upper != net && len(pairs) > 0 {
		f.src.take(p, upper, pairs[0][0])
		f.dst.take(p, upper, pairs[0][1])
	}
	return f, true
}

// flowLayers returns the network layer of the flow, and the layer that names it.
func (p *Packet) flowLayers(inner bool) (net, upper ID) {
	net = none
	for id := range p.layers() {
		if len(p.nodes[id].proto.pseudo) > 1 && (net == none || inner) {
			net = id
		}
	}
	if net == none {
		return none, none
	}
	for id := p.nodes[net].up; id != none; id = p.nodes[id].up {
		if len(p.nodes[id].proto.pairs) > 0 {
			return net, id
		}
	}
	return net, p.named(net)
}

// named returns the layer that a flow without ports is called after: the one
// above the network layer and its extension headers, which share its key table.
func (p *Packet) named(net ID) ID {
	id := net
	for up := p.nodes[net].up; up != none; up = p.nodes[up].up {
		if id = up; !sharesTable(p.nodes[net].proto, p.nodes[up].proto) {
			break
		}
	}
	return id
}

func sharesTable(a, b *Proto) bool {
	for _, x := range a.keys {
		for _, y := range b.keys {
			if x.table == y.table {
				return true
			}
		}
	}
	return false
}

// addrs returns source and destination of a network layer.
func (p *Proto) addrs() (src, dst *Slot) {
	if len(p.pairs) > 0 {
		return p.pairs[0][0], p.pairs[0][1]
	}
	return p.pseudo[0], p.pseudo[1]
}

// side reads one of a pair: its bytes, and the field that is there.
func (p *Packet) side(id ID, s *Slot) ([]byte, *Slot) {
	if a := p.Pick(id, s); a != nil {
		s = a
	}
	b, _ := p.raw(id, s)
	return b, s
}

// take reads the pair above the network layer.
func (e *end) take(p *Packet, id ID, s *Slot) {
	if s = p.Pick(id, s); s == nil {
		return
	}
	e.portSlot = s
	if s.Kind == Number {
		e.num, _ = p.num(id, s)
	} else {
		e.port, _ = p.raw(id, s)
	}
}

// compare orders ends by address, then by port.
func (e *end) compare(o *end) int {
	if c := bytes.Compare(e.addr, o.addr); c != 0 {
		return c
	}
	if c := bytes.Compare(e.port, o.port); c != 0 {
		return c
	}
	switch {
	case e.num < o.num:
		return -1
	case e.num > o.num:
		return 1
	}
	return 0
}

// append appends "10.0.0.1:80", "[::1]:80" or an address alone.
func (e *end) append(dst []byte) []byte {
	v6 := e.addrSlot.Kind == IP6 && e.portSlot != nil && e.portSlot.Kind == Number
	if v6 {
		dst = append(dst, '[')
	}
	dst = e.addrSlot.appendAddr(dst, e.addr)
	if v6 {
		dst = append(dst, ']')
	}
	switch s := e.portSlot; {
	case s == nil:
		return dst
	case s.Kind == Number:
		return strconv.AppendUint(append(dst, ':'), e.num, 10)
	default:
		return s.appendAddr(append(dst, '/'), e.port)
	}
}

// appendAddr appends an address as text, other bytes in hex.
func (s *Slot) appendAddr(dst, b []byte) []byte {
	if s.isAddr(len(b)) {
		return s.AppendAddr(dst, b)
	}
	return appendHex(dst, b)
}

// Flow returns a text that is equal for both directions of a conversation, the
// lower end first: "tcp 10.0.0.1:80 10.0.0.2:4444"; "" without a network layer.
// With inner, the last network layer counts and not the first.
func (p *Packet) Flow(inner bool) string {
	p.Update()
	f, ok := p.flow(inner)
	if !ok {
		return ""
	}
	lo, hi := f.order()
	dst := append([]byte(f.name), ' ')
	return string(hi.append(append(lo.append(dst), ' ')))
}

func (f *flow) order() (lo, hi *end) {
	if f.src.compare(&f.dst) <= 0 {
		return &f.src, &f.dst
	}
	return &f.dst, &f.src
}

// FlowHash returns a number that is equal for both directions of a
// conversation, 0 without a network layer. It does not allocate.
func (p *Packet) FlowHash(inner bool) uint64 {
	p.Update()
	f, ok := p.flow(inner)
	if !ok {
		return 0
	}
	lo, hi := f.order()
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(f.name) {
		h = (h ^ uint64(f.name[i])) * fnvPrime
	}
	return max(hi.hash(lo.hash(h)), 1)
}

const fnvPrime = 1099511628211

func (e *end) hash(h uint64) uint64 {
	for _, b := range [2][]byte{e.addr, e.port} {
		for _, c := range b {
			h = (h ^ uint64(c)) * fnvPrime
		}
	}
	return (h ^ e.num) * fnvPrime
}

// Direction compares the ends of two packets of the same protocols: "same",
// "reverse", or "" where they are of different conversations.
func Direction(a, b *Packet, inner bool) string {
	a.Update()
	b.Update()
	f, ok1 := a.flow(inner)
	g, ok2 := b.flow(inner)
	switch {
	case !ok1 || !ok2 || f.net != g.net || f.name != g.name:
		return ""
	case f.src.compare(&g.src) == 0 && f.dst.compare(&g.dst) == 0:
		return "same"
	case f.src.compare(&g.dst) == 0 && f.dst.compare(&g.src) == 0:
		return "reverse"
	}
	return ""
}

// Reverse swaps all address pairs of all layers.
func (p *Packet) Reverse() error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.change(func() error {
		for id := range p.layers() {
			for _, pr := range p.nodes[id].proto.pairs {
				if err := p.swap(id, p.Pick(id, pr[0]), p.Pick(id, pr[1])); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// swap exchanges the values of two fields of one layer, absent ones excepted.
func (p *Packet) swap(id ID, a, b *Slot) error {
	switch {
	case a == nil || b == nil || a.get != nil || b.get != nil:
		return nil
	case a.Kind == Number && b.Kind == Number:
		v, _ := p.num(id, a)
		w, _ := p.num(id, b)
		p.write(id, a, w)
		p.write(id, b, v)
		return nil
	}
	x, ok1 := p.raw(id, a)
	y, ok2 := p.raw(id, b)
	if !ok1 || !ok2 {
		return nil
	}
	x, y = bytes.Clone(x), bytes.Clone(y)
	if err := p.setBytes(id, a, y); err != nil {
		return err
	}
	return p.setBytes(id, b, x)
}
