package luabind_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A luaType is what a generated expression is of, so that programs rarely fail.
type luaType int

const (
	luaNum luaType = iota
	luaStr
	luaBool
	luaTab // an array of numbers
	luaFun // of two numbers and any others, gives numbers
)

type luaVar struct {
	name string
	kind luaType
}

// A luaGen writes random programs that end by themselves: loops count, and
// functions call only those before them.
type luaGen struct {
	rng   *rand.Rand
	out   strings.Builder
	vars  []luaVar
	fresh int
	depth int // of statements
	loops int // around the statement in hand, in its function
	costs int // loops around it in all
	funcs int // functions around it
	left  int // statements to write
}

// luaProgram is a program that tells what it does by T.
func luaProgram(seed uint64) string {
	g := &luaGen{rng: rand.New(rand.NewPCG(seed, 51)), left: 40}
	g.out.WriteString(`local out, n = {}, 0
local function T(...)
  n = n + 1
  if n > 400 then error("enough", 0) end
  local t = {...}
  for i = 1, select("#", ...) do t[i] = type(t[i]) == "function" and "function" or type(t[i]) == "table" and "table" .. #t[i] or tostring(t[i]) end
  print(table.concat(t, " "))
  return ...
end
local function V(...) return ... end
local O = {k = 3}
function O:m(a, ...) self.k = (self.k + a) % 97 return self.k, a, ... end
function O.s(a, b) return a, b end
local I = {}
I.__index, I.__add = I, function(a, b) local s = setmetatable({}, I) for _, t in ipairs{a, b} do for _, v in ipairs(t) do s[#s + 1] = v end end return s end
function I:each() local i = 0 return function() i = i + 1 if self[i] then return i, self[i] end end end
local function L(...) return setmetatable({...}, I) end
`)
	for g.left > 0 {
		g.stmt()
	}
	for _, v := range g.vars {
		g.line("T(%q, %s)", v.name, v.name)
	}
	return g.out.String()
}

func (g *luaGen) line(format string, args ...any) {
	g.out.WriteString(strings.Repeat("  ", g.depth))
	fmt.Fprintf(&g.out, format, args...)
	g.out.WriteByte('\n')
}

func (g *luaGen) n(n int) int { return g.rng.IntN(n) }

func (g *luaGen) name(k luaType) string {
	g.fresh++
	if g.n(6) == 0 { // shadows
		return string("nsbtf"[k])
	}
	return fmt.Sprintf("%c%d", "nsbtf"[k], g.fresh)
}

func (g *luaGen) pick(k luaType) (string, bool) {
	var have []string
	for i, v := range g.vars {
		shadowed := false
		for _, w := range g.vars[i+1:] {
			shadowed = shadowed || w.name == v.name
		}
		if v.kind == k && !shadowed {
			have = append(have, v.name)
		}
	}
	if len(have) == 0 {
		return "", false
	}
	return have[g.n(len(have))], true
}

func (g *luaGen) num(d int) string {
	if v, ok := g.pick(luaNum); ok && (d <= 0 || g.n(3) == 0) {
		return v
	}
	if d <= 0 {
		return fmt.Sprint(g.n(10))
	}
	switch g.n(13) {
	case 0, 1:
		return fmt.Sprintf("(%s %c %s)", g.num(d-1), "+-*"[g.n(3)], g.num(d-1))
	case 2:
		return "#" + g.tab(d-1)
	case 3:
		return fmt.Sprintf("(%s and %s or %s)", g.cond(d-1), g.num(d-1), g.num(d-1))
	case 4:
		return g.call(d-1, true)
	case 5:
		return fmt.Sprintf("(%s)", g.call(d-1, false))
	case 6:
		return fmt.Sprintf("((%s)[%s] or %s)", g.tab(d-1), g.num(d-1), g.num(d-1))
	case 7:
		return "#" + g.str(d-1)
	case 8:
		return fmt.Sprintf("-(%s)", g.num(d-1))
	case 9:
		return fmt.Sprintf("(T(%s))", g.num(d-1))
	case 10:
		return fmt.Sprintf("select(%d, %s, %s)", 1+g.n(2), g.num(d-1), g.num(d-1))
	case 11:
		return fmt.Sprintf("(%s %% 7)", g.num(d-1))
	default:
		return fmt.Sprint(g.n(10))
	}
}

