package lualib

import (
	"io"

	lua "github.com/yuin/gopher-lua"
)

// openStdio sends what the io library writes to standard output to Config.Out,
// so that it keeps its order with print, and os.exit to Config.Exit.
func (st *State) openStdio(L *lua.LState) {
	if tb := library(L, "os"); tb != nil && st.cfg.Exit != nil {
		tb.RawSetString("exit", L.NewFunction(st.exit))
	}
	tb := library(L, "io")
	if tb == nil {
		return
	}
	stdout := tb.RawGetString("stdout")
	files := L.GetTypeMetatable("FILE*").(*lua.LTable)
	for name, fn := range map[string]lua.LGFunction{"write": st.outWrite, "flush": st.outFlush} {
		files.RawSetString(name, L.NewFunction(divert(stdout, fn, stock(files, name))))
		tb.RawSetString(name, L.NewFunction(onOutput(tb.RawGetString("output"), files, name)))
	}
}

// divert calls fn if the file is stdout, else the stock method.
func divert(stdout lua.LValue, fn, stock lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		if L.Get(1) == stdout {
			return fn(L)
		}
		return stock(L)
	}
}

// onOutput is io.write or io.flush: the method on the file that io.output gives.
func onOutput(output lua.LValue, files *lua.LTable, name string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(output)
		L.Call(0, 1)
		file := L.Get(-1)
		L.Pop(1)
		L.Insert(file, 1)
		return stock(files, name)(L)
	}
}

func (st *State) outWrite(L *lua.LState) int {
	for n := 2; n <= L.GetTop(); n++ {
		text := L.CheckString(n)
		if v, ok := L.Get(n).(lua.LNumber); ok {
			text = numberText(v)
		}
		if _, err := io.WriteString(st.cfg.Out, text); err != nil {
			L.Push(lua.LNil)
			L.Push(lua.LString(err.Error()))
			return 2
		}
	}
	return ret(L, lua.LTrue)
}

func (st *State) outFlush(L *lua.LState) int {
	if f, ok := st.cfg.Out.(interface{ Flush() error }); ok {
		if err := f.Flush(); err != nil {
			L.Push(lua.LNil)
			L.Push(lua.LString(err.Error()))
			return 2
		}
	}
	return ret(L, lua.LTrue)
}

// exit is os.exit([code]); true is 0 and false is 1, as in later Luas.
func (st *State) exit(L *lua.LState) int {
	switch v := L.Get(1); v {
	case lua.LNil, lua.LTrue:
		st.cfg.Exit(0)
	case lua.LFalse:
		st.cfg.Exit(1)
	default:
		st.cfg.Exit(argInt(L, 1))
	}
	return 0
}
