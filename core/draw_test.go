package core

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The laws run the same way every time; -rapid.seed asks for other values.
func init() {
	for name, value := range map[string]string{"rapid.seed": "20260101", "rapid.nofailfile": "true", "rapid.shrinktime": "3s"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
}

// Builtin compiles pkl's own protocols. A test package outside sets it, since
// this one may not import them.
var Builtin func() (*Registry, error)

// A world is a registry whose protocols the laws are tried on.
type world struct {
	name string
	reg  *Registry
}

func worlds(t testing.TB) []world {
	t.Helper()
	all := []world{{"mini", mini(t)}, {"made", made(t)}}
	if Builtin != nil {
		r, err := Builtin()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, world{"builtin", r})
	}
	return all
}

// eachProto runs a property for every protocol of every world.
func eachProto(t *testing.T, f func(t *rapid.T, pr *Proto)) {
	for _, w := range worlds(t) {
		for _, pr := range w.reg.Protos() {
			t.Run(w.name+"/"+pr.Name, func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) { f(t, pr) })
			})
		}
	}
}

// A drawer draws legal values of fields.
type drawer struct {
	t    *rapid.T
	pins bool // derived fields too
}

func (d *drawer) int(lo, hi int, what string) int { return rapid.IntRange(lo, hi).Draw(d.t, what) }

func (d *drawer) chance(of int, what string) bool { return d.int(1, of, what) == 1 }

// number draws bits of a number: often an edge.
func (d *drawer) number(s *Slot) any {
	var bits uint64
	switch d.int(0, 5, "edge") {
	case 0:
		bits = 0
	case 1:
		bits = ones(s.Bits)
	case 2:
		bits = 1 << (s.Bits - 1)
	case 3:
		bits = ones(s.Bits) >> 1
	default:
		bits = rapid.Uint64().Draw(d.t, s.Name) & ones(s.Bits)
	}
	return asValue(s, bits)
}

// asValue is the value of a number as a script would write it.
func asValue(s *Slot, bits uint64) any {
	switch {
	case s.Bool():
		return bits == 1
	case s.Signed:
		return s.signed(bits)
	}
	return bits
}

var sampleNames = []string{".", "a", "b.a", "c.b.a", "www.example.com", "example.com", `d\.e.f`, `\000\255.x`, "A.b", strings.Repeat("x", 63) + ".y"}

// value draws a value of a field that is no list.
func (d *drawer) value(s *Slot, size int) any {
	s = plain(s)
	switch s.Kind {
	case Number:
		return d.number(s)
	case Name:
		return rapid.SampledFrom(sampleNames).Draw(d.t, s.Name)
	}
	switch {
	case s.filled() && d.chance(2, "shorter"):
		size = d.int(0, s.width/8, "size")
	case s.width >= 0:
		size = s.width / 8
	case size < 0:
		size = d.int(0, 12, "size")
		if d.chance(20, "long") {
			size *= 40
		}
	}
	b := rapid.SliceOfN(rapid.Byte(), size, size).Draw(d.t, s.Name)
	for s.until != nil && strings.Contains(string(b), s.Until) {
		b = b[:strings.Index(string(b), s.Until)]
	}
	if s.Kind == Text && d.chance(2, "as text") {
		return string(b)
	}
	return b
}

// record draws values for some fields of a layout: those whose presence and size hang on nothing.
func (d *drawer) record(lay *Layout, depth int) m {
	v := m{}
	for _, s := range lay.Slots {
		switch {
		case s.Name == "" || !d.free(s) || v[s.Name] != nil || d.chance(2, "leave out"):
		case s.Kind == List:
			if items := d.items(s, depth); items != nil {
				v[s.Name] = items
			}
		default:
			v[s.Name] = d.value(s, -1)
		}
	}
	return v
}

// free reports whether a field may get any value while its record is built.
func (d *drawer) free(s *Slot) bool {
	switch {
	case s.Get != "" || s.Kind == Pad || s.part != nil:
		return false
	case s.rule != nil || s.table != nil:
		return d.pins && d.chance(4, "pin")
	case s.when != nil:
		return s.followed()
	case s.Kind != Number && s.Kind != List && s.size != nil && s.konst < 0:
		return s.sizeFollows()
	}
	return true
}

