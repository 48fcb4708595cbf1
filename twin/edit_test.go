package twin

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pkl/core"
	"pkl/protocols"
)

// A place is one field of a packet, or with slot nil one layer.
type place struct {
	name string // "tcp#1.opts[2].len"
	id   core.ID
	slot *core.Slot
}

// places lists everything in a packet that can be edited, in a fixed order.
func places(p *core.Packet) (all []place) {
	for id := p.First(); id != core.None; id = p.Upper(id) {
		name := fmt.Sprintf("%s#%d", p.ProtoOf(id).Name, p.Instance(id))
		all = append(all, place{name, id, nil})
		all = append(all, fieldPlaces(p, id, name)...)
	}
	return all
}

// fieldPlaces lists the fields of a layer or an item, and what is in its lists.
func fieldPlaces(p *core.Packet, id core.ID, name string) (all []place) {
	for rec, s := range p.Fields(id) {
		at := name + "." + s.Name
		all = append(all, place{at, rec, s})
		if s.Kind != core.List || s.Plain() {
			continue
		}
		for i, item := range slices.Clone(p.Items(p.List(rec, s))) {
			all = append(all, fieldPlaces(p, item, fmt.Sprintf("%s[%d]", at, i+1))...)
		}
	}
	return all
}

// An edit is one change at a place, of which it may tell the outcome.
type edit struct {
	name string
	do   func(p *core.Packet, at place) error
}

// edits returns what can be done at a place.
func edits(at place) []edit {
	switch {
	case at.slot == nil:
		return layerEdits()
	case at.slot.Kind == core.List:
		return listEdits()
	}
	return []edit{
		{"another value", func(p *core.Packet, at place) error { return p.Set(at.id, at.slot, another(p, at)) }},
		{"a longer value", func(p *core.Packet, at place) error { return p.Set(at.id, at.slot, longer(p, at)) }},
		{"nil", func(p *core.Packet, at place) error { return p.Set(at.id, at.slot, nil) }},
	}
}

// another returns a legal value for a field that is not the one it has.
func another(p *core.Packet, at place) any {
	switch at.slot.Kind {
	case core.MAC:
		return "02:00:5e:10:00:07"
	case core.IP4:
		return "192.0.2.77"
	case core.IP6:
		return "2001:db8::77"
	case core.Name:
		return "twin.example"
	case core.Number:
		v, _ := p.Num(at.id, at.slot)
		return at.slot.Int(v ^ 1)
	}
	b, _ := p.Data(at.id, at.slot)
	b = bytes.Clone(b)
	for i := range b {
		b[i] ^= 0x20
	}
	return b
}

// longer returns a value that needs more room, where there is room.
func longer(p *core.Packet, at place) any {
	switch at.slot.Kind {
	case core.Bytes, core.Text:
		b, _ := p.Data(at.id, at.slot)
		return append(bytes.Clone(b), "more"...)
	case core.Name:
		name, _ := p.AppendName(nil, at.id, at.slot)
		return "www." + strings.TrimSuffix(string(name), ".")
	case core.Number:
		return ^uint64(0) >> (64 - at.slot.Bits)
	}
	return another(p, at)
}

func layerEdits() []edit {
	return []edit{
		{"body", func(p *core.Packet, at place) error { return p.SetBody(at.id, []byte("another body")) }},
		{"no body", func(p *core.Packet, at place) error { return p.SetBody(at.id, []byte{}) }},
		{"trailer", func(p *core.Packet, at place) error { return p.SetTrailer(at.id, []byte("tail")) }},
		{"remove", func(p *core.Packet, at place) error { return p.Remove(at.id) }},
		{"reverse", func(p *core.Packet, _ place) error { return p.Reverse() }},
		{"insert", insertSame},
		{"update all", func(p *core.Packet, _ place) error { return p.UpdateAll() }},
	}
}

// insertSame puts a layer of the same protocol, of defaults, above a layer.
func insertSame(p *core.Packet, at place) error {
	q, err := core.Build(p.ProtoOf(at.id), nil)
	if err != nil {
		return err
	}
	return p.Insert(at.id, q)
}

func listEdits() []edit {
	return []edit{
		{"append default", onList(func(p *core.Packet, l core.ID, n int) error { return p.InsertItem(l, n, plainOr(p, l)) })},
		{"prepend a copy", onList(func(p *core.Packet, l core.ID, n int) error {
			if n == 0 {
				return nil
			}
			return p.InsertItem(l, 0, bytes.Clone(p.Header(p.Items(l)[n-1])))
		})},
		{"remove the first", onList(func(p *core.Packet, l core.ID, n int) error {
			if n == 0 {
				return nil
			}
			return p.RemoveItem(l, 0)
		})},
		{"item body", onList(func(p *core.Packet, l core.ID, n int) error {
			if n == 0 {
				return nil
			}
			return p.SetBody(p.Items(l)[0], []byte("item"))
		})},
		{"clear", onList(func(p *core.Packet, l core.ID, _ int) error { return p.ClearList(l) })},
	}
}

