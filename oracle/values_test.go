package oracle

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"pkl/core"
)

// A path is a parsed path of a row.
type path []step

// A step is one name of a path, and which items of a list it takes.
type step struct {
	name  string
	field string // {field==want} or {field!=want}
	want  uint64
	not   bool
}

// parsePaths reads the pkl side of a row.
func parsePaths(text string) (all []path) {
	for _, p := range strings.Fields(text) {
		var steps path
		for _, part := range strings.Split(p, ".") {
			steps = append(steps, parseStep(part))
		}
		all = append(all, steps)
	}
	return all
}

func parseStep(text string) step {
	name, cond, ok := strings.Cut(text, "{")
	if !ok {
		return step{name: text}
	}
	cond = strings.TrimSuffix(cond, "}")
	field, want, ok := strings.Cut(cond, "==")
	if !ok {
		field, want, _ = strings.Cut(cond, "!=")
	}
	v, err := strconv.ParseUint(want, 0, 64)
	if err != nil {
		panic(fmt.Sprintf("%s: %v", text, err))
	}
	return step{name: name, field: field, want: v, not: !ok}
}

// takes reports whether the step goes into an item.
func (s *step) takes(p *core.Packet, item core.ID) bool {
	if s.field == "" {
		return true
	}
	f := p.LayoutOf(item).Slot(s.field)
	if f == nil {
		return false
	}
	if f = p.Pick(item, f); f == nil {
		return false
	}
	v, ok := p.Num(item, f)
	return ok && (v == s.want) != s.not
}

// values appends the values of a path in record id, as text.
func (pa path) values(dst []string, p *core.Packet, id core.ID) []string {
	s := p.LayoutOf(id).Slot(pa[0].name)
	if foot := p.Foot(id); s == nil && foot != core.None {
		if f := p.LayoutOf(foot).Slot(pa[0].name); f != nil {
			id, s = foot, f
		}
	}
	switch {
	case s == nil && pa[0].name == "body":
		if len(p.Body(id)) > 0 {
			dst = append(dst, hex.EncodeToString(p.Body(id)))
		}
		return dst
	case s == nil:
		return dst
	}
	if s = p.Pick(id, s); s == nil {
		return dst
	}
	if s.Kind == core.List {
		return pa.items(dst, p, p.List(id, s))
	}
	if len(pa) > 1 {
		if q := p.Inside(id, s); q != nil && q.First() != core.None {
			return pa[1:].values(dst, q, q.First())
		}
		return dst
	}
	return appendValue(dst, p, id, s)
}

// appendValue appends the value of a field, unless it is empty: tshark does not
// show fields of no bytes.
func appendValue(dst []string, p *core.Packet, id core.ID, s *core.Slot) []string {
	if v := value(p, id, s); v != "" {
		return append(dst, v)
	}
	return dst
}

// items appends the values of a path in the items of a list.
func (pa path) items(dst []string, p *core.Packet, list core.ID) []string {
	if list == core.None {
		return dst
	}
	for _, item := range p.Items(list) {
		switch {
		case !pa[0].takes(p, item):
		case len(pa) > 1:
			dst = pa[1:].values(dst, p, item)
		default:
			dst = appendValue(dst, p, item, p.LayoutOf(item).Slots[0])
		}
	}
	return dst
}

// value writes a value as conv does: numbers in decimal, names as text, the rest in hex.
func value(p *core.Packet, id core.ID, s *core.Slot) string {
	switch s.Kind {
	case core.Number:
		v, _ := p.Num(id, s)
		return strconv.FormatInt(s.Int(v), 10)
	case core.Name:
		text, ok := p.AppendName(nil, id, s)
		if !ok {
			return "?"
		}
		return string(text)
	}
	b, _ := p.Data(id, s)
	if s.Trim != nil {
		b, _ = p.Text(id, s)
	}
	return hex.EncodeToString(b)
}

// kindOf returns the kind of the field a path leads to, in any of its layouts.
func (pa path) kindOf(reg *core.Registry, l *core.Layout) (core.Kind, bool) {
	for s := l.Slot(pa[0].name); s != nil; s = s.Alt {
		if s.Kind != core.List && len(pa) > 1 {
			return pa[1:].kindOf(reg, reg.Proto(s.Of).Head())
		}
		if s.Kind != core.List {
			return s.Kind, true
		}
		for _, item := range s.Layouts() {
			if len(pa) == 1 {
				return item.Slots[0].Kind, true
			}
			if k, ok := pa[1:].kindOf(reg, item); ok {
				return k, true
			}
		}
	}
	return core.Bytes, pa[0].name == "body"
}
