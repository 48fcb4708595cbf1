package core

import "encoding/binary"

// bitsOf returns how a number in the fixed part of a header can be tested
// without reading it as a whole, or nil.
func bitsOf(s *Slot) *bitTest {
	if s.part != nil {
		b := bitsOf(s.part)
		if b == nil {
			return nil
		}
		low := s.part.Bits - s.off - s.Bits // bits of the whole below this part
		b.mask = b.mask >> b.shift() >> low & ones(s.Bits) << low << b.shift()
		return b
	}
	l := &s.load
	if !s.simple || s.Kind != Number || s.get != nil {
		return nil
	}
	b := &bitTest{at: int(l.at), mask: l.mask << l.shift}
	switch l.op {
	case load8:
		b.size = 1
	case load16:
		b.size = 2
	case load32:
		b.size, b.mask = 4, ones(32)
	case load64:
		b.size, b.mask = 8, ones(64)
	default:
		return nil
	}
	return b
}

// shift is how many bits lie below those tested.
func (b *bitTest) shift() (n int) {
	for m := b.mask; m != 0 && m&1 == 0; m >>= 1 {
		n++
	}
	return n
}

// key reads the number s that b was made of.
func (b *bitTest) key(s *Slot) keyFn {
	at, shift, mask, load := b.at, b.shift(), b.mask, loader(b.size)
	if b.size == 2 {
		return func(p *Packet, id int32) (uint64, bool) {
			n := &p.nodes[id]
			if n.flags&isShort != 0 {
				return p.num(id, s)
			}
			return uint64(binary.BigEndian.Uint16(p.buf[int(n.start)+at:])) & mask >> shift, true
		}
	}
	return func(p *Packet, id int32) (uint64, bool) {
		n := &p.nodes[id]
		if n.flags&isShort != 0 {
			return p.num(id, s)
		}
		return load(p.buf[int(n.start)+at:]) & mask >> shift, true
	}
}

// fastPair is the test of a pair of ports with the loads built in, if it is
// one; else slow, which also serves a header of which the end is missing.
func fastPair(alts []chain, mask uint64, set keySet, slow recordTest) recordTest {
	if len(alts) != 2 || mask != ones(64) {
		return slow
	}
	a, b := portAt(alts[0]), portAt(alts[1])
	if a < 0 || b < 0 {
		return slow
	}
	return func(p *Packet, id int32) verdict {
		n := &p.nodes[id]
		if n.flags&isShort != 0 {
			return slow(p, id)
		}
		h := p.buf[n.start:]
		x, y := uint64(binary.BigEndian.Uint16(h[a:])), uint64(binary.BigEndian.Uint16(h[b:]))
		return verdictOf(true, set.has(x) || set.has(y))
	}
}

// portAt returns where a number of two whole bytes lies in the header, or none.
func portAt(ch chain) int {
	b := bitsOf(plain(ch.slots[0]))
	if len(ch.slots) > 1 || ch.check || gated(ch.slots[0]) || b == nil || b.mask != ones(16) || b.size != 2 {
		return none
	}
	return b.at
}

// bitCond is the condition with the load built in. A header of which the end
// is missing goes the long way.
func (l *layerTest) bitCond() cond {
	pr, n, on, absent := l.pr, l.n, l.on, l.absent
	at, mask, val := l.bits.at, l.bits.mask, l.bits.val
	load := loader(l.bits.size)
	if l.bits.size == 2 {
		return func(e *env) bool {
			p := e.p
			start, s := p.startOf(pr, n)
			switch s {
			case here:
				return uint64(binary.BigEndian.Uint16(p.buf[start+at:]))&mask == val
			case nowhere:
				return absent
			}
			return on(p, int32(start))
		}
	}
	return func(e *env) bool {
		p := e.p
		start, s := p.startOf(pr, n)
		switch s {
		case here:
			return load(p.buf[start+at:])&mask == val
		case nowhere:
			return absent
		}
		return on(p, int32(start))
	}
}

// startOf tells where the n-th layer of a protocol starts. Where its header is
// not all there, that is unclear, and the layer's number is returned.
func (p *Packet) startOf(pr *Proto, n int) (int, sight) {
	if p.top == 0 && n == 1 {
		if start, s := p.climb(pr); s != unclear {
			return start, s
		}
	}
	id := p.find(pr, n)
	switch {
	case id == none:
		return 0, nowhere
	case p.nodes[id].flags&isShort != 0:
		return int(id), unclear
	}
	return int(p.nodes[id].start), here
}

// loader reads a number of so many bytes.
func loader(size int) func(b []byte) uint64 {
	switch size {
	case 1:
		return func(b []byte) uint64 { return uint64(b[0]) }
	case 2:
		return func(b []byte) uint64 { return uint64(binary.BigEndian.Uint16(b)) }
	case 4:
		return func(b []byte) uint64 { return uint64(binary.BigEndian.Uint32(b)) }
	}
	return binary.BigEndian.Uint64
}
