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
