package core

import (
	"fmt"
	"slices"
)

// Which sizes and counts the bytes of a packet can tell.

// sizeAllowed refuses a size that the packet could not tell: one that an
// expression says which nothing derives, or that is no whole number of the units
// it is told in.
func (p *Packet) sizeAllowed(id int32, s *Slot, n int) error {
	if s.size == nil || s.konst >= 0 {
		return nil
	}
	if s.sizeDerived() {
		if k := s.step; k.mul > 1 && (int64(n)-k.add)%k.mul != 0 {
			return fmt.Errorf("%s: %d bytes, but its size is %s, a multiple of %d%s; fill it up", s, n, s.Size, k.mul, plus(k.add))
		}
		return nil
	}
	for _, a := range s.layout.autos {
		if s.isShortAddr() {
			break
		}
		if a.rule.kind == ruleHeaderLen || a.rule.kind == ruleTotalLen || a.rule.kind == ruleBodyLen {
			return nil
		}
	}
	if want, ok := p.eval(s.size, id); ok && int(want) == n {
		return nil
	}
	return fmt.Errorf("%s: %d bytes, but its size is %s, which nothing derives; set that first", s, n, s.Size)
}

// plus says a summand in words; there is none of 0.
func plus(n int64) string {
	switch {
	case n > 0:
		return fmt.Sprintf(" and %d", n)
	case n < 0:
		return fmt.Sprintf(" less %d", -n)
	}
	return ""
}

// listFits refuses a list of a size that the packet could not tell.
func (p *Packet) listFits(id int32, s *Slot) error {
	if s == nil || s.Kind != List {
		return nil
	}
	if _, w, ok := p.place(id, s); ok {
		return p.listAllowed(id, p.list(id, s), w>>3)
	}
	return nil
}

// listAllowed is listFits for list l of record id, which has n bytes.
func (p *Packet) listAllowed(id, l int32, n int) error {
	s, items := p.nodes[l].slot, int(p.nodes[l].n)
	if items == 0 && n == 0 && s.needsItem() {
		return fmt.Errorf("%s: it ends with the item for which %s holds, so it has at least one", s, s.Last)
	}
	if s.always() && n != s.konst {
		return fmt.Errorf("%s: %d bytes, but it always has %d; replace its items, or assign as many", s, n, s.konst)
	}
	if s.tells(useCount) { // that it is the right number is for the definition
		return nil
	}
	if s.count != nil && s.End == "" && p.nodes[l].flags&isDamaged == 0 && !s.tells(useSize) {
		if want, ok := p.eval(s.count, id); ok && int(want) != items {
			return fmt.Errorf("%s: %d items, but its count is %s, which nothing derives; set that first", s, items, s.Count)
		}
	}
	return p.sizeAllowed(id, s, n)
}

// always reports whether a list is as long as its size says, whatever is in it.
func (s *Slot) always() bool { return s.Kind == List && s.konst >= 0 && s.End == "" && s.Pad <= 1 }

// sizeDerived reports whether a number is derived from the size of this field.
func (s *Slot) sizeDerived() bool { return s.tells(useSize) }

// tells reports whether a number is derived from the size, count or presence of this field.
func (s *Slot) tells(how use) bool {
	return slices.ContainsFunc(s.layout.autos, func(a *Slot) bool {
		return a.rule != nil && slices.ContainsFunc(a.rule.deps, func(d dep) bool { return d.how == how && d.slot == s })
	})
}

// sizeFollows reports whether a derived field tells the size.
func (s *Slot) sizeFollows() bool {
	for _, a := range s.layout.autos {
		if a.rule == nil {
			continue
		}
		if k := a.rule.kind; k == ruleHeaderLen || k == ruleTotalLen || k == ruleBodyLen {
			return true
		}
		for _, d := range a.rule.deps {
			if d.how == useSize && d.slot == s {
				return true
			}
		}
	}
	return false
}
