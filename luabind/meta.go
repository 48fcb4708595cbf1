package luabind

import (
	lua "github.com/yuin/gopher-lua"
)

// metatables are those of the handles. Scripts can neither see nor change them.
type metatables struct {
	packet, record, list, verdict, rule, proto, timer, reader, writer, socket lua.LValue

	listMethods, readerMethods, socketMethods map[string]*lua.LFunction
}

func (s *State) openMeta() {
	s.consts.fill()
	s.meta.packet = s.metatable(map[string]lua.LGFunction{
		"__index":    s.packetIndex,
		"__newindex": s.packetNewIndex,
		"__len":      packetLen,
		"__tostring": packetString,
		"__add":      s.stack,
		"__div":      s.stack,
		"__concat":   noConcat,
	})
	s.meta.record = s.metatable(map[string]lua.LGFunction{
		"__index":    s.recordIndex,
		"__newindex": s.recordNewIndex,
		"__len":      s.recordLen,
		"__eq":       recordEqual,
		"__tostring": s.recordString,
		"__add":      s.stack,
		"__div":      s.stack,
		"__concat":   noConcat,
	})
	s.meta.list = s.metatable(map[string]lua.LGFunction{
		"__index":    s.listIndex,
		"__newindex": s.listNewIndex,
		"__len":      listLen,
		"__eq":       listEqual,
		"__tostring": s.listString,
		"__pairs":    s.listPairs,
		"__ipairs":   s.listPairs,
	})
	s.meta.listMethods = s.functions(s.listMethods())
	s.meta.verdict = s.metatable(map[string]lua.LGFunction{"__tostring": verdictString})
	s.meta.rule = s.object("rule", map[string]lua.LGFunction{"stop": ruleStop, "stats": s.ruleStats})
	s.meta.proto = s.metatable(map[string]lua.LGFunction{
		"__index":    s.protoIndex,
		"__newindex": protoNewIndex,
		"__call":     s.protoCall,
		"__tostring": protoString,
	})
	s.meta.timer = s.object("timer", map[string]lua.LGFunction{"stop": timerStop})
	s.meta.reader = s.metatable(map[string]lua.LGFunction{"__index": s.readerIndex, "__tostring": constText("pkl.reader")})
	s.meta.readerMethods = s.functions(map[string]lua.LGFunction{
		"packets": s.readerPackets, "next": s.readerNext, "close": s.readerClose,
	})
	s.meta.socket = s.metatable(map[string]lua.LGFunction{"__index": s.socketIndex, "__tostring": constText("pkl.socket")})
	s.meta.socketMethods = s.functions(s.socketMethods())
	s.meta.writer = s.object("writer", map[string]lua.LGFunction{"write": s.writerWrite, "close": s.writerClose})
}

// object makes the metatable of a value with methods only.
func (s *State) object(what string, methods map[string]lua.LGFunction) *lua.LTable {
	in := s.L.NewTable()
	for name, fn := range methods {
		in.RawSetString(name, s.L.NewFunction(fn))
	}
	names := keysOf(methods)
	in.Metatable = s.metatable(map[string]lua.LGFunction{"__index": func(L *lua.LState) int {
		name := L.Get(2).String()
		L.RaiseError("a %s has no %q%s", what, name, hint(name, names))
		return 0
	}})
	mt := s.metatable(map[string]lua.LGFunction{"__tostring": constText("pkl." + what)})
	mt.RawSetString("__index", in)
	return mt
}

// constText is a __tostring that always gives text.
func constText(text string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LString(text))
		return 1
	}
}

// functions makes Lua functions.
func (s *State) functions(m map[string]lua.LGFunction) map[string]*lua.LFunction {
	all := map[string]*lua.LFunction{}
	for name, fn := range m {
		all[name] = s.L.NewFunction(fn)
	}
	return all
}

// metatable makes one that getmetatable does not show.
func (s *State) metatable(funcs map[string]lua.LGFunction) *lua.LTable {
	mt := s.L.NewTable()
	mt.RawSetString("__metatable", lua.LFalse)
	for name, fn := range funcs {
		mt.RawSetString(name, s.L.NewFunction(fn))
	}
	return mt
}
