package pcapio

import (
	"fmt"
	"math/bits"
)

// The block types that matter here (pcapng specification, section 4), and the
// sizes of the blocks' fixed parts, in bytes, both lengths included.
const (
	blockSection   = 0x0a0d0d0a // the same in both byte orders
	blockInterface = 1
	blockPacket    = 2 // obsolete
	blockSimple    = 3
	blockEnhanced  = 6

	byteOrderMagic = 0x1a2b3c4d

	minBlock     = 12
	minSection   = 28
	minInterface = 20
	minSimple    = 16
	minEnhanced  = 32

	// maxBlock leaves room for the longest packet and its options.
	maxBlock = maxPacket + 128<<10

	// maxIfaces bounds the memory for the interfaces of a section.
	maxIfaces = 1 << 16
)

// startPcapng reads the first section's header and goes on to the first
// interface, so that the link type is known.
func (r *Reader) startPcapng() error {
	r.first = Options{Format: Pcapng, LinkType: -1}
	b, err := r.block()
	if err != nil {
		return err
	}
	if err := r.section(b); err != nil {
		return err
	}
	r.n = 0
	for len(r.ifaces) == 0 {
		b, err := r.block()
		if err != nil || isPacket(r.u32(b)) || r.describe(b) != nil {
			return nil // Read will meet it, or say it
		}
	}
	return nil
}

// readBlocks reads a packet and what stands before it.
func (r *Reader) readBlocks(p *Packet) error {
	for {
		b, err := r.block()
		if err != nil {
			return err
		}
		if typ := r.u32(b); typ == blockEnhanced {
			return r.enhanced(p, b)
		} else if isPacket(typ) {
			return r.otherPacket(p, b)
		}
		if err := r.describe(b); err != nil {
			return err
		}
	}
}

func isPacket(typ uint32) bool {
	return typ == blockEnhanced || typ == blockSimple || typ == blockPacket
}

// block returns the next block, whole, without stepping over it.
func (r *Reader) block() ([]byte, error) {
	b := r.buf[r.pos:r.end]
	if len(b) >= minBlock && le.Uint32(b) != blockSection {
		n := int(r.u32(b[4:]))
		if n >= minBlock && n&3 == 0 && n <= maxBlock && n <= len(b) && int(r.u32(b[n-4:])) == n {
			return b[:n], nil
		}
	}
	return r.wantBlock()
}

// wantBlock brings a whole block into the buffer, and looks at its lengths.
func (r *Reader) wantBlock() ([]byte, error) {
	if err := r.need(minBlock); err != nil {
		return nil, err
	}
	if err := r.byteOrder(); err != nil {
		return nil, err
	}
	size := r.u32(r.unread()[4:])
	if size < minBlock || size&3 != 0 || size > maxBlock {
		return nil, r.fail(fmt.Errorf("block of %d bytes, must be a multiple of 4 from %d to %d",
			size, minBlock, maxBlock))
	}
	n := int(size)
	if err := r.need(n); err != nil {
		return nil, err
	}
	b := r.unread()[:n]
	if again := r.u32(b[n-4:]); again != size {
		return nil, r.fail(fmt.Errorf("block of %d bytes ends with a length of %d", size, again))
	}
	return b, nil
}

// byteOrder finds the byte order if a section header is next.
func (r *Reader) byteOrder() error {
	b := r.unread()
	if le.Uint32(b) != blockSection {
		return nil
	}
	switch {
	case le.Uint32(b[8:]) == byteOrderMagic:
		r.big = false
	case le.Uint32(b[8:]) == bits.ReverseBytes32(byteOrderMagic):
		r.big = true
	default:
		return r.fail(fmt.Errorf("section header with an unknown byte order % x", b[8:12]))
	}
	return nil
}

// describe steps over a block without a packet, after noting what it says.
func (r *Reader) describe(b []byte) error {
	switch r.u32(b) {
	case blockSection:
		return r.section(b)
	case blockInterface:
		return r.addIface(b)
	}
	r.pos += len(b)
	return nil
}

