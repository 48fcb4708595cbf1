package core

import "slices"

// A ref names one field of one record.
type ref struct {
	id   int32
	slot *Slot
}

// refs is a set of fields, in the order they came.
type refs struct {
	list  []ref
	index map[ref]bool // the same, once they are many
}

const manyRefs = 48

func (s *refs) has(id int32, slot *Slot) bool {
	r := ref{id, slot}
	if len(s.list) < manyRefs {
		return slices.Contains(s.list, r)
	}
	if s.index == nil {
		s.index = make(map[ref]bool, 2*len(s.list))
		for _, o := range s.list {
			s.index[o] = true
		}
	}
	return s.index[r]
}

func (s *refs) add(id int32, slot *Slot) {
	if s.has(id, slot) {
		return
	}
	s.list = append(s.list, ref{id, slot})
	if s.index != nil {
		s.index[ref{id, slot}] = true
	}
}

func (s *refs) drop(id int32, slot *Slot) {
	r := ref{id, slot}
	s.dropIf(func(o ref) bool { return o == r })
}

func (s *refs) dropIf(gone func(ref) bool) {
	n := len(s.list)
	if s.list = slices.DeleteFunc(s.list, gone); len(s.list) != n {
		s.index = nil
	}
}

// set makes the set one of other members.
func (s *refs) set(list []ref) { s.list, s.index = append(s.list[:0], list...), nil }

// each lets f change every member.
func (s *refs) each(f func(r *ref)) {
	for i := range s.list {
		f(&s.list[i])
	}
	s.index = nil
}
