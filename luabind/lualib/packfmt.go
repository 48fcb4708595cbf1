package lualib

import (
	"encoding/binary"
	"math"

	lua "github.com/yuin/gopher-lua"
)

// The format strings of string.pack, string.unpack and string.packsize, section
// 6.4.2 of the Lua 5.3 manual. Native sizes are those of 64-bit systems:
// int 4, long 8, size_t 8, maximal alignment 8.

// maxIntSize is the largest n of i[n], I[n], s[n] and ![n].
const maxIntSize = 16

type packKind int

const (
	packInt packKind = iota
	packUint
	packFloat
	packDouble
	packChars  // c[n]
	packString // s[n]
	packZero   // z
	packPad    // x
	packAlign  // X
	packNone   // settings and blanks
)

// A packItem is one option with what the settings before it mean for it.
type packItem struct {
	kind  packKind
	size  int
	align int // bytes to skip to the item's alignment
}

// A packReader walks through a format string.
type packReader struct {
	L        *lua.LState
	format   string
	pos      int
	order    binary.ByteOrder
	maxAlign int
}

func newPackReader(L *lua.LState, format string) *packReader {
	return &packReader{L: L, format: format, order: binary.NativeEndian, maxAlign: 1}
}

func (r *packReader) fail(format string, args ...any) { r.L.RaiseError(format, args...) }

func (r *packReader) more() bool { return r.pos < len(r.format) }

// number reads a decimal number, or returns def if there is none.
func (r *packReader) number(def int) int {
	if !r.more() || !isDigit(r.format[r.pos]) {
		return def
	}
	n := int64(0)
	for r.more() && isDigit(r.format[r.pos]) {
		n = min(n*10+int64(r.format[r.pos]-'0'), math.MaxInt32)
		r.pos++
	}
	return int(n)
}

func (r *packReader) intSize(def int) int {
	n := r.number(def)
	if n < 1 || n > maxIntSize {
		r.fail("integral size (%d) out of limits [1,%d]", n, maxIntSize)
	}
	return n
}

// next reads an option; offset is how many bytes come before it.
func (r *packReader) next(offset int) packItem {
	item := r.option()
	align := item.size
	switch item.kind {
	case packAlign:
		align = r.alignOf()
		item.size = 0
	case packInt, packUint, packFloat, packDouble, packString:
	default:
		return item
	}
	item.align = r.padding(align, offset)
	return item
}

// alignOf is the size of the option that follows X, for its alignment only.
func (r *packReader) alignOf() int {
	if !r.more() {
		r.fail("invalid next option for option 'X'")
	}
	item := r.option()
	if item.kind == packChars || item.size == 0 {
		r.fail("invalid next option for option 'X'")
	}
	return item.size
}

func (r *packReader) padding(align, offset int) int {
	align = min(align, r.maxAlign)
	if align <= 1 {
		return 0
	}
	if align&(align-1) != 0 {
		r.fail("format asks for alignment not power of 2")
	}
	return -offset & (align - 1)
}

// option reads one option and obeys it if it is a setting.
func (r *packReader) option() packItem {
	c := r.format[r.pos]
	r.pos++
	switch c {
	case 'b':
		return packItem{kind: packInt, size: 1}
	case 'B':
		return packItem{kind: packUint, size: 1}
	case 'h':
		return packItem{kind: packInt, size: 2}
	case 'H':
		return packItem{kind: packUint, size: 2}
	case 'l', 'j':
		return packItem{kind: packInt, size: 8}
	case 'L', 'J', 'T':
		return packItem{kind: packUint, size: 8}
	case 'i':
		return packItem{kind: packInt, size: r.intSize(4)}
	case 'I':
		return packItem{kind: packUint, size: r.intSize(4)}
	case 'f':
		return packItem{kind: packFloat, size: 4}
	case 'd', 'n':
		return packItem{kind: packDouble, size: 8}
	case 's':
		return packItem{kind: packString, size: r.intSize(8)}
	case 'c':
		return packItem{kind: packChars, size: r.charSize()}
	case 'z':
		return packItem{kind: packZero}
	case 'x':
		return packItem{kind: packPad, size: 1}
	case 'X':
		return packItem{kind: packAlign}
	}
	r.setting(c)
	return packItem{kind: packNone}
}

func (r *packReader) charSize() int {
	n := r.number(-1)
	if n < 0 {
		r.fail("missing size for format option 'c'")
	}
	return n
}

func (r *packReader) setting(c byte) {
	switch c {
	case ' ':
	case '<':
		r.order = binary.LittleEndian
	case '>':
		r.order = binary.BigEndian
	case '=':
		r.order = binary.NativeEndian
	case '!':
		r.maxAlign = r.intSize(8)
	default:
		r.fail("invalid format option '%c'", c)
	}
}

// packSize is string.packsize(fmt).
func packSize(L *lua.LState) int {
	r, total := newPackReader(L, L.CheckString(1)), 0
	for r.more() {
		item := r.next(total)
		if item.kind == packString || item.kind == packZero {
			L.ArgError(1, "variable-length format")
		}
		if item.size > math.MaxInt32-total-item.align {
			L.ArgError(1, "format result too large")
		}
		total += item.align + item.size
	}
	return ret(L, lua.LNumber(total))
}