// section starts a section, whose interfaces are numbered from 0.
func (r *Reader) section(b []byte) error {
	if len(b) < minSection {
		return r.fail(fmt.Errorf("section header of %d bytes, at least %d", len(b), minSection))
	}
	if major, minor := r.u16(b[12:]), r.u16(b[14:]); major != 1 {
		return r.fail(fmt.Errorf("pcapng version %d.%d is not supported", major, minor))
	}
	r.ifaceBase += len(r.ifaces)
	r.ifaces = r.ifaces[:0]
	r.pos += len(b)
	return nil
}

// enhanced reads an Enhanced Packet Block.
func (r *Reader) enhanced(p *Packet, b []byte) error {
	if len(b) < minEnhanced {
		return r.fail(fmt.Errorf("packet block of %d bytes, at least %d", len(b), minEnhanced))
	}
	id := r.u32(b[8:])
	if uint64(id) >= uint64(len(r.ifaces)) {
		return r.noIface(id)
	}
	return r.stamped(p, b, int(id))
}

// stamped reads the part from the time on, which is alike in both of the blocks
// that have one: time 12, captured length 20, length 24, bytes from 28.
func (r *Reader) stamped(p *Packet, b []byte, id int) error {
	n := r.u32(b[20:])
	if uint64(n) > uint64(len(b)-minEnhanced) {
		return r.fail(fmt.Errorf("captured length of %d bytes in a block of %d", n, len(b)))
	}
	f := &r.ifaces[id]
	end := 28 + int(n)
	p.Data = b[28:end:end]
	p.Time = f.nanos(uint64(r.u32(b[12:]))<<32 | uint64(r.u32(b[16:])))
	p.Len = int(r.u32(b[24:]))
	r.from(p, f, id)
	if opts := b[pad4(end) : len(b)-4]; len(opts) > 0 {
		if err := r.packetOptions(p, opts); err != nil {
			return r.fail(err)
		}
	}
	r.pos += len(b)
	r.n++
	return nil
}

// from says which interface p came from.
func (r *Reader) from(p *Packet, f *iface, id int) {
	p.LinkType = f.linkType
	p.Iface = r.ifaceBase + id
	p.IfaceName = f.name
	p.Comment = ""
	p.Options = nil
}

// otherPacket reads the rarer packet blocks.
func (r *Reader) otherPacket(p *Packet, b []byte) error {
	if r.u32(b) == blockSimple {
		return r.simple(p, b)
	}
	if len(b) < minEnhanced {
		return r.fail(fmt.Errorf("packet block of %d bytes, at least %d", len(b), minEnhanced))
	}
	id := int(r.u16(b[8:])) // followed by a count of drops, 16 bits
	if id >= len(r.ifaces) {
		return r.noIface(uint32(id))
	}
	return r.stamped(p, b, id)
}

// simple reads a Simple Packet Block: no time, no captured length, and always
// the first interface, whose snap length tells how much is here.
func (r *Reader) simple(p *Packet, b []byte) error {
	if len(b) < minSimple {
		return r.fail(fmt.Errorf("packet block of %d bytes, at least %d", len(b), minSimple))
	}
	if len(r.ifaces) == 0 {
		return r.noIface(0)
	}
	f := &r.ifaces[0]
	wire := r.u32(b[8:])
	n := wire
	if f.snapLen != 0 {
		n = min(n, f.snapLen)
	}
	if uint64(n) > uint64(len(b)-minSimple) {
		return r.fail(fmt.Errorf("captured length of %d bytes in a block of %d", n, len(b)))
	}
	end := minBlock + int(n)
	p.Data = b[minBlock:end:end]
	p.Time = 0
	p.Len = int(wire)
	r.from(p, f, 0)
	r.pos += len(b)
	r.n++
	return nil
}

func (r *Reader) noIface(id uint32) error {
	return r.fail(fmt.Errorf("interface %d is not described, have %d", id, len(r.ifaces)))
}

// pad4 rounds up to a multiple of 4, as all parts of a block are.
func pad4(n int) int { return (n + 3) &^ 3 }
