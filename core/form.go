package core

// A form is what a compiled condition says, for those who decide it by other
// means than its closures (see kernel.go). nil: only the closures know.
type form struct {
	op   formOp
	kids []*form // and, or: two or more; not: one
	leaf *leaf
}

type formOp uint8

const (
	formLeaf formOp = iota
	formAnd
	formOr
	formNot
)

// A leaf is one comparison of one record.
type leaf struct {
	pr   *Proto // the layer it is about; nil: the record at hand in specs, else the frame
	inst int    // which instance of the layer, from 1; in specs 0: the nearest below the record at hand
	kind leafKind
	want verdict

	alts []chain  // fields: either of them
	view view     // leafView, leafBytes: where the bytes are
	mask uint64   // leafKey, leafView: of the number
	set  keySet   // leafKey, leafView, leafLen: what it is to be
	bias uint64   // that set has
	wide wideSet  // leafWide
	is   []string // leafBytes: one of these
}

type leafKind uint8

const (
	leafThere   leafKind = iota // the layer is there
	leafPresent                 // a field is
	leafKey                     // a number, or an address as a number
	leafWide                    // an IPv6 address
	leafView                    // one byte
	leafBytes                   // bytes
	leafLen                     // how long the frame is
)

// A view is a stretch of bytes at a fixed place of something.
type view struct {
	ref *referent
	at  int // from its start
	n   int
}

// not is the opposite; that of what nobody can tell is the same.
func (f *form) not() *form {
	switch {
	case f == nil:
		return nil
	case f.op == formNot:
		return f.kids[0]
	}
	return &form{op: formNot, kids: []*form{f}}
}

// joinedForm is the conjunction or disjunction. It has a place for parts that
// nobody can tell.
func joinedForm(list []truth, and bool) *form {
	f := &form{op: formOr}
	if and {
		f.op = formAnd
	}
	known := false
	for _, tr := range list {
		f.kids = append(f.kids, tr.form)
		known = known || tr.form != nil
	}
	if !known {
		return nil
	}
	return f
}

// leafOf begins a leaf about the record that a name selects, or returns nil
// where that is not one record of fixed place.
func leafOf(r *referent, kind leafKind, want verdict) *leaf {
	l := &leaf{kind: kind, want: want, alts: r.alts}
	switch {
	case len(r.srcs) > 0 || len(r.rest) > 0 || r.site.foot || r.wire:
		return nil
	case r.site.kind == siteLayer:
		l.pr, l.inst = r.site.pr, r.site.n
	case r.site.kind == siteBelow:
		l.pr = r.site.pr
	case r.site.kind != siteRecord && r.what != isFrame:
		return nil
	}
	return l
}

// keyForm is what keyTruth says.
func keyForm(o *operand, mask uint64, set keySet, bias uint64, want verdict) *form {
	switch {
	case o.isLen && len(o.srcs) == 0:
		return &form{leaf: &leaf{kind: leafLen, set: set, bias: bias, want: want}}
	case o.view != nil:
		if o.mask != 0 {
			mask = o.mask
		}
		return o.view.form(&leaf{kind: leafView, mask: mask, set: set, bias: bias}, want)
	case !o.isField():
		return nil
	}
	l := leafOf(o.ref, leafKey, want)
	if l == nil {
		return nil
	}
	l.mask, l.set, l.bias = mask, set, bias
	return &form{leaf: l}
}

// form completes a leaf about the bytes.
func (v *view) form(l *leaf, want verdict) *form {
	at := leafOf(v.ref, l.kind, want)
	if at == nil {
		return nil
	}
	l.pr, l.inst, l.alts, l.want, l.view = at.pr, at.inst, at.alts, want, *v
	return &form{leaf: l}
}

// bytesForm is the form of a comparison of bytes with one or several constants.
func bytesForm(o *operand, is []string, want verdict) *form {
	v := o.view
	if v == nil && o.isField() && o.typ == tBytes {
		n := none
		for _, s := range o.ref.slots() {
			if s = plain(s); n != none && n != s.width>>3 {
				return nil
			}
			n = s.width >> 3
		}
		v = &view{ref: o.ref, n: n}
	}
	if v == nil || v.n < 0 {
		return nil
	}
	return v.form(&leaf{kind: leafBytes, is: is}, want)
}

// viewOf is a slice with constant bounds of what has a place in the record, or nil.
func viewOf(x *operand, at, n *int64) *view {
	const most = 1 << 16
	if x.ref == nil || at == nil || n == nil || *at < 0 || *at > most || *n < 0 || *n > most {
		return nil
	}
	return &view{ref: x.ref, at: int(*at), n: int(*n)}
}

// presenceForm is the form of presence.
func presenceForm(r *referent) *form {
	kind := leafThere
	switch r.what {
	case isLayer, isFrame:
	case isField:
		kind = leafPresent
	default:
		return nil
	}
	if l := leafOf(r, kind, yes); l != nil {
		return &form{leaf: l}
	}
	return nil
}
