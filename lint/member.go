package lint

import (
	"slices"
	"strings"

	"pkl/core"
	"pkl/luabind"
)

// member is what of.name means; it reports what cannot be.
func (f *file) member(of value, name string, line int) value {
	switch of.kind {
	case nothing: // not yet known
		return value{}
	case packet, likely:
		return f.ofPacket(of, name, line)
	case layer:
		return f.ofLayer(of.proto, name, line)
	case someLayer:
		return f.ofSomeLayer(name)
	case item:
		return f.ofItem(of, name, line)
	case list:
		if !slices.Contains(f.Inv.List, name) {
			f.report(line, Name, "list %s has no %q%s", of.slot, name, f.hint(name, f.Inv.List))
		}
	case pklTable:
		return f.ofPkl(name, line)
	case protoTable:
		return f.protoNamed(name, line, "no protocol %q%s", f.Reg.Names(), nearest)
	case proto:
		return f.ofProto(of.proto, name, line)
	case names:
		return f.ofNames(of, name, line)
	case object:
		if of.name != "counter" { // c[key] is a count
			f.ofObject(of, name, line)
		}
	case library:
		if known := f.Inv.Libs[of.name]; f.globals[of.name+"."+name] == nil && !slices.Contains(known, name) {
			f.report(line, Name, "%s has no %q%s", of.name, name, f.hint(name, known))
		}
		return value{kind: unknown, name: of.name + "." + name}
	}
	return value{kind: unknown}
}

// loose reports whether a protocol of that name may be defined out of sight.
func (f *file) loose(name string) bool { return f.AnyProto || f.Loose[name] }

func (f *file) ofPacket(of value, name string, line int) value {
	switch {
	case name == "first" || name == "last":
		return value{kind: someLayer}
	case slices.Contains(f.Inv.Facts, name), slices.Contains(f.Inv.Packet, name), f.loose(name):
		return value{kind: unknown}
	}
	if pr := f.Reg.Proto(name); pr != nil {
		return value{kind: layer, proto: pr}
	}
	known := append(append(f.Reg.Names(), f.Inv.Facts...), f.Inv.Packet...)
	if of.kind == packet {
		f.report(line, Name, "no protocol %q%s", name, f.hintBy(luabind.PacketHint, name, known))
	} else if h := f.hint(name, known); h != "" && !of.open {
		f.report(line, Name, "no protocol %q%s", name, h)
	}
	return value{kind: unknown}
}

func (f *file) ofLayer(pr *core.Proto, name string, line int) value {
	if s := fieldOf(pr, name); s != nil {
		f.lookedUp(pr, name, line)
		return fieldValue(s)
	}
	if raw, ok := strings.CutSuffix(name, "_raw"); ok && fieldOf(pr, raw) != nil {
		return value{kind: unknown}
	}
	if slices.Contains(f.Inv.Attrs, name) || slices.Contains(f.Inv.Layer, name) {
		return f.ofSomeLayer(name)
	}
	if above := f.Reg.Proto(name); above != nil {
		return value{kind: layer, proto: above}
	}
	if !f.loose(name) {
		known := append(append(slotNames(pr.Head(), pr.Foot()), f.Reg.Names()...), append(f.Inv.Attrs, f.Inv.Layer...)...)
		f.report(line, Name, "%s has no field %q%s", pr.Name, name, f.hintBy(luabind.LayerHint, name, known))
	}
	return value{kind: unknown}
}

// ofSomeLayer is a member of a layer that may be of any protocol.
func (f *file) ofSomeLayer(name string) value {
	if name == "upper" || name == "lower" {
		return value{kind: someLayer}
	}
	return value{kind: unknown}
}

