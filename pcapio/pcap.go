package pcapio

import (
	"fmt"
	"math/bits"
)

// The sizes of a pcap file, in bytes, and its magic numbers.
const (
	fileHeader   = 24
	recordHeader = 16

	// modifiedHeader is the record header of Alexey Kuznetzov's libpcap. It
	// has an interface index, a protocol and a packet type at its end.
	modifiedHeader = 24

	magicMicro    = 0xa1b2c3d4
	magicNano     = 0xa1b23c4d
	magicModified = 0xa1b2cd34

	// linkTypeMask leaves out whether and how long a frame check sequence
	// is (upper 6 bits of the field).
	linkTypeMask = 0x03ffffff

	// maxPacket is the most bytes that a packet may claim to have. Longer
	// ones have not been seen, but lengths that lie have.
	maxPacket = 16 << 20

	second = 1_000_000_000 // in nanoseconds
)

// A pcapHeader is what the file header says about the records.
type pcapHeader struct {
	head int      // bytes of a record header
	unit int64    // nanoseconds of one unit of the time's fraction
	lens lenOrder // the order of the two lengths
}

// lenOrder tells which of the two lengths of a record comes first. The first
// versions of libpcap had the length on the wire there.
type lenOrder int

const (
	capFirst     lenOrder = iota
	wireFirst             // before version 2.3
	smallerIsCap          // version 2.3 had both
)

// pcapMagic knows a pcap file by its first four bytes, read as little-endian.
func pcapMagic(magic uint32) (h pcapHeader, big, ok bool) {
	for _, big := range []bool{false, true} {
		switch magic {
		case magicMicro:
			return pcapHeader{head: recordHeader, unit: 1000}, big, true
		case magicNano:
			return pcapHeader{head: recordHeader, unit: 1}, big, true
		case magicModified:
			return pcapHeader{head: modifiedHeader, unit: 1000}, big, true
		}
		magic = bits.ReverseBytes32(magic)
	}
	return pcapHeader{}, false, false
}

// startPcap reads the file header.
func (r *Reader) startPcap() error {
	if err := r.need(fileHeader); err != nil {
		return err
	}
	b := r.unread()
	major, minor := r.u16(b[4:]), r.u16(b[6:])
	if major != 2 {
		return r.fail(fmt.Errorf("pcap version %d.%d is not supported", major, minor))
	}
	switch {
	case minor < 3:
		r.pcap.lens = wireFirst
	case minor == 3:
		r.pcap.lens = smallerIsCap
	}
	r.first = Options{
		Format:   Pcap,
		SnapLen:  int(r.u32(b[16:])),
		LinkType: int(r.u32(b[20:]) & linkTypeMask),
		Nano:     r.pcap.unit == 1,
	}
	r.pos += fileHeader
	r.n = 0
	return nil
}

// readRecord reads a packet. All is done here that has to be done when the
// record is in the buffer; wantRecord does the rest, and tells of damage.
func (r *Reader) readRecord(p *Packet) error {
	for {
		b := r.buf[r.pos:r.end]
		head := r.pcap.head
		if len(b) >= head && len(b) >= recordHeader {
			sec, frac, n, wire := r.record((*[recordHeader]byte)(b))
			if n <= maxPacket && head+int(n) <= len(b) {
				end := head + int(n)
				r.pos += end
				r.n++
				p.Data = b[head:end:end]
				p.Time = int64(sec)*second + int64(frac)*r.pcap.unit
				p.Len = int(wire)
				p.LinkType = r.first.LinkType
				if !p.isPlain() {
					p.plain()
				}
				return nil
			}
		}
		if err := r.wantRecord(); err != nil {
			return err
		}
	}
}

// isPlain is there because looking costs less than writing pointers.
func (p *Packet) isPlain() bool {
	return p.Iface == 0 && p.IfaceName == "" && p.Comment == "" && p.Options == nil
}

// plain empties what a pcap file does not have.
func (p *Packet) plain() {
	p.Iface = 0
	p.IfaceName = ""
	p.Comment = ""
	p.Options = nil
}

// record takes a record header apart.
func (r *Reader) record(b *[recordHeader]byte) (sec, frac, n, wire uint32) {
	sec, frac = le.Uint32(b[0:]), le.Uint32(b[4:])
	n, wire = le.Uint32(b[8:]), le.Uint32(b[12:])
	if r.big {
		sec, frac = bits.ReverseBytes32(sec), bits.ReverseBytes32(frac)
		n, wire = bits.ReverseBytes32(n), bits.ReverseBytes32(wire)
	}
	if r.pcap.lens != capFirst && (r.pcap.lens == wireFirst || n > wire) {
		n, wire = wire, n
	}
	return
}

// wantRecord brings a whole record into the buffer.
func (r *Reader) wantRecord() error {
	if err := r.need(r.pcap.head); err != nil {
		return err
	}
	_, _, n, _ := r.record((*[recordHeader]byte)(r.unread()))
	if n > maxPacket {
		return r.fail(fmt.Errorf("captured length of %d bytes, at most %d", n, maxPacket))
	}
	return r.need(r.pcap.head + int(n))
}
