package oracle

import (
	"slices"

	"pkl/core"
)

// endsEarly reports whether an item on the path ends before its fields do: its
// length says so, and tshark reads on behind it.
func (pa path) endsEarly(p *core.Packet, id core.ID) bool {
	s := p.LayoutOf(id).Slot(pa[0].name)
	if s = p.Pick(id, s); s == nil || s.Kind != core.List || p.List(id, s) == core.None {
		return false
	}
	return slices.ContainsFunc(p.Items(p.List(id, s)), func(item core.ID) bool {
		return slices.ContainsFunc(p.LayoutOf(item).Slots, func(f *core.Slot) bool { return !there(p, item, f) }) ||
			len(pa) > 1 && pa[1:].endsEarly(p, item)
	})
}

// there reports whether a field that every such item has is there.
func there(p *core.Packet, item core.ID, s *core.Slot) (ok bool) {
	switch {
	case s.When != "" || s.Get != "":
		return true
	case s.Kind == core.Number:
		_, ok = p.Num(item, s)
	case s.Kind == core.List:
		ok = p.List(item, s) != core.None
	default:
		_, ok = p.Data(item, s)
	}
	return ok
}
