package luabind

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
	"pkl/luabind/lualib"
)

// names reads { [8] = "echo_request" }, in order of the values.
func (r *specReader) names(v lua.LValue) (all []core.ValueName) {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail(`names is a table of names by value, such as { [8] = "name" }, not %s`, kindName(v))
		return nil
	}
	eachPair(t, func(k, v lua.LValue) {
		n, ok := r.nameKey(k)
		names, isText := namesOf(v)
		if !ok || !isText {
			r.fail("names: [%s] = %s is no [number] = text", describe(k), describe(v))
			return
		}
		for _, name := range names {
			all = append(all, core.ValueName{V: n, Name: name})
		}
	})
	slices.SortStableFunc(all, func(a, b core.ValueName) int { return cmp.Compare(a.V, b.V) })
	return all
}

// namesOf reads the name of a value, or its names: the first is the one shown.
func namesOf(v lua.LValue) (names []string, ok bool) {
	switch v := v.(type) {
	case lua.LString:
		return []string{string(v)}, true
	case *lua.LTable:
		for i := 1; i <= v.Len(); i++ {
			name, isText := v.RawGetInt(i).(lua.LString)
			if !isText {
				return nil, false
			}
			names = append(names, string(name))
		}
		return names, len(names) > 0
	}
	return nil, false
}

// nameKey reads a value: a number, or one as text.
func (r *specReader) nameKey(k lua.LValue) (int64, bool) {
	switch k := k.(type) {
	case lua.LNumber:
		return int64(k), isWhole(k)
	case lua.LString:
		v, err := strconv.ParseUint(string(k), 0, 64)
		return int64(v), err == nil
	}
	v, ok := lualib.ToUint64(k)
	return int64(v), ok
}

// defaultValue reads a default: what an assignment takes.
func (r *specReader) defaultValue(v lua.LValue) any {
	switch v := v.(type) {
	case lua.LBool:
		return bool(v)
	case lua.LString:
		return string(v)
	case lua.LNumber:
		if isWhole(v) {
			return int(v)
		}
	case *lua.LTable:
		return tableValue(r.L, v, 0)
	default:
		if n, ok := lualib.ToUint64(v); ok && n <= math.MaxInt64 {
			return int(n)
		} else if ok {
			return n
		}
	}
	r.fail("default is a whole number, a text, true or false, not %s", describe(v))
	return nil
}

// crc reads { bits =, poly =, init =, xor =, reflect = }.
func (r *specReader) crc(v lua.LValue) *core.CRC {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail("crc is a table of its parameters, not %s", kindName(v))
		return nil
	}
	c := &core.CRC{}
	r.words(t, wordTable{
		"bits":    func(v lua.LValue) { r.whole(&c.Bits, v, "crc: bits") },
		"poly":    func(v lua.LValue) { r.wide(&c.Poly, v, "crc: poly") },
		"init":    func(v lua.LValue) { r.wide(&c.Init, v, "crc: init") },
		"xor":     func(v lua.LValue) { r.wide(&c.Xor, v, "crc: xor") },
		"reflect": func(v lua.LValue) { r.flag(&c.Reflect, v, "crc: reflect") },
	})
	return c
}

// wide reads a number of up to 64 bits: text or a u64 where it does not fit in Lua's.
func (r *specReader) wide(to *uint64, v lua.LValue, word string) {
	if t, ok := v.(lua.LString); ok {
		n, err := strconv.ParseUint(string(t), 0, 64)
		if err == nil {
			*to = n
			return
		}
	}
	if n, ok := lualib.ToUint64(v); ok {
		*to = n
		return
	}
	r.fail("%s is a whole number, not %s", word, describe(v))
}
