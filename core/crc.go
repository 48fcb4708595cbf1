package core

import "math/bits"

// A crcTable computes a cyclic redundancy check byte by byte.
type crcTable struct {
	CRC
	table [256]uint64
	wire  bool // a named one: its bytes are sent least significant first, as its standard says
}

func newCRC(p CRC, wire bool) *crcTable {
	t := &crcTable{CRC: p, wire: wire}
	for i := range t.table {
		t.table[i] = t.entry(uint64(i))
	}
	return t
}

func (t *crcTable) entry(i uint64) uint64 {
	if t.Reflect {
		poly := bits.Reverse64(t.Poly) >> (64 - t.Bits)
		for range 8 {
			i = i>>1 ^ poly&-(i&1)
		}
		return i
	}
	i <<= t.Bits - 8
	for range 8 {
		top := i >> (t.Bits - 1) & 1
		i = (i<<1 ^ t.Poly&-top) & ones(t.Bits)
	}
	return i
}

func (t *crcTable) start() uint64 {
	if t.Reflect {
		return bits.Reverse64(t.Init) >> (64 - t.Bits)
	}
	return t.Init
}

func (t *crcTable) add(v uint64, b []byte) uint64 {
	if t.Reflect {
		for _, c := range b {
			v = v>>8 ^ t.table[byte(v)^c]
		}
		return v
	}
	for _, c := range b {
		v = (v<<8 ^ t.table[byte(v>>(t.Bits-8))^c]) & ones(t.Bits)
	}
	return v
}

// end returns the number that a big-endian field of the check's width must hold.
func (t *crcTable) end(v uint64, littleField bool) uint64 {
	v ^= t.Xor
	if t.wire && !littleField {
		return bits.ReverseBytes64(v) >> (64 - t.Bits)
	}
	return v
}
