package core

// Most packets are searched for one layer and then let go. A climb looks for it
// without laying out nodes: it notes a rung for each layer on the way, as long
// as plain loads bound the layer and one plain key leads to the next. The rungs
// become nodes when something is read of the packet (see settle).

// A rung is a layer that a climb has passed.
type rung struct {
	proto int32 // its id
	start int32
	end   int32 // of the header
	body  int32 // where the body ends
	bound bool  // by the layer's own length
}

const maxRungs = 6

// What a climb sees of its goal, from where it stands.
type sight uint8

const (
	unclear sight = iota // the long way has to tell
	nowhere              // it is not in this packet
	here
	further
)

// climb looks for the first layer of protocol goal, and tells where it starts.
// No layer of the packet is laid out yet.
func (p *Packet) climb(goal *Proto) (at int, s sight) {
	if p.done || p.first != nil || p.reg.link == nil {
		return 0, unclear
	}
	to, key := p.reg.link.ways, uint64(p.LinkType)
	start, b, n := 0, p.buf, int(p.rungs)
	if n > 0 {
		var limit int
		if start, limit, s = p.highRung(goal); s != further {
			return start, s
		}
		r := &p.ladder[n-1]
		pl := p.reg.protos[r.proto].plan
		to, key, b = pl.ways, pl.key.get(b[r.start:]), b[start:limit]
	}
	for ; n < maxRungs; n++ {
		way := to.under(key)
		pl := way.plan
		if way.key != key || pl == nil {
			if pl = to.other(key); pl == nil {
				return 0, nowhere
			}
		}
		s := goal.sights[pl.id]
		if s < here {
			return 0, s
		}
		r := &p.ladder[n]
		head, size := r.measure(pl, b)
		if head == 0 {
			return 0, unclear
		}
		r.proto, r.start, r.end, r.body = pl.id, int32(start), int32(start+head), int32(start+size)
		p.rungs = uint8(n + 1)
		if s == here {
			return start, here
		}
		switch {
		case head >= size:
			return 0, nowhere
		case !pl.goesOn:
			return 0, unclear
		case pl.stops && pl.stop.get(b) != 0:
			return 0, nowhere
		}
		to, key, b = pl.ways, pl.key.get(b), b[head:size]
		start += head
	}
	return 0, unclear
}

// highRung looks for the goal on the rungs that are there; where it is further
// on, that begins at start and has to end at limit.
func (p *Packet) highRung(goal *Proto) (start, limit int, s sight) {
	for i := range p.ladder[:p.rungs] {
		if r := &p.ladder[i]; int(r.proto) == goal.id {
			return int(r.start), 0, here
		}
	}
	r := &p.ladder[p.rungs-1]
	pr := p.reg.protos[r.proto]
	switch {
	case !pr.reach.has(goal.id) || r.end >= r.body:
		return 0, 0, nowhere
	case !pr.plan.goesOn:
		return 0, 0, unclear
	case pr.plan.stops && pr.plan.stop.get(p.buf[r.start:]) != 0:
		return 0, 0, nowhere
	}
	return int(r.end), int(r.body), further
}

// settle makes nodes of the rungs, and reports whether there were any.
func (p *Packet) settle() bool {
	if p.rungs == 0 {
		return false
	}
	down := p.top
	for i := range p.ladder[:p.rungs] {
		r := &p.ladder[i]
		id, n := p.push()
		n.proto = p.reg.protos[r.proto]
		n.layout, n.down, n.flags = n.proto.head, down, p.nodes[down].flags&p.nodes[0].flags&isCut
		n.start, n.end, n.body, n.tail = r.start, r.end, r.body, r.body
		if r.bound {
			n.flags = n.flags&^isCut | isBound
		}
		if i == 0 { // what is behind the lowest layer's end is its trailer
			limit := int32(len(p.buf))
			n.body, n.tail, n.spare = limit, limit, limit-r.body
		}
		p.nodes[down].up = id
		down = id
	}
	p.top, p.depth, p.rungs = down, int(p.rungs), 0
	return true
}

// A plan is what a climb needs to know of a protocol, close together.
type plan struct {
	id     int32 // the protocol's; of several: the one behind all protocols'
	fixed  int   // bytes of the shortest header
	head   scaled
	all    scaled
	gate   *gate // all is given only where it is open
	gateBy word
	behind bool // all counts from behind the header
	stops  bool // there is nothing above where stop is not 0
	goesOn bool // one plain key leads upward
	climbs bool // the layer can be a rung
	stop   word
	key    word
	ways   *ways
}

// A scaled is a size that is a number of the header, times mul, plus add.
type scaled struct {
	by       word
	mul, add int
	given    bool
}

// A word is a number that lies within two bytes.
type word struct {
	at    uint16
	shift uint8
	mask  uint64
}

// get reads the number; b starts at the header.
func (w *word) get(b []byte) uint64 {
	at := int(w.at)
	low, high := b[at+1], b[at]
	return (uint64(high)<<8 | uint64(low)) >> (w.shift & 63) & w.mask
}

// measure returns the bytes of the header and of the layer that b starts with.
// Where plain loads do not tell, or something is wrong, they are 0.
func (r *rung) measure(pl *plan, b []byte) (head, size int) {
	head, size = pl.fixed, len(b)
	if size < head {
		return 0, 0
	}
	if pl.head.given {
		if head = int(pl.head.by.get(b))*pl.head.mul + pl.head.add; head < pl.fixed || head > size {
			return 0, 0
		}
	}
	r.bound = false
	if !pl.all.given || pl.gate != nil && !pl.gate.allows(pl.gateBy.get(b)) {
		return head, size
	}
	r.bound = true
	if size = int(pl.all.by.get(b))*pl.all.mul + pl.all.add; pl.behind && size != 0 {
		size += head
	}
	if size < head || size > len(b) {
		return 0, 0
	}
	return head, size
}

// A way is a value of a key and what it leads to.
type way struct {
	key  uint64
	plan *plan
}

// ways lead from the values of a key to plans. They are hashed so that no two
// fall on one another.
type ways struct {
	list []way
	mask uint64
	rest func(v uint64) *plan // of values that are not in list; nil: to nothing
}

// under returns the way that is for value v, if there is one.
func (w *ways) under(v uint64) *way { return &w.list[hash(v)&w.mask] }

// other returns the plan of a value that has no way of its own; nil: nothing.
func (w *ways) other(v uint64) *plan {
	if w.rest == nil {
		return nil
	}
	return w.rest(v)
}
