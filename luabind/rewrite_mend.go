package luabind

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"
)

// mendFor mends loops such as for i, o in f().list:each() do, where the compiler
// overwrites what the inner call gives: the iterator is put into locals first.
func mendFor(s *ast.GenericForStmt) ast.Stmt {
	call, ok := s.Exprs[0].(*ast.FuncCallExpr)
	if !ok || !startsWithCall(call) {
		return s
	}
	names := []string{"(generator)", "(state)", "(control)"}
	first := at(&ast.LocalAssignStmt{Names: names, Exprs: s.Exprs}, s)
	s.Exprs = nil
	for _, n := range names {
		s.Exprs = append(s.Exprs, ident(n, s))
	}
	return at(&ast.DoBlockStmt{Stmts: []ast.Stmt{first, s}}, s)
}

// startsWithCall reports whether what is called hangs on another call.
func startsWithCall(call *ast.FuncCallExpr) bool {
	e := call.Func
	if e == nil {
		e = call.Receiver
	}
	for {
		a, ok := e.(*ast.AttrGetExpr)
		if !ok {
			break
		}
		e = a.Object
	}
	_, ok := e.(*ast.FuncCallExpr)
	return ok
}

// mendAssign mends assignments to the last parameter of a function, as in
// x = (f(y)), where the compiler uses the registers of the locals behind it: the
// values go through locals of their own.
func (r *rewriter) mendAssign(s *ast.AssignStmt) ast.Stmt {
	if r.last == "" || !assignsTo(s.Lhs, r.last) || !hasCall(s.Rhs) {
		return s
	}
	values := at(&ast.LocalAssignStmt{Exprs: s.Rhs}, s)
	s.Rhs = nil
	for i := range s.Lhs {
		name := fmt.Sprintf("(value %d)", i+1)
		values.Names = append(values.Names, name)
		s.Rhs = append(s.Rhs, ident(name, s))
	}
	return at(&ast.DoBlockStmt{Stmts: []ast.Stmt{values, s}}, s)
}

func assignsTo(targets []ast.Expr, name string) bool {
	for _, t := range targets {
		if id, ok := t.(*ast.IdentExpr); ok && id.Value == name {
			return true
		}
	}
	return false
}

// hasCall reports calls among the operands of expressions.
func hasCall(all []ast.Expr) bool {
	for _, e := range all {
		switch e := e.(type) {
		case *ast.FuncCallExpr:
			return true
		case *ast.LogicalOpExpr:
			if hasCall([]ast.Expr{e.Lhs, e.Rhs}) {
				return true
			}
		}
	}
	return false
}

// oneValue keeps a call behind a key to one value: the compiler would also put
// what the last one of a table gives into its array part.
func oneValue(e ast.Expr) {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
}
