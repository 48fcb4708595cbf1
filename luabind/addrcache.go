package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// An addrCache remembers the text of addresses seen lately. Most packets repeat
// a few, and a text as a Lua value costs two allocations.
type addrCache struct {
	four [1024]struct {
		key uint32
		val lua.LValue
	}
	wide [512]struct {
		key [17]byte // the address, its kind and the order of its bytes
		val lua.LValue
	}
}

// text returns the text of the bytes of address field f.
func (c *addrCache) text(f *core.Slot, b []byte) lua.LValue {
	if f.Kind == core.IP4 {
		var a [4]byte
		if len(b) < len(a) { // a short one
			copy(a[:], b)
			b = a[:]
		}
		key := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		e := &c.four[key*0x9e3779b1>>22]
		if e.key != key || e.val == nil {
			e.key, e.val = key, addrText(f, b)
		}
		return e.val
	}
	var key [17]byte
	copy(key[:16], b)
	key[16] = byte(f.Kind)
	if f.LE {
		key[16] |= 0x80
	}
	e := &c.wide[mix(&key)>>55]
	if e.key != key || e.val == nil {
		e.key, e.val = key, addrText(f, b)
	}
	return e.val
}

func addrText(f *core.Slot, b []byte) lua.LValue {
	var room [64]byte
	return lua.LString(f.AppendAddr(room[:0], b))
}

func mix(key *[17]byte) (h uint64) {
	for _, c := range key {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return h * 0x9e3779b97f4a7c15
}
