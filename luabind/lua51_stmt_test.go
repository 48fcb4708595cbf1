package luabind_test

import (
	"fmt"
	"strings"
)

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
