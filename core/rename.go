package core

import "slices"

// A nameRef is a name field of a message and the labels it had before an edit.
type nameRef struct {
	ref
	from, to int32 // in edits.text
	ok       bool
}

// setName stores labels in a name field. In a message with pointers every name
// is written anew, because what a pointer leads to may have changed.
func (p *Packet) setName(id int32, s *Slot, labels []byte) error {
	if p.hasName(id, s, labels) {
		p.stored(id, s)
		return nil
	}
	return p.changeIn(id, func() error {
		pos, w, _ := p.place(id, s)
		p.edit.names = dropName(p.edit.names, id, s)
		p.replaceName(id, s, pos, w, labels)
		return p.caused(s)
	})
}

// hasName reports whether a name field has these labels, or these bytes on the wire, already.
func (p *Packet) hasName(id int32, s *Slot, labels []byte) bool {
	pos, w, _ := p.place(id, s)
	if string(p.buf[pos>>3:(pos+w)>>3]) == string(labels) {
		return true
	}
	var room [maxName]byte
	have, ok := p.labels(room[:0], pos>>3, p.originOf(id))
	return ok && string(append(have, 0)) == string(labels)
}

// changeIn is change for an edit within the layer of record id.
func (p *Packet) changeIn(id int32, do func() error) error {
	return p.change(func() error { return p.renaming(id, do) })
}

// forgetNames forgets what names the fields of a record had: it has other bytes now.
func (p *Packet) forgetNames(id int32) {
	p.edit.names = slices.DeleteFunc(p.edit.names, func(n nameRef) bool { return n.id == id })
}

func dropName(names []nameRef, id int32, s *Slot) []nameRef {
	for i, n := range names {
		if n.id == id && n.slot == s {
			return append(names[:i], names[i+1:]...)
		}
	}
	return names
}

// replaceName puts bytes in the place of a name.
func (p *Packet) replaceName(id int32, s *Slot, pos, w int, b []byte) {
	if w == len(b)<<3 {
		copy(p.buf[pos>>3:], b)
		p.stored(id, s)
		return
	}
	p.spliceField(id, s, 0, w>>3, b)
	p.resized(id, s)
}

// renaming does an edit within a layer. If the layer's names use pointers, all
// of them are remembered before and written anew after it.
func (p *Packet) renaming(id int32, do func() error) error {
	layer := p.layerOf(id)
	pr := p.nodes[layer].proto
	if pr == nil || !pr.hasNames || p.edit.renaming || !p.remember(layer) {
		return do()
	}
	p.edit.renaming = true
	err := do()
	if err == nil {
		err = p.rewrite(layer)
	}
	p.edit.renaming = false
	return err
}

// remember notes the labels of every name in a layer. It returns false if none
// of them uses a pointer.
func (p *Packet) remember(layer int32) bool {
	e := p.edit
	e.names, e.text = e.names[:0], e.text[:0]
	pointers := false
	p.eachName(layer, func(id int32, s *Slot) {
		pos, w, _ := p.place(id, s)
		from := len(e.text)
		var ok bool
		e.text, ok = p.labels(e.text, pos>>3, p.originOf(id))
		pointers = pointers || w>>3 != len(e.text)-from+1
		e.names = append(e.names, nameRef{ref{id, s}, int32(from), int32(len(e.text)), ok})
	})
	return pointers
}

// eachName calls f for every name of a layer, in the order of the wire.
func (p *Packet) eachName(id int32, f func(id int32, s *Slot)) {
	for _, s := range p.nodes[id].layout.Slots {
		switch {
		case s.get != nil:
		case s.Kind == Name:
			if _, _, ok := p.place(id, s); ok {
				f(id, s)
			}
		case s.Kind == List:
			l := p.list(id, s)
			if l == none {
				continue
			}
			for i := int32(0); i < p.nodes[l].n; i++ {
				p.eachName(p.order[p.nodes[l].first+i], f)
			}
		}
	}
}

// rewrite writes the names of a layer anew, each compressed against those
// before it (RFC 1035 §4.1.4), letter case kept.
func (p *Packet) rewrite(layer int32) error {
	var todo []nameRef
	known := make(map[ref]nameRef, len(p.edit.names))
	for _, n := range p.edit.names {
		known[n.ref] = n
	}
	p.eachName(layer, func(id int32, s *Slot) {
		if n, ok := known[ref{id, s}]; ok {
			todo = append(todo, n)
			return
		}
		pos, _, _ := p.place(id, s) // new: written plain
		from := len(p.edit.text)
		var ok bool
		p.edit.text, ok = p.labels(p.edit.text, pos>>3, p.originOf(id))
		todo = append(todo, nameRef{ref{id, s}, int32(from), int32(len(p.edit.text)), ok})
	})
	seen := map[place]int{}
	for _, n := range todo {
		if !n.ok {
			continue
		}
		pos, w, _ := p.place(n.id, n.slot)
		origin := p.originOf(n.id)
		b := compress(p.edit.text[n.from:n.to], pos>>3-origin, origin, n.slot.Field.Plain, seen)
		if string(b) != string(p.buf[pos>>3:(pos+w)>>3]) {
			p.replaceName(n.id, n.slot, pos, w, b)
		}
	}
	return p.caused((*namesOf)(p.nodes[layer].layout))
}

// namesOf is the DNS names of a layer, as messages name them.
type namesOf Layout

func (l *namesOf) String() string { return l.path + ".names" }

// A place is a name within the message that begins at origin.
type place struct {
	origin int
	labels string
}

// compress encodes labels at offset at of its message. It notes where each
// suffix lies for the names that follow.
func compress(labels []byte, at, origin int, plain bool, seen map[place]int) []byte {
	var out []byte
	for i := 0; i < len(labels); i += 1 + int(labels[i]) {
		key := place{origin, string(labels[i:])}
		if to, ok := seen[key]; ok && !plain {
			return append(out, 0xc0|byte(to>>8), byte(to))
		}
		if off := at + i; off < 0x4000 {
			if _, ok := seen[key]; !ok {
				seen[key] = off
			}
		}
		out = append(out, labels[i:i+1+int(labels[i])]...)
	}
	return append(out, 0)
}
