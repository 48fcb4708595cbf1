package luabind

import "github.com/yuin/gopher-lua/ast"

// concat rewrites a .. b .. c to a call, which bounds the text and writes numbers as
// tostring does. Where only one of them is no constant, the text grows by what the
// source holds, and where that one is surely no number, the operator may stay.
func (r *rewriter) concat(e *ast.StringConcatOpExpr) ast.Expr {
	var all []ast.Expr
	for right := e; ; {
		right.Lhs = r.expr(right.Lhs)
		all = append(all, right.Lhs)
		next, ok := right.Rhs.(*ast.StringConcatOpExpr)
		if !ok {
			right.Rhs = r.expr(right.Rhs)
			all = append(all, right.Rhs)
			break
		}
		right = next
	}
	texts := 0
	for _, x := range all {
		switch x := x.(type) {
		case *ast.StringExpr:
		case *ast.FuncCallExpr:
			if texts++; !givesText(x) {
				texts = 2
			}
		default:
			texts = 2
		}
	}
	if texts < 2 {
		return e
	}
	r.used = true
	return join(all, e)
}

// givesText reports whether a call is that of a method that gives text, as texts
// have them.
func givesText(e *ast.FuncCallExpr) bool {
	switch e.Method {
	case "sub", "rep", "format", "upper", "lower", "reverse":
		return true
	}
	return false
}

// join is a call of (join).
func join(all []ast.Expr, from ast.Expr) ast.Expr {
	const most = 50 // arguments: each takes a register
	if len(all) > most {
		all = append(all[:most-1:most-1], join(all[most-1:], from))
	}
	oneValue(all[len(all)-1])
	return at(&ast.FuncCallExpr{Func: ident(joinName, from), Args: all, AdjustRet: true}, from)
}
