package lualib

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A packer writes the values of string.pack.
type packer struct {
	*packReader
	out []byte
	arg int // the argument of the item in hand
}

// pack is string.pack(fmt, v1, v2, …).
func (st *State) pack(L *lua.LState) int {
	p := packer{packReader: newPackReader(L, L.CheckString(1)), arg: 1}
	for p.more() {
		item := p.next(len(p.out))
		st.checkLen(L, item.size)
		st.checkLen(L, len(p.out)+item.align)
		p.out = append(p.out, make([]byte, item.align)...)
		p.put(item)
	}
	st.checkLen(L, len(p.out))
	return retText(L, string(p.out))
}

func (p *packer) put(item packItem) {
	switch item.kind {
	case packPad:
		p.out = append(p.out, 0)
		return
	case packAlign, packNone:
		return
	}
	p.arg++
	switch item.kind {
	case packInt:
		p.putInt(p.signed(item.size), item.size)
	case packUint:
		p.putInt(p.unsigned(item.size), item.size)
	case packFloat:
		p.putFloat(uint64(math.Float32bits(float32(p.float()))), 4)
	case packDouble:
		p.putFloat(math.Float64bits(p.float()), 8)
	default:
		p.putText(item, p.L.CheckString(p.arg))
	}
}

// An integer128 is a 64-bit value with the byte that extends it to larger sizes.
type integer128 struct {
	low  uint64
	fill byte
}

// signed is the argument for a signed option. A u64 from 2^63 on counts as the
// negative number of the same 64 bits, as string.unpack gave it.
func (p *packer) signed(size int) integer128 {
	v := p.whole()
	n := int64(v.low)
	if n < 0 && v.fill == 0 && !isU64(p.L.Get(p.arg)) {
		p.L.ArgError(p.arg, "integer overflow")
	}
	if size >= 8 {
		return integer128{v.low, byte(n >> 63)}
	}
	if limit := int64(1) << (size*8 - 1); n < -limit || n >= limit || n < 0 && v.fill == 0 {
		p.L.ArgError(p.arg, "integer overflow")
	}
	return v
}

func (p *packer) unsigned(size int) integer128 {
	v := p.whole()
	if size < 8 && v.low>>(size*8) != 0 {
		p.L.ArgError(p.arg, "unsigned overflow")
	}
	return v
}

// whole is the argument, a whole number or a u64.
func (p *packer) whole() integer128 {
	v := p.L.Get(p.arg)
	if isU64(v) {
		u, _ := ToUint64(v)
		return integer128{u, 0}
	}
	n := float64(p.L.CheckNumber(p.arg))
	switch {
	case n != math.Trunc(n) || n < math.MinInt64 || n >= 1<<64:
		p.L.ArgError(p.arg, "number has no integer representation")
	case n < 0:
		return integer128{uint64(int64(n)), 0xff}
	}
	return integer128{uint64(n), 0}
}

func (p *packer) putInt(v integer128, size int) {
	b := make([]byte, maxIntSize)
	binary.LittleEndian.PutUint64(b, v.low)
	for i := 8; i < size; i++ {
		b[i] = v.fill
	}
	p.putBytes(b[:size])
}

func (p *packer) putFloat(bits uint64, size int) {
	b := binary.LittleEndian.AppendUint64(nil, bits)
	p.putBytes(b[:size])
}

// putBytes appends b, least significant byte first, in the order set.
func (p *packer) putBytes(b []byte) {
	if bigEndian(p.order) {
		slices.Reverse(b)
	}
	p.out = append(p.out, b...)
}

func bigEndian(order binary.ByteOrder) bool { return order.Uint16([]byte{0, 1}) == 1 }

func (p *packer) float() float64 { return argFloat(p.L, p.arg) }

func (p *packer) putText(item packItem, s string) {
	switch {
	case item.kind == packChars && len(s) > item.size:
		p.L.ArgError(p.arg, "string longer than given size")
	case item.kind == packZero && strings.IndexByte(s, 0) >= 0:
		p.L.ArgError(p.arg, "string contains zeros")
	case item.kind == packString && item.size < 8 && uint64(len(s))>>(item.size*8) != 0:
		p.L.ArgError(p.arg, "string length does not fit in given size")
	case item.kind == packString:
		p.putInt(integer128{low: uint64(len(s))}, item.size)
	}
	p.out = append(p.out, s...)
	switch item.kind {
	case packChars:
		p.out = append(p.out, make([]byte, item.size-len(s))...)
	case packZero:
		p.out = append(p.out, 0)
	}
}
