package core

import (
	"slices"
	"strings"

	"pkl/core/expr"
)

// A domain is a set of records that names select fields of.
type domain struct {
	name   string // for messages
	site   site
	srcs   []source
	lays   []*Layout
	layer  *Proto    // the records are layers of this protocol
	below  *Proto    // for dependencies: it is a layer below
	before int       // only slots with a smaller index; none: all
	around []*Layout // in specs: of the records around these
}

// A refKind is what a name refers to.
type refKind uint8

const (
	isField refKind = iota
	isLayer
	isBody
	isHeader
	isTrailer
	isFrame // the whole packet
)

// A referent is something in the packet that a name refers to.
type referent struct {
	*domain
	name string
	what refKind
	alts []chain // isField: the field, or the two of a pair
	rest []chain // the fields of other types that the name may mean
	wire bool    // its bytes, whatever it holds
}

// slots returns every field the name may mean.
func (r *referent) slots() (all []*Slot) {
	for _, ch := range r.alts {
		all = append(all, ch.slots...)
	}
	return all
}

// types returns the types the value may have.
func (r *referent) types() []typ {
	switch {
	case r.what == isLayer || r.what == isFrame:
		return []typ{tLayer}
	case r.what != isField || r.wire:
		return []typ{tBytes}
	}
	var list []typ
	for _, ch := range r.alts {
		for _, u := range ch.types() {
			if !slices.Contains(list, u) {
				list = append(list, u)
			}
		}
	}
	return list
}

// operandOf makes an operand of a name.
func (t *translator) operandOf(n expr.Node, r *referent) *operand {
	return t.as(&operand{node: n, ref: r}, r.types()[0])
}

// as takes the fields of one type, where a name means fields of several.
func (t *translator) as(o *operand, u typ) *operand {
	r := *o.ref
	if r.what == isField && !r.wire {
		r.alts, r.rest = nil, nil
		for _, all := range o.ref.alts {
			if ch := all.only(u); len(ch.slots) > 0 {
				r.alts = append(r.alts, ch)
			}
			if ch := all.except(u); len(ch.slots) > 0 {
				r.rest = append(r.rest, ch)
			}
		}
	}
	out := &operand{node: o.node, ref: &r, full: o.ref, typ: u, srcs: r.srcs}
	if u.number() && r.what == isField {
		out.bits, out.unsigned = widths(r.slots())
	}
	return out
}

// widths returns how many bits the numbers have, 0 if they may be negative or
// have all 64; and whether these have no sign.
func widths(slots []*Slot) (bits int, unsigned bool) {
	any64, signed := false, false
	for _, s := range slots {
		s = plain(s)
		bits = max(bits, s.Bits)
		any64 = any64 || s.Bits == 64
		signed = signed || s.Signed || s.Bits == 0
	}
	if any64 || signed {
		bits = 0
	}
	return bits, any64 && !signed
}

// chainOf returns the fields of that name in the records of d, in wire order.
func (d *domain) chainOf(name string) chain {
	ch := chain{check: len(d.lays) > 1}
	for _, l := range d.lays {
		for s := l.byName[name]; s != nil; s = s.Alt {
			if d.before == none || s.idx < d.before {
				ch.slots = append(ch.slots, s)
			}
		}
	}
	return ch
}

// names lists the fields of the records, and what else they have.
func (d *domain) names() (list []string) {
	for _, l := range d.lays {
		for _, s := range l.Slots {
			if s.Name != "" && (d.before == none || s.idx < d.before) {
				list = append(list, s.Name)
			}
		}
	}
	list = append(list, "body")
	if d.layer == nil {
		return list
	}
	for _, s := range d.layer.foot.Slots {
		list = append(list, s.Name)
	}
	for _, pr := range d.layer.pairs {
		list = append(list, pairName(pr[0].Name, pr[1].Name))
	}
	return append(list, "header", "trailer")
}

// member returns what a name means in the records of d, or nil.
func (t *translator) member(d *domain, name string) *referent {
	full := name
	if d.name != "" {
		full = d.name + "." + name
	}
	if r := t.field(d, name, full); r != nil {
		return r
	}
	if r := t.lookedUp(d, name, full); r != nil {
		return r
	}
	if base, isRaw := strings.CutSuffix(name, "_raw"); isRaw {
		if r := t.field(d, base, full); r != nil && r.what == isField && len(r.alts) == 1 {
			r.wire = true
			return r
		}
	}
	return nil
}

