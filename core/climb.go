package core

import "encoding/binary"

// Most packets are searched for one layer and then let go. A climb looks for it
// without laying out nodes: it notes a rung for each layer on the way, as long
// as plain loads bound the layer and one plain key leads to the next. The rungs
// become nodes when something is read of the packet (see settle).

// A rung is a layer that a climb has passed.
type rung struct {
	proto *Proto
	start int32
	end   int32 // of the header
	body  int32 // where the body ends
	bound bool  // by the layer's own length
}

const maxRungs = 6

// How a climb ends.
type sight uint8

const (
	unclear sight = iota // the long way has to tell
	nowhere              // there is no such layer
	here
)

// A plan is what a climb needs to know of a protocol, close together.
type plan struct {
	fixed    int // bytes of the shortest header
	head     scaled
	all      scaled
	behind   bool // all counts from behind the header
	gate     *gate
	stop     load
	stops    bool
	key      load
	table    *table
	climbs   bool // the layer can be a rung
	goesOn   bool // and so can what lies on it
	numbered int  // the protocol's id
}

// A scaled is a size that is a number of the header, times mul, plus add.
type scaled struct {
	load     load
	mul, add int
	given    bool
}

// newPlan prepares climbing over a protocol.
func newPlan(p *Proto) (pl plan) {
	pl = plan{fixed: p.head.fixed, numbered: p.id, climbs: p.quick}
	take := func(s *size, to *scaled) {
		if s.slot != nil {
			*to = scaled{s.slot.load, s.mul, s.add, true}
			pl.climbs = pl.climbs && s.slot.load.isSmall()
		}
	}
	take(&p.hdr, &pl.head)
	take(&p.all, &pl.all)
	if pl.all.given {
		pl.behind, pl.gate = p.all.behind, p.all.slot.gate
	}
	if !p.oneKey || !p.keys[0].loads[0].isSmall() || p.stopBits != nil && !p.stopBits.isSmall() {
		return pl
	}
	pl.goesOn, pl.key, pl.table = true, p.keys[0].loads[0], p.keys[0].table
	if p.stopBits != nil {
		pl.stop, pl.stops = *p.stopBits, true
	}
	return pl
}

// isSmall reports whether small can do the load.
func (l *load) isSmall() bool { return l.op == load8 || l.op == load16 }

// small is get for numbers that lie within one or two bytes.
func (l *load) small(b []byte) uint64 {
	if l.op == load8 {
		return uint64(b[l.at]) >> l.shift & l.mask
	}
	return uint64(binary.BigEndian.Uint16(b[l.at:])) >> l.shift & l.mask
}

// climb looks for the first layer of protocol goal, and tells where it starts.
// No layer of the packet is laid out yet.
func (p *Packet) climb(goal *Proto) (at int32, f sight) {
	if p.done || p.first != nil || p.reg.link == nil || p.LinkType < 0 {
		return 0, unclear
	}
	start, limit := int32(0), int32(len(p.buf))
	table, key := p.reg.link, uint64(p.LinkType)
	n := 0
	for ; n < int(p.rungs); n++ {
		r := &p.ladder[n]
		if r.proto == goal {
			return r.start, here
		}
		start, limit = r.end, r.body
	}
	if n > 0 {
		pr := p.ladder[n-1].proto
		if !pr.reach.has(goal.id) {
			return 0, nowhere
		}
		if f := p.leave(&p.ladder[n-1]); f != here {
			return 0, f
		}
		table, key = pr.plan.table, pr.plan.key.small(p.buf[p.ladder[n-1].start:])
	}
	for ; n < maxRungs; n++ {
		var cands []candidate
		if key < uint64(len(table.small)) {
			cands = table.small[key]
		} else {
			cands = table.find(key)
		}
		switch {
		case len(cands) == 0:
			return 0, nowhere
		case len(cands) > 1 || cands[0].also != nil:
			return 0, unclear
		}
		pr := cands[0].Proto
		pl := &pr.plan
		switch {
		case pr.check != nil:
			return 0, unclear
		case pr != goal && !pr.reach.has(goal.id):
			return 0, nowhere
		case !pl.climbs:
			return 0, unclear
		}
		r := &p.ladder[n]
		if !r.lay(pl, p.buf[start:limit]) {
			return 0, unclear
		}
		r.proto, r.start = pr, start
		r.end += start
		r.body += start
		p.rungs = uint8(n + 1)
		if pr == goal {
			return start, here
		}
		if f := p.leave(r); f != here {
			return 0, f
		}
		table, key = pl.table, pl.key.small(p.buf[start:])
		start, limit = r.end, r.body
	}
	return 0, unclear
}

// lay bounds a layer that starts with b, if it can be done by plain loads and
// all is well; else nothing is known.
func (r *rung) lay(pl *plan, b []byte) bool {
	head, size := pl.fixed, len(b)
	if size < max(head, 1) {
		return false
	}
	if pl.head.given {
		head = int(pl.head.load.small(b))*pl.head.mul + pl.head.add
		if head < pl.fixed || head > len(b) {
			return false
		}
	}
	r.bound = pl.all.given && (pl.gate == nil || pl.gate.open(b))
	if r.bound {
		size = int(pl.all.load.small(b))*pl.all.mul + pl.all.add
		if pl.behind && size != 0 {
			size += head
		}
		if size < head || size > len(b) {
			return false
		}
	}
	r.end, r.body = int32(head), int32(size)
	return true
}

// leave reports whether there is something on a rung, and one key that tells what.
func (p *Packet) leave(r *rung) sight {
	pl := &r.proto.plan
	switch {
	case r.end >= r.body:
		return nowhere
	case !pl.goesOn:
		return unclear
	case pl.stops && pl.stop.small(p.buf[r.start:]) != 0:
		return nowhere
	}
	return here
}

// settle makes nodes of the rungs, and reports whether there were any.
func (p *Packet) settle() bool {
	if p.rungs == 0 {
		return false
	}
	limit := int32(len(p.buf))
	down := p.top
	for i := range p.ladder[:p.rungs] {
		r := &p.ladder[i]
		id, n := p.push()
		n.layout, n.proto, n.down, n.flags = r.proto.head, r.proto, down, p.nodes[down].flags&p.nodes[0].flags&isCut
		n.start, n.end, n.body, n.tail = r.start, r.end, r.body, r.body
		if r.bound {
			n.flags = n.flags&^isCut | isBound
		}
		if i == 0 { // what is behind the lowest layer's end is its trailer
			n.body, n.tail, n.spare = limit, limit, limit-r.body
		}
		p.nodes[down].up = id
		down = id
	}
	p.top, p.depth, p.rungs = down, int(p.rungs), 0
	return true
}
