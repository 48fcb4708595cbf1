package core

import "fmt"

// setBody replaces what is above layer id by bytes, and finds layers in them anew.
func (p *Packet) setBody(id int32, b []byte) error {
	if err := p.begin(false); err != nil {
		return err
	}
	if from, to := p.bodyBounds(id); int(to-from) == len(b) {
		p.overwriteBody(id, from, to, b)
		return nil
	}
	p.freeze()
	return p.change(func() error {
		p.emptyBody(id)
		p.splice(spot{owner: id, body: true}, int(p.nodes[id].end), 0, b)
		p.bodyChanged(id)
		return p.checkBody(id)
	})
}

// overwriteBody puts bytes in the place of as many above layer id. No bound of
// what stays moves: none has to be fixed before, and nothing can fail.
func (p *Packet) overwriteBody(id, from, to int32, b []byte) {
	p.nodes[id].spare = p.nodes[id].body - to
	p.nodes[id].flags |= isStored
	for up := p.nodes[id].up; up != none; up = p.nodes[up].up {
		p.nodes[id].flags |= p.nodes[up].flags & isSized // lengths wait to follow that
	}
	p.dropAbove(id)
	copy(p.buf[from:to], b)
	p.restack(id)
	if p.edit.dead > 0 && !p.edit.undo.inUse {
		p.tidy(len(p.nodes))
	}
}

// checkBody notes a change of the body of layer id.
func (p *Packet) checkBody(id int32) error {
	if id == 0 {
		return nil
	}
	return p.caused((*bodyOf)(p.nodes[id].layout))
}

// bodyOf is the body of a layer or item, as messages name it.
type bodyOf Layout

func (l *bodyOf) String() string { return l.path + ".body" }

// emptyBody takes out the layers above id and all body; the trailer stays.
func (p *Packet) emptyBody(id int32) {
	from, to := p.bodyBounds(id)
	p.nodes[id].spare = p.nodes[id].body - to
	p.dropAbove(id)
	p.splice(spot{owner: id, body: true}, int(from), int(to-from), nil)
}

// dropAbove removes the layers above id from the stack; their bytes stay.
func (p *Packet) dropAbove(id int32) {
	for up := p.nodes[id].up; up != none; up = p.nodes[up].up {
		p.kill(up)
	}
	p.nodes[id].up = none
	p.err = fault{}
}

// bodyChanged notes that what is above layer id has changed, and looks for layers in it.
func (p *Packet) bodyChanged(id int32) {
	p.restack(id)
	p.resizedBody(id)
	p.findAll()
	p.freeze()
}

// restack has layers looked for above layer id, where none are.
func (p *Packet) restack(id int32) {
	p.top, p.depth, p.done, p.ready = id, p.depthOf(id), false, false
}

// resizedBody notes that the body of layer id has changed, and perhaps its size.
func (p *Packet) resizedBody(id int32) {
	p.nodes[id].flags |= isStored | isSized
	if id != 0 {
		p.edit.grown = append(p.edit.grown, growth{ref{id, nil}, useSize})
	}
}

func (p *Packet) depthOf(id int32) (n int) {
	for ; id > 0; id = p.nodes[id].down {
		n++
	}
	return n
}

// setBodyPacket replaces what is above layer id by the layers of q.
func (p *Packet) setBodyPacket(id int32, q *Packet) error {
	if err := p.begin(true); err != nil {
		return err
	}
	q = q.Copy()
	if err := q.begin(true); err != nil {
		return err
	}
	return p.change(func() error {
		p.emptyBody(id)
		at := p.nodes[id].end
		p.splice(spot{owner: id, body: true}, int(at), 0, q.buf)
		p.graft(q, at, id)
		p.resizedBody(id)
		if err := p.joined(id); err != nil {
			return err
		}
		return p.checkBody(id)
	})
}

// joined settles what hangs on the layer below after new layers were put above
// id: the key, fields that are there only above that layer.
func (p *Packet) joined(id int32) error {
	if p.depth > maxLayers {
		return fmt.Errorf("a packet has at most %d layers", maxLayers)
	}
	for up := p.nodes[id].up; up != none; up = p.nodes[up].up {
		for _, rec := range [...]int32{up, p.nodes[up].foot} {
			if rec == none {
				continue
			}
			if err := p.settleFields(rec); err != nil {
				return err
			}
		}
	}
	return p.fillKey(id)
}

// settleFields inserts or removes fields of a header or footer whose presence hangs on the layers below.
func (p *Packet) settleFields(id int32) error {
	for _, s := range p.nodes[id].layout.Slots {
		if s.span < 0 || s.when == nil || !hangsBelow(s) {
			continue
		}
		_, _, have := p.place(id, s)
		want := p.holds(s.when, id)
		var err error
		switch {
		case want && !have:
			err = p.insertField(id, s)
			if s.rule != nil {
				p.edit.note(id, s)
			}
		case !want && have:
			err = p.removeField(id, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func hangsBelow(s *Slot) bool {
	for _, d := range s.whenDeps {
		if d.below != nil || d.how == usePresent && d.slot != nil && d.slot != s && hangsBelow(d.slot) {
			return true
		}
	}
	return false
}

// setTrailer replaces what is behind the layer above id, within id.
func (p *Packet) setTrailer(id int32, b []byte) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.change(func() error {
		_, at := p.bodyBounds(id)
		n := &p.nodes[id]
		p.splice(spot{owner: id, body: true, last: true}, int(at), int(n.body-at), b)
		n = &p.nodes[id]
		n.spare = int32(len(b))
		p.resizedBody(id)
		return p.checkBody(id)
	})
}

// removeLayer takes out header and footer of layer id; what was above moves down.
func (p *Packet) removeLayer(id int32) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.change(func() error {
		below, upper := p.nodes[id].down, p.nodes[id].up
		key := p.keyValue(id, p.nodes[below].proto)
		n := p.nodes[id]
		p.kill(id)
		p.nodes[below].up = upper
		if upper != none {
			p.nodes[upper].down = below
			p.readdress(upper)
		}
		p.splice(spot{owner: below, body: true}, int(n.body), int(n.tail-n.body), nil)
		p.splice(spot{owner: below, body: true}, int(n.start), int(n.end-n.start), nil)
		p.top = p.highest()
		p.depth = p.depthOf(p.top)
		if below == 0 && upper != none {
			p.first = p.nodes[upper].proto
		}
		p.resizedBody(below)
		if upper != none {
			if err := p.joined(below); err != nil {
				return err
			}
		} else if key != nil {
			p.moveKey(below, key)
		}
		return p.checkBody(below)
	})
}
