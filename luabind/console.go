package luabind

import (
	"errors"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/luabind/lualib"
)

// A Console runs Lua a line at a time, in a state of its own. Globals and
// definitions are kept from line to line, of two of one name the later; a mistake
// or Stop ends only the line.
type Console struct {
	s   *State
	env *lua.LTable
	inv *Inventory
}

// ErrIncomplete says that a chunk is right so far, and goes on.
var ErrIncomplete = errors.New("the chunk is not complete")

// NewConsole makes a console of a new state, whose scripts are run in it.
func (s *State) NewConsole() (*Console, error) {
	inv, err := NewInventory()
	if err != nil {
		return nil, err
	}
	s.replaces = true
	return &Console{s: s, env: s.scriptEnv("repl"), inv: inv}, nil
}

// Preload runs the generation's scripts with the console's globals. Where their
// definitions are wrong, the built-in protocols are there; State.Registry is nil if it is the
// Config that is.
func (c *Console) Preload() error {
	var errs []error
	for i := range c.s.gen.scripts {
		c.s.running = i
		errs = append(errs, c.run(c.s.gen.scripts[i].proto, false))
	}
	if _, err := c.s.registry(); err != nil {
		if told := errors.Join(errs...); told == nil || !strings.Contains(told.Error(), err.Error()) {
			errs = append(errs, err)
		}
		c.s.defs = definitions{}
		if _, err := c.s.registry(); err != nil { // Config.Binds are wrong
			return errors.Join(errs...)
		}
	}
	return errors.Join(append(errs, c.s.compileRules())...)
}

// Run runs a chunk and prints the values of an expression, also of "=expression".
// It returns ErrIncomplete where more lines are to come. Errors count lines from
// line, that of the chunk's first.
func (c *Console) Run(src string, line int) error {
	compile := func(src string) (*lua.FunctionProto, error) {
		return lualib.CompileFrom([]byte(src), "repl", line, c.s.gen.rewrite)
	}
	if text, ok := strings.CutPrefix(strings.TrimLeft(src, " \t"), "="); ok {
		src = "return " + text
	} else if proto, err := compile("return " + src); err == nil {
		return c.run(proto, true)
	}
	proto, err := compile(src)
	if err != nil {
		if strings.HasSuffix(err.Error(), "near <eof>") || unclosed(err) {
			return ErrIncomplete
		}
		return err
	}
	return c.run(proto, true)
}

// unclosed reports a long text or comment that has no end yet.
func unclosed(err error) bool {
	return strings.Contains(err.Error(), "unterminated multiline") || strings.Contains(err.Error(), "unfinished long")
}

func (c *Console) run(proto *lua.FunctionProto, show bool) error {
	s, L := c.s, c.s.L
	fn := L.NewFunctionFromProto(proto)
	fn.Env = c.env
	top := L.GetTop()
	defer L.SetTop(top)
	L.Push(fn)
	if err := s.protect(0, lua.MultRet, limit{}); err != nil {
		return s.runError(err)
	}
	if !show || L.GetTop() == top {
		return nil
	}
	values := make([]lua.LValue, 0, L.GetTop()-top)
	for i := top + 1; i <= L.GetTop(); i++ {
		values = append(values, L.Get(i))
	}
	L.SetTop(top)
	L.Push(L.G.Global.RawGetString("print"))
	for _, v := range values {
		L.Push(v)
	}
	if err := s.protect(len(values), 0, limit{}); err != nil {
		return s.runError(err)
	}
	return nil
}

// Stop ends the line that runs, if any. Any goroutine may call it.
func (c *Console) Stop(err error) {
	if err == nil {
		err = lualib.ErrStopped
	}
	c.s.budget.Stop(err)
	select {
	case c.s.wake <- struct{}{}:
	default:
	}
}

// Complete returns the names that the end of a line may go on with, sorted, and
// how many bytes of each are there already.
func (c *Console) Complete(line string) (names []string, typed int) {
	base, sep, word := lastName(line)
	var all []string
	switch {
	case base != "":
		if v := c.lookup(base); v != lua.LNil {
			all = c.members(v, sep == ':')
		}
	case sep == 0:
		if all = c.fieldsOf(line); all == nil {
			all = append(tableKeys(c.env), luaWords()...)
		}
	}
	for _, name := range all {
		if strings.HasPrefix(name, word) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), len(word)
}