// items draws the items of a list, or nil where their kind hangs on what is around it.
func (d *drawer) items(s *Slot, depth int) []any {
	if s.items.one == nil && s.items.probe.by == nil || depth > 2 {
		return nil
	}
	n := d.int(0, 3, "items")
	if s.Last != "" {
		n = max(n, 1) // no items cannot be told
	}
	list := make([]any, 0, n)
	for range n {
		list = append(list, d.item(s, depth))
	}
	d.markLast(s, list)
	return list
}

func (d *drawer) item(s *Slot, depth int) any {
	lay := s.items.one
	var by any
	if lay == nil {
		lay, by = d.kind(s)
	}
	if s.items.plain {
		return d.value(lay.Slots[0], -1)
	}
	v := d.record(lay, depth+1)
	if by != nil {
		v[s.items.probe.by.Name] = by
	}
	d.notEnd(s, v)
	return v
}

// kind draws a kind of item and a value of its discriminator.
func (d *drawer) kind(s *Slot) (*Layout, any) {
	by := s.items.probe.by
	if i := d.int(0, len(s.items.kinds), "kind"); i < len(s.items.kinds) {
		k := s.items.kinds[i]
		hi := min(k.hi, k.lo+20, int64(ones(by.Bits)))
		v := rapid.Int64Range(min(k.lo, hi), hi).Draw(d.t, "by")
		if lay := s.items.pick(v); lay != nil && !isEnd(s, by.Name, uint64(v)) {
			return lay, asValue(by, uint64(v))
		}
	}
	for range 50 {
		v := rapid.Uint64().Draw(d.t, "by") & ones(by.Bits)
		if lay := s.items.pick(int64(v)); lay != nil && !isEnd(s, by.Name, v) {
			return lay, asValue(by, v)
		}
	}
	k := s.items.kinds[len(s.items.kinds)-1]
	return k.layout, asValue(by, uint64(k.hi)&ones(by.Bits))
}

// isEnd reports whether the list's stop says that an item with that value ends it.
func isEnd(s *Slot, name string, v uint64) bool {
	f, text, ok := strings.Cut(s.End, "==")
	n, err := parseNumber(text)
	return ok && err == nil && strings.TrimSpace(f) == name && n == v
}

// notEnd keeps a drawn item from being the mark that ends its list.
func (d *drawer) notEnd(s *Slot, v m) {
	if f, _, ok := strings.Cut(s.End, "=="); ok {
		name := strings.TrimSpace(f)
		if n, given := v[name].(uint64); !given || isEnd(s, name, n) {
			v[name] = uint64(1)
		}
	}
}

// markLast sets the flag that says which item is the last.
func (d *drawer) markLast(s *Slot, list []any) {
	for i, it := range list {
		if v, ok := it.(m); ok && s.Last != "" && s.items.one.byName[s.Last] != nil {
			v[s.Last] = i == len(list)-1
		}
	}
}

// layer draws the values of a layer, also of fields that hang on other fields.
func (d *drawer) layer(pr *Proto) m {
	v := d.record(pr.head, 0)
	for name, x := range d.record(pr.foot, 0) {
		v[name] = x
	}
	for range 3 {
		p, err := Build(pr, v)
		if err != nil || !d.dependent(p, p.First(), v) {
			break
		}
		if f := p.Foot(p.First()); f != None {
			d.dependent(p, f, v)
		}
	}
	return v
}

// dependent draws values for fields of record id that hang on others: now they can be asked.
func (d *drawer) dependent(p *Packet, id ID, v m) (grew bool) {
	for _, s := range p.LayoutOf(id).Slots {
		if s.Get != "" || s.part != nil || s.rule != nil || s.table != nil || s.Kind == Pad || !p.Has(id, s) {
			continue
		}
		if s.Kind == List {
			grew = d.dependentItems(p, id, s, v) || grew
			continue
		}
		if _, given := v[s.Name]; given || d.free(s) || d.chance(2, "leave out") {
			continue
		}
		size := -1
		if b, ok := p.Data(id, s); ok && s.size != nil && !s.sizeFollows() {
			size = len(b)
		}
		v[s.Name] = d.value(s, size)
		grew = true
	}
	return grew
}

func (d *drawer) dependentItems(p *Packet, id ID, s *Slot, v m) (grew bool) {
	l := p.List(id, s)
	list, _ := v[s.Name].([]any)
	for i, it := range list {
		if iv, ok := it.(m); ok && i < len(p.Items(l)) {
			grew = d.dependent(p, p.Items(l)[i], iv) || grew
		}
	}
	if list != nil || s.Last == "" && d.chance(2, "leave out") || p.nesting(l) > 3 {
		return grew
	}
	if s.items.one == nil && s.items.probe.by == nil {
		for range d.int(1, 2, "items") {
			list = append(list, d.record(p.outerKind(l), 2))
		}
	} else if s.when != nil {
		list = d.items(s, 1)
	}
	if list != nil {
		v[s.Name] = list
	}
	return list != nil
}

