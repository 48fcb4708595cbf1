package core

// Bounds on what one packet may make pkl do.
const (
	maxLayers = 32
	maxItems  = 4096    // of one list
	maxNodes  = 1 << 16 // of one packet
	maxDepth  = 16      // of nested lists
)

// A Meta holds the facts about a packet that are not in its bytes.
type Meta struct {
	Time     int64 // nanoseconds since 1970
	Len      int   // bytes on the wire; 0: as many as were captured
	LinkType int
	Number   int // from 1
	Iface    string
	Mark     uint32
	// SumsPending says that the sender left the transport sums to hardware.
	SumsPending bool
	// FixedLen says why no edit may change the length of the packet; empty: it may.
	FixedLen string
}

// A Packet is one byte slice and the bounds of what was found in it. The zero
// Packet is empty; Reset makes it ready, as often as wanted, without allocation.
// It must not be used by two goroutines at once.
type Packet struct {
	Meta
	reg   *Registry
	first *Proto // dissect as this; nil: by link type
	buf   []byte
	store []byte // owned memory behind buf once something is written
	own   bool   // buf may be written

	nodes []node // 0: the packet itself
	spans []span
	order []int32 // items of lists

	ladder [maxRungs]rung // layers that were passed in search of another
	rungs  uint8          // how many of them; 0 once they are nodes

	tmp   []int32
	tries [][]candidate
	top   int32 // the highest layer found
	depth int
	done  bool // nothing more above top
	quote bool // read only; the last header may be cut
	ready bool // everything is found and walked
	edit  *edits
	err   fault
	bad   badSize // what the last walk that failed came across
	env   env
	epoch uint32 // counts Resets
	shed  uint32 // counts trims: the birth of new nodes
}

// span entries of lists also name their node.

// A badSize is a size that no field can have.
type badSize struct {
	slot *Slot // nil: there is none
	size int64
	told bool // size could be computed
}

// A fault says why a packet is broken.
type fault struct {
	proto      *Proto
	at         int
	need, have int
	what       string
	late       bool // it came up in Update
	badSize
}

// Reset makes p the packet of bytes b, found from link type meta.LinkType. The
// bytes stay the caller's: they are copied before the first write.
func (p *Packet) Reset(r *Registry, meta Meta, b []byte) {
	p.reset(r, b)
	p.Meta = meta
	if meta.Len > len(b) {
		p.nodes[0].flags |= isCut
	}
}

// Next is Reset for the next packet of the same source: registry, link type and
// interface stay, the number is the next one. It is the cheapest way from packet to packet.
func (p *Packet) Next(b []byte, time int64, wireLen int) {
	if p.first != nil {
		p.first = nil
	}
	p.rewind(b)
	p.Time, p.Meta.Len, p.Mark, p.SumsPending = time, wireLen, 0, false
	if p.FixedLen != "" {
		p.FixedLen = ""
	}
	p.Number++
	if wireLen > len(b) {
		p.nodes[0].flags |= isCut
	}
}

// ResetAs is Reset for bytes that start with protocol first.
func (p *Packet) ResetAs(first *Proto, b []byte) {
	p.reset(first.reg, b)
	p.Meta = Meta{LinkType: -1}
	p.first = first
}

func (p *Packet) reset(r *Registry, b []byte) {
	if cap(p.nodes) == 0 {
		p.nodes = make([]node, 1, 16)
	}
	p.reg, p.first = r, nil
	p.env.p = p
	p.rewind(b)
}

// rewind begins anew with other bytes. It is part of what every packet costs.
func (p *Packet) rewind(b []byte) {
	p.buf, p.own = b, false
	p.nodes = p.nodes[:1]
	root := &p.nodes[0] // of nothing, and on nothing: what is not set here never changes
	root.parent, root.spans, root.up, root.down, root.foot = none, none, none, none, none
	root.flags, root.birth, root.spare = 0, p.shed, 0
	root.start, root.end, root.body, root.tail = 0, 0, int32(len(b)), int32(len(b))
	if len(p.spans) > 0 || len(p.order) > 0 {
		p.spans, p.order = p.spans[:0], p.order[:0]
	}
	p.top, p.depth, p.done, p.ready, p.quote = 0, 0, false, false, false
	p.rungs = 0
	if p.err.what != "" || p.err.proto != nil {
		p.err = fault{}
	}
	if p.edit != nil {
		p.edit.reset()
	}
	p.env.bad = false
	p.epoch++
}

// Registry returns the registry the packet was made with.
func (p *Packet) Registry() *Registry { return p.reg }

// Raw returns the bytes as they stand, derived fields not brought up to date.
func (p *Packet) Raw() []byte { return p.buf }

// Cap returns how many bytes of the packet are present.
func (p *Packet) Cap() int { return len(p.buf) }

// WireLen returns the length of the packet on the wire.
func (p *Packet) WireLen() int { return max(p.Meta.Len, len(p.buf)) }

// push appends a node that is linked to nothing. What only lists have is left as it is.
func (p *Packet) push() (int32, *node) {
	i := len(p.nodes)
	if i < cap(p.nodes) {
		p.nodes = p.nodes[:i+1]
	} else {
		p.nodes = append(p.nodes, node{})
	}
	n := &p.nodes[i]
	n.slot, n.parent, n.spans, n.up, n.foot = nil, none, none, none, none
	n.spare, n.beyond, n.birth = 0, 0, p.shed
	return int32(i), n
}

func (p *Packet) newNode(n node) int32 {
	n.birth = p.shed
	p.nodes = append(p.nodes, n)
	return int32(len(p.nodes) - 1)
}

// mark and release drop what a candidate that did not fit has laid out.
type mark struct{ nodes, spans, order int }

func (p *Packet) mark() mark { return mark{len(p.nodes), len(p.spans), len(p.order)} }

func (p *Packet) release(m mark) {
	for i := range p.spans[:m.spans] { // lists of other records that were walked meanwhile
		if s := &p.spans[i]; int(s.node) >= m.nodes {
			s.node = none
		}
	}
	p.nodes, p.spans, p.order = p.nodes[:m.nodes], p.spans[:m.spans], p.order[:m.order]
}
