package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// Limits of the pattern matcher. The nesting limit is that of Lua 5.3, the
// number of captures that of Lua 5.1.
const (
	maxCaptures = 32
	maxNesting  = 200
	tankSize    = 4096 // steps between two looks at the budget
)

// A matcher matches one pattern against one text, as section 5.4.1 of the Lua
// 5.1 manual says, and %f as in 5.2. It backtracks, so its work can grow
// exponentially with the pattern: every step is counted, and the script's
// budget is asked as it goes.
type matcher struct {
	L        *lua.LState
	src, pat string
	level    int // captures begun
	captures [maxCaptures]capture
	depth    int
	tank     int // steps until the next look at the budget
	reserve  int // steps allowed after those in the tank
}

// start prepares m; steps bounds the work of all matches together.
func (m *matcher) start(L *lua.LState, src, pat string, steps int) {
	m.L, m.src, m.pat, m.tank, m.reserve = L, src, pat, 0, steps
}

// at matches the pattern from position p on at position s of the text and
// returns the end of the match, or -1.
func (m *matcher) at(s, p int) int {
	m.level, m.depth = 0, 0
	return m.match(s, p)
}

func (m *matcher) fail(msg string) { m.L.RaiseError("%s", msg) }

// step counts n steps.
func (m *matcher) step(n int) {
	if m.tank -= n; m.tank < 0 {
		m.refill()
	}
}

func (m *matcher) refill() {
	if m.reserve < 0 {
		m.fail("pattern too complex")
	}
	m.reserve -= tankSize - m.tank
	m.tank = tankSize
	if err := charge(m.L, tankSize/8); err != nil { // a step is shorter than an instruction
		m.fail(err.Error())
	}
}

// charge counts n instructions against the context of L and returns why the
// script must end, if it must.
func charge(L *lua.LState, n int64) error {
	switch ctx := L.Context().(type) {
	case nil:
		return nil
	case *Budget:
		ctx.Spend(n)
		return ctx.Err()
	default:
		return ctx.Err()
	}
}

// deeper is match for the rest of the pattern behind a choice.
func (m *matcher) deeper(s, p int) int {
	if m.depth++; m.depth > maxNesting {
		m.fail("pattern too complex")
	}
	end := m.match(s, p)
	m.depth--
	return end
}

func (m *matcher) match(s, p int) int {
	for p < len(m.pat) {
		m.step(1)
		switch m.pat[p] {
		case '(':
			return m.open(s, p)
		case ')':
			return m.close(s, p)
		case '$':
			if p+1 == len(m.pat) {
				return m.atEnd(s)
			}
		case '%':
			if next := m.escape(&s, p); next > 0 {
				if s < 0 {
					return -1
				}
				p = next
				continue
			}
		}
		end := m.itemEnd(p)
		if end < len(m.pat) {
			switch m.pat[end] {
			case '*':
				return m.most(s, p, end, 0)
			case '+':
				return m.most(s, p, end, 1)
			case '-':
				return m.fewest(s, p, end)
			case '?':
				if m.fits(s, p, end) {
					if e := m.deeper(s+1, end+1); e >= 0 {
						return e
					}
				}
				p = end + 1
				continue
			}
		}
		if !m.fits(s, p, end) {
			return -1
		}
		s, p = s+1, end
	}
	return s
}

func (m *matcher) atEnd(s int) int {
	if s == len(m.src) {
		return s
	}
	return -1
}

// escape handles the items that begin with % and are no single character: %b,
// %f and %1. It returns where the pattern goes on, or 0 if it is none of them,
// and moves s, to -1 if there is no match.
func (m *matcher) escape(s *int, p int) int {
	if p+1 == len(m.pat) {
		return 0 // itemEnd complains
	}
	switch c := m.pat[p+1]; {
	case c == 'b':
		*s = m.balance(*s, p+2)
		return p + 4
	case c == 'f':
		end := m.frontierEnd(p + 2)
		if !m.frontier(*s, p+2, end) {
			*s = -1
		}
		return end
	case '0' <= c && c <= '9':
		*s = m.again(*s, c)
		return p + 2
	}
	return 0
}

// most matches the item p to end as often as possible, at least least times.
func (m *matcher) most(s, p, end, least int) int {
	n := 0
	for m.fits(s+n, p, end) {
		n++
		m.step(1)
	}
	for ; n >= least; n-- {
		if e := m.deeper(s+n, end+1); e >= 0 {
			return e
		}
	}
	return -1
}

// fewest matches the item p to end as seldom as possible.
func (m *matcher) fewest(s, p, end int) int {
	for {
		if e := m.deeper(s, end+1); e >= 0 {
			return e
		}
		if !m.fits(s, p, end) {
			return -1
		}
		s++
		m.step(1)
	}
}

// balance matches %bxy, whose x is at p.
func (m *matcher) balance(s, p int) int {
	if p+1 >= len(m.pat) {
		m.fail("unbalanced pattern")
	}
	if s >= len(m.src) || m.src[s] != m.pat[p] {
		return -1
	}
	open, closing, depth := m.pat[p], m.pat[p+1], 1
	for i := s + 1; i < len(m.src); i++ {
		m.step(1)
		switch m.src[i] {
		case closing:
			if depth--; depth == 0 {
				return i + 1
			}
		case open:
			depth++
		}
	}
	return -1
}

func (m *matcher) frontierEnd(p int) int {
	if p >= len(m.pat) || m.pat[p] != '[' {
		m.fail("missing '[' after '%f' in pattern")
	}
	return m.itemEnd(p)
}

// frontier reports whether s is a border: what is before is not in the set p to
// end, what follows is. Both ends of the text count as the character zero.
func (m *matcher) frontier(s, p, end int) bool {
	var before, after byte
	if s > 0 {
		before = m.src[s-1]
	}
	if s < len(m.src) {
		after = m.src[s]
	}
	return !m.inSet(before, p, end-1) && m.inSet(after, p, end-1)
}
