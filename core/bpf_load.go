package core

import (
	"math/bits"

	"golang.org/x/net/bpf"
)

// Where Linux leaves a hole in Ethernet frames with a tag, and its size: a
// packet socket has the bytes of the tag beside the packet.
const (
	tagAt   = 12
	tagSize = 4
)

// bytesAt loads 1, 2 or 4 bytes of the layer, most significant first, into A.
// With bytes that are not in the packet it does not always succeed.
func (l *bpfSpot) bytesAt(at, n int) (x int, load []bpf.Instruction, ok bool) {
	at += l.off
	switch {
	case l.base != none:
		return l.base, []bpf.Instruction{bpf.LoadIndirect{Off: uint32(at), Size: n}}, true
	case !l.aside || at+n <= tagAt:
		return none, []bpf.Instruction{bpf.LoadAbsolute{Off: uint32(at), Size: n}}, true
	case at >= tagAt+tagSize:
		return none, []bpf.Instruction{bpf.LoadAbsolute{Off: uint32(at - tagSize), Size: n}}, true
	case at < tagAt || at+n > tagAt+tagSize || n == 2 && at&1 != 0 || n == 4:
		return none, nil, false
	}
	load = []bpf.Instruction{bpf.LoadExtension{Num: bpf.ExtVLANProto}}
	if at >= tagAt+2 {
		load[0] = bpf.LoadExtension{Num: bpf.ExtVLANTag}
	}
	switch {
	case n == 2:
	case at&1 == 0:
		load = append(load, bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 8})
	default:
		load = append(load, bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xff})
	}
	return none, load, true
}

// A bpfNumber is a number of at most 32 bits within a word: it is word >> shift & mask.
type bpfNumber struct {
	x     int
	load  []bpf.Instruction // the word
	size  int               // bytes of the word
	shift int
	mask  uint32
	le    bool // the word has its least significant byte first: its bytes are in the wrong order
	ok    bool
}

// number returns how a number of a layer is read.
func (w *bpfWriter) number(l *bpfLayer, ld *load) (n bpfNumber) {
	n = bpfNumber{x: none, size: int(ld.n), shift: int(ld.shift), mask: uint32(ld.mask)}
	at := int(ld.at)
	switch {
	case ld.mask > 1<<32-1 || ld.op == loadSlow || ld.op == loadDigits || ld.op == loadNine || n.size > 4:
		return n
	case n.size == 3 && ld.op == loadLE:
		return n
	case n.size == 3 && at > 0: // with the byte before
		at, n.size = at-1, 4
	case n.size == 3 && l.Proto.head.fixed >= 4:
		n.size, n.shift = 4, n.shift+8
	case n.size == 3:
		return n
	}
	n.le = ld.op == loadLE && n.size > 1
	n.x, n.load, n.ok = l.bytesAt(at, n.size)
	return n
}

// wordMask is which bits of the word the number has.
func (n *bpfNumber) wordMask() uint32 { return n.mask << n.shift }

// masked loads those bits, in their places.
func (n *bpfNumber) masked(mask uint32) []bpf.Instruction {
	if mask == uint32(ones(8*n.size)) {
		return n.load
	}
	return append(n.load[:len(n.load):len(n.load)], bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: mask})
}

// plain loads the number itself.
func (n *bpfNumber) plain() []bpf.Instruction {
	load := n.load[:len(n.load):len(n.load)]
	if n.shift > 0 {
		load = append(load, bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: uint32(n.shift)})
	}
	if n.shift+bits.Len32(n.mask) < 8*n.size {
		load = append(load, bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: n.mask})
	}
	return load
}

// inNumber asks whether a number is in a set.
func (w *bpfWriter) inNumber(l *bpfLayer, ld *load, set keySet, yes, no, lost *block) *block {
	n := w.number(l, ld)
	if !n.ok {
		return w.inWide(l, ld, set, yes, no, lost)
	}
	return w.inMasked(&n, n.mask, set, yes, no, lost)
}

