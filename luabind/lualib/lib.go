package lualib

import (
	"io"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

// Libs says which libraries a script gets beside the harmless ones.
type Libs uint

const (
	// IO adds the io library.
	IO Libs = 1 << iota
	// OS adds the os library.
	OS
	// Full makes a normal program of the script: all libraries, load, dofile,
	// package and debug. String methods can be added to the string table.
	Full
)

// Config is what the host hands in. The zero Config confines a script that
// prints nowhere and requires nothing.
type Config struct {
	Libs Libs

	// Out takes what print (and io.write, on stdout) writes, a call at a time.
	// If it has a method Flush() error, io.stdout:flush() calls it.
	Out io.Writer

	// Require finds the source of a module and the name to show in errors.
	// An error that is fs.ErrNotExist means that there is no such module.
	Require func(name string) (source []byte, chunk string, err error)

	// Compile turns the source of a module into byte code; nil: the function Compile.
	Compile func(src []byte, chunk string) (*lua.FunctionProto, error)

	// Function makes a function of a text that a script loads; nil: by Compile.
	Function func(L *lua.LState, src []byte, chunk string) (*lua.LFunction, error)

	// Env, if set, gives the globals of a module, else they are those of the state.
	Env func(L *lua.LState, chunk string) *lua.LTable

	// Exit, if set, is os.exit.
	Exit func(code int)

	MaxString     int // bytes in a text that a library function builds; default 16 MiB
	PatternSteps  int // steps of one pattern match; default 10 million
	MaxCoroutines int // alive at a time; default 256
	MaxDepth      int // coroutines that resume one another; default 16
}

func (c Config) withDefaults() Config {
	if c.Out == nil {
		c.Out = io.Discard
	}
	if c.Compile == nil {
		c.Compile = func(src []byte, chunk string) (*lua.FunctionProto, error) { return Compile(src, chunk) }
	}
	if c.Function == nil {
		c.Function = func(L *lua.LState, src []byte, chunk string) (*lua.LFunction, error) {
			proto, err := c.Compile(src, chunk)
			if err != nil {
				return nil, err
			}
			return L.NewFunctionFromProto(proto), nil
		}
	}
	setDefault(&c.MaxString, 16<<20)
	setDefault(&c.PatternSteps, 10_000_000)
	setDefault(&c.MaxCoroutines, 256)
	setDefault(&c.MaxDepth, 16)
	return c
}

func setDefault(p *int, v int) {
	if *p <= 0 {
		*p = v
	}
}

// A State is what lualib keeps for one lua.LState.
type State struct {
	cfg      Config
	rng      *rand.Rand
	threads  threads
	scratch  matcher
	loading  []string // modules being required, outermost first
	refusals []string // what Refuse has raised

	protection protection
}

// Open gives L its libraries. L must be new, made with SkipOpenLibs.
func Open(L *lua.LState, cfg Config) *State {
	st := &State{cfg: cfg.withDefaults(), rng: newRand()}
	if st.cfg.Libs&Full != 0 {
		st.openFull(L)
	} else {
		st.openConfined(L)
	}
	return st
}

// openFull opens everything and replaces what has to be bounded or mended.
func (st *State) openFull(L *lua.LState) {
	L.OpenLibs()
	library(L, lua.DebugLibName).RawSetString("traceback", L.NewFunction(st.debugTraceback))
	st.openBase(L)
	st.openLoad(L)
	st.openString(L)
	st.openTable(L)
	st.openMath(L)
	st.openCoroutine(L)
	L.RegisterModule("bit", bitFuncs())
	st.openStdio(L)
}

// openConfined opens what can do no harm; the rest raises when touched.
func (st *State) openConfined(L *lua.LState) {
	open(L, lua.BaseLibName, lua.OpenBase)
	open(L, lua.TabLibName, lua.OpenTable)
	open(L, lua.MathLibName, lua.OpenMath)
	open(L, lua.CoroutineLibName, lua.OpenCoroutine)
	st.openBase(L)
	st.openString(L)
	st.openTable(L)
	st.openMath(L)
	st.openCoroutine(L)
	L.RegisterModule("bit", bitFuncs())
	if st.cfg.Libs&IO != 0 {
		open(L, lua.IoLibName, lua.OpenIo)
	}
	if st.cfg.Libs&OS != 0 {
		open(L, lua.OsLibName, lua.OpenOs)
	}
	st.openStdio(L)
	st.confine(L)
}

func open(L *lua.LState, name string, lib lua.LGFunction) {
	L.Push(L.NewFunction(lib))
	L.Push(lua.LString(name))
	L.Call(1, 0)
}

// library returns the global table of that name.
func library(L *lua.LState, name string) *lua.LTable {
	tb, _ := L.GetGlobal(name).(*lua.LTable)
	return tb
}
