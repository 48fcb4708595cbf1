package luabind

import (
	"fmt"
	"slices"

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

// mendBody mends loops such as for k in pairs(t) do break end, where the compiler
// follows the jump back to the body through the jump that the body begins with,
// and loses its way: something else comes first.
func mendBody(body []ast.Stmt) []ast.Stmt {
	if len(body) == 0 || !startsWithJump(body[0]) {
		return body
	}
	nothing := at(&ast.LocalAssignStmt{Names: []string{"(start)"}, Exprs: []ast.Expr{at(&ast.TrueExpr{}, body[0])}}, body[0])
	return append([]ast.Stmt{at(&ast.DoBlockStmt{Stmts: []ast.Stmt{nothing}}, body[0])}, body...)
}

// startsWithJump reports whether the first instruction of a statement may be a jump.
func startsWithJump(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.BreakStmt, *ast.DoBlockStmt, *ast.RepeatStmt, *ast.LabelStmt:
		return true
	case *ast.WhileStmt:
		_, constant := constantTruth(s.Condition)
		return constant
	case *ast.IfStmt:
		_, constant := constantTruth(s.Condition)
		return constant
	}
	return false
}

// choose makes a choice that hangs on a constant, which would begin with a jump
// elsewhere.
func choose(e *ast.LogicalOpExpr) ast.Expr {
	yes, constant := constantTruth(e.Lhs)
	switch {
	case !constant:
		return e
	case yes == (e.Operator == "and"):
		oneValue(e.Rhs)
		return e.Rhs
	}
	return e.Lhs
}

// negate is choose for not.
func negate(e *ast.UnaryNotOpExpr) ast.Expr {
	yes, constant := constantTruth(e.Expr)
	switch {
	case !constant:
		return e
	case yes:
		return at(&ast.FalseExpr{}, e)
	}
	return at(&ast.TrueExpr{}, e)
}

// constantTruth is what a constant counts as.
func constantTruth(e ast.Expr) (yes, constant bool) {
	switch e.(type) {
	case *ast.TrueExpr, *ast.NumberExpr, *ast.StringExpr:
		return true, true
	case *ast.FalseExpr, *ast.NilExpr:
		return false, true
	}
	return false, false
}

// mendAssign mends assignments to several variables, as in a, b = b, a, where the
// compiler writes a before it reads it, those of a choice, as in a = b and c, where
// a keeps its value if b is false, and those to the last parameter of a function,
// as in x = (f(y)), where it uses the registers of the locals behind it. Tables, keys and values are put into locals of their own, in this order, and
// then assigned one by one, the last first, as Lua does.
func (r *rewriter) mendAssign(s *ast.AssignStmt) ast.Stmt {
	mend := len(s.Lhs) > 1 || isChoice(s.Rhs[0]) || r.last != "" && assignsTo(s.Lhs, r.last) && hasCall(s.Rhs)
	if !mend || !slices.ContainsFunc(s.Lhs, isIdent) {
		return s
	}
	var stmts []ast.Stmt
	hold := func(kind string, i int, exprs ...ast.Expr) ast.Expr {
		name := fmt.Sprintf("(%s %d)", kind, i)
		stmts = append(stmts, at(&ast.LocalAssignStmt{Names: []string{name}, Exprs: exprs}, s))
		return ident(name, s)
	}
	for i, l := range s.Lhs {
		if get, ok := l.(*ast.AttrGetExpr); ok {
			get.Object, get.Key = hold("table", i, get.Object), hold("key", i, get.Key)
		}
	}
	values := at(&ast.LocalAssignStmt{Exprs: s.Rhs}, s)
	stmts = append(stmts, values)
	for i := range s.Lhs {
		values.Names = append(values.Names, fmt.Sprintf("(value %d)", i))
	}
	for i, l := range slices.Backward(s.Lhs) {
		one := at(&ast.AssignStmt{Lhs: []ast.Expr{l}, Rhs: []ast.Expr{ident(values.Names[i], s)}}, s)
		stmts = append(stmts, one)
	}
	return at(&ast.DoBlockStmt{Stmts: stmts}, s)
}

func isChoice(e ast.Expr) bool {
	_, ok := e.(*ast.LogicalOpExpr)
	return ok
}

func isIdent(e ast.Expr) bool {
	_, ok := e.(*ast.IdentExpr)
	return ok
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
