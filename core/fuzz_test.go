package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyOp draws an operation that a script may try on a packet like p, sensible
// or not, and returns it with its name. It is applied by route, so that it does
// the same to every packet of the same shape.
func (d *drawer) anyOp(p *Packet) (string, func(p *Packet) error) {
	layers, fields := d.shape(p)
	if len(layers) == 0 {
		return d.rareOp(p, 0)
	}
	layer := d.int(0, len(layers)-1, "layer")
	at := route{layer: layer}
	switch what := d.int(0, 19, "op"); {
	case what < 12 && len(fields) > 0:
		f := fields[d.int(0, len(fields)-1, "field")]
		return d.fieldOp(p, f.at, f.s)
	case what < 14:
		b := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(d.t, "body")
		return fmt.Sprintf("body of %d = %x", layer, b), func(p *Packet) error { return p.SetBody(at.at(p), b) }
	case what == 14:
		b := rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(d.t, "trailer")
		return fmt.Sprintf("trailer of %d = %x", layer, b), func(p *Packet) error { return p.SetTrailer(at.at(p), b) }
	case what == 15:
		return fmt.Sprintf("remove layer %d", layer), func(p *Packet) error { return p.Remove(at.at(p)) }
	case what < 18:
		return d.stackOp(p, at)
	}
	return d.rareOp(p, layer)
}

// A spotted is a field and how to get to it.
type spotted struct {
	at route
	s  *Slot
}

// shape lists the layers of a packet and every field it may have.
func (d *drawer) shape(p *Packet) (layers []ID, fields []spotted) {
	for id := p.First(); id != None; id = p.Upper(id) {
		at := route{layer: len(layers)}
		layers = append(layers, id)
		fields = fieldsOf(p, id, at, fields)
		if f := p.Foot(id); f != None {
			at.foot = true
			fields = fieldsOf(p, f, at, fields)
		}
	}
	return layers, fields
}

func fieldsOf(p *Packet, id ID, at route, fields []spotted) []spotted {
	for _, s := range p.LayoutOf(id).Slots {
		fields = append(fields, spotted{at, s})
		if l := p.List(id, s); l != None {
			for i, it := range p.Items(l)[:min(len(p.Items(l)), 6)] {
				fields = fieldsOf(p, it, at.step(s, i), fields)
			}
		}
	}
	return fields
}

// fieldOp draws an operation on one field.
func (d *drawer) fieldOp(p *Packet, at route, s *Slot) (string, func(p *Packet) error) {
	set := func(v any) (string, func(p *Packet) error) {
		return fmt.Sprintf("%s %v = %#v", s, at, v), func(p *Packet) error { return p.Set(at.at(p), s, v) }
	}
	what := d.int(0, 9, "field op")
	switch {
	case what == 0:
		return set(nil)
	case what == 1:
		return set(rapid.SampledFrom(wrong(s)).Draw(d.t, "wrong"))
	case what == 2:
		b := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(d.t, "raw")
		return fmt.Sprintf("%s_raw %v = %x", s, at, b), func(p *Packet) error { return p.SetRaw(at.at(p), s, b) }
	case what == 3 && len(at.steps) > 0:
		b := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(d.t, "body")
		return fmt.Sprintf("body of %v = %x", at, b), func(p *Packet) error { return p.SetBody(at.at(p), b) }
	case s.Kind == List && s.get == nil && what < 8:
		return d.listOp(p, at, s)
	case s.Kind == List:
		return set(d.legal(p, at.at(p), s))
	case s.Kind == Pad:
		return set(1)
	}
	return set(d.value(s, -1))
}

func (d *drawer) listOp(p *Packet, at route, s *Slot) (string, func(p *Packet) error) {
	l := p.List(at.at(p), s)
	if l == None {
		return fmt.Sprintf("%s %v = {}", s, at), func(p *Packet) error { return p.Set(at.at(p), s, []any{}) }
	}
	n := len(p.Items(l))
	list := func(p *Packet) ID { return p.List(at.at(p), s) }
	switch what := d.int(0, 4, "list op"); {
	case what == 0 && n > 0:
		i := d.int(0, n-1, "at")
		return fmt.Sprintf("remove %s %v %d", s, at, i), func(p *Packet) error { return p.RemoveItem(list(p), i) }
	case what == 1:
		return fmt.Sprintf("clear %s %v", s, at), func(p *Packet) error { return p.ClearList(list(p)) }
	case what == 2:
		b, i := rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(d.t, "wire"), d.int(0, n, "at")
		return fmt.Sprintf("insert %s %v %d: %x", s, at, i, b), func(p *Packet) error { return p.InsertItem(list(p), i, b) }
	}
	var v any = m{}
	if s.items.one != nil || s.items.probe.by != nil {
		v = d.item(s, 2)
	}
	i := d.int(0, n, "at")
	return fmt.Sprintf("insert %s %v %d: %#v", s, at, i, v), func(p *Packet) error { return p.InsertItem(list(p), i, v) }
}

