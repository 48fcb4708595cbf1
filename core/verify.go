package core

import "fmt"

// A Finding is a derived field that has another value than it should.
type Finding struct {
	Layer string
	N     int    // which instance of the protocol, from 1
	Field string // "sum", "opts[2].len"
	Have  uint64
	Want  uint64
}

// Verify returns the checksums and lengths of the packet, brought up to date,
// that are wrong. What cannot be checked is not wrong: sums and lengths that
// reach beyond the bytes present (fragments, cut packets), sums left to hardware.
func (p *Packet) Verify() []Finding {
	p.Update()
	v := verifier{p: p}
	for id := range p.layers() {
		if p.nodes[id].flags&isShort != 0 {
			continue
		}
		v.layer = id
		v.lengths(id, "")
		if f := p.nodes[id].foot; f != none {
			v.lengths(f, "")
		}
		v.sums(id)
	}
	return v.found
}

// A verifier collects what is wrong.
type verifier struct {
	p     *Packet
	layer ID
	found []Finding
}

func (v *verifier) add(field string, have, want uint64) {
	pr := v.p.nodes[v.layer].proto
	v.found = append(v.found, Finding{Layer: pr.Name, N: v.p.Instance(v.layer), Field: field, Have: have, Want: want})
}

// lengths checks the lengths and counts of a record and of its items.
func (v *verifier) lengths(id ID, path string) {
	p := v.p
	for _, s := range p.nodes[id].layout.Slots {
		switch {
		case s.get != nil || s.part != nil:
		case s.rule != nil && v.checkable(id, s):
			v.length(id, s, path)
		case s.Kind == List:
			v.items(id, s, path)
		}
	}
}

func (v *verifier) items(id ID, s *Slot, path string) {
	l := v.p.list(id, s)
	if l == none {
		return
	}
	for i, item := range v.p.items(l) {
		if v.p.nodes[item].layout.measured() {
			v.lengths(item, fmt.Sprintf("%s%s[%d].", path, s.Name, i+1))
		}
	}
}

// measured reports whether an item tells lengths, or holds lists that may.
func (l *Layout) measured() bool { return l.lists || len(l.autos) > 0 }

func (v *verifier) length(id ID, s *Slot, path string) {
	have, ok := v.p.num(id, s)
	want, known := v.p.derive(id, s)
	if !ok || !known || have == 0 && s.rule.reachesUp() || s.signed(have) == want {
		return
	}
	v.add(path+s.Name, have, uint64(want))
}

// reachesUp reports whether a length counts what is above the header; then 0 may mean unknown.
func (r *rule) reachesUp() bool {
	if r.kind == ruleTotalLen || r.kind == ruleBodyLen {
		return true
	}
	for _, d := range r.deps {
		if d.slot == nil {
			return true
		}
	}
	return false
}

// checkable reports whether a derived field is a length, and of bytes that are here.
func (v *verifier) checkable(id ID, s *Slot) bool {
	if !s.rule.isLen() || s.rule.kind == ruleExpr && !s.rule.measures() {
		return false
	}
	if _, _, ok := v.p.place(id, s); !ok {
		return false
	}
	if v.p.nodes[v.layer].flags&isCut == 0 {
		return v.p.err == (fault{}) || id != v.layer || !s.rule.reachesUp()
	}
	return id == v.layer && s.rule.reachesUp() && v.p.overlong(id)
}

// measures reports whether an expression counts bytes or items.
func (r *rule) measures() bool {
	for _, d := range r.deps {
		if d.how == useSize || d.how == useCount || d.slot == nil {
			return true
		}
	}
	return false
}

// overlong reports whether the layer's own length leads beyond a packet that
// is all here. A stream protocol (one with a check) may go on in the next packet.
func (p *Packet) overlong(id ID) bool {
	below := p.nodes[id].down
	if p.nodes[below].flags&isCut != 0 || p.nodes[id].proto.check != nil {
		return false
	}
	return !p.inPiece(id)
}

// sums checks the sums of a layer.
func (v *verifier) sums(id ID) {
	p := v.p
	for _, s := range p.nodes[id].proto.sums {
		rec := p.recordOf(id, s)
		if rec == none || p.partial(id, s) || p.omitted(id, s) || p.SumsPending && !coversHeader(p.nodes[id].proto, s) {
			continue
		}
		have, ok := p.num(rec, s)
		if want := p.wantSum(id, s); ok && !sameSum(s, have, want) {
			v.add(s.Name, have, want)
		}
	}
}

// sameSum reports whether sum have is as right as the computed one. In ones'
// complement 0xffff is 0 too; 0 is computed where the words do not add up to 0 (RFC 1071).
func sameSum(s *Slot, have, want uint64) bool {
	return have == want || s.rule.kind != ruleCRC && have == 0xffff && want == 0
}

// wantSum returns the sum that a new packet of the same bytes would have.
func (p *Packet) wantSum(id ID, s *Slot) uint64 {
	if s.rule.kind == ruleCRC {
		return p.crcOf(id, s)
	}
	v := ^p.sumOf(id, s)
	if v == 0 && s.Optional {
		v = 0xffff
	}
	return uint64(v)
}
