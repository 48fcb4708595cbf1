package core

// Bit fields that are counted from the least significant bit of the word they share.

// words finds which fields share a word. They are there together or not at all.
func (c *compiler) words(l *Layout) {
	var run []*Slot
	n := 0
	end := func() {
		if n%8 != 0 {
			c.failAt(run[len(run)-1], "lsb: the fields of the word have %d bits, not whole bytes", n)
		}
		for _, w := range run {
			w.word, w.above = n/8, n-w.lead-w.Bits
		}
		run, n = nil, 0
	}
	for _, s := range l.Slots {
		if s.part != nil || s.Get != "" {
			continue
		}
		if !s.LSB {
			end()
			continue
		}
		if len(run) > 0 {
			c.oneWord(run[0], s)
		}
		s.lead = n
		run = append(run, s)
		if n += s.Bits; n > 64 {
			c.failAt(s, "lsb: a word has at most 64 bits")
			n = 64
		}
		if n%8 == 0 {
			end()
		}
	}
	end()
}

// oneWord reports fields of one word that cannot be: what they say of the word differs.
func (c *compiler) oneWord(first, s *Slot) {
	switch {
	case s.LE != first.LE:
		c.failAt(s, "lsb: it shares a word with %s: le stands on both or on neither", first.Name)
	case s.When != first.When:
		c.failAt(s, "lsb: it shares a word with %s: both have the same when, or neither has one", first.Name)
	case s.Align > 1:
		c.failAt(s, "lsb: it shares a word with %s: align stands on the first field of a word", first.Name)
	}
}

// wires finds where parts of numbers lie on the wire. That is not where they lie
// in the value if this has its bytes in another order, or shares a word.
func (c *compiler) wires(l *Layout) {
	for _, s := range l.Slots {
		if s.part == nil {
			continue
		}
		low := s.part.Bits - s.off - s.Bits
		s.wire = s.part.wireAt(low, s.Bits)
		if low += s.part.lead; s.part.LE && low/8 != (low+s.Bits-1)/8 {
			c.failAt(s, "part: of a little-endian number it must lie within a byte")
		}
	}
}

// wireAt returns where n bits of a number's value, from bit low on, lie on the
// wire: bits from the place of the number.
func (s *Slot) wireAt(low, n int) int {
	switch {
	case s.LE:
		low += s.lead
		return low/8*8 + 8 - low%8 - n - s.lead
	case s.LSB:
		return s.word*8 - 2*s.lead - low - n
	}
	return s.Bits - low - n
}

// needs returns how many bits of a record must be there for a field of fixed place.
func (s *Slot) needs() int { return s.off + s.width + s.above }

// behindWord returns the index of the first slot that shares no word with s.
func (s *Slot) behindWord() int {
	i := s.idx + 1
	for above := s.above; above > 0; i++ {
		if o := s.layout.Slots[i]; o.part == nil && o.Get == "" {
			above -= o.Bits
		}
	}
	return i
}
