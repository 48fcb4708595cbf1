package luabind

import (
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
	"pkl/luabind/lualib"
)

// A State is one Lua virtual machine with the rules of the scripts.
type State struct {
	// Facts are those of the next packet. A rule may change *Facts.CTMark.
	Facts Facts

	gen    *Generation
	cfg    *Config
	worker int
	L      *lua.LState
	lib    *lualib.State

	defs     definitions
	reg      *core.Registry // nil: to be compiled
	wrong    error          // why that failed the last time
	ready    bool           // the main chunks have run
	replaces bool           // a definition takes the place of one that has its name
	inside   bool           // a rule, timer or at_end function runs
	hookCut  error          // a hook was cut that ran outside of these
	running  int            // index of the script that runs, for require
	trial    int64          // Try: instructions for each main chunk

	meta     metatables
	consts   constants
	types    map[*core.Layout]*recordType
	fields   map[listField][]*core.Slot // that find has looked for
	names    map[string]*packetMember   // of packets of reg
	packets  []packetRef                // handles to give out
	records  []recordRef
	addrs    addrCache
	sites    []site
	guards   map[*lua.LFunction]*guard
	middle   []*boundGuard // guards in the middle of handlers, by number
	hidden   *lua.LTable   // what rewritten code calls
	hand     *packetRef    // the packet in hand
	verdicts map[int]*lua.LUserData
	noOrigin Origin // of packets that come from no file; writers only read it
	protos   map[string]*lua.LUserData

	rules   []*rule
	noRule  rule // fails where none of them is in force
	sharing *lualib.Sharing
	timers  timers
	ends    []*lua.LFunction
	faults  faults
	clock   int64 // packet time, with Config.FileTime; 0: none yet

	budget   *lualib.Budget
	counting bool                  // the virtual machine asks the budget
	busy     bool                  // a run goes on
	counted  atomic.Uint64         // number of the budget's run, 0 if its time has no limit, or noRun
	allowed  atomic.Int64          // the time that it has, in nanoseconds
	halted   atomic.Pointer[error] // why Interrupt was called
	sending  atomic.Pointer[sendingEnd]
	patience patience
	outbox   []Frame     // room for what is sent
	full     atomic.Bool // there may be no memory left for scripts
	filled   time.Time   // when there was none, fails times running
	fails    int
	look     atomic.Int64           // heap size from which on it is time to find out
	looked   atomic.Bool            // the watchdog has, since the state last stirred
	roused   chan struct{}          // for the watchdog: it stirs
	wake     chan struct{}          // closed by Interrupt
	done     chan struct{}          // closed by Close
	files    map[io.Closer]struct{} // open readers, writers and sockets
	senders  map[SocketOptions]*socketRef
}

// NewState makes the Lua state of a worker, counted from 1.
func (g *Generation) NewState(worker int) (*State, error) {
	L := lua.NewState(lua.Options{SkipOpenLibs: true, CallStackSize: 1024, RegistrySize: 4096, RegistryGrowStep: 4096, RegistryMaxSize: 1 << 20})
	s := &State{gen: g, cfg: &g.cfg, worker: worker, L: L, budget: lualib.NewBudget(), wake: make(chan struct{}, 1), roused: make(chan struct{}, 1), guards: map[*lua.LFunction]*guard{}, files: map[io.Closer]struct{}{}, done: make(chan struct{}),
		types: map[*core.Layout]*recordType{}, fields: map[listField][]*core.Slot{}, verdicts: map[int]*lua.LUserData{}, protos: map[string]*lua.LUserData{}}
	s.lib = lualib.Open(L, lualib.Config{Libs: g.cfg.libs(), Out: g.cfg.Out, Require: s.findModule, Compile: g.compileModule, Function: s.function, Env: s.moduleEnv, Exit: g.cfg.Exit})
	s.noRule.drop = g.cfg.DropOnError
	s.hidden = L.NewTable()
	s.hidden.RawSetString(getName, L.NewFunction(s.chainGet))
	s.hidden.RawSetString(setName, L.NewFunction(s.chainSet))
	s.hidden.RawSetString(guardName, L.NewFunction(s.noteGuard))
	s.hidden.RawSetString(passName, L.NewFunction(s.passes))
	join := s.lib.Join
	if g.cfg.Program {
		join = s.lib.JoinAny
	}
	s.hidden.RawSetString(joinName, L.NewFunction(join))
	s.openMeta()
	s.openPkl()
	s.count(true)
	if g.cfg.Memory > 0 {
		s.look.Store(g.cfg.Memory)
		s.budget.AskWith(s.checkMemory)
	}
	if every := g.cfg.lookEvery(); every > 0 {
		go s.watch(every)
	}
	return s, nil
}

