package luabind

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// pklProtocol is pkl.protocol{…}: it collects; compiling comes later.
func (s *State) pklProtocol(L *lua.LState) int {
	r := s.reader(L, "pkl.protocol")
	spec := &core.Spec{Pos: r.pos}
	r.path = r.nameOf("a protocol")
	spec.Name = r.path
	r.spec(spec, r.table)
	s.collect(r, func(d *definitions) {
		if s.replaces {
			d.specs = slices.DeleteFunc(d.specs, func(old *core.Spec) bool { return old.Name == spec.Name })
		}
		d.specs = append(d.specs, spec)
		d.hooks = d.hooks || r.hooks
	})
	return 0
}

// pklStruct is pkl.struct{name =, fields =}.
func (s *State) pklStruct(L *lua.LState) int {
	r := s.reader(L, "pkl.struct")
	st := &core.Struct{Pos: r.pos}
	r.path = r.nameOf("a struct")
	if _, ok := kinds()[r.path]; ok {
		r.fail("%q is a kind, so that no list could have it; choose another name", r.path)
	}
	st.Name = r.path
	r.words(r.table, wordTable{
		"name":   func(lua.LValue) {},
		"doc":    func(v lua.LValue) { r.text(&st.Doc, v, "doc") },
		"len":    func(v lua.LValue) { r.expr(&st.Len, v, "len") },
		"fields": func(v lua.LValue) { st.Fields = r.fields(v, "fields") },
	})
	s.collect(r, func(d *definitions) {
		if s.replaces {
			d.structs = slices.DeleteFunc(d.structs, func(old *core.Struct) bool { return old.Name == st.Name })
		}
		d.structs = append(d.structs, st)
	})
	return 0
}

// pklBind is pkl.bind(protocol, "layer.field", value).
func (s *State) pklBind(L *lua.LState) int {
	s.mayDefine(L, "pkl.bind")
	r := &specReader{L: L, state: s, pos: s.lib.Place(L), path: "pkl.bind"}
	b := core.Bind{Pos: r.pos}
	r.text(&b.Proto, L.Get(1), "the protocol")
	r.text(&b.Key.On, L.Get(2), "the key")
	r.values(&b.Key, L.Get(3), "the value")
	s.collect(r, func(d *definitions) {
		if len(r.told) == 0 {
			d.binds = append(d.binds, b)
		}
	})
	return 0
}

// mayDefine raises inside a handler, and otherwise makes the registry of what
// is defined so far void.
func (s *State) mayDefine(L *lua.LState, what string) {
	if s.inside {
		L.RaiseError("%s: protocols are defined when the script starts, not in a handler", what)
	}
	s.reg = nil
}

// collect keeps a definition, with the mistakes in it: these are told when all
// are compiled. After the scripts have run, nothing follows that could wait.
func (s *State) collect(r *specReader, add func(d *definitions)) {
	var before definitions
	if s.ready {
		before = s.defs.clone()
	}
	file := r.pos[:max(0, strings.LastIndexByte(r.pos, ':'))]
	s.defs.files = append(s.defs.files, file)
	s.defs.mistakes = append(s.defs.mistakes, r.told...)
	add(&s.defs)
	if s.ready {
		if _, err := s.registry(); err != nil {
			s.defs = before
			r.L.Error(lua.LString(err.Error()), 0) // each line has its own place
		}
	}
}

// A specReader turns the table of a definition into a spec. It goes on after a
// mistake, so that all are told at once.
type specReader struct {
	L     *lua.LState
	state *State
	pos   string // file:line of the call
	path  string // what is being read, for messages: "demo.tlvs"
	table *lua.LTable
	told  []*core.Mistake
	hooks bool
	open  map[*lua.LTable]bool // tables that are being read
	count int                  // fields read
}

func (s *State) reader(L *lua.LState, what string) *specReader {
	s.mayDefine(L, what)
	t, ok := L.Get(1).(*lua.LTable)
	if !ok {
		L.RaiseError("%s needs a table, not %s", what, kindName(L.Get(1)))
	}
	return &specReader{L: L, state: s, pos: s.lib.Place(L), path: what, table: t}
}

