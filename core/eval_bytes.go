package core

import (
	"slices"

	"pkl/core/expr"
)

// asBytes makes an operand bytes, or fails.
func (t *translator) asBytes(o *operand) *operand {
	if o.bytes != nil {
		return o
	}
	if o.ref == nil {
		t.fail(o.node.Pos(), "", "%s, not bytes", t.describe(o))
	}
	out := *o
	if o.isField() && len(o.ref.alts) > 1 {
		out.bytes, out.srcs = t.pairBytes(o)
		return &out
	}
	find, read := o.ref.site.find(), t.reader(o)
	out.bytes = func(e *env) ([]byte, bool) {
		id := find(e)
		if id == none {
			return nil, false
		}
		return read(e.p, id)
	}
	return &out
}

// pairBytes reads either field of a pair.
func (t *translator) pairBytes(o *operand) (bytesFn, []source) {
	k, find, alts := t.bind(o.node.Pos()), o.ref.site.find(), o.ref.alts
	return func(e *env) ([]byte, bool) {
		id := find(e)
		if id == none {
			return nil, false
		}
		return alts[e.scratch.at[k]].raw(e.p, id)
	}, append(o.srcs[:len(o.srcs):len(o.srcs)], choiceSource(len(alts), k))
}

// A bytesAt reads bytes of a record.
type bytesAt func(p *Packet, id int32) ([]byte, bool)

// reader returns the bytes that a name refers to.
func (t *translator) reader(o *operand) bytesAt {
	switch o.ref.what {
	case isLayer:
		return (*Packet).wholeLayer
	case isBody:
		return (*Packet).bodyOf
	case isHeader:
		return (*Packet).headerOf
	case isTrailer:
		return (*Packet).trailerOf
	case isFrame:
		return func(p *Packet, _ int32) ([]byte, bool) { return p.buf, true }
	}
	ch := o.ref.alts[0]
	if ch.self == nil || ch.self.Kind != Text && ch.self.Kind != Bytes {
		t.notSelf(o)
	}
	for _, s := range ch.slots {
		if s = plain(s); s.Kind == Number && (s.Bits&7 != 0 || s.get != nil) {
			t.fail(o.node.Pos(), "", "%s is not made of whole bytes", o.ref.name)
		}
	}
	return ch.reader(o.typ)
}

// wholeLayer returns a layer from its header to its end.
func (p *Packet) wholeLayer(id int32) ([]byte, bool) {
	n := &p.nodes[id]
	return p.buf[n.start:n.tail:n.tail], true
}

// bodyOf returns the body of a layer or item; in a footer, that of its layer.
func (p *Packet) bodyOf(id int32) ([]byte, bool) {
	if up := p.nodes[id].parent; up != none && p.nodes[up].layout != nil {
		id = up // not a list
	}
	return p.body(id), true
}

func (p *Packet) headerOf(id int32) ([]byte, bool) {
	p.close(id)
	n := &p.nodes[id]
	return p.buf[n.start:n.end:n.end], true
}

func (p *Packet) trailerOf(id int32) ([]byte, bool) { return p.Trailer(id), true }

// slice compiles x[off:len], x[off:] and x[off].
func (t *translator) slice(n *expr.Slice) *operand {
	x := t.value(n.X)
	switch {
	case x.typ == tList || x.typ == tCond || x.typ == tLit || x.typ.number() && !x.isField():
		t.fail(n.Pos(), sliceHint(x), "no slices of %s: %s", t.text(n.X), t.describe(x))
	}
	x = t.asBytes(x.whole())
	off, b := t.offset(n.Off), x.bytes
	o := &operand{node: n, srcs: slices.Concat(x.srcs, off.srcs)}
	if n.Index {
		one := int64(1)
		o.typ, o.bits, o.num, o.view = tNum, 8, index(b, off), viewOf(x, off.konst, &one)
		return o
	}
	o.typ = tBytes
	if n.ToEnd {
		o.bytes = from(b, off.num)
		return o
	}
	size := t.offset(n.Len)
	if size.konst != nil && *size.konst < 0 {
		t.fail(n.Len.Pos(), "a slice is [offset:length]", "length %d", *size.konst)
	}
	o.srcs = slices.Concat(o.srcs, size.srcs)
	o.bytes, o.view = cut(b, off.num, size.num), viewOf(x, off.konst, size.konst)
	return o
}

func sliceHint(x *operand) string {
	if x.typ == tList && x.ref != nil {
		return "the bytes of a list are " + x.ref.name + "_raw"
	}
	return ""
}

// offset compiles a number inside [ ].
func (t *translator) offset(n expr.Node) *operand {
	o := t.signedNumber(n)
	if t.sc == nil && o.risky {
		o.num = mended(o.num)
	}
	return o
}

// mended makes a number absent where its arithmetic goes wrong.
func mended(f numFn) numFn {
	return func(e *env) (int64, bool) {
		v, ok := f(e)
		if e.bad {
			e.bad = false
			return 0, false
		}
		return v, ok
	}
}

// offsetIn resolves an offset into n bytes; a negative one counts from the end.
func offsetIn(off int64, n int) (int, bool) {
	if off < 0 {
		off += int64(n)
	}
	if off < 0 || off > int64(n) {
		return 0, false
	}
	return int(off), true
}

func index(b bytesFn, off *operand) numFn {
	if k := off.konst; k != nil && *k >= 0 {
		at := uint64(*k)
		return func(e *env) (int64, bool) {
			v, ok := b(e)
			if !ok || at >= uint64(len(v)) {
				return 0, false
			}
			return int64(v[at]), true
		}
	}
	return func(e *env) (int64, bool) {
		v, at, ok := tail(e, b, off.num)
		if !ok || at == len(v) {
			return 0, false
		}
		return int64(v[at]), true
	}
}

// tail evaluates bytes and an offset into them.
func tail(e *env, b bytesFn, off numFn) (v []byte, at int, ok bool) {
	k, ok := off(e)
	if !ok {
		return nil, 0, false
	}
	if v, ok = b(e); !ok {
		return nil, 0, false
	}
	at, ok = offsetIn(k, len(v))
	return v, at, ok
}

func from(b bytesFn, off numFn) bytesFn {
	return func(e *env) ([]byte, bool) {
		v, at, ok := tail(e, b, off)
		if !ok {
			return nil, false
		}
		return v[at:], true
	}
}

func cut(b bytesFn, off, size numFn) bytesFn {
	return func(e *env) ([]byte, bool) {
		n, ok := size(e)
		if !ok {
			return nil, false
		}
		v, at, ok := tail(e, b, off)
		if !ok || n < 0 || n > int64(len(v)-at) {
			return nil, false
		}
		return v[at : at+int(n)], true
	}
}