// stackOp draws an operation that puts layers somewhere.
func (d *drawer) stackOp(p *Packet, at route) (string, func(p *Packet) error) {
	pr := rapid.SampledFrom(p.Registry().Protos()).Draw(d.t, "proto")
	q, err := Build(pr, d.record(pr.head, 2))
	if err != nil {
		return "nothing", func(*Packet) error { return nil }
	}
	switch d.int(0, 2, "stack op") {
	case 0:
		return fmt.Sprintf("body of %d = %s", at.layer, show(q)), func(p *Packet) error { return p.SetBody(at.at(p), q) }
	case 1:
		return fmt.Sprintf("insert above %d %s", at.layer, show(q)), func(p *Packet) error { return p.Insert(at.at(p), q) }
	}
	return "+ " + show(q), func(p *Packet) error {
		r, err := Concat(p, q)
		if err == nil {
			become(p, r)
		}
		return err
	}
}

// rareOp draws an operation on the whole packet.
func (d *drawer) rareOp(p *Packet, layer int) (string, func(p *Packet) error) {
	at := route{layer: layer}
	switch d.int(0, 5, "rare") {
	case 0:
		return "UpdateAll", func(p *Packet) error { return p.UpdateAll() }
	case 1:
		return "Redissect", func(p *Packet) error { p.Redissect(); return nil }
	case 2:
		return "Copy", func(p *Packet) error { become(p, p.Copy()); return nil }
	case 3:
		if p.First() == None {
			break
		}
		return fmt.Sprintf("SubPacket %d", layer), func(p *Packet) error { become(p, p.SubPacket(at.at(p))); return nil }
	case 4:
		if p.First() == None {
			break
		}
		return fmt.Sprintf("Replace by %d", layer), func(p *Packet) error { return p.Replace(p.SubPacket(at.at(p))) }
	}
	return "Update", func(p *Packet) error { p.Update(); return nil }
}

// become makes q the content of p.
func become(p, q *Packet) {
	*p = *q
	p.env.p = p
}

// sound reports a bound that does not lie within the bound around it.
func sound(p *Packet) error {
	size := int32(len(p.buf))
	if r := p.nodes[0]; r.tail != size || r.body != size {
		return fmt.Errorf("the packet has %d bytes, its root %d of %d", size, r.body, r.tail)
	}
	below := int32(0)
	for id := p.First(); id != None; id = p.Upper(id) {
		n, low := p.nodes[id], p.nodes[below]
		if n.flags&isDead != 0 || n.down != below || n.start < low.end || n.start > n.end || n.end > n.body || n.body > n.tail || n.tail > low.body {
			return fmt.Errorf("layer %s: %d %d %d %d, below it %d to %d", n.proto.Name, n.start, n.end, n.body, n.tail, low.end, low.body)
		}
		if err := soundRecord(p, id); err != nil {
			return err
		}
		if f := n.foot; f != none {
			if foot := p.nodes[f]; foot.start != n.body || foot.end != n.tail || foot.flags&isDead != 0 {
				return fmt.Errorf("footer of %s: %d to %d, want %d to %d", n.proto.Name, foot.start, foot.end, n.body, n.tail)
			}
			if err := soundRecord(p, f); err != nil {
				return err
			}
		}
		below = id
	}
	if p.top != below {
		return fmt.Errorf("the top is %d, not %d", p.top, below)
	}
	return nil
}

// soundRecord is sound for the fields of a record.
func soundRecord(p *Packet, id ID) error {
	p.close(id)
	n := p.nodes[id]
	for _, s := range n.layout.Slots {
		if s.get != nil {
			continue
		}
		if pos, w, ok := p.place(id, s); ok && (pos < int(n.start)<<3 || pos+w > int(n.end)<<3 || w < 0) {
			return fmt.Errorf("%s at bit %d of %d bits, in a record of bytes %d to %d", s, pos, w, n.start, n.end)
		}
		l := p.List(id, s)
		if l == None {
			continue
		}
		if err := soundList(p, id, s, l); err != nil {
			return err
		}
	}
	return nil
}

func soundList(p *Packet, id ID, s *Slot, l ID) error {
	n, at := p.nodes[l], p.nodes[l].start
	pos, w, _ := p.place(id, s)
	if int(n.start)<<3 != pos || int(n.end)<<3 != pos+w || n.stop > n.pad || n.pad > n.end || n.flags&isDead != 0 || n.parent != id {
		return fmt.Errorf("list %s at %d, items to %d, padding to %d, end %d; its field at bit %d of %d bits", s, n.start, n.stop, n.pad, n.end, pos, w)
	}
	for i, it := range p.Items(l) {
		item := p.nodes[it]
		if item.start < at || item.end > n.stop || item.start > item.end || item.parent != l || item.flags&isDead != 0 {
			return fmt.Errorf("%s[%d] from %d to %d, in a list from %d to %d", s, i, item.start, item.end, at, n.stop)
		}
		if err := soundRecord(p, it); err != nil {
			return err
		}
		at = item.end
	}
	return nil
}

