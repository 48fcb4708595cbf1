package core

import (
	"bytes"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Bytes given to a field are a []byte or a string; numbers an int, int64 or
// uint64; addresses and names a string; flags a bool.

// encode checks v against the field and returns the number or bytes it stands for.
func (s *Slot) encode(v any) (any, error) {
	if s.Kind == Number {
		if n, ok := v.(int); ok && s.Bool() && n>>1 == 0 {
			return uint64(n), nil // only definitions may say 1 for a flag
		}
		return s.encodeNum(v)
	}
	return s.encodeBytes(v)
}

// Check says what is wrong with a value for the field, wherever that is.
func (s *Slot) Check(v any) error {
	_, err := s.encode(v)
	return err
}

// Reads returns what a field that v was stored into reads as, or what is wrong
// with v: the bits of a number, the text of an address or name, else v itself.
func (s *Slot) Reads(v any) (any, error) {
	if s.get != nil {
		if s.get.plain == nil {
			return v, nil
		}
		return s.get.plain.Reads(v)
	}
	if s.Kind == List {
		return v, nil
	}
	e, err := s.encode(v)
	b, isBytes := e.([]byte)
	switch {
	case err != nil:
		return nil, err
	case !isBytes:
		return e, nil
	case s.Kind == Name:
		return string(appendName(nil, b[:len(b)-1])), nil
	case s.Kind == MAC || s.addrSize() > 0:
		return string(s.AppendAddr(nil, b)), nil
	}
	return v, nil
}

// encodeNum returns the bits of number v.
func (s *Slot) encodeNum(v any) (uint64, error) {
	switch v := v.(type) {
	case bool:
		if !s.Bool() {
			return 0, fmt.Errorf("%s: true and false are for flags; this is a number", s)
		}
		if v {
			return 1, nil
		}
		return 0, nil
	case string:
		return s.fromName(v)
	case int:
		return s.fromInt(int64(v))
	case int64:
		return s.fromInt(v)
	case uint64:
		if s.Signed && s.Bits == 64 { // from 2^63 on, the negative value with these bits: Lua has no other exact one
			return v, nil
		}
		if s.Signed && v > 1<<63-1 || s.Bits < 64 && v > ones(s.Bits) {
			return 0, fmt.Errorf("%s: %d does not fit in %d bits", s, v, s.Bits)
		}
		if s.Bool() {
			return 0, fmt.Errorf("%s: a flag is true or false, not %d", s, v)
		}
		return s.fits(int64(v))
	case float64:
		if v != math.Trunc(v) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("%s: need a whole number, have %v", s, v)
		}
		return 0, fmt.Errorf("%s: %.0f is not %s, so not exact; use pkl.u64", s, v, exactBound(v))
	}
	return 0, fmt.Errorf("%s: need a number, have %s", s, kindOf(v))
}

// exactBound is the end of the whole numbers that a float64 tells apart, on the side of v.
func exactBound(v float64) string {
	if v < 0 {
		return "above -2^53"
	}
	return "below 2^53"
}

func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case []byte, string:
		return "text"
	case []any, map[string]any:
		return "a table"
	case bool:
		return "a boolean"
	case int, int64, uint64:
		return "a number"
	case float64:
		if v == math.Trunc(v) {
			return "a number"
		}
		return "a number that is not whole"
	}
	return fmt.Sprintf("%T", v)
}

func (s *Slot) fromInt(v int64) (uint64, error) {
	if s.Bool() {
		return 0, fmt.Errorf("%s: a flag is true or false, not %d", s, v)
	}
	if v < 0 && !s.Signed {
		return 0, fmt.Errorf("%s: %d is negative", s, v)
	}
	return s.fits(v)
}

func (s *Slot) fits(v int64) (uint64, error) {
	if s.Digits && uint64(v) >= powersOf10[s.Bits/8] {
		return 0, fmt.Errorf("%s: %d has more than %d digits", s, v, s.Bits/8)
	}
	if s.Bits < 64 {
		lo, hi := int64(0), int64(ones(s.Bits))
		if s.Signed {
			lo, hi = -1<<(s.Bits-1), 1<<(s.Bits-1)-1
		}
		if v < lo || v > hi {
			return 0, fmt.Errorf("%s: %d does not fit in %d bits", s, v, s.Bits)
		}
	}
	return uint64(v) & ones(s.Bits), nil
}

