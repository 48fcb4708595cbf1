package core

import (
	"slices"

	"pkl/core/expr"
)

// lookup returns what a name means. Its error is not raised, because a bare
// word may also be the name of a value.
func (t *translator) lookup(n *expr.Name) (*referent, *expr.Error) {
	if r := t.itemName(n); r != nil {
		return r, nil
	}
	if t.sc == nil {
		return t.filterName(n)
	}
	return t.specName(n)
}

// name returns what a name means, or fails.
func (t *translator) name(n *expr.Name) *referent {
	r, err := t.lookup(n)
	if err != nil {
		panic(err)
	}
	return r
}

// itemName looks a name up in the items of the any() around it.
func (t *translator) itemName(n *expr.Name) *referent {
	for _, d := range slices.Backward(t.around(n)) {
		if n.Inst != 0 {
			break
		}
		if r := t.member(d, n.Parts[0]); r != nil {
			return t.path(r, n)
		}
	}
	return nil
}

// around returns the items in scope; ^. skips the innermost.
func (t *translator) around(n *expr.Name) []*domain {
	if n.Up && len(t.items) > 0 {
		return t.items[:len(t.items)-1]
	}
	return t.items
}

// path follows the parts of a dotted name behind the first.
func (t *translator) path(r *referent, n *expr.Name) *referent {
	for i, part := range n.Parts[1:] {
		r = t.step(r, part, t.partPos(n, i+1))
	}
	return r
}

// partPos is where part i of a name stands in the source.
func (t *translator) partPos(n *expr.Name, i int) int {
	pos := n.Pos()
	for dots := i + up(n); dots > 0 && pos < len(t.src); pos++ {
		if t.src[pos] == '.' {
			dots--
		}
	}
	return pos
}

func up(n *expr.Name) int {
	if n.Up {
		return 1
	}
	return 0
}

// specName looks a name up in a spec: an earlier field, else one of the records
// around, else with a dot a field of the nearest layer below.
func (t *translator) specName(n *expr.Name) (*referent, *expr.Error) {
	first := n.Parts[0]
	if n.Inst != 0 {
		return nil, t.errorAt(n.Pos(), "a spec sees the nearest layer below", "# counts layers in filters only")
	}
	if pr := t.sc.reg.proto(first); pr != nil && len(n.Parts) > 1 && !n.Up {
		return t.belowName(n, pr)
	}
	from := 0
	if n.Up && len(t.items) == 0 && len(t.sc.layouts) > 0 {
		from = 1
	}
	for i := from; i < len(t.sc.layouts); i++ {
		if r := t.member(t.level(i), first); r != nil {
			return t.path(r, n), nil
		}
	}
	if pr := t.sc.reg.proto(first); pr != nil && !n.Up {
		return &referent{domain: t.belowDomain(pr), name: first, what: isLayer}, nil
	}
	if first == "frame" {
		return t.frameName(n)
	}
	return nil, t.unknown(n, from)
}

func (r *Registry) proto(name string) *Proto {
	if r == nil {
		return nil
	}
	return r.byName[name]
}

// level returns record i of those that a spec's names select from, the innermost first.
func (t *translator) level(i int) *domain {
	d := &domain{lays: t.sc.layouts[i : i+1 : i+1], before: none, around: t.sc.layouts[i+1:]}
	if i > 0 {
		d.site = site{kind: siteAround, lay: t.sc.layouts[i]}
	} else if !t.sc.later {
		d.before = t.sc.before
	}
	return d
}

// belowDomain is the nearest layer of a protocol below.
func (t *translator) belowDomain(pr *Proto) *domain {
	return &domain{name: pr.Name, site: site{kind: siteBelow, pr: pr}, lays: []*Layout{pr.head}, layer: pr, below: pr, before: none}
}

func (t *translator) belowName(n *expr.Name, pr *Proto) (*referent, *expr.Error) {
	d := t.belowDomain(pr)
	r := t.member(d, n.Parts[1])
	if r == nil {
		return nil, t.noField(n, d)
	}
	rest := *n
	rest.Parts = n.Parts[1:]
	for i, part := range n.Parts[2:] {
		r = t.step(r, part, t.partPos(n, i+2))
	}
	return r, nil
}

