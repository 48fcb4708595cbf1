package core

import (
	"slices"

	"pkl/core/expr"
)

// filterName looks a name up in a filter: a layer, or a field of one.
func (t *translator) filterName(n *expr.Name) (*referent, *expr.Error) {
	first := n.Parts[0]
	if n.Up {
		return nil, t.errorAt(n.Pos(), "inside any() it skips the items of the innermost list", "^. has no meaning here")
	}
	if first == "frame" {
		return t.frameName(n)
	}
	pr := t.reg.byName[first]
	if pr == nil {
		return nil, t.noProto(n)
	}
	d := t.layers(n, pr)
	if len(n.Parts) == 1 {
		return &referent{domain: d, name: d.name, what: isLayer}, nil
	}
	r := t.member(d, n.Parts[1])
	if r == nil {
		return nil, t.noField(n, d)
	}
	for i, part := range n.Parts[2:] {
		r = t.step(r, part, t.partPos(n, i+2))
	}
	return r, nil
}

// layers returns the instances of a protocol that a name selects.
func (t *translator) layers(n *expr.Name, pr *Proto) *domain {
	d := &domain{name: pr.Name, lays: []*Layout{pr.head}, layer: pr, before: none}
	d.site = site{kind: siteLayer, pr: pr, n: max(n.Inst, 1)}
	if n.Inst == expr.AnyInst {
		k := t.bind(n.Pos())
		d.site = site{kind: siteBound, k: k}
		d.srcs = []source{instanceSource(pr, k)}
	}
	return d
}

// noProto is the error for a name that is no protocol.
func (t *translator) noProto(n *expr.Name) *expr.Error {
	first := n.Parts[0]
	var known []string // of the item at hand first: of names equally near, it is meant
	for _, d := range slices.Backward(t.items) {
		known = append(known, d.names()...)
	}
	known = append(append(known, t.reg.Names()...), "frame")
	hint := t.reg.Elsewhere(first)
	if hint == "" {
		hint = didYouMean(first, known)
	}
	if hint == "" && len(n.Parts) == 1 {
		hint = t.owner(first)
	}
	return t.errorAt(n.Pos(), hint, "no protocol %q", first)
}

// owner tells which protocol has a field of that name.
func (t *translator) owner(name string) string {
	switch owners := t.reg.HasField(name); len(owners) {
	case 0:
		return ""
	case 1:
		return "did you mean " + owners[0] + "." + name + "?"
	}
	return "a field is protocol.field"
}
