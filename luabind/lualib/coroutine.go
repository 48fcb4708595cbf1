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
		"create": st.coCreate,
		"resume": st.coResume,
		"wrap":   st.coWrap,
	})
}

// stock returns the Go function behind tb[name].
func stock(tb *lua.LTable, name string) lua.LGFunction {
	return tb.RawGetString(name).(*lua.LFunction).GFunction
}

func (st *State) coCreate(L *lua.LState) int {
	L.CheckFunction(1)
	st.admit(L)
	n := withoutContext(L, st.threads.create)
	st.record(L.Get(-1).(*lua.LState))
	return n
}

// coWrap makes the thread with the stock function, which alone can mark it as
// wrapped, and puts its own call around the stock one.
func (st *State) coWrap(L *lua.LState) int {
	L.CheckFunction(1)
	st.admit(L)
	withoutContext(L, st.threads.wrap)
	inner := L.Get(-1).(*lua.LFunction)
	th := inner.Upvalues[0].Value().(*lua.LState)
	st.record(th)
	return ret(L, L.NewClosure(func(L *lua.LState) int {
		if st.normal(L, th) {
			L.RaiseError(errNormal)
		}
		return st.enter(L, th, inner.GFunction)
	}, th))
}

func (st *State) coResume(L *lua.LState) int {
	th := L.CheckThread(1)
	if st.normal(L, th) {
		L.Push(lua.LFalse)
		L.Push(lua.LString(errNormal))
		return 2
	}
	return st.enter(L, th, st.threads.resume)
}

// errNormal is what the stock code fails to notice: it would run the coroutine a
// second time, on the same stack.
const errNormal = "can not resume a thread that waits for another"

// normal reports whether th has resumed, directly or not, the running coroutine.
func (st *State) normal(L, th *lua.LState) bool {
	return th != L && slices.Contains(st.threads.active, th)
}

// withoutContext calls fn with no context on L: NewThread would derive one that
// takes no notice of a Budget, and that stays registered with any other parent.
func withoutContext(L *lua.LState, fn lua.LGFunction) int {
	ctx := L.Context()
	if ctx == nil {
		return fn(L)
	}
	L.RemoveContext()
	defer L.SetContext(ctx)
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
	failed := true
	defer func() {
		st.threads.active = st.threads.active[:depth]
		if failed && th != L { // an error left a wrapped coroutine, which the stock code takes for alive
			th.Dead = true
			L.G.CurrentThread = L
		}
	}()
	n := resume(L)
	failed = false
	return n
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
