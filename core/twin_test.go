package core

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A route names a record the way a script reaches it.
type route struct {
	layer int
	foot  bool
	steps []routeStep
}

type routeStep struct {
	slot *Slot
	item int
}

func (r route) step(s *Slot, i int) route {
	r.steps = append(slices.Clone(r.steps), routeStep{s, i})
	return r
}

// at returns the record of a packet that the route leads to.
func (r route) at(p *Packet) ID {
	id := p.First()
	for range r.layer {
		id = p.Upper(id)
	}
	if r.foot {
		id = p.Foot(id)
	}
	for _, s := range r.steps {
		id = p.Items(p.List(id, s.slot))[s.item]
	}
	return id
}

// A handle is what a script holds of a record: another one may get its ID, but not its birth too.
type handle struct {
	id    ID
	birth uint32
}

// A pair is a packet and its twin, and a second packet that is edited without
// ever being looked at.
type pair struct {
	d     *drawer
	twin  *twin
	p     *Packet
	blind *Packet
	gone  []handle // removed from p
	log   []string
}

// note reports what was done if the test panics.
func (x *pair) note() {
	switch e := recover().(type) {
	case nil:
	case runtime.Error:
		x.fail("panic: %v\n%s", e, debug.Stack())
	default:
		panic(e)
	}
}

// newPair draws a packet and its twin.
func newPair(d *drawer, r *Registry) *pair {
	w := &twin{reg: r}
	asFound := d.chance(2, "found")
	d.pins = !asFound && d.chance(3, "pins") // bytes have nothing pinned
	defer func() { d.pins = false }()
	for _, pr := range d.chain(r) {
		if slices.ContainsFunc(pr.keys, func(k keySource) bool { return k.slots[0].Alt != nil }) {
			d.t.Skip("two fields of one name are the key")
		}
		w.layers = append(w.layers, twinOf(pr, d.layer(pr)))
		w.join(len(w.layers) - 2)
	}
	p, err := w.build()
	if err != nil {
		d.t.Skip(err)
	}
	x := &pair{d: d, twin: w, p: p}
	if asFound {
		x.unpin()
		if x.p = found(p); text(x.p) != text(p) {
			d.t.Skip("is found otherwise")
		}
	} else if x.p = x.unsettled(); d.chance(2, "updated") {
		x.p.Update()
	}
	x.blind = x.p.Copy()
	x.attach()
	return x
}

// unsettled builds the packet from the bottom up and leaves derived fields as they are.
func (x *pair) unsettled() *Packet {
	var p *Packet
	for _, r := range x.twin.layers {
		q, err := Build(r.proto, r.givenAlone())
		if err == nil && p != nil {
			q, err = Concat(p, q)
		}
		if err != nil {
			x.d.t.Skip(err)
		}
		p = q
	}
	return p
}

// unpin notes that nothing is set in a packet that came as bytes: keys have the values they have.
func (x *pair) unpin() {
	for _, r := range x.twin.layers {
		for _, k := range r.proto.keys {
			for _, s := range k.slots {
				if v, ok := r.values[s.Name]; ok {
					e, _ := s.encode(v)
					r.keys[s.Name] = e.(uint64)
					delete(r.values, s.Name)
				}
			}
		}
	}
}

// attach follows the records of the twin in the packet: those known must be
// where they are expected, new ones are noted.
func (x *pair) attach() {
	id := x.p.First()
	for i, r := range x.twin.layers {
		if id == None {
			x.fail("layer %d (%s) is missing", i, r.proto.Name)
		}
		x.attachRecord(r, id)
		id = x.p.Upper(id)
	}
	if id != None {
		x.fail("there is a layer %s more", x.p.ProtoOf(id).Name)
	}
}

func (x *pair) attachRecord(r *twinRecord, id ID) {
	if r.id == 0 {
		r.id, r.birth = id, x.p.Birth(id)
	}
	if r.id != id || !x.p.Alive(id) || x.p.Birth(id) != r.birth {
		x.fail("record %d is now %d", r.id, id)
	}
	if r.plain != nil || r.wire != nil {
		return
	}
	recs := []ID{id}
	if f := x.p.Foot(id); x.p.ParentOf(id) == None && f != None {
		recs = append(recs, f)
	}
	for _, s := range x.p.LayoutOf(id).Slots {
		if v, ok := x.p.num(id, s); s.makesRoom && ok && v == 1 {
			r.raise(s)
		}
	}
	for _, rec := range recs {
		for _, s := range x.p.LayoutOf(rec).Slots {
			if l := x.p.List(rec, s); l != None {
				x.attachList(r, s, l)
			}
		}
	}
}

func (x *pair) attachList(r *twinRecord, s *Slot, l ID) {
	t := r.lists[s.Name]
	if t == nil { // its default, or nothing
		t = &twinList{}
		for _, it := range x.p.Items(l) {
			now := &twinRecord{wire: append([]byte{}, x.p.Header(it)...)}
			if s.items.plain {
				now = &twinRecord{plain: x.p.value(it, x.p.LayoutOf(it).Slots[0])}
			}
			t.items = append(t.items, now)
		}
		if len(t.items) > 0 {
			r.lists[s.Name] = t
		}
	}
	if t.raw != nil {
		return
	}
	items := x.p.Items(l)
	if len(items) != len(t.items) {
		x.fail("%s has %d items, the twin %d", s, len(items), len(t.items))
	}
	for i, it := range items {
		x.attachRecord(t.items[i], it)
	}
}