// fromName reads a value name, or the names of flags joined by |.
func (s *Slot) fromName(text string) (uint64, error) {
	for _, n := range s.Field.Names {
		if strings.EqualFold(n.Name, text) {
			return uint64(n.V) & ones(s.Bits), nil
		}
	}
	if len(s.Field.Flags) > 0 {
		return s.fromFlags(text)
	}
	var names []string
	for _, n := range s.Field.Names {
		names = append(names, n.Name)
	}
	if len(names) == 0 {
		return 0, fmt.Errorf("%s: need a number, have %s", s, strconv.Quote(text))
	}
	return 0, fmt.Errorf("%s: no value is named %q%s", s, text, hintOrAll(text, names))
}

// hintOrAll is the nearest of the names, or all of them if none is near and they are few.
func hintOrAll(text string, names []string) string {
	const few = 12
	near := hint(text, names)
	if all := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" }); near == "" && len(all) <= few {
		return " (" + strings.Join(all, ", ") + ")"
	}
	return near
}

func (s *Slot) fromFlags(text string) (v uint64, err error) {
	if text == "" || text == "0" {
		return 0, nil
	}
	for _, part := range strings.Split(text, "|") {
		part = strings.TrimSpace(part)
		bit := -1
		for i, f := range s.Field.Flags {
			if f != "" && strings.EqualFold(f, part) {
				bit = len(s.Field.Flags) - 1 - i
			}
		}
		if n, ok := flagBits(part, s.Bits); ok {
			v |= n
			continue
		}
		if bit < 0 {
			return 0, fmt.Errorf("%s: no flag %q%s", s, part, hintOrAll(part, s.Field.Flags))
		}
		v |= 1 << bit
	}
	return v, nil
}

// flagBits reads the bits without a name among flags, as appendFlags writes them: 0x800.
func flagBits(text string, bits int) (uint64, bool) {
	hex, ok := strings.CutPrefix(text, "0x")
	v, err := strconv.ParseUint(hex, 16, bits)
	return v, ok && err == nil
}

// encodeBytes returns the bytes of value v on the wire, without delimiter.
func (s *Slot) encodeBytes(v any) ([]byte, error) {
	b, isBytes := v.([]byte)
	text, isText := v.(string)
	if !isBytes && !isText {
		return nil, fmt.Errorf("%s: need text, have %s", s, kindOf(v))
	}
	if isText {
		b = []byte(text)
	}
	switch s.Kind {
	case MAC, IP4, IP6:
		if isBytes {
			break
		}
		a, err := s.parseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
		b = a
	case Name:
		if isText {
			labels, err := parseName(text)
			if err != nil {
				return nil, fmt.Errorf("%s: %q: %w", s, text, err)
			}
			b = append(labels[:len(labels):len(labels)], 0)
		}
	}
	if s.Trim != nil {
		if len(bytes.Trim(b, blanks)) != len(b) {
			return nil, fmt.Errorf("%s: blanks around the value are no part of it", s)
		}
		b = slices.Concat([]byte(s.Trim[0]), b, []byte(s.Trim[1]))
	}
	if s.filled() && len(b)*8 < s.width {
		b = append(b[:len(b):len(b)], make([]byte, s.width/8-len(b))...)
	}
	return b, s.checkWidth(b)
}

func (s *Slot) checkWidth(b []byte) error {
	switch {
	case s.width < 0 || len(b)*8 == s.width:
		return nil
	case s.filled():
		return fmt.Errorf("%s: at most %d bytes, have %d", s, s.width/8, len(b))
	}
	return fmt.Errorf("%s: need %d bytes, have %d", s, s.width/8, len(b))
}

// filled reports whether the field is text that zeros fill up to its size.
func (s *Slot) filled() bool { return s.Kind == Text && s.width >= 0 }

