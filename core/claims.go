package core

import (
	"maps"
	"slices"
	"sort"
)

// What protocols claim of a key table, and who gets it.

// A claim is one protocol's wish for values of a table.
type claim struct {
	keyRange
	proto *Proto
	fill  string
	also  cond
	key   *Key // whose check also is
	order int
}

func (c *claim) covers(v uint64) bool {
	if c.mask != 0 {
		return v&c.mask == c.lo
	}
	return v >= c.lo && v <= c.hi
}

func (c *claim) isExact() bool { return c.mask == 0 && c.lo == c.hi }

func (c *claim) plain() bool { return !c.proto.checked() && c.also == nil }

func (c *claim) before(o *claim) bool {
	if mine, his := c.proto.Spec.Pos != "", o.proto.Spec.Pos != ""; mine != his {
		return mine
	}
	return c.order < o.order
}

// A claimed is what is claimed of a table, by value and by range or mask.
type claimed struct {
	exact map[uint64][]claim
	wide  []claim
}

func sortOut(claims []claim) claimed {
	s := claimed{exact: map[uint64][]claim{}}
	for _, cl := range claims {
		if cl.isExact() {
			s.exact[cl.lo] = append(s.exact[cl.lo], cl)
		} else {
			s.wide = append(s.wide, cl)
		}
	}
	return s
}

// at returns the claims on value v.
func (s *claimed) at(v uint64) []claim {
	list := slices.Clone(s.exact[v])
	for _, cl := range s.wide {
		if cl.covers(v) {
			list = append(list, cl)
		}
	}
	return list
}

// fill builds a table from claims; forced ones are pkl.bind's.
func (c *compiler) fill(t *table, claims, forced []claim) {
	made, bound := sortOut(claims), sortOut(forced)
	values := slices.AppendSeq(slices.Collect(maps.Keys(made.exact)), maps.Keys(bound.exact))
	slices.Sort(values)
	values = slices.Compact(values)
	t.reserve(len(values))
	for _, v := range values {
		t.put(v, c.candidates(t, v, made.at(v), bound.at(v)))
	}
	c.fillWide(t, made, bound)
	c.clashes(t, made.wide)
	for _, cl := range append(slices.Clone(claims), forced...) {
		c.noteNumber(t, cl)
	}
}

// fillWide cuts ranges where another begins or ends, so that each piece has one list of candidates.
func (c *compiler) fillWide(t *table, made, bound claimed) {
	var cuts []uint64
	for _, cl := range append(slices.Clone(made.wide), bound.wide...) {
		if cl.mask != 0 {
			t.wide = append(t.wide, wideKey{val: cl.lo, mask: cl.mask, cands: c.candidates(t, cl.lo, made.at(cl.lo), bound.at(cl.lo))})
		} else {
			cuts = append(cuts, cl.lo, max(cl.hi, cl.hi+1)) // the highest value of all has none above it
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	made.exact, bound.exact = nil, nil
	var ranges []wideKey
	for i := 0; i+1 < len(cuts); i++ {
		if cands := c.candidates(t, cuts[i], made.at(cuts[i]), bound.at(cuts[i])); cands != nil {
			ranges = append(ranges, wideKey{lo: cuts[i], hi: cuts[i+1] - 1, cands: cands})
		}
	}
	t.wide = append(ranges, t.wide...)
}

// clashes reports masks of two protocols without a check that some value has both of.
func (c *compiler) clashes(t *table, claims []claim) {
	for i, a := range claims {
		for _, b := range claims[:i] {
			if a.mask != 0 && b.mask != 0 && (a.lo^b.lo)&a.mask&b.mask == 0 && a.proto != b.proto && a.plain() && b.plain() {
				c.fail(a.proto.Spec.Pos, a.proto.Name, "%s = %#x belongs to %s too; a check, or pkl.bind, must say who has it", t.name, a.lo|b.lo, b.proto.Name)
			}
		}
	}
}

// candidates lists who may be found under value v, of those who claim it:
// those of pkl.bind, the last one first, down to one without a check, which has
// the value for itself; then those with a check, scripts' before built-ins', and
// the one without.
func (c *compiler) candidates(t *table, v uint64, claims, forced []claim) []candidate {
	var cands []candidate
	forced = slices.SortedFunc(slices.Values(forced), func(a, b claim) int { return b.order - a.order })
	for _, cl := range forced {
		cands = append(cands, candidate{cl.proto, cl.also, cl.key})
		if cl.also == nil {
			return cands
		}
	}
	var checked, plain []claim
	for _, cl := range claims {
		if cl.proto.checked() || cl.also != nil {
			checked = append(checked, cl)
		} else {
			plain = append(plain, cl)
		}
	}
	sort.SliceStable(plain, func(i, j int) bool { return plain[i].order < plain[j].order })
	sort.SliceStable(checked, func(i, j int) bool { return checked[i].before(&checked[j]) })
	plain = narrowest(plain)
	for _, cl := range plain[min(1, len(plain)):] {
		if a := plain[0]; a.proto != cl.proto && c.newClash(t, &a, &cl) {
			c.fail(cl.proto.Spec.Pos, cl.proto.Name, "%s = %d belongs to %s too; say who has it: pkl.bind(%q, %q, %d)",
				t.name, v, a.proto.Name, cl.proto.Name, t.name, v)
		}
	}
	known := map[*Proto]bool{}
	for _, cl := range append(checked, plain[:min(1, len(plain))]...) {
		if !known[cl.proto] {
			known[cl.proto] = true
			cands = append(cands, candidate{cl.proto, cl.also, cl.key})
		}
	}
	return cands
}

// newClash reports whether a clash has to be told: of two ranges, once.
func (c *compiler) newClash(t *table, a, b *claim) bool {
	if a.isExact() || b.isExact() {
		return true
	}
	k := clash{t, a.proto, b.proto}
	told := c.clashed[k]
	c.clashed[k] = true
	return !told
}

// A clash is two protocols that want the same values.
type clash struct {
	table *table
	a, b  *Proto
}

// narrowest puts claims that name the value itself first. Among built-in
// protocols these have it, whatever range or mask it lies in.
func narrowest(claims []claim) []claim {
	var exact, wide []claim
	script := false
	for _, cl := range claims {
		script = script || cl.proto.Spec.Pos != ""
		if cl.isExact() {
			exact = append(exact, cl)
		} else {
			wide = append(wide, cl)
		}
	}
	if exact != nil && !script {
		return exact
	}
	return append(exact, wide...)
}

// noteNumber remembers what a protocol's key is filled with.
func (c *compiler) noteNumber(t *table, cl claim) {
	p := cl.proto
	for i := range p.number {
		if k := &p.number[i]; k.table == t {
			k.many = true
			if !k.ok && k.fillSrc == "" && cl.mask == 0 && cl.lo == cl.hi {
				k.value, k.ok = cl.lo, true
			}
			return
		}
	}
	one := cl.mask == 0 && cl.lo == cl.hi
	p.number = append(p.number, keyed{table: t, value: cl.lo, ok: one, many: !one, fillSrc: cl.fill})
}
