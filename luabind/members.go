package luabind

import (
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// A recordType says what the names on a layer or on an item mean. There is one
// for each layout, filled as names are used.
type recordType struct {
	layout *core.Layout
	foot   *core.Layout // nil for items
	proto  *core.Proto  // nil for items
	item   bool
	byName map[string]*member
}

// A memberKind says what a name on a record stands for.
type memberKind uint8

const (
	isField  memberKind = iota
	isRaw               // the bytes of a field
	isAttr              // something every record has
	isMethod            // a function
	isAbove             // the layer of that name above
	isAbsent            // a field of another kind of item of the same list
)

// A member is what one name on a record means.
type member struct {
	kind memberKind
	foot bool // the field is in the footer
	slot *core.Slot
	get  func(*State, *recordRef, *core.Packet) lua.LValue // isAttr
	fn   *lua.LFunction                                    // isMethod
	to   *core.Proto                                       // isAbove
	name string
}

// typeOf returns the type of a record.
func (s *State) typeOf(p *core.Packet, id core.ID) *recordType {
	lay := p.LayoutOf(id)
	if t := s.types[lay]; t != nil {
		return t
	}
	t := &recordType{layout: lay, item: p.ParentOf(id) != core.None, byName: map[string]*member{}}
	if !t.item {
		t.proto = p.ProtoOf(id)
		t.foot = t.proto.Foot()
	}
	s.types[lay] = t
	return t
}

// protoType is typeOf for the header of a protocol.
func (s *State) protoType(pr *core.Proto) *recordType {
	lay := pr.Head()
	t := s.types[lay]
	if t == nil {
		t = &recordType{layout: lay, foot: pr.Foot(), proto: pr, byName: map[string]*member{}}
		s.types[lay] = t
	}
	return t
}

// member finds what name means on r, or raises.
func (s *State) member(L *lua.LState, r *recordRef, p *core.Packet, name string) *member {
	if m := r.typ.byName[name]; m != nil {
		return m
	}
	m := s.findMember(r, p, name)
	if m == nil {
		L.RaiseError("%s has no field %q%s", r.typ.title(), name, LayerHint(name, s.memberNames(r, p)))
	}
	r.typ.byName[name] = m
	return m
}

// title names the type in messages.
func (t *recordType) title() string {
	if t.item {
		return "item of " + t.layout.Name
	}
	return t.layout.Name
}

func (s *State) findMember(r *recordRef, p *core.Packet, name string) *member {
	if m := r.typ.field(name); m != nil {
		return m
	}
	if base, ok := strings.CutSuffix(name, "_raw"); ok {
		if m := r.typ.field(base); m != nil {
			m.kind, m.name = isRaw, name
			return m
		}
	}
	if m := s.attribute(r.typ, name); m != nil {
		return m
	}
	if r.typ.item {
		return otherKind(r, p, name)
	}
	if pr := p.Registry().Proto(name); pr != nil {
		return &member{kind: isAbove, to: pr, name: name}
	}
	if v := r.typ.layout.Lookup(name); v != nil {
		return &member{kind: isField, slot: v, name: name}
	}
	return nil
}

// field finds a field of the header or the footer.
func (t *recordType) field(name string) *member {
	if s := t.layout.Slot(name); s != nil && name != "" {
		return &member{kind: isField, slot: s, name: name}
	}
	if t.foot == nil {
		return nil
	}
	if s := t.foot.Slot(name); s != nil && name != "" {
		return &member{kind: isField, slot: s, foot: true, name: name}
	}
	return nil
}

// otherKind finds a field that other items of the list have.
func otherKind(r *recordRef, p *core.Packet, name string) *member {
	list := p.ListSlot(p.ParentOf(r.id))
	base := strings.TrimSuffix(name, "_raw")
	for _, lay := range list.Layouts() {
		if s := lay.Slot(base); s != nil {
			return &member{kind: isAbsent, slot: s, name: name}
		}
	}
	return nil
}

// memberNames lists what could have been meant.
func (s *State) memberNames(r *recordRef, p *core.Packet) []string {
	names := fieldNames(r.typ.layout)
	if r.typ.foot != nil {
		names = append(names, fieldNames(r.typ.foot)...)
	}
	if r.typ.item {
		for _, lay := range p.ListSlot(p.ParentOf(r.id)).Layouts() {
			names = append(names, fieldNames(lay)...)
		}
	} else {
		names = append(names, p.Registry().Names()...)
	}
	return append(names, attrNames(r.typ.item)...)
}

func fieldNames(l *core.Layout) (names []string) {
	for _, s := range l.Slots {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return names
}

// hint is the nearest of names, as the end of a message.
func hint(name string, among []string) string {
	if n := core.Nearest(name, among); n != "" {
		return " (did you mean \"" + n + "\"?)"
	}
	return ""
}

// keysOf returns the keys of m in order.
func keysOf[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