// call gives numbers; first says that one of them is wanted.
func (g *luaGen) call(d int, first bool) string {
	args := g.num(d-1) + ", " + g.num(d-1)
	if g.n(4) == 0 {
		args += ", " + g.num(d-1)
	}
	var c string
	f, ok := g.pick(luaFun)
	switch k := g.n(6); {
	case k == 0:
		c = fmt.Sprintf("O:m(%s)", args)
	case k == 1:
		c = fmt.Sprintf("O.s(%s)", args)
	case k == 2 || !ok:
		c = fmt.Sprintf("V(%s)", args)
	case k == 3:
		c = fmt.Sprintf("V(%s)(%s)", f, args)
	default:
		c = fmt.Sprintf("%s(%s)", f, args)
	}
	if first && g.n(2) == 0 {
		return "(" + c + ")"
	}
	return c
}

func (g *luaGen) str(d int) string {
	if v, ok := g.pick(luaStr); ok && (d <= 0 || g.n(3) == 0) {
		return v
	}
	if d > 0 {
		switch g.n(5) {
		case 0:
			return fmt.Sprintf("(%s .. (0 + %s))", g.str(d-1), g.num(d-1))
		case 1:
			return fmt.Sprintf("(%s .. %s .. %s)", g.str(d-1), g.str(d-1), g.str(d-1))
		case 2:
			return fmt.Sprintf("(%s):sub(1, %s)", g.str(d-1), g.num(d-1))
		case 3:
			return fmt.Sprintf("(%s and %s or %s)", g.cond(d-1), g.str(d-1), g.str(d-1))
		}
	}
	return fmt.Sprintf("%q", "abcdef"[:g.n(6)])
}

func (g *luaGen) cond(d int) string {
	if d <= 0 || g.n(5) == 0 {
		if v, ok := g.pick(luaBool); ok {
			return v
		}
		return []string{"true", "false", "nil", "1", `"x"`}[g.n(5)]
	}
	switch g.n(9) {
	case 0:
		return "not " + g.cond(d-1)
	case 1, 2:
		return fmt.Sprintf("(%s and %s)", g.cond(d-1), g.cond(d-1))
	case 3, 4:
		return fmt.Sprintf("(%s or %s)", g.cond(d-1), g.cond(d-1))
	case 5:
		return fmt.Sprintf("%s == %s", g.str(d-1), g.str(d-1))
	default:
		return fmt.Sprintf("%s %s %s", g.num(d-1), []string{"<", "<=", ">", ">=", "==", "~="}[g.n(6)], g.num(d-1))
	}
}

func (g *luaGen) tab(d int) string {
	if v, ok := g.pick(luaTab); ok && (d <= 0 || g.n(2) == 0) {
		return v
	}
	if d <= 0 {
		return "{}"
	}
	var all []string
	for range g.n(4) {
		switch g.n(4) {
		case 0:
			all = append(all, fmt.Sprintf("k%d = %s", g.n(3), g.num(d-1)))
		case 1:
			all = append(all, g.call(d-1, false))
		default:
			all = append(all, g.num(d-1))
		}
	}
	return "{" + strings.Join(all, ", ") + "}"
}

