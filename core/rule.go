package core

import (
	"slices"
	"strings"
)

// A ruleKind is how a derived field is computed.
type ruleKind uint8

const (
	ruleNext ruleKind = iota
	ruleHeaderLen
	ruleTotalLen
	ruleBodyLen
	ruleSum
	rulePseudoSum
	ruleCRC
	ruleExpr
)

// A rule is a compiled auto.
type rule struct {
	kind       ruleKind
	unit, bias int
	crc        *crcTable
	from       numFn // where what a sum covers begins, from the start of the layer
	cover      numFn // and how many bytes it is
	fn         numFn
	deps       []dep
	anyOf      bool // 1 where any of those fields is present
}

func (r *rule) isSum() bool { return r.kind == ruleSum || r.kind == rulePseudoSum || r.kind == ruleCRC }

// isLen reports whether the rule follows sizes, counts or other fields, so that its value may not fit.
func (r *rule) isLen() bool { return !r.isSum() && r.kind != ruleNext }

// rule compiles the auto of a slot.
func (c *compiler) rule(s *Slot, sc *scope) *rule {
	r := &rule{unit: max(s.Unit, 1), bias: s.Bias}
	switch s.Auto {
	case "next":
		r.kind = ruleNext
	case "header_len":
		r.kind = ruleHeaderLen
	case "total_len":
		r.kind = ruleTotalLen
	case "body_len":
		r.kind = ruleBodyLen
	case "sum":
		r.kind = ruleSum
	case "pseudo_sum":
		r.kind = rulePseudoSum
	case "crc32c", "crc32", "crc24", "crc":
		r.kind, r.crc = ruleCRC, c.crc(s)
	default:
		fn, deps, err := c.compileNum(s.Auto, sc)
		if err != nil {
			if word, _, call := strings.Cut(s.Auto, "("); call && slices.Contains(ruleWords(), strings.TrimSpace(word)) {
				c.failAt(s, "auto: %q stands alone, it takes no arguments", strings.TrimSpace(word))
			} else {
				c.failAt(s, "auto: %s%s", oneLine(err), c.hint(s.Auto, ruleWords()))
			}
			return nil
		}
		r.kind, r.fn, r.deps = ruleExpr, fn, deps
		if n, err := c.parse(s.Auto); err == nil {
			r.anyOf = anyPresent(n)
		}
	}
	if s.Kind != Number {
		c.failAt(s, "auto is for numbers")
		return nil
	}
	if (r.kind == ruleSum || r.kind == rulePseudoSum) && s.Bits != 16 {
		c.failAt(s, "auto: an internet checksum has 16 bits, not %d", s.Bits)
	}
	r.from, r.cover = c.coverage(s, s.From, "from", sc), c.coverage(s, s.Cover, "cover", sc)
	return r
}

// coverage compiles a word that says what a sum covers.
func (c *compiler) coverage(s *Slot, src, word string, sc *scope) numFn {
	if src == "" {
		return nil
	}
	fn, _, err := c.compileNum(src, sc)
	if err != nil {
		c.wrong(s, word, err)
	}
	return fn
}

func ruleWords() []string {
	return []string{"next", "header_len", "total_len", "body_len", "sum", "pseudo_sum", "crc32c", "crc24", "crc32"}
}

// crc builds the table of a cyclic redundancy check.
func (c *compiler) crc(s *Slot) *crcTable {
	var p CRC
	switch s.Auto {
	case "crc32c":
		p = CRC{Bits: 32, Poly: 0x1edc6f41, Init: ones(32), Xor: ones(32), Reflect: true}
	case "crc32":
		p = CRC{Bits: 32, Poly: 0x04c11db7, Init: ones(32), Xor: ones(32), Reflect: true}
	case "crc24":
		p = CRC{Bits: 24, Poly: 0x00065b, Init: 0x555555, Reflect: true}
	default:
		if s.CRC == nil {
			c.failAt(s, "auto: crc needs its parameters: crc = { bits =, poly =, init =, xor =, reflect = }")
			return nil
		}
		p = *s.CRC
	}
	if p.Bits < 8 || p.Bits > 64 || p.Poly&^ones(p.Bits) != 0 || (p.Init|p.Xor)&^ones(p.Bits) != 0 {
		c.failAt(s, "crc: 8 to 64 bits, and poly, init and xor within them")
		return nil
	}
	if p.Poly == 0 {
		c.failAt(s, "crc: a poly of 0 checks nothing")
		return nil
	}
	if s.Bits != p.Bits {
		c.failAt(s, "crc: %d bits in a field of %d", p.Bits, s.Bits)
		return nil
	}
	return newCRC(p, s.Auto != "crc")
}

// lengthRules are the words of auto that count bytes in units.
func lengthRules() []string { return []string{"header_len", "total_len", "body_len"} }
