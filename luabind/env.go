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
	mt.RawSetString("__newindex", L.NewFunction(s.newGlobal))
	mt.RawSetString("__index", s.hidden)
	env.Metatable = mt
	return env
}

func (s *State) newGlobal(L *lua.LState) int {
	if s.inside {
		L.RaiseError("a handler cannot make the new global %q: write local, or set it once at the top of the script", L.Get(2).String())
	}
	L.CheckTable(1).RawSet(L.Get(2), L.Get(3))
	return 0
}