func (r *specReader) fail(format string, args ...any) {
	r.told = append(r.told, &core.Mistake{Pos: r.pos, Where: r.path, Text: fmt.Sprintf(format, args...)})
}

// within runs f with a longer path.
func (r *specReader) within(name string, f func()) {
	old := r.path
	if name != "" {
		r.path += "." + name
	}
	f()
	r.path = old
}

// nameOf returns the name that the table gives, for messages.
func (r *specReader) nameOf(what string) string {
	switch name := r.table.RawGetString("name").(type) {
	case lua.LString:
		if name != "" {
			return string(name)
		}
		r.fail("name is empty")
	case *lua.LNilType:
		r.fail("name is missing: %s has one", what)
	default:
		r.fail("name is text, not %s", kindName(name))
	}
	return r.path
}

// A wordTable says what to do with each word of a table.
type wordTable map[string]func(lua.LValue)

// words reads the named entries of t; each must be a word of the table.
func (r *specReader) words(t *lua.LTable, words wordTable) {
	eachPair(t, func(k, v lua.LValue) {
		name, ok := k.(lua.LString)
		if !ok {
			return // the array part, or a mistake that its reader tells
		}
		if f := words[string(name)]; f != nil {
			f(v)
			return
		}
		r.fail("unknown word %q%s", string(name), hint(string(name), keysOf(words)))
	})
}

// eachPair goes through a table in the order it was written in.
func eachPair(t *lua.LTable, f func(k, v lua.LValue)) {
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		f(k, v)
	}
}

// text, expr, whole and flag read a word of one type.

func (r *specReader) text(to *string, v lua.LValue, word string) {
	if t, ok := v.(lua.LString); ok {
		*to = string(t)
		return
	}
	r.fail("%s is text, not %s", word, kindName(v))
}

// expr reads an expression, which may be a plain number.
func (r *specReader) expr(to *string, v lua.LValue, word string) {
	switch v := v.(type) {
	case lua.LString:
		if *to = string(v); *to == "" {
			r.fail("%s is empty", word)
		}
		return
	case lua.LNumber:
		if isWhole(v) {
			*to = v.String()
			return
		}
	}
	if n, ok := v.(lua.LNumber); ok {
		r.fail("%s is a whole number below 2^53 or an expression in text, not %s", word, n.String())
		return
	}
	r.fail("%s is an expression in text, not %s", word, describe(v))
}

func (r *specReader) whole(to *int, v lua.LValue, word string) {
	if n, ok := v.(lua.LNumber); ok && isWhole(n) {
		*to = int(n)
		return
	}
	r.fail("%s is a whole number, not %s", word, describe(v))
}

// positive is whole for a number that is at least 1.
func (r *specReader) positive(to *int, v lua.LValue, word string) {
	if v == lua.LNumber(0) {
		r.fail("%s is 1 or more, not 0", word)
		return
	}
	r.whole(to, v, word)
}

func (r *specReader) flag(to *bool, v lua.LValue, word string) {
	if b, ok := v.(lua.LBool); ok {
		*to = bool(b)
		return
	}
	r.fail("%s is true or false, not %s", word, describe(v))
}

func isWhole(n lua.LNumber) bool {
	return n == lua.LNumber(int64(n)) && n < maxExact && n > -maxExact
}

// texts reads an array of texts.
func (r *specReader) texts(v lua.LValue, word string) (all []string) {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail("%s is an array of texts, not %s", word, kindName(v))
		return nil
	}
	r.array(t, word, func(i int, v lua.LValue) {
		name := ""
		r.text(&name, v, word)
		all = append(all, name)
	})
	return all
}

// array calls f for each entry of an array without holes or names.
func (r *specReader) array(t *lua.LTable, word string, f func(i int, v lua.LValue)) {
	n := t.Len()
	for i := 1; i <= n; i++ {
		f(i, t.RawGetInt(i))
	}
	eachPair(t, func(k, _ lua.LValue) {
		if i, ok := k.(lua.LNumber); !ok || i < 1 || i > lua.LNumber(n) || !isWhole(i) {
			r.fail("%s is an array: %s does not belong there", word, k.String())
		}
	})
}
