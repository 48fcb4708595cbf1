package lualib

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// An unpacker reads the values of string.unpack.
type unpacker struct {
	*packReader
	data string
	at   int // position in data
}

// strUnpack is string.unpack(fmt, s [, pos]): the values and the position behind them.
//
// A whole number from 2^53 on comes as pkl.u64. So does a negative one below
// -2^53, with 2^64 added: the same 64 bits, which string.pack takes back.
func strUnpack(L *lua.LState) int {
	u := unpacker{packReader: newPackReader(L, L.CheckString(1)), data: L.CheckString(2)}
	pos := optInt(L, 3, 1)
	if pos < 0 {
		pos = max(len(u.data)+pos+1, 0)
	}
	if pos < 1 || pos > len(u.data)+1 {
		L.ArgError(3, "initial position out of string")
	}
	u.at = pos - 1
	count := 1
	for u.more() {
		if u.value() {
			count++
		}
		if count > maxResults {
			L.RaiseError("too many results")
		}
	}
	L.Push(lua.LNumber(u.at + 1))
	return count
}

// value reads one item and pushes it; false if the item has no value.
func (u *unpacker) value() bool {
	item := u.next(u.at)
	if item.size > len(u.data)-u.at-item.align { // a sum of both could overflow
		u.L.ArgError(2, "data string too short")
	}
	u.at += item.align
	switch item.kind {
	case packAlign, packNone:
		return false
	case packPad:
		u.at++
		return false
	}
	u.L.Push(u.read(item))
	return true
}

func (u *unpacker) read(item packItem) lua.LValue {
	switch item.kind {
	case packInt, packUint:
		return u.integer(item.size, item.kind == packInt)
	case packFloat:
		return lua.LNumber(math.Float32frombits(uint32(u.bits(4))))
	case packDouble:
		return lua.LNumber(math.Float64frombits(u.bits(8)))
	case packZero:
		return u.zeroEnded()
	case packString:
		return u.counted(item.size)
	}
	return lua.LString(u.take(item.size))
}

func (u *unpacker) take(n int) string {
	s := u.data[u.at : u.at+n]
	u.at += n
	return s
}

// bytes takes n bytes, least significant first.
func (u *unpacker) bytes(n int) []byte {
	b := []byte(u.take(n))
	if bigEndian(u.order) {
		slices.Reverse(b)
	}
	return b
}

func (u *unpacker) bits(n int) uint64 {
	var b [8]byte
	copy(b[:], u.bytes(n))
	return binary.LittleEndian.Uint64(b[:])
}

func (u *unpacker) integer(size int, signed bool) lua.LValue {
	if size > 8 {
		return u.long(size, signed)
	}
	v := u.bits(size)
	if shift := 64 - size*8; signed {
		return signedValue(u.L, int64(v<<shift)>>shift)
	}
	return NewU64(u.L, v)
}

// long reads more than 64 bits, of which the upper ones must only repeat the sign.
func (u *unpacker) long(size int, signed bool) lua.LValue {
	b := u.bytes(size)
	v, sign := binary.LittleEndian.Uint64(b), byte(0)
	if signed && int64(v) < 0 {
		sign = 0xff
	}
	for _, c := range b[8:] {
		if c != sign {
			u.fail("%d-byte integer does not fit into 64 bits", size)
		}
	}
	if signed {
		return signedValue(u.L, int64(v))
	}
	return NewU64(u.L, v)
}

func signedValue(L *lua.LState, v int64) lua.LValue {
	if v < 0 && v >= -maxExact {
		return lua.LNumber(v)
	}
	return NewU64(L, uint64(v))
}

func (u *unpacker) zeroEnded() lua.LValue {
	n := strings.IndexByte(u.data[u.at:], 0)
	if n < 0 {
		u.L.ArgError(2, "unfinished string for format 'z'")
	}
	s := u.take(n)
	u.at++
	return lua.LString(s)
}

func (u *unpacker) counted(size int) lua.LValue {
	n, ok := ToUint64(u.integer(size, false))
	if !ok || n > uint64(len(u.data)-u.at) {
		u.L.ArgError(2, "data string too short")
	}
	return lua.LString(u.take(int(n)))
}
