package main

import "encoding/binary"

// echo emits an echo request or reply.
func (g *gen) echo(v6 bool) kind {
	p, back := newPath(&g.r, v6), g.r.percent(50)
	typ := byte(8)
	switch {
	case v6 && back:
		typ = 129
	case v6:
		typ = 128
	case back:
		typ = 0
	}
	b := g.icmp(&p, back, 8+56)
	b[0], b[1] = typ, 0
	binary.BigEndian.PutUint16(b[4:], uint16(g.r.next()))
	binary.BigEndian.PutUint16(b[6:], uint16(g.r.below(1000)))
	g.pool.fill(&g.r, b[8:])
	g.icmpSum(&p, b)
	if v6 {
		return icmp6Echo
	}
	return icmpEcho
}

// icmpError emits an error about a TCP connection request or a UDP datagram, which it quotes as far as modern systems do.
func (g *gen) icmpError(v6 bool) kind {
	p := newPath(&g.r, v6)
	quoted := g.quote(&p)
	b := g.icmp(&p, true, 8+len(quoted))
	clear(b[:8])
	switch {
	case v6:
		b[0], b[1] = 1, 4 // port unreachable
	case g.r.percent(50):
		b[0], b[1] = 3, 3
	default:
		b[0] = 11 // time exceeded
	}
	copy(b[8:], quoted)
	g.icmpSum(&p, b)
	if v6 {
		return icmp6Error
	}
	return icmpError
}

// quote builds the packet that an error is about.
func (g *gen) quote(p *path) []byte {
	f := &g.aside.f
	if g.r.percent(50) {
		fl := newFlow(&g.r)
		fl.path = *p
		g.aside.segment(&fl, 0, syn, g.aside.synOptions(&fl), 0, nil)
	} else {
		g.aside.datagram(p, false, [2]uint16{40000, 33434}, 40, []byte("probe "))
	}
	return f.buf[f.ipOff:f.n]
}

// neighbour emits a neighbour solicitation or advertisement (RFC 4861).
func (g *gen) neighbour() kind {
	p, back := newPath(&g.r, true), g.r.percent(50)
	p.opt = false
	src, dst := p.ends(back)
	b := g.icmp(&p, back, 32)
	clear(b)
	g.f.buf[g.f.ipOff+7] = 255
	b[0], b[24], b[25] = 135, 1, 1
	copy(b[8:], dst.ip[:])
	if back {
		b[0], b[4], b[24] = 136, 0x60, 2
		copy(b[8:], src.ip[:])
	}
	copy(b[26:], src.mac[:])
	g.icmpSum(&p, b)
	return icmp6Neighbour
}

// icmp writes the headers below n bytes of ICMP.
func (g *gen) icmp(p *path, back bool, n int) []byte {
	if p.v6 {
		return g.f.ip(p, back, protoICMP6, n)
	}
	return g.f.ip(p, back, protoICMP, n)
}

// icmpSum fills in the checksum; only that of ICMPv6 covers a pseudo header.
func (g *gen) icmpSum(p *path, b []byte) {
	clear(b[2:4])
	s := sum16(b)
	if p.v6 {
		s += g.f.pseudo
	}
	putSum(b[2:], s, false)
	g.padded = g.f.pad()
	g.note(p, 0)
}

// arp emits a request or a reply.
func (g *gen) arp() kind {
	p, back := newPath(&g.r, false), g.r.percent(50)
	src, dst := p.ends(back)
	g.f.link(&p, back, typeARP)
	b := g.f.take(28)
	copy(b, []byte{0, 1, 8, 0, 6, 4, 0, 1})
	copy(b[8:], src.mac[:])
	copy(b[14:], src.ip[:4])
	copy(b[24:], dst.ip[:4])
	if back {
		b[7] = 2
		copy(b[18:], dst.mac[:])
	} else {
		copy(g.f.buf[:], []byte{255, 255, 255, 255, 255, 255})
	}
	g.padded = back && g.f.pad()
	g.note(&p, 0)
	return arpAny
}
