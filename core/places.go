package core

// places finds where each field lies, as far as that is the same in every packet.
func (c *compiler) places() {
	for _, ls := range c.all {
		if ls.layout.broken {
			continue
		}
		p := &placer{c: c, l: ls.layout, bounded: ls.list != nil && ls.layout.all.given(), there: map[*Slot][]bool{}, list: ls.list != nil}
		p.run()
		c.traits(ls)
	}
	for _, p := range c.reg.protos {
		if !p.head.broken {
			c.ends(p)
		}
	}
}

// ends reports a header that is too small for its fields, or has one without an end.
func (c *compiler) ends(p *Proto) {
	if p.hdr.konst > 0 && p.hdr.konst < p.head.fixed {
		c.fail(p.Spec.Pos, p.Name, "header: %d bytes, but its fields have %d", p.hdr.konst, p.head.fixed)
	}
	told := len(p.foot.Slots) == 0 || p.hdr.given() || p.foot.known() && (!p.all.given() || p.all.simple())
	for _, s := range p.head.Slots {
		if !told && s.takesRest() && s.Kind != List { // a list is walked when all ends are known
			c.failAt(s, "it takes the rest of the header, whose end nothing tells before the footer; give it a size, or the header a length (header, or auto = \"header_len\")")
			return
		}
	}
}

// A placer walks a layout at compile time.
type placer struct {
	c       *compiler
	l       *Layout
	pos     int // bits; valid while nothing has varied
	fixed   int // bits that every instance has
	bounded bool
	list    bool // it lays out items
	span    int
	there   map[*Slot][]bool // in which trials fields that share a name were there
}

func (p *placer) run() {
	l := p.l
	l.spanFrom = len(l.Slots)
	i := 0
	known := true
	for known && i < len(l.Slots) {
		s := l.Slots[i]
		if s.Get != "" || s.part != nil {
			i++
			continue
		}
		if l.spanFrom == len(l.Slots) && (s.when != nil || p.widthAt(s) < 0 || p.bounded && i >= l.head) {
			l.spanFrom, l.spanPos = i, p.pos
		}
		switch {
		case p.bounded && i >= l.head:
			known = false
		case s.when != nil:
			i, known = p.alternatives(i)
		case p.widthAt(s) < 0:
			p.begin(s)
			known = false
		default:
			p.pos += p.alignment(s)
			p.put(s, p.pos)
			s.simple = true
			s.width = p.widthAt(s) // of a pad: known only here
			p.pos += s.width
			p.fixed = p.pos + s.above
			i++
		}
	}
	l.static = known
	p.checkBits(known)
	if known && p.pos == 0 && p.list {
		p.c.failIn(l, "an item has no bytes: a list of it would never end")
	}
	p.rest()
	l.fixed = (p.fixed + 7) / 8
	for _, s := range l.Slots {
		if s.part != nil {
			s.static = s.part.static
			if s.part.simple {
				s.simple = true
				s.load = makeLoad(s, s.part.off+s.wire)
			}
		}
	}
	l.nspan = p.span
}

// checkBits reports what does not come out at whole bytes.
func (p *placer) checkBits(known bool) {
	if known && p.pos%8 != 0 {
		p.c.failIn(p.l, "its fields are %d bits, not whole bytes", p.pos)
	}
	for _, s := range p.l.Slots {
		switch {
		case s.static && s.Kind != Number && s.off%8 != 0:
			p.c.failAt(s, "it begins at bit %d of a byte; only numbers may", s.off%8)
		case s.static && s.LSB && s.lead == 0 && s.off%8 != 0:
			p.c.failAt(s, "lsb: its word begins at bit %d of a byte", s.off%8)
		}
	}
}

// begin notes a place that is known although the width is not.
func (p *placer) begin(s *Slot) {
	if s.Align <= 1 || s.Kind == List {
		s.static, s.off = true, p.pos
	}
}

func (p *placer) alignment(s *Slot) int {
	if s.Align > 1 && s.Kind != List && s.Kind != Pad {
		return roundUp(p.pos, s.Align*8) - p.pos
	}
	return 0
}

// widthAt is the width of a field at the position reached.
func (p *placer) widthAt(s *Slot) int {
	if s.Kind == Pad {
		return roundUp(p.pos, s.Align*8) - p.pos
	}
	if s.Kind == List {
		return none
	}
	return s.width
}

// put fixes the place of a field.
func (p *placer) put(s *Slot, pos int) {
	s.static, s.off = true, pos
	if s.Kind == Number {
		s.load = makeLoad(s, pos)
	}
}

// rest gives spans to the fields whose place is not fixed.
func (p *placer) rest() {
	for _, s := range p.l.Slots {
		if s.simple || s.Get != "" || s.part != nil {
			continue
		}
		s.span = p.span
		p.span++
	}
}

func (p *placer) unput(s *Slot, pos int) {
	s.static, s.off = true, pos
	if s.Align > 1 {
		s.static = false
	}
}

// makeLoad returns how a number at bit pos of a record is read.
func makeLoad(s *Slot, pos int) load {
	if s.LSB {
		at := (pos - s.lead) / 8
		l := load{op: loadBE, at: int32(at), n: uint8(s.word), shift: uint8(s.lead), mask: ones(s.Bits)}
		if s.LE {
			l.op = loadLE
		}
		return l
	}
	first, last := pos/8, (pos+s.Bits+7)/8
	l := load{at: int32(first), n: uint8(last - first), shift: uint8(last*8 - pos - s.Bits), mask: ones(s.Bits)}
	switch {
	case s.Digits:
		l.op = loadDigits
	case s.LE && s.Bits > 8:
		l.op = loadLE
	case last-first == 1:
		l.op = load8
	case last-first == 2:
		l.op = load16
	case last-first == 4 && s.Bits == 32:
		l.op = load32
	case last-first == 8 && s.Bits == 64:
		l.op = load64
	case last-first > 8:
		l.op = loadNine
	default:
		l.op = loadBE
	}
	return l
}

// traits sums up what a layout is like.
func (c *compiler) traits(ls *layoutScope) {
	l := ls.layout
	head := l == l.proto.head
	given := head && l.proto.hdr.given()
	lazyFrom := len(l.Slots)
	for i := len(l.Slots) - 1; i >= 0; i-- {
		s := l.Slots[i]
		if s.Get != "" || s.part != nil {
			continue
		}
		if s.Kind != List || s.Size != "" {
			break
		}
		lazyFrom = i
	}
	for i, s := range l.Slots {
		if s.Get != "" || s.part != nil {
			continue
		}
		if s.span >= 0 && s.width < 0 && (s.Size != "" || s.Until != "" || s.Kind == Name) || s.when != nil && !l.static && i < lazyFrom {
			l.eager = true
		}
		l.lists = l.lists || s.Kind == List
		l.aligns = l.aligns || s.span >= 0 && (s.Kind != List && s.Align > 1 || s.Pad > 1)
		l.hasNames = l.hasNames || s.Kind == Name
		if s.Origin {
			l.origin = s
		}
	}
	if head && !given && !l.static && lazyFrom < len(l.Slots) {
		l.lazy, l.lazyFrom = true, lazyFrom
	}
}
