package expr

import (
	"encoding/hex"
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

// WholeOnly is the hint of the error for a fraction.
const WholeOnly = "numbers are whole"

// number reads a decimal or hex number, or a dotted quad.
func (l *lexer) number() Node {
	pos := l.pos
	s := l.take(isNumber)
	if strings.Contains(s, ".") {
		return l.quad(pos, s)
	}
	digits, base := s, 10
	if len(s) > 1 && s[0] == '0' {
		if s[1]|0x20 != 'x' {
			l.fail(pos, `write 10 or 0x0a, and "\x0a" for a byte`, "number %q starts with 0", s)
		}
		digits, base = s[2:], 16
	}
	v, err := strconv.ParseUint(digits, base, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		l.fail(pos, "", "number %q does not fit in 64 bits", s)
	case err != nil:
		l.fail(pos, numberHint(s), "bad number %q", s)
	}
	return &Num{At: At(pos), V: v}
}

func numberHint(s string) string {
	if strings.Trim(strings.ToLower(s), "0123456789abcdef") == "" {
		return "hex numbers start with 0x"
	}
	return "numbers are decimal, or hex after 0x; names that start with a digit go in quotes"
}

// quad makes s, which holds a dot and starts with a digit, an IPv4 address or
// network.
func (l *lexer) quad(pos int, s string) Node {
	a, err := netip.ParseAddr(s)
	switch {
	case err != nil && strings.Count(s, ".") == 1:
		l.fail(pos, WholeOnly, "bad number %q", s)
	case err != nil:
		l.fail(pos, "four numbers from 0 to 255, without leading zeros", "bad address %q", s)
	}
	return l.network(&Lit{At: At(pos), Text: s, Addr: a})
}

// colonLiteral reads a run of hex digits, dots and colons.
func (l *lexer) colonLiteral() Node {
	pos := l.pos
	s := l.take(isLiteral)
	n := &Lit{At: At(pos), Text: s, Bytes: pairs(s)}
	n.Addr, _ = netip.ParseAddr(s)
	if len(n.Bytes) == 6 {
		n.MAC = n.Bytes
	}
	rest := l.run(isWord)
	switch {
	case s == ":":
		l.fail(pos, `":" parts offset and length in [ ], and bytes as in 16:03`, `unexpected ":"`)
	case rest != "", n.Bytes == nil && !n.Addr.IsValid():
		l.fail(pos, colonHint(s), "%q is neither an address nor pairs of hex digits", s+rest)
	}
	return l.network(n)
}

func colonHint(s string) string {
	for g := range strings.SplitSeq(s, ":") {
		if g == "" || len(g) > 2 {
			return "an IPv6 address has eight groups, or fewer and one ::"
		}
	}
	return "write each byte as two hex digits"
}

// pairs returns the bytes of two or more pairs of hex digits parted by
// colons, or nil.
func pairs(s string) []byte {
	if len(s) < 5 || len(s)%3 != 2 {
		return nil
	}
	b := make([]byte, 0, len(s)/3+1)
	for i := 0; i < len(s); i += 3 {
		var err error
		if b, err = hex.AppendDecode(b, []byte(s[i:i+2])); err != nil {
			return nil
		}
		if i > 0 && s[i-1] != ':' {
			return nil
		}
	}
	return b
}

// network makes n a network if /n follows at once. A "/" before anything but
// a digit is left to the parser.
func (l *lexer) network(n *Lit) Node {
	if l.pos+1 >= len(l.src) || l.src[l.pos] != '/' || !isDigit(l.src[l.pos+1]) {
		return n
	}
	slash := l.pos
	l.pos++
	s := l.take(isNumber)
	if !n.Addr.IsValid() {
		l.fail(slash, "", "%q is no address and cannot have /%s", n.Text, s)
	}
	bits, err := strconv.Atoi(s)
	p := netip.PrefixFrom(n.Addr, bits).Masked()
	if err != nil || !p.IsValid() {
		l.fail(slash, "", "network /%s is not from 0 to %d", s, n.Addr.BitLen())
	}
	return &Lit{At: n.At, Text: l.src[n.Pos():l.pos], Prefix: p}
}

// text reads quoted text.
func (l *lexer) text() Node {
	pos := l.pos
	quote := l.src[pos]
	var b []byte
	for l.pos++; l.pos < len(l.src); {
		if l.src[l.pos] == quote {
			l.pos++
			return &Str{At: At(pos), S: string(b)}
		}
		c, n := unescape(l.src[l.pos:], quote)
		b = append(b, c)
		l.pos += n
	}
	l.fail(pos, "", "quoted text without closing %c", quote)
	return nil
}

// unescape returns the first byte that s stands for and how many bytes it
// takes. A backslash that starts no escape is itself: in patterns it usually
// belongs to what follows.
func unescape(s string, quote byte) (c byte, n int) {
	if s[0] != '\\' || len(s) == 1 {
		return s[0], 1
	}
	switch s[1] {
	case '\\', '"', quote:
		return s[1], 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case '0':
		return 0, 2
	case 'x':
		if len(s) >= 4 && isHex(s[2]) && isHex(s[3]) {
			v, _ := strconv.ParseUint(s[2:4], 16, 8)
			return byte(v), 4
		}
	}
	return '\\', 1
}