// readsBack compares what a record holds with values it was given.
func readsBack(p *Packet, id ID, v m) error {
	for name, want := range v {
		rec := id
		s := p.LayoutOf(id).Slot(name)
		if s == nil && p.Foot(id) != None {
			rec = p.Foot(id)
			s = p.LayoutOf(rec).Slot(name)
		}
		if s == nil {
			return fmt.Errorf("no field %s", name)
		}
		if err := fieldReads(p, rec, s, want); err != nil {
			return err
		}
	}
	return nil
}

func fieldReads(p *Packet, id ID, s *Slot, want any) error {
	if s = p.Pick(id, s); s == nil {
		return fmt.Errorf("a field that was set is absent")
	}
	list, ok := want.([]any)
	if !ok {
		return valueReads(p, id, s, want)
	}
	l := p.List(id, s)
	if n := len(p.Items(l)); n != len(list) {
		return fmt.Errorf("%s: %d items, want %d", s, n, len(list))
	}
	for i, it := range p.Items(l) {
		var err error
		if v, ok := list[i].(m); ok {
			err = readsBack(p, it, v)
		} else {
			err = valueReads(p, it, p.LayoutOf(it).Slots[0], list[i])
		}
		if err != nil {
			return fmt.Errorf("%s[%d]: %w", s, i, err)
		}
	}
	return nil
}

// valueReads compares one field with a value it was given.
func valueReads(p *Packet, id ID, s *Slot, want any) error {
	w, err := s.encode(want)
	if err != nil {
		return err
	}
	if n, ok := w.(uint64); ok {
		if have, ok := p.Num(id, s); !ok || have != n {
			return fmt.Errorf("%s is %d (%v), want %d", s, have, ok, n)
		}
		return nil
	}
	b := w.([]byte)
	if s.Kind == Name {
		text, ok := p.AppendName(nil, id, s)
		if wire := string(appendName(nil, b[:len(b)-1])); !ok || string(text) != wire {
			return fmt.Errorf("%s is %q, want %q", s, text, wire)
		}
		return nil
	}
	have, ok := p.Data(id, s)
	if s.filled() {
		have, b = s.textOf(have), s.textOf(b)
	}
	if string(have) != string(b) && string(have) != string(s.layout.unitPad(b, unitHead(p, id))) {
		return fmt.Errorf("%s is %x (%v), want %x", s, have, ok, b)
	}
	return nil
}

// unitHead is where the last field of an item begins that is filled up to a unit.
func unitHead(p *Packet, id ID) int {
	lay := p.LayoutOf(id)
	if p.ParentOf(id) == None {
		return 0
	}
	pos, _, _ := p.place(id, lay.Slots[len(lay.Slots)-1])
	return pos>>3 - int(p.nodes[id].start)
}

// eachField calls f for every field of the packet, those of items too.
func eachField(p *Packet, f func(id ID, s *Slot)) {
	for id := p.First(); id != None; id = p.Upper(id) {
		eachFieldOf(p, id, f)
		if foot := p.Foot(id); foot != None {
			eachFieldOf(p, foot, f)
		}
	}
}

func eachFieldOf(p *Packet, id ID, f func(id ID, s *Slot)) {
	for _, s := range p.LayoutOf(id).Slots {
		f(id, s)
		if l := p.List(id, s); l != None {
			for _, it := range slices.Clone(p.Items(l)) {
				eachFieldOf(p, it, f)
			}
		}
	}
}

// ordinary reports whether the lists of a packet end where their items say so.
func ordinary(p *Packet) bool {
	good := true
	eachField(p, func(id ID, s *Slot) {
		if s.Kind != List || s.get != nil || !p.Has(id, s) {
			return
		}
		items := p.Items(p.List(id, s))
		good = good && (s.Last == "" || len(items) > 0)
		if n := len(items); n > 0 && s.Pad > 1 {
			good = good && len(bytes.Trim(p.Header(items[n-1]), "\x00")) > 0 // else it looks like padding
		}
		for i, it := range items {
			lay := p.LayoutOf(it)
			good = good && (lay.end == nil || !p.holds(lay.end, it))
			good = good && (lay.last == nil || p.holds(lay.last, it) == (i == len(items)-1))
		}
	})
	return good
}

