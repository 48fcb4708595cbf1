package luabind

import (
	"maps"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"
)

// Scripts are rewritten when they are loaded, on the syntax tree and with the
// same meaning, for three reasons. Each name in pkt.tcp.dport costs the virtual
// machine a call into Go; a whole chain can be one call. And some constructs are
// compiled wrongly by gopher-lua 1.1.2; they are put into another form. And in
// rules, a text that is made of others must not become too long.

// The names of the functions that the rewritten code calls. No script can spell them.
const (
	getName   = "(get)"
	setName   = "(set)"
	guardName = "(guard)"
	passName  = "(pass)"
	joinName  = "(join)"
)

// A rewriter goes through one chunk.
type rewriter struct {
	gen      *Generation
	chains   *chainTable
	known    map[string]map[string]bool // protocols and their fields; nil fields: any
	handlers map[string]bool            // functions that are passed to pkl.on by name
	scopes   []map[string]shape
	last     string            // the last parameter of the function in hand
	used     bool              // the code calls one of the functions
	depth    int               // functions around the statement in hand
	loops    bool              // a function has a loop
	long     bool              // a function calls what may take long
	other    bool              // there is a function that something else than the host can call
	hosts    *ast.FunctionExpr // the function in hand, if only the host can call it
	after    []ast.Stmt        // what comes behind the statement in hand
	uses     map[string]int    // how often a name was met
}

// rewrite is a pass for lualib.Compile.
func (g *Generation) rewrite(chunk []ast.Stmt) []ast.Stmt {
	fetch, chunk := g.rewritten(chunk)
	return append(fetch, chunk...)
}

// rewriteText is rewrite for what a script loads from text. The chunk returns the
// function, which may get other globals: what it calls is fetched before.
func (g *Generation) rewriteText(chunk []ast.Stmt) []ast.Stmt {
	fetch, chunk := g.rewritten(chunk)
	fn := &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: true}, Stmts: chunk}
	ret := &ast.ReturnStmt{Exprs: []ast.Expr{fn}}
	if len(chunk) > 0 {
		at(fn, chunk[0]).SetLastLine(chunk[len(chunk)-1].LastLine())
		at(ret, chunk[0])
	}
	return append(fetch, ret)
}

// rewritten returns the chunk and the statement, if any, that fetches what it calls.
func (g *Generation) rewritten(chunk []ast.Stmt) (fetch, all []ast.Stmt) {
	r := &rewriter{gen: g, chains: &g.chains, known: maps.Clone(g.known), handlers: map[string]bool{}, uses: map[string]int{}}
	r.survey(chunk)
	chunk = r.block(chunk)
	if r.loops {
		g.loops.Store(true)
	}
	if r.long || r.other {
		g.long.Store(true)
	}
	if !r.used {
		return nil, chunk
	}
	names := []string{getName, setName, guardName, passName, joinName}
	s := &ast.LocalAssignStmt{Names: names}
	for _, n := range names {
		s.Exprs = append(s.Exprs, ident(n, chunk[0]))
	}
	return []ast.Stmt{at(s, chunk[0])}, chunk
}

// at gives a new node the lines of the one it stands for.
func at[N ast.PositionHolder](n N, from ast.PositionHolder) N {
	n.SetLine(from.Line())
	n.SetLastLine(from.LastLine())
	return n
}

func ident(name string, from ast.PositionHolder) ast.Expr {
	return at(&ast.IdentExpr{Value: name}, from)
}

func (r *rewriter) enter() { r.scopes = append(r.scopes, map[string]shape{}) }
func (r *rewriter) leave() { r.scopes = r.scopes[:len(r.scopes)-1] }

// declare notes what a local variable holds.
func (r *rewriter) declare(name string, s shape) { r.scopes[len(r.scopes)-1][name] = s }

func (r *rewriter) block(stmts []ast.Stmt) []ast.Stmt {
	r.enter()
	defer r.leave()
	return r.stmts(stmts)
}

func (r *rewriter) stmts(stmts []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	for _, s := range stmts {
		out = append(out, r.stmt(s))
		out = append(out, r.after...)
		r.after = nil
	}
	return out
}

