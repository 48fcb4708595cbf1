package core

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// sumsOf lists the sums of a packet that are there.
func sumsOf(p *Packet) (list []string) {
	for id := p.First(); id != None; id = p.Upper(id) {
		for _, s := range p.ProtoOf(id).sums {
			if rec := p.recordOf(id, s); rec != none {
				v, _ := p.num(rec, s)
				list = append(list, fmt.Sprintf("%s%d=%x", s, p.Instance(id), v))
			}
		}
	}
	return list
}

// TestLawCut: the sums of a packet that the capture has cut follow by
// difference, its lengths count what is missing. After any edit of what is
// there, and when all is computed anew, they are those of the whole packet
// after the same edit.
func TestLawCut(t *testing.T) {
	cut, resized := 0, 0
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		whole := d.whole(r)
		if len(whole.Raw()) < 4 {
			t.Skip("nothing to cut")
		}
		n := d.int(len(whole.Raw())/2, len(whole.Raw())-1, "cut")
		part := cutAt(whole, n)
		if part.Last(); part.depth != whole.depth || !sameHeaders(whole, part) {
			t.Skip("cut within a header, or a footer is lost")
		}
		cut++
		_, fields := d.shape(part)
		for range d.int(1, 3, "edits") {
			among := fields
			if sizes := slices.DeleteFunc(slices.Clone(fields), func(f spotted) bool { return f.s.width >= 0 }); len(sizes) > 0 && d.chance(2, "another size") {
				among = sizes
			}
			f := among[d.int(0, len(among)-1, "field")]
			if f.s.get != nil || f.s.Kind == Pad || f.s.Name == "" || !part.Alive(f.at.at(part)) || f.s.rule != nil || f.s.structural || !part.Has(f.at.at(part), f.s) {
				continue
			}
			v := d.legal(part, f.at.at(part), f.s)
			err, err2 := whole.Set(f.at.at(whole), f.s, v), part.Set(f.at.at(part), f.s, v)
			if fmt.Sprint(err) != fmt.Sprint(err2) || err != nil && f.s.width >= 0 {
				t.Fatalf("%s = %v: %v, cut: %v", f.s, v, err, err2)
			}
			if err == nil && f.s.width < 0 {
				resized++
				_, fields = d.shape(part)
			}
			if d.chance(3, "update between") {
				part.Update()
			}
		}
		for _, update := range []func(p *Packet){(*Packet).Update, func(p *Packet) { _ = p.UpdateAll() }} {
			update(whole)
			update(part)
			n := len(part.Raw())
			if a, b := whole.Raw()[:n], part.Raw(); string(a) != string(b) || part.Meta.Len != len(whole.Raw()) {
				t.Fatalf("cut at %d of %d\n%x\n%x\n%v\n%v\n%s", n, part.Meta.Len, a, b, sumsOf(whole), sumsOf(part), text(part))
			}
		}
	})
	if resized < 10 {
		t.Errorf("only %d edits changed a size", resized)
	}
	if cut < 30 {
		t.Errorf("only %d packets could be cut", cut)
	}
}

// cutAt is the packet as a capture has it that keeps n bytes.
func cutAt(p *Packet, n int) *Packet {
	q := &Packet{}
	q.Reset(p.Registry(), Meta{LinkType: -1, Len: len(p.Raw())}, p.Raw()[:n:n])
	q.first = p.ProtoOf(p.First())
	return q
}

// sameHeaders reports whether both have the same layers with all their fields.
func sameHeaders(p, q *Packet) bool {
	for a, b := p.First(), q.First(); a != None; a, b = p.Upper(a), q.Upper(b) {
		if b == None || p.ProtoOf(a) != q.ProtoOf(b) || string(p.Header(a)) != string(q.Header(b)) || p.Foot(a) != None {
			return false
		}
		for _, s := range p.ProtoOf(a).sums {
			if s.rule.kind == ruleCRC { // cannot follow
				return false
			}
		}
	}
	return true
}