// bytesFor draws bytes to dissect: a packet, nearly one, or anything.
func (d *drawer) bytesFor(r *Registry) (*Proto, []byte) {
	pr := rapid.SampledFrom(r.Protos()).Draw(d.t, "first")
	switch d.int(0, 3, "bytes") {
	case 0:
		return pr, rapid.SliceOfN(rapid.Byte(), 0, 80).Draw(d.t, "any")
	case 1:
		p := d.stack(r)
		p.Update()
		return p.ProtoOf(p.First()), p.Raw()
	case 2:
		p := d.stack(r)
		p.Update()
		return p.ProtoOf(p.First()), d.draw().damage(p)
	}
	return pr, d.mangled(pr)
}

// TestLawLazy: what was looked at before an edit cannot be seen afterwards, and
// a failing operation leaves no trace, whatever the bytes and whatever is done.
func TestLawLazy(t *testing.T) { eachWorld(t, lazyLaw) }

func lazyLaw(t *rapid.T, r *Registry) {
	d := &drawer{t: t}
	pr, b := d.bytesFor(r)
	lazyOn(d, pr, b)
}

// lazyOn is lazyLaw for given bytes.
func lazyOn(d *drawer, pr *Proto, b []byte) {
	t := d.t
	var looked, blind, some Packet
	var log []string
	defer func() {
		if e := recover(); e != nil && strings.Contains(fmt.Sprintf("%T", e), "runtime.") {
			t.Logf("%s %x\n%s", pr.Name, b, strings.Join(log, "\n"))
			panic(e)
		}
	}()
	for _, p := range []*Packet{&looked, &blind, &some} {
		p.ResetAs(pr, slices.Clone(b))
	}
	_ = text(&looked)
	if d.chance(2, "look") {
		_ = some.Err()
	}
	for range d.int(1, 5, "ops") {
		name, op := d.anyOp(&looked)
		log = append(log, name)
		before := noted(&looked)
		err := op(&looked)
		err2, err3 := op(&blind), op(&some)
		fail := func(format string, args ...any) {
			t.Fatalf("%s\n%s %x\n%s", fmt.Sprintf(format, args...), pr.Name, b, strings.Join(log, "\n"))
		}
		if fmt.Sprint(err) != fmt.Sprint(err2) || fmt.Sprint(err) != fmt.Sprint(err3) {
			fail("looked at: %v; not looked at: %v, %v", err, err2, err3)
		}
		if now := noted(&looked); err != nil && now != before {
			fail("failed (%v) and left\n%s\nof\n%s", err, now, before)
		}
		if err := sound(&looked); err != nil {
			fail("%v\n%s", err, text(&looked))
		}
		for _, p := range []*Packet{&blind, &some} {
			if q := p.Copy(); noted(q) != noted(&looked) || settled(q) != settled(&looked) {
				fail("looked at:\n%s\nupdated\n%s\nnot looked at:\n%s\nupdated\n%s", noted(&looked), settled(&looked), noted(q), settled(q))
			}
		}
	}
}

// FuzzEdit is TestLawLazy driven by the fuzzer.
func FuzzEdit(f *testing.F) {
	all := worlds(f)
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		lazyLaw(t, all[rapid.IntRange(0, len(all)-1).Draw(t, "world")].reg)
	}))
}

// FuzzTwin is TestLawTwin driven by the fuzzer.
func FuzzTwin(f *testing.F) {
	all := twinWorlds(f)
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		runTwin(t, all[rapid.IntRange(0, len(all)-1).Draw(t, "world")].reg)
	}))
}

// FuzzDissect: no bytes make dissecting panic, run on, change anything, or
// find something else when it is asked in another order.
func FuzzDissect(f *testing.F) {
	all := worlds(f)
	for _, h := range hostileSeeds {
		for _, w := range all {
			if pr := w.reg.Proto(h.first); pr != nil {
				f.Add(uint8(pr.id), h.bytes(f))
			}
		}
	}
	f.Fuzz(func(t *testing.T, first uint8, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		for _, w := range all {
			protos := w.reg.Protos()
			dissectLaw(t, protos[int(first)%len(protos)], b)
		}
	})
}

func dissectLaw(t fataler, pr *Proto, b []byte) {
	var p, q Packet
	own := slices.Clone(b)
	p.ResetAs(pr, own)
	q.ResetAs(pr, own)
	_ = q.Err() // to the top first
	for id := q.Last(); id != None; id = q.Lower(id) {
		for _, s := range slices.Backward(q.LayoutOf(id).Slots) { // from above, the last field first
			q.List(id, s)
			q.Data(id, s)
		}
	}
	if a, z := text(&p), text(&q); a != z {
		t.Fatalf("%s %x upwards\n%s\ndownwards\n%s", pr.Name, b, a, z)
	}
	if string(own) != string(b) {
		t.Fatalf("%s %x: reading changed it to %x", pr.Name, b, own)
	}
	if err := sound(&p); err != nil {
		t.Fatalf("%s %x: %v\n%s", pr.Name, b, err, text(&p))
	}
	if most := 40 + 40*len(b); len(p.nodes) > min(most, maxNodes) {
		t.Fatalf("%s: %d bytes, %d nodes", pr.Name, len(b), len(p.nodes))
	}
	if p.depth > maxLayers {
		t.Fatalf("%s %x: %d layers", pr.Name, b, p.depth)
	}
}
