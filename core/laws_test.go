package core

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLawBuild: what is built of any legal values reads back, and is found
// again in the bytes it gives.
func TestLawBuild(t *testing.T) {
	eachProto(t, func(t *rapid.T, pr *Proto) { builtLaw(t, pr, &drawer{t: t}) })
}

func builtLaw(t *rapid.T, pr *Proto, d *drawer) {
	v := d.layer(pr)
	p, err := Build(pr, v)
	if err != nil {
		t.Skip(err) // values that do not fit each other
	}
	if err := readsBack(p, p.First(), v); err != nil {
		t.Fatalf("built of %v: %v", v, err)
	}
	p.Update()
	if err := readsBack(p, p.First(), v); err != nil {
		t.Fatalf("updated, built of %v: %v", v, err)
	}
	if q := found(p); pr.check == nil && len(p.Raw()) > 0 && ordinary(p) && text(q) != text(p) {
		t.Fatalf("built of %v:\n%s\nfound:\n%s", v, text(p), text(q))
	}
}

// TestLawSet: any legal value reads back, and changes no other byte before
// Update than those of its field and of the flags that tell of it.
func TestLawSet(t *testing.T) {
	eachProto(t, func(t *rapid.T, pr *Proto) {
		d := &drawer{t: t, pins: true}
		p := d.packet(pr)
		eachField(p, func(id ID, s *Slot) {
			if p.Pick(id, s) != s || s.Kind == Pad || s.Name == "" {
				return
			}
			d.setOne(p, id, s)
		})
	})
}

// packet draws a packet of one layer, built or found.
func (d *drawer) packet(pr *Proto) *Packet {
	p, err := Build(pr, d.layer(pr))
	if err != nil {
		d.t.Skip(err)
	}
	if d.chance(2, "dissect") {
		p.Update()
		p = found(p)
	}
	return p
}

// setOne sets one field of a copy to a legal value.
func (d *drawer) setOne(p *Packet, id ID, s *Slot) {
	v := d.legal(p, id, s)
	q := p.Copy()
	if err := q.Set(id, s, v); err != nil {
		if s.get == nil && s.width >= 0 {
			d.t.Fatalf("%s = %v: %v\n%s", s, v, err, text(p))
		}
		if noted(p) != noted(q) {
			d.t.Fatalf("%s = %v failed (%v) and left\n%s\nof\n%s", s, v, err, noted(q), noted(p))
		}
		return
	}
	if !q.Alive(id) {
		d.t.Fatalf("%s = %v: its record is gone", s, v)
	}
	if err := fieldReads(q, id, s, v); err != nil {
		d.t.Fatalf("%s = %v: %v\n%s", s, v, err, text(q))
	}
	if s.width >= 0 {
		onlyWithin(d.t, p, q, id, s)
	}
	if q.Update(); s.rule == nil {
		if err := fieldReads(q, id, s, v); err != nil {
			d.t.Fatalf("%s = %v, updated: %v\n%s", s, v, err, text(q))
		}
	}
}

// onlyWithin fails if a byte outside of a field of fixed width has changed.
func onlyWithin(t *rapid.T, p, q *Packet, id ID, s *Slot) {
	a, b := p.Raw(), q.Raw()
	if s.get != nil {
		s = plain(s)
	}
	pos, w, _ := p.place(id, s)
	if s.LSB {
		pos, w = pos-s.lead, s.word*8
	}
	for i := range a {
		if len(a) != len(b) || a[i] != b[i] && (i < pos>>3 || i >= (pos+w+7)>>3) {
			t.Fatalf("%s: byte %d changed\n%x\n%x", s, i, a, b)
		}
	}
}

