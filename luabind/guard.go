package luabind

import (
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// Most handlers begin by looking whether the packet concerns them:
//
//	local t = pkt.tcp
//	if t and t.SYN and not t.ACK then … end
//
// Such a beginning reads the packet and does nothing else, so it can be done in
// Go: where it leads to the end of the handler, Lua is not entered. A guard is
// that beginning. Whatever it does not understand, or what would raise, means to
// enter Lua, where everything happens again from the start.

// A guard is a list of statements that a handler begins with.
type guard struct {
	line  int // of the handler that begins so
	stmts []guardStmt
}

// A guardStmt is one of: a local (if local >= 0), a return, a condition.
type guardStmt struct {
	local int // number of the variable that expr is assigned to; -1: none
	expr  guardExpr
	leave bool        // return
	value []string    // and what is returned, as in pkl.drop; nil: nothing
	then  []guardStmt // expr is a condition
	other []guardStmt
}

// A guardExpr is an expression of a guard. What it cannot say is a guardStop.
type guardExpr interface{}

type (
	guardStop   struct{}              // anything else: enter Lua
	guardOpaque struct{}              // a variable that the guard knows nothing of
	guardOuter  struct{ name string } // a variable from outside of the handler
	guardConst  struct{ value gval }  // a constant
	guardLocal  struct{ n int }
	guardLayer  struct{ proto string } // pkt.proto
	guardField  struct {               // a field of a layer
		layer guardExpr // a guardLayer or a guardLocal that holds one
		proto string
		name  string
	}
	guardNot  struct{ x guardExpr }
	guardBoth struct { // x and y; x or y
		or   bool
		x, y guardExpr
	}
	guardCompare struct {
		op   string
		x, y guardExpr
	}
	guardArith struct {
		op   string
		x, y guardExpr
	}
	guardCall struct { // of a function of Lua's libraries that only computes
		fn   []string // the variable, or the variable and a key
		args []guardExpr
	}
)

// A guardMaker makes the guard of one handler.
type guardMaker struct {
	known map[string]map[string]bool
	pkt   string
	scope []guardVar
	count int
}

// A guardVar is a local variable of the handler; proto names the layer that it holds, if any.
type guardVar struct {
	name  string
	n     int
	proto string
}

const maxGuardLocals = 8

// Numbers of variables that are no locals of the guard.
const (
	absentVar = -1 - iota // always nil
	opaqueVar             // nothing is known of it
)

// newGuard makes the guard of a handler, or nil if it begins with nothing that helps.
func newGuard(f *ast.FunctionExpr, known map[string]map[string]bool) *guard {
	if m := newGuardMaker(f, known); m != nil {
		return m.guard(f.Stmts)
	}
	return nil
}

func newGuardMaker(f *ast.FunctionExpr, known map[string]map[string]bool) *guardMaker {
	if len(f.ParList.Names) == 0 {
		return nil
	}
	m := &guardMaker{known: known, pkt: f.ParList.Names[0]}
	for _, name := range f.ParList.Names[1:] { // more parameters are nil; no one asks for them
		m.scope = append(m.scope, guardVar{name: name, n: absentVar})
	}
	return m
}

func (m *guardMaker) guard(stmts []ast.Stmt) *guard {
	if all := m.block(stmts); decides(all) {
		return &guard{stmts: all}
	}
	return nil
}

// decides reports whether something is found out before Lua is entered.
func decides(stmts []guardStmt) bool {
	for _, s := range stmts {
		switch {
		case s.leave || !sees(s.expr):
			return false
		case s.local < 0:
			return true
		}
	}
	return false
}

// sees reports whether an expression gives more than a guardStop.
func sees(e guardExpr) bool {
	switch e := e.(type) {
	case guardStop:
		return false
	case guardNot:
		return sees(e.x)
	case guardBoth:
		return sees(e.x)
	case guardCompare:
		return sees(e.x) && sees(e.y)
	case guardArith:
		return sees(e.x) && sees(e.y)
	case guardCall:
		return !slices.ContainsFunc(e.args, func(x guardExpr) bool { return !sees(x) })
	}
	return true
}

// block translates statements up to the first that is not understood; the
// guardStop in its place enters Lua.
func (m *guardMaker) block(stmts []ast.Stmt) (out []guardStmt) {
	vars := len(m.scope)
	defer func() { m.scope = m.scope[:vars] }()
	for _, s := range stmts {
		switch s := s.(type) {
		case *ast.LocalAssignStmt:
			if len(s.Names) == len(s.Exprs) && m.count+len(s.Names) <= maxGuardLocals {
				out = append(out, m.locals(s)...)
				continue
			}
		case *ast.IfStmt:
			cond := m.expr(s.Condition)
			out = append(out, guardStmt{local: -1, expr: cond, then: m.block(s.Then), other: m.block(s.Else)})
			continue
		case *ast.ReturnStmt:
			if len(s.Exprs) == 0 {
				return append(out, guardStmt{local: -1, leave: true})
			}
			if value := m.outer(s.Exprs[0]); len(s.Exprs) == 1 && value != nil {
				return append(out, guardStmt{local: -1, leave: true, value: value})
			}
		}
		return append(out, guardStmt{local: -1, expr: guardStop{}})
	}
	return out
}

func (m *guardMaker) locals(s *ast.LocalAssignStmt) (out []guardStmt) {
	var vars []guardVar // visible after the statement only
	for i, name := range s.Names {
		x := m.expr(s.Exprs[i])
		v := guardVar{name: name, n: m.count}
		if l, ok := x.(guardLayer); ok {
			v.proto = l.proto
		}
		m.count++
		vars = append(vars, v)
		out = append(out, guardStmt{local: v.n, expr: x})
	}
	m.scope = append(m.scope, vars...)
	return out
}

func (m *guardMaker) expr(e ast.Expr) guardExpr {
	switch e := e.(type) {
	case *ast.NilExpr:
		return guardConst{gval{kind: gNil}}
	case *ast.TrueExpr:
		return guardConst{gval{kind: gTrue}}
	case *ast.FalseExpr:
		return guardConst{gval{kind: gFalse}}
	case *ast.StringExpr:
		return guardConst{gval{kind: gText, text: &gtext{b: []byte(e.Value)}}}
	case *ast.NumberExpr:
		return numberConst(e)
	case *ast.IdentExpr:
		return m.ident(e.Value)
	case *ast.AttrGetExpr:
		return m.attr(e)
	case *ast.UnaryNotOpExpr:
		return guardNot{m.expr(e.Expr)}
	case *ast.LogicalOpExpr:
		return guardBoth{e.Operator == "or", m.expr(e.Lhs), m.expr(e.Rhs)}
	case *ast.RelationalOpExpr:
		return guardCompare{e.Operator, m.expr(e.Lhs), m.expr(e.Rhs)}
	case *ast.ArithmeticOpExpr:
		return guardArith{e.Operator, m.expr(e.Lhs), m.expr(e.Rhs)}
	case *ast.FuncCallExpr:
		return m.call(e)
	}
	return guardStop{}
}

func (m *guardMaker) ident(name string) guardExpr {
	if v := m.lookup(name); v != nil {
		switch v.n {
		case absentVar:
			return guardConst{gval{kind: gNil}}
		case opaqueVar:
			return guardOpaque{}
		}
		return guardLocal{v.n}
	}
	if name == m.pkt {
		return guardConst{gval{kind: gThing}}
	}
	return guardOuter{name}
}

func (m *guardMaker) lookup(name string) *guardVar {
	for i := len(m.scope) - 1; i >= 0; i-- {
		if m.scope[i].name == name {
			return &m.scope[i]
		}
	}
	return nil
}

// attr translates pkt.proto, pkt.proto.field and layer.field.
func (m *guardMaker) attr(e *ast.AttrGetExpr) guardExpr {
	key, ok := e.Key.(*ast.StringExpr)
	if !ok {
		return guardStop{}
	}
	switch obj := e.Object.(type) {
	case *ast.IdentExpr:
		v := m.lookup(obj.Value)
		if v != nil && v.proto != "" {
			return guardField{guardLocal{v.n}, v.proto, key.Value}
		}
		if _, isProto := m.known[key.Value]; v == nil && obj.Value == m.pkt && isProto {
			return guardLayer{key.Value}
		}
	case *ast.AttrGetExpr:
		if l, ok := m.attr(obj).(guardLayer); ok {
			return guardField{l, l.proto, key.Value}
		}
	}
	return guardStop{}
}

// call translates pkt:layer("proto") and calls of functions that may be those of
// the bit library; whether they are is asked for each packet.
func (m *guardMaker) call(e *ast.FuncCallExpr) guardExpr {
	if e.Func == nil {
		pkt, ok := e.Receiver.(*ast.IdentExpr)
		if !ok || pkt.Value != m.pkt || m.lookup(m.pkt) != nil || e.Method != "layer" || len(e.Args) != 1 {
			return guardStop{}
		}
		if name, ok := e.Args[0].(*ast.StringExpr); ok && m.hasProto(name.Value) {
			return guardLayer{name.Value}
		}
		return guardStop{}
	}
	call := guardCall{fn: m.outer(e.Func)}
	if call.fn == nil || len(e.Args) != 2 {
		return guardStop{}
	}
	for _, a := range e.Args {
		call.args = append(call.args, m.expr(a))
	}
	return call
}

func (m *guardMaker) hasProto(name string) bool {
	_, ok := m.known[name]
	return ok
}

// outer returns the names by which a function is reached from outside of the
// handler, or nil.
func (m *guardMaker) outer(e ast.Expr) []string {
	switch e := e.(type) {
	case *ast.IdentExpr:
		if m.lookup(e.Value) == nil && e.Value != m.pkt {
			return []string{e.Value}
		}
	case *ast.AttrGetExpr:
		key, ok := e.Key.(*ast.StringExpr)
		if base := m.outer(e.Object); ok && len(base) == 1 {
			return append(base, key.Value)
		}
	}
	return nil
}
