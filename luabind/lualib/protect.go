package lualib

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// When an error is raised, the virtual machine (1.1.2) parts the closures of all
// functions on the stack from the variables they share, also of those that go on
// after a pcall. So a protected call gets a stack, a thread, of its own: there,
// all that is on it ends with the error.
//
// The bottom of such a stack is a Go function, enter. It makes Lua errors of Go's
// panics, which leave closures as they are, and has the last word on tracebacks:
// the stock ones list each of a million tail calls.

// maxProtected bounds how deep protected calls nest, as each costs a Go stack
// frame and a thread. Real Lua allows as many.
const maxProtected = 200

// maxIdle bounds the threads that wait to be used again.
const maxIdle = 16

// A shelter is a thread for protected calls.
type shelter struct {
	st       *State
	L        *lua.LState
	caller   *lua.LState    // what called; nil: the host
	entry    *lua.LFunction // s.enter
	unwind   func(*lua.LState)
	handler  lua.LValue // of xpcall; nil: none
	handling bool
}

// protection is what a State keeps for protected calls.
type protection struct {
	host   *shelter   // for calls of the host, on the main thread
	active []*shelter // outermost first
	idle   []*shelter
	cut    string // traceback of where the budget ended

	verbatim bool // the error being raised is as it is to be
}

// PCall is L.PCall without a handler. Functions that are on the stack of L keep
// their variables, and the traceback is short however many tail calls there were.
func (st *State) PCall(L *lua.LState, nargs, nret int) error {
	if _, running := L.GetStack(0); running {
		s := st.shelter(L)
		if err := s.call(L, nargs, nret, nil); err != nil {
			return err
		}
		s.yield(L, nret)
		return nil
	}
	return st.HostCall(L, nargs, nret)
}

// HostCall is PCall by the host, when no function is on the stack of L.
func (st *State) HostCall(L *lua.LState, nargs, nret int) error {
	s := st.protection.host
	if s == nil || s.L != L {
		s = st.newShelter(L)
		st.protection.host = s
	}
	st.protection.cut = ""
	L.Insert(s.entry, -nargs-1)
	return L.PCall(nargs+1, nret, nil)
}

func (st *State) newShelter(L *lua.LState) *shelter {
	s := &shelter{st: st, L: L}
	s.entry, s.unwind = L.NewFunction(s.enter), s.panicked
	return s
}

// shelter returns one for a call from L.
func (st *State) shelter(L *lua.LState) *shelter {
	p := &st.protection
	if len(p.active) >= maxProtected {
		L.RaiseError("stack overflow: more than %d protected calls inside one another", maxProtected)
	}
	if n := len(p.idle); n > 0 {
		s := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return s
	}
	var th *lua.LState
	newThread(L, func(L *lua.LState) int {
		th, _ = L.NewThread()
		return 0
	})
	return st.newShelter(th)
}

// call takes the function and its arguments from the top of L and runs them.
// The results stay on the shelter, for yield to fetch.
func (s *shelter) call(L *lua.LState, nargs, nret int, handler lua.LValue) error {
	p := &s.st.protection
	s.caller, s.handler, s.handling = L, handler, false
	if ctx := L.Context(); ctx != nil {
		s.L.SetContext(ctx)
	} else {
		s.L.RemoveContext()
	}
	s.L.Push(s.entry)
	L.XMoveTo(s.L, nargs+1)
	depth := len(p.active)
	p.active = append(p.active, s)
	err := s.L.PCall(nargs+1, nret, nil)
	p.active = p.active[:depth]
	if err != nil {
		s.release()
	}
	return err
}

// yield moves n results, or all of them, to L.
func (s *shelter) yield(L *lua.LState, n int) int {
	if n == lua.MultRet {
		n = s.L.GetTop()
	}
	s.L.XMoveTo(L, n)
	s.release()
	return n
}

func (s *shelter) release() {
	s.L.SetTop(0)
	s.caller, s.handler = nil, nil
	if p := &s.st.protection; len(p.idle) < maxIdle {
		p.idle = append(p.idle, s)
	}
}

// enter calls its first argument with the others.
func (s *shelter) enter(L *lua.LState) int {
	L.Panic = s.unwind
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *lua.ApiError:
			panic(r)
		default:
			s.st.throw(L, lua.LString(fmt.Sprint(r)))
		}
	}()
	if fn := L.Get(1); !callable(L, fn) {
		s.st.throw(L, lua.LString("attempt to call a "+fn.Type().String()+" value"))
	}
	L.Call(L.GetTop()-1, lua.MultRet)
	return L.GetTop()
}

