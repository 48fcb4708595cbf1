package lint

import (
	"github.com/yuin/gopher-lua/ast"

	"pkl/core"
	"pkl/luabind"
)

// Defined returns the names of the protocols that scripts define in their text,
// as far as reg has them not. any says that there may be others.
func Defined(scripts []luabind.Script, reg *core.Registry) (loose map[string]bool, any bool) {
	loose = map[string]bool{}
	for _, s := range scripts {
		chunk, err := Parse(s.Source, s.Name)
		if err != nil {
			any = true
			continue
		}
		eachCall(chunk, func(e *ast.FuncCallExpr) {
			a, ok := e.Func.(*ast.AttrGetExpr)
			if !ok || !isText(a.Key, "protocol") {
				return
			}
			name := literalName(e)
			if name == "" {
				any = true
			} else if reg.Proto(name) == nil {
				loose[name] = true
			}
		})
	}
	return loose, any
}

// literalName is the name in the table of a definition, if it is written out.
func literalName(e *ast.FuncCallExpr) string {
	if len(e.Args) != 1 {
		return ""
	}
	t, ok := e.Args[0].(*ast.TableExpr)
	if !ok {
		return ""
	}
	for _, f := range t.Fields {
		if name, ok := f.Value.(*ast.StringExpr); ok && isText(f.Key, "name") {
			return name.Value
		}
	}
	return ""
}

// eachCall calls visit for every call of a function in a chunk.
func eachCall(chunk []ast.Stmt, visit func(*ast.FuncCallExpr)) {
	eachExpr(chunk, func(e ast.Expr) {
		if call, ok := e.(*ast.FuncCallExpr); ok && call.Func != nil {
			visit(call)
		}
	})
}
