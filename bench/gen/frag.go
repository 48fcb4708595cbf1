package main

import "encoding/binary"

// piece is a finished frame that waits for its turn.
type piece struct {
	frame  []byte
	path   path
	padded bool
}

// fragments cuts a datagram that is too long for the link and emits the first piece; the others follow at once.
func (g *gen) fragments(v6 bool) kind {
	p := newPath(&g.r, v6)
	p.opt = false
	whole := g.longDatagram(&p)
	step, id := 1480, uint32(g.r.next())
	if v6 {
		step = 1448
	}
	for off := 0; off < len(whole); off += step {
		part := whole[off:min(off+step, len(whole))]
		g.fragment(&p, part, off, id, off+step < len(whole))
	}
	return g.pending()
}

// longDatagram builds a UDP datagram of two or three pieces with a checksum over all of it.
func (g *gen) longDatagram(p *path) []byte {
	b := make([]byte, 8+1600+g.r.below(2400))
	udpHeader(b, false, [2]uint16{40000, 2049})
	g.pool.fill(&g.r, b[8:])
	proto := byte(protoUDP)
	addrs := sum16(p.a.ip[:]) + sum16(p.b.ip[:])
	putSum(b[6:], addrs+uint64(proto)+uint64(len(b))+sum16(b), true)
	return b
}

// fragment builds one piece and puts it into the queue.
func (g *gen) fragment(p *path, part []byte, off int, id uint32, more bool) {
	if p.v6 {
		b := g.f.ip(p, false, protoFrag6, 8+len(part))
		b[0], b[1] = protoUDP, 0
		binary.BigEndian.PutUint16(b[2:], uint16(off)|bit(more, 0))
		binary.BigEndian.PutUint32(b[4:], id)
		copy(b[8:], part)
	} else {
		b := g.f.ip(p, false, protoUDP, len(part))
		copy(b, part)
		h := g.f.buf[g.f.ipOff : g.f.ipOff+20]
		binary.BigEndian.PutUint16(h[4:], uint16(id))
		binary.BigEndian.PutUint16(h[6:], uint16(off/8)|bit(more, 13))
		g.f.sum4(h)
	}
	padded := g.f.pad()
	g.queue = append(g.queue, piece{append([]byte(nil), g.f.bytes()...), *p, padded})
}

// bit is 1<<n if set, else 0.
func bit(set bool, n int) uint16 {
	if set {
		return 1 << n
	}
	return 0
}

// pending emits the next piece of the queue.
func (g *gen) pending() kind {
	q := g.queue[0]
	g.queue = g.queue[1:]
	g.f.n = copy(g.f.buf[:], q.frame)
	g.padded = q.padded
	g.note(&q.path, 0)
	at := 14 + 4*q.path.tags
	if q.path.v6 {
		return pick(g.f.buf[at+42]|g.f.buf[at+43]&^1 == 0, frag6First, frag6Later)
	}
	return pick(g.f.buf[at+6]&0x1f|g.f.buf[at+7] == 0, frag4First, frag4Later)
}

// pick chooses by a condition.
func pick(c bool, yes, no kind) kind {
	if c {
		return yes
	}
	return no
}
