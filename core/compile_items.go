package core

import "slices"

// Layouts of the items of lists.

// items makes the layouts of a list's items.
func (c *compiler) items(l *Layout, s *Slot, around []*Layout) {
	outer := append([]*Layout{l}, around...)
	path := s.String()
	switch {
	case nested(outer) >= maxDepth:
		c.failAt(s, "lists nest at most %d deep; only a struct, pkl.struct, may contain itself", maxDepth)
		s.items.one = c.layout(l.proto, path, &Struct{}, outer, s)
	case s.By != "":
		head := &Struct{}
		if s.Item != nil {
			head = s.Item
		}
		for i := range s.Kinds {
			c.variant(s, head, &s.Kinds[i], outer)
		}
		if s.Item == nil && s.Other == nil && len(s.items.kinds) > 0 {
			s.items.probe = s.items.kinds[0].layout
			return
		}
		s.items.other = c.layout(l.proto, path, join(head, s.Other), outer, s)
		s.items.probe = s.items.other
	case s.Named != "":
		s.items.one = c.shape(s, outer)
	case s.Item != nil:
		s.items.one = c.layout(l.proto, path, s.Item, outer, s)
		f := s.Item.Fields
		s.items.plain = len(f) == 1 && f[0].Name == ""
	default:
		c.failAt(s, `a list needs of = kind, of = { fields }, of = "struct" or by and kinds`)
		s.items.one = c.layout(l.proto, path, &Struct{}, outer, s)
	}
}

// nested is how many lists the innermost layout lies in.
func nested(layouts []*Layout) (n int) {
	for _, l := range layouts {
		if l.item {
			n++
		}
	}
	return n
}

// join puts the fields of an item's kind behind those of its head.
func join(head, kind *Struct) *Struct {
	if kind == nil {
		return head
	}
	j := *kind
	j.head = head
	if j.Len == "" {
		j.Len = head.Len
	}
	if j.Pos == "" {
		j.Pos = head.Pos
	}
	return &j
}

func (c *compiler) variant(s *Slot, head *Struct, v *Variant, outer []*Layout) {
	lay := c.layout(s.layout.proto, s.String(), join(head, &v.Struct), outer, s)
	if v.Name != "" {
		lay.Name = v.Name
	}
	var names []ValueName
	if by := lay.byName[s.By]; by != nil {
		names = by.Names
	}
	ranges, err := parseKeys(v.Is, names)
	if err != nil {
		c.failAt(s, "kinds: %v", err)
	}
	for _, r := range ranges {
		if r.mask != 0 {
			c.failAt(s, "kinds: %s: masks are for over only", v.Is)
		}
		for _, k := range s.items.kinds {
			if k.lo <= int64(r.hi) && int64(r.lo) <= k.hi {
				c.failAt(s, "kinds: %d stands twice", max(k.lo, int64(r.lo)))
			}
		}
		s.items.kinds = append(s.items.kinds, variant{int64(r.lo), int64(r.hi), lay})
	}
}

// shape makes the layout of a named struct, once for each place it is used
// from; a struct that contains itself is the same layout all the way down.
func (c *compiler) shape(s *Slot, outer []*Layout) *Layout {
	st := c.structs[s.Named]
	if st == nil {
		var names []string
		for n := range c.structs {
			names = append(names, n)
		}
		slices.Sort(names)
		c.failAt(s, "of: no struct %q%s", s.Named, c.hint(s.Named, names))
		return c.layout(s.layout.proto, s.String(), &Struct{}, outer, s)
	}
	for _, l := range outer {
		if l.src == st {
			return l
		}
	}
	key := shapeKey{st.Name, s.layout.proto, outer[0]}
	if l := c.shapes[key]; l != nil {
		return l
	}
	l := c.layout(s.layout.proto, st.Name, st, outer, s)
	c.shapes[key] = l
	return l
}