func (f *file) ofItem(of value, name string, line int) value {
	layouts := of.slot.Layouts()
	for _, lay := range layouts {
		if s := lay.Slot(name); s != nil {
			return fieldValue(s)
		}
		if raw, ok := strings.CutSuffix(name, "_raw"); ok && lay.Slot(raw) != nil {
			return value{kind: unknown}
		}
	}
	if slices.Contains(f.Inv.ItemAttr, name) || slices.Contains(f.Inv.Item, name) || of.slot.Plain() {
		return value{kind: unknown}
	}
	known := append(append(slotNames(layouts...), f.Inv.ItemAttr...), f.Inv.Item...)
	f.report(line, Name, "item of %s has no field %q%s", of.slot, name, f.hint(name, known))
	return value{kind: unknown}
}

func (f *file) ofPkl(name string, line int) value {
	switch {
	case name == "proto":
		return value{kind: protoTable}
	case name == "log":
		return value{kind: object, name: "log"}
	case slices.Contains(f.Inv.Pkl, name):
		return value{kind: pklFunc, name: name}
	}
	return f.protoNamed(name, line, "pkl has no %q%s", append(f.Reg.Names(), f.Inv.Pkl...), luabind.PklHint)
}

func (f *file) protoNamed(name string, line int, message string, known []string, by func(string, []string) string) value {
	if pr := f.Reg.Proto(name); pr != nil {
		return value{kind: proto, proto: pr}
	}
	if !f.loose(name) {
		f.report(line, Name, message, name, f.hintBy(by, name, known))
	}
	return value{kind: unknown}
}

func (f *file) ofObject(of value, name string, line int) {
	if known := f.Inv.Objects[of.name]; !slices.Contains(known, name) {
		f.report(line, Name, "a %s has no %q%s", of.name, name, f.hint(name, known))
	}
}

// ofProto is pkl.proto.field: the names of its values.
func (f *file) ofProto(pr *core.Proto, name string, line int) value {
	if s := fieldOf(pr, name); s != nil {
		return value{kind: names, slot: s}
	}
	f.report(line, Name, "%s has no field %q%s", pr.Name, name, f.hint(name, slotNames(pr.Head(), pr.Foot())))
	return value{kind: unknown}
}

// ofNames is a name of a value, or of a list the fields of its items.
func (f *file) ofNames(of value, name string, line int) value {
	var known []string
	for s := of.slot; s != nil; s = s.Alt {
		if s.Kind == core.List {
			for _, lay := range s.Layouts() {
				if inner := lay.Slot(name); inner != nil {
					return value{kind: names, slot: inner}
				}
				known = append(known, slotNames(lay)...)
			}
		}
		for _, n := range s.Names {
			if strings.EqualFold(n.Name, name) {
				return value{kind: unknown}
			}
			known = append(known, n.Name)
		}
	}
	f.report(line, Name, "%s: no value is named %q%s", of.slot, name, f.hint(name, known))
	return value{kind: unknown}
}

// fieldOf returns the field of a header or a footer, or nil.
func fieldOf(pr *core.Proto, name string) *core.Slot {
	if s := pr.Head().Slot(name); s != nil {
		return s
	}
	if s := pr.Foot().Slot(name); s != nil {
		return s
	}
	return pr.Head().Lookup(name)
}

// fieldValue is what reading a field gives.
func fieldValue(s *core.Slot) value {
	switch {
	case s.Kind == core.List && s.Alt == nil && len(s.Layouts()) > 0:
		return value{kind: list, slot: s}
	case holdsPacket(s):
		return value{kind: packet}
	}
	return value{kind: unknown}
}

// holdsPacket reports whether each of the fields of a name is a packet of its own.
func holdsPacket(s *core.Slot) bool {
	for ; s != nil; s = s.Alt {
		if s.Kind != core.Bytes || s.Of == "" {
			return false
		}
	}
	return true
}

func slotNames(layouts ...*core.Layout) (names []string) {
	for _, lay := range layouts {
		for _, s := range lay.Slots {
			if s.Name != "" {
				names = append(names, s.Name)
			}
		}
	}
	return names
}
