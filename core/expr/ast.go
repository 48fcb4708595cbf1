package expr

import "net/netip"

// Node is one node of a tree: *Num, *Str, *Lit, *Name, *Slice, *Call, *Unary,
// *Binary or *In. Nodes are not changed after Parse and may be shared.
type Node interface {
	// Pos is the 0-based byte offset of the node's first character in the
	// source. Parentheses around a node are not part of it.
	Pos() int
	node()
}

// At is a node's position; every node embeds one.
type At int

// Pos returns the position as an int.
func (a At) Pos() int { return int(a) }

func (At) node() {}

// Num is a whole number, written in decimal or hex. Negative numbers are a
// Unary around one, so that -0x8000000000000000 needs no special case.
type Num struct {
	At
	V uint64
}

// Str is quoted text after its escapes were resolved. It may hold any bytes.
type Str struct {
	At
	S string
}

// Lit is an address, network, MAC address or byte string. Each reading its
// text allows is set, and what it is compared with decides between them: six
// pairs of hex digits set MAC and Bytes, eight set Addr and Bytes.
type Lit struct {
	At
	Text   string       // as written
	MAC    []byte       // 6 bytes, or nil
	Bytes  []byte       // 2 bytes or more, or nil
	Addr   netip.Addr   // valid if the text is an address
	Prefix netip.Prefix // valid if the text is an address with /n; host bits are cleared
}

// AnyInst is the Inst of a name with #*.
const AnyInst = -1

// Name is a dotted name: a layer, a field, or a value of an enumerated field.
type Name struct {
	At
	Up    bool     // written with a leading "^."
	Inst  int      // n for #n after the first part, AnyInst for #*, 0 for none
	Parts []string // at least one
}

// Slice is X[Off:Len], X[Off:] (ToEnd) or X[Off] (Index). Len is set in the
// first form only.
type Slice struct {
	At
	X, Off, Len  Node
	Index, ToEnd bool
}

// Call is a function applied to its arguments: len, count, present (one), min,
// max (two or more), or any (a list and a condition).
type Call struct {
	At
	Fn   string
	Args []Node
}

// Unary is Neg or Not applied to an operand.
type Unary struct {
	At
	Op Op
	X  Node
}

// Binary is an operator between two operands; its position is that of X or
// of the parenthesis X starts with. The right side of Matches is a *Str.
type Binary struct {
	At
	Op   Op
	OpAt int // byte offset of the operator
	X, Y Node
}

// In asks whether X is in a set, or with Not, whether it is not. A single value
// without braces is a set of one.
type In struct {
	At
	X    Node
	Not  bool
	OpAt int // byte offset of "in" or "not"
	Set  []Range
}

// Range is one element of a set: the value Lo, or if Hi is not nil all from Lo
// to Hi. A single value is a *Num, a negated *Num (*Unary), a *Str, a *Lit or
// a *Name of one part. The ends of a range are numbers, IP addresses of one
// family or MAC addresses, and Lo is not above Hi.
type Range struct {
	Lo, Hi Node
}

// Walk calls f for n and then, if f returns true, walks n's operands in the
// order of the source.
func Walk(n Node, f func(Node) bool) {
	if !f(n) {
		return
	}
	for _, c := range children(n) {
		Walk(c, f)
	}
}

// children returns the operands of n, in the order of the source.
func children(n Node) []Node {
	switch n := n.(type) {
	case *Slice:
		if n.Len != nil {
			return []Node{n.X, n.Off, n.Len}
		}
		return []Node{n.X, n.Off}
	case *Call:
		return n.Args
	case *Unary:
		return []Node{n.X}
	case *Binary:
		return []Node{n.X, n.Y}
	case *In:
		return n.children()
	}
	return nil
}

func (n *In) children() []Node {
	list := []Node{n.X}
	for _, r := range n.Set {
		list = append(list, r.Lo)
		if r.Hi != nil {
			list = append(list, r.Hi)
		}
	}
	return list
}
