package luabind

import (
	lua "github.com/yuin/gopher-lua"

	"pkl/luabind/lualib"
)

// openPkl makes the pkl table: an empty proxy before the one that holds the
// functions, so that scripts cannot replace what the others use.
func (s *State) openPkl() {
	L := s.L
	in := L.NewTable()
	for name, fn := range s.pklFuncs() {
		in.RawSetString(name, L.NewFunction(fn))
	}
	for name, v := range s.pklValues() {
		in.RawSetString(name, v)
	}
	lualib.RegisterU64(L, in)
	lualib.RegisterHex(L, in)
	lualib.RegisterCounter(L, in, s.cfg.Counters)
	s.sharing = s.lib.RegisterShared(L, in, s.cfg.Shared, s.sharedTime)
	s.lib.RegisterLog(L, in, s.logLine)
	in.Metatable = s.metatable(map[string]lua.LGFunction{"__index": s.pklMissing})
	mt := s.metatable(map[string]lua.LGFunction{"__newindex": pklReadOnly, "__pairs": pklPairs(in)})
	mt.RawSetString("__index", in)
	pkl := L.NewTable()
	pkl.Metatable = mt
	L.SetGlobal("pkl", pkl)
	s.lib.Preload(L, "pkl", pkl)
}

func (s *State) pklFuncs() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"after":      s.pklAfter,
		"bind":       s.pklBind,
		"protocol":   s.pklProtocol,
		"struct":     s.pklStruct,
		"at_end":     s.pklAtEnd,
		"create":     s.pklCreate,
		"dissect":    s.pklDissect,
		"every":      s.pklEvery,
		"filter":     s.pklFilter,
		"interfaces": s.pklInterfaces,
		"load":       s.pklLoad,
		"now":        s.pklNow,
		"on":         s.pklOn,
		"open":       s.pklOpen,
		"packets":    s.pklPackets,
		"queue":      s.pklQueue,
		"replay":     s.pklReplay,
		"route":      s.pklRoute,
		"send":       s.pklSend,
		"socket":     s.pklSocket,
		"sr":         s.pklSR,
		"sr1":        s.pklSR1,
		"sleep":      s.pklSleep,
	}
}

func (s *State) pklValues() map[string]lua.LValue {
	return map[string]lua.LValue{
		"proto":   s.protoTable(),
		"accept":  s.newVerdict(verdictValue{Accept, 0, "accept"}),
		"drop":    s.newVerdict(verdictValue{Drop, 0, "drop"}),
		"again":   s.newVerdict(verdictValue{Again, 0, "again"}),
		"stop":    s.newVerdict(verdictValue{Stop, 0, "stop"}),
		"worker":  lua.LNumber(s.worker),
		"workers": lua.LNumber(s.cfg.Workers),
	}
}

func pklReadOnly(L *lua.LState) int {
	L.RaiseError("pkl is read only: %q cannot be set", L.Get(2).String())
	return 0
}

func pklPairs(in *lua.LTable) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(L.NewFunction(func(L *lua.LState) int {
			k, v := in.Next(L.Get(2))
			L.Push(k)
			L.Push(v)
			return 2
		}))
		L.Push(lua.LNil)
		L.Push(lua.LNil)
		return 3
	}
}

// pklMissing is pkl.name where name is none of its own: a protocol.
func (s *State) pklMissing(L *lua.LState) int {
	name := L.Get(2).String()
	reg := s.need(L)
	v := s.protoValue(reg, name)
	if v == lua.LNil {
		known := append(append(reg.Names(), keysOf(s.pklFuncs())...), keysOf(s.pklValues())...)
		how := PklHint(name, known)
		if where := reg.Elsewhere(name); where != "" {
			how = " (" + where + ")"
		}
		L.RaiseError("pkl has no %q%s", name, how)
	}
	L.Push(v)
	return 1
}

// protoTable is pkl.proto: pkl.proto[name] reaches every protocol.
func (s *State) protoTable() lua.LValue {
	t := s.L.NewTable()
	t.Metatable = s.metatable(map[string]lua.LGFunction{"__index": func(L *lua.LState) int {
		reg := s.need(L)
		v := s.protoValue(reg, L.Get(2).String())
		if v == lua.LNil {
			L.RaiseError("%s", reg.NoProto(L.Get(2).String(), reg.Names()))
		}
		L.Push(v)
		return 1
	}, "__newindex": protoNewIndex})
	return t
}

func (s *State) pklNow(L *lua.LState) int {
	L.Push(lua.LNumber(float64(s.now().UnixNano()) / 1e9))
	return 1
}

// pklAtEnd is pkl.at_end(fn).
func (s *State) pklAtEnd(L *lua.LState) int {
	fn, ok := L.Get(1).(*lua.LFunction)
	if !ok {
		L.RaiseError("pkl.at_end: need a function, have %s", kindName(L.Get(1)))
	}
	s.ends = append(s.ends, fn)
	return 0
}

// AtEnd ends the timers and calls the pkl.at_end functions, once, with reason if
// it is not empty.
// Errors are reported like those of rules.
func (s *State) AtEnd(reason string) {
	ends := s.ends
	s.ends = nil
	s.timers.clear()
	s.halted.Store(nil) // if the run was interrupted, its end is a run of its own
	for _, fn := range ends {
		s.L.Push(fn)
		s.L.Push(textOrNil(reason))
		s.inside = true
		if err := s.protect(1, 0, s.runLimit()); err != nil {
			s.report(err, 0)
		}
		s.inside = false
	}
}
