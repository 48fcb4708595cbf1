package luabind

import (
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/gopher-lua/ast"
)

// A chainTable numbers the chains of names that scripts read or write.
type chainTable struct {
	mu   sync.Mutex
	list [][]string
	ids  map[string]int
}

// id returns the number of a chain.
func (t *chainTable) id(keys []string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	name := strings.Join(keys, "\x00")
	if id, ok := t.ids[name]; ok {
		return id
	}
	if t.ids == nil {
		t.ids = map[string]int{}
	}
	t.ids[name] = len(t.list)
	t.list = append(t.list, keys)
	return len(t.list) - 1
}

// from returns the chains from number n on.
func (t *chainTable) from(n int) [][]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.list[n:len(t.list):len(t.list)]
}

// chain rewrites a.b.c: what is a packet's or a layer's becomes one call.
func (r *rewriter) chain(e *ast.AttrGetExpr) ast.Expr {
	base, keys := r.split(e)
	if keys == nil {
		e.Object, e.Key = r.expr(e.Object), r.expr(e.Key)
		return e
	}
	return r.callOf(getName, e, r.expr(base), keys)
}

// callOf is a call of (get) or (set) for a chain of names.
func (r *rewriter) callOf(fn string, from ast.Expr, base ast.Expr, keys []string, more ...ast.Expr) *ast.FuncCallExpr {
	r.used = true
	id := at(&ast.NumberExpr{Value: strconv.Itoa(r.chains.id(keys))}, from)
	return at(&ast.FuncCallExpr{Func: ident(fn, from), Args: append([]ast.Expr{base, id}, more...), AdjustRet: true}, from)
}

// split parts e into what is read first and the names, as many as can be, to
// read in one call; nil if e is not to be rewritten as a whole.
func (r *rewriter) split(e *ast.AttrGetExpr) (base ast.Expr, keys []string) {
	var names []string
	for from := ast.Expr(e); len(names) < maxChain; {
		a, ok := from.(*ast.AttrGetExpr)
		if !ok {
			break
		}
		key, ok := a.Key.(*ast.StringExpr)
		if !ok {
			break
		}
		from, names = a.Object, append([]string{key.Value}, names...)
		if r.worth(from, names) {
			base, keys = from, names
		}
	}
	return base, keys
}

const maxChain = 2 // names read in one call

// worth reports whether names read from base are best read in one call.
func (r *rewriter) worth(base ast.Expr, keys []string) bool {
	if id, ok := base.(*ast.IdentExpr); ok && id.Value == "pkl" {
		return false
	}
	_, isProto := r.known[keys[0]]
	switch r.shapeOf(base).kind {
	case isPacket:
		if len(keys) == 1 {
			return isProto || facts()[keys[0]] != nil
		}
		return isProto
	case isRecord:
		return len(keys) == 1 && !isProto && keys[0] != "fields" && keys[0] != "insert" && keys[0] != "remove" ||
			len(keys) == 2 && isProto
	}
	return len(keys) == 2 && isProto && r.known[keys[0]][keys[1]]
}

// assign rewrites a = b. An assignment to one field becomes a call.
func (r *rewriter) assign(s *ast.AssignStmt) ast.Stmt {
	if len(s.Lhs) == 1 && len(s.Rhs) == 1 {
		if a, ok := s.Lhs[0].(*ast.AttrGetExpr); ok {
			if base, keys := r.split(a); keys != nil {
				call := r.callOf(setName, a, r.expr(base), keys, r.expr(s.Rhs[0]))
				return at(&ast.FuncCallStmt{Expr: call}, s)
			}
		}
	}
	var named []ast.Stmt
	for i, l := range s.Lhs {
		s.Lhs[i] = r.target(l)
	}
	for i, e := range s.Rhs {
		if f, ok := e.(*ast.FunctionExpr); ok && i < len(s.Lhs) && r.handlers[pathOf(s.Lhs[i])] {
			named = append(named, r.named(f, s.Lhs[i])...)
		} else {
			s.Rhs[i] = r.expr(e)
		}
	}
	r.after = named
	return r.mendAssign(s)
}
