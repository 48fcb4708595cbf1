package core

import "fmt"

// Lengths that would not fit their fields after an edit.

// checkFits reports a length that would not fit its field after an edit of s.
func (p *Packet) checkFits(s fmt.Stringer) error {
	for _, r := range p.edit.todo.list {
		if r.slot.rule.isLen() {
			if err := p.fitsRule(r.id, r.slot, s, true); err != nil {
				return err
			}
		}
	}
	sized := false
	for id := p.highest(); id != 0; id = p.nodes[id].down {
		if sized = sized || p.nodes[id].flags&isSized != 0; !sized {
			continue
		}
		if p.refills(id, true) {
			if _, _, err := p.keyFor(id); err != nil {
				return err
			}
		}
		for _, a := range p.nodes[id].layout.autos {
			if !a.rule.isLen() || a.rule.kind == ruleExpr || p.edit.pinned(id, a) {
				continue
			}
			if err := p.fitsRule(id, a, s, sized); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Packet) fitsRule(id int32, a *Slot, s fmt.Stringer, sized bool) error {
	if _, _, ok := p.place(id, a); !ok || p.edit.pinned(id, a) {
		return nil
	}
	r := a.rule
	v, ok := p.derive(id, a)
	if !ok && p.waits(id, r) {
		return nil
	}
	if !ok {
		return fmt.Errorf("%s cannot be computed: %s%s", a, a.Auto, p.lacks(id, r))
	}
	if r.kind != ruleExpr && r.unit > 1 {
		if n := p.extentFor(id, r.kind); n%r.unit != 0 && sized {
			return fmt.Errorf("%s: %s of %d bytes, not a multiple of %d", s, r.noun(), n, r.unit)
		}
	}
	if bits, err := a.fits(v); err == nil && (v >= 0 || a.Signed) {
		if !p.suits(id, a, bits) {
			return fmt.Errorf("%s: %d does not fit: it is there when %s", a, v, a.When)
		}
		return nil
	}
	if r.kind == ruleHeaderLen {
		return fmt.Errorf("%s: header of %d bytes, at most %d", s, p.extentFor(id, r.kind), (int(ones(a.Bits))-r.bias)*r.unit)
	}
	return fmt.Errorf("%s: %d does not fit in %d bits", a, v, a.Bits)
}

// lacks says which field a rule needs that its condition keeps away.
func (p *Packet) lacks(id int32, r *rule) string {
	for _, d := range r.deps {
		if s := d.slot; s != nil && s.When != "" && s.layout == p.nodes[id].layout && !p.Has(ID(id), s) {
			return "; " + s.absentHere().Error()
		}
	}
	return ""
}

func (r *rule) noun() string {
	switch r.kind {
	case ruleHeaderLen:
		return "header"
	case ruleBodyLen:
		return "body"
	}
	return "length"
}
