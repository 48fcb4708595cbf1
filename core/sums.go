package core

import "encoding/binary"

// Internet checksums (RFC 1071): sums of 16-bit words in ones' complement.

// onesSum adds the words of b to acc. An odd last byte counts as the high half of a word.
func onesSum(acc uint64, b []byte) uint64 {
	for len(b) >= 32 {
		acc = addCarry(acc, binary.BigEndian.Uint64(b))
		acc = addCarry(acc, binary.BigEndian.Uint64(b[8:]))
		acc = addCarry(acc, binary.BigEndian.Uint64(b[16:]))
		acc = addCarry(acc, binary.BigEndian.Uint64(b[24:]))
		b = b[32:]
	}
	for len(b) >= 8 {
		acc = addCarry(acc, binary.BigEndian.Uint64(b))
		b = b[8:]
	}
	for len(b) >= 2 {
		acc = addCarry(acc, uint64(binary.BigEndian.Uint16(b)))
		b = b[2:]
	}
	if len(b) == 1 {
		acc = addCarry(acc, uint64(b[0])<<8)
	}
	return acc
}

func addCarry(a, b uint64) uint64 {
	s := a + b
	if s < a {
		s++
	}
	return s
}

// fold brings a sum down to 16 bits.
func fold(acc uint64) uint16 {
	acc = acc>>32 + acc&0xffffffff
	acc = acc>>32 + acc&0xffffffff
	acc = acc>>16 + acc&0xffff
	acc = acc>>16 + acc&0xffff
	return uint16(acc>>16 + acc&0xffff)
}

func swap16(v uint16) uint16 { return v<<8 | v>>8 }

// covered returns the bytes a sum covers.
func (p *Packet) covered(id int32, s *Slot) (from, to int) {
	n := &p.nodes[id]
	from, to = int(n.start), int(p.endOf(id))
	if s.rule.from != nil {
		if v, ok := p.eval(s.rule.from, id); ok && v >= 0 {
			from += int(min(v, int64(to-from)))
		}
	}
	if s.rule.cover != nil {
		v, ok := p.eval(s.rule.cover, id)
		if !ok || v < 0 || int(v) > to-from {
			v = int64(to - from)
		}
		return from, from + int(v)
	}
	if coversHeader(n.proto, s) {
		p.close(id)
		return from, int(p.nodes[id].end)
	}
	if s.layout == n.proto.foot {
		if pos, _, ok := p.place(n.foot, s); ok {
			to = pos >> 3
		}
	}
	return from, to
}

// sumOf returns the ones' complement sum of what sum s of layer id covers, the
// field itself left out, and the pseudo header if it has one.
func (p *Packet) sumOf(id int32, s *Slot) uint16 {
	from, to := p.covered(id, s)
	rec := p.recordOf(id, s)
	pos, _, ok := p.place(rec, s)
	at := pos >> 3
	var acc uint64
	if !ok || at < from || at+2 > to {
		acc = onesSum(0, p.buf[from:to])
	} else {
		acc = onesSum(0, p.buf[from:at])
		tail := fold(onesSum(0, p.buf[at+2:to]))
		if (at-from)&1 != 0 {
			tail = swap16(tail)
		}
		acc = addCarry(acc, uint64(tail))
	}
	if s.rule.kind == rulePseudoSum {
		acc = addCarry(acc, p.pseudoSum(id, to-from))
	}
	return fold(acc)
}

// network returns the nearest layer below that a pseudo header is made from, or none.
func (p *Packet) network(id int32) int32 {
	for d := p.nodes[id].down; d > 0; d = p.nodes[d].down {
		if len(p.nodes[d].proto.pseudo) > 1 {
			return d
		}
	}
	return none
}

// PseudoSum is the sum of the pseudo header of a layer, as one's complement and not
// inverted: what its field holds while the rest of the sum is left to hardware.
// 0 where no layer below has a pseudo header.
func (p *Packet) PseudoSum(id ID) uint16 { return fold(p.pseudoSum(id, len(p.Extent(id)))) }

// pseudoSum sums the pseudo header of layer id, whose covered bytes are n (RFC
// 793 §3.1, RFC 8200 §8.1). The destination is the final one where a routing
// header between says so; the protocol number is that of the layer itself.
func (p *Packet) pseudoSum(id int32, n int) uint64 {
	net := p.network(id)
	if net == none {
		return 0
	}
	ps := p.nodes[net].proto.pseudo
	src, _ := p.rawAny(net, ps[0])
	dst, _ := p.rawAny(net, ps[1])
	for d := p.nodes[id].down; d != net; d = p.nodes[d].down {
		if q := p.nodes[d].proto.pseudo; len(q) == 1 {
			if b, ok := p.rawAny(d, q[0]); ok && len(b) == len(dst) {
				dst = b
				break
			}
		}
	}
	acc := onesSum(onesSum(0, src), dst)
	acc = addCarry(acc, uint64(n))
	return addCarry(acc, p.protoNumber(net, id))
}

// rawAny is raw for a field whose name may stand for several.
func (p *Packet) rawAny(id int32, s *Slot) ([]byte, bool) {
	for ; s != nil; s = s.Alt {
		if s.when != nil && s.get != nil && !p.holds(s.when, id) {
			continue
		}
		if b, ok := p.raw(id, s); ok {
			return b, true
		}
	}
	return nil, false
}