func callable(L *lua.LState, v lua.LValue) bool {
	return v.Type() == lua.LTFunction || L.GetMetaField(v, "__call").Type() == lua.LTFunction
}

// noTrace keeps the virtual machine from making a traceback of its own.
const noTrace = "-"

// panicked is called where an error is raised, with the value on top of L and
// the stack as it is. It unwinds.
func (s *shelter) panicked(L *lua.LState) {
	v := s.placed(L, L.Get(-1))
	if L != s.L { // a coroutine failed: State.enter raises that where it was resumed
		panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: v, StackTrace: noTrace})
	}
	p, trace := &s.st.protection, noTrace
	switch {
	case isCut(L):
		if p.cut == "" {
			p.cut = s.st.traceback(L, 0)
		}
		trace, v = p.cut, s.whyCut(L, v)
	case s.caller == nil:
		trace = s.st.traceback(L, 0)
	case s.handler != nil:
		v = s.handle(v)
	}
	panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: v, StackTrace: trace})
}

// whyCut is the error of a script that has to end: v says so, or is one that came
// up meanwhile.
func (s *shelter) whyCut(L *lua.LState, v lua.LValue) lua.LValue {
	why := L.Context().Err().Error()
	if text, ok := v.(lua.LString); ok && strings.HasSuffix(string(text), why) {
		return v
	}
	return s.placed(L, lua.LString(" "+why))
}

// throw raises v as it is.
func (st *State) throw(L *lua.LState, v lua.LValue) {
	st.protection.verbatim = true
	L.Error(v, 0)
}

// placed gives an error its position if a Go function raised it that no script
// called itself, but pcall or another Go function: the virtual machine looks one
// level up only.
func (s *shelter) placed(L *lua.LState, v lua.LValue) lua.LValue {
	text, ok := v.(lua.LString)
	verbatim := s.st.protection.verbatim
	s.st.protection.verbatim = false
	if !ok || verbatim || !strings.HasPrefix(string(text), " ") {
		return v
	}
	for L != nil {
		for level := range min(levels(L), maxTrace) {
			if at := s.st.where(L, level); at != "" {
				return lua.LString(at) + text
			}
		}
		up := s.st.shelterOf(L)
		if up == nil {
			break
		}
		L = up.caller
	}
	return text[1:]
}

// handle calls the handler of an xpcall.
func (s *shelter) handle(v lua.LValue) lua.LValue {
	if s.handling {
		return lua.LString("error in error handling")
	}
	s.handling = true
	s.L.Push(s.handler)
	s.L.Push(v)
	s.L.Call(1, 1)
	return s.L.Get(-1)
}

// isCut reports whether the script has to end. No pcall may keep it alive.
func isCut(L *lua.LState) bool {
	ctx := L.Context()
	return ctx != nil && ctx.Err() != nil
}

// shelterOf returns the protected call that runs on L, nil if there is none.
func (st *State) shelterOf(L *lua.LState) *shelter {
	for _, s := range slices.Backward(st.protection.active) {
		if s.L == L {
			return s
		}
	}
	if s := st.protection.host; s != nil && s.L == L {
		return s
	}
	return nil
}

// pcall is pcall(f, ...).
func (st *State) pcall(L *lua.LState) int {
	L.CheckAny(1)
	return st.protected(L, L.GetTop()-1, nil)
}

// xpcall is xpcall(f, handler, ...). As in later versions of Lua, f gets what follows.
func (st *State) xpcall(L *lua.LState) int {
	L.CheckAny(2)
	handler := L.Get(2)
	L.Remove(2)
	return st.protected(L, L.GetTop()-1, handler)
}

func (st *State) protected(L *lua.LState, nargs int, handler lua.LValue) int {
	s := st.shelter(L)
	err := s.call(L, nargs, lua.MultRet, handler)
	if err == nil {
		L.Push(lua.LTrue)
		return s.yield(L, lua.MultRet) + 1
	}
	v := err.(*lua.ApiError).Object
	if isCut(L) {
		st.throw(L, v)
	}
	L.Push(lua.LFalse)
	L.Push(v)
	return 2
}
