package core

import "slices"

// Derived fields that cannot be together.

// rings reports a derived number whose value hangs on itself, by way of others or
// not, once for each ring, and a second key of the layer above.
func (c *compiler) rings(l *Layout) {
	var next *Slot
	for _, a := range l.autos {
		if a.rule == nil {
			continue
		}
		if a.rule.kind == ruleNext && a.When == "" {
			if next != nil {
				c.failAt(a, "auto: %s leads to the layer above already", next.Name)
			}
			next = a
		}
		if c.rung[a] == ringNew {
			c.follow(a)
		}
	}
}

// follow goes from a field to those its value is computed from, each once.
func (c *compiler) follow(s *Slot) {
	c.rung[s] = ringOpen
	c.path = append(c.path, s)
	deps := s.getDeps
	if s.rule != nil {
		deps = s.rule.deps
	}
	for _, d := range deps {
		if d.how == useValue && d.slot != nil {
			c.followTo(d.slot)
		}
	}
	if s.part != nil {
		c.followTo(s.part)
	}
	c.path = c.path[:len(c.path)-1]
	c.rung[s] = ringDone
}

// followTo goes on to a field that the last of the path is computed from.
func (c *compiler) followTo(s *Slot) {
	switch c.rung[s] {
	case ringNew:
		c.follow(s)
	case ringOpen:
		ring := c.path[slices.Index(c.path, s):]
		if i := slices.IndexFunc(ring, func(s *Slot) bool { return s.rule != nil }); i >= 0 {
			c.failAt(ring[i], "auto: it is computed from itself%s", byWayOf(ring, i))
		}
	}
}

// byWayOf names the field that number i of a ring is computed from.
func byWayOf(ring []*Slot, i int) string {
	if len(ring) == 1 {
		return ""
	}
	return ", by way of " + ring[(i+1)%len(ring)].Name
}

// How far a field has been followed.
const (
	ringNew = iota
	ringOpen
	ringDone
)
