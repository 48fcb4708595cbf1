package lint

import (
	"pkl/core"
)

// A kind is what the text tells of a value.
type kind uint8

const (
	nothing   kind = iota // no value was seen so far; nil
	unknown               // anything
	plain                 // certainly no packet and no part of one: a table, a text
	packet                // certainly
	likely                // a parameter that is named like a packet
	layer                 // of proto
	someLayer             // of an unknown protocol
	list                  // of slots
	item                  // of a list of slots
	packets               // an array of packets
	pklTable
	pklFunc    // pkl.name
	protoTable // pkl.proto
	proto      // pkl.tcp
	names      // pkl.tcp.flags: the values of slots
	object     // what has members only; name says which
	library    // string, table, …
	iterator   // gives first, second
	luaFunc    // of the script
)

// A value is what is known of the value of an expression.
type value struct {
	kind          kind
	proto         *core.Proto
	slot          *core.Slot // list, item, names: the first of the fields of that name
	name          string
	fn            *function
	first, second kind // what an iterator gives; items are of slot
	open          bool // likely, of a function that may be called with anything
}

// A function of the script.
type function struct {
	params  []*variable
	result  *variable
	outer   *function // it stands in this one; nil: the chunk
	handler bool      // pkl calls it, for packets, by a timer or at the end
	called  bool      // the script calls it
	open    bool      // it may be called from anywhere, with anything
}

// late reports whether a function runs only while packets are handled.
func (fn *function) late() bool {
	for ; fn != nil; fn = fn.outer {
		if fn.handler && !fn.called && !fn.open {
			return true
		}
	}
	return false
}

// A varKey is the declaration of a variable: the node and which name of it.
type varKey struct {
	node any
	n    int
}

// A variable and what it may hold.
type variable struct {
	holds value
	named bool // as packets are
	open  bool // the parameter of an open function
}

// value is what is known of the variable's value.
func (v *variable) value() value {
	if v.named && (v.holds.kind == unknown || v.holds.kind == nothing) {
		return value{kind: likely, open: v.open}
	}
	return v.holds
}

// join makes v hold x too. What holds two kinds of things holds anything.
func (f *file) join(v *variable, x value) {
	switch {
	case x.kind == nothing || v.holds == x || v.holds.kind == unknown && x.fn == nil:
		return
	case v.holds.kind == nothing:
		v.holds = x
	default:
		f.escape(x)
		f.escape(v.holds)
		if v.holds.kind == unknown {
			return
		}
		v.holds = value{kind: unknown}
	}
	f.changed = true
}

// escape notes that a value goes where it cannot be followed: a function may
// then be called with anything.
func (f *file) escape(x value) {
	if x.fn == nil || x.fn.open {
		return
	}
	x.fn.open = true
	f.changed = true
	for _, p := range x.fn.params {
		p.open = true
		f.join(p, value{kind: unknown})
	}
}

// variable returns the variable of a declaration.
func (f *file) variable(node any, n int) *variable {
	key := varKey{node, n}
	if f.vars[key] == nil {
		f.vars[key] = &variable{}
	}
	return f.vars[key]
}

// global returns the variable of a global that is assigned.
func (f *file) global(name string) *variable {
	if f.globals[name] == nil {
		f.globals[name] = &variable{}
		f.changed = true
	}
	return f.globals[name]
}

func (f *file) enter() { f.scopes = append(f.scopes, map[string]*variable{}) }
func (f *file) leave() { f.scopes = f.scopes[:len(f.scopes)-1] }

func (f *file) declare(name string, v *variable) { f.scopes[len(f.scopes)-1][name] = v }

// local returns the local variable of that name, or nil.
func (f *file) local(name string) *variable {
	for i := len(f.scopes) - 1; i >= 0; i-- {
		if v := f.scopes[i][name]; v != nil {
			return v
		}
	}
	return nil
}