func (g *luaGen) fun(d int) string {
	g.funcs++
	vars, loops, depth := len(g.vars), g.loops, g.depth
	g.loops = 0
	var b strings.Builder
	b, g.out = g.out, b
	params := []string{g.name(luaNum), g.name(luaNum)}
	for _, p := range params {
		g.vars = append(g.vars, luaVar{p, luaNum})
	}
	varargs := g.n(3) == 0
	g.depth++
	for range 1 + g.n(3) {
		g.stmt()
	}
	switch g.n(5) {
	case 0:
		g.line("return %s", g.call(1, false))
	case 1:
		g.line("return %s, %s", g.num(2), g.call(1, false))
	default:
		if varargs {
			g.line("return %s, ...", g.num(2))
		} else {
			g.line("return %s", g.num(2))
		}
	}
	g.depth = depth
	body := g.out.String()
	g.out = b
	g.vars, g.loops = g.vars[:vars], loops
	g.funcs--
	if varargs {
		params = append(params, "...")
	}
	return fmt.Sprintf("(%s)\n%s%send", strings.Join(params, ", "), body, strings.Repeat("  ", g.depth))
}

func (g *luaGen) expr(k luaType, d int) string {
	switch k {
	case luaNum:
		return g.num(d)
	case luaStr:
		return g.str(d)
	case luaBool:
		return "not not (" + g.cond(d) + ")"
	case luaTab:
		return g.tab(d)
	default:
		if f, ok := g.pick(luaFun); ok && (g.funcs > 1 || g.n(2) == 0) {
			return f
		}
		if g.funcs > 1 {
			return "V"
		}
		return "function" + g.fun(d)
	}
}

// block writes some statements in a scope of their own.
func (g *luaGen) block(loop bool) {
	vars := len(g.vars)
	g.depth++
	if loop {
		g.loops++
	}
	if loop {
		g.costs++
	}
	for range g.n(4) {
		g.stmt()
	}
	if g.loops > 0 && g.n(3) == 0 {
		switch g.n(5) {
		case 0:
			g.line("do break end")
		case 1:
			g.line("if %s then break else break end", g.cond(1))
		default:
			g.line("break")
		}
	} else if g.funcs > 0 && g.n(8) == 0 {
		g.line("return %s", g.num(1))
	}
	if loop {
		g.loops--
		g.costs--
	}
	g.depth--
	g.vars = g.vars[:vars]
}

