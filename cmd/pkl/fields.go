package main

import (
	"errors"
	"fmt"
	"strings"

	"pkl/core"
	"pkl/core/expr"
)

// A field is a name of dump -e: what filters call a field.
type field struct {
	fact  string      // frame.…
	proto *core.Proto // of the layer
	inst  int         // which instance; 0: any
	path  []string    // the field, and the fields of items below it
}

// newField finds out what a name means. That it means something is the filter
// language's to say, with a hint if it does not.
func newField(reg *core.Registry, src string) (*field, error) {
	tree, err := expr.Parse(src)
	if err != nil {
		return nil, err
	}
	name, ok := tree.(*expr.Name)
	if !ok {
		return nil, errors.New("is no name of a field")
	}
	if _, err := reg.Filter("present(" + src + ")"); err != nil {
		return nil, shifted(err, len("present("))
	}
	if name.Parts[0] == "frame" {
		return newFact(name.Parts)
	}
	f := &field{proto: reg.Proto(name.Parts[0]), inst: max(name.Inst, 0), path: name.Parts[1:]}
	if f.proto == nil {
		return nil, errors.New("is no name of a field")
	}
	if name.Inst == 0 {
		f.inst = 1
	}
	return f, nil
}

// shifted moves the column of an error to where it is in what the user wrote.
func shifted(err error, by int) error {
	var e *expr.Error
	if !errors.As(err, &e) {
		return err
	}
	moved := *e
	moved.Col -= by
	return &moved
}

func newFact(parts []string) (*field, error) {
	if len(parts) != 2 {
		return nil, errors.New("name a fact, such as frame.number")
	}
	return &field{fact: parts[1]}, nil
}

// append appends the first value of the field in p, or nothing.
func (f *field) append(dst []byte, p *core.Packet) []byte {
	if f.fact != "" {
		return appendFact(dst, p, f.fact)
	}
	if f.inst > 0 {
		dst, _ = f.inLayer(dst, p, p.Find(f.proto, f.inst))
		return dst
	}
	for n := 1; ; n++ {
		id := p.Find(f.proto, n)
		if id == core.None {
			return dst
		}
		if dst, ok := f.inLayer(dst, p, id); ok {
			return dst
		}
	}
}

// inLayer appends the value in one layer, and reports whether there was one.
func (f *field) inLayer(dst []byte, p *core.Packet, id core.ID) ([]byte, bool) {
	switch {
	case id == core.None:
		return dst, false
	case len(f.path) == 0:
		return append(dst, f.proto.Name...), true
	}
	if dst, ok := inRecord(dst, p, id, f.path); ok {
		return dst, true
	}
	if foot := p.Foot(id); foot != core.None {
		if dst, ok := inRecord(dst, p, foot, f.path); ok {
			return dst, true
		}
	}
	return f.ofLayer(dst, p, id)
}

// ofLayer appends what only layers have: either of a pair, and their bytes.
func (f *field) ofLayer(dst []byte, p *core.Packet, id core.ID) ([]byte, bool) {
	name := f.path[0]
	if f.proto.Head().Slot(name) != nil || f.proto.Foot().Slot(name) != nil {
		return dst, false
	}
	switch name {
	case "header":
		return appendHex(dst, p.Header(id)), true
	case "body":
		return appendHex(dst, p.Body(id)), true
	case "trailer":
		return appendHex(dst, p.Trailer(id)), true
	}
	for _, pair := range f.proto.Spec.Pairs {
		if pairName(pair) == name {
			return inRecord(dst, p, id, []string{pair.A})
		}
	}
	if s := f.proto.Head().Lookup(name); s != nil && p.Has(id, s) {
		return appendValue(dst, p, id, s), true
	}
	return dst, false
}

// pairName is what filters call either of two fields: sport and dport are port,
// src and dst addr.
func pairName(pair core.Pair) string {
	n := 0
	for n < min(len(pair.A), len(pair.B)) && pair.A[len(pair.A)-1-n] == pair.B[len(pair.B)-1-n] {
		n++
	}
	if n < 2 {
		return "addr"
	}
	return pair.A[len(pair.A)-n:]
}

// inRecord appends the first value that path leads to from a header or an item.
func inRecord(dst []byte, p *core.Packet, id core.ID, path []string) ([]byte, bool) {
	slot := p.LayoutOf(id).Slot(path[0])
	if base, raw := strings.CutSuffix(path[0], "_raw"); slot == nil && raw {
		return wireBytes(dst, p, id, p.LayoutOf(id).Slot(base))
	}
	if slot = p.Pick(id, slot); slot == nil {
		return dst, false
	}
	if slot.Kind == core.List {
		return inItems(dst, p, p.List(id, slot), path[1:])
	}
	return appendValue(dst, p, id, slot), true
}

// wireBytes appends the bytes of a field as they are on the wire.
func wireBytes(dst []byte, p *core.Packet, id core.ID, slot *core.Slot) ([]byte, bool) {
	slot = p.Pick(id, slot)
	if slot == nil {
		return dst, false
	}
	b, ok := p.Data(id, slot)
	return appendHex(dst, b), ok
}

// inItems appends the first value that path leads to from the items of a list.
// Items of a plain kind are values themselves; of others, without a path, the
// bytes are shown.
func inItems(dst []byte, p *core.Packet, list core.ID, path []string) ([]byte, bool) {
	if list == core.None {
		return dst, false
	}
	for _, item := range p.Items(list) {
		switch {
		case len(path) > 0:
			if dst, ok := inRecord(dst, p, item, path); ok {
				return dst, true
			}
			if path[0] == "body" && p.LayoutOf(item).Slot("body") == nil {
				return appendHex(dst, p.Body(item)), true
			}
		case p.ListSlot(list).Plain():
			return appendValue(dst, p, item, p.LayoutOf(item).Slots[0]), true
		default:
			return appendHex(dst, p.Header(item)), true
		}
	}
	return dst, false
}

// appendHex appends bytes as lower-case hex.
func appendHex(dst, b []byte) []byte { return fmt.Appendf(dst, "%x", b) }