// TestLawPending: sums that were left to hardware are computed when something
// changes, from zero, and not before.
func TestLawPending(t *testing.T) {
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		right := d.whole(r)
		p := right.Copy()
		for id := p.First(); id != None; id = p.Upper(id) {
			for _, s := range p.ProtoOf(id).sums {
				if s.rule.kind == rulePseudoSum && s.layout == p.LayoutOf(id) {
					p.write(id, s, rapid.Uint64().Draw(t, "pending")&0xffff|1)
				}
			}
		}
		b := append([]byte(nil), p.Raw()...)
		p = found(p)
		p.ResetAs(right.ProtoOf(right.First()), b)
		p.SumsPending = true
		_, fields := d.shape(p)
		f := fields[d.int(0, len(fields)-1, "field")]
		if err := p.Set(f.at.at(p), f.s, struct{}{}); err == nil {
			t.Fatal("no error")
		}
		if p.Update(); string(p.Raw()) != string(b) || !p.SumsPending {
			t.Fatalf("a failed edit changed\n%x\nto\n%x", b, p.Raw())
		}
		for _, f := range fields {
			id := f.at.at(p)
			if f.s.Kind != Number || f.s.get != nil || f.s.rule != nil || f.s.table != nil || !p.Has(id, f.s) || right.layerOf(f.at.at(right)) != right.First() {
				continue
			}
			v, _ := p.Num(id, f.s)
			if err := p.Set(id, f.s, asValue(f.s, v)); err != nil {
				t.Fatal(err)
			}
			if p.Update(); string(p.Raw()) != string(right.Raw()) && right.depth > 1 {
				t.Fatalf("%s = %d left\n%x\nwant\n%x\n%s", f.s, v, p.Raw(), right.Raw(), text(p))
			}
			return
		}
	})
}

// TestLawPieces: the first piece of a message keeps the sum of the whole.
func TestLawPieces(t *testing.T) {
	r := mini(t)
	rapid.Check(t, func(t *rapid.T) {
		d := &drawer{t: t}
		body := rapid.SliceOfN(rapid.Byte(), 16, 60).Draw(t, "body")
		n := d.int(1, len(body)-1, "cut") &^ 7
		ip, err := Build(r.Proto("ip"), m{"src": "10.0.0.1", "dst": "10.0.0.2"})
		if err != nil {
			t.Fatal(err)
		}
		udp, err := Build(r.Proto("udp"), m{"sport": 4000, "dport": 4001})
		if err != nil {
			t.Fatal(err)
		}
		whole, err := Concat(ip, udp)
		if err != nil {
			t.Fatal(err)
		}
		if whole, err = ConcatBytes(whole, body); err != nil {
			t.Fatal(err)
		}
		whole.Update()
		// as on the wire: the first n bytes of the body, MF set, lengths and header sum of the piece
		piece := whole.Copy()
		if err := piece.SetBody(piece.Find(r.Proto("udp"), 1), body[:n]); err != nil {
			t.Fatal(err)
		}
		if err := piece.Set(piece.First(), r.Proto("ip").Head().Slot("MF"), true); err != nil {
			t.Fatal(err)
		}
		piece.Update()
		b := append([]byte(nil), piece.Raw()...)
		copy(b[24:28], whole.Raw()[24:28]) // udp.len and udp.sum of the whole
		var p Packet
		p.ResetAs(r.Proto("ip"), b)
		for name, v := range map[string]any{"src": "192.168.0.9", "dport": uint64(d.int(1, 6000, "port"))} {
			for _, q := range []*Packet{whole, &p} {
				id, pr := q.First(), r.Proto("ip")
				if name == "dport" {
					pr = r.Proto("udp")
					id = q.Find(pr, 1)
				}
				if err := q.Set(id, pr.Head().Slot(name), v); err != nil {
					t.Fatal(err)
				}
			}
		}
		whole.Update()
		p.Update()
		if a, z := whole.Raw()[20:28], p.Raw()[20:28]; string(a) != string(z) {
			t.Fatalf("udp of the piece %x, of the whole %x", z, a)
		}
	})
}

