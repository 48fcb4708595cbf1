package luabind

import "github.com/yuin/gopher-lua/ast"

// concat rewrites a .. b .. c. Where only one of them is no constant, the text
// grows by what the source holds, and the operator may stay; else it becomes a call.
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
	unknown := 0
	for _, x := range all {
		switch x.(type) {
		case *ast.StringExpr, *ast.NumberExpr:
		default:
			unknown++
		}
	}
	if unknown < 2 || r.gen.cfg.Program {
		return e
	}
	r.used = true
	return join(all, e)
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
