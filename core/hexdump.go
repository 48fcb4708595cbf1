package core

import "strconv"

// Hexdump returns the bytes of the packet, brought up to date, in rows of 16:
// offset, hex, ASCII.
func (p *Packet) Hexdump() string {
	p.Update()
	return string(AppendHexdump(nil, p.buf))
}

// AppendHexdump appends rows such as
//
//	0000  45 00 00 20 00 01 00 00  40 11 61 c4 c0 00 02 01  |E.. ....@.a.....|
//
// parted by line feeds.
func AppendHexdump(dst, b []byte) []byte {
	for at := 0; at < len(b); at += 16 {
		if at > 0 {
			dst = append(dst, '\n')
		}
		dst = appendOffset(dst, at)
		dst = appendHexRow(dst, b[at:min(at+16, len(b))])
	}
	return dst
}

// appendOffset appends an offset in at least four digits.
func appendOffset(dst []byte, at int) []byte {
	for unit := 0x1000; unit > at && unit > 1; unit >>= 4 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(at), 16)
}

// appendHexRow appends at most 16 bytes.
func appendHexRow(dst, row []byte) []byte {
	for i := range 16 {
		if i%8 == 0 {
			dst = append(dst, ' ')
		}
		if i < len(row) {
			dst = appendHex(append(dst, ' '), row[i:i+1])
		} else {
			dst = append(dst, "   "...)
		}
	}
	dst = append(dst, "  |"...)
	for _, c := range row {
		if c < 0x20 || c > 0x7e {
			c = '.'
		}
		dst = append(dst, c)
	}
	return append(dst, '|')
}
