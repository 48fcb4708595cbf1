package core

// Derived fields that cannot be together.

// rings reports derived numbers whose value hangs on itself, by way of others or
// not, and a second key of the layer above.
func (c *compiler) rings(l *Layout) {
	var next *Slot
	for _, a := range l.autos {
		if a.rule == nil || a.bad {
			continue
		}
		if a.rule.kind == ruleNext && a.When == "" {
			if next != nil {
				c.failAt(a, "auto: %s leads to the layer above already", next.Name)
			}
			next = a
		}
		seen := map[*Slot]bool{}
		for _, d := range a.rule.deps {
			if d.how != useValue || d.slot == nil || !leadsTo(d.slot, a, seen) {
				continue
			}
			if d.slot == a {
				c.failAt(a, "auto: it is computed from itself")
			} else {
				c.failAt(a, "auto: it is computed from itself, by way of %s", d.slot.Name)
			}
			break
		}
	}
}

// leadsTo reports whether the value of s is, or is computed from, that of field to.
func leadsTo(s, to *Slot, seen map[*Slot]bool) bool {
	if s == to || s.part == to {
		return true
	}
	if seen[s] {
		return false
	}
	seen[s] = true
	deps := s.getDeps
	if s.rule != nil {
		deps = s.rule.deps
	}
	for _, d := range deps {
		if d.how == useValue && d.slot != nil && leadsTo(d.slot, to, seen) {
			return true
		}
	}
	return s.part != nil && leadsTo(s.part, to, seen)
}