// plainOr is a value for a list of values, or an item of defaults.
func plainOr(p *core.Packet, l core.ID) any {
	s := p.ListSlot(l)
	if !s.Plain() {
		return map[string]any{}
	}
	switch s.Layouts()[0].Slots[0].Kind {
	case core.Number:
		return 1
	case core.IP4:
		return "192.0.2.78"
	case core.IP6:
		return "2001:db8::78"
	}
	return "x"
}

// onList is an edit of a list with its number of items.
func onList(do func(p *core.Packet, l core.ID, n int) error) func(*core.Packet, place) error {
	return func(p *core.Packet, at place) error {
		l := p.List(at.id, at.slot)
		return do(p, l, len(p.Items(l)))
	}
}

// An outcome is what an edit has made of a packet.
type outcome struct {
	err   error
	bytes []byte
	text  string
}

// after makes one edit at the place with number i.
func (f *frame) after(reg *core.Registry, i int, e edit) outcome {
	p := f.packet(reg)
	err := e.do(p, places(p)[i])
	p.Update()
	return outcome{err, p.Raw(), p.String()}
}

func (o *outcome) equal(q *outcome) bool {
	return fmt.Sprint(o.err) == fmt.Sprint(q.err) && bytes.Equal(o.bytes, q.bytes) && o.text == q.text
}

// maxPlaces keeps out packets with thousands of items, of which the time for all
// edits grows with the square.
const maxPlaces = 250

// An editor makes edits on two twins and counts what came of them.
type editor struct {
	want, got *core.Registry
	edits     int
	done      map[string]int // edits that succeeded, by protocol and by name
}

// frame makes every edit at every place of a frame, one at a time.
func (e *editor) frame(t *testing.T, f *frame) bool {
	t.Helper()
	a, b := places(f.packet(e.want)), places(f.packet(e.got))
	if len(a) > maxPlaces {
		return true
	}
	if !slices.EqualFunc(a, b, func(a, b place) bool { return a.name == b.name }) {
		t.Errorf("%s: other fields", f.from)
		return false
	}
	for i, at := range a {
		for _, ed := range edits(at) {
			want, got := f.after(e.want, i, ed), f.after(e.got, i, ed)
			if !want.equal(&got) {
				t.Errorf("%s: %s: %s: from Go: %v\n%x\n%s\nfrom Lua: %v\n%x\n%s", f.from, at.name, ed.name,
					want.err, want.bytes, want.text, got.err, got.bytes, got.text)
				return false
			}
			e.note(at, ed, want.err)
		}
	}
	return true
}

func (e *editor) note(at place, ed edit, err error) {
	e.edits++
	if err == nil {
		proto, _, _ := strings.Cut(at.name, "#")
		e.done[proto]++
		e.done[ed.name]++
	}
}

// TestSameEdits: every field is set, every list and layer changed, and the bytes
// are the same with all protocols from Lua. The packets are a sample for each
// protocol: the captures have many of one kind.
func TestSameEdits(t *testing.T) {
	each := 30
	if testing.Short() {
		each = 5
	}
	e := editor{want: inGo(t), got: inLua(t), done: map[string]int{}}
	frames := slices.Concat(built(t, e.want), captured(t), invented(e.want, 20))
	done := map[*frame]bool{}
	for _, spec := range protocols.All() {
		for _, f := range sample(frames, e.want, spec.Name, each) {
			if !done[f] && !e.frame(t, f) {
				break
			}
			done[f] = true
		}
	}
	e.proves(t)
	t.Logf("%d packets, %d edits, succeeded: %v", len(done), e.edits, e.done)
}

// proves wants that something was edited in every protocol, and that every edit
// succeeded somewhere.
func (e *editor) proves(t *testing.T) {
	t.Helper()
	for _, name := range e.want.Names() {
		if e.done[name] == 0 {
			t.Errorf("no edit of %s succeeded", name)
		}
	}
	field := place{slot: &core.Slot{}}
	for _, ed := range slices.Concat(edits(field), layerEdits(), listEdits()) {
		if e.done[ed.name] == 0 {
			t.Errorf("no edit %q succeeded", ed.name)
		}
	}
}
