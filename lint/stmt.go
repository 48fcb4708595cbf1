package lint

import (
	"github.com/yuin/gopher-lua/ast"
)

func (f *file) block(stmts []ast.Stmt) {
	f.enter()
	f.stmts(stmts)
	f.leave()
}

func (f *file) stmts(stmts []ast.Stmt) {
	for _, s := range stmts {
		f.stmt(s)
	}
}

func (f *file) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		f.assign(s)
	case *ast.LocalAssignStmt:
		f.locals(s)
	case *ast.FuncCallStmt:
		f.use(s.Expr)
	case *ast.DoBlockStmt:
		f.block(s.Stmts)
	case *ast.WhileStmt:
		f.use(s.Condition)
		f.block(s.Stmts)
	case *ast.RepeatStmt:
		f.enter()
		f.stmts(s.Stmts)
		f.use(s.Condition)
		f.leave()
	case *ast.IfStmt:
		f.use(s.Condition)
		f.block(s.Then)
		f.block(s.Else)
	case *ast.NumberForStmt:
		f.numberFor(s)
	case *ast.GenericForStmt:
		f.genericFor(s)
	case *ast.FuncDefStmt:
		f.funcDef(s)
	case *ast.ReturnStmt:
		f.returns(s)
	}
}

// locals declares after the values are looked at, but a function sees itself.
func (f *file) locals(s *ast.LocalAssignStmt) {
	vars := make([]*variable, len(s.Names))
	for i := range s.Names {
		vars[i] = f.variable(s, i)
	}
	if len(s.Names) == 1 && len(s.Exprs) == 1 {
		if fn, ok := s.Exprs[0].(*ast.FunctionExpr); ok {
			f.declare(s.Names[0], vars[0])
			f.join(vars[0], f.function(fn))
			return
		}
	}
	values := f.values(s.Exprs, len(s.Names))
	for i, name := range s.Names {
		f.join(vars[i], values[i])
		f.declare(name, vars[i])
	}
}

// values are those of n variables that a list of expressions is assigned to.
func (f *file) values(exprs []ast.Expr, n int) []value {
	all := make([]value, max(n, len(exprs)))
	for i, e := range exprs {
		all[i] = f.expr(e)
		if i >= n {
			f.escape(all[i])
		}
	}
	if len(exprs) > 0 && len(exprs) < n {
		second := f.secondResult(exprs[len(exprs)-1])
		for i := len(exprs); i < n; i++ {
			all[i], second = second, value{kind: unknown}
		}
	}
	return all
}

// secondResult is what a call gives beside its first value.
func (f *file) secondResult(e ast.Expr) value {
	switch e.(type) {
	case *ast.FuncCallExpr, *ast.Comma3Expr:
		return value{kind: unknown}
	}
	return value{}
}

func (f *file) assign(s *ast.AssignStmt) {
	values := f.values(s.Rhs, len(s.Lhs))
	for i, target := range s.Lhs {
		f.assignTo(target, values[i], s, i)
	}
}

func (f *file) assignTo(target ast.Expr, v value, s *ast.AssignStmt, n int) {
	switch t := target.(type) {
	case *ast.IdentExpr:
		if to := f.local(t.Value); to != nil {
			f.join(to, v)
			return
		}
		f.join(f.global(t.Value), v)
		f.makes(t.Value, t.Line())
	case *ast.AttrGetExpr:
		f.escape(v)
		f.written(t, s, n)
	}
}

// written is an assignment to a member of something.
func (f *file) written(t *ast.AttrGetExpr, s *ast.AssignStmt, n int) {
	if id, ok := t.Object.(*ast.IdentExpr); ok && f.local(id.Value) == nil {
		key, literal := t.Key.(*ast.StringExpr)
		switch {
		case id.Value == "_G" && literal:
			f.join(f.global(key.Value), value{kind: unknown})
			f.makes(key.Value, key.Line())
			return
		case id.Value == "_G":
			f.dynamic = true
		case f.Inv.Libs[id.Value] != nil && literal:
			f.global(id.Value + "." + key.Value) // what a script adds to a library is there
			return
		}
	}
	of := f.use(t.Object)
	to := f.attrOf(of, t)
	if n >= len(s.Rhs) {
		return
	}
	if to.kind == list {
		f.items(to, s.Rhs[n])
	} else if key, ok := t.Key.(*ast.StringExpr); ok {
		f.stored(of, key.Value, s.Rhs[n])
	}
}

func (f *file) numberFor(s *ast.NumberForStmt) {
	f.use(s.Init)
	f.use(s.Limit)
	if s.Step != nil {
		f.use(s.Step)
	}
	f.enter()
	v := f.variable(s, 0)
	f.join(v, value{kind: unknown})
	f.declare(s.Name, v)
	f.stmts(s.Stmts)
	f.leave()
}

func (f *file) genericFor(s *ast.GenericForStmt) {
	var it value
	for i, e := range s.Exprs {
		if v := f.use(e); i == 0 {
			it = v
		}
	}
	f.enter()
	for i, name := range s.Names {
		v := f.variable(s, i)
		f.join(v, it.gives(i))
		f.declare(name, v)
	}
	f.stmts(s.Stmts)
	f.leave()
}

// gives is what the n-th variable of a loop over an iterator holds.
func (v value) gives(n int) value {
	if v.kind == nothing {
		return value{}
	}
	k := unknown
	if v.kind == iterator && n < 2 {
		k = []kind{v.first, v.second}[n]
	}
	if k == item {
		return value{kind: item, slot: v.slot}
	}
	return value{kind: k}
}

func (f *file) funcDef(s *ast.FuncDefStmt) {
	if s.Name.Method != "" { // function a.b:c(), with a hidden self
		f.use(s.Name.Receiver)
		self := f.variable(s, 0)
		f.join(self, value{kind: unknown})
		f.enter()
		f.declare("self", self)
		f.escape(f.function(s.Func))
		f.leave()
		return
	}
	id, plain := s.Name.Func.(*ast.IdentExpr)
	if !plain {
		f.escape(f.function(s.Func))
		if a, ok := s.Name.Func.(*ast.AttrGetExpr); ok {
			f.written(a, &ast.AssignStmt{}, 0)
		}
		return
	}
	to := f.local(id.Value)
	if to == nil {
		to = f.global(id.Value)
		f.makes(id.Value, id.Line())
	}
	f.join(to, f.function(s.Func))
}

// returns notes what the function in hand gives.
func (f *file) returns(s *ast.ReturnStmt) {
	for i, e := range s.Exprs {
		v := f.expr(e)
		if i == 0 && f.fn.result != nil && v.fn == nil {
			f.join(f.fn.result, v)
		} else {
			f.escape(v)
		}
	}
}
