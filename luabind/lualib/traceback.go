package lualib

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A traceback has so many lines at its start and at its end, if it has more than maxTrace.
const (
	maxTrace  = 20
	traceEnds = 7
)

// traceback is what the stock one gives, in bounded time.
func (st *State) traceback(L *lua.LState, level int) string {
	stacks, total := st.stacks(L)
	lines := []string{"stack traceback:"}
	for i := level; i < total; i++ {
		if total-level+1 > maxTrace && i == level+traceEnds {
			lines = append(lines, "\t...")
			i = total - traceEnds + 1
		}
		n := i
		for _, s := range stacks {
			if n < s.shown {
				lines = append(lines, "\t"+s.line(n))
				break
			}
			n -= s.shown
		}
	}
	return strings.Join(append(lines, "\t[G]: ?"), "\n")
}

// A stackPart is the calls of one thread.
type stackPart struct {
	L      *lua.LState
	levels int  // tail calls count, too
	shown  int  // those above the entry of a protected call
	host   bool // called by the host
}

// stacks returns the stack of L and those of the callers of protected calls, and
// how many levels there are to show.
func (st *State) stacks(L *lua.LState) (all []stackPart, total int) {
	for L != nil {
		p := stackPart{L: L, levels: levels(L)}
		p.shown = p.levels
		s := st.shelterOf(L)
		if s != nil {
			p.shown--
			p.host = s.caller == nil
		}
		all = append(all, p)
		total += p.shown
		if s == nil {
			break
		}
		L = s.caller
	}
	return all, total
}

// levels counts what GetStack knows, by halving: it is a walk each time.
func levels(L *lua.LState) int {
	known := func(level int) bool {
		_, ok := L.GetStack(level)
		return ok
	}
	low, high := 0, 1
	for known(high - 1) {
		low, high = high, 2*high
	}
	for low+1 < high {
		if mid := (low + high) / 2; known(mid - 1) {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// line describes one level.
func (p *stackPart) line(level int) string {
	dbg, _ := p.L.GetStack(level)
	p.L.GetInfo("Sn", dbg, lua.LNil)
	if dbg.What == "main" && level < p.levels-1 {
		return "(tailcall): ?" // the virtual machine gives the bottom for what it has forgotten
	}
	name := dbg.Name
	switch {
	case p.host && level == p.shown-1:
		name = "main chunk"
	case dbg.What == "main":
		name = "coroutine"
	case !strings.HasPrefix(name, "(") && !strings.HasPrefix(name, "<"):
		name = fmt.Sprintf("function '%s'", name)
	default:
		name = "function " + name
	}
	return fmt.Sprintf("%s in %s", p.L.Where(level), name)
}

// where is the position of a level, as it begins a message; empty for what has none.
func (st *State) where(L *lua.LState, level int) string {
	for {
		if _, ok := L.GetStack(level); ok {
			break
		}
		s := st.shelterOf(L)
		if s == nil || s.caller == nil {
			return ""
		}
		level -= levels(L) - 1 // the entry stands for pcall itself
		L = s.caller
	}
	if at := L.Where(level); !strings.HasPrefix(at, "[G]:") {
		return at
	}
	return ""
}

// Place is where the nearest function in Lua is that made the call: "file:line".
func (st *State) Place(L *lua.LState) string {
	for level := 1; level < 20; level++ {
		if at := st.where(L, level); at != "" {
			return strings.TrimRight(at, ": ")
		}
	}
	return "[G]"
}

// debugTraceback is debug.traceback([thread,] [message [, level]]).
func (st *State) debugTraceback(L *lua.LState) int {
	of, arg, level := L, 1, 1
	if th, ok := L.Get(1).(*lua.LState); ok {
		of, arg, level = th, 2, 0
	}
	msg := L.Get(arg)
	if msg != lua.LNil && !lua.LVCanConvToString(msg) {
		return ret(L, msg)
	}
	text := st.traceback(of, max(0, optInt(L, arg+1, level)))
	if msg != lua.LNil {
		text = msg.String() + "\n" + text
	}
	return retText(L, text)
}
