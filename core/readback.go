package core

import (
	"bytes"
	"fmt"
	"slices"
)

// readsBack compares what a record holds with values it was given.
func readsBack(p *Packet, id ID, v map[string]any) error {
	for name, want := range v {
		rec := id
		s := p.LayoutOf(id).Slot(name)
		if s == nil && p.Foot(id) != None {
			rec = p.Foot(id)
			s = p.LayoutOf(rec).Slot(name)
		}
		if s == nil {
			return fmt.Errorf("no field %s", name)
		}
		if err := fieldReads(p, rec, s, want); err != nil {
			return err
		}
	}
	return nil
}

func fieldReads(p *Packet, id ID, s *Slot, want any) error {
	if s = p.Pick(id, s); s == nil {
		return fmt.Errorf("a field that was set is absent")
	}
	list, ok := want.([]any)
	if !ok {
		return valueReads(p, id, s, want)
	}
	l := p.List(id, s)
	if n := len(p.Items(l)); n != len(list) {
		return fmt.Errorf("%s: %d items, want %d", s, n, len(list))
	}
	for i, it := range p.Items(l) {
		var err error
		if v, ok := list[i].(map[string]any); ok {
			err = readsBack(p, it, v)
		} else {
			err = valueReads(p, it, p.LayoutOf(it).Slots[0], list[i])
		}
		if err != nil {
			return fmt.Errorf("%s[%d]: %w", s, i, err)
		}
	}
	return nil
}

// valueReads compares one field with a value it was given.
func valueReads(p *Packet, id ID, s *Slot, want any) error {
	w, err := s.encode(want)
	if err != nil {
		return err
	}
	if n, ok := w.(uint64); ok {
		if have, ok := p.Num(id, s); !ok || have != n {
			return fmt.Errorf("%s is %d (%v), want %d", s, have, ok, n)
		}
		return nil
	}
	b := w.([]byte)
	if s.Kind == Name {
		text, ok := p.AppendName(nil, id, s)
		if wire := string(appendName(nil, b[:len(b)-1])); !ok || string(text) != wire {
			return fmt.Errorf("%s is %q, want %q", s, text, wire)
		}
		return nil
	}
	have, ok := p.Data(id, s)
	if s.filled() {
		have, b = s.textOf(have), s.textOf(b)
	}
	if string(have) != string(b) && string(have) != string(s.layout.unitPad(b, unitHead(p, id))) {
		return fmt.Errorf("%s is %x (%v), want %x", s, have, ok, b)
	}
	return nil
}

// unitHead is where the last field of an item begins that is filled up to a unit.
func unitHead(p *Packet, id ID) int {
	lay := p.LayoutOf(id)
	if p.ParentOf(id) == None {
		return 0
	}
	pos, _, _ := p.place(id, lay.Slots[len(lay.Slots)-1])
	return pos>>3 - int(p.nodes[id].start)
}

// eachField calls f for every field of the packet, those of items too.
func eachField(p *Packet, f func(id ID, s *Slot)) {
	for id := p.First(); id != None; id = p.Upper(id) {
		eachFieldOf(p, id, f)
		if foot := p.Foot(id); foot != None {
			eachFieldOf(p, foot, f)
		}
	}
}

func eachFieldOf(p *Packet, id ID, f func(id ID, s *Slot)) {
	for _, s := range p.LayoutOf(id).Slots {
		f(id, s)
		if l := p.List(id, s); l != None {
			for _, it := range slices.Clone(p.Items(l)) {
				eachFieldOf(p, it, f)
			}
		}
	}
}

// ordinary reports whether the lists of a packet end where their items say so.
func ordinary(p *Packet) bool {
	good := true
	eachField(p, func(id ID, s *Slot) {
		if s.Kind != List || s.get != nil || !p.Has(id, s) {
			return
		}
		items := p.Items(p.List(id, s))
		good = good && (s.Last == "" || len(items) > 0)
		if n := len(items); n > 0 && s.Pad > 1 {
			good = good && len(bytes.Trim(p.Header(items[n-1]), "\x00")) > 0 // else it looks like padding
		}
		for i, it := range items {
			lay := p.LayoutOf(it)
			good = good && (lay.end == nil || !p.holds(lay.end, it))
			good = good && (lay.last == nil || p.holds(lay.last, it) == (i == len(items)-1))
		}
	})
	return good
}
