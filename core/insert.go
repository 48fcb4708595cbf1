package core

import "fmt"

// insertLayers puts the layers of q between layer id and those above it, their
// footers behind what was above.
func (p *Packet) insertLayers(id int32, q *Packet) error {
	if err := p.begin(true); err != nil {
		return err
	}
	q = q.Copy()
	if err := q.begin(true); err != nil {
		return err
	}
	if why := q.onlyHeaders(); why != "" {
		return fmt.Errorf("insert: %s; assign a body instead", why)
	}
	return p.change(func() error {
		upper := p.nodes[id].up
		broken := p.err
		bottom, top, err := p.wrap(id, q)
		if err != nil {
			return err
		}
		p.nodes[id].up, p.nodes[bottom].down = bottom, id
		p.nodes[top].up = upper
		if upper != none {
			p.nodes[upper].down = top
			p.readdress(upper)
		}
		p.noteAbove(id, nil)
		p.err = broken
		p.top = p.highest()
		p.depth = p.depthOf(p.top)
		p.resizedBody(id)
		key := p.keyValue(id, p.nodes[top].proto)
		if err := p.joined(id); err != nil {
			return err
		}
		if upper != none {
			if err := p.joined(top); err != nil {
				return err
			}
		} else if key != nil {
			p.moveKey(top, key)
		}
		return p.checkBody(id)
	})
}

// wrap puts the headers of q before, and its footers behind, what is above layer
// id. It returns the lowest and the highest of the new layers.
func (p *Packet) wrap(id int32, q *Packet) (bottom, top int32, err error) {
	from, to := p.bodyBounds(id)
	high := q.highest()
	heads, feet := q.buf[:q.nodes[high].end], q.buf[q.nodes[high].body:]
	cut := p.nodes[id].flags & isCut
	if up := p.nodes[id].up; up != none {
		cut = p.nodes[up].flags & isCut
	}
	if cut != 0 && len(feet) > 0 {
		return none, none, fmt.Errorf("insert: the end of the packet is not here, so a footer has no place")
	}
	p.splice(spot{owner: id, body: true, last: true}, int(to), 0, feet)
	p.splice(spot{owner: id, body: true}, int(from), 0, heads)
	first := p.graftNodes(q, from)
	for g := int(first) + 1; g < len(p.nodes); g++ {
		if p.footOf(int32(g)) != none {
			p.nodes[g].shift(to - from)
		}
	}
	bottom, top = q.nodes[0].up+first, high+first
	for g := bottom; g != none; g = p.nodes[g].up {
		n := &p.nodes[g]
		n.body, n.tail = n.body+to-from, n.tail+to-from
		n.flags |= isSized | isStored | cut
	}
	return bottom, top, nil
}

// onlyHeaders says why a packet cannot be put below something, or "".
func (p *Packet) onlyHeaders() string {
	top := p.highest()
	if top == 0 {
		return "there is no layer to insert"
	}
	if p.nodes[top].end != p.nodes[top].body {
		return "the packet to insert has a body"
	}
	for id := top; id > 0; id = p.nodes[id].down {
		if n := &p.nodes[id]; n.spare != 0 || n.tail != p.nodes[n.down].body {
			return n.proto.Name + " has a trailer"
		}
	}
	return ""
}
