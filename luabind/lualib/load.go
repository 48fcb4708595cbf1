package lualib

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openLoad replaces what makes functions of text. The stock functions compile by
// themselves, without what Config.Function checks and mends, and their functions
// have the globals of the state, not those of the script that calls.
func (st *State) openLoad(L *lua.LState) {
	setFuncs(L, L.G.Global, map[string]lua.LGFunction{
		"load": st.loadPieces, "loadstring": st.loadString, "loadfile": st.loadFile, "dofile": st.doFile,
	})
	if loaders, ok := library(L, lua.LoadLibName).RawGetString("loaders").(*lua.LTable); ok {
		loaders.RawSetInt(2, L.NewFunction(st.loadFromPath)) // behind package.preload
	}
}

// loadString is loadstring(text [, name]).
func (st *State) loadString(L *lua.LState) int {
	text := L.CheckString(1)
	return st.function(L, []byte(text), L.OptString(2, text))
}

// loadPieces is load(function [, name]): the text comes in pieces.
func (st *State) loadPieces(L *lua.LState) int {
	next, name := L.CheckFunction(1), L.OptString(2, "=(load)")
	var text []byte
	for {
		L.Push(next)
		L.Call(0, 1)
		piece := L.Get(-1)
		L.Pop(1)
		switch {
		case piece == lua.LNil, piece == lua.LString(""):
			return st.function(L, text, name)
		case !lua.LVCanConvToString(piece):
			return retError(L, "reader function must return a string")
		case len(text) > st.cfg.MaxString:
			return retError(L, fmt.Sprintf("the chunk has more than %d bytes", st.cfg.MaxString))
		}
		text = append(text, piece.String()...)
	}
}

// loadFile is loadfile([name]).
func (st *State) loadFile(L *lua.LState) int {
	text, name, err := source(L)
	if err != nil {
		return retError(L, err.Error())
	}
	return st.function(L, text, name)
}

// doFile is dofile([name]).
func (st *State) doFile(L *lua.LState) int {
	text, name, err := source(L)
	if err != nil {
		st.throw(L, lua.LString(err.Error()))
	}
	if st.function(L, text, name) > 1 {
		st.throw(L, L.Get(-1)) // it names file and line already
	}
	top := L.GetTop() - 1
	L.Call(0, lua.MultRet)
	return L.GetTop() - top
}

// source reads the file that is the first argument, or standard input.
func source(L *lua.LState) (text []byte, name string, err error) {
	if L.Get(1) == lua.LNil {
		text, err = io.ReadAll(os.Stdin)
		return text, "=stdin", err
	}
	name = L.CheckString(1)
	text, err = os.ReadFile(name)
	return text, "@" + name, err
}

// loadFromPath is the function in package.loaders that looks along package.path.
func (st *State) loadFromPath(L *lua.LState) int {
	name := L.CheckString(1)
	paths, ok := library(L, lua.LoadLibName).RawGetString("path").(lua.LString)
	if !ok {
		L.RaiseError("package.path must be a string")
	}
	var tried []string
	for _, pattern := range strings.Split(string(paths), ";") {
		path := strings.ReplaceAll(pattern, "?", strings.ReplaceAll(name, ".", string(filepath.Separator)))
		text, err := os.ReadFile(path)
		if err != nil {
			tried = append(tried, err.Error())
			continue
		}
		if st.function(L, text, "@"+path) > 1 {
			st.throw(L, L.Get(-1))
		}
		if st.cfg.Env != nil {
			L.Get(-1).(*lua.LFunction).Env = st.cfg.Env(L, path)
		}
		return 1
	}
	return retText(L, strings.Join(tried, "\n\t"))
}

// function pushes what a text compiles to, with the globals of the caller, or nil
// and what is wrong with it.
func (st *State) function(L *lua.LState, text []byte, chunk string) int {
	fn, err := st.cfg.Function(L, text, shownName(chunk))
	if err != nil {
		return retError(L, err.Error())
	}
	fn.Env = callerEnv(L)
	return ret(L, fn)
}

// shownName is how messages call a chunk: after = and @ comes its name, else it is
// its own text.
func shownName(chunk string) string {
	if strings.HasPrefix(chunk, "=") || strings.HasPrefix(chunk, "@") {
		return chunk[1:]
	}
	line, _, more := strings.Cut(chunk, "\n")
	short := shorten(line)
	if more && short == line {
		short += "..."
	}
	return fmt.Sprintf("[string \"%s\"]", short)
}

func retError(L *lua.LState, message string) int {
	L.Push(lua.LNil)
	L.Push(lua.LString(message))
	return 2
}
