package core

import (
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
	"strings"

	"pkl/core/expr"
)

// valueNames returns the names of the values of a number.
func valueNames(s *Slot) []ValueName {
	if names := s.Field.Names; names != nil {
		return names
	}
	if s = plain(s); s.Field.Names != nil || s.table == nil {
		return s.Field.Names
	}
	return s.table.names
}

// named returns the value that a name stands for where it meets this operand.
// Flags take their names joined by "|".
func (o *operand) named(word string) (int64, bool) {
	if !o.isField() {
		return 0, false
	}
	for _, s := range o.ref.slots() {
		for _, v := range valueNames(s) {
			if strings.EqualFold(v.Name, word) {
				return v.V, true
			}
		}
		if v, ok := flagsValue(plain(s), word); ok {
			return v, true
		}
	}
	switch {
	case o.typ == tFlag && strings.EqualFold(word, "true"):
		return 1, true
	case o.typ == tFlag && strings.EqualFold(word, "false"):
		return 0, true
	}
	return 0, false
}

// flagsValue reads the flags of a number as text: "SYN|ACK", "SYN|0x800".
func flagsValue(s *Slot, text string) (v int64, ok bool) {
	if len(s.flags) == 0 || text == "" {
		return 0, false
	}
	for word := range strings.SplitSeq(text, "|") {
		bit := int64(0)
		for _, f := range s.flags {
			if strings.EqualFold(f.Name, strings.TrimSpace(word)) {
				bit = 1 << (s.Bits - f.off - f.Bits)
			}
		}
		if n, ok := flagBits(strings.TrimSpace(word), min(s.Bits, 63)); ok {
			bit = int64(n)
		} else if bit == 0 {
			return 0, false
		}
		v |= bit
	}
	return v, true
}

// wordNames lists the words that may stand opposite the operand.
func (o *operand) wordNames() (list []string) {
	if !o.isField() {
		return nil
	}
	for _, s := range o.ref.slots() {
		for _, v := range valueNames(s) {
			list = append(list, v.Name)
		}
		for _, f := range plain(s).flags {
			list = append(list, f.Name)
		}
	}
	return list
}

// numberKey returns a literal as a number that the operand can be compared with.
func (t *translator) numberKey(o *operand, n expr.Node) int64 {
	switch n := n.(type) {
	case *expr.Str:
		return t.namedKey(o, n, n.S)
	case *expr.Name:
		return t.namedKey(o, n, n.Parts[0])
	case *expr.Lit:
		t.fail(n.Pos(), "", "%s, not comparable with %s", t.describe(o), n.Text)
	}
	k := t.value(n)
	if k.konst == nil {
		t.fail(n.Pos(), "", "%s is not a constant", t.text(n))
	}
	t.inRange(o, k)
	return *k.konst
}

func (t *translator) namedKey(o *operand, n expr.Node, word string) int64 {
	if v, ok := o.named(word); ok {
		return v
	}
	names := o.wordNames()
	if len(names) == 0 {
		t.fail(n.Pos(), "", "%s, not comparable with %s", t.describe(o), t.text(n))
	}
	t.fail(n.Pos(), didYouMean(word, names), "%s has no value named %q", t.text(o.node), word)
	return 0
}

// inRange refuses a constant that the operand can never have.
func (t *translator) inRange(o, k *operand) {
	v, what := *k.konst, t.text(o.node)
	switch {
	case o.unsigned && v < 0 && !k.unsigned:
		t.fail(k.node.Pos(), "", "%s is never negative", what)
	case o.bits > 0 && (v < 0 || v > math.MaxInt64>>(63-o.bits)):
		t.fail(k.node.Pos(), "", "%s has %s, %s does not fit", what, plural(o.bits, "bit"), t.text(k.node))
	case !o.unsigned && k.unsigned:
		t.fail(k.node.Pos(), "", "%s has 63 bits and a sign, %s does not fit", what, t.text(k.node))
	}
	if o.isField() && !anyHolds(o.ref.slots(), v) {
		t.fail(k.node.Pos(), "", "%s has %s and a sign, %s does not fit", what, plural(plain(o.ref.slots()[0]).Bits, "bit"), t.text(k.node))
	}
}

// anyHolds reports whether one of the numbers, if signed, can be v.
func anyHolds(slots []*Slot, v int64) bool {
	for _, s := range slots {
		s = plain(s)
		if !s.Signed || s.Bits == 0 || s.Bits == 64 || v >= -1<<(s.Bits-1) && v < 1<<(s.Bits-1) {
			return true
		}
	}
	return false
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// addrRange returns an address or network as a range; want is the type of the other side.
func (t *translator) addrRange(o *operand, n expr.Node) (lo, hi netip.Addr) {
	l, ok := n.(*expr.Lit)
	if !ok || !l.Addr.IsValid() && !l.Prefix.IsValid() {
		t.fail(n.Pos(), t.addrHint(n), "%s, not comparable with %s", t.describe(o), t.text(n))
	}
	a, bits := l.Addr, l.Addr.BitLen()
	if l.Prefix.IsValid() {
		a, bits = l.Prefix.Addr(), l.Prefix.Bits()
	}
	if a.Is4() != (o.typ == tIP4) {
		t.fail(n.Pos(), "", "%s, %s is not", t.describe(o), l.Text)
	}
	return a, lastOf(a, bits)
}

func (t *translator) addrHint(n expr.Node) string {
	if s, ok := n.(*expr.Str); ok {
		if _, err := netip.ParseAddr(s.S); err == nil {
			return "write it without quotes"
		}
	}
	return ""
}

// lastOf returns the last address of a network.
func lastOf(a netip.Addr, bits int) netip.Addr {
	b := a.AsSlice()
	for i := bits; i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	last, _ := netip.AddrFromSlice(b)
	return last
}

func key4(a netip.Addr) uint64 {
	b := a.As4()
	return uint64(binary.BigEndian.Uint32(b[:]))
}

func key6(a netip.Addr) wide {
	b := a.As16()
	return wideOf(b[:])
}

// macKey returns a MAC address as a number.
func (t *translator) macKey(o *operand, n expr.Node) uint64 {
	l, ok := n.(*expr.Lit)
	if !ok || l.MAC == nil {
		t.fail(n.Pos(), "six pairs of hex digits, as in 02:00:00:00:00:01", "%s, not comparable with %s", t.describe(o), t.text(n))
	}
	return getBE(l.MAC, 6)
}

// bytesKey returns a literal as bytes.
func (t *translator) bytesKey(o *operand, n expr.Node) []byte {
	switch n := n.(type) {
	case *expr.Str:
		return []byte(n.S)
	case *expr.Lit:
		if n.Bytes != nil {
			return n.Bytes
		}
	}
	t.fail(n.Pos(), bytesHint(o, n), "%s, not comparable with %s", t.describe(o), t.text(n))
	return nil
}

func bytesHint(o *operand, n expr.Node) string {
	switch n := n.(type) {
	case *expr.Name:
		return fmt.Sprintf("text goes in quotes: %q", n.Parts[0])
	case *expr.Num:
		if o.typ == tText {
			return fmt.Sprintf("text goes in quotes: \"%d\"", n.V)
		}
		return "bytes are pairs of hex digits, as in 16:03, or text; x[0] is a number"
	}
	return ""
}
