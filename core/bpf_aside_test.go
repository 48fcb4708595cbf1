package core

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/net/bpf"
	"pgregory.net/rapid"
)

// A beside is the tag that a packet socket has beside a frame.
type beside struct {
	present   bool
	tpid, tci uint16
}

// runRaw runs a program as Linux does (net/core/filter.c), with what is beside the packet.
func runRaw(prog []bpf.RawInstruction, b []byte, tag beside) (uint32, error) {
	var a, x uint32
	var mem [16]uint32
	for pc := 0; pc < len(prog); pc++ {
		ins := prog[pc]
		k := ins.K
		src := k
		if ins.Op&8 != 0 {
			src = x
		}
		switch ins.Op & 7 {
		case 0: // ld
			switch mode := ins.Op & 0xe0; {
			case mode == 0x60:
				a = mem[k]
			case mode == 0x80:
				a = uint32(len(b))
			case mode == 0x20 && k >= 0xfffff000:
				switch k - 0xfffff000 {
				case 44:
					a = uint32(tag.tci)
				case 48:
					a = 0
					if tag.present {
						a = 1
					}
				case 60:
					a = uint32(tag.tpid)
				default:
					return 0, fmt.Errorf("extension %d", k-0xfffff000)
				}
			case mode == 0x20 || mode == 0x40:
				at := uint64(k)
				if mode == 0x40 {
					at += uint64(x)
				}
				n := map[uint16]uint64{0: 4, 8: 2, 0x10: 1}[ins.Op&0x18]
				if at+n > uint64(len(b)) {
					return 0, nil
				}
				a = 0
				for _, c := range b[at : at+n] {
					a = a<<8 | uint32(c)
				}
			default:
				return 0, fmt.Errorf("load %#x", ins.Op)
			}
		case 1: // ldx
			if ins.Op&0xe0 != 0x60 {
				return 0, fmt.Errorf("ldx %#x", ins.Op)
			}
			x = mem[k]
		case 2:
			mem[k] = a
		case 3:
			mem[k] = x
		case 4:
			switch ins.Op & 0xf0 {
			case 0x00:
				a += src
			case 0x10:
				a -= src
			case 0x20:
				a *= src
			case 0x50:
				a &= src
			case 0x70:
				a >>= src
			default:
				return 0, fmt.Errorf("alu %#x", ins.Op)
			}
		case 5:
			var yes bool
			switch ins.Op & 0xf0 {
			case 0x00:
				pc += int(k)
				continue
			case 0x10:
				yes = a == src
			case 0x20:
				yes = a > src
			case 0x30:
				yes = a >= src
			case 0x40:
				yes = a&src != 0
			}
			if yes {
				pc += int(ins.Jt)
			} else {
				pc += int(ins.Jf)
			}
		case 6:
			return k, nil
		default:
			return 0, fmt.Errorf("instruction %#x", ins.Op)
		}
	}
	return 0, fmt.Errorf("the program has no end")
}

// TestBPFTagAside: for a frame whose tag the kernel has taken out, the program
// says what the filter says of the frame with its tag.
func TestBPFTagAside(t *testing.T) {
	r := builtinOf(t)
	var frames []captured
	for _, c := range captures(t, 8) {
		if c.link == 1 && len(c.wire) >= 14 {
			frames = append(frames, c)
		}
	}
	reach := reachedFrom(r, 1)
	tally := map[uint32]int{}
	rapid.Check(t, func(t *rapid.T) {
		rnd := dice{t}
		src := randomFilter(rnd, r, func(p *Proto) bool { return reach[p] }, rnd.IntN(4))
		if rnd.IntN(2) == 0 {
			src += []string{" and ", " or "}[rnd.IntN(2)] + randomFilter(rnd, r, func(p *Proto) bool { return p.Name == "vlan" || p.Name == "eth" }, 1)
		}
		f := filterOf(t, r, src)
		b := f.BPF(BPFOptions{LinkType: 1, TagAside: true})
		prog, err := bpf.Assemble(b.Program)
		if err != nil {
			t.Fatal(err)
		}
		for range 40 {
			wire := frames[rnd.IntN(len(frames))].wire
			if rnd.IntN(4) == 0 {
				wire = damaged(rnd, wire)
			}
			var tag beside
			cut := wire
			if len(wire) >= 14 && rnd.IntN(3) > 0 {
				tag = beside{true, []uint16{0x8100, 0x88a8}[rnd.IntN(2)], []uint16{1, 5, 0x2005, 0xffff}[rnd.IntN(4)]}
				wire = slices.Concat(cut[:12], binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, tag.tpid), tag.tci), cut[12:])
			}
			var p Packet
			p.Reset(r, Meta{LinkType: 1}, wire)
			want := f.Match(&p)
			v, err := runRaw(prog, cut, tag)
			if err != nil {
				t.Fatal(err)
			}
			tally[v]++
			if want && v == 0 || !want && v == BPFKeep || v != 0 && (b.Rest == nil || b.Rest.Match(&p)) != want {
				t.Fatalf("%s: the program says %d, the filter %v, of %x with %+v\n%s", f, v, want, cut, tag, b)
			}
		}
	})
	t.Logf("kept %d, left to the filter %d, dropped %d", tally[BPFKeep], tally[BPFAsk], tally[0])
	if tally[BPFKeep] == 0 || tally[BPFAsk] == 0 || tally[0] == 0 {
		t.Error("not every verdict came up")
	}
}

// checkMemory returns an error if a word of memory may be read before it was
// written, which the kernel does not allow (check_load_and_stores).
func checkMemory(prog []bpf.RawInstruction) error {
	written := make([]uint16, len(prog))
	for i := range written {
		written[i] = 1<<16 - 1
	}
	now := uint16(0)
	for i, ins := range prog {
		now &= written[i]
		switch class, mode := ins.Op&7, ins.Op&0xe0; {
		case class == 2 || class == 3:
			now |= 1 << ins.K
		case (class == 0 || class == 1) && mode == 0x60:
			if now&(1<<ins.K) == 0 {
				return fmt.Errorf("instruction %d reads word %d, which may not be written", i, ins.K)
			}
		case ins.Op == 5:
			written[i+1+int(ins.K)] &= now
			now = 1<<16 - 1
		case class == 5:
			written[i+1+int(ins.Jt)] &= now
			written[i+1+int(ins.Jf)] &= now
			now = 1<<16 - 1
		}
	}
	return nil
}
