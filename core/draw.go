package core

import (
	"bytes"
	"strings"
)

// A chooser makes choices: random ones in Try, those of rapid in the tests.
type chooser interface {
	omit() bool         // every second time
	chance(of int) bool // one of so many times
	int(lo, hi int) int
	int64(lo, hi int64) int64
	uint64() uint64
	bytes(n int) []byte
}

// A draw draws legal values of fields.
type draw struct {
	src  chooser
	pins bool // derived fields too
}

// number draws bits of a number: often an edge.
func (d *draw) number(s *Slot) any {
	var bits uint64
	switch d.src.int(0, 5) {
	case 0:
		bits = 0
	case 1:
		bits = ones(s.Bits)
	case 2:
		bits = 1 << (s.Bits - 1)
	case 3:
		bits = ones(s.Bits) >> 1
	default:
		bits = d.src.uint64() & ones(s.Bits)
	}
	return asValue(s, bits)
}

// asValue is the value of a number as a script would write it.
func asValue(s *Slot, bits uint64) any {
	switch {
	case s.Bool():
		return bits == 1
	case s.Signed:
		return s.signed(bits)
	}
	return bits
}

// sampleNames are DNS names, plain and odd ones.
func sampleNames() []string {
	return []string{".", "a", "b.a", "c.b.a", "www.example.com", "example.com", `d\.e.f`, `\000\255.x`, "A.b", strings.Repeat("x", 63) + ".y"}
}

// value draws a value of a field that is no list.
func (d *draw) value(s *Slot, size int) any {
	s = plain(s)
	switch s.Kind {
	case Number:
		return d.number(s)
	case Name:
		return sampleNames()[d.src.int(0, len(sampleNames())-1)]
	}
	switch {
	case s.filled() && d.src.omit():
		size = d.src.int(0, s.width/8)
	case s.width >= 0:
		size = s.width / 8
	case s.addrSize() > 0:
		size = d.src.int(0, s.addrSize())
	case size < 0:
		size = d.src.int(0, 12)
		if d.src.chance(20) {
			size *= 40
		}
		if k := s.step; k.mul > 1 && s.sizeDerived() { // whole units
			size = max(0, int(k.add)+size/int(k.mul)*int(k.mul))
		}
	}
	b := d.src.bytes(size)
	for s.until != nil && strings.Contains(string(b), s.Until) {
		b = b[:strings.Index(string(b), s.Until)]
	}
	if s.Trim != nil {
		b = bytes.Trim(b, blanks)
	}
	if s.Kind == Text && d.src.omit() {
		return string(b)
	}
	return b
}

// record draws values for some fields of a layout: those whose presence and size hang on nothing.
func (d *draw) record(lay *Layout, depth int) map[string]any {
	v := map[string]any{}
	for _, s := range lay.Slots {
		switch {
		case s.Name == "" || !d.free(s) || v[s.Name] != nil || d.src.omit():
		case s.Kind == List:
			if items := d.items(s, depth); items != nil {
				v[s.Name] = items
			}
		default:
			v[s.Name] = d.value(s, -1)
		}
	}
	return v
}

// free reports whether a field may get any value while its record is built.
func (d *draw) free(s *Slot) bool {
	switch {
	case s.Get != "" || s.Kind == Pad || s.part != nil:
		return false
	case s.rule != nil || s.table != nil:
		return d.pins && d.src.chance(4)
	case s.isEndMark():
		return false // of a list it belongs to, to nobody else
	case s.when != nil:
		return s.followed()
	case s.Kind != Number && s.Kind != List && s.size != nil && s.konst < 0:
		return s.sizeFollows()
	}
	return true
}

// items draws the items of a list, or nil where their kind hangs on what is around it.
func (d *draw) items(s *Slot, depth int) []any {
	if s.items.one == nil && s.items.probe.by == nil || depth > 2 {
		return nil
	}
	n := d.src.int(0, 3)
	switch w := s.itemWidth(); {
	case s.always() && w > 0:
		n = s.konst / w
	case s.Last != "":
		n = max(n, 1) // no items cannot be told
	}
	list := make([]any, 0, n)
	for range n {
		list = append(list, d.item(s, depth))
	}
	d.markLast(s, list)
	return list
}

// itemWidth returns the bytes of each item of a list, if all have as many; else 0.
func (s *Slot) itemWidth() int {
	if one := s.items.one; one != nil && one.static {
		return max(one.fixed, 0)
	}
	return 0
}

func (d *draw) item(s *Slot, depth int) any {
	lay := s.items.one
	var by any
	if lay == nil {
		lay, by = d.kind(s)
	}
	if s.items.plain {
		return d.value(lay.Slots[0], -1)
	}
	v := d.record(lay, depth+1)
	if by != nil {
		v[s.items.probe.by.Name] = by
	}
	d.notEnd(lay, v)
	return v
}

