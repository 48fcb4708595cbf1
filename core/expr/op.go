package expr

// Op is an operator of a Unary or Binary node.
type Op uint8

// The operators; Neg and Not are unary.
const (
	Neg      Op = iota + 1 // -
	Not                    // not !
	Mul                    // *
	Div                    // /
	Mod                    // %
	Add                    // +
	Sub                    // -
	Shl                    // <<
	Shr                    // >>
	BitAnd                 // &
	BitOr                  // |
	Eq                     // ==
	Ne                     // !=
	Lt                     // <
	Le                     // <=
	Gt                     // >
	Ge                     // >=
	Contains               // contains
	Matches                // matches
	And                    // and &&
	Or                     // or ||
)

// String returns the operator as Format writes it.
func (o Op) String() string {
	text := [...]string{
		Neg: "-", Not: "not",
		Mul: "*", Div: "/", Mod: "%", Add: "+", Sub: "-",
		Shl: "<<", Shr: ">>", BitAnd: "&", BitOr: "|",
		Eq: "==", Ne: "!=", Lt: "<", Le: "<=", Gt: ">", Ge: ">=",
		Contains: "contains", Matches: "matches",
		And: "and", Or: "or",
	}
	if int(o) >= len(text) {
		return ""
	}
	return text[o]
}

// How tightly operators bind; a higher one takes its operands first.
const (
	precOr = iota + 1
	precAnd
	precNot
	precCompare // comparisons, in, contains, matches; the only level that does not chain
	precBitOr
	precBitAnd
	precShift
	precAdd
	precMul
	precNeg
	precPrimary
)

func (o Op) prec() int {
	switch o {
	case Neg:
		return precNeg
	case Not:
		return precNot
	case Mul, Div, Mod:
		return precMul
	case Add, Sub:
		return precAdd
	case Shl, Shr:
		return precShift
	case BitAnd:
		return precBitAnd
	case BitOr:
		return precBitOr
	case And:
		return precAnd
	case Or:
		return precOr
	}
	return precCompare
}
