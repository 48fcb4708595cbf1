package core

import "slices"

// expressions compiles every expression of every layout.
func (c *compiler) expressions() {
	for _, ls := range c.all {
		l := ls.layout
		for _, s := range l.Slots {
			c.slotExprs(ls, s)
		}
		c.implied(l)
	}
	for _, ls := range c.all {
		for _, s := range ls.layout.Slots {
			if s.Auto != "" {
				sc := c.scope(ls, len(ls.layout.Slots))
				sc.later, sc.auto = true, true
				s.rule = c.rule(s, sc)
				ls.layout.autos = append(ls.layout.autos, s)
			}
		}
		c.itemBounds(ls)
	}
	for _, ls := range c.all {
		c.rings(ls.layout)
	}
	for _, p := range c.reg.protos {
		c.protoExprs(p)
	}
	for _, k := range c.keyChecks {
		sc := c.scopeOf(k.proto)
		fn, deps, err := c.compileCond(k.key.Check, sc)
		if err != nil {
			c.wrongIn(k.pos, k.proto.Name, "over "+k.key.On+": check", err)
		}
		k.fn = fn
		c.needs(deps)
	}
}

// scope is what names mean in the slot with index before.
func (c *compiler) scope(ls *layoutScope, before int) *scope {
	return &scope{reg: c.reg, comp: c, layouts: ls.layouts, before: before}
}

// scopeOf is what names mean in the words of a protocol.
func (c *compiler) scopeOf(p *Proto) *scope {
	return &scope{reg: c.reg, comp: c, layouts: []*Layout{p.head}, before: len(p.head.Slots), later: true}
}

// itemScope is what names mean in what a list says of its items.
func (c *compiler) itemScope(l *Layout, ls *layoutScope) *scope {
	return &scope{reg: c.reg, comp: c, layouts: append([]*Layout{l}, ls.layouts...), before: len(l.Slots)}
}

func (c *compiler) slotExprs(ls *layoutScope, s *Slot) {
	sc := func(before int) *scope { return c.scope(ls, before) }
	if s.When != "" && s.part == nil {
		fn, deps, err := c.compileCond(s.When, sc(s.idx+1))
		if err != nil {
			c.wrong(s, "when", err)
		}
		s.when, s.whenDeps = fn, deps
		c.needs(deps)
		s.with, s.without = c.beside(s)
	}
	if s.Size != "" {
		if n, ok := c.constNum(s.Size); ok {
			s.konst = int(n)
			if n < 0 || n >= 1<<24 {
				c.failAt(s, "size: %d bytes (0 to %d)", n, 1<<24-1)
			} else if (s.Kind == IP4 || s.Kind == IP6) && n > int64(s.addrSize()) {
				c.failAt(s, "size: %d bytes, but such an address has %d", n, s.addrSize())
			}
			if s.Kind == List {
				s.size = func(*env) (int64, bool) { return n, true }
			}
		} else {
			fn, deps, err := c.compileNum(s.Size, sc(s.idx))
			if err != nil {
				c.wrong(s, "size", err)
			}
			s.size = fn
			c.needs(deps)
			c.derive(s, deps, s.Size, useSize)
			if tree, err := c.parse(s.Size); err == nil {
				s.step, _ = s.layout.linear(tree)
			}
		}
	}
	if s.Count != "" {
		fn, deps, err := c.compileNum(s.Count, sc(s.idx))
		if err != nil {
			c.wrong(s, "count", err)
		}
		s.count = fn
		if n, ok := c.constNum(s.Count); ok && (n < 0 || n > maxItems) {
			c.failAt(s, "count: %d items (0 to %d)", n, maxItems)
		}
		c.needs(deps)
		c.derive(s, deps, s.Count, useCount)
	}
	if s.Get != "" {
		all := sc(len(ls.layout.Slots))
		all.later = true
		g, deps, err := c.compileGet(s.Get, all)
		if err != nil {
			c.wrong(s, "get", err)
			g = &getter{}
		}
		s.get, s.getDeps = g, deps
		c.getKind(s)
	}
	if s.Kind == List {
		c.listExprs(ls, s)
	}
	if s.Of != "" {
		c.inside(s)
	}
}

// getKind gives a computed field the kind of what it computes.
func (c *compiler) getKind(s *Slot) {
	switch {
	case s.get.plain != nil && s.Bits == 0 && s.Kind == Number:
		p := s.get.plain
		s.Kind, s.Bits, s.Signed = p.Kind, p.Bits, p.Signed
		if p.Kind != Number {
			s.width, s.LE = p.width, p.LE
		}
		if s.Field.Names == nil {
			f := *s.Field
			f.Names = p.Field.Names
			s.Field = &f
		}
	case s.get.bytes != nil && s.Kind == Number:
		s.Kind = Bytes
	case s.get.cond && s.Kind == Number && s.Bits == 0:
		s.Bits = 1
	case s.get.num != nil && s.Kind == Number && s.Bits == 0:
		s.Bits, s.Signed = 64, true
	}
}

