package core

import "fmt"

// setBody replaces what is above layer id by bytes, and finds layers in them anew.
func (p *Packet) setBody(id int32, b []byte) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.change(func() error {
		p.emptyBody(id)
		p.splice(spot{owner: id, body: true}, int(p.nodes[id].end), 0, b)
		p.bodyChanged(id)
		return p.checkBody(id)
	})
}

// checkBody notes a change of the body of layer id.
func (p *Packet) checkBody(id int32) error {
	if id == 0 {
		return nil
	}
	return p.caused(&Slot{Field: Field{Name: "body"}, layout: p.nodes[id].layout})
}

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
	p.top, p.depth, p.done, p.ready = id, p.depthOf(id), false, false
	p.resizedBody(id)
	p.findAll()
	p.freeze()
}

// resizedBody notes that the body of layer id has changed its size.
func (p *Packet) resizedBody(id int32) {
	n := &p.nodes[id]
	n.flags |= isStored | isSized
	if id == 0 {
		return
	}
	for _, a := range n.layout.autos {
		for _, d := range a.rule.deps {
			if d.slot == nil && d.below == nil {
				p.edit.todo = add(p.edit.todo, id, a)
			}
		}
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

// graft takes over the nodes of q, whose bytes lie at byte at, as layers above id.
func (p *Packet) graft(q *Packet, at, id int32) {
	if q.nodes[0].up == none {
		p.top, p.depth, p.done = id, p.depthOf(id), true
		return
	}
	first := p.graftNodes(q, at)
	up := q.nodes[0].up + first
	p.nodes[id].up, p.nodes[up].down = up, id
	p.top = p.highest()
	p.depth = p.depthOf(p.top)
	p.done = true
	p.err = q.err
	p.err.at += int(at)
	if q.err == (fault{}) {
		p.err = fault{}
	}
}

// graftNodes appends the nodes of q but the first; what was number i becomes i + the number returned.
func (p *Packet) graftNodes(q *Packet, at int32) int32 {
	nodes, spans, order := int32(len(p.nodes)-1), int32(len(p.spans)), int32(len(p.order))
	move := func(id *int32, by int32) {
		if *id != none {
			*id += by
		}
	}
	for _, n := range q.nodes[1:] {
		n.shift(at)
		for _, id := range []*int32{&n.parent, &n.up, &n.down, &n.foot} {
			move(id, nodes)
		}
		move(&n.spans, spans)
		n.first += order
		p.nodes = append(p.nodes, n)
	}
	for _, s := range q.spans {
		move(&s.node, nodes)
		p.spans = append(p.spans, s)
	}
	for _, id := range q.order {
		p.order = append(p.order, id+nodes)
	}
	for _, r := range q.edit.pins {
		p.edit.pins = append(p.edit.pins, ref{r.id + nodes, r.slot})
	}
	for _, r := range q.edit.todo {
		p.edit.todo = append(p.edit.todo, ref{r.id + nodes, r.slot})
	}
	for _, b := range q.edit.bases {
		b.id += nodes
		p.edit.bases = append(p.edit.bases, b)
	}
	return nodes
}

// joined settles what hangs on the layer below after new layers were put above
// id: the key, fields that are there only above that layer.
func (p *Packet) joined(id int32) error {
	if p.depth > maxLayers {
		return fmt.Errorf("a packet has at most %d layers", maxLayers)
	}
	for up := p.nodes[id].up; up != none; up = p.nodes[up].up {
		if err := p.settleFields(up); err != nil {
			return err
		}
	}
	p.fillKey(id)
	return nil
}

// settleFields inserts or removes fields whose presence hangs on the layers below.
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
			p.edit.todo = p.addRule(id, s)
		case !want && have:
			err = p.removeField(id, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Packet) addRule(id int32, s *Slot) []ref {
	if s.rule == nil {
		return p.edit.todo
	}
	return add(p.edit.todo, id, s)
}

func hangsBelow(s *Slot) bool {
	for _, d := range s.whenDeps {
		if d.below != nil {
			return true
		}
	}
	return false
}

// fillKey makes the key of layer id lead to the layer above, unless it is
// pinned or does so already.
func (p *Packet) fillKey(id int32) {
	up := p.nodes[id].up
	if id == 0 || up == none {
		return
	}
	pr, child := p.nodes[id].proto, p.nodes[up].proto
	var to *keySource
	for i := range pr.keys {
		k := &pr.keys[i]
		n := child.numberIn(k.table)
		if p.leads(id, k, child) && (n == nil || n.fill == nil) {
			return
		}
		if to == nil && n != nil && (n.ok || n.fill != nil) {
			to = k
		}
	}
	if to == nil {
		return
	}
	n := child.numberIn(to.table)
	s := to.slots[len(to.slots)-1]
	for _, a := range s.samePlace() {
		if p.edit.pinned(id, a) {
			return
		}
	}
	v := n.value
	if n.fill != nil {
		f, ok := p.eval(n.fill, id)
		if !ok {
			return
		}
		v = uint64(f)
	}
	p.writeKey(id, s, v)
}

// leads reports whether the key as it stands leads to the child.
func (p *Packet) leads(id int32, k *keySource, child *Proto) bool {
	for _, s := range k.slots {
		if v, ok := p.num(id, s); ok && k.table.leads(v, child) {
			return true
		}
	}
	return false
}

// samePlace returns the fields that share the bits of s: those that exclude it.
func (s *Slot) samePlace() []*Slot {
	all := []*Slot{s}
	for _, o := range s.layout.Slots {
		if o != s && s.static && o.static && o.off == s.off && o.width == s.width && o.part == nil && o.Get == "" {
			all = append(all, o)
		}
	}
	return all
}

// writeKey stores a key. Where the value decides which of two fields is there,
// the one it names is there from now on.
func (p *Packet) writeKey(id int32, s *Slot, v uint64) {
	alts := s.samePlace()
	for _, a := range alts {
		if pos, _, ok := p.place(id, a); ok {
			bits, err := a.fits(int64(v))
			if err != nil || v > ones(63) {
				return
			}
			a.setBits(p.buf, pos, bits)
			p.stored(id, a)
			break
		}
	}
	if len(alts) == 1 || p.nodes[id].spans == none {
		return
	}
	for _, a := range alts {
		sp := &p.spans[int(p.nodes[id].spans)+a.span]
		sp.n = none
		if p.presentNow(id, a) {
			*sp = span{int32(a.off), int32(a.width), none}
			if a.rule != nil && a.rule.isLen() {
				p.edit.todo = add(p.edit.todo, id, a)
			}
		}
	}
}

// presentNow asks a field's condition, which reads the bytes as they stand.
func (p *Packet) presentNow(id int32, s *Slot) bool {
	return s.when == nil || p.holds(s.when, id)
}

// refreshKey fills a key anew whose value follows a size.
func (p *Packet) refreshKey(id int32, _ *Slot) { p.fillKey(id) }

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

// Copy returns an independent copy of the packet, edits and pinned fields included.
func (p *Packet) Copy() *Packet {
	q := &Packet{Meta: p.Meta, reg: p.reg, first: p.first, top: p.top, depth: p.depth, done: p.done, ready: p.ready, err: p.err}
	q.store = append(make([]byte, 0, len(p.buf)+16), p.buf...)
	q.buf, q.own = q.store, true
	q.nodes = append([]node(nil), p.nodes...)
	q.spans = append([]span(nil), p.spans...)
	q.order = append([]int32(nil), p.order...)
	q.env.p = q
	q.edit = &edits{}
	if e := p.edit; e != nil {
		q.edit.any = e.any
		q.edit.pins = append([]ref(nil), e.pins...)
		q.edit.todo = append([]ref(nil), e.todo...)
		q.edit.bases = append([]base(nil), e.bases...)
	}
	return q
}

// Concat returns a packet of the layers of a with those of b above the highest.
// Behind bytes that no layer has, everything is bytes.
func Concat(a, b *Packet) (*Packet, error) {
	p := a.Copy()
	if err := p.begin(true); err != nil {
		return nil, err
	}
	top := p.highest()
	if from, to := p.bodyBounds(top); from == to {
		return p, p.setBodyPacket(top, b)
	}
	b = b.Copy()
	b.Update()
	return p, p.appendBody(top, b.buf)
}

// ConcatBytes returns a packet of the layers of a with bytes behind its body.
func ConcatBytes(a *Packet, b []byte) (*Packet, error) {
	p := a.Copy()
	if err := p.begin(true); err != nil {
		return nil, err
	}
	return p, p.appendBody(p.highest(), b)
}

func (p *Packet) appendBody(id int32, b []byte) error {
	body := append([]byte(nil), p.body(id)...)
	return p.setBody(id, append(body, b...))
}

// insertLayers puts the layers of q between layer id and those above it.
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
		n := &p.nodes[id]
		at, fault := n.end, p.err
		p.splice(spot{owner: id, body: true}, int(at), 0, q.buf)
		first := p.graftNodes(q, at)
		bottom, top := q.nodes[0].up+first, q.highest()+first
		limit := p.nodes[id].body
		if upper != none {
			limit = p.nodes[upper].tail
		} else {
			limit -= p.nodes[id].spare
		}
		for g := bottom; g != none; g = p.nodes[g].up {
			p.nodes[g].body, p.nodes[g].tail = limit, limit
			p.nodes[g].flags |= isSized | isStored
		}
		p.nodes[id].up, p.nodes[bottom].down = bottom, id
		p.nodes[top].up = upper
		if upper != none {
			p.nodes[upper].down = top
		}
		p.err = fault
		p.top = p.highest()
		p.depth = p.depthOf(p.top)
		p.resizedBody(id)
		key, moved := p.keyValue(id)
		if err := p.joined(id); err != nil {
			return err
		}
		if upper != none {
			if err := p.joined(top); err != nil {
				return err
			}
		} else if moved {
			p.moveKey(top, key)
		}
		return p.checkBody(id)
	})
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
		if n := &p.nodes[id]; n.body != n.tail || n.spare != 0 || n.tail != p.nodes[n.down].body {
			return n.proto.Name + " has a footer or a trailer"
		}
	}
	return ""
}

