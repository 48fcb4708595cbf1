package luabind

import (
	"slices"
	"strconv"

	"github.com/yuin/gopher-lua/ast"

	"pkl/core"
)

// A shape is what a variable most likely holds. A wrong guess costs time only.
type shape struct {
	kind shapeKind
}

type shapeKind uint8

const (
	unknown shapeKind = iota
	isPacket
	isRecord // a layer
)

// knownNames lists the built-in protocols and their fields.
func knownNames(specs []*core.Spec) map[string]map[string]bool {
	known := map[string]map[string]bool{}
	for _, s := range specs {
		fields := map[string]bool{"body": true, "header": true, "trailer": true, "proto": true, "upper": true, "lower": true}
		for _, all := range [][]core.Field{s.Fields, s.Footer} {
			for i := range all {
				fields[all[i].Name] = true
				for _, flag := range all[i].Flags {
					fields[flag] = true
				}
			}
		}
		known[s.Name] = fields
	}
	return known
}

// shapeOf guesses what an expression gives.
func (r *rewriter) shapeOf(e ast.Expr) shape {
	switch e := e.(type) {
	case *ast.IdentExpr:
		for i := len(r.scopes) - 1; i >= 0; i-- {
			if s, ok := r.scopes[i][e.Value]; ok {
				return s
			}
		}
	case *ast.AttrGetExpr:
		key, ok := e.Key.(*ast.StringExpr)
		if !ok {
			break
		}
		if _, isProto := r.known[key.Value]; isProto && r.shapeOf(e.Object).kind != unknown {
			return shape{isRecord}
		}
	}
	return shape{}
}

// iterates guesses what the first variable of a loop holds.
func (r *rewriter) iterates(exprs []ast.Expr) shape {
	call, ok := exprs[0].(*ast.FuncCallExpr)
	if ok && (isPkl(call, "packets") || call.Method == "packets") {
		return shape{isPacket}
	}
	if ok && call.Method == "layers" {
		return shape{isRecord}
	}
	return shape{}
}

// isPkl reports a call of pkl.name.
func isPkl(e *ast.FuncCallExpr, name string) bool {
	a, ok := e.Func.(*ast.AttrGetExpr)
	if !ok {
		return false
	}
	pkl, ok := a.Object.(*ast.IdentExpr)
	key, ok2 := a.Key.(*ast.StringExpr)
	return ok && ok2 && pkl.Value == "pkl" && key.Value == name
}

// onArgs rewrites the arguments of pkl.on. Nothing is visited twice: a handler
// that was rewritten calls what no script can name.
func (r *rewriter) onArgs(args []ast.Expr) {
	for i, a := range args {
		if t, ok := a.(*ast.TableExpr); ok {
			r.tableOf(t, r.onArg)
		} else {
			args[i] = r.onArg(a)
		}
	}
}

func (r *rewriter) onArg(e ast.Expr) ast.Expr {
	if fn, ok := e.(*ast.FunctionExpr); ok {
		return r.handler(fn)
	}
	return r.expr(e)
}

// handler rewrites a handler, and gives it a guard if it can have one.
func (r *rewriter) handler(f *ast.FunctionExpr) ast.Expr {
	r.hosts = f
	if g := r.handlerBody(f); g != nil {
		return r.hiddenCall(guardName, f, f, r.gen.addGuard(g))
	}
	return f
}

// named is handler for a function that is put into the variable ref: the guard
// is noted behind that, in a statement of its own.
func (r *rewriter) named(f *ast.FunctionExpr, ref ast.Expr) []ast.Stmt {
	g := r.handlerBody(f)
	if g == nil {
		return nil
	}
	call := r.hiddenCall(guardName, f, ref, r.gen.addGuard(g))
	return []ast.Stmt{at(&ast.FuncCallStmt{Expr: call}, f)}
}

// handlerBody rewrites the body of a handler. It returns the guard that it begins
// with; one behind the first statements becomes a statement.
func (r *rewriter) handlerBody(f *ast.FunctionExpr) *guard {
	g := newGuard(f, r.known)
	if g != nil {
		g.line = f.Line()
		r.function(f, isPacket)
		return g
	}
	at, middle := middleGuard(f, r.known)
	r.function(f, isPacket)
	if middle != nil {
		f.Stmts = slices.Insert(f.Stmts, at, r.leaveUnless(middle, f.ParList.Names[0], f.Stmts[at]))
	}
	return nil
}

// hiddenCall is a call of a function that scripts cannot name.
func (r *rewriter) hiddenCall(name string, from ast.PositionHolder, arg ast.Expr, n int) *ast.FuncCallExpr {
	r.used = true
	id := at(&ast.NumberExpr{Value: strconv.Itoa(n)}, from)
	return at(&ast.FuncCallExpr{Func: ident(name, from), Args: []ast.Expr{arg, id}, AdjustRet: true}, from)
}

// leaveUnless is: if not (pass)(pkt, n) then return end.
func (r *rewriter) leaveUnless(g *guard, pkt string, from ast.Stmt) ast.Stmt {
	call := r.hiddenCall(passName, from, ident(pkt, from), r.gen.addGuard(g))
	return at(&ast.IfStmt{
		Condition: at(&ast.UnaryNotOpExpr{Expr: call}, from),
		Then:      []ast.Stmt{at(&ast.ReturnStmt{}, from)},
	}, from)
}

// survey notes the functions that a chunk passes to pkl.on by name, and the
// protocols that it defines.
func (r *rewriter) survey(chunk []ast.Stmt) {
	for _, s := range chunk {
		call, ok := s.(*ast.FuncCallStmt)
		if !ok {
			continue
		}
		e, ok := call.Expr.(*ast.FuncCallExpr)
		switch {
		case !ok:
		case isPkl(e, "on"):
			r.surveyOn(e.Args)
		case isPkl(e, "protocol") && len(e.Args) == 1:
			if name, ok := tableEntry(e.Args[0], "name").(*ast.StringExpr); ok {
				r.known[name.Value] = nil
			}
		}
	}
}

func (r *rewriter) surveyOn(args []ast.Expr) {
	for _, a := range args {
		if t, ok := a.(*ast.TableExpr); ok {
			a = tableEntry(t, "on_packet")
		}
		if name := pathOf(a); name != "" {
			r.handlers[name] = true
		}
	}
}

// tableEntry returns the value of a named entry of a table constructor, or nil.
func tableEntry(e ast.Expr, name string) ast.Expr {
	t, ok := e.(*ast.TableExpr)
	if !ok {
		return nil
	}
	for _, f := range t.Fields {
		if k, ok := f.Key.(*ast.StringExpr); ok && k.Value == name {
			return f.Value
		}
	}
	return nil
}

// pathOf is "a" for the variable a, "a.b" for a.b, else "".
func pathOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.IdentExpr:
		return e.Value
	case *ast.AttrGetExpr:
		base, ok := e.Object.(*ast.IdentExpr)
		key, ok2 := e.Key.(*ast.StringExpr)
		if ok && ok2 {
			return base.Value + "." + key.Value
		}
	}
	return ""
}
