package core

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"pkl/core/expr"
)

// A translator turns the tree of one expression into closures. Specs and
// filters differ only in what names mean: see specName and filterName.
type translator struct {
	src   string
	reg   *Registry
	sc    *scope    // of a spec; nil in filters
	self  *Slot     // the field whose own when this is
	when  expr.Node // all of it, if that is but the name of a field
	items []*domain // of any(), the innermost last
	bound int       // sources in use
	most  int       // sources in use at a time
	deps  []dep
	seen  map[*Slot]int // computed fields: the steps they take; 0 while they are looked into
	steps int           // that the computed fields in it take
	depth int           // of computed fields around it
}

// Limits of computed fields that are computed from others, and so on.
const (
	maxSteps    = 10000
	maxComputed = 16
)

// compileNum compiles an expression for a number. A condition counts as 0 or 1.
func compileNum(src string, sc *scope) (fn numFn, deps []dep, err error) {
	t := newTranslator(src, sc)
	err = t.run(func(n expr.Node) {
		fn = isolateNum(t, t.single(t.number(t.value(n))))
	})
	return fn, t.deps, err
}

// compileCond compiles a condition.
func compileCond(src string, sc *scope) (c cond, deps []dep, err error) {
	t := newTranslator(src, sc)
	t.self = sc.itself(src)
	err = t.run(func(n expr.Node) {
		if name, ok := n.(*expr.Name); ok && t.self != nil && !name.Up && len(name.Parts) == 1 {
			t.when = n
		}
		c = t.isolate(t.condition(n).cond())
	})
	return c, t.deps, err
}

// compileGet compiles a computed field: a number, or bytes.
func compileGet(src string, sc *scope) (g *getter, deps []dep, err error) {
	t := newTranslator(src, sc)
	err = t.run(func(n expr.Node) { g = t.getter(n) })
	return g, t.deps, err
}

// constNum is the function constNum with trees from the cache.
func (c *compiler) constNum(src string) (v int64, ok bool) {
	if n, err := strconv.ParseUint(src, 10, 63); err == nil {
		return int64(n), true
	}
	n, err := c.parse(src)
	if err != nil || hasNames(n) {
		return 0, false
	}
	return constNum(src)
}

func hasNames(n expr.Node) (has bool) {
	expr.Walk(n, func(n expr.Node) bool {
		_, name := n.(*expr.Name)
		has = has || name
		return !has
	})
	return has
}

// constNum returns the value of an expression without names.
func constNum(src string) (v int64, ok bool) {
	t := newTranslator(src, &scope{})
	err := t.run(func(n expr.Node) {
		if o := t.value(n); o.konst != nil && !o.unsigned {
			v, ok = *o.konst, true
		}
	})
	return v, ok && err == nil
}

// itself returns the field whose condition src is: the last one in scope, if
// it says so. It is not there yet when its presence is decided.
func (sc *scope) itself(src string) *Slot {
	if len(sc.layouts) == 0 || sc.before < 1 || sc.before > len(sc.layouts[0].Slots) {
		return nil
	}
	if s := sc.layouts[0].Slots[sc.before-1]; !sc.later && s.When == src {
		return s
	}
	return nil
}

// run parses the source and compiles it. Mistakes are panics on the way and
// errors in the end, so that the functions between stay short.
func (t *translator) run(compile func(expr.Node)) (err error) {
	n, err := t.parse()
	if err != nil {
		return err
	}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *expr.Error:
			err = e
		default:
			panic(e)
		}
	}()
	compile(n)
	return nil
}

func (t *translator) parse() (expr.Node, error) {
	if t.sc != nil && t.sc.comp != nil {
		return t.sc.comp.parse(t.src)
	}
	n, err := expr.Parse(t.src)
	return n, withParts(err, t.src)
}

// near is the hint for a name that is not among the known ones. Where there
// are very many mistakes, it takes too long.
func (t *translator) near(name string, among func() []string) string {
	if t.sc != nil && t.sc.comp != nil && len(t.sc.comp.mistakes) >= maxHints {
		return ""
	}
	return didYouMean(name, among())
}

// fail ends compiling.
func (t *translator) fail(pos int, hint, format string, args ...any) {
	panic(t.errorAt(pos, hint, format, args...))
}

func (t *translator) errorAt(pos int, hint, format string, args ...any) *expr.Error {
	return expr.ErrorAt(t.src, pos, fmt.Sprintf(format, args...), hint)
}

// bind reserves a place for what a source reaches.
func (t *translator) bind(pos int) int {
	if t.bound == maxBound {
		t.fail(pos, "", "more than %d lists and pairs in one comparison", maxBound)
	}
	t.bound++
	t.most = max(t.most, t.bound)
	return t.bound - 1
}

// isolate keeps an expression from the sources of one that it is evaluated within.
func (t *translator) isolate(c cond) cond {
	if t.most == 0 {
		return c
	}
	return func(e *env) bool {
		at := e.scratch.at
		v := c(e)
		e.scratch.at = at
		return v
	}
}

func isolateNum(t *translator, f numFn) numFn {
	if t.most == 0 {
		return f
	}
	return func(e *env) (int64, bool) {
		at := e.scratch.at
		v, ok := f(e)
		e.scratch.at = at
		return v, ok
	}
}

// single is the number of an operand that has one value.
func (t *translator) single(o *operand) numFn {
	if len(o.srcs) > 0 {
		t.fail(o.node.Pos(), "", "%s may have several values", t.text(o.node))
	}
	return o.num
}

// getter compiles a computed field.
func (t *translator) getter(n expr.Node) *getter {
	o := t.operand(n)
	g := &getter{}
	if r := o.ref; r != nil && r.what == isField && r.site.kind == siteRecord && len(r.srcs) == 0 && r.below == nil && !r.wire {
		g.plain = r.alts[0].slots[0]
	}
	t.use(o, useValue)
	if o.typ.number() || o.typ == tCond {
		g.cond = o.typ == tCond
		g.num = isolateNum(t, t.single(t.number(o)))
		return g
	}
	if o = t.asBytes(o); len(o.srcs) > 0 {
		t.fail(n.Pos(), "", "%s may have several values", t.text(n))
	}
	g.bytes = o.bytes
	return g
}

// text is the source of a part of the expression, for messages.
func (t *translator) text(n expr.Node) string {
	if _, ok := n.(*expr.Num); ok { // decimal or hex, as it was written
		s := t.src[n.Pos():]
		if end := strings.IndexFunc(s, notNumber); end > 0 {
			s = s[:end]
		}
		return s
	}
	s := expr.Format(n)
	if len(s) > 40 {
		s = s[:37] + "…"
	}
	return s
}

func newTranslator(src string, sc *scope) *translator {
	return &translator{src: src, sc: sc, reg: sc.reg, seen: map[*Slot]int{}}
}

func notNumber(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsLetter(r) }
