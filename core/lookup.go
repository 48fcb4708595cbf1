package core

import (
	"fmt"
	"slices"
	"strings"
)

// A list of names and values, such as headers, can be looked into by name: a
// name that is no field of the record stands for the first item of that name.

// Lookup returns a field that stands for the value of the first item of that
// name in a list with lookup, or nil if the layout has no such list. Letter case
// does not matter, and _ stands for -.
func (l *Layout) Lookup(name string) *Slot {
	if l.lookup == nil || !isName(name) || strings.HasSuffix(name, "_raw") {
		return nil
	}
	s := &Slot{layout: l, idx: len(l.Slots), span: none, width: none, konst: none, lookup: l.lookup}
	s.take(&Field{Name: name, Kind: Text, Get: name})
	s.get = &getter{bytes: func(e *env) ([]byte, bool) {
		value, item := e.p.lookUp(e.rec, s)
		if item == none {
			return nil, false
		}
		b, ok := e.p.raw(item, value)
		return value.textOf(b), ok
	}}
	return s
}

// lookUp returns the first item that s stands for, and the field with its value.
func (p *Packet) lookUp(id int32, s *Slot) (value *Slot, item int32) {
	l := p.list(id, s.lookup)
	if l == none {
		return nil, none
	}
	for _, item := range p.items(l) {
		lay := p.nodes[item].layout
		name, value := lay.byName[s.lookup.Lookup[0]], lay.byName[s.lookup.Lookup[1]]
		if b, ok := p.raw(item, name); ok && sameHeader(name.textOf(b), s.Name) {
			return value, item
		}
	}
	return nil, none
}

// sameHeader compares the name of an item with that of a field.
func sameHeader(b []byte, name string) bool {
	if len(b) != len(name) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		d := name[i]
		if 'A' <= d && d <= 'Z' {
			d += 'a' - 'A'
		}
		if c != d && !(c == '-' && d == '_') {
			return false
		}
	}
	return true
}

// setLookup stores a value under a name: in the first item that has it, or in a
// new one at the end. nil takes all of that name out.
func (p *Packet) setLookup(id int32, s *Slot, v any) error {
	value, item := p.lookUp(id, s)
	switch {
	case v != nil && item != none:
		return p.Set(item, value, v)
	case v != nil:
		if err := p.begin(true); err != nil {
			return err
		}
		l := p.list(id, s.lookup)
		if l == none {
			return fmt.Errorf("%s is absent here", s.lookup)
		}
		look := s.lookup.Lookup
		return p.insertItem(l, len(p.items(l)), map[string]any{look[0]: headerName(s.Name), look[1]: v})
	}
	for item != none {
		if err := p.Remove(item); err != nil {
			return err
		}
		_, item = p.lookUp(id, s)
	}
	return nil
}

// lookups returns the names given for items of a list with lookup, sorted.
func (b *builder) lookups(lays []*Layout, others ...string) (names []string) {
	for name := range b.given {
		if !takes(name, lays, others) && lays[0].Lookup(name) != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// headerName writes the name of a field as that of an item: user_agent as User-Agent.
func headerName(name string) string {
	words := strings.Split(name, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "-")
}

// lookups checks a list that can be looked into, and notes it.
func (c *compiler) lookups(l *Layout, s *Slot) {
	switch {
	case len(s.Lookup) != 2:
		c.failAt(s, "lookup is two fields of the items: of the name and of the value")
		return
	case l.lookup != nil:
		c.failAt(s, "lookup: %s has it already", l.lookup.Name)
		return
	}
	for _, lay := range s.Layouts() {
		for _, name := range s.Lookup {
			f := lay.byName[name]
			if f == nil {
				c.failAt(s, "lookup: the items have no field %q%s", name, c.hint(name, lay.names()))
			} else if f.Kind != Text {
				c.failAt(s, "lookup: %s is no text", f)
			}
		}
	}
	l.lookup = s
}