// protoNumber returns the number of layer id in the key of a network layer: the
// one on the wire if that leads to the layer, else its first.
func (p *Packet) protoNumber(net, id int32) uint64 {
	pr := p.nodes[id].proto
	for _, k := range p.nodes[net].proto.keys {
		n := pr.numberIn(k.table)
		if n == nil {
			continue
		}
		if n.many {
			if v, ok := p.keyLeading(p.nodes[id].down, k.table, pr); ok {
				return v
			}
		}
		if n.ok {
			return n.value
		}
	}
	return 0
}

// keyLeading returns the key of layer id in a table, if it leads to a protocol.
func (p *Packet) keyLeading(id int32, t *table, pr *Proto) (uint64, bool) {
	for _, k := range p.nodes[id].proto.keys {
		for _, s := range k.slots {
			if v, ok := p.num(id, s); k.table == t && ok && t.leads(v, pr) {
				return v, true
			}
		}
	}
	return 0, false
}

// crcOf computes a cyclic redundancy check: over the layer with the field as
// zeros, or for one in the footer over all before it.
func (p *Packet) crcOf(id int32, s *Slot) uint64 {
	from, to := p.covered(id, s)
	rec := p.recordOf(id, s)
	pos, w, ok := p.place(rec, s)
	at, n := pos>>3, w>>3
	t := s.rule.crc
	v := t.start()
	if !ok || at < from || at+n > to {
		return t.end(t.add(v, p.buf[from:to]), s.LE)
	}
	var zeros [8]byte
	v = t.add(v, p.buf[from:at])
	v = t.add(v, zeros[:n])
	return t.end(t.add(v, p.buf[at+n:to]), s.LE)
}

// partial reports whether bytes that a sum of layer id covers are not here.
func (p *Packet) partial(id int32, s *Slot) bool {
	if coversHeader(p.nodes[id].proto, s) || p.nodes[id].flags&isBuilt != 0 {
		return false
	}
	if p.nodes[id].flags&isCut != 0 {
		return true
	}
	return p.inPiece(id)
}

// isPiece reports whether what lies above layer id came as the first piece of a message.
func (p *Packet) isPiece(id int32) bool {
	n := &p.nodes[id]
	if n.proto.pieces == nil || n.flags&isAsked != 0 {
		return n.flags&isFirst != 0
	}
	first := p.holds(n.proto.pieces, id)
	n = &p.nodes[id]
	n.flags |= isAsked
	if first {
		n.flags |= isFirst
	}
	return first
}

// omitted reports whether the sum was left out by its sender (RFC 768).
func (p *Packet) omitted(id int32, s *Slot) bool {
	if !s.Optional {
		return false
	}
	v, ok := p.num(p.recordOf(id, s), s)
	net := p.network(id)
	return ok && v == 0 && (net == none || !p.nodes[net].proto.Spec.SumRequired)
}

// takeBases notes, before the first edit, the sums that follow by difference:
// those that cover bytes that are not here, and those that came as 0xffff where 0
// is computed. Both are right, for in ones' complement they are the same number.
// So a field that is written with its own value leaves the 0xffff as it leaves
// every other right sum: bytes that add up as before have the sum they had. Where
// they do not, the sum that is computed is written (RFC 1071 §1), also 0 for 0xffff.
func (p *Packet) takeBases() {
	e := p.edit
	for id := p.nodes[0].up; id != none; id = p.nodes[id].up {
		p.isPiece(id)
		for _, s := range p.nodes[id].proto.sums {
			rec := p.recordOf(id, s)
			if rec == none || s.rule.kind == ruleCRC {
				continue
			}
			old, _ := p.num(rec, s)
			whole := !p.partial(id, s)
			if whole && (old != 0xffff || s.Optional || p.sumOf(id, s) != 0xffff) {
				continue
			}
			from, to := p.covered(id, s)
			e.bases = append(e.bases, base{ref{id, s}, old, p.sumOf(id, s), to - from, whole})
		}
	}
}

// updateSum writes sum s of layer id.
func (p *Packet) updateSum(id, rec int32, s *Slot, forced bool) {
	if s.rule.kind == ruleCRC {
		if !p.partial(id, s) {
			p.writeSum(rec, s, p.crcOf(id, s))
		}
		return
	}
	if !forced && p.nodes[id].flags&isBuilt == 0 && p.omitted(id, s) {
		return
	}
	sum := p.sumOf(id, s)
	if b := p.baseOf(id, s); b != nil && !(b.whole && forced) && !(p.SumsPending && s.rule.kind == rulePseudoSum) {
		from, to := p.covered(id, s)
		if sum == b.sum && to-from == b.len {
			p.writeSum(rec, s, b.old)
			return
		}
		unseen := fold(addCarry(uint64(^uint16(b.old)), uint64(^b.sum)))
		if (to-from-b.len)&1 != 0 {
			unseen = swap16(unseen)
		}
		sum = fold(addCarry(uint64(sum), uint64(unseen)))
	}
	v := ^sum
	if v == 0 && s.Optional {
		v = 0xffff
	}
	p.writeSum(rec, s, uint64(v))
}

func (p *Packet) baseOf(id int32, s *Slot) *base {
	for i := range p.edit.bases {
		if b := &p.edit.bases[i]; b.id == id && b.slot == s {
			return b
		}
	}
	return nil
}

// writeSum stores a sum, unless it is right as it is.
func (p *Packet) writeSum(rec int32, s *Slot, v uint64) {
	if old, ok := p.num(rec, s); ok && old != v {
		p.write(rec, s, v)
	}
}
