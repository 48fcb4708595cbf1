package core

import "slices"

// finish links the protocols: who leads to whom, and which sums each has.
func (c *compiler) finish() {
	for _, p := range c.reg.protos {
		c.keySources(p)
		p.headed, p.bounded = p.hdr.given(), p.all.given()
		if p.foot.static {
			p.all.foot = p.foot.fixed
		}
		p.footFirst = len(p.foot.Slots) > 0 && p.foot.known()
		p.quick = p.isQuick()
		if p.stop != nil {
			tree, _ := c.parse(p.Spec.Stop)
			p.stopBits = p.head.notZero(tree)
		}
		p.oneKey = len(p.keys) == 1 && p.keys[0].fast == 1 && len(p.any) == 0 && (p.stop == nil || p.stopBits != nil)
		for _, l := range []*Layout{p.head, p.foot} {
			for _, s := range l.autos {
				if s.rule != nil && s.rule.isSum() {
					p.sums = append(p.sums, s)
				}
			}
		}
	}
	for _, ls := range c.all {
		p := ls.layout.proto
		p.hasNames = p.hasNames || ls.layout.hasNames
		ls.layout.linkRooms()
		ls.layout.linkFollowers()
		for _, s := range ls.layout.Slots {
			if s.table != nil {
				c.mark(s)
			}
		}
	}
	c.reg.link = c.reg.tables["link"]
	for _, t := range c.reg.tables {
		t.shorten()
	}
	c.reaches()
	c.reg.plans()
}

// linkFollowers lists the derived fields by how they depend on others.
func (l *Layout) linkFollowers() {
	for _, a := range l.autos {
		for _, d := range a.rule.deps {
			if all := &l.follow[d.how]; !slices.Contains(*all, a) {
				*all = append(*all, a)
			}
		}
	}
}

// known reports whether the size of a footer can be told before its header is laid out.
func (l *Layout) known() bool {
	return !slices.ContainsFunc(l.Slots, func(s *Slot) bool {
		return s.get == nil && s.part == nil && s.width < 0 ||
			slices.ContainsFunc(s.whenDeps, func(d dep) bool { return d.below == nil })
	})
}

// keySources lists the fields of a protocol that lead upward, in wire order.
func (c *compiler) keySources(p *Proto) {
	for _, s := range p.head.Slots {
		if s.table != nil && s.Kind == Number {
			p.keys = append(p.keys, keySource{slots: []*Slot{s}, table: s.table})
			c.mark(s)
		}
	}
	for _, pr := range p.pairs {
		if t := c.reg.tables[p.Name+"."+pairName(pr[0].Name, pr[1].Name)]; t != nil {
			p.keys = append(p.keys, keySource{slots: pr[:], table: t})
			c.mark(pr[0])
			c.mark(pr[1])
		}
	}
	sortChecked(p.any)
	p.keys = fastKeys(p.head, p.keys)
}

// fastKeys notes how keys are read that are always there. Fields that exclude
// each other, lie at one place and share a table are one key.
func fastKeys(l *Layout, keys []keySource) []keySource {
	var out []keySource
	for _, k := range keys {
		s := k.slots[0]
		switch {
		case len(k.slots) == 2 && s.simple && k.slots[1].simple:
			k.loads, k.fast = [2]load{s.load, k.slots[1].load}, 2
		case len(k.slots) == 1 && s.simple:
			k.loads[0], k.fast = s.load, 1
		case len(k.slots) == 1 && s.static && s.when != nil && l.fixed*8 >= s.needs() && s.coversAll(k.table):
			k.loads[0], k.fast = s.load, 1
			if slices.ContainsFunc(out, func(o keySource) bool { return o.table == k.table && o.loads[0] == s.load }) {
				continue
			}
		}
		out = append(out, k)
	}
	return out
}

// coversAll reports whether under every value one of the keys at this place is there.
func (s *Slot) coversAll(t *table) bool {
	others := 0
	for _, o := range s.samePlace() {
		if o.table == t && o.gate != nil {
			others++
		}
	}
	return others == len(s.samePlace()) && others > 1
}

// sortChecked puts scripts' protocols before built-in ones.
func sortChecked(protos []candidate) {
	slices.SortStableFunc(protos, func(a, b candidate) int {
		switch as, bs := a.Spec.Pos != "", b.Spec.Pos != ""; {
		case as == bs:
			return 0
		case as:
			return -1
		}
		return 1
	})
}

// reaches computes which protocols may lie above each, at any distance.
func (c *compiler) reaches() {
	n := len(c.reg.protos)
	above := make([][]int, n)
	for _, p := range c.reg.protos {
		p.reach = make(bitset, (n+63)/64)
		add := func(q *Proto) {
			if !p.reach.has(q.id) {
				p.reach.add(q.id)
				above[p.id] = append(above[p.id], q.id)
			}
		}
		for _, k := range p.keys {
			k.table.children(add)
		}
		for _, q := range p.any {
			add(q.Proto)
		}
	}
	order := upperFirst(above)
	for again := true; again; {
		again = false
		for _, p := range order {
			for _, q := range above[p] {
				again = c.reg.protos[p].reach.merge(c.reg.protos[q].reach) || again
			}
		}
	}
}

// upperFirst lists the protocols so that those above come before those below,
// as far as there are no rings.
func upperFirst(above [][]int) (order []int) {
	seen := make([]bool, len(above))
	var visit func(p int)
	visit = func(p int) {
		if seen[p] {
			return
		}
		seen[p] = true
		for _, q := range above[p] {
			visit(q)
		}
		order = append(order, p)
	}
	for p := range above {
		visit(p)
	}
	return order
}

func (b bitset) merge(o bitset) (grew bool) {
	for i := range b {
		if v := b[i] | o[i]; v != b[i] {
			b[i], grew = v, true
		}
	}
	return grew
}

// isQuick reports whether the bounds of the layer are plain loads and nothing else need be proved.
func (p *Proto) isQuick() bool {
	plain := func(s *size, gated bool) bool {
		return !s.given() || s.slot != nil && !s.slot.Signed && s.slot.part == nil && s.slot.get == nil &&
			(s.slot.simple || gated && s.slot.gate != nil)
	}
	return (p.head.static || p.headed && !p.head.eager) && len(p.foot.Slots) == 0 && p.check == nil && p.Spec.Hook == nil &&
		plain(&p.hdr, false) && plain(&p.all, true)
}
