package core

// maxWays bounds the memory of ways; keys that fall on another then go to rest.
const maxWays = 4096

// plans prepares climbing for every protocol and key.
func (r *Registry) plans() {
	for _, p := range r.protos {
		p.plan = newPlan(p)
	}
	several := &plan{id: int32(len(r.protos))}
	for _, t := range r.tables {
		t.ways = t.newWays(several)
	}
	for _, p := range r.protos {
		if p.plan.goesOn {
			p.plan.ways = p.keys[0].table.ways
		}
		p.sights = r.sightsOf(p)
	}
}

// newPlan prepares climbing over a protocol.
func newPlan(p *Proto) *plan {
	pl := &plan{id: int32(p.id), fixed: p.head.fixed, behind: p.all.behind, climbs: p.quick && p.head.fixed >= 2}
	pl.head = pl.scaled(p.hdr)
	pl.all = pl.scaled(p.all)
	if pl.all.given && p.all.slot.gate != nil {
		pl.gate = p.all.slot.gate
		pl.gateBy = pl.word(pl.gate.load)
	}
	if !p.oneKey || !pl.climbs {
		return pl
	}
	pl.key = pl.word(p.keys[0].loads[0])
	if pl.stops = p.stopBits != nil; pl.stops {
		pl.stop = pl.word(*p.stopBits)
	}
	pl.goesOn = pl.climbs
	return pl
}

func (pl *plan) scaled(s size) scaled {
	if s.slot == nil {
		return scaled{}
	}
	return scaled{pl.word(s.slot.load), s.mul, s.add, true}
}

// word turns a load into one of two bytes. Where that cannot be, or where the
// header may end before, there is no climbing.
func (pl *plan) word(l load) word {
	w := word{uint16(l.at), l.shift, l.mask}
	switch {
	case l.at >= 1<<16:
		pl.climbs = false
	case l.op == load8 && l.at == 0:
		w.shift += 8
	case l.op == load8:
		w.at--
	case l.op != load16:
		pl.climbs = false
	}
	pl.climbs = pl.climbs && int(w.at)+2 <= pl.fixed
	return w
}

// sightsOf tells what a climb to goal does at each protocol.
func (r *Registry) sightsOf(goal *Proto) []sight {
	all := make([]sight, len(r.protos)+1)
	for i, p := range r.protos {
		switch {
		case p.check != nil:
		case p != goal && !p.reach.has(goal.id):
			all[i] = nowhere
		case !p.plan.climbs:
		case p == goal:
			all[i] = here
		default:
			all[i] = further
		}
	}
	return all
}

// newWays finds a size at which no two keys fall on one another.
func (t *table) newWays(several *plan) *ways {
	find := func(v uint64) *plan {
		switch cands := t.find(v); {
		case len(cands) == 0:
			return nil
		case len(cands) > 1 || cands[0].also != nil:
			return several
		default:
			return cands[0].plan
		}
	}
	w := &ways{}
	if t.wide != nil {
		w.rest = find
	}
	keys := t.keys()
	size := 2
	for size < 2*len(keys) {
		size *= 2
	}
	for ; size <= maxWays; size *= 2 {
		if w.put(keys, size, find) {
			return w
		}
	}
	w.rest = find
	return w
}

// put fills in the keys, and reports whether each has a place of its own.
func (w *ways) put(keys []uint64, size int, find func(uint64) *plan) bool {
	w.list, w.mask = make([]way, size), uint64(size-1)
	whole := true
	for _, k := range keys {
		if e := &w.list[hash(k)&w.mask]; e.plan == nil {
			*e = way{k, find(k)}
		} else {
			whole = false
		}
	}
	return whole
}

// keys lists the single values of the table.
func (t *table) keys() (all []uint64) {
	for i := range t.slots {
		if t.slots[i].cands != nil {
			all = append(all, t.slots[i].key)
		}
	}
	return all
}
