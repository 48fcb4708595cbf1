package luabind

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
	"pkl/luabind/lualib"
)

// A Generation is the compiled form of a set of scripts. Any number of States
// share it, also while others are being made.
type Generation struct {
	cfg     Config
	scripts []script
	known   map[string]map[string]bool // built-in protocols and their fields
	chains  chainTable
	loops   atomic.Bool // some function has a loop, and so may run for ever
	long    atomic.Bool // a handler may take long even without one

	reported sync.Map // places of errors that were logged, by any state

	mu         sync.Mutex
	modules    []string // paths of the modules that were required
	looked     map[string]lookup
	compiledAs map[string]*lua.FunctionProto // modules by their chunk
	guards     []*guard
	registries []compiled
}

// A script is one file, compiled.
type script struct {
	name, dir string
	proto     *lua.FunctionProto
}

// NewGeneration compiles scripts. Its error lists all syntax errors, each with file and line.
func NewGeneration(cfg Config, scripts []Script) (*Generation, error) {
	if cfg.Counters == nil {
		cfg.Counters = &lualib.Counters{}
	}
	if cfg.Shared == nil {
		cfg.Shared = &lualib.SharedMaps{}
	}
	cfg.Workers = max(1, cfg.Workers)
	g := &Generation{cfg: cfg, known: knownNames(cfg.Specs)}
	var errs []error
	for _, s := range scripts {
		proto, err := g.compile(s.Source, s.Name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		g.scripts = append(g.scripts, script{s.Name, filepath.Dir(s.Name), proto})
	}
	return g, errors.Join(errs...)
}

func (g *Generation) compile(src []byte, name string) (*lua.FunctionProto, error) {
	return lualib.Compile(src, name, g.rewrite)
}

// function compiles what a script loads from text.
func (s *State) function(L *lua.LState, src []byte, chunk string) (*lua.LFunction, error) {
	proto, err := lualib.Compile(src, chunk, s.gen.rewriteText)
	if err != nil {
		return nil, err
	}
	outer := L.NewFunctionFromProto(proto)
	outer.Env = s.hidden
	L.Push(outer)
	L.Call(0, 1)
	fn := L.Get(-1).(*lua.LFunction)
	L.Pop(1)
	return fn, nil
}

// Files returns the paths of all scripts and of the modules that they required so far.
func (g *Generation) Files() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var files []string
	for _, s := range g.scripts {
		files = append(files, s.name)
	}
	return append(files, g.modules...)
}

// addGuard keeps the guard of a handler and returns its number.
func (g *Generation) addGuard(gd *guard) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.guards = append(g.guards, gd)
	return len(g.guards) - 1
}

func (g *Generation) guard(n int) *guard {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.guards[n]
}

// A lookup is what came of looking for a module.
type lookup struct {
	source []byte
	err    error
}

// readModule reads the source of a module, for rules once for all states: those
// of a generation run the same code, whatever becomes of the files.
func (g *Generation) readModule(path string) ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	l, ok := g.looked[path]
	if !ok || g.cfg.Program {
		if l.err = fs.ErrNotExist; g.cfg.ReadFile != nil {
			l.source, l.err = g.cfg.ReadFile(path)
		}
		if g.looked == nil {
			g.looked = map[string]lookup{}
		}
		g.looked[path] = l
	}
	if l.err == nil && !slices.Contains(g.modules, path) {
		g.modules = append(g.modules, path)
	}
	return l.source, l.err
}

// compileModule compiles a module, for rules once for all states.
func (g *Generation) compileModule(src []byte, chunk string) (*lua.FunctionProto, error) {
	g.mu.Lock()
	proto := g.compiledAs[chunk]
	g.mu.Unlock()
	if proto != nil {
		return proto, nil
	}
	proto, err := g.compile(src, chunk)
	if err != nil || g.cfg.Program {
		return proto, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.compiledAs == nil {
		g.compiledAs = map[string]*lua.FunctionProto{}
	}
	g.compiledAs[chunk] = proto
	return proto, nil
}

// compiled is a registry with the definitions it was made of.
type compiled struct {
	defs definitions
	reg  *core.Registry
}

// registry compiles definitions, or returns the registry that an equal set has
// given before: the workers of a generation share theirs.
func (g *Generation) registry(d *definitions) (*core.Registry, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range g.registries {
		if c.defs.equal(d) {
			return c.reg, nil
		}
	}
	specs := append(slices.Clone(g.cfg.Specs), d.specs...)
	structs := append(slices.Clone(g.cfg.Structs), d.structs...)
	reg, err := core.Compile(specs, structs, append(slices.Clone(d.binds), g.cfg.Binds...), d.mistakes...)
	if err != nil {
		return nil, d.inOrder(err)
	}
	reg.Absent = LibraryHas(g.cfg.Library)
	if !d.hooks {
		g.registries = append(g.registries, compiled{d.clone(), reg})
	}
	return reg, nil
}