// lookedUp returns an item of a list with lookup, by its name.
func (t *translator) lookedUp(d *domain, name, full string) *referent {
	if len(d.lays) != 1 || t.sc != nil && d.below == nil {
		return nil
	}
	s := d.lays[0].Lookup(name)
	if s == nil {
		return nil
	}
	return &referent{domain: d, name: full, alts: []chain{{slots: []*Slot{s}}}}
}

func (t *translator) field(d *domain, name, full string) *referent {
	if ch := d.chainOf(name); len(ch.slots) > 0 {
		if slices.Contains(ch.slots, t.self) {
			ch.self = t.self
		}
		return t.checked(&referent{domain: d, name: full, alts: []chain{ch}})
	}
	if name == "body" {
		if t.sc != nil && t.sc.fill && d.site.kind == siteRecord { // all of this layer
			under := *d
			under.site.kind, d = siteUnder, &under
		}
		return &referent{domain: d, name: full, what: isBody}
	}
	if d.layer == nil {
		return nil
	}
	return t.ofLayer(d, name, full)
}

// ofLayer returns what only layers have: a footer, pairs, header and trailer.
func (t *translator) ofLayer(d *domain, name, full string) *referent {
	switch name {
	case "header":
		return &referent{domain: d, name: full, what: isHeader}
	case "trailer":
		return &referent{domain: d, name: full, what: isTrailer}
	}
	if s := d.layer.foot.byName[name]; s != nil {
		foot := *d
		foot.site.foot, foot.lays = true, []*Layout{d.layer.foot}
		return &referent{domain: &foot, name: full, alts: []chain{foot.chainOf(name)}}
	}
	r := &referent{domain: d, name: full}
	for _, pr := range d.layer.pairs {
		if pairName(pr[0].Name, pr[1].Name) == name {
			r.alts = append(r.alts, chain{slots: pr[:1]}, chain{slots: pr[1:]})
		}
	}
	if r.alts == nil {
		return nil
	}
	return r
}

// step follows one more part of a dotted name: a field of a list's items.
func (t *translator) step(r *referent, name string, pos int) *referent {
	if r.what != isField || r.wire || r.types()[0] != tList {
		t.fail(pos, t.nearPart(r, name), "%s has no fields: no %q", r.name, name)
	}
	d := t.into(r, pos)
	if m := t.member(d, name); m != nil {
		return m
	}
	t.fail(pos, t.near(name, d.names), "%s has no field %q", r.name, name)
	return nil
}

// nearPart is the hint for tcp.flags.syn: what names bits of a field is a field beside it.
func (t *translator) nearPart(r *referent, name string) string {
	if r.what != isField {
		return ""
	}
	beside := r.name[:strings.LastIndexByte(r.name, '.')+1]
	return t.near(beside+name, func() (parts []string) {
		for _, s := range r.slots() {
			for _, b := range s.layout.Slots {
				if b.part == s && editDistance(strings.ToLower(b.Name), strings.ToLower(name)) <= 1 {
					parts = append(parts, beside+b.Name)
				}
			}
		}
		return parts
	})
}

// into returns the items of a list.
func (t *translator) into(r *referent, pos int) *domain {
	k := t.bind(pos)
	ch := r.alts[0].only(tList)
	d := &domain{name: r.name, site: site{kind: siteBound, k: k}, below: r.below, before: none}
	d.srcs = append(slices.Clone(r.srcs), itemSource(r.site, ch, k))
	d.around = append([]*Layout{ch.slots[0].layout}, r.around...)
	for _, s := range ch.slots {
		t.depends(s, r.below, useValue)
		for _, l := range plain(s).Layouts() {
			if !slices.Contains(d.lays, l) {
				d.lays = append(d.lays, l)
			}
		}
	}
	return d
}

// values returns the items of a list of plain values as an operand, or nil.
func (t *translator) values(o *operand) *operand {
	if o.typ != tList || o.ref == nil {
		return nil
	}
	for _, s := range o.ref.slots() {
		if !plain(s).items.plain {
			return nil
		}
	}
	d := t.into(o.ref, o.node.Pos())
	ch := chain{check: len(d.lays) > 1}
	for _, l := range d.lays {
		ch.slots = append(ch.slots, l.Slots[0])
	}
	return t.operandOf(o.node, &referent{domain: d, name: o.ref.name, alts: []chain{ch}})
}
