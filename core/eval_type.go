package core

import (
	"pkl/core/expr"
)

// A typ is what the value of an expression is, and so what it may be compared with.
type typ uint8

const (
	tNum   typ = iota
	tFlag      // a number of one bit
	tBytes     // the types from here to tIP6 are bytes on the wire
	tText
	tMAC
	tIP4
	tIP6
	tName
	tList
	tLayer
	tCond
	tLit // a literal: the other side decides
)

// String names a value of the type, for messages.
func (t typ) String() string {
	return [...]string{"a number", "a flag", "bytes", "text", "a MAC address", "an IPv4 address", "an IPv6 address",
		"a name", "a list", "a layer", "a condition", "a literal"}[t]
}

func (t typ) number() bool { return t <= tFlag }

// asKey reports whether values are compared as numbers of at most 64 bits.
func (t typ) asKey() bool { return t.number() || t == tMAC || t == tIP4 }

// raw reports whether values are compared byte by byte.
func (t typ) raw() bool { return t == tBytes || t == tText }

// An operand is a part of an expression that has a value.
type operand struct {
	node expr.Node
	typ  typ

	ref  *referent // a name of something in the packet; num and bytes are made of it when needed
	full *referent // the same with fields of all types

	num      numFn // tNum, tFlag
	konst    *int64
	bits     int      // its values are below 1<<bits; 0: any
	unsigned bool     // its 64 bits have no sign
	risky    bool     // its arithmetic can go wrong
	part     *operand // it is these bits of that field
	mask     uint64

	bytes bytesFn // bytes that are no plain field
	view  *view   // what num or bytes are made of, if that is so simple
	isLen bool    // num is the length of the frame
	truth truth   // tCond; also tFlag if it is no field

	srcs []source
}

// isField reports whether the operand is a plain field that is no computed one.
func (o *operand) isField() bool { return o.ref != nil && o.ref.what == isField && !o.ref.wire }

// whole takes the fields of all types again, where these do not matter.
func (o *operand) whole() *operand {
	if o.full == nil {
		return o
	}
	out := *o
	out.ref = o.full
	return &out
}

// A verdict is what a comparison says about values that may be missing.
type verdict uint8

const (
	absent verdict = iota
	no
	yes
)

func verdictOf(there, holds bool) verdict {
	switch {
	case !there:
		return absent
	case holds:
		return yes
	}
	return no
}

// A test compares values; of several values it returns the highest verdict.
type test func(e *env) verdict

// A recordTest is a test of one record's own fields.
type recordTest func(p *Packet, id int32) verdict

// A source runs a test for each of several records or values, until it says yes.
type source func(next test) test

// through is a test for all combinations of what the sources give.
func through(srcs []source, t test) test {
	for i := len(srcs) - 1; i >= 0; i-- {
		t = srcs[i](t)
	}
	return t
}

// A scratch is memory that evaluation reuses from packet to packet.
type scratch struct {
	at   [maxBound]int32 // records that sources have reached
	text [3][]byte       // names as text: of the left side, of the right; other text
}

// maxBound is how many sources one expression may have at a time.
const maxBound = 8