// TestLawTold: what is told about a packet is well formed for any bytes, and tells no difference where there is none.
func TestLawTold(t *testing.T) {
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		pr, b := d.bytesFor(r)
		var p Packet
		p.ResetAs(pr, b)
		if j := p.AppendJSON(nil); !json.Valid(j) || !utf8.Valid(j) {
			t.Fatalf("%s %x: JSON %s", pr.Name, b, j)
		}
		if diff := p.Diff(p.Copy()); len(diff) > 0 {
			t.Fatalf("%s %x differs from its copy: %v", pr.Name, b, diff)
		}
		_ = p.Flow(false) + p.Flow(true)
		if wrong := p.Verify(); len(wrong) == 0 {
			q := p.Copy()
			if _ = q.UpdateAll(); string(q.Raw()) != string(b) && !anyPartial(&p) {
				t.Fatalf("%s %x: nothing is wrong, but UpdateAll gives %x\n%s", pr.Name, b, q.Raw(), text(&p))
			}
		}
		if string(p.Raw()) != string(b) {
			t.Fatalf("%s %x: telling changed it to %x", pr.Name, b, p.Raw())
		}
	})
}

// anyPartial reports whether some sum or length of a packet cannot be checked.
func anyPartial(p *Packet) bool {
	for id := p.First(); id != None; id = p.Upper(id) {
		if n := &p.nodes[id]; n.flags&isCut != 0 || n.proto.pieces != nil && p.holds(n.proto.pieces, id) {
			return true
		}
		for _, s := range p.ProtoOf(id).sums {
			if p.omitted(id, s) {
				return true
			}
		}
		if low := p.Lower(id); low != None && slices.ContainsFunc(p.ProtoOf(id).number, func(k keyed) bool { return k.fill != nil }) {
			return true // the key below says a length, for which nothing vouches
		}
		for _, s := range p.LayoutOf(id).autos { // a length of 0, or beyond the bytes, says nothing
			v, ok := p.num(id, s)
			if want, known := p.derive(id, s); ok && known && s.rule.kind == ruleExpr && !s.rule.measures() && uint64(want) != v {
				return true // no length: a flag that tells of a field for which there is no room
			}
			if ok && !s.rule.isSum() && v == 0 {
				return true
			}
		}
	}
	return p.Err() != nil
}

// TestLawVerify: a packet brought up to date has nothing wrong; one bit of a sum is.
func TestLawVerify(t *testing.T) {
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		p := d.stack(r)
		if wrong := p.Verify(); len(wrong) > 0 {
			t.Fatalf("%v is wrong in\n%s", wrong, text(p))
		}
		for id := p.First(); id != None; id = p.Upper(id) {
			for _, s := range p.ProtoOf(id).sums {
				rec := p.recordOf(id, s)
				if rec == none || !p.Has(rec, s) || p.partial(id, s) || s.Optional {
					continue
				}
				q := p.Copy()
				v, _ := q.num(rec, s)
				if err := q.Set(rec, s, v^1<<d.int(0, s.Bits-1, "bit")); err != nil {
					t.Fatal(err)
				}
				if wrong := q.Verify(); len(wrong) == 0 {
					t.Fatalf("%s is wrong, but nothing is said\n%s", s, text(q))
				}
			}
		}
	})
}

// TestLawReverse: the answer's answer is the packet.
func TestLawReverse(t *testing.T) {
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		p := d.whole(r)
		q := p.Copy()
		if err := q.Reverse(); err != nil {
			t.Fatal(err)
		}
		if q.Flow(false) != p.Flow(false) || q.FlowHash(true) != p.FlowHash(true) {
			t.Fatalf("%s of %s, reversed %s of\n%s", p.Flow(false), text(p), q.Flow(false), text(q))
		}
		if dir := Direction(p, q, false); dir == "" && p.Flow(false) != "" {
			t.Fatalf("no direction between\n%s\nand\n%s", text(p), text(q))
		}
		if err := q.Reverse(); err != nil {
			t.Fatal(err)
		}
		if q.Update(); string(q.Raw()) != string(p.Raw()) {
			t.Fatalf("twice reversed\n%x\nis\n%x\n%s", p.Raw(), q.Raw(), text(p))
		}
	})
}