// wrong returns values that a field can never have.
func wrong(s *Slot) []any {
	all := []any{3.5, []int{1}, struct{}{}}
	s = plain(s)
	switch {
	case s.Kind == List:
		return append(all, 1, true, "text", []byte("bytes"), []any{3.5}, []any{m{"no such field": 1}}, m{})
	case s.Bool():
		all = append(all, 0, 1, uint64(1), "1", "")
	case s.Kind == Number:
		all = append(all, true, []byte{1}, "no such name", "80")
		if s.Bits < 64 {
			all = append(all, uint64(1)<<s.Bits, ^uint64(0))
		}
		if s.Bits < 63 {
			all = append(all, int64(1)<<s.Bits)
		}
		if !s.Signed {
			all = append(all, -1)
		} else if s.Bits < 64 {
			all = append(all, int64(1)<<(s.Bits-1), int64(-1)<<(s.Bits-1)-1)
		}
	default:
		all = append(all, 1, true, []any{}, m{})
		if s.width >= 0 {
			all = append(all, make([]byte, s.width/8+1))
		}
		if s.width >= 0 && !s.filled() {
			all = append(all, "", make([]byte, max(s.width/8-1, 0)))
		}
		if s.until != nil {
			all = append(all, "x"+s.Until+"y")
		}
	}
	switch s.Kind {
	case MAC:
		all = append(all, "02:00:00:00:00", "02:00:00:00:00:0g", "1.2.3.4")
	case IP4:
		all = append(all, "1.2.3", "::1", "1.2.3.4/8")
	case IP6:
		all = append(all, "1.2.3.4", "::1%eth0", "::g")
	case Name:
		all = append(all, "a..b", strings.Repeat("x", 64), strings.Repeat("abcdefg.", 40), `\999`)
	}
	return all
}

// TestLawWrong: what a field cannot hold is an error that names the field, and
// leaves the packet as it was.
func TestLawWrong(t *testing.T) {
	eachProto(t, func(t *rapid.T, pr *Proto) {
		d := &drawer{t: t, pins: true}
		p := d.packet(pr)
		before, after := noted(p), settled(p)
		eachField(p, func(id ID, s *Slot) {
			if !p.Has(id, s) || s.Kind == Pad || s.Name == "" || !d.chance(4, "try") {
				return
			}
			v := rapid.SampledFrom(wrong(s)).Draw(t, "wrong")
			q := p.Copy()
			err := q.Set(id, s, v)
			if err == nil {
				t.Fatalf("%s = %#v is no error", s, v)
			}
			if name := s.Name; !strings.Contains(err.Error(), name) && s.get == nil {
				t.Fatalf("%s = %#v: the error does not name it: %v", s, v, err)
			}
			if noted(q) != before || settled(q) != after {
				t.Fatalf("%s = %#v failed (%v) and left\n%s\nof\n%s", s, v, err, noted(q), before)
			}
		})
	})
}

// TestLawRead: reading everything, filters and Update change nothing in a
// packet that nobody edited, whatever its bytes.
func TestLawRead(t *testing.T) {
	eachProto(t, func(t *rapid.T, pr *Proto) {
		d := &drawer{t: t}
		b := d.mangled(pr)
		if len(b) == 0 {
			return
		}
		own := append([]byte(nil), b...)
		p := &Packet{}
		p.ResetAs(pr, own)
		first := text(p)
		p.Update()
		if text(p) != first || string(own) != string(b) || string(p.Raw()) != string(b) {
			t.Fatalf("reading changed\n%s\nto\n%s", first, text(p))
		}
		if q := p.Copy(); text(q) != first {
			t.Fatalf("a copy is\n%s\nof\n%s", text(q), first)
		}
		p.Redissect()
		if text(p) != first {
			t.Fatalf("read anew:\n%s\nof\n%s", text(p), first)
		}
	})
}

// mangled draws bytes that are nearly a packet.
func (d *drawer) mangled(pr *Proto) []byte {
	p, err := Build(pr, d.layer(pr))
	if err != nil {
		d.t.Skip(err)
	}
	p.Update()
	return d.draw().damage(p)
}