// inside notes the protocol of the packet that a bytes field holds.
func (c *compiler) inside(s *Slot) {
	s.of = c.reg.byName[s.Of]
	if s.of == nil {
		c.failAt(s, "of: no protocol %q%s", s.Of, c.hint(s.Of, c.reg.Names()))
	}
}

// needs marks the fields that finding depends on.
func (c *compiler) needs(deps []dep) {
	for _, d := range deps {
		if d.slot != nil {
			c.mark(d.slot)
		}
	}
}

func (c *compiler) mark(s *Slot) {
	for ; s != nil; s = s.Alt {
		if s.structural {
			continue
		}
		s.structural = true
		if s.part != nil {
			c.mark(s.part)
		}
		if s.parted {
			s.layout.markParts(s)
		}
		c.needs(s.getDeps)
	}
}

func (l *Layout) markParts(whole *Slot) {
	for _, o := range l.Slots[whole.idx:] {
		if o.part == whole {
			o.structural = true
		}
	}
}

// derive makes a plain number that is the size or count of one field follow it.
func (c *compiler) derive(s *Slot, deps []dep, src string, how use) {
	if len(deps) != 1 || deps[0].slot == nil || deps[0].below != nil || deps[0].slot.Name != src {
		return
	}
	d := deps[0].slot
	if d.Kind != Number {
		c.failAt(s, "%s is no number", d.Name)
		return
	}
	if d.Auto != "" && !d.derived || d.layout != s.layout || d.part != nil || d.get != nil || d.Alt != nil {
		return
	}
	if (s.Alt != nil || s.before != nil) && dependsOn(s.whenDeps, d) { // it tells which of them is there, too
		return
	}
	if d.derived { // two fields of that size: it cannot follow both
		d.Auto = ""
		return
	}
	d.derived = true
	if how == useSize {
		d.Auto = "len(" + s.Name + ")"
	} else {
		d.Auto = "count(" + s.Name + ")"
	}
}

// listExprs compiles last, stop and by over the items.
func (c *compiler) listExprs(ls *layoutScope, s *Slot) {
	if s.By != "" && s.items.probe != nil {
		fn, deps, err := c.compileNum(s.By, c.itemScope(s.items.probe, ls))
		if err != nil {
			c.wrong(s, "by", err)
			return
		}
		s.items.by = fn
		c.needs(deps)
		c.samePlace(s, deps)
	}
	c.overItems(s, ls, s.Last, "last", func(l *Layout, f cond) { l.last, l.mark = f, findEndMark(l, s.Last) })
	c.overItems(s, ls, s.End, "stop", func(l *Layout, f cond) {
		tree, _ := c.parse(s.End)
		l.end, l.ends = f, l.equals(tree)
	})
	s.closes = s.endsBehindMark()
}

// samePlace checks that all kinds of items agree up to the discriminator.
func (c *compiler) samePlace(s *Slot, deps []dep) {
	for _, d := range deps {
		if d.slot == nil || d.slot.layout != s.items.probe {
			continue
		}
		if d.slot.Name != s.By || d.slot.Get != "" {
			c.failAt(s, "by: of an item, it is the name of a number that has bytes; some bits of one have a name with part")
			return
		}
		s.items.probe.by = d.slot
		for _, l := range s.Layouts() {
			o := l.byName[d.slot.Name]
			if o == nil || o.idx != d.slot.idx || !slices.EqualFunc(l.Slots[:o.idx+1], s.items.probe.Slots[:o.idx+1], sameShape) {
				c.failAt(s, "by: %s must stand at the same place in every kind, behind the same fields", d.slot.Name)
				return
			}
			l.by = o
			c.mark(o)
		}
		for _, k := range s.items.kinds {
			if most := ones(d.slot.Bits); d.slot.Kind == Number && (uint64(k.lo) > most || uint64(k.hi) > most) {
				c.failAt(s, "kinds: %d does not fit in the %d bits of %s", k.hi, d.slot.Bits, d.slot.Name)
			}
		}
	}
}

func sameShape(a, b *Slot) bool {
	return a.Name == b.Name && a.Kind == b.Kind && a.Bits == b.Bits && a.Size == b.Size && a.When == b.When && a.LE == b.LE && a.Digits == b.Digits
}

// overItems compiles a condition over the items of a list. With several kinds,
// those that lack a field never meet it.
func (c *compiler) overItems(s *Slot, ls *layoutScope, src, word string, set func(*Layout, cond)) {
	if src == "" {
		return
	}
	var first error
	found := false
	for _, l := range s.Layouts() {
		fn, deps, err := c.compileCond(src, c.itemScope(l, ls))
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		found = true
		c.needs(deps)
		set(l, fn)
	}
	if !found && first != nil {
		c.wrong(s, word, first)
	}
}