func luaWords() []string {
	return strings.Fields("and break do else elseif end false for function if in local nil not or repeat return then true until while")
}

// lastName parts "print(p.tcp.dp" into "p.tcp", '.' and "dp".
func lastName(line string) (base string, sep byte, word string) {
	isName := func(b byte) bool {
		return b == '_' || b|0x20 >= 'a' && b|0x20 <= 'z' || b >= '0' && b <= '9'
	}
	at := len(line)
	for at > 0 && isName(line[at-1]) {
		at--
	}
	word = line[at:]
	if at == 0 || line[at-1] != '.' && line[at-1] != ':' {
		return "", 0, word
	}
	sep = line[at-1]
	from := at - 1
	for from > 0 && (isName(line[from-1]) || line[from-1] == '.') {
		from--
	}
	return line[from : at-1], sep, word
}

// lookup follows a chain of names. Tables are looked at as they are, without
// calling anything of the script.
func (c *Console) lookup(chain string) lua.LValue {
	var v lua.LValue = c.env
	for name := range strings.SplitSeq(chain, ".") {
		if v = c.index(v, name); v == lua.LNil {
			return v
		}
	}
	return v
}

func (c *Console) index(v lua.LValue, name string) lua.LValue {
	switch t := v.(type) {
	case *lua.LTable:
		if got := t.RawGetString(name); got != lua.LNil || !c.isPkl(t) {
			return got
		}
	case *lua.LUserData:
	default:
		return lua.LNil
	}
	L := c.s.L
	get := L.NewFunction(func(L *lua.LState) int {
		L.Push(L.GetField(L.Get(1), name))
		return 1
	})
	c.s.begin(limit{})
	defer c.s.end()
	if err := L.CallByParam(lua.P{Fn: get, NRet: 1, Protect: true}, v); err != nil {
		return lua.LNil
	}
	got := L.Get(-1)
	L.Pop(1)
	return got
}

func (c *Console) isPkl(t *lua.LTable) bool { return c.env.RawGetString("pkl") == t }

// members are the names behind a value.
func (c *Console) members(v lua.LValue, method bool) []string {
	switch t := v.(type) {
	case *lua.LTable:
		if c.isPkl(t) {
			return append(slices.Clone(c.inv.Pkl), c.protoNames()...)
		}
		return tableKeys(t)
	case lua.LString:
		return c.inv.Libs["string"]
	case *lua.LUserData:
		return c.handleMembers(t, method)
	}
	return nil
}

func (c *Console) handleMembers(ud *lua.LUserData, method bool) []string {
	switch t := ud.Value.(type) {
	case *packetRef:
		if method {
			return c.inv.Packet
		}
		return append(slices.Clone(c.inv.Facts), c.protoNames()...)
	case *recordRef:
		if method {
			return c.inv.Layer
		}
		names := fieldNames(t.typ.layout)
		if t.typ.foot != nil {
			names = append(names, fieldNames(t.typ.foot)...)
		}
		if t.typ.item {
			return append(names, c.inv.ItemAttr...)
		}
		return append(append(names, c.inv.Attrs...), c.protoNames()...)
	case *listRef:
		return c.inv.List
	case *protoRef:
		return c.protoFields(t.name)
	case *readerRef:
		return c.inv.Objects["reader"]
	}
	return indexKeys(ud.Metatable)
}

// protoNames are those of the protocols defined so far.
func (c *Console) protoNames() []string {
	reg, err := c.s.registry()
	if err != nil {
		return nil
	}
	return reg.Names()
}

func (c *Console) protoFields(name string) []string {
	reg, err := c.s.registry()
	if err != nil || reg.Proto(name) == nil {
		return nil
	}
	return append(fieldNames(reg.Proto(name).Head()), fieldNames(reg.Proto(name).Foot())...)
}

// fieldsOf are the fields to name in "pkl.tcp{sport = 1, ", nil if the line ends otherwise.
func (c *Console) fieldsOf(line string) []string {
	open := strings.LastIndexByte(line, '{')
	if open < 0 || strings.ContainsRune(line[open:], '}') {
		return nil
	}
	base, sep, name := lastName(strings.TrimRight(line[:open], " ("))
	if base != "pkl" || sep != '.' {
		return nil
	}
	return c.protoFields(name)
}
