package lualib

import (
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Sharing is what one state has of the shared maps.
type Sharing struct {
	st      *State
	maps    *SharedMaps
	now     sharedClock
	named   map[string]*sharedRef
	methods *lua.LTable
	meta    *lua.LTable
	live    bool // options come into force at once
}

// A sharedRef is the value of pkl.shared(name).
type sharedRef struct {
	ud    lua.LUserData
	m     *sharedMap
	now   sharedClock
	name  string
	conf  *sharedOptions // that this state has given; nil: none
	place string         // where
}

// RegisterShared adds shared to tb, the pkl table. now tells the
// time for ttl, in nanoseconds; 0: there is none yet.
// The same name gives the same value within the state. Options for a map that
// others have made come into force with Commit, so that a script that fails to
// start changes nothing.
func (st *State) RegisterShared(L *lua.LState, tb *lua.LTable, maps *SharedMaps, now func() int64) *Sharing {
	sh := &Sharing{st: st, maps: maps, now: now, named: map[string]*sharedRef{}, methods: L.NewTable(), meta: sealed(L)}
	setFuncs(L, sh.methods, sharedMethods())
	unknown := sealed(L)
	unknown.RawSetString("__index", L.NewFunction(sharedMissing))
	sh.methods.Metatable = unknown
	sh.meta.RawSetString("__index", sh.methods)
	setFuncs(L, sh.meta, map[string]lua.LGFunction{
		"__len":      sharedLen,
		"__newindex": sharedMissing,
		"__tostring": func(L *lua.LState) int { return retText(L, "pkl.shared") },
	})
	tb.RawSetString("shared", L.NewFunction(sh.open))
	return sh
}

// Commit puts the options that the state has given into force.
func (sh *Sharing) Commit() {
	sh.live = true
	for _, ref := range sh.named {
		if ref.conf != nil {
			ref.m.configure(*ref.conf, sh.now)
		}
	}
}

// open is pkl.shared(name [, {max =, ttl =}]).
func (sh *Sharing) open(L *lua.LState) int {
	name := argText(L, 1, "shared")
	checkSharedText(L, "a name", name)
	o := sharedOptions{max: defSharedEntries}
	given := L.Get(2) != lua.LNil
	if given {
		o.read(L, L.CheckTable(2))
	}
	ref := sh.named[name]
	if ref == nil {
		m, err := sh.maps.get(name, o)
		if err != nil {
			L.RaiseError("pkl.shared: %v", err)
		}
		ref = &sharedRef{m: m, now: sh.now, name: name}
		ref.ud.Value, ref.ud.Metatable = ref, sh.meta
		sh.named[name] = ref
	}
	if given {
		sh.adopt(L, ref, o)
	}
	return ret(L, &ref.ud)
}

// adopt notes the options of a map, which a state may give once.
func (sh *Sharing) adopt(L *lua.LState, ref *sharedRef, o sharedOptions) {
	switch {
	case ref.conf == nil:
		ref.conf, ref.place = &o, sh.st.Place(L)
		if sh.live {
			ref.m.configure(o, sh.now)
		}
	case *ref.conf != o:
		L.RaiseError("pkl.shared: %q has other options at %s", ref.name, ref.place)
	}
}

// read takes the options from a table.
func (o *sharedOptions) read(L *lua.LState, t *lua.LTable) {
	t.ForEach(func(k, v lua.LValue) {
		switch k.String() {
		case "max":
			n, ok := v.(lua.LNumber)
			if !ok || !(n >= 1 && n <= maxSharedEntries) || n != lua.LNumber(int(n)) {
				L.RaiseError("pkl.shared: max is a whole number from 1 to %d", maxSharedEntries)
			}
			o.max = int(n)
		case "ttl":
			o.keep = checkTTL(L, v)
		default:
			L.RaiseError("pkl.shared: unknown word %q: there are max and ttl", k.String())
		}
	})
}

// checkTTL reads a number of seconds; nil is 0.
func checkTTL(L *lua.LState, v lua.LValue) time.Duration {
	if v == lua.LNil {
		return 0
	}
	n, ok := v.(lua.LNumber)
	switch sec := float64(n); {
	case !ok || !(sec > 0):
		L.RaiseError("pkl.shared: ttl is a number of seconds above 0, not %s", describe(v))
	case sec < 1e9:
		return max(1, time.Duration(sec*1e9))
	}
	return forever
}

func sharedMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get":    sharedGet,
		"set":    sharedSet,
		"add":    sharedAdd,
		"incr":   sharedIncr,
		"delete": sharedDelete,
		"each":   sharedEach,
	}
}

