package core

import (
	"bytes"
	"reflect"
	"slices"
)

// Whether a packet replies to another. Each layer that has pairs, or says which of
// its messages answer which, is compared with the same layer of the other
// packet, from the network layer up. An error message is judged by the packet
// that it quotes.

// A reply is a compiled Reply.
type reply struct {
	when, to cond // nil: always
	same     []agreement
}

// An agreement is what a reply has in common with what it replies to: two
// fields, or two numbers.
type agreement struct {
	field [2]*Slot
	num   [2]numFn
}

func (c *compiler) replyExprs(p *Proto) {
	for _, a := range p.Spec.Replies {
		var out reply
		for _, w := range []struct {
			src, word string
			to        *cond
		}{{a.When, "when", &out.when}, {a.To, "to", &out.to}} {
			if w.src == "" {
				continue
			}
			fn, deps, err := c.compileCond(w.src, c.scopeOf(p))
			if err != nil {
				c.wrongIn(p.Spec.Pos, p.Name, "replies: "+w.word, err)
			}
			if *w.to = fn; w.word == "to" {
				p.mark(deps)
			}
		}
		for _, s := range a.Same {
			out.same = append(out.same, c.agreement(p, s))
		}
		p.replies = append(p.replies, out)
	}
}

func (c *compiler) agreement(p *Proto, s Pair) (a agreement) {
	f, g := p.head.byName[s.A], p.head.byName[s.B]
	if f != nil && g != nil {
		if f.Kind != g.Kind || f.Kind == List {
			c.fail(p.Spec.Pos, p.Name, "replies: same: %s and %s are not of one kind", s.A, s.B)
		}
		a.field = [2]*Slot{f, g}
		p.mark([]dep{{slot: g}})
		return a
	}
	for i, src := range []string{s.A, s.B} {
		fn, deps, err := c.compileNum(src, c.scopeOf(p))
		if err != nil {
			c.wrongIn(p.Spec.Pos, p.Name, "replies: same", err)
		}
		if a.num[i] = fn; i == 1 {
			p.mark(deps)
		}
	}
	return a
}

// mark notes fields by which a reply knows what it replies to: those tell one
// packet from another, also where an error quotes them.
func (p *Proto) mark(deps []dep) {
	for _, d := range deps {
		if s := d.slot; s != nil && d.below == nil && d.how == useValue && s.layout == p.head {
			if s = p.head.byName[s.Name]; !slices.Contains(p.marks, s) {
				p.marks = append(p.marks, s)
			}
		}
	}
}

// RepliesTo reports whether p replies to another packet: it comes from where that
// went, and each layer says so; or it is an error that quotes that packet.
func (p *Packet) RepliesTo(sent *Packet) bool {
	p.Update()
	sent.Update()
	if q, to := p.quoted(); q != nil && to != none {
		return q.isQuoteOf(sent) && p.comesBack(to, sent)
	}
	a, b := p.talking(), sent.talking()
	if b == none {
		return false
	}
	for b != none {
		if a == none || !alike(p.nodes[a].proto, sent.nodes[b].proto) || !p.layerReplies(a, sent, b) {
			return false
		}
		a, b = p.nextTalking(a), sent.nextTalking(b)
	}
	return true
}

// talks reports whether a layer has a part in who replies to whom.
func (p *Packet) talks(id ID) bool {
	pr := p.nodes[id].proto
	return len(pr.pairs) > 0 || len(pr.replies) > 0
}

// talking returns the layer where comparing begins: the first network layer, or
// without one the lowest that talks.
func (p *Packet) talking() ID {
	if net := p.netLayer(); net != none {
		return net
	}
	return p.nextTalking(0)
}

func (p *Packet) netLayer() ID {
	for id := range p.layers() {
		if len(p.nodes[id].proto.pseudo) > 1 {
			return id
		}
	}
	return none
}

func (p *Packet) nextTalking(id ID) ID {
	for id = p.Upper(id); id != none && !p.talks(id); {
		id = p.Upper(id)
	}
	return id
}

func (p *Packet) layerReplies(id ID, sent *Packet, to ID) bool {
	for i, pr := range p.nodes[id].proto.pairs {
		other := sent.nodes[to].proto.pairs[i]
		if !p.sideMatches(id, pr[0], sent, to, other[1]) || !sent.sideMatches(to, other[0], p, id, pr[1]) {
			return false
		}
	}
	rules := p.nodes[id].proto.replies
	for i := range rules {
		if rules[i].holds(p, id, sent, to, &sent.nodes[to].proto.replies[i]) {
			return true
		}
	}
	return len(rules) == 0
}

func (a *reply) holds(p *Packet, id ID, sent *Packet, to ID, theirs *reply) bool {
	if a.when != nil && !p.holds(a.when, id) || theirs.to != nil && !sent.holds(theirs.to, to) {
		return false
	}
	for i := range a.same {
		if !a.same[i].holds(p, id, sent, to, &theirs.same[i]) {
			return false
		}
	}
	return true
}

