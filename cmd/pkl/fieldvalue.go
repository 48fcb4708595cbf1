package main

import (
	"strconv"
	"unicode/utf8"

	"pkl/core"
)

// appendValue appends the value of a field that is present.
func appendValue(dst []byte, p *core.Packet, id core.ID, s *core.Slot) []byte {
	switch s.Kind {
	case core.Number:
		v, _ := p.Num(id, s)
		return appendNumber(dst, s, v)
	case core.Name:
		dst, _ = p.AppendName(dst, id, s)
		return dst
	case core.Text:
		text, _ := p.Text(id, s)
		return appendLine(dst, text)
	}
	b, _ := p.Data(id, s)
	switch s.Kind {
	case core.MAC, core.IP4, core.IP6:
		return s.AppendAddr(dst, b)
	}
	return appendHex(dst, b)
}

// appendNumber appends a number as its field says: a flag as true or false, and
// what the standard writes in hex in hex.
func appendNumber(dst []byte, s *core.Slot, v uint64) []byte {
	switch {
	case s.Bool():
		return strconv.AppendBool(dst, v != 0)
	case s.Hex:
		return strconv.AppendUint(append(dst, "0x"...), v, 16)
	case s.Signed:
		return strconv.AppendInt(dst, s.Int(v), 10)
	}
	return strconv.AppendUint(dst, v, 10)
}

// appendLine appends text so that it can be a column of a line: what would end
// either, and what is no UTF-8, is escaped as in filters.
func appendLine(dst, text []byte) []byte {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == '\\':
			dst = append(dst, `\\`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r < ' ', r == 0x7f, r == utf8.RuneError && n == 1:
			const digits = "0123456789abcdef"
			dst = append(dst, '\\', 'x', digits[text[0]>>4], digits[text[0]&15])
		default:
			dst = append(dst, text[:n]...)
		}
		text = text[n:]
	}
	return dst
}

// appendFact appends a fact about the packet.
func appendFact(dst []byte, p *core.Packet, name string) []byte {
	switch name {
	case "len":
		return strconv.AppendInt(dst, int64(p.WireLen()), 10)
	case "caplen":
		return strconv.AppendInt(dst, int64(p.Cap()), 10)
	case "number":
		return strconv.AppendInt(dst, int64(p.Number), 10)
	case "ts":
		return appendSeconds(dst, p.Time)
	case "ts_ns":
		return strconv.AppendInt(dst, p.Time, 10)
	case "mark":
		return strconv.AppendUint(dst, uint64(p.Mark), 10)
	case "linktype":
		return strconv.AppendInt(dst, int64(p.LinkType), 10)
	case "iface":
		return appendLine(dst, []byte(p.Iface))
	}
	return dst
}

// appendSeconds appends a time in nanoseconds as seconds with nine places.
func appendSeconds(dst []byte, t int64) []byte {
	abs := uint64(t)
	if t < 0 {
		dst, abs = append(dst, '-'), -abs
	}
	dst = strconv.AppendUint(dst, abs/1e9, 10)
	places := strconv.AppendUint(nil, 1e9+abs%1e9, 10) // a 1 before the nine
	return append(append(dst, '.'), places[1:]...)
}
