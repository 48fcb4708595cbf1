package luabind

import "bytes"

func bindNot(x guardFn) guardFn {
	return func(g *boundGuard) gval {
		v := x(g)
		if !v.known() {
			return v
		}
		return truth(v.falsy())
	}
}

// bindBoth is x and y, or x or y. Where nothing is known of x but that it is
// harmless, y alone can decide.
func bindBoth(or bool, x, y guardFn) guardFn {
	return func(g *boundGuard) gval {
		a := x(g)
		if a.kind == gStop || a.known() && a.falsy() != or {
			return a
		}
		b := y(g)
		if a.kind == gOpaque && b.known() && b.falsy() == or {
			return a
		}
		return b
	}
}

func bindCompare(op string, x, y guardFn) guardFn {
	return func(g *boundGuard) gval {
		a := x(g)
		if !a.known() {
			return gval{}
		}
		b := y(g)
		if !b.known() {
			return gval{}
		}
		if op == "==" || op == "~=" {
			eq := g.equal(a, b)
			if eq.known() && op == "~=" {
				return truth(eq.falsy())
			}
			return eq
		}
		if a.kind != gNumber || b.kind != gNumber {
			return gval{} // Lua raises, or compares texts
		}
		return truth(ordered(op, a.n, b.n))
	}
}

func ordered(op string, a, b float64) bool {
	switch op {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

// equal is a == b as Lua has it.
func (g *boundGuard) equal(a, b gval) gval {
	if luaType(a) != luaType(b) {
		return truth(false)
	}
	switch a.kind {
	case gNumber:
		return truth(a.n == b.n)
	case gText:
		return truth(bytes.Equal(g.text(a.text, 0), g.text(b.text, 1)))
	case gLayer:
		if b.kind == gLayer {
			return truth(a.n == b.n)
		}
		return gval{}
	case gThing:
		return gval{}
	}
	return truth(a.kind == b.kind)
}

// text returns the text of a value; that of an address is made in one of two rooms.
func (g *boundGuard) text(t *gtext, room int) []byte {
	if t.addr == nil {
		return t.b
	}
	return t.addr.AppendAddr(g.room[room][:0], t.b)
}

// luaType tells values apart that are never equal.
func luaType(v gval) gkind {
	switch v.kind {
	case gFalse:
		return gTrue
	case gLayer:
		return gThing
	}
	return v.kind
}