func (a *agreement) holds(p *Packet, id ID, sent *Packet, to ID, theirs *agreement) bool {
	if a.field[0] != nil {
		return equalFields(p, id, a.field[0], sent, to, theirs.field[1])
	}
	x, ok1 := p.eval(a.num[0], id)
	y, ok2 := sent.eval(theirs.num[1], to)
	return ok1 && ok2 && x == y
}

// equalFields reports whether both packets have the field, with one value.
func equalFields(p *Packet, id ID, s *Slot, q *Packet, to ID, o *Slot) bool {
	if s, o = p.Pick(id, s), q.Pick(to, o); s == nil || o == nil || s.Kind != o.Kind {
		return false
	}
	if s.Kind == Number {
		x, ok1 := p.Num(id, s)
		y, ok2 := q.Num(to, o)
		return ok1 && ok2 && x == y
	}
	x, ok1 := p.Data(id, s)
	y, ok2 := q.Data(to, o)
	return ok1 && ok2 && bytes.Equal(x, y)
}

// sideMatches reports whether one end of p is an end of q. Who asked a group, or
// an address that it leaves open, is answered by any.
func (p *Packet) sideMatches(id ID, s *Slot, q *Packet, to ID, o *Slot) bool {
	return equalFields(p, id, s, q, to, o) || p.openEnd(id, s) || q.openEnd(to, o)
}

// openEnd reports whether an address is unspecified or that of a group.
func (p *Packet) openEnd(id ID, s *Slot) bool {
	if s = p.Pick(id, s); s == nil || s.Kind != MAC && s.Kind != IP4 && s.Kind != IP6 {
		return false
	}
	b, ok := p.Data(id, s)
	return ok && (isZero(b) || s.isGroup(b))
}

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// isGroup reports whether an address is that of a group (IEEE 802 §8.2, RFC
// 5771, RFC 4291 §2.7), or broadcast.
func (s *Slot) isGroup(b []byte) bool {
	switch s.Kind {
	case MAC:
		first := b[0]
		if s.LE {
			first = b[len(b)-1]
		}
		return first&1 != 0
	case IP4:
		return b[0]>>4 == 0xe || string(b) == "\xff\xff\xff\xff"
	}
	return b[0] == 0xff
}

// quoted returns the packet that an error quotes, and the network layer below
// the error.
func (p *Packet) quoted() (q *Packet, net ID) {
	net = none
	for id := range p.layers() {
		pr := p.nodes[id].proto
		if len(pr.pseudo) > 1 {
			net = id
		}
		for _, s := range pr.head.Slots {
			if s.of != nil && p.Has(id, s) {
				if q := p.Inside(id, s); q != nil && q.First() != none {
					return q, net
				}
			}
		}
	}
	return nil, none
}

// comesBack reports whether the network layer of p goes to where sent came from.
func (p *Packet) comesBack(net ID, sent *Packet) bool {
	b := sent.netLayer()
	if b == none || !alike(p.nodes[net].proto, sent.nodes[b].proto) {
		return false
	}
	src, _ := sent.nodes[b].proto.addrs()
	_, dst := p.nodes[net].proto.addrs()
	return sent.sideMatches(b, src, p, net, dst)
}

// isQuoteOf reports whether a packet quoted in an error, perhaps cut and changed
// on its way, is the one that was sent.
func (q *Packet) isQuoteOf(sent *Packet) bool {
	a, b := q.talking(), sent.netLayer()
	n := 0
	for ; a != none && b != none; n++ {
		if !alike(q.nodes[a].proto, sent.nodes[b].proto) || !q.layerIs(a, sent, b) {
			return false
		}
		a, b = q.nextTalking(a), sent.nextTalking(b)
	}
	return b == none || a == none && n > 1 // what is above the ports may be cut
}

// alike reports whether two protocols, perhaps of two generations, say the same of replies.
func alike(a, b *Proto) bool {
	return a == b || a.Name == b.Name && slices.Equal(a.Spec.Pairs, b.Spec.Pairs) && reflect.DeepEqual(a.Spec.Replies, b.Spec.Replies)
}

// layerIs compares what tells one packet from another, as far as it was quoted.
func (q *Packet) layerIs(id ID, sent *Packet, to ID) bool {
	same := func(s, o *Slot) bool {
		if q.Pick(id, s) == nil {
			return true // cut
		}
		return equalFields(q, id, s, sent, to, o) || sent.openEnd(to, o)
	}
	for i, pr := range q.nodes[id].proto.pairs {
		theirs := sent.nodes[to].proto.pairs[i]
		if !same(pr[0], theirs[0]) || !same(pr[1], theirs[1]) {
			return false
		}
	}
	theirs := sent.nodes[to].proto.marks
	for i, s := range q.nodes[id].proto.marks {
		if i < len(theirs) && !same(s, theirs[i]) {
			return false
		}
	}
	return true
}
