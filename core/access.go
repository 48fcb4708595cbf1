package core

import "encoding/binary"

// A load reads a number at a fixed place in a record.
type load struct {
	op    uint8
	at    int32 // bytes from the start of the record
	n     uint8 // bytes that hold it, at most 8
	shift uint8
	mask  uint64
}

// How a load is done.
const (
	loadSlow uint8 = iota // bit by bit, any width
	load8
	load16
	load32
	load64
	loadBE // n bytes, shifted and masked
	loadLE
	loadDigits
	loadNine // 64 bits or fewer that lie in nine bytes; shift is what is below them
)

// get reads the number; b starts at the record and holds it.
func (l *load) get(b []byte) uint64 {
	switch l.op {
	case load8:
		return uint64(b[l.at]) >> l.shift & l.mask
	case load16:
		return uint64(binary.BigEndian.Uint16(b[l.at:])) >> l.shift & l.mask
	case load32:
		return uint64(binary.BigEndian.Uint32(b[l.at:]))
	case load64:
		return binary.BigEndian.Uint64(b[l.at:])
	case loadDigits:
		return getDigits(b[l.at:], int(l.n))
	case loadLE:
		return getLE(b[l.at:], int(l.n)) >> l.shift & l.mask
	case loadNine:
		return (getBE(b[l.at:], 8)<<(8-l.shift) | uint64(b[l.at+8])>>l.shift) & l.mask
	}
	return getBE(b[l.at:], int(l.n)) >> l.shift & l.mask
}

func getBE(b []byte, n int) (v uint64) {
	for _, c := range b[:n] {
		v = v<<8 | uint64(c)
	}
	return v
}

func getLE(b []byte, n int) (v uint64) {
	for i := n - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v
}

func putBE(b []byte, n int, v uint64) {
	for i := n - 1; i >= 0; i-- {
		b[i] = byte(v)
		v >>= 8
	}
}

func putLE(b []byte, n int, v uint64) {
	for i := range n {
		b[i] = byte(v)
		v >>= 8
	}
}

// bitsAt reads n bits (1 to 64) that start pos bits into b, big endian.
func bitsAt(b []byte, pos, n int) uint64 {
	first, last := pos>>3, (pos+n+7)>>3
	if last-first <= 8 {
		return getBE(b[first:], last-first) >> (last<<3 - pos - n) & ones(n)
	}
	low := last<<3 - pos - n // bits below it in the ninth byte
	return (getBE(b[first:], 8)<<(8-low) | uint64(b[last-1])>>low) & ones(n)
}

// setBitsAt writes n bits (1 to 64) that start pos bits into b, big endian.
func setBitsAt(b []byte, pos, n int, v uint64) {
	for n > 0 {
		room := 8 - pos&7
		k := min(room, n)
		part := byte(v>>(n-k)) & byte(ones(k))
		at := room - k
		b[pos>>3] = b[pos>>3]&^(byte(ones(k))<<at) | part<<at
		pos += k
		n -= k
	}
}

func ones(n int) uint64 {
	if n >= 64 {
		return ^uint64(0)
	}
	return 1<<n - 1
}

// getDigits reads a number of n decimal digits. What is no digit counts as 0.
func getDigits(b []byte, n int) (v uint64) {
	for _, c := range b[:n] {
		v *= 10
		if isDigit(c) {
			v += uint64(c - '0')
		}
	}
	return v
}

func putDigits(b []byte, n int, v uint64) {
	for i := n - 1; i >= 0; i-- {
		b[i] = '0' + byte(v%10)
		v /= 10
	}
}

func appendDigits(b []byte, v uint64, n int) []byte {
	b = append(b, make([]byte, n)...)
	putDigits(b[len(b)-n:], n, v)
	return b
}

// powersOf10 is 10 to the power of the index.
var powersOf10 = [...]uint64{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}
