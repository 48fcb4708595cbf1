package luabind

import (
	"fmt"
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// mendFor mends loops such as for i, o in f().list:each() do, or in (a + b):each(),
// where the compiler overwrites what it computes for the iterator: that is put
// into locals first, unless it is one call of what names alone tell.
func mendFor(s *ast.GenericForStmt) ast.Stmt {
	if call, ok := s.Exprs[0].(*ast.FuncCallExpr); ok && len(s.Exprs) == 1 {
		called := call.Func
		if called == nil {
			called = call.Receiver
		}
		if isPath(called) {
			return s
		}
	}
	names := []string{"(generator)", "(state)", "(control)"}
	first := at(&ast.LocalAssignStmt{Names: names, Exprs: s.Exprs}, s)
	s.Exprs = nil
	for _, n := range names {
		s.Exprs = append(s.Exprs, ident(n, s))
	}
	return at(&ast.DoBlockStmt{Stmts: []ast.Stmt{first, s}}, s)
}

// isPath reports names with or without names behind them, as string.gmatch.
func isPath(e ast.Expr) bool {
	for {
		get, ok := e.(*ast.AttrGetExpr)
		if !ok {
			return isIdent(e)
		}
		if !isKey(get.Key) {
			return false
		}
		e = get.Object
	}
}

// isKey reports constants that stand in instructions as they are.
func isKey(e ast.Expr) bool {
	switch e.(type) {
	case *ast.StringExpr, *ast.NumberExpr:
		return true
	}
	return false
}

// mendLocal mends local f = function() … f … end, where the compiler takes the f
// within for the new one, as if it were local function f: of two variables it does
// not. The parser gives both one form, but only the other tells its last line.
func mendLocal(s *ast.LocalAssignStmt) {
	if len(s.Names) != 1 || len(s.Exprs) != 1 || s.LastLine() >= s.Line() {
		return
	}
	if _, ok := s.Exprs[0].(*ast.FunctionExpr); ok {
		s.Names = append(s.Names, "(nothing)")
	}
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
// as in x = (f(y)), where it uses the registers of the locals behind it. Tables,
// keys and values are put into locals of their own, in this order, and then
// assigned one by one, the last first, as Lua does.
func (r *rewriter) mendAssign(s *ast.AssignStmt) ast.Stmt {
	mend := len(s.Lhs) > 1 && !independent(s) || isChoice(s.Rhs[0]) || r.last != "" && assignsTo(s.Lhs, r.last) && hasCall(s.Rhs)
	if !mend || !slices.ContainsFunc(s.Lhs, isIdent) {
		return s
	}
	var stmts []ast.Stmt
	hold := func(kind string, i int, e ast.Expr) ast.Expr {
		if isKey(e) {
			return e
		}
		name := fmt.Sprintf("(%s %d)", kind, i)
		stmts = append(stmts, at(&ast.LocalAssignStmt{Names: []string{name}, Exprs: []ast.Expr{e}}, s))
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

// independent reports assignments of constants and names to as many others, as in
// a, b = 0, c: their order does not matter.
func independent(s *ast.AssignStmt) bool {
	for i, l := range s.Lhs {
		if id, ok := l.(*ast.IdentExpr); !ok || assignsTo(s.Lhs[:i], id.Value) {
			return false
		}
	}
	return len(s.Lhs) == len(s.Rhs) &&
		!slices.ContainsFunc(s.Rhs, func(e ast.Expr) bool {
			id, name := e.(*ast.IdentExpr)
			_, constant := constantTruth(e)
			return !constant && !(name && !assignsTo(s.Lhs, id.Value))
		})
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