// keyValue returns the value of the first key of a layer that is there.
func (p *Packet) keyValue(id int32) (*keyed, bool) {
	if id == 0 {
		return nil, false
	}
	for _, k := range p.nodes[id].proto.keys {
		for _, s := range k.slots {
			if v, ok := p.num(id, s); ok {
				return &keyed{table: k.table, value: v}, true
			}
		}
	}
	return nil, false
}

// moveKey gives a key value to a layer with a key of the same table, unless it is pinned.
func (p *Packet) moveKey(id int32, v *keyed) {
	if id == 0 {
		return
	}
	for _, k := range p.nodes[id].proto.keys {
		if k.table != v.table {
			continue
		}
		for _, s := range k.slots {
			if _, ok := p.num(id, s); ok && !p.edit.pinned(id, s) {
				p.writeKey(id, s, v.value)
				return
			}
		}
	}
}

// removeLayer takes out header and footer of layer id; what was above moves down.
func (p *Packet) removeLayer(id int32) error {
	if err := p.begin(true); err != nil {
		return err
	}
	return p.change(func() error {
		below, upper := p.nodes[id].down, p.nodes[id].up
		key, has := p.keyValue(id)
		n := p.nodes[id]
		p.kill(id)
		p.nodes[below].up = upper
		if upper != none {
			p.nodes[upper].down = below
		}
		p.splice(spot{owner: below, body: true}, int(n.body), int(n.tail-n.body), nil)
		p.splice(spot{owner: below, body: true}, int(n.start), int(n.end-n.start), nil)
		p.top = p.highest()
		p.depth = p.depthOf(p.top)
		if below == 0 && upper != none {
			p.first = p.nodes[upper].proto
		}
		p.resizedBody(below)
		if below == 0 {
			return nil
		}
		if upper != none {
			if err := p.joined(below); err != nil {
				return err
			}
		} else if has {
			p.moveKey(below, key)
		}
		return p.checkBody(below)
	})
}

