package oracle

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// A table says how the fields of one of pkl's layers are called in tshark.
type table struct {
	protos string // tshark's protocols that are this layer
	rows   []row
}

// A row pairs a field of pkl with fields of tshark: all values of the one, in
// wire order, must be all values of the others.
//
// A path of pkl leads through lists: "opts.mss". "opts{type!=0}.type" takes only
// some items, "body" is an item's bytes after type and length. Several paths, and
// several fields of tshark, are separated by blanks.
type row struct {
	pkl string
	ts  string
	via conv
	how mode
}

// A mode says how strictly a row is meant.
type mode int

const (
	always     mode = iota
	shown           // tshark shows the field only in some packets: then it must agree
	first           // tshark shows more, from parts that pkl leaves as bytes: the first must agree
	firstShown      // both
	some            // tshark shows only items of kinds that it knows: those must be among pkl's, in that order
	padded          // tshark shows padding at the end as items of kind 0
)

// A conv reads a field of tshark as pkl's value is written: a decimal number, or
// bytes in hex. ok is false if it does not count.
type conv func(n *node) (text string, ok bool)

// hexOf takes the bytes on the wire.
func hexOf(n *node) (string, bool) { return n.value, true }

// shownNumber takes the value as tshark prints it.
func shownNumber(n *node) (string, bool) {
	v, err := n.number()
	if err != nil {
		return "?" + n.show, true
	}
	return strconv.FormatInt(v, 10), true
}

// raw reads the bytes on the wire as a big-endian number, raw or masked.
func raw(n *node) (string, bool) { return number(n.value) }

// whole is raw, for what tshark shows as a part of it.
func whole(n *node) (string, bool) {
	if n.whole == "" {
		return raw(n)
	}
	return number(n.whole)
}

// rawLE reads the bytes on the wire as a little-endian number.
func rawLE(n *node) (string, bool) {
	b, err := hex.DecodeString(n.value)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	if err != nil {
		return "", false
	}
	return number(hex.EncodeToString(b))
}

func number(digits string) (string, bool) {
	v, err := strconv.ParseUint(digits, 16, 64)
	return strconv.FormatInt(int64(v), 10), err == nil
}

// unit divides what tshark counts in bytes.
func unit(bytes int64) conv {
	return func(n *node) (string, bool) {
		v, err := n.number()
		return strconv.FormatInt(v/bytes, 10), err == nil && v%bytes == 0
	}
}

// noEnd leaves out end markers, which for pkl are padding.
func noEnd(n *node) (string, bool) {
	s, _ := shownNumber(n)
	return s, s != "0"
}

// name reads a domain name as pkl writes it.
func name(n *node) (string, bool) {
	if n.show == "<Root>" {
		return ".", true
	}
	return strings.TrimSuffix(n.show, "."), true
}