// textOf returns the value of a text field that has bytes b on the wire: what
// fills it up is no part of it.
func (s *Slot) textOf(b []byte) []byte {
	if s.filled() {
		if i := bytes.IndexByte(b, 0); i >= 0 {
			return b[:i:i]
		}
	}
	if s.Trim != nil {
		b = bytes.Trim(b, blanks)
		return b[:len(b):len(b)]
	}
	return b
}

// blanks may stand around a text that is trimmed.
const blanks = " \t\r"

// dressed reports whether the value of a text is less than its bytes.
func (s *Slot) dressed() bool { return s.filled() || s.Trim != nil }

// redress puts around the new value of a text what is around the old one.
func (s *Slot) redress(have, b []byte) []byte {
	old, text := s.textOf(have), s.textOf(b)
	switch {
	case s.Trim == nil && len(bytes.Trim(b[len(text):], "\x00")) > 0: // it says itself what is behind the text
		return b
	case bytes.Equal(old, text):
		return bytes.Clone(have)
	case s.Trim == nil || len(old) == 0:
		return b
	}
	at := bytes.Index(have, old)
	return slices.Concat(have[:at], text, have[at+len(old):])
}

func (s *Slot) parseAddr(text string) ([]byte, error) {
	if s.Kind == MAC {
		b, err := parseMAC(text)
		if s.LE {
			slices.Reverse(b)
		}
		return b, err
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" || s.Kind == IP4 && !a.Is4() || s.Kind == IP6 && a.Is4() {
		return nil, fmt.Errorf("%q is no %s address", text, map[Kind]string{IP4: "IPv4", IP6: "IPv6"}[s.Kind])
	}
	return a.AsSlice(), nil
}

func parseMAC(text string) ([]byte, error) {
	var b []byte
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == '-' }) {
		v, err := strconv.ParseUint(part, 16, 8)
		if err != nil || len(part) > 2 {
			break
		}
		b = append(b, byte(v))
	}
	if len(b) != 6 || strings.Count(text, ":")+strings.Count(text, "-") != 5 {
		return nil, fmt.Errorf("%q is no MAC address", text)
	}
	return b, nil
}

const hexDigits = "0123456789abcdef"

// AppendAddr appends the text of an address field's bytes.
func (s *Slot) AppendAddr(dst, b []byte) []byte {
	switch s.Kind {
	case MAC:
		for i := range b {
			c := b[i]
			if s.LE {
				c = b[len(b)-1-i]
			}
			if i > 0 {
				dst = append(dst, ':')
			}
			dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
		}
		return dst
	case IP4:
		var a [4]byte
		copy(a[:], b)
		return netip.AddrFrom4(a).AppendTo(dst)
	}
	var a [16]byte
	copy(a[:], b)
	return netip.AddrFrom16(a).AppendTo(dst)
}

// addrSize returns how many bytes an IP address has, or 0 for other fields.
func (s *Slot) addrSize() int {
	switch s.Kind {
	case IP4:
		return 4
	case IP6:
		return 16
	}
	return 0
}

// isShortAddr reports whether only the first bytes of an address are on the wire.
func (s *Slot) isShortAddr() bool { return s.Size != "" && s.addrSize() > 0 }

// shorten cuts an address to the bytes that are on the wire. Those left out must be zero.
func (p *Packet) shorten(id int32, s *Slot, b []byte) ([]byte, error) {
	if !s.isShortAddr() || s.sizeDerived() {
		return b, nil
	}
	n, ok := p.eval(s.size, id)
	if !ok || n < 0 || n > int64(s.addrSize()) {
		return nil, fmt.Errorf("%s: an address has %d bytes, its size (%s) is another", s, s.addrSize(), s.Size)
	}
	if int(n) >= len(b) {
		return b, nil
	}
	if len(bytes.Trim(b[n:], "\x00")) > 0 {
		return nil, fmt.Errorf("%s: %s has more than %d bytes, and its size is %s", s, s.AppendAddr(nil, b), n, s.Size)
	}
	return b[:n:n], nil
}

// ValueName returns the name of value v, or "".
func (s *Slot) ValueName(v uint64) string {
	for _, n := range s.Field.Names {
		if uint64(n.V)&ones(s.Bits) == v {
			return n.Name
		}
	}
	return ""
}
