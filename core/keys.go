package core

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A keyRange is one claim on a key: a value, a range, or with mask != 0 all v with v&mask == lo.
type keyRange struct{ lo, hi, mask uint64 }

// parseKeys reads "6", "53, 5353", "8000-8100", "0x10/0xf0" or value names.
func parseKeys(text string, names []ValueName) ([]keyRange, error) {
	var all []keyRange
	for _, part := range strings.Split(text, ",") {
		r, err := parseKey(strings.TrimSpace(part), names)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

func parseKey(s string, names []ValueName) (keyRange, error) {
	for _, n := range names {
		if strings.EqualFold(n.Name, s) {
			return keyRange{lo: uint64(n.V), hi: uint64(n.V)}, nil
		}
	}
	if a, b, ok := strings.Cut(s, "/"); ok {
		v, err := parseNumber(a)
		m, err2 := parseNumber(b)
		if err != nil || err2 != nil || m == 0 || v&^m != 0 {
			return keyRange{}, fmt.Errorf("%q is no value/mask", s)
		}
		return keyRange{lo: v, mask: m}, nil
	}
	if a, b, ok := strings.Cut(s, "-"); ok && a != "" {
		lo, err := parseNumber(a)
		hi, err2 := parseNumber(b)
		if err != nil || err2 != nil || lo > hi {
			return keyRange{}, fmt.Errorf("%q is no range of numbers", s)
		}
		return keyRange{lo: lo, hi: hi}, nil
	}
	v, err := parseNumber(s)
	if err != nil {
		return keyRange{}, fmt.Errorf("%q is no number, range or value name", s)
	}
	return keyRange{lo: v, hi: v}, nil
}

func parseNumber(s string) (uint64, error) {
	return strconv.ParseUint(strings.TrimSpace(s), 0, 64)
}

// keyTables reads over and bind, and fills the tables.
func (c *compiler) keyTables() {
	claims := map[*table][]claim{}
	c.sharedTables()
	for _, p := range c.reg.protos {
		if c.reg.byName[p.Name] != p {
			continue // a second of the name, which is the mistake
		}
		for i := range p.Spec.Over {
			c.claim(claims, p, &p.Spec.Over[i], p.Spec.Pos)
		}
	}
	forced := map[*table][]claim{}
	for i := range c.reg.binds {
		b := &c.reg.binds[i]
		p := c.reg.byName[b.Proto]
		if p == nil {
			c.fail(b.Pos, "pkl.bind", "no protocol %q%s", b.Proto, c.hint(b.Proto, c.reg.Names()))
			continue
		}
		c.claim(forced, p, &b.Key, b.Pos)
	}
	for _, name := range slices.Sorted(maps.Keys(c.reg.tables)) {
		t := c.reg.tables[name]
		c.fill(t, claims[t], forced[t])
	}
}

// sharedTables gives each field with key = "x.y" its table.
func (c *compiler) sharedTables() {
	for _, ls := range c.all {
		for _, s := range ls.layout.Slots {
			if s.Key == "" {
				continue
			}
			if proto, field, ok := strings.Cut(s.Key, "."); !ok || proto == "" || field == "" {
				c.failAt(s, "key: %q is no protocol.field", s.Key)
				continue
			}
			s.table = c.tableNamed(s.Key)
			c.checkKey(s)
			if s.Kind == Number {
				c.checkKeyWidth(s)
				s.table.widen(s.Bits)
			}
			if s.table.names == nil {
				s.table.names = s.Names
			}
		}
	}
}

// checkKey reports a table that nobody has. One that is no field belongs to the
// protocol whose own fields name it.
func (c *compiler) checkKey(s *Slot) {
	name, field, _ := strings.Cut(s.Key, ".")
	switch p := c.reg.byName[name]; {
	case p == nil:
		c.failAt(s, "key: no protocol %q%s", name, c.hint(name, c.reg.Names()))
	case p != s.layout.proto && p.head.byName[field] == nil && !c.ownTable(p, s.Key) && !p.twice && !c.unread(p.head):
		c.failAt(s, "key: %s has no number field %q%s", name, field, c.hint(field, p.head.names()))
	}
}

// ownTable reports whether a field of p shares this table.
func (c *compiler) ownTable(p *Proto, key string) bool {
	return slices.ContainsFunc(c.all, func(ls *layoutScope) bool {
		return ls.layout.proto == p && slices.ContainsFunc(ls.layout.Slots, func(s *Slot) bool { return s.Key == key })
	})
}

// checkKeyWidth reports a number that is not as wide as the field whose table it shares.
func (c *compiler) checkKeyWidth(s *Slot) {
	proto, field, _ := strings.Cut(s.Key, ".")
	if p := c.reg.byName[proto]; p != nil {
		if o := p.head.byName[field]; o != nil && o.Kind == Number && o.Bits != s.Bits {
			c.failAt(s, "key: %s has %d bits, not %d", s.Key, o.Bits, s.Bits)
		}
	}
}

func (c *compiler) tableNamed(name string) *table {
	t := c.reg.tables[name]
	if t == nil {
		t = &table{name: name, bits: 64}
		c.reg.tables[name] = t
	}
	return t
}

// claim notes what one key of p asks for.
func (c *compiler) claim(claims map[*table][]claim, p *Proto, k *Key, pos string) {
	if below := c.reg.byName[k.On]; below != nil {
		switch {
		case k.Is != "" && k.Is != "true":
			c.fail(pos, p.Name, "over %s: the value of a protocol is true; a field is written %s.field", k.On, k.On)
		case !p.checked():
			c.fail(pos, p.Name, "over %s: a protocol that is tried on every payload needs a check", k.On)
		default:
			below.any = append(below.any, candidate{Proto: p})
		}
		return
	}
	t := c.tableOf(p, k.On, pos)
	if t == nil {
		return
	}
	ranges, err := parseKeys(k.Is, t.names)
	if err != nil {
		c.fail(pos, p.Name, "over %s: %v", k.On, err)
		return
	}
	also := c.keyCheck(p, k, pos)
	for _, r := range ranges {
		if max(r.lo, r.hi, r.mask) > ones(t.bits) {
			c.fail(pos, p.Name, "over %s: %s does not fit in %d bits", k.On, k.Is, t.bits)
		}
		c.over++
		claims[t] = append(claims[t], claim{r, p, k.Fill, also, k, c.over})
	}
}

// A keyCheck is the check of one key, to be compiled with the other expressions.
type keyCheck struct {
	proto *Proto
	key   *Key
	pos   string
	fn    cond
}

// keyCheck returns what asks the check of a key, or nil if it has none.
func (c *compiler) keyCheck(p *Proto, k *Key, pos string) cond {
	if k.Check == "" {
		return nil
	}
	check := &keyCheck{proto: p, key: k, pos: pos}
	c.keyChecks = append(c.keyChecks, check)
	return func(e *env) bool { return check.fn(e) }
}

func (p *Proto) checked() bool { return p.Spec.Check != "" }

// tableOf finds the table a key names: a field's, a pair's, or a shared one.
func (c *compiler) tableOf(p *Proto, on, pos string) *table {
	if on == "link" {
		return c.tableNamed(on)
	}
	name, field, ok := strings.Cut(on, ".")
	below := c.reg.byName[name]
	if ok && below != nil {
		if s := below.head.byName[field]; s != nil && s.Kind == Number {
			return c.tableOfField(s, on)
		}
		if pr, ok := below.pairNamed(field); ok {
			t := c.tableNamed(on)
			t.bits = max(pr[0].Bits, pr[1].Bits)
			return t
		}
	}
	if t := c.reg.tables[on]; t != nil {
		return t
	}
	switch {
	case !ok:
		c.fail(pos, p.Name, "over %s: no protocol %q%s", on, on, c.hint(on, append(c.reg.Names(), "link")))
	case below == nil:
		c.fail(pos, p.Name, "over %s: no protocol %q%s", on, name, c.hint(name, c.reg.Names()))
	case below.twice: // the other one may have the field
	case below.head.byName[field] != nil:
		c.fail(pos, p.Name, "over %s: a key is a number, and %s is of another kind", on, on)
	default:
		c.fail(pos, p.Name, "over %s: %s has no number field %q%s", on, name, field, c.hint(field, below.head.names()))
	}
	return nil
}

func (c *compiler) tableOfField(s *Slot, on string) *table {
	for a := s; a != nil; a = a.Alt {
		if a.table != nil {
			return a.table
		}
	}
	s.table = c.tableNamed(on)
	s.table.names = s.Names
	s.table.bits = s.Bits
	return s.table
}

// pairNamed returns the pair of fields that share a name: sport and dport are
// port, src and dst are addr.
func (p *Proto) pairNamed(name string) ([2]*Slot, bool) {
	if p.head.byName[name] != nil {
		return [2]*Slot{}, false
	}
	for _, pr := range p.pairs {
		if pairName(pr[0].Name, pr[1].Name) == name {
			return pr, true
		}
	}
	return [2]*Slot{}, false
}

func pairName(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	if n < 2 {
		return "addr"
	}
	return a[len(a)-n:]
}

// numberIn returns what the key of table t is filled with for protocol p.
func (p *Proto) numberIn(t *table) *keyed {
	for i := range p.number {
		if p.number[i].table == t {
			return &p.number[i]
		}
	}
	return nil
}

// widen makes room for the values of another key of the table.
func (t *table) widen(bits int) {
	if t.shared {
		bits = max(bits, t.bits)
	}
	t.bits, t.shared = bits, true
}

func (t *table) reserve(n int) {
	if n == 0 {
		return
	}
	size := 4
	for size < 3*n {
		size *= 2
	}
	t.slots, t.mask = make([]bucket, size), uint64(size-1)
}

func (t *table) put(v uint64, cands []candidate) {
	if len(cands) == 0 {
		return
	}
	i := hash(v) & t.mask
	for t.slots[i].cands != nil {
		i = (i + 1) & t.mask
	}
	t.slots[i] = bucket{v, cands}
}

// leads reports whether value v leads to protocol p.
func (t *table) leads(v uint64, p *Proto) bool {
	return slices.ContainsFunc(t.find(v), func(c candidate) bool { return c.Proto == p })
}

// children calls f for each protocol that the table knows.
func (t *table) children(f func(*Proto)) {
	for i := range t.slots {
		for _, c := range t.slots[i].cands {
			f(c.Proto)
		}
	}
	for i := range t.wide {
		for _, c := range t.wide[i].cands {
			f(c.Proto)
		}
	}
}

// shorten makes lookup by index where no value is above 255.
func (t *table) shorten() {
	for i := range t.slots {
		if t.slots[i].cands != nil && t.slots[i].key > 255 {
			return
		}
	}
	for _, w := range t.wide {
		if w.mask != 0 || w.hi > 255 {
			return
		}
	}
	small := make([][]candidate, 256)
	for v := range small {
		small[v] = t.find(uint64(v))
	}
	t.small = small
}