func (t *translator) noField(n *expr.Name, d *domain) *expr.Error {
	part := n.Parts[1]
	return t.errorAt(t.partPos(n, 1), t.near(part, d.names), "%s has no field %q", d.name, part)
}

// unknown is the error for a name that means nothing in a spec.
func (t *translator) unknown(n *expr.Name, from int) *expr.Error {
	first := n.Parts[0]
	for _, l := range t.sc.layouts[from:] {
		if l.byName[first] != nil {
			return t.errorAt(n.Pos(), "only auto and get may use later fields", "%s is a later field", first)
		}
	}
	if len(n.Parts) > 1 && t.sc.reg != nil {
		return t.errorAt(n.Pos(), t.near(first, t.sc.reg.Names), "no protocol %q", first)
	}
	known := func() (all []string) {
		for i := from; i < len(t.sc.layouts); i++ {
			all = append(all, t.level(i).names()...)
		}
		return all
	}
	return t.errorAt(n.Pos(), t.near(first, known), "no field %q", first)
}

// checked refuses computed fields that would need what is not there yet. Those
// of layers below need only what is.
func (t *translator) checked(r *referent) *referent {
	for _, s := range r.slots() {
		if s.Get != "" && t.sc != nil && r.below == nil {
			t.lookInto(s, r.domain)
		}
	}
	return r
}

// lookInto compiles a computed field within the limits of this expression, so
// that none depends on itself.
func (t *translator) lookInto(s *Slot, d *domain) {
	switch steps, known := t.seen[s]; {
	case known && steps == 0:
		t.fail(0, "", "%s is computed from itself", s.Name)
	case known:
		t.count(s, steps)
		return
	case t.depth == maxComputed:
		t.fail(0, "", "%s is computed from what is computed, more than %d deep", s.Name, maxComputed)
	}
	t.seen[s] = 0
	before := t.steps
	t.steps = 1
	sc := &scope{reg: t.reg, comp: t.sc.comp, layouts: append([]*Layout{s.layout}, d.around...), before: d.before, later: d.before == none}
	if t.self != nil && d.before != none {
		sc.before-- // the field whose presence is decided
	}
	var g *getter
	t.within(s, s.Get, sc, func(in *translator, n expr.Node) { g = in.getter(n) })
	if s.When != "" {
		t.within(s, s.When, sc, func(in *translator, n expr.Node) { in.condition(n) })
	}
	if s.get == nil && g.num == nil {
		t.fail(0, "put it behind that field", "%s is computed only later", s.Name)
	}
	steps := t.steps
	t.seen[s], t.steps = steps, before
	t.count(s, steps)
}

// count adds the steps that computed field s takes.
func (t *translator) count(s *Slot, steps int) {
	if t.steps += steps; t.steps > maxSteps {
		t.fail(0, "", "to compute %s takes more than %d steps", s.Name, maxSteps)
	}
}

// within compiles an expression of field s.
func (t *translator) within(s *Slot, src string, sc *scope, compile func(in *translator, n expr.Node)) {
	in := &translator{src: src, sc: sc, reg: t.reg, seen: t.seen, depth: t.depth + 1}
	defer func() { t.steps += in.steps }()
	if err := in.run(func(n expr.Node) { compile(in, n) }); err != nil {
		t.fail(0, "", "%s: %v", s.Name, err)
	}
}

// depends notes that the expression depends on a field.
func (t *translator) depends(s *Slot, below *Proto, how use) {
	d := dep{s, below, how}
	if t.sc != nil && !slices.Contains(t.deps, d) {
		t.deps = append(t.deps, d)
	}
}

// use notes how an operand is used.
func (t *translator) use(o *operand, how use) {
	r := o.ref
	switch {
	case r == nil || r.what == isFrame || r.site.kind == siteLayer:
	case r.what == isField:
		for _, s := range r.slots() {
			t.depends(s, r.below, how)
		}
	case r.what == isLayer:
		t.depends(nil, r.below, usePresent)
	default:
		t.depends(nil, r.below, how)
	}
}
