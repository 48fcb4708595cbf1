package core

import (
	"errors"
	"slices"

	"golang.org/x/net/bpf"

	"pkl/core/expr"
)

// Filters in the kernel. A filter is compiled to a program of classic BPF
// (McCanne and Jacobson, 1993; Linux: Documentation/networking/filter.rst) as
// far as such a program can decide it. It has no loops and no memory but 16
// words, so it follows a bounded number of layers and looks into no list. What
// it cannot decide it keeps, and leaves to the filter itself.
//
//   - form.go: what a condition says, as data
//   - bpf_formula.go: conditions of which parts are decided, in three values
//   - bpf_walk.go, bpf_layer.go, bpf_keys.go: from layer to layer, as find.go does
//   - bpf_test*.go: the comparisons
//   - bpf_block.go: from blocks to instructions

// What a program returns for a packet that it keeps: how many bytes of it to
// keep. Sockets take any number beyond the packet's length for all of it.
const (
	BPFKeep = 1<<32 - 1 // the filter chooses the packet
	BPFAsk  = 1<<31 - 1 // the filter has to be asked
)

// MaxBPF is how many instructions the kernel takes (BPF_MAXINSNS).
const MaxBPF = 4096

// A BPF is a filter's program. It drops no packet that the filter chooses. It
// is about whole packets: where a capture has only their beginning, frame.len
// and what is behind that beginning are not as the filter sees them.
type BPF struct {
	Program []bpf.Instruction
	Layers  int     // as many are followed; packets with more are kept
	Rest    *Filter // what is left to ask of packets that the program keeps; nil: nothing, it is exact
	Often   bool    // Rest has conditions that no program decides; else it is about rare packets, as those with more layers
}

// BPFOptions say what the program gets to see.
type BPFOptions struct {
	LinkType int
	// TagAside says that the packets come from a packet socket of Linux, which
	// has the outermost VLAN tag of Ethernet frames not in the frame but beside it.
	TagAside bool
}

// BPF compiles the filter to a program.
func (f *Filter) BPF(o BPFOptions) *BPF {
	b, part := compileBPF(f, o)
	if part {
		b.Often = true
	} else {
		b.Rest = f.restOf(b, o)
	}
	return b
}

// compileBPF makes the program. What makes it too long is left to the filter:
// first layers beyond the usual ones, then comparisons of the upper layers: then
// it is only about a part.
func compileBPF(f *Filter, o BPFOptions) (b *BPF, part bool) {
	w := newBPFWriter(f.reg, f.form, o)
	for spare := moreLayers; ; spare-- {
		w.layers = min(w.depth()+max(spare, 0), maxLayers)
		prog, ask, err := w.run()
		if err == nil && len(prog) <= mostBPF[max(spare, 0)] {
			b = &BPF{Program: prog, Layers: w.layers}
			if ask {
				b.Rest = f
			}
			return b, part
		}
		if spare <= 0 {
			w.giveUpHighest()
			part = true
		}
	}
}

// moreLayers are followed beyond the fewest that lead to what the filter is about,
// where that takes so many instructions at most: tags and extensions on the way.
const moreLayers = 2

var mostBPF = [moreLayers + 1]int{MaxBPF, MaxBPF / 2, MaxBPF / 4}

var errLongBPF = errors.New("too long")

// restOf returns the parts of the filter, joined by and, that the program does not decide.
func (f *Filter) restOf(b *BPF, o BPFOptions) *Filter {
	if b.Rest == nil {
		return nil
	}
	var left []expr.Node
	for _, part := range conjuncts(f.node) {
		src := expr.Format(part)
		g, err := f.reg.Filter(src)
		if err != nil {
			return f
		}
		w := newBPFWriter(f.reg, g.form, o)
		b.Often = b.Often || w.formula.canAsk()
		w.layers = b.Layers
		if prog, ask, err := w.run(); ask || err != nil || len(prog) > MaxBPF {
			left = append(left, part)
		}
	}
	if len(left) == 0 {
		return f
	}
	n := left[0]
	for _, part := range left[1:] {
		n = &expr.Binary{Op: expr.And, X: n, Y: part}
	}
	rest, err := f.reg.Filter(expr.Format(n))
	if err != nil {
		return f
	}
	return rest
}

// conjuncts lists what a chain of and consists of.
func conjuncts(n expr.Node) (list []expr.Node) {
	for {
		b, ok := n.(*expr.Binary)
		if !ok || b.Op != expr.And {
			break
		}
		list = append(list, b.Y)
		n = b.X
	}
	slices.Reverse(list)
	return append([]expr.Node{n}, list...)
}