func (x *pair) fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, line := range x.log {
		text += "\n  " + line
	}
	x.d.t.Fatalf("%s\n%s", text, show(x.p))
}

// do edits the packet and the blind one alike, and the twin by mirror. An edit
// that fails leaves the packet as it was, and is one that the twin cannot do either.
func (x *pair) do(name string, edit func(p *Packet) error, mirror func()) {
	x.log = append(x.log, name)
	before := noted(x.p)
	p, blind := x.p, x.blind
	err := edit(p)
	err2 := edit(blind)
	if fmt.Sprint(err) != fmt.Sprint(err2) {
		x.fail("looked at: %v; not looked at: %v", err, err2)
	}
	if err == nil {
		mirror()
		return
	}
	x.log[len(x.log)-1] += ": " + err.Error()
	if now := noted(x.p); now != before {
		x.fail("failed, and left\n%s\nof\n%s", now, before)
	}
	keep, gone := x.twin.clone(), slices.Clone(x.gone)
	mirror()
	if _, err2 := x.twin.build(); err2 == nil && !strings.Contains(err.Error(), "nil is no value for it") {
		x.fail("refused, though the twin can be built: %v", err)
	}
	x.twin, x.gone = keep, gone
}

// check compares the packet, brought up to date, with the twin's.
func (x *pair) check() {
	x.attach()
	for id := x.p.First(); id != None; id = x.p.Upper(id) {
		n := &x.p.nodes[id]
		if n.flags&isFirst != 0 || n.proto.pieces != nil && x.p.holds(n.proto.pieces, id) {
			x.d.t.Skip("it is or came as the first piece of a message: sums follow by difference, and a CRC cannot")
		}
	}
	for _, h := range x.gone {
		if x.p.Alive(h.id) && x.p.Birth(h.id) == h.birth {
			x.fail("record %d was removed and is alive", h.id)
		}
	}
	want, err := x.twin.build()
	if err != nil {
		x.fail("the twin cannot be built: %v", err)
	}
	for name, p := range map[string]*Packet{"": x.p, " (not looked at)": x.blind} {
		have := p.Copy()
		if have.Update(); string(have.Raw()) != string(want.Raw()) {
			x.fail("bytes%s\n%x, the twin's\n%x\n%s\n%s", name, have.Raw(), want.Raw(), firstDiff(have, want), show(want))
		}
		have.Update()
		if _ = have.UpdateAll(); string(have.Raw()) != string(want.Raw()) {
			x.fail("bytes%s after UpdateAll\n%x, the twin's\n%x\n%s\n%s", name, have.Raw(), want.Raw(), firstDiff(have, want), show(want))
		}
	}
}

// A target is a record with its route.
type target struct {
	r  *twinRecord
	at route
}

// targets lists every record the twin follows.
func (x *pair) targets() (all []target) {
	for i, r := range x.twin.layers {
		all = append(all, target{r, route{layer: i}})
		all = x.below(all, r, route{layer: i})
	}
	return all
}

func (x *pair) below(all []target, r *twinRecord, at route) []target {
	for _, s := range x.p.LayoutOf(r.id).Slots {
		if t := r.lists[s.Name]; t != nil && t.raw == nil && s.Kind == List && s.Get == "" && x.p.Has(r.id, s) {
			for i, it := range t.items {
				all = append(all, target{it, at.step(s, i)})
				if it.plain == nil && it.wire == nil {
					all = x.below(all, it, at.step(s, i))
				}
			}
		}
	}
	return all
}

// step does one random thing.
func (x *pair) step() {
	switch x.d.int(0, 14, "what") {
	case 0:
		x.log = append(x.log, "Update")
		x.p.Update()
		x.blind.Update()
	case 1:
		x.log = append(x.log, "Copy")
		x.p = x.p.Copy()
	case 2:
		x.insertLayer()
	case 3:
		x.removeLayer()
	case 4:
		x.setBody()
	case 5:
		x.concat()
	case 6, 7, 8:
		x.editList()
	case 9:
		x.unset()
	case 10:
		x.setItemBody()
	default:
		x.setField()
	}
}

// TestLawTwin: any edits and reads give the bytes that building anew gives.
func TestLawTwin(t *testing.T) {
	for _, w := range twinWorlds(t) {
		t.Run(w.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { runTwin(t, w.reg) })
		})
	}
}

func runTwin(t *rapid.T, r *Registry) {
	x := newPair(&drawer{t: t}, r)
	x.log = append(x.log, show(x.p))
	defer x.note()
	for range x.d.int(1, 8, "steps") {
		x.step()
		x.check()
	}
}

// twinWorlds are worlds with a protocol that is nothing but bytes, which the twin needs.
func twinWorlds(t testing.TB) (list []world) {
	for _, w := range worlds(t) {
		if w.reg.Proto("blob") == nil {
			specs := append(slices.Clone(w.reg.Specs), &Spec{Name: "blob", Fields: []Field{{Name: "data", Kind: Bytes}}})
			r, err := Compile(specs, w.reg.Shapes, w.reg.binds)
			if err != nil {
				t.Fatal(err)
			}
			w.reg = r
		}
		list = append(list, w)
	}
	return list
}

// firstDiff says where two packets differ first.
func firstDiff(a, b *Packet) string {
	x, y := a.Raw(), b.Raw()
	i := 0
	for i < min(len(x), len(y)) && x[i] == y[i] {
		i++
	}
	return fmt.Sprintf("%d and %d bytes; from byte %d: %.40x, %.40x", len(x), len(y), i, x[i:], y[i:])
}
