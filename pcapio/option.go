package pcapio

import (
	"fmt"
	"math/bits"
	"slices"
)

// The options of packets that matter here (pcapng specification, sections 3.5
// and 4.3).
const (
	optEnd     = 0
	optComment = 1

	optFlags     = 2
	optDropCount = 4
	optPacketID  = 5
	optQueue     = 6
	optVerdict   = 7
	optProcess   = 8

	optHead   = 4         // bytes of code and length
	maxOption = 1<<16 - 1 // bytes of a value
)

// splitOption splits the first option off b, whose length is a multiple of 4
// and not 0. rest is always shorter than b, so that a walk ends.
func splitOption(b []byte, code uint16, n int) (v, rest []byte, err error) {
	if n > len(b)-optHead {
		return nil, nil, fmt.Errorf("option %d of %d bytes, %d are left", code, n, len(b)-optHead)
	}
	return b[optHead : optHead+n], b[optHead+pad4(n):], nil
}

// option splits the first option off b, in the byte order of the section.
func (r *Reader) option(b []byte) (code uint16, v, rest []byte, err error) {
	code = r.u16(b)
	v, rest, err = splitOption(b, code, int(r.u16(b[2:])))
	return code, v, rest, err
}

// packetOptions splits the options of a packet into its first comment and the
// rest, which it turns into little-endian in place.
func (r *Reader) packetOptions(p *Packet, b []byte) error {
	at, from, to := 0, 0, 0 // the comment lies in from:to
	for at < len(b) {
		code, v, rest, err := r.option(b[at:])
		if err != nil {
			return err
		}
		if code == optEnd {
			break
		}
		next := len(b) - len(rest)
		if code == optComment && p.Comment == "" {
			p.Comment = string(v)
			from, to = at, next
		} else if r.big {
			swapOption(b[at:], code, v)
		}
		at = next
	}
	p.Options = without(b[:at:at], from, to)
	return nil
}

// without takes from:to out of b, by moving up what is before it: a comment
// mostly comes first, and then nothing moves.
func without(b []byte, from, to int) []byte {
	cut := to - from
	copy(b[cut:to], b[:from])
	if cut == len(b) {
		return nil
	}
	return b[cut:]
}

// swapOption turns an option from big-endian to little-endian: b starts with
// its head, v is its value.
func swapOption(b []byte, code uint16, v []byte) {
	slices.Reverse(b[0:2])
	slices.Reverse(b[2:4])
	for v, size := numbers(code, v); len(v) >= size; v = v[size:] {
		slices.Reverse(v[:size])
	}
}

// numbers tells which part of an option's value is numbers, of how many bytes.
func numbers(code uint16, v []byte) ([]byte, int) {
	switch code {
	case optFlags, optQueue, optProcess:
		return v, 4
	case optDropCount, optPacketID:
		return v, 8
	case optVerdict:
		return v[min(1, len(v)):], 8 // a kind comes first
	case 2988, 2989, 19372, 19373: // custom: only the maker's number is known
		return v[:min(4, len(v))], 4
	}
	return nil, 1
}

// checkOptions walks little-endian options as a Packet holds them.
func checkOptions(b []byte) error {
	if len(b)%4 != 0 {
		return fmt.Errorf("options of %d bytes, must be a multiple of 4", len(b))
	}
	for len(b) > 0 {
		code := le.Uint16(b)
		_, rest, err := splitOption(b, code, int(le.Uint16(b[2:])))
		if err != nil {
			return err
		}
		if code == optEnd {
			return fmt.Errorf("options with an end mark")
		}
		b = rest
	}
	return nil
}

// u64 reads a number in the byte order of the file.
func (r *Reader) u64(b []byte) uint64 {
	v := le.Uint64(b)
	if r.big {
		v = bits.ReverseBytes64(v)
	}
	return v
}
