package lualib

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// confine takes away what a rule must not have. Each missing thing stays as a
// name that raises a clear error.
func (st *State) confine(L *lua.LState) {
	for _, name := range removedFuncs() {
		L.SetGlobal(name, L.NewFunction(st.missingFunc(name)))
	}
	for _, name := range []string{"_printregs", "_GOPHER_LUA_VERSION"} {
		L.SetGlobal(name, lua.LNil)
	}
	st.confineLib(L, "io", IO, "; start pkl with --allow io")
	st.confineLib(L, "os", OS, "; start pkl with --allow os")
	L.SetGlobal("package", st.missingLib(L, "package", ""))
	L.SetGlobal("debug", st.onlyTraceback(L))
	st.Preload(L, "debug", L.GetGlobal("debug"))
	st.Preload(L, "_G", lua.LNil)
}

func removedFuncs() []string {
	return []string{"load", "dofile", "loadfile", "loadstring", "collectgarbage",
		"getfenv", "setfenv", "module", "newproxy"}
}

func (st *State) missingFunc(name string) lua.LGFunction {
	return func(L *lua.LState) int {
		st.Refuse(L, "%s is not available to rules", name)
		return 0
	}
}

func (st *State) confineLib(L *lua.LState, name string, lib Libs, hint string) {
	if st.cfg.Libs&lib == 0 {
		L.SetGlobal(name, st.missingLib(L, name, hint))
	}
}

// missingLib is a table that raises however it is used.
func (st *State) missingLib(L *lua.LState, name, hint string) *lua.LTable {
	refuse := L.NewFunction(func(L *lua.LState) int {
		st.Refuse(L, "%s is not available to rules%s", name, hint)
		return 0
	})
	mt := sealed(L)
	for _, event := range []string{"__index", "__newindex", "__call", "__pairs", "__ipairs"} {
		mt.RawSetString(event, refuse)
	}
	tb := L.NewTable()
	L.SetMetatable(tb, mt)
	return tb
}

// onlyTraceback replaces the debug library, which reaches into everything, by
// the one function that xpcall needs.
func (st *State) onlyTraceback(L *lua.LState) *lua.LTable {
	tb := st.missingLib(L, "debug", ", except debug.traceback")
	tb.RawSetString("traceback", L.NewFunction(st.debugTraceback))
	return tb
}

// Refuse raises that a script is not given something, and notes that it has.
func (st *State) Refuse(L *lua.LState, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(st.refusals, text) {
		st.refusals = append(st.refusals, text)
	}
	L.RaiseError("%s", text)
}

// Refused reports whether an error, perhaps caught and raised again, is one that
// Refuse has raised.
func (st *State) Refused(text string) bool {
	return slices.ContainsFunc(st.refusals, func(r string) bool { return strings.Contains(text, r) })
}

// libraryNames are the tables that Env makes anew.
func libraryNames() []string {
	return []string{"coroutine", "table", "string", "math", "bit", "_G"}
}

// Env returns new globals for one script file: those of the state as they are
// now, with the library tables copied, so that a script that changes them
// changes its own.
func (st *State) Env(L *lua.LState) *lua.LTable {
	env := copyTable(L, L.G.Global)
	for _, name := range libraryNames() {
		env.RawSetString(name, copyTable(L, library(L, name)))
	}
	env.RawSetString("_G", env)
	return env
}

func copyTable(L *lua.LState, tb *lua.LTable) *lua.LTable {
	c := L.NewTable()
	tb.ForEach(c.RawSet)
	return c
}
