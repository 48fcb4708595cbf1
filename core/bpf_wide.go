package core

import (
	"encoding/binary"
	"slices"

	"golang.org/x/net/bpf"
)

// Values of more than 32 bits are compared word by word, the most significant first.

// A wideSpan is a range of values of as many bytes as both ends have.
type wideSpan struct{ lo, hi []byte }

// inWide asks whether a number of more than 32 bits is in a set.
func (w *bpfWriter) inWide(l *bpfLayer, ld *load, set keySet, yes, no, lost *block) *block {
	n := int(ld.n)
	if ld.shift != 0 || n > 8 || ld.mask != ones(8*n) || ld.op == loadSlow || ld.op == loadDigits || ld.op == loadNine {
		return lost
	}
	return w.inSpans(l, int(ld.at), wordsOf(set.within(0, ld.mask), n), ld.op == loadLE, yes, no, lost)
}

// wordsOf returns the ranges of a set as n bytes each.
func wordsOf(set keySet, n int) (list []wideSpan) {
	for _, s := range set {
		lo, hi := binary.BigEndian.AppendUint64(nil, s.lo), binary.BigEndian.AppendUint64(nil, s.hi)
		list = append(list, wideSpan{lo[8-n:], hi[8-n:]})
	}
	return list
}

// inSpans asks whether the bytes at some place are in one of the ranges, or
// with swapped, whether they are in the opposite order.
func (w *bpfWriter) inSpans(l *bpfLayer, at int, set []wideSpan, swapped bool, yes, no, lost *block) *block {
	const most = 512
	if len(set) > most {
		return lost
	}
	b := no
	for _, s := range slices.Backward(set) {
		if swapped {
			if string(s.lo) != string(s.hi) {
				return lost
			}
			s.lo = slices.Clone(s.lo)
			slices.Reverse(s.lo)
			s.hi = s.lo
		}
		if b = w.inSpan(l, at, s, true, true, yes, b); b == nil {
			return lost
		}
	}
	return b
}

// inSpan asks whether the bytes are in a range; low and high tell which of its
// ends still matter. nil: they cannot be loaded.
func (w *bpfWriter) inSpan(l *bpfLayer, at int, s wideSpan, low, high bool, yes, no *block) *block {
	low, high = low && !all8(s.lo, 0), high && !all8(s.hi, 0xff)
	if len(s.lo) == 0 || !low && !high {
		return yes
	}
	n := 4
	for n > len(s.lo) {
		n /= 2
	}
	x, load, ok := l.bytesAt(at, n)
	if !ok {
		if n == 1 {
			return nil
		}
		if n, x, load = l.fewer(at, n); n == 0 {
			return nil
		}
	}
	lo, hi := bigEndian(s.lo[:n]), bigEndian(s.hi[:n])
	rest := wideSpan{s.lo[n:], s.hi[n:]}
	further := func(low, high bool) *block { return w.inSpan(l, at+n, rest, low, high, yes, no) }
	ask := func(test bpf.JumpTest, v uint32, yes, no *block) *block {
		if yes == nil || no == nil {
			return nil
		}
		return w.add(block{x: x, load: load, test: test, val: v, yes: yes, no: no})
	}
	switch {
	case low && high && lo == hi:
		return w.masked(ask, x, load, lo, ^uint32(0), further(true, true), no)
	case low && high && all8(rest.lo, 0) && all8(rest.hi, 0xff) && (hi-lo)&(hi-lo+1) == 0 && lo&(hi-lo) == 0: // as a network
		return w.masked(ask, x, load, lo, ^(hi-lo)&uint32(ones(8*n)), yes, no)
	}
	b := yes
	if high {
		b = ask(bpf.JumpGreaterThan, hi, no, b)
		if !all8(rest.hi, 0xff) {
			b = ask(bpf.JumpEqual, hi, further(false, true), b)
		}
	}
	if low {
		b2 := no
		if all8(rest.lo, 0) {
			return ask(bpf.JumpGreaterOrEqual, lo, b, no)
		}
		b2 = ask(bpf.JumpEqual, lo, further(true, false), b2)
		b = ask(bpf.JumpGreaterThan, lo, b, b2)
	}
	return b
}

// masked asks whether bits of a word have a value.
func (w *bpfWriter) masked(ask func(bpf.JumpTest, uint32, *block, *block) *block, x int, load []bpf.Instruction, v, mask uint32, yes, no *block) *block {
	if mask == ^uint32(0) {
		return ask(bpf.JumpEqual, v, yes, no)
	}
	if yes == nil || no == nil {
		return nil
	}
	load = append(load[:len(load):len(load)], bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: mask})
	return w.add(block{x: x, load: load, test: bpf.JumpEqual, val: v, yes: yes, no: no})
}

// fewer is bytesAt with fewer than n bytes; 0: not even one can be loaded.
func (l *bpfSpot) fewer(at, n int) (size, x int, load []bpf.Instruction) {
	for n /= 2; n > 0; n /= 2 {
		if x, load, ok := l.bytesAt(at, n); ok {
			return n, x, load
		}
	}
	return 0, none, nil
}

func bigEndian(b []byte) (v uint32) {
	for _, c := range b {
		v = v<<8 | uint32(c)
	}
	return v
}

// all8 reports whether all bytes are v.
func all8(b []byte, v byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c != v })
}