// libs are the libraries that the abilities stand for.
func (c *Config) libs() (l lualib.Libs) {
	if c.Program {
		return lualib.Full
	}
	if c.Allow&AllowIO != 0 {
		l |= lualib.IO
	}
	if c.Allow&AllowOS != 0 {
		l |= lualib.OS
	}
	return l
}

// A RunError is an error in the main chunk of a script.
type RunError struct {
	Text  string // "file:line: message"
	Trace string
	Cause error // the mistakes in definitions that it came from, if any
}

func (e *RunError) Error() string { return e.Text }

func (e *RunError) Unwrap() error { return e.Cause }

// Run executes the main chunks of the scripts, then compiles what they defined.
func (s *State) Run() error {
	s.cfg.Starts.add(1)
	defer s.cfg.Starts.add(-1)
	for i := range s.gen.scripts {
		if err := s.runScript(i); err != nil {
			return s.withMistakes(err)
		}
	}
	if _, err := s.registry(); err != nil {
		return s.defs.inOrder(err, s.badFilters()...)
	}
	if err := s.compileRules(); err != nil {
		return err
	}
	s.sharing.Commit()
	return nil
}

func (s *State) runScript(i int) error {
	sc := &s.gen.scripts[i]
	s.running = i
	fn := s.L.NewFunctionFromProto(sc.proto)
	fn.Env = s.scriptEnv(sc.name)
	s.L.Push(fn)
	for _, a := range s.cfg.Args {
		s.L.Push(lua.LString(a))
	}
	if err := s.protect(len(s.cfg.Args), 0, s.loadLimit()); err != nil {
		return s.runError(err)
	}
	return nil
}

// runError puts the error of a main chunk into one form.
func (s *State) runError(err error) error {
	text, trace := s.errorText(err)
	if why := s.halted.Load(); why != nil {
		if s.faults.cut == nil {
			s.faults.cut = &ScriptError{Text: text, Trace: trace, Count: 1}
		}
		return *why
	}
	if s.wrong != nil && strings.Contains(text, s.wrong.Error()) {
		return &RunError{text, trace, s.wrong}
	}
	return &RunError{Text: text, Trace: trace}
}

// withMistakes puts the mistakes of definitions that were read before an error of
// the script: they may be why it came to that.
func (s *State) withMistakes(err error) error {
	var run *RunError
	wrong := s.defs.inOrder(nil, s.defs.mistakes...)
	if errors.As(err, &run) && wrong != nil && !strings.Contains(run.Text, s.defs.mistakes[0].Error()) {
		run.Text = wrong.Error() + "\n" + run.Text
	}
	return err
}

// Registry returns the protocols that this state's packets are made with.
func (s *State) Registry() *core.Registry { return s.reg }

// registry compiles the definitions made so far, if there are new ones.
func (s *State) registry() (*core.Registry, error) {
	if s.reg != nil {
		return s.reg, nil
	}
	reg, err := s.gen.registry(&s.defs)
	if s.wrong = err; err != nil {
		return nil, err
	}
	s.setRegistry(reg)
	return reg, nil
}

func (s *State) setRegistry(reg *core.Registry) {
	s.reg = reg
	s.names = map[string]*packetMember{}
}

// Close ends the state, its readers and writers. Writers' errors are returned joined.
func (s *State) Close() error {
	var errs []error
	for f := range s.files {
		errs = append(errs, f.Close())
	}
	clear(s.files)
	if !s.L.IsClosed() {
		s.L.Close()
		close(s.done)
	}
	return errors.Join(errs...)
}