// inMasked asks whether some bits of a number are in a set.
func (w *bpfWriter) inMasked(n *bpfNumber, mask uint32, set keySet, yes, no, lost *block) *block {
	mask &= n.mask
	set = set.within(0, uint64(mask))
	word := mask << n.shift
	switch {
	case len(set) == 0:
		return no
	case len(set) == 1 && set[0] == keySpan{0, uint64(mask)}:
		return yes
	case mask != 0 && len(set) == 1 && set[0] == keySpan{0, 0}:
		return w.add(block{x: n.x, load: n.load, test: bpf.JumpBitsSet, val: n.swapped(word), yes: no, no: yes})
	case len(set) == 1 && set[0].lo == 1 && set[0].hi == uint64(mask),
		len(set) == 1 && bits.OnesCount32(mask) == 1 && set[0] == keySpan{uint64(mask), uint64(mask)}:
		return w.add(block{x: n.x, load: n.load, test: bpf.JumpBitsSet, val: n.swapped(word), yes: yes, no: no})
	case n.le:
		return w.amongSwapped(n, word, set, yes, no, lost)
	}
	if len(set) == 1 { // a range of one length that is a mask, as a network
		if lo, hi := uint32(set[0].lo), uint32(set[0].hi); lo != hi && (hi-lo)&(hi-lo+1) == 0 && lo&(hi-lo) == 0 && lo&^mask == 0 {
			host := hi - lo
			word &^= host << n.shift
			return w.add(block{x: n.x, load: n.masked(word), test: bpf.JumpEqual, val: lo << n.shift & word, yes: yes, no: no})
		}
	}
	return w.among(block{x: n.x, load: n.masked(word)}, n.shift, word, set, yes, no)
}

// amongSwapped asks for single values of a number with its bytes in the wrong order.
func (w *bpfWriter) amongSwapped(n *bpfNumber, word uint32, set keySet, yes, no, lost *block) *block {
	const most = 64
	b := no
	for _, s := range set {
		if s.hi-s.lo >= most || len(set) > most {
			return lost
		}
		for v := s.lo; v <= s.hi; v++ {
			b = w.add(block{x: n.x, load: n.masked(n.swapped(word)), test: bpf.JumpEqual, val: n.swapped(uint32(v) << n.shift), yes: yes, no: b})
		}
	}
	return b
}

// swapped puts the bytes of a word of the number in their order on the wire.
func (n *bpfNumber) swapped(v uint32) uint32 {
	if n.le {
		return bits.ReverseBytes32(v) >> (32 - 8*n.size)
	}
	return v
}

// within cuts a set at both ends.
func (s keySet) within(lo, hi uint64) (out keySet) {
	for _, r := range s {
		if r.lo <= hi && r.hi >= lo {
			out = append(out, keySpan{max(r.lo, lo), min(r.hi, hi)})
		}
	}
	return out
}

// among asks whether A, which load computes and which is at most most, is in a
// set of numbers shifted to the left.
func (w *bpfWriter) among(load block, shift int, most uint32, set keySet, yes, no *block) *block {
	if len(set) > 8 { // sorted: look in one half
		mid := len(set) / 2
		load.test, load.val = bpf.JumpGreaterOrEqual, uint32(set[mid].lo<<shift)
		high, low := w.among(load, shift, most, set[mid:], yes, no), w.among(load, shift, most, set[:mid], yes, no)
		load.yes, load.no = high, low
		return w.add(load)
	}
	b := no
	for i := len(set) - 1; i >= 0; i-- {
		lo, hi := uint32(set[i].lo<<shift), uint32(set[i].hi<<shift)
		one := load
		if lo == hi {
			one.test, one.val, one.yes, one.no = bpf.JumpEqual, lo, yes, b
			b = w.add(one)
			continue
		}
		if hi < most {
			one.test, one.val, one.yes, one.no = bpf.JumpGreaterThan, hi, b, yes
			b = w.add(one)
		} else {
			b = yes
		}
		if lo > 0 {
			one.test, one.val, one.yes, one.no = bpf.JumpGreaterOrEqual, lo, b, no
			b = w.add(one)
		}
	}
	return b
}
