package sock

import (
	"fmt"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// returnConstant is the opcode of BPF_RET|BPF_K.
const returnConstant = 0x06

// nothing is the program that lets no frame through.
func nothing() []bpf.RawInstruction { return []bpf.RawInstruction{{Op: returnConstant}} }

// snapped is a program with each result at most snap: what a program returns is
// how many bytes the kernel keeps.
func snapped(program []bpf.RawInstruction, snap int) []bpf.RawInstruction {
	if len(program) == 0 {
		return []bpf.RawInstruction{{Op: returnConstant, K: uint32(snap)}}
	}
	out := append([]bpf.RawInstruction(nil), program...)
	for i := range out {
		if out[i].Op == returnConstant {
			out[i].K = min(out[i].K, uint32(snap))
		}
	}
	return out
}

// attach gives a socket a filter, in place of the one it has.
func attach(fd int, program []bpf.RawInstruction) error {
	all := make([]unix.SockFilter, len(program))
	for i, p := range program {
		all[i] = unix.SockFilter{Code: p.Op, Jt: p.Jt, Jf: p.Jf, K: p.K}
	}
	if len(all) > unix.BPF_MAXINSNS {
		return fmt.Errorf("a filter of %d instructions is too long, at most %d", len(all), unix.BPF_MAXINSNS)
	}
	err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(all)), Filter: &all[0]})
	if err != nil {
		return fmt.Errorf("the kernel refuses a filter of %d instructions: %w", len(all), err)
	}
	return nil
}
