package core

import (
	"encoding/binary"
	"math/bits"
)

// addr32 reads an IPv4 address.
func (p *Packet) addr32(id int32, s *Slot) (uint64, bool) {
	if s.get != nil {
		return p.computedAddr(id, s, 4)
	}
	if n := &p.nodes[id]; s.simple && s.off&7 == 0 && n.flags&isShort == 0 {
		return uint64(binary.BigEndian.Uint32(p.buf[int(n.start)+s.off>>3:])), true
	}
	pos, w, ok := p.place(id, s)
	if !ok || w == 0 { // of a short address nothing may be there
		return 0, ok
	}
	return bitsAt(p.buf, pos, w) << (32 - w), true
}

// addr48 reads a MAC address, as it is written: the first pair of digits is its top.
func (p *Packet) addr48(id int32, s *Slot) (uint64, bool) {
	v, ok := p.wire48(id, s)
	if s.LE {
		v = bits.ReverseBytes64(v) >> 16
	}
	return v, ok
}

func (p *Packet) wire48(id int32, s *Slot) (uint64, bool) {
	if s.get != nil {
		return p.computedAddr(id, s, 6)
	}
	if n := &p.nodes[id]; s.simple && s.off&7 == 0 && n.flags&isShort == 0 {
		b := p.buf[int(n.start)+s.off>>3:]
		return uint64(binary.BigEndian.Uint32(b))<<16 | uint64(binary.BigEndian.Uint16(b[4:])), true
	}
	pos, _, ok := p.place(id, s)
	if !ok {
		return 0, false
	}
	return bitsAt(p.buf, pos, 48), true
}

// computedAddr reads an address of n bytes that an expression gives.
func (p *Packet) computedAddr(id int32, s *Slot, n int) (uint64, bool) {
	b, ok := s.get.data(p, id)
	if !ok || len(b) != n {
		return 0, false
	}
	return getBE(b, n), true
}

// A wide is an IPv6 address.
type wide struct{ hi, lo uint64 }

func (p *Packet) addr128(id int32, s *Slot) (wide, bool) {
	if s.get != nil {
		b, ok := s.get.data(p, id)
		if !ok || len(b) != 16 {
			return wide{}, false
		}
		return wideOf(b), true
	}
	pos, w, ok := p.place(id, s)
	if !ok {
		return wide{}, false
	}
	if w < 128 {
		var b [16]byte
		for i := range w >> 3 {
			b[i] = byte(bitsAt(p.buf, pos+i<<3, 8))
		}
		return wideOf(b[:]), true
	}
	if pos&7 == 0 {
		return wideOf(p.buf[pos>>3:]), true
	}
	return wide{bitsAt(p.buf, pos, 64), bitsAt(p.buf, pos+64, 64)}, true
}

func wideOf(b []byte) wide {
	return wide{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}
