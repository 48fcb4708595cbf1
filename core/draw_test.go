package core

import (
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

// rapidSource lets rapid choose, and so shrink.
type rapidSource struct{ t *rapid.T }

func (r rapidSource) omit() bool               { return r.chance(2) }
func (r rapidSource) chance(of int) bool       { return r.int(1, of) == 1 }
func (r rapidSource) int(lo, hi int) int       { return rapid.IntRange(lo, hi).Draw(r.t, "choice") }
func (r rapidSource) int64(lo, hi int64) int64 { return rapid.Int64Range(lo, hi).Draw(r.t, "value") }
func (r rapidSource) uint64() uint64           { return rapid.Uint64().Draw(r.t, "bits") }
func (r rapidSource) bytes(n int) []byte {
	return rapid.SliceOfN(rapid.Byte(), n, n).Draw(r.t, "bytes")
}

func (d *drawer) draw() *draw { return &draw{rapidSource{d.t}, d.pins} }

func (d *drawer) value(s *Slot, size int) any     { return d.draw().value(s, size) }
func (d *drawer) record(lay *Layout, depth int) m { return d.draw().record(lay, depth) }
func (d *drawer) items(s *Slot, depth int) []any  { return d.draw().items(s, depth) }
func (d *drawer) item(s *Slot, depth int) any     { return d.draw().item(s, depth) }
func (d *drawer) layer(pr *Proto) m               { return d.draw().layer(pr) }

func (d *drawer) legal(p *Packet, id ID, s *Slot) any { return d.draw().legal(p, id, s) }

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