// Replace makes x the whole content of the packet.
func (p *Packet) Replace(x *Packet) error {
	x = x.Copy()
	x.Update()
	if err := p.begin(true); err != nil {
		return err
	}
	return p.change(func() error {
		for id := range p.nodes[1:] {
			p.nodes[id+1].flags |= isDead
		}
		p.edit.pins, p.edit.todo, p.edit.bases = p.edit.pins[:0], p.edit.todo[:0], p.edit.bases[:0]
		p.nodes[0].up = none
		p.splice(spot{owner: 0, body: true}, 0, len(p.buf), x.buf)
		if err := x.begin(true); err != nil {
			return err
		}
		p.graft(x, 0, 0)
		if up := p.nodes[0].up; up != none {
			p.first = p.nodes[up].proto
		}
		return nil
	})
}

// Redissect reads the bytes anew: layers, lists and lengths as they now say.
// Handles of layers and items are void, nothing is pinned any more.
func (p *Packet) Redissect() {
	meta, first, quote, store, own := p.Meta, p.first, p.quote, p.store, p.own
	b := p.buf
	cut := p.nodes[0].flags & isCut
	p.reset(p.reg, b)
	p.Meta, p.first, p.quote, p.store, p.own = meta, first, quote, store, own
	p.nodes[0].flags |= cut
}
