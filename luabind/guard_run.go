package luabind

import (
	"strconv"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"

	"pkl/core"
)

// A gkind is what a guard knows of a value.
type gkind uint8

const (
	gStop   gkind = iota // nothing: enter Lua
	gOpaque              // that to look at it is harmless
	gNil
	gFalse
	gTrue
	gNumber
	gText
	gLayer
	gThing // that it is something
)

// A gval is a value in a guard. It is small, so that it stays in registers.
type gval struct {
	kind gkind
	n    float64 // the number, or the layer's ID
	text *gtext
}

// A gtext is a text, or an address that stands for its text.
type gtext struct {
	b    []byte
	addr *core.Slot // the field of the address; nil: b is the text
}

func (v gval) falsy() bool { return v.kind == gNil || v.kind == gFalse }
func (v gval) known() bool { return v.kind > gOpaque }

func truth(b bool) gval {
	if b {
		return gval{kind: gTrue}
	}
	return gval{kind: gFalse}
}

// numberConst reads decimal and hexadecimal numbers; others enter Lua.
func numberConst(e *ast.NumberExpr) guardExpr {
	if n, err := strconv.ParseUint(e.Value, 0, 53); err == nil && (len(e.Value) == 1 || e.Value[0] != '0' || e.Value[1]|0x20 == 'x') {
		return guardConst{gval{kind: gNumber, n: float64(n)}}
	}
	return guardStop{}
}

// A boundGuard is a guard for the protocols of one registry.
type boundGuard struct {
	reg    *core.Registry
	stmts  []boundStmt
	p      *core.Packet
	locals [maxGuardLocals]gval
	room   [2][64]byte   // for the text of addresses
	value  *verdictValue // what the handler returns; nil: nothing
}

type boundStmt struct {
	local       int
	leave       bool
	value       func() lua.LValue // what is returned; nil: nothing
	eval        guardFn
	then, other []boundStmt
}

type guardFn func(*boundGuard) gval

// bind resolves the names of a guard.
func (g *guard) bind(reg *core.Registry, home guardHome) *boundGuard {
	b := &guardBinder{reg, home}
	return &boundGuard{reg: reg, stmts: b.stmts(g.stmts)}
}

// A guardBinder binds a guard to the protocols of a registry.
type guardBinder struct {
	reg  *core.Registry
	home guardHome
}

func (b *guardBinder) stmts(stmts []guardStmt) (out []boundStmt) {
	for _, s := range stmts {
		to := boundStmt{local: s.local, leave: s.leave, then: b.stmts(s.then), other: b.stmts(s.other)}
		switch {
		case !s.leave:
			to.eval = b.expr(s.expr)
		case s.value != nil:
			if to.value = b.home.path(s.value); to.value == nil {
				to.leave, to.eval = false, stop
			}
		}
		out = append(out, to)
	}
	return out
}

// judge reports whether the handler has to be called for p; if not, what it
// returns is in value.
func (g *boundGuard) judge(p *core.Packet) (call bool) {
	g.p, g.value = p, nil
	return g.run(g.stmts) == entersLua
}

type guardEnd uint8

const (
	goesOn guardEnd = iota
	leaves
	entersLua
)

func (g *boundGuard) run(stmts []boundStmt) guardEnd {
	for i := range stmts {
		s := &stmts[i]
		if s.leave {
			return g.leave(s)
		}
		v := s.eval(g)
		switch {
		case s.local >= 0:
			if v.kind == gStop {
				return entersLua
			}
			g.locals[s.local] = v
			continue
		case !v.known():
			return entersLua
		}
		branch := s.then
		if v.falsy() {
			branch = s.other
		}
		if end := g.run(branch); end != goesOn {
			return end
		}
	}
	return goesOn
}

// leave notes what a return gives. Anything but a verdict or nothing is left to Lua.
func (g *boundGuard) leave(s *boundStmt) guardEnd {
	if s.value == nil {
		return leaves
	}
	v, ok := verdictOf(s.value())
	if v == nil || !ok {
		return entersLua
	}
	g.value = v
	return leaves
}

func (b *guardBinder) expr(e guardExpr) guardFn {
	switch e := e.(type) {
	case guardOpaque:
		return opaque
	case guardOuter:
		return bindOuter(&b.home, e)
	case guardConst:
		return func(*boundGuard) gval { return e.value }
	case guardLocal:
		return func(g *boundGuard) gval { return g.locals[e.n] }
	case guardLayer:
		return bindLayer(b.reg, e)
	case guardField:
		return bindField(b.reg, e, b.expr(e.layer))
	case guardNot:
		return bindNot(b.expr(e.x))
	case guardBoth:
		return bindBoth(e.or, b.expr(e.x), b.expr(e.y))
	case guardCompare:
		return bindCompare(e.op, b.expr(e.x), b.expr(e.y))
	case guardArith:
		return bindArith(e.op, b.expr(e.x), b.expr(e.y))
	case guardCall:
		return bindCall(&b.home, e, b.expr(e.args[0]), b.expr(e.args[1]))
	}
	return stop
}

func stop(*boundGuard) gval { return gval{} }

func bindLayer(reg *core.Registry, e guardLayer) guardFn {
	pr := reg.Proto(e.proto)
	if pr == nil {
		return stop
	}
	return func(g *boundGuard) gval {
		if id := g.p.Find(pr, 1); id != core.None {
			return gval{kind: gLayer, n: float64(id)}
		}
		return gval{kind: gNil}
	}
}

// bindField reads numbers, flags, addresses and bytes of the header.
func bindField(reg *core.Registry, e guardField, layer guardFn) guardFn {
	pr := reg.Proto(e.proto)
	if pr == nil {
		return stop
	}
	f := pr.Head().Slot(e.name)
	if f == nil || f.Alt != nil {
		return stop
	}
	read := fieldReader(f)
	return func(g *boundGuard) gval {
		l := layer(g)
		if l.kind != gLayer {
			return gval{}
		}
		return read(g, core.ID(l.n))
	}
}

func fieldReader(f *core.Slot) func(*boundGuard, core.ID) gval {
	switch {
	case f.Kind == core.Number && f.Bool():
		return func(g *boundGuard, id core.ID) gval {
			v, ok := g.p.Num(id, f)
			if !ok {
				return gval{kind: gNil}
			}
			return truth(v != 0)
		}
	case f.Kind == core.Number && !f.Signed:
		return func(g *boundGuard, id core.ID) gval {
			v, ok := g.p.Num(id, f)
			switch {
			case !ok:
				return gval{kind: gNil}
			case v >= maxExact:
				return gval{}
			}
			return gval{kind: gNumber, n: float64(v)}
		}
	case isText(f):
		addr := f
		if f.Kind == core.Text || f.Kind == core.Bytes {
			addr = nil
		}
		text := &gtext{addr: addr} // within one packet it always gets the same bytes
		return func(g *boundGuard, id core.ID) gval {
			b, ok := g.p.Text(id, f)
			if !ok {
				return gval{kind: gNil}
			}
			text.b = b
			return gval{kind: gText, text: text}
		}
	}
	return func(*boundGuard, core.ID) gval { return gval{} }
}

// isText reports fields whose value is text and whose bytes tell it.
func isText(f *core.Slot) bool {
	switch f.Kind {
	case core.MAC, core.IP4, core.IP6, core.Text:
		return f.Get == ""
	case core.Bytes:
		return f.Get == "" && f.Of == "" && f.Key == ""
	}
	return false
}
