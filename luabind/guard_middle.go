package luabind

import "github.com/yuin/gopher-lua/ast"

// A handler that counts every packet, and then looks whether it concerns it,
// has to be entered; but one call can tell that nothing happens any more:
//
//	total = total + 1
//	local t = pkt.tcp
//	if t and t.SYN and not t.ACK then … end
//
// The rest of the handler, from the second line on, then begins with a guard.

// middleGuard returns a guard and the number of the statement that it goes
// before. A guard costs a call, so it has to spare one: it is one with a layer.
func middleGuard(f *ast.FunctionExpr, known map[string]map[string]bool) (int, *guard) {
	m := newGuardMaker(f, known)
	if m == nil {
		return 0, nil
	}
	for i, s := range f.Stmts {
		if i > 0 {
			rest := *m
			rest.scope = append([]guardVar(nil), m.scope...)
			if g := rest.guard(f.Stmts[i:]); g != nil && g.looks() {
				return i, g
			}
		}
		switch s := s.(type) {
		case *ast.LocalAssignStmt:
			m.hide(s.Names...)
		case *ast.FuncDefStmt, *ast.AssignStmt, *ast.FuncCallStmt, *ast.IfStmt, *ast.DoBlockStmt,
			*ast.WhileStmt, *ast.RepeatStmt, *ast.NumberForStmt, *ast.GenericForStmt:
		default:
			return 0, nil // what is behind a return or a label is left alone
		}
	}
	return 0, nil
}

// hide notes variables of which nothing is known.
func (m *guardMaker) hide(names ...string) {
	for _, name := range names {
		m.scope = append(m.scope, guardVar{name: name, n: opaqueVar})
	}
}

// looks reports whether the guard itself gets a layer, and a condition follows.
func (g *guard) looks() bool {
	for _, s := range g.stmts {
		if hasLayer(s.expr) {
			return true
		}
		if s.local < 0 {
			return false
		}
	}
	return false
}

func hasLayer(e guardExpr) bool {
	switch e := e.(type) {
	case guardLayer:
		return true
	case guardField:
		return hasLayer(e.layer)
	case guardNot:
		return hasLayer(e.x)
	case guardBoth:
		return hasLayer(e.x) || hasLayer(e.y)
	case guardCompare:
		return hasLayer(e.x) || hasLayer(e.y)
	case guardArith:
		return hasLayer(e.x) || hasLayer(e.y)
	}
	return false
}
