package main

import "encoding/binary"

// sum16 adds the big-endian 16-bit words of b, without folding; an odd last byte counts as the high one (RFC 1071).
func sum16(b []byte) uint64 {
	var s uint64
	for ; len(b) >= 2; b = b[2:] {
		s += uint64(b[0])<<8 | uint64(b[1])
	}
	if len(b) == 1 {
		s += uint64(b[0]) << 8
	}
	return s
}

// fold ends an internet checksum.
func fold(s uint64) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return ^uint16(s)
}

// putSum stores the checksum s at the start of b; what would be 0 is stored as 0xffff if zero means none, as in UDP.
func putSum(b []byte, s uint64, zeroIsNone bool) {
	v := fold(s)
	if v == 0 && zeroIsNone {
		v = 0xffff
	}
	binary.BigEndian.PutUint16(b, v)
}

// pool holds random payload bytes and the running sum of their words, so that the sum of a long payload is a subtraction.
type pool struct {
	b   []byte
	sum []uint64 // sum[i] covers the first i words
}

const poolSize = 1 << 16

// newPool fills a pool from r.
func newPool(r *rng) *pool {
	p := &pool{b: make([]byte, poolSize), sum: make([]uint64, poolSize/2+1)}
	for i := 0; i < poolSize; i += 8 {
		binary.BigEndian.PutUint64(p.b[i:], r.next())
	}
	for i := range p.sum[1:] {
		p.sum[i+1] = p.sum[i] + uint64(binary.BigEndian.Uint16(p.b[2*i:]))
	}
	return p
}

// fill copies payload from a random even place into dst and returns the sum of its words.
func (p *pool) fill(r *rng, dst []byte) uint64 {
	off := r.below((poolSize-len(dst))/2) * 2
	n := copy(dst, p.b[off:])
	s := p.sum[off/2+n/2] - p.sum[off/2]
	if n%2 == 1 {
		s += uint64(p.b[off+n-1]) << 8
	}
	return s
}

// fillHead is fill with head in place of the first bytes.
func (p *pool) fillHead(r *rng, dst, head []byte) uint64 {
	s := p.fill(r, dst)
	n := min((len(head)+1)&^1, len(dst))
	s -= sum16(dst[:n])
	copy(dst, head)
	return s + sum16(dst[:n])
}
