package core

import (
	"bytes"
	"slices"
)

// A Difference is a field that has different values in two packets.
type Difference struct {
	Layer string
	N     int    // which instance of the protocol, from 1
	Field string // or "proto", "trailer", "body"
	A, B  any    // as in an Entry; nil where the field or the layer is absent
}

// Diff compares two packets, both brought up to date: layer by layer from below
// while the protocols agree, then what is above. Bits of a number are told as that number.
func (p *Packet) Diff(q *Packet) []Difference {
	a, b := p.Tree(), q.Tree()
	var d []Difference
	n := min(len(a.Layers), len(b.Layers))
	for i := range n {
		x, y := &a.Layers[i], &b.Layers[i]
		if x.Proto != y.Proto {
			return append(d, Difference{x.Proto, x.N, "proto", x.Proto, y.Proto})
		}
		d = append(d, x.diff(y)...)
	}
	switch {
	case n < len(a.Layers):
		x := &a.Layers[n]
		return append(d, Difference{x.Proto, x.N, "proto", x.Proto, nil})
	case n < len(b.Layers):
		y := &b.Layers[n]
		return append(d, Difference{y.Proto, y.N, "proto", nil, y.Proto})
	}
	if !bytes.Equal(a.Body, b.Body) {
		top := Difference{Field: "body", A: a.Body, B: b.Body}
		if n > 0 {
			top.Layer, top.N = a.Layers[n-1].Proto, a.Layers[n-1].N
		}
		d = append(d, top)
	}
	return d
}

// diff compares two layers of one protocol, by the names of their fields.
func (x *LayerTree) diff(y *LayerTree) []Difference {
	var d []Difference
	add := func(name string, a, b any) { d = append(d, Difference{x.Proto, x.N, name, a, b}) }
	for i := range x.Fields {
		e := &x.Fields[i]
		f := entryNamed(y.Fields, e.Name)
		switch {
		case e.Part():
		case f == nil:
			add(e.Name, e.Value, nil)
		case !sameValue(e.Value, f.Value):
			add(e.Name, e.Value, f.Value)
		case !bytes.Equal(e.Raw, f.Raw):
			add(e.Name+"_raw", e.Raw, f.Raw)
		}
	}
	for i := range y.Fields {
		if f := &y.Fields[i]; !f.Part() && entryNamed(x.Fields, f.Name) == nil {
			add(f.Name, nil, f.Value)
		}
	}
	if !bytes.Equal(x.Trailer, y.Trailer) {
		add("trailer", x.Trailer, y.Trailer)
	}
	return d
}

func entryNamed(all []Entry, name string) *Entry {
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	return nil
}

// sameValue compares the values of entries.
func sameValue(a, b any) bool {
	switch a := a.(type) {
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameValue)
	case Record:
		b, ok := b.(Record)
		return ok && slices.EqualFunc(a, b, func(e, f Entry) bool { return e.Name == f.Name && sameValue(e.Value, f.Value) })
	}
	switch b.(type) {
	case []byte, []any, Record:
		return false
	}
	return a == b
}
