package lualib

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Preload makes require(name) return v.
func (st *State) Preload(L *lua.LState, name string, v lua.LValue) {
	loaded(L).RawSetString(name, v)
}

// loaded is the table of modules, package.loaded in a full state.
func loaded(L *lua.LState) *lua.LTable {
	return L.FindTable(L.G.Registry, "_LOADED", 1).(*lua.LTable)
}

// require is the global require; stock is the function it replaces.
func (st *State) require(stock lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		name := L.CheckString(1)
		if lib := st.ownLibrary(L, name); lib != lua.LNil {
			return ret(L, lib)
		}
		if v := loaded(L).RawGetString(name); v != lua.LNil {
			return ret(L, v)
		}
		src, chunk, err := st.find(name)
		if errors.Is(err, fs.ErrNotExist) && st.cfg.Libs&Full != 0 {
			return stock(L)
		}
		if err != nil {
			L.RaiseError("module %q: %v", name, err)
		}
		v := st.load(L, name, src, chunk)
		loaded(L).RawSetString(name, v)
		return ret(L, v)
	}
}

// ownLibrary returns the library of that name as the calling script has it: its
// environment may hold a copy.
func (st *State) ownLibrary(L *lua.LState, name string) lua.LValue {
	if st.cfg.Libs&Full != 0 || !slices.Contains(libraryNames(), name) {
		return lua.LNil
	}
	return callerEnv(L).RawGetString(name)
}

// callerEnv returns the globals of the Lua function that called the running Go function.
func callerEnv(L *lua.LState) *lua.LTable {
	if dbg, ok := L.GetStack(1); ok {
		if fn, _ := L.GetInfo("f", dbg, lua.LNil); fn != nil && fn.Type() == lua.LTFunction {
			return fn.(*lua.LFunction).Env
		}
	}
	return L.G.Global
}

func (st *State) find(name string) ([]byte, string, error) {
	if st.cfg.Require == nil {
		return nil, "", fs.ErrNotExist
	}
	return st.cfg.Require(name)
}

// load compiles and runs a module and returns its value.
func (st *State) load(L *lua.LState, name string, src []byte, chunk string) lua.LValue {
	if slices.Contains(st.loading, name) {
		L.RaiseError("modules require one another: %s", strings.Join(append(st.loading, name), " -> "))
	}
	proto, err := st.cfg.Compile(src, chunk)
	if err != nil {
		st.throw(L, lua.LString(err.Error())) // it names file and line already
	}
	depth := len(st.loading)
	st.loading = append(st.loading, name)
	defer func() { st.loading = st.loading[:depth] }()
	fn := L.NewFunctionFromProto(proto)
	if st.cfg.Env != nil {
		fn.Env = st.cfg.Env(L, chunk)
	}
	L.Push(fn)
	L.Push(lua.LString(name))
	L.Call(1, 1)
	return moduleValue(L, name)
}

// moduleValue pops the result of a module: what it returned, or set in
// package.loaded, or true.
func moduleValue(L *lua.LState, name string) lua.LValue {
	v := L.Get(-1)
	L.Pop(1)
	if v != lua.LNil {
		return v
	}
	if v = loaded(L).RawGetString(name); v != lua.LNil {
		return v
	}
	return lua.LTrue
}
