package luabind

import (
	lua "github.com/yuin/gopher-lua"
)

// scriptEnv makes the globals of a script file.
func (s *State) scriptEnv(name string) *lua.LTable {
	env := s.moduleEnv(s.L, name)
	arg := s.L.NewTable()
	arg.RawSetInt(0, lua.LString(name))
	for i, a := range s.cfg.Args {
		arg.RawSetInt(i+1, lua.LString(a))
	}
	env.RawSetString("arg", arg)
	return env
}

// moduleEnv makes the globals of a file. Handlers cannot add to them: what a
// rule keeps has to be declared where the file starts.
func (s *State) moduleEnv(L *lua.LState, _ string) *lua.LTable {
	env := s.lib.Env(L)
	mt := L.NewTable()
	if !s.cfg.Program {
		mt.RawSetString("__metatable", lua.LFalse)
	}
	mt.RawSetString("__newindex", L.NewFunction(s.newGlobal()))
	mt.RawSetString("__index", s.hidden)
	env.Metatable = mt
	return env
}

// newGlobal is called for a global that is nil. One that the file has set, be it
// to nil, stays its own.
func (s *State) newGlobal() lua.LGFunction {
	own := map[lua.LValue]bool{}
	return func(L *lua.LState) int {
		name := L.Get(2)
		switch {
		case !s.inside:
			own[name] = true
		case !own[name]:
			L.RaiseError("a handler cannot make the new global %q: write local, or set it once at the top of the script", name.String())
		}
		L.RawSet(L.CheckTable(1), name, L.Get(3)) // raises for what is no key
		return 0
	}
}