// kind draws a kind of item and a value of its discriminator.
func (d *draw) kind(s *Slot) (*Layout, any) {
	by := s.items.probe.by
	if i := d.src.int(0, len(s.items.kinds)); i < len(s.items.kinds) {
		k := s.items.kinds[i]
		hi := min(k.hi, k.lo+20, int64(ones(by.Bits)))
		v := d.src.int64(min(k.lo, hi), hi)
		if lay := s.items.pick(v); lay != nil && !lay.isEnd(uint64(v)) {
			return lay, asValue(by, uint64(v))
		}
	}
	for range 50 {
		v := d.src.uint64() & ones(by.Bits)
		if lay := s.items.pick(int64(v)); lay != nil && !lay.isEnd(v) {
			return lay, asValue(by, v)
		}
	}
	k := s.items.kinds[len(s.items.kinds)-1]
	return k.layout, asValue(by, uint64(k.hi)&ones(by.Bits))
}

// isEnd reports whether an item with that discriminator ends the list, whatever else it has.
func (l *Layout) isEnd(v uint64) bool {
	return len(l.ends) == 1 && l.ends[0].slot == l.by && l.ends[0].v == v
}

// notEnd keeps a drawn item from being the mark that ends its list: one field differs.
func (d *draw) notEnd(lay *Layout, v map[string]any) {
	var change *equal
	for i := range lay.ends {
		e := &lay.ends[i]
		given, told := v[e.slot.Name]
		if told && given != e.value() {
			return
		}
		if change == nil && e.slot != lay.by && e.slot.rule == nil {
			change = e
		}
	}
	if change == nil {
		return
	}
	if n, ok := change.v.(uint64); ok {
		v[change.slot.Name] = asValue(change.slot, n^1)
	} else {
		v[change.slot.Name] = "x"
	}
}

// markLast sets the flag that says which item is the last.
func (d *draw) markLast(s *Slot, list []any) {
	for i, it := range list {
		if v, ok := it.(map[string]any); ok && s.Last != "" && s.items.one.byName[s.Last] != nil {
			v[s.Last] = i == len(list)-1
		}
	}
}

// layer draws the values of a layer, also of fields that hang on other fields.
func (d *draw) layer(pr *Proto) map[string]any {
	v := d.record(pr.head, 0)
	for name, x := range d.record(pr.foot, 0) {
		v[name] = x
	}
	for range 3 {
		p, err := Build(pr, v)
		if err != nil || !d.dependent(p, p.First(), v) {
			break
		}
		if f := p.Foot(p.First()); f != None {
			d.dependent(p, f, v)
		}
	}
	return v
}

// dependent draws values for fields of record id that hang on others: now they can be asked.
func (d *draw) dependent(p *Packet, id ID, v map[string]any) (grew bool) {
	for _, s := range p.LayoutOf(id).Slots {
		if s.Get != "" || s.part != nil || s.rule != nil || s.table != nil || s.Kind == Pad || !p.Has(id, s) {
			continue
		}
		if s.Kind == List {
			grew = d.dependentItems(p, id, s, v) || grew
			continue
		}
		if _, given := v[s.Name]; given || d.free(s) || d.src.omit() {
			continue
		}
		size := -1
		if b, ok := p.Data(id, s); ok && s.size != nil && !s.sizeFollows() {
			size = len(b)
		}
		v[s.Name] = d.value(s, size)
		grew = true
	}
	return grew
}

func (d *draw) dependentItems(p *Packet, id ID, s *Slot, v map[string]any) (grew bool) {
	l := p.List(id, s)
	list, _ := v[s.Name].([]any)
	for i, it := range list {
		if iv, ok := it.(map[string]any); ok && i < len(p.Items(l)) {
			grew = d.dependent(p, p.Items(l)[i], iv) || grew
		}
	}
	if list != nil || s.Last == "" && d.src.omit() || p.nesting(l) > 3 {
		return grew
	}
	if s.items.one == nil && s.items.probe.by == nil {
		for range d.src.int(1, 2) {
			list = append(list, d.record(p.outerKind(l), 2))
		}
	} else if s.when != nil {
		list = d.items(s, 1)
	}
	if list != nil {
		v[s.Name] = list
	}
	return list != nil
}

// legal draws a value that a present field may have.
func (d *draw) legal(p *Packet, id ID, s *Slot) any {
	if s.Kind != List {
		size := -1
		if b, ok := p.Data(id, s); ok && s.size != nil && !s.sizeFollows() {
			size = len(b)
		}
		return d.value(s, size)
	}
	if items := d.items(s, 1); items != nil {
		return items
	}
	return []any{}
}
