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

// bitCond is the condition with the load built in. A header of which the end
// is missing goes the long way.
func (l *layerTest) bitCond() cond {
	pr, n, on, absent := l.pr, l.n, l.on, l.absent
	at, mask, val := l.bits.at, l.bits.mask, l.bits.val
	load := loader(l.bits.size)
	return func(e *env) bool {
		p := e.p
		id := p.find(pr, n)
		if id == none {
			return absent
		}
		if p.nodes[id].flags&isShort != 0 {
			return on(p, id)
		}
		return load(p.buf[int(p.nodes[id].start)+at:])&mask == val
	}
}

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