// TestLawStack: layers put above each other are found again above each other,
// whichever way they were grouped, and computing everything once more changes nothing.
func TestLawStack(t *testing.T) {
	same := 0
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		p := d.stack(r)
		p.Update()
		again := p.Copy()
		if err := again.UpdateAll(); err != nil || text(again) != text(p) {
			t.Fatalf("Update, then UpdateAll (%v):\n%s\nthen\n%s", err, text(p), text(again))
		}
		if text(found(p)) == text(p) {
			same++ // a key may lead elsewhere, a check may say no: then it is no law
		}
	})
	if least := map[bool]int{false: 100, true: 20}[testing.Short()]; same < least {
		t.Errorf("only %d stacks were found again", same)
	}
}

// TestLawGroup: a + (b + c) is (a + b) + c.
func TestLawGroup(t *testing.T) {
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		var parts []*Packet
		for _, pr := range d.chain(r) {
			q, err := Build(pr, d.record(pr.head, 1))
			if err != nil {
				t.Skip(err)
			}
			parts = append(parts, q)
		}
		left, right := parts[0], parts[len(parts)-1]
		var err error
		for i := range parts[1:] {
			if left, err = Concat(left, parts[i+1]); err != nil {
				t.Skip(err)
			}
			if right, err = Concat(parts[len(parts)-2-i], right); err != nil {
				t.Skip(err) // what is above may be no whole units without the rest
			}
		}
		left.Update()
		right.Update()
		if text(left) != text(right) {
			t.Fatalf("to the left:\n%s\nto the right:\n%s", text(left), text(right))
		}
	})
}

// TestLawDependent: a store changes, besides its field, the sums that cover it
// and what is computed from its value; all else stays, be it right or wrong.
func TestLawDependent(t *testing.T) {
	eachWorld(t, func(t *rapid.T, r *Registry) {
		d := &drawer{t: t}
		p := d.whole(r)
		eachField(p, func(id ID, s *Slot) {
			if s.width < 0 || s.get != nil || s.Kind == Pad || !p.Has(id, s) || d.chance(2, "skip") {
				return
			}
			q := p.Copy()
			if err := q.Set(id, s, d.legal(p, id, s)); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			may := d.mayChange(q, id, s)
			if q.Update(); len(q.Raw()) != len(p.Raw()) {
				t.Fatalf("%s: the packet has another length", s)
			}
			for i, b := range q.Raw() {
				if b != p.Raw()[i] && !may[i] {
					t.Fatalf("after %s byte %d is %x, was %x\n%x\n%x\n%s", s, i, b, p.Raw()[i], p.Raw(), q.Raw(), text(q))
				}
			}
		})
	})
}

// mayChange says which bytes a store into a field may change: design, table of causes.
func (d *drawer) mayChange(p *Packet, id ID, s *Slot) []bool {
	may := make([]bool, len(p.Raw()))
	allow := func(id ID, s *Slot) {
		pos, w, ok := p.place(id, s)
		if s.LSB {
			pos, w = pos-s.lead, s.word*8
		}
		for i := pos >> 3; ok && i < (pos+w+7)>>3; i++ {
			may[i] = true
		}
	}
	allow(id, s)
	layer := p.layerOf(id)
	addr := coversPseudo(p.ProtoOf(layer), s)
	for l := p.ParentOf(id); l != None; l = p.ParentOf(l) {
		addr = addr || p.LayoutOf(l) == nil && coversPseudo(p.ProtoOf(layer), p.ListSlot(l))
	}
	for l := p.First(); l != None; l = p.Upper(l) {
		for _, sum := range p.ProtoOf(l).sums {
			rec := p.recordOf(l, sum)
			here := l == layer || p.isAbove(layer, l) && !coversHeader(p.ProtoOf(l), sum)
			if rec != none && (here || addr && p.isAbove(l, layer) && sum.rule.kind == rulePseudoSum) {
				allow(rec, sum)
			}
		}
	}
	for rec := id; rec != None; rec = p.ParentOf(rec) { // what is an expression of the field
		if lay := p.LayoutOf(rec); lay != nil {
			for _, a := range lay.autos {
				if a.rule.kind == ruleExpr {
					allow(rec, a)
				}
			}
		}
	}
	return may
}
