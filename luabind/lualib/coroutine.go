package lualib

import (
	"runtime"
	"slices"
	"weak"

	lua "github.com/yuin/gopher-lua"
)

// threads counts a state's coroutines. The virtual machine gives each a stack of
// its own, nests a Go call for each one that is resumed, and knows no limit.
type threads struct {
	alive  []weak.Pointer[lua.LState]
	active []*lua.LState // resumed and not back yet, outermost first
	since  int           // created since the last forced collection
	resume lua.LGFunction
	create lua.LGFunction
	wrap   lua.LGFunction
}

// openCoroutine puts bounds around the stock create, resume and wrap.
func (st *State) openCoroutine(L *lua.LState) {
	co := library(L, lua.CoroutineLibName)
	st.threads.create = stock(co, "create")
	st.threads.resume = stock(co, "resume")
	st.threads.wrap = stock(co, "wrap")
	setFuncs(L, co, map[string]lua.LGFunction{
		"create":  st.coCreate,
		"resume":  st.coResume,
		"wrap":    st.coWrap,
		"status":  st.coStatus,
		"running": st.coRunning,
		"yield":   st.coYield,
	})
}

// stock returns the Go function behind tb[name].
func stock(tb *lua.LTable, name string) lua.LGFunction {
	return tb.RawGetString(name).(*lua.LFunction).GFunction
}

func (st *State) coCreate(L *lua.LState) int {
	L.CheckFunction(1)
	st.admit(L)
	n := newThread(L, st.threads.create)
	st.record(L.Get(-1).(*lua.LState))
	return n
}

// coWrap makes the thread with the stock function, which alone can mark it as
// wrapped, and puts its own call around the stock one.
func (st *State) coWrap(L *lua.LState) int {
	L.CheckFunction(1)
	st.admit(L)
	newThread(L, st.threads.wrap)
	inner := L.Get(-1).(*lua.LFunction)
	th := inner.Upvalues[0].Value().(*lua.LState)
	st.record(th)
	return ret(L, L.NewClosure(func(L *lua.LState) int {
		if why := st.notResumable(th); why != "" {
			L.RaiseError("%s", why)
		}
		return st.enter(L, th, inner.GFunction)
	}, th))
}

func (st *State) coResume(L *lua.LState) int {
	th := L.CheckThread(1)
	if why := st.notResumable(th); why != "" {
		L.Push(lua.LFalse)
		L.Push(lua.LString(why))
		return 2
	}
	return st.enter(L, th, st.threads.resume)
}

// notResumable says why th cannot go on, if so. The stock code does not notice a
// coroutine that waits for another: it would run it a second time, on the same stack.
func (st *State) notResumable(th *lua.LState) string {
	switch st.status(th) {
	case "dead":
		return "can not resume a dead thread"
	case "running":
		return "can not resume a running thread"
	case "normal":
		return "can not resume a thread that waits for another"
	}
	return ""
}

// status is that of a coroutine. The one that runs may be in a protected call,
// which is another thread.
func (st *State) status(th *lua.LState) string {
	active := st.threads.active
	switch i := slices.Index(active, th); {
	case th.Dead:
		return "dead"
	case i < 0:
		return "suspended"
	case i == len(active)-1:
		return "running"
	}
	return "normal"
}

func (st *State) coStatus(L *lua.LState) int {
	return retText(L, st.status(L.CheckThread(1)))
}

func (st *State) coRunning(L *lua.LState) int {
	if n := len(st.threads.active); n > 0 {
		return ret(L, st.threads.active[n-1])
	}
	return ret(L, lua.LNil)
}

func (st *State) coYield(L *lua.LState) int {
	if s := st.shelterOf(L); s != nil {
		if len(st.threads.active) > 0 {
			L.RaiseError("attempt to yield across a pcall")
		}
		L.RaiseError("attempt to yield from outside a coroutine")
	}
	return -1
}

// newThread calls fn, which makes a thread, with no context on L: NewThread would
// derive one that takes no notice of a Budget, and that stays registered with any
// other parent. The thread begins with a small stack if stacks can grow.
func newThread(L *lua.LState, fn lua.LGFunction) int {
	const registry = 512
	old := L.Options
	if L.Options.RegistryMaxSize > registry {
		L.Options.RegistrySize = min(registry, L.Options.RegistrySize)
	}
	ctx := L.Context()
	if ctx != nil {
		L.RemoveContext()
	}
	defer func() {
		L.Options = old
		if ctx != nil {
			L.SetContext(ctx)
		}
	}()
	return fn(L)
}

// enter resumes th by calling resume, with the context of the caller.
func (st *State) enter(L, th *lua.LState, resume lua.LGFunction) int {
	depth := len(st.threads.active)
	if depth >= st.cfg.MaxDepth {
		L.RaiseError("coroutines resume one another more than %d deep", st.cfg.MaxDepth)
	}
	if ctx := L.Context(); ctx != nil {
		th.SetContext(ctx)
	}
	st.threads.active = append(st.threads.active, th)
	current := L.G.CurrentThread
	defer func() {
		st.threads.active = st.threads.active[:depth]
		L.G.CurrentThread = current
		st.protection.verbatim = false
		if r := recover(); r != nil {
			th.Dead = true // a wrapped coroutine failed, which the stock code takes for alive
			st.raiseAgain(L, r)
		}
	}()
	n := resume(L)
	if isCut(L) && th.Dead && n == 2 && L.Get(-2) == lua.LFalse {
		st.throw(L, L.Get(-1))
	}
	return n
}

// raiseAgain raises in L what a coroutine has left.
func (st *State) raiseAgain(L *lua.LState, r any) {
	if e, ok := r.(*lua.ApiError); ok {
		st.throw(L, e.Object)
	}
	panic(r)
}

func (st *State) record(th *lua.LState) {
	st.threads.alive = append(st.threads.alive, weak.Make(th))
	st.threads.since++
}

// admit raises if there are too many coroutines.
func (st *State) admit(L *lua.LState) {
	limit := st.cfg.MaxCoroutines
	if len(st.threads.alive) < limit {
		return
	}
	st.threads.sweep()
	if len(st.threads.alive) >= limit && st.threads.since >= limit/4 {
		// Those left behind unfinished are garbage that nobody has collected yet.
		runtime.GC()
		st.threads.since = 0
		st.threads.sweep()
	}
	if len(st.threads.alive) >= limit {
		L.RaiseError("more than %d coroutines are alive", limit)
	}
}

// sweep forgets the coroutines that have ended or that nothing refers to.
func (t *threads) sweep() {
	t.alive = slices.DeleteFunc(t.alive, func(p weak.Pointer[lua.LState]) bool {
		th := p.Value()
		return th == nil || th.Dead
	})
}
