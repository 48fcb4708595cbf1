package lint

import (
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"
)

// use evaluates an expression whose value goes where it is not followed.
func (f *file) use(e ast.Expr) value {
	v := f.expr(e)
	f.escape(v)
	return v
}

// expr finds out what an expression gives, and looks at all that is in it.
func (f *file) expr(e ast.Expr) value {
	switch e := e.(type) {
	case nil, *ast.NilExpr: // before the other constants
		return value{}
	case *ast.IdentExpr:
		return f.ident(e)
	case *ast.AttrGetExpr:
		return f.attr(e)
	case *ast.FuncCallExpr:
		return f.call(e)
	case *ast.FunctionExpr:
		return f.function(e)
	case *ast.TableExpr:
		f.table(e)
		return value{kind: plain}
	case ast.ConstExpr:
		return value{kind: plain}
	case *ast.LogicalOpExpr:
		return f.logical(e)
	case *ast.RelationalOpExpr:
		f.side(e, e.Lhs, e.Rhs)
		f.side(e, e.Rhs, e.Lhs)
	case *ast.StringConcatOpExpr:
		f.use(e.Lhs)
		f.use(e.Rhs)
	case *ast.ArithmeticOpExpr:
		return f.arithmetic(e)
	case *ast.UnaryMinusOpExpr:
		f.use(e.Expr)
	case *ast.UnaryNotOpExpr:
		f.use(e.Expr)
	case *ast.UnaryLenOpExpr:
		f.use(e.Expr)
	case *ast.Comma3Expr:
		f.wantsArgs = f.wantsArgs || f.fn == f.main
	}
	return value{kind: unknown}
}

func (f *file) ident(e *ast.IdentExpr) value {
	if v := f.local(e.Value); v != nil {
		return v.value()
	}
	if v := f.globals[e.Value]; v != nil {
		return v.holds
	}
	f.dynamic = f.dynamic || slices.Contains(makersOfGlobals(), e.Value)
	f.wantsArgs = f.wantsArgs || e.Value == "arg"
	if e.Value == "pkl" {
		return value{kind: pklTable}
	}
	if f.Inv.Libs[e.Value] != nil {
		return value{kind: library, name: e.Value}
	}
	f.reads = append(f.reads, access{e.Value, e.Line(), f.fn, f.quiet > 0})
	return value{kind: unknown, name: e.Value}
}

// makersOfGlobals are functions that may make globals behind the back of the text.
func makersOfGlobals() []string {
	return []string{"setfenv", "getfenv", "loadstring", "dofile", "load", "module"}
}

// logical is a and b, a or b. Of "string.trim or …" the left side may be missing.
func (f *file) logical(e *ast.LogicalOpExpr) value {
	if a, ok := e.Lhs.(*ast.AttrGetExpr); ok && e.Operator == "or" && f.isLibrary(a.Object) {
		f.use(a.Key)
		f.use(e.Rhs)
		return value{kind: unknown}
	}
	left, right := f.use(e.Lhs), f.use(e.Rhs)
	switch {
	case e.Operator == "and", left.kind == nothing:
		return right
	case right.kind == nothing || left == right:
		return left
	}
	return value{kind: unknown}
}

func (f *file) isLibrary(e ast.Expr) bool {
	id, ok := e.(*ast.IdentExpr)
	return ok && f.local(id.Value) == nil && f.globals[id.Value] == nil && f.Inv.Libs[id.Value] != nil
}

// arithmetic stacks packets with + and /.
func (f *file) arithmetic(e *ast.ArithmeticOpExpr) value {
	left, right := f.use(e.Lhs), f.use(e.Rhs)
	for _, v := range []value{left, right} {
		if (e.Operator == "+" || e.Operator == "/") && (v.kind == packet || v.kind == layer || v.kind == someLayer) {
			return value{kind: packet}
		}
	}
	if left.kind == nothing || right.kind == nothing {
		return value{}
	}
	return value{kind: unknown}
}

// side is one side of a comparison with the other.
func (f *file) side(e *ast.RelationalOpExpr, one, other ast.Expr) {
	a, ok := one.(*ast.AttrGetExpr)
	if !ok {
		f.use(one)
		return
	}
	of := f.use(a.Object)
	f.escape(f.attrOf(of, a))
	if key, ok := a.Key.(*ast.StringExpr); ok && (e.Operator == "==" || e.Operator == "~=") {
		f.compared(of, key.Value, other)
	}
}

func (f *file) table(t *ast.TableExpr) {
	for _, field := range t.Fields {
		if field.Key != nil {
			f.use(field.Key)
		}
		f.use(field.Value)
	}
}

// attr is a.name or a[key].
func (f *file) attr(e *ast.AttrGetExpr) value { return f.attrOf(f.use(e.Object), e) }

// attrOf is attr of what is known of a.
func (f *file) attrOf(of value, e *ast.AttrGetExpr) value {
	key, ok := e.Key.(*ast.StringExpr)
	if ok {
		return f.member(of, key.Value, max(e.Line(), key.Line()))
	}
	f.use(e.Key)
	switch of.kind {
	case nothing:
		return value{}
	case list:
		return value{kind: item, slot: of.slot}
	case packets:
		return value{kind: packet}
	}
	return value{kind: unknown}
}

// function looks at a function. What its parameters hold, its calls tell.
func (f *file) function(e *ast.FunctionExpr) value {
	fn := f.fnOf(e)
	outer := f.fn
	f.fn, fn.outer = fn, outer
	f.enter()
	for i, name := range e.ParList.Names {
		f.declare(name, fn.params[i])
	}
	f.stmts(e.Stmts)
	f.leave()
	f.fn = outer
	return value{kind: luaFunc, fn: fn}
}

// fnOf returns the function of an expression, the same in each pass.
func (f *file) fnOf(e *ast.FunctionExpr) *function {
	v := f.variable(e, 0)
	if v.holds.fn == nil {
		fn := &function{result: &variable{}}
		for i, name := range e.ParList.Names {
			p := f.variable(e, i+1)
			p.named = isPacketName(name)
			fn.params = append(fn.params, p)
		}
		v.holds = value{kind: luaFunc, fn: fn}
	}
	return v.holds.fn
}

// isPacketName reports whether a parameter is named as packets are.
func isPacketName(name string) bool {
	name = strings.ToLower(name)
	return name == "pkt" || name == "packet"
}
