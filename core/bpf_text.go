package core

import (
	"fmt"
	"strings"

	"golang.org/x/net/bpf"
)

// String is the program as tcpdump -d shows it, a line for each instruction.
func (b *BPF) String() string {
	var s strings.Builder
	for i, ins := range b.Program {
		fmt.Fprintf(&s, "(%03d) %s\n", i, bpfText(i, ins))
	}
	return s.String()
}

// bpfText is one instruction, number i of its program.
func bpfText(i int, ins bpf.Instruction) string {
	line := func(op, what string) string { return fmt.Sprintf("%-8s %s", op, what) }
	switch ins := ins.(type) {
	case bpf.LoadAbsolute:
		return line(loadWord(ins.Size), fmt.Sprintf("[%d]", ins.Off))
	case bpf.LoadIndirect:
		return line(loadWord(ins.Size), fmt.Sprintf("[x + %d]", ins.Off))
	case bpf.LoadExtension:
		return line("ld", extensionText(ins.Num))
	case bpf.LoadScratch:
		if ins.Dst == bpf.RegX {
			return line("ldx", fmt.Sprintf("M[%d]", ins.N))
		}
		return line("ld", fmt.Sprintf("M[%d]", ins.N))
	case bpf.StoreScratch:
		return line("st", fmt.Sprintf("M[%d]", ins.N))
	case bpf.ALUOpConstant:
		return line(aluWord(ins.Op), fmt.Sprintf("#%#x", ins.Val))
	case bpf.ALUOpX:
		return line(aluWord(ins.Op), "x")
	case bpf.JumpIf:
		return fmt.Sprintf("%-8s %-18s jt %d\tjf %d", jumpWord(ins.Cond), fmt.Sprintf("#%#x", ins.Val), i+1+int(ins.SkipTrue), i+1+int(ins.SkipFalse))
	case bpf.JumpIfX:
		return fmt.Sprintf("%-8s %-18s jt %d\tjf %d", jumpWord(ins.Cond), "x", i+1+int(ins.SkipTrue), i+1+int(ins.SkipFalse))
	case bpf.Jump:
		return line("ja", fmt.Sprint(i+1+int(ins.Skip)))
	case bpf.RetConstant:
		return line("ret", fmt.Sprintf("#%d", ins.Val))
	}
	return fmt.Sprint(ins)
}

func loadWord(size int) string { return map[int]string{1: "ldb", 2: "ldh", 4: "ld"}[size] }

func aluWord(op bpf.ALUOp) string {
	return map[bpf.ALUOp]string{bpf.ALUOpAdd: "add", bpf.ALUOpSub: "sub", bpf.ALUOpMul: "mul", bpf.ALUOpAnd: "and", bpf.ALUOpShiftRight: "rsh"}[op]
}

func jumpWord(t bpf.JumpTest) string {
	return map[bpf.JumpTest]string{bpf.JumpEqual: "jeq", bpf.JumpGreaterThan: "jgt", bpf.JumpGreaterOrEqual: "jge", bpf.JumpBitsSet: "jset"}[t]
}

// extensionText names what Linux has beside the packet, as its bpf_asm does.
func extensionText(e bpf.Extension) string {
	switch e {
	case bpf.ExtLen:
		return "#pktlen"
	case bpf.ExtVLANTagPresent:
		return "#vlan_tag_present"
	case bpf.ExtVLANTag:
		return "#vlan_tci"
	case bpf.ExtVLANProto:
		return "#vlan_tpid"
	}
	return fmt.Sprintf("#ext(%d)", e)
}
