package luabind

import (
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// A guardHome is where a handler comes from: what its names mean outside of it.
type guardHome struct {
	fn  *lua.LFunction // nil: not known
	lib *lua.LTable    // the bit library
}

// variable returns how a variable of the handler's surroundings is read, or nil.
// It is read for each packet, as scripts may change it.
func (h *guardHome) variable(name string) func() lua.LValue {
	if h.fn == nil {
		return nil
	}
	if i := slices.Index(h.fn.Proto.DbgUpvalues, name); i >= 0 && i < len(h.fn.Upvalues) {
		return h.fn.Upvalues[i].Value
	}
	env := h.fn.Env
	return func() lua.LValue { return env.RawGetString(name) }
}

// path is variable for a name, or for a name and a key of the table that it holds.
func (h *guardHome) path(names []string) func() lua.LValue {
	get := h.variable(names[0])
	if get == nil || len(names) == 1 {
		return get
	}
	return func() lua.LValue {
		t, ok := get().(*lua.LTable)
		if !ok {
			return lua.LNil
		}
		if v := t.RawGetString(names[1]); v != lua.LNil {
			return v
		}
		if mt, ok := t.Metatable.(*lua.LTable); ok { // as pkl has one
			if in, ok := mt.RawGetString("__index").(*lua.LTable); ok {
				return in.RawGetString(names[1])
			}
		}
		return lua.LNil
	}
}

func bindOuter(h *guardHome, e guardOuter) guardFn {
	get := h.variable(e.name)
	if get == nil {
		return opaque
	}
	text := &gtext{}
	return func(*boundGuard) gval {
		switch v := get().(type) {
		case lua.LBool:
			return truth(bool(v))
		case lua.LNumber:
			return gval{kind: gNumber, n: float64(v)}
		case lua.LString:
			if string(text.b) != string(v) {
				text.b = append(text.b[:0], v...)
			}
			return gval{kind: gText, text: text}
		}
		return gval{kind: gOpaque}
	}
}

func opaque(*boundGuard) gval { return gval{kind: gOpaque} }

// bindCall calls what the name holds, if that is a function of the bit library
// that is known here, and its arguments are whole numbers of 32 bits.
func bindCall(h *guardHome, e guardCall, x, y guardFn) guardFn {
	get := h.path(e.fn)
	if get == nil {
		return stop
	}
	type known struct {
		fn lua.LValue
		op func(a, b uint32) uint32
	}
	var all []known
	for name, op := range map[string]func(a, b uint32) uint32{
		"band": func(a, b uint32) uint32 { return a & b }, "bor": func(a, b uint32) uint32 { return a | b },
		"rshift": func(a, b uint32) uint32 { return a >> (b & 31) }, "lshift": func(a, b uint32) uint32 { return a << (b & 31) },
	} {
		if fn, ok := h.lib.RawGetString(name).(*lua.LFunction); ok {
			all = append(all, known{fn, op})
		}
	}
	return func(g *boundGuard) gval {
		fn := get()
		a, b := x(g), y(g)
		if !a.isWord() || !b.isWord() {
			return gval{}
		}
		for i := range all {
			if all[i].fn == fn {
				return gval{kind: gNumber, n: float64(int32(all[i].op(uint32(a.n), uint32(b.n))))}
			}
		}
		return gval{}
	}
}

func (v gval) isWord() bool {
	return v.kind == gNumber && v.n >= 0 && v.n <= math.MaxUint32 && v.n == math.Trunc(v.n)
}

func bindArith(op string, x, y guardFn) guardFn {
	return func(g *boundGuard) gval {
		a, b := x(g), y(g)
		if a.kind != gNumber || b.kind != gNumber {
			return gval{} // a text counts as a number, a layer raises
		}
		switch op {
		case "+":
			a.n += b.n
		case "-":
			a.n -= b.n
		case "*":
			a.n *= b.n
		case "/":
			a.n /= b.n
		case "%":
			a.n = modulo(a.n, b.n)
		default:
			return gval{}
		}
		return a
	}
}

// modulo is % as Lua has it: the result has the sign of b.
func modulo(a, b float64) float64 {
	v := math.Mod(a, b)
	if b > 0 && v < 0 || b < 0 && v > 0 {
		v += b
	}
	return v
}