func (r *rewriter) stmt(s ast.Stmt) ast.Stmt {
	switch s.(type) {
	case *ast.WhileStmt, *ast.RepeatStmt, *ast.NumberForStmt, *ast.GenericForStmt, *ast.GotoStmt:
		r.loops = r.loops || r.depth > 0
	}
	switch s := s.(type) {
	case *ast.AssignStmt:
		return r.assign(s)
	case *ast.LocalAssignStmt:
		r.local(s)
	case *ast.FuncCallStmt:
		s.Expr = r.call(s.Expr.(*ast.FuncCallExpr))
	case *ast.DoBlockStmt:
		s.Stmts = r.block(s.Stmts)
	case *ast.WhileStmt:
		s.Condition = r.expr(s.Condition)
		s.Stmts = mendBody(r.block(s.Stmts))
	case *ast.RepeatStmt:
		r.enter()
		s.Stmts = mendBody(r.stmts(s.Stmts))
		s.Condition = r.expr(s.Condition)
		r.leave()
	case *ast.IfStmt:
		s.Condition = r.expr(s.Condition)
		s.Then, s.Else = r.block(s.Then), r.block(s.Else)
	case *ast.NumberForStmt:
		r.numberFor(s)
	case *ast.GenericForStmt:
		return r.genericFor(s)
	case *ast.FuncDefStmt:
		r.funcDef(s)
	case *ast.ReturnStmt:
		r.exprs(s.Exprs)
	}
	return s
}

func (r *rewriter) local(s *ast.LocalAssignStmt) {
	uses := r.uses[s.Names[0]]
	shapes := make([]shape, len(s.Names))
	var named []ast.Stmt
	for i := range s.Exprs {
		if i < len(s.Names) {
			shapes[i] = r.shapeOf(s.Exprs[i])
			if f, ok := s.Exprs[i].(*ast.FunctionExpr); ok && r.handlers[s.Names[i]] {
				named = append(named, r.named(f, ident(s.Names[i], f))...)
				continue
			}
		}
		s.Exprs[i] = r.expr(s.Exprs[i])
	}
	for i, name := range s.Names {
		r.declare(name, shapes[i])
	}
	r.after = named
	if r.uses[s.Names[0]] > uses {
		mendLocal(s)
	}
}

func (r *rewriter) numberFor(s *ast.NumberForStmt) {
	s.Init, s.Limit = r.expr(s.Init), r.expr(s.Limit)
	if s.Step != nil {
		s.Step = r.expr(s.Step)
	}
	r.enter()
	r.declare(s.Name, shape{})
	s.Stmts = r.stmts(s.Stmts)
	r.leave()
}

func (r *rewriter) genericFor(s *ast.GenericForStmt) ast.Stmt {
	first := r.iterates(s.Exprs)
	r.exprs(s.Exprs)
	r.enter()
	for i, name := range s.Names {
		if i > 0 {
			first = shape{}
		}
		r.declare(name, first)
	}
	s.Stmts = mendBody(r.stmts(s.Stmts))
	r.leave()
	return mendFor(s)
}

func (r *rewriter) funcDef(s *ast.FuncDefStmt) {
	if s.Name.Receiver != nil {
		s.Name.Receiver = r.target(s.Name.Receiver)
	}
	if s.Name.Func != nil {
		s.Name.Func = r.target(s.Name.Func)
	}
	if s.Name.Method == "" && r.handlers[pathOf(s.Name.Func)] { // else the first parameter is self
		r.after = r.named(s.Func, s.Name.Func)
		return
	}
	s.Func = r.function(s.Func, unknown)
}

// function rewrites a function whose first parameter is known to be a packet, a layer, or nothing.
func (r *rewriter) function(f *ast.FunctionExpr, first shapeKind) *ast.FunctionExpr {
	r.other = r.other || f != r.hosts
	outer := r.last
	r.last = ""
	r.depth++
	r.enter()
	for i, name := range f.ParList.Names {
		kind := unknown
		if i == 0 && first != unknown {
			kind = first
		} else if name == "pkt" || name == "packet" {
			kind = isPacket
		}
		r.declare(name, shape{kind: kind})
		r.last = name
	}
	f.Stmts = r.stmts(f.Stmts)
	r.leave()
	r.depth--
	r.last = outer
	return f
}

func (r *rewriter) exprs(all []ast.Expr) {
	for i, e := range all {
		all[i] = r.expr(e)
	}
}

