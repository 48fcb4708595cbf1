package core

import "math/bits"

// A gate tells from one number whether a field is present.
type gate struct {
	load   load
	need   int        // bytes of the record that must be there to ask
	lo, hi uint64     // present from lo to hi
	set    *[4]uint64 // or: under these values of at most 8 bits
	bits   uint64     // which of these bits count
}

// newGate makes a gate of what the trials of number by have shown: under which
// of its values the field is there, whose condition has this look. It returns
// nil where there is no gate of that form.
func newGate(by *Slot, k look, trials []trial, there []bool) *gate {
	need := (by.off + by.width + 7) / 8
	if by.LSB {
		need = int(by.load.at) + int(by.load.n)
	}
	g := &gate{load: by.load, need: need, lo: 1}
	switch {
	case !k.wild && len(k.cuts) == 0 && k.bits != 0:
		low := bits.TrailingZeros64(k.bits)
		if bits.Len64(k.bits)-low > 8 {
			return nil
		}
		g.bits = k.bits >> low
		g.load = g.load.narrow(low, bits.Len64(k.bits)-low)
		return g.among(trials, there, low)
	}
	if g = g.between(trials, there); g == nil && by.Bits <= 8 {
		return (&gate{load: by.load, need: need}).each(trials, there)
	}
	return g
}

// each is a gate that knows each value of 8 bits: what holds under the next lower one tried.
func (g *gate) each(trials []trial, there []bool) *gate {
	g.set = new([4]uint64)
	at := 0
	for v := range uint64(256) {
		for at+1 < len(trials) && trials[at+1].value <= v {
			at++
		}
		if there[at] {
			g.set[v>>6] |= 1 << (v & 63)
		}
	}
	return g
}

// among is a gate for values of 8 bits, from bit low of those of the trials on.
func (g *gate) among(trials []trial, there []bool, low int) *gate {
	var open, shut [4]uint64
	for i, t := range trials {
		v := t.value >> low & g.load.mask & 0xff
		if there[i] {
			open[v>>6] |= 1 << (v & 63)
		} else {
			shut[v>>6] |= 1 << (v & 63)
		}
	}
	for i := range open {
		if open[i]&shut[i] != 0 { // something else decides too
			return nil
		}
	}
	g.set = new([4]uint64) // bits between those that count may have any value
	for v := range uint64(256) {
		if c := v & g.bits; open[c>>6]&(1<<(c&63)) != 0 {
			g.set[v>>6] |= 1 << (v & 63)
		}
	}
	return g
}

// between is a gate for one range of values.
func (g *gate) between(trials []trial, there []bool) *gate {
	ended := false
	for i, t := range trials {
		switch {
		case there[i] && g.lo > g.hi:
			g.lo, g.hi = t.value, t.value
		case there[i] && ended:
			return nil
		case there[i]:
			g.hi = t.value
		default:
			ended = ended || g.lo <= g.hi
		}
	}
	return g
}

// open reports whether the field is present in the record that b starts at.
func (g *gate) open(b []byte) bool {
	if len(b) < g.need {
		return false
	}
	return g.allows(g.load.get(b))
}

// allows reports whether the field is present where the number, as load reads it, is v.
func (g *gate) allows(v uint64) bool {
	if g.set != nil {
		return g.set[v>>6&3]&(1<<(v&63)) != 0
	}
	return v >= g.lo && v <= g.hi
}

// narrow reads n bits of the number, from bit low on.
func (l load) narrow(low, n int) load {
	l.shift += uint8(low)
	l.mask = ones(n)
	if l.op == load32 || l.op == load64 {
		l.op = loadBE
	}
	return l
}