func (g *luaGen) stmt() {
	g.left--
	deep := g.depth > 5 || g.costs > 3
	switch k := g.n(24); {
	case k > 22 && g.funcs > 0:
		g.line("if coroutine.running() then T(coroutine.yield(%s)) end", g.num(1))
	case k > 21:
		v := g.name(luaBool) // nil at first
		g.line("local %s", v)
		g.line("T(%s)", v)
		g.line("%s = %s", v, g.expr(luaBool, 2))
		g.vars = append(g.vars, luaVar{v, luaBool})
	case k < 4:
		kind := luaType(g.n(5))
		e := g.expr(kind, 3)
		v := g.name(kind)
		if kind == luaFun && strings.HasPrefix(e, "function") && g.n(2) == 0 {
			g.line("local function %s%s", v, e[len("function"):])
		} else {
			g.line("local %s = %s", v, e)
		}
		g.vars = append(g.vars, luaVar{v, kind})
	case k < 6:
		a, b, c := g.name(luaNum), g.name(luaNum), g.name(luaNum)
		if g.n(2) == 0 {
			g.line("local %s, %s = %s", a, b, g.call(2, false))
			g.line("%s = %s or 1", b, b)
		} else {
			g.line("local %s, %s, %s = %s, %s, %s", a, b, c, g.num(2), g.num(2), g.num(2))
		}
		g.vars = append(g.vars, luaVar{a, luaNum}, luaVar{b, luaNum})
	case k < 9:
		kind := luaType(g.n(4))
		if v, ok := g.pick(kind); ok {
			g.line("%s = %s", v, g.expr(kind, 3))
		}
	case k < 10:
		a, ok := g.pick(luaNum)
		b, _ := g.pick(luaNum)
		c, _ := g.pick(luaNum)
		t, table := g.pick(luaTab)
		switch {
		case !ok || a == b:
		case a != c && b != c && g.n(2) == 0:
			g.line("%s, %s, %s = %s, %s, %s", a, b, c, g.num(2), g.num(2), g.num(2))
		case table && g.n(2) == 0:
			g.line(`%s, %s["k" .. %s] = %s, %s`, a, t, a, g.num(2), g.num(1))
		default:
			g.line("%s, %s = %s, %s", a, b, g.num(2), g.num(2))
		}
	case k < 11:
		if v, ok := g.pick(luaTab); ok {
			switch g.n(3) {
			case 0:
				g.line("%s[#%s + 1] = %s", v, v, g.num(2))
			case 1:
				g.line("%s[1], %s[2] = %s, %s", v, v, g.num(2), g.call(2, false))
			default:
				g.line("%s.k%d = %s", v, g.n(3), g.num(2))
			}
		}
	case k < 12:
		g.line("T(%s, %s)", g.num(2), g.call(2, false))
	case k < 14:
		g.line("if %s then", g.cond(3))
		g.block(false)
		for range g.n(2) {
			g.line("elseif %s then", g.cond(2))
			g.block(false)
		}
		if g.n(2) == 0 {
			g.line("else")
			g.block(false)
		}
		g.line("end")
	case deep:
		g.line("T(%s)", g.num(3))
	case k < 15:
		v := g.name(luaNum)
		from, to, step := g.n(4), g.n(4), []string{"", ", -1", ", 2"}[g.n(3)]
		g.line("for %s = %d, %d%s do", v, from, to, step)
		g.vars = append(g.vars, luaVar{v, luaNum})
		g.block(true)
		g.vars = g.vars[:len(g.vars)-1]
		g.line("end")
	case k < 17:
		i, v := g.name(luaNum), g.name(luaNum)
		if i == v {
			v += "v"
		}
		switch g.n(4) {
		case 0:
			g.line("for %s, %s in (L(%s) + L(%s, %s)):each() do", i, v, g.num(2), g.call(2, false), g.num(1))
		case 1:
			g.line("for %s, %s in (V(next)), %s do", i, v, "{"+g.num(2)+"}")
		default:
			g.line("for %s, %s in ipairs(%s) do", i, v, g.tab(2))
		}
		g.vars = append(g.vars, luaVar{i, luaNum}, luaVar{v, luaNum})
		g.block(true)
		g.vars = g.vars[:len(g.vars)-2]
		g.line("end")
	case k < 18:
		g.fresh++
		w := fmt.Sprintf("w%d", g.fresh)
		g.line("local %s = 0", w)
		if g.n(4) == 0 {
			g.line("while true do")
			g.line("  if %s > 2 then break end %s = %s + 1", w, w, w)
		} else {
			g.line("while %s < 3 and %s do", w, g.cond(2))
			g.line("  %s = %s + 1", w, w)
		}
		g.block(true)
		g.line("end")
	case k < 19:
		g.fresh++
		w := fmt.Sprintf("w%d", g.fresh)
		g.line("local %s = 0", w)
		g.line("repeat")
		g.line("  %s = %s + 1", w, w)
		g.line("  local r%s = %s + %s", w, g.num(1), w)
		vars := len(g.vars)
		g.vars = append(g.vars, luaVar{"r" + w, luaNum})
		g.loops++
		g.costs++
		g.depth++
		for range g.n(3) {
			g.stmt()
		}
		g.depth--
		g.loops--
		g.costs--
		g.line("until %s > 2 or %s", w, g.cond(2))
		g.vars = g.vars[:vars]
	case k < 20:
		g.line("do")
		g.block(false)
		g.line("end")
	case g.funcs < 2:
		f := g.fun(2)
		switch v := g.name(luaFun); g.n(4) {
		case 0:
			g.line("T(coroutine.wrap(function%s)(%s, %s))", f, g.num(1), g.num(1))
		case 1:
			g.line("local %s", v)
			g.line("%s = function%s", v, f)
			g.vars = append(g.vars, luaVar{v, luaFun})
		case 2:
			g.line("function O.%s%s", v, f)
			g.line("T(O.%s(%s, %s))", v, g.num(1), g.num(1))
		default:
			g.line("T(pcall(function%s, %s, %s))", f, g.num(1), g.num(1))
		}
	}
}