func (r *rewriter) expr(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.IdentExpr:
		r.uses[e.Value]++
	case *ast.AttrGetExpr:
		return r.chain(e)
	case *ast.FuncCallExpr:
		return r.call(e)
	case *ast.TableExpr:
		r.tableOf(e, r.expr)
	case *ast.FunctionExpr:
		return r.function(e, unknown)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
		return choose(e)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.StringConcatOpExpr:
		return r.concat(e)
	case *ast.ArithmeticOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs), r.expr(e.Rhs)
	case *ast.UnaryMinusOpExpr:
		e.Expr = r.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		e.Expr = r.expr(e.Expr)
		return negate(e)
	case *ast.UnaryLenOpExpr:
		e.Expr = r.expr(e.Expr)
	}
	return e
}

func (r *rewriter) tableOf(t *ast.TableExpr, value func(ast.Expr) ast.Expr) {
	for _, f := range t.Fields {
		if f.Key != nil {
			f.Key = r.expr(f.Key)
		}
		f.Value = value(f.Value)
		if f.Key != nil {
			oneValue(f.Value)
		}
	}
}

// callsScript reports whether a call may lead into a function of the script,
// which could call itself, and so run for ever without a loop.
func callsScript(e *ast.FuncCallExpr) bool {
	base := e.Func
	if base == nil { // object:method()
		return !slices.Contains(hostMethods(), e.Method)
	}
	if get, ok := base.(*ast.AttrGetExpr); ok {
		base = get.Object
	}
	name, ok := base.(*ast.IdentExpr)
	if !ok {
		return true
	}
	return !slices.Contains(hostNames(), name.Value)
}

// hostMethods are the methods of what the host gives out.
func hostMethods() []string {
	return strings.Fields(`bytes raw update redissect copy reverse direction replies_to flow verify diff hexdump json totable lua layer
		layers path replace insert remove fields each append clear find add get top total overflow write close packets next
		stop stats sub byte format rep upper lower len gsub match gmatch hex band bor bxor bnot lshift rshift`)
}

// hostNames are the globals whose functions come to their end by themselves.
func hostNames() []string {
	return strings.Fields(`pkl string table math bit print type tostring tonumber assert error select ipairs pairs next
		rawget rawset rawequal unpack getmetatable setmetatable`)
}

func (r *rewriter) call(e *ast.FuncCallExpr) *ast.FuncCallExpr {
	if r.depth > 0 {
		r.loops = r.loops || callsScript(e)
		r.long = r.long || takesLong(e)
	}
	switch {
	case isPkl(e, "on"):
		e.Func = r.target(e.Func)
		r.onArgs(e.Args)
		return e
	case isPkl(e, "at_end"), isPkl(e, "every"), isPkl(e, "after"):
		loops, long := r.loops, r.long // these always run under the budget: what they do is no concern of rules
		defer func() { r.loops, r.long = loops, long }()
		if len(e.Args) > 0 {
			r.hosts, _ = e.Args[len(e.Args)-1].(*ast.FunctionExpr)
		}
	}
	if e.Func != nil {
		e.Func = r.target(e.Func)
	}
	if e.Receiver != nil {
		e.Receiver = r.expr(e.Receiver)
	}
	r.exprs(e.Args)
	return e
}

// takesLong reports whether a call may take longer than a packet is: the time of
// these functions hangs on what they are given, or on the world outside.
func takesLong(e *ast.FuncCallExpr) bool {
	name := e.Method
	if get, ok := e.Func.(*ast.AttrGetExpr); ok {
		key, ok := get.Key.(*ast.StringExpr)
		if !ok {
			return true
		}
		name = key.Value
	}
	return slices.Contains(longNames(), name)
}

func longNames() []string {
	return strings.Fields(`find match gmatch gsub rep sort concat foreach foreachi each packets next read write close open load
		create dissect send socket sr sr1 recv sleep interfaces route top`)
}

// target rewrites what a called or assigned name hangs on, not the name itself.
func (r *rewriter) target(e ast.Expr) ast.Expr {
	if a, ok := e.(*ast.AttrGetExpr); ok {
		a.Object, a.Key = r.expr(a.Object), r.expr(a.Key)
		return a
	}
	return r.expr(e)
}
