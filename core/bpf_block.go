package core

import (
	"encoding/binary"
	"slices"

	"golang.org/x/net/bpf"
)

// A block is instructions and where it goes on from there.
type block struct {
	x     int               // the word of memory that X must hold; none: any
	load  []bpf.Instruction // computes A and nothing else
	then  []bpf.Instruction // stores
	test  bpf.JumpTest      // of A, if no and yes differ
	val   uint32
	withX bool // test compares with X
	yes   *block
	no    *block
	ret   uint32 // if yes is nil

	later func() *block // instead of all that: makes the block once it is needed
	made  *block

	aKey string // names what load computes
	at   int    // instructions from here to the end of the program
}

// A graph makes blocks. Those that look alike are one.
type graph struct {
	all  map[blockKey]*block
	rets map[uint32]*block
}

// now returns the block itself where it was still to be made.
func (b *block) now() *block {
	if b == nil || b.later == nil {
		return b
	}
	if b.made == nil {
		b.made = b.later().now()
	}
	return b.made
}

type blockKey struct {
	x          int
	load, then string
	test       bpf.JumpTest
	val        uint32
	withX      bool
	ret        uint32
	yes, no    *block
}

// maxBlocks bounds the time and memory that a program may take to make.
const maxBlocks = 1 << 13

// add returns the block that looks so. Targets are made before.
func (bs *graph) add(b block) *block {
	b.yes, b.no = b.yes.now(), b.no.now()
	if b.yes != nil && b.yes == b.no {
		if len(b.then) == 0 {
			return b.yes
		}
		b.test, b.val, b.withX = 0, 0, false
	}
	b.aKey = keyOf(b.load, b.x)
	key := blockKey{b.x, b.aKey, coded(b.then), b.test, b.val, b.withX, b.ret, b.yes, b.no}
	if old := bs.all[key]; old != nil {
		return old
	}
	if len(bs.all) >= maxBlocks {
		panic(errLongBPF)
	}
	bs.all[key] = &b
	return &b
}

// keyOf names what a load computes, given the word that X holds.
func keyOf(load []bpf.Instruction, x int) string {
	if !slices.ContainsFunc(load, readsX) {
		x = none
	}
	return string(rune(x+1)) + coded(load)
}

// coded is the instructions as text to compare.
func coded(list []bpf.Instruction) string {
	var b []byte
	for _, ins := range list {
		raw, _ := ins.Assemble() // of these, all have a code
		b = binary.BigEndian.AppendUint16(b, raw.Op)
		b = binary.BigEndian.AppendUint32(b, raw.K)
	}
	return string(b)
}

// readsX reports whether an instruction looks at X.
func readsX(ins bpf.Instruction) bool {
	switch ins := ins.(type) {
	case bpf.LoadIndirect, bpf.ALUOpX:
		return true
	case bpf.StoreScratch:
		return ins.Src == bpf.RegX
	}
	return false
}

// ret returns the block that ends with a value.
func (bs *graph) ret(v uint32) *block {
	b := bs.rets[v]
	if b == nil {
		b = &block{x: none, ret: v}
		bs.rets[v] = b
	}
	return b
}

// inOrder lists the blocks from the first on, each before those it leads to, and
// the ends last: the kernel thinks that code behind one comes from it, and could
// read memory that was not written.
func inOrder(first *block) (list []*block) {
	seen := map[*block]bool{}
	var visit func(b *block)
	visit = func(b *block) {
		if b == nil || seen[b] {
			return
		}
		seen[b] = true
		visit(b.no)
		visit(b.yes)
		list = append(list, b)
	}
	visit(first)
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b *block) int { return a.isEnd() - b.isEnd() })
	return list
}

func (b *block) isEnd() int {
	if b.yes == nil {
		return 1
	}
	return 0
}

// holding is what the registers hold when a block begins.
type holding struct {
	a    string
	x    int
	seen bool
}

// assemble turns blocks into a program: what a register holds already is not
// loaded again, and conditional jumps beyond their 8 bits go over longer ones.
func assemble(first *block) []bpf.Instruction {
	list := inOrder(first)
	in := make(map[*block]holding, len(list))
	code := make([][]bpf.Instruction, len(list))
	for i, b := range list {
		h := in[b]
		var out holding
		code[i], out = b.code(h)
		for _, to := range [...]*block{b.yes, b.no} {
			if to != nil {
				in[to] = in[to].meet(out)
			}
		}
	}
	var rev []bpf.Instruction // the program from its end
	jump := func(to *block) {
		if len(rev) > to.at {
			rev = append(rev, bpf.Jump{Skip: uint32(len(rev) - to.at)})
		}
	}
	over := map[*block]int{} // where a longer jump to it is
	reach := func(to *block, far int) int {
		switch at := over[to]; {
		case len(rev)-to.at <= far:
			return to.at
		case at == 0 || len(rev)-at > far:
			jump(to)
			over[to] = len(rev)
		}
		return over[to]
	}
	for i := len(list) - 1; i >= 0; i-- {
		b := list[i]
		switch {
		case b.yes == nil:
			rev = append(rev, bpf.RetConstant{Val: b.ret})
		case b.yes == b.no:
			jump(b.yes)
		default:
			no := reach(b.no, 254)
			yes := reach(b.yes, 255)
			rev = append(rev, b.jump(uint8(len(rev)-yes), uint8(len(rev)-no)))
		}
		for _, ins := range slices.Backward(code[i]) {
			rev = append(rev, ins)
		}
		b.at = len(rev)
	}
	slices.Reverse(rev)
	return rev
}

func (b *block) jump(yes, no uint8) bpf.Instruction {
	if b.withX {
		return bpf.JumpIfX{Cond: b.test, SkipTrue: yes, SkipFalse: no}
	}
	return bpf.JumpIf{Cond: b.test, Val: b.val, SkipTrue: yes, SkipFalse: no}
}

// meet is what is held whichever way leads to a block.
func (h holding) meet(o holding) holding {
	if !h.seen {
		o.seen = true
		return o
	}
	if h.a != o.a {
		h.a = ""
	}
	if h.x != o.x {
		h.x = none
	}
	return h
}

// code is the block's instructions, given what the registers hold, and what they hold then.
func (b *block) code(h holding) ([]bpf.Instruction, holding) {
	if !h.seen {
		h.x = none
	}
	var out []bpf.Instruction
	needA := len(b.load) > 0 && h.a != b.aKey
	needX := b.withX || needA && slices.ContainsFunc(b.load, readsX) || slices.ContainsFunc(b.then, readsX)
	if needX && h.x != b.x {
		out = append(out, bpf.LoadScratch{Dst: bpf.RegX, N: b.x})
		h.x = b.x
	}
	if needA {
		out = append(out, b.load...)
		h.a = b.aKey
	}
	for _, ins := range b.then {
		s := ins.(bpf.StoreScratch)
		switch {
		case s.Src == bpf.RegX:
			h.a = ""
		case h.x == s.N:
			h.x = none
			fallthrough
		default:
			h.a = keyOf(loadA(s.N), none)
		}
	}
	return append(out, b.then...), h
}