// text is all there is to say about a packet: two packets with the same text
// answer every question alike and come out alike.
func text(p *Packet) string {
	var w strings.Builder
	w.WriteString(show(p))
	fmt.Fprintf(&w, "bytes %s\n", hex.EncodeToString(p.Raw()))
	for id := p.First(); id != None; id = p.Upper(id) {
		fmt.Fprintf(&w, "%s", p.ProtoOf(id).Name)
		if f := p.Foot(id); f != None {
			w.WriteString(" foot:")
			dumpRec(p, f, &w)
		}
		w.WriteString("\n")
		fmt.Fprintf(&w, "  %x|%x|%x\n", p.Header(id), p.Body(id), p.Trailer(id))
	}
	return w.String()
}

// noted is text with what is noted for Update.
func noted(p *Packet) string {
	s := text(p)
	var marks []string
	e := p.edit
	if e == nil {
		e = &edits{}
	}
	for i, refs := range [][]ref{e.pins.list, e.todo.list} {
		for _, r := range refs {
			marks = append(marks, fmt.Sprint([]string{"pin ", "todo "}[i], p.nodes[r.id].start, " ", r.slot))
		}
	}
	for id := p.First(); id != None; id = p.Upper(id) {
		marks = append(marks, fmt.Sprint("flags ", p.Instance(id), p.ProtoOf(id).Name, " ", p.nodes[id].flags&(isStored|isSized|isAddr|isBuilt)))
	}
	slices.Sort(marks)
	return s + strings.Join(marks, "\n")
}

// settled is what the packet looks like once it is brought up to date.
func settled(p *Packet) string {
	q := p.Copy()
	q.Update()
	return text(q)
}

// found dissects bytes anew, starting with the protocol of the packet's first layer.
func found(p *Packet) *Packet {
	q := &Packet{}
	if first := p.First(); first != None {
		q.ResetAs(p.ProtoOf(first), p.Raw())
	} else {
		q.Reset(p.Registry(), p.Meta, p.Raw())
	}
	return q
}

// children returns the protocols that a key or a payload of pr leads to.
func children(pr *Proto) (list []*Proto) {
	add := func(q *Proto) {
		if !slices.Contains(list, q) {
			list = append(list, q)
		}
	}
	for i := range pr.keys {
		pr.keys[i].table.children(add)
	}
	for _, q := range pr.any {
		add(q.Proto)
	}
	return list
}

// parents returns the protocols that may be the lowest and have something above.
func parents(r *Registry) (list []*Proto) {
	for _, pr := range r.Protos() {
		if len(children(pr)) > 0 {
			list = append(list, pr)
		}
	}
	return list
}

// chain draws protocols that lie above each other.
func (d *drawer) chain(r *Registry) []*Proto {
	list := []*Proto{rapid.SampledFrom(parents(r)).Draw(d.t, "first")}
	for len(list) < 5 {
		up := children(list[len(list)-1])
		if len(up) == 0 || d.chance(6, "end") {
			break
		}
		list = append(list, rapid.SampledFrom(up).Draw(d.t, "above"))
	}
	return list
}

// stack draws a packet of several layers with a body.
func (d *drawer) stack(r *Registry) *Packet {
	var p *Packet
	for _, pr := range d.chain(r) {
		v := m{}
		if d.chance(2, "values") {
			v = d.layer(pr)
		}
		q, err := Build(pr, v)
		if err == nil && p != nil {
			q, err = Concat(p, q)
		}
		if err != nil {
			d.t.Skip(err)
		}
		p = q
	}
	q, err := ConcatBytes(p, rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(d.t, "body"))
	if err != nil || q.depth != p.depth {
		return p // no layers by chance: they would lie about themselves
	}
	return q
}

// whole draws a stack as it is found: nothing pinned, every sum and length right.
func (d *drawer) whole(r *Registry) *Packet {
	p := d.stack(r)
	p.Update()
	p = found(p)
	if err := p.Copy().UpdateAll(); err != nil {
		d.t.Skip(err)
	}
	return p
}

// eachWorld runs a property for every world.
func eachWorld(t *testing.T, f func(t *rapid.T, r *Registry)) {
	for _, w := range worlds(t) {
		t.Run(w.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { f(t, w.reg) })
		})
	}
}
