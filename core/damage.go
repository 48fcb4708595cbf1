package core

import "bytes"

// damage returns bytes that are nearly those of packet p: lengths, counts and
// flags a little other than they were, any byte changed, some more behind it or
// fewer. Nothing lies behind them in memory, so that reading on is found out.
func (d *draw) damage(p *Packet) []byte {
	b := bytes.Clone(p.Raw())
	for range d.src.int(0, 2) {
		d.nudge(p, b)
	}
	b = append(b, d.src.bytes(d.src.int(0, 30))...)
	for range d.src.int(0, 3) {
		if len(b) > 0 {
			b[d.src.int64(0, int64(len(b)-1))] = d.src.bytes(1)[0]
		}
	}
	b = b[:len(b)-min(len(b), d.src.int(0, 4)*d.src.int(0, 10))]
	return b[:len(b):len(b)]
}

// nudge changes one number by a little that tells where something in packet p
// ends, so that this is within something else. b are the packet's bytes.
func (d *draw) nudge(p *Packet, b []byte) {
	type told struct {
		s   *Slot
		pos int
	}
	var all []told
	eachField(p, func(id ID, s *Slot) {
		if !s.structural || s.Kind != Number || s.get != nil || s.part != nil {
			return
		}
		if pos, _, ok := p.place(id, s); ok {
			all = append(all, told{s, pos})
		}
	})
	if len(all) == 0 {
		return
	}
	t := all[d.src.int64(0, int64(len(all)-1))]
	by := uint64(d.src.int(1, 4))
	if d.src.omit() {
		by = -by
	}
	t.s.setBits(b, t.pos, (t.s.bits(b, t.pos)+by)&ones(t.s.Bits))
}
