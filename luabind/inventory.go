package luabind

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// An Inventory lists the names that scripts can use, as they are registered. It
// is what pkl check, pkl stubs and the completion of pkl repl go by.
type Inventory struct {
	Pkl      []string            // pkl.name, beside the protocols
	Facts    []string            // pkt.name, what is known about a packet
	Packet   []string            // pkt:name()
	Attrs    []string            // layer.name, beside fields
	Layer    []string            // layer:name()
	ItemAttr []string            // item.name, beside fields
	Item     []string            // item:name()
	List     []string            // list:name()
	Objects  map[string][]string // members of readers, writers, rules, timers, counters, shared maps, u64 and log
	Globals  []string            // of a program that are no library
	Libs     map[string][]string // string.name, table.name, …
}

// NewInventory looks at a state of a program, which has everything.
func NewInventory() (*Inventory, error) {
	gen, err := NewGeneration(Config{Program: true}, nil)
	if err != nil {
		return nil, err
	}
	s, err := gen.NewState(1)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	inv := &Inventory{
		Facts: keysOf(facts()), Packet: keysOf(s.packetMethods()),
		Attrs: keysOf(attributes(false)), Layer: keysOf(s.methods(false)),
		ItemAttr: keysOf(attributes(true)), Item: keysOf(s.methods(true)),
		List: append(keysOf(s.listMethods()), "rest"),
		Libs: map[string][]string{},
	}
	env := s.lib.Env(s.L)
	pkl := s.pklTable(env)
	inv.Pkl = tableKeys(pkl)
	inv.Objects = map[string][]string{
		"reader":  append(keysOf(s.meta.readerMethods), "linktype"),
		"writer":  indexKeys(s.meta.writer),
		"socket":  append(keysOf(s.meta.socketMethods), socketFacts...),
		"rule":    indexKeys(s.meta.rule),
		"timer":   indexKeys(s.meta.timer),
		"counter": s.membersOf(pkl, "counter"),
		"shared":  s.membersOf(pkl, "shared", lua.LString("a")),
		"u64":     s.membersOf(pkl, "u64", lua.LString("0xffffffffffffffff")),
		"log":     tableKeys(pkl.RawGetString("log")),
	}
	env.ForEach(func(k, v lua.LValue) {
		name := k.String()
		if t, ok := v.(*lua.LTable); ok && name != "_G" && name != "pkl" {
			inv.Libs[name] = tableKeys(t)
		} else if !strings.HasPrefix(name, "_printregs") {
			inv.Globals = append(inv.Globals, name)
		}
	})
	inv.Globals = append(inv.Globals, "arg")
	slices.Sort(inv.Globals)
	return inv, nil
}

// pklTable is the table behind pkl that holds its functions.
func (s *State) pklTable(env *lua.LTable) *lua.LTable {
	pkl, _ := env.RawGetString("pkl").(*lua.LTable)
	mt, _ := pkl.Metatable.(*lua.LTable)
	in, _ := mt.RawGetString("__index").(*lua.LTable)
	return in
}

// membersOf calls pkl.name and returns the names of what it gives.
func (s *State) membersOf(pkl *lua.LTable, name string, args ...lua.LValue) []string {
	if s.L.CallByParam(lua.P{Fn: pkl.RawGetString(name), NRet: 1, Protect: true}, args...) != nil {
		return nil
	}
	v, _ := s.L.Get(-1).(*lua.LUserData)
	s.L.Pop(1)
	if v == nil {
		return nil
	}
	return indexKeys(v.Metatable)
}

// indexKeys are the keys of the table that a metatable looks names up in.
func indexKeys(mt lua.LValue) []string {
	t, ok := mt.(*lua.LTable)
	if !ok {
		return nil
	}
	return tableKeys(t.RawGetString("__index"))
}

func tableKeys(v lua.LValue) (keys []string) {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	t.ForEach(func(k, _ lua.LValue) {
		if name, ok := k.(lua.LString); ok {
			keys = append(keys, string(name))
		}
	})
	slices.Sort(keys)
	return keys
}