func checkShared(L *lua.LState) *sharedRef {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if ref, ok := ud.Value.(*sharedRef); ok {
			return ref
		}
	}
	L.RaiseError("shared map expected as argument 1, got %s: call it with a colon", typeName(L, 1))
	return nil
}

func checkSharedText(L *lua.LState, what, text string) {
	if len(text) > maxSharedText {
		L.RaiseError("pkl.shared: %s has at most %d bytes, not %d", what, maxSharedText, len(text))
	}
}

// sharedKey returns argument 2 as a key.
func sharedKey(L *lua.LState) scalar {
	key, ok := scalarOf(L.Get(2))
	if !ok || key.kind == scalarBool || key.isNaN() {
		L.RaiseError("pkl.shared: a key is text or a number, not %s", describe(L.Get(2)))
	}
	checkSharedText(L, "a key", key.text)
	return key.asKey()
}

// sharedArg returns argument 3 as a value.
func sharedArg(L *lua.LState) scalar {
	v, ok := scalarOf(L.Get(3))
	if !ok {
		hint := ""
		if L.Get(3) == lua.LNil {
			hint = "; s:delete(key) removes one"
		}
		L.RaiseError("pkl.shared: a value is text, a number or a boolean, not %s%s", describe(L.Get(3)), hint)
	}
	checkSharedText(L, "a value", v.text)
	return v
}

func (ref *sharedRef) check(L *lua.LState, err error) {
	if err != nil {
		L.RaiseError("pkl.shared: %s: %v", ref.name, err)
	}
}

func sharedGet(L *lua.LState) int {
	ref := checkShared(L)
	if v, ok := ref.m.read(sharedKey(L), ref.now); ok {
		return ret(L, v.lua(L))
	}
	return ret(L, lua.LNil)
}

func sharedSet(L *lua.LState) int {
	ref := checkShared(L)
	ref.check(L, ref.m.set(sharedKey(L), sharedArg(L), checkTTL(L, L.Get(4)), ref.now))
	return 0
}

func sharedAdd(L *lua.LState) int {
	ref := checkShared(L)
	added, err := ref.m.add(sharedKey(L), sharedArg(L), checkTTL(L, L.Get(4)), ref.now)
	ref.check(L, err)
	return ret(L, lua.LBool(added))
}

func sharedIncr(L *lua.LState) int {
	ref, by := checkShared(L), numberScalar(1)
	if v := L.Get(3); v != lua.LNil {
		var ok bool
		if by, ok = scalarOf(v); !ok || !by.isFinite() {
			L.RaiseError("pkl.shared: the amount is a number, not %s", describe(v))
		}
	}
	sum, err := ref.m.incr(sharedKey(L), by, checkTTL(L, L.Get(4)), ref.now)
	ref.check(L, err)
	return ret(L, sum.lua(L))
}

func sharedDelete(L *lua.LState) int {
	ref := checkShared(L)
	return ret(L, lua.LBool(ref.m.delete(sharedKey(L), ref.now)))
}

func sharedLen(L *lua.LState) int {
	ref := checkShared(L)
	return ret(L, lua.LNumber(ref.m.len(ref.now)))
}

// sharedEach iterates over the map as it is now.
func sharedEach(L *lua.LState) int {
	ref := checkShared(L)
	all, i := ref.m.pairs(ref.now), 0
	charge(L, int64(len(all)))
	return ret(L, L.NewFunction(func(L *lua.LState) int {
		if i >= len(all) {
			return ret(L, lua.LNil)
		}
		p := all[i]
		i++
		L.Push(p.key.lua(L))
		L.Push(p.value.lua(L))
		return 2
	}))
}

// sharedMissing is s.name and s.name = value.
func sharedMissing(L *lua.LState) int {
	L.RaiseError("a shared map has no %q: s:get(key) and s:set(key, value) read and write", L.Get(2).String())
	return 0
}
