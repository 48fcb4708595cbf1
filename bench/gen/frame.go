package main

import "encoding/binary"

const (
	typeIP4  = 0x0800
	typeARP  = 0x0806
	typeVLAN = 0x8100
	typeIP6  = 0x86dd
	typeQinQ = 0x88a8

	protoICMP  = 1
	protoTCP   = 6
	protoUDP   = 17
	protoFrag6 = 44
	protoICMP6 = 58
	protoOpts6 = 60

	minFrame = 60   // the shortest frame on the wire, without its check sequence
	mtu      = 1500 // the longest IP packet
)

// host is one end of a conversation. An IPv4 address uses the first four bytes.
type host struct {
	mac [6]byte
	ip  [16]byte
}

// path is what all packets between two hosts share.
type path struct {
	a, b host
	v6   bool
	opt  bool // an IPv4 router alert, or IPv6 destination options
	tags int  // VLAN tags: 0, 1, or 2 (QinQ)
	vid  [2]uint16
}

// ends returns sender and receiver.
func (p *path) ends(back bool) (src, dst *host) {
	if back {
		return &p.b, &p.a
	}
	return &p.a, &p.b
}

// extra is the number of bytes between the fixed IP header and the transport.
func (p *path) extra() int {
	switch {
	case !p.opt:
		return 0
	case p.v6:
		return 8
	}
	return 4
}

// headers is the number of IP header bytes.
func (p *path) headers() int {
	if p.v6 {
		return 40 + p.extra()
	}
	return 20 + p.extra()
}

// frame is the packet under construction.
type frame struct {
	buf    [2048]byte
	n      int
	ipOff  int
	pseudo uint64 // sum of the pseudo header of the last ip call
	id     uint16 // the last IPv4 identification
}

// bytes returns the finished frame.
func (f *frame) bytes() []byte { return f.buf[:f.n] }

// put16 appends a number.
func (f *frame) put16(v uint16) {
	binary.BigEndian.PutUint16(f.buf[f.n:], v)
	f.n += 2
}

// link starts a frame: Ethernet and the path's VLAN tags.
func (f *frame) link(p *path, back bool, etype uint16) {
	src, dst := p.ends(back)
	copy(f.buf[0:], dst.mac[:])
	copy(f.buf[6:], src.mac[:])
	f.n = 12
	for i := range p.tags {
		tag := uint16(typeVLAN)
		if p.tags == 2 && i == 0 {
			tag = typeQinQ
		}
		f.put16(tag)
		f.put16(p.vid[i])
	}
	f.put16(etype)
	f.ipOff = f.n
}

// take appends n bytes and returns them, cleared.
func (f *frame) take(n int) []byte {
	b := f.buf[f.n : f.n+n]
	clear(b)
	f.n += n
	return b
}

// ip writes link and IP headers for n bytes of proto and returns the place for these, not cleared.
func (f *frame) ip(p *path, back bool, proto byte, n int) []byte {
	if p.v6 {
		f.link(p, back, typeIP6)
		f.ip6(p, back, proto, n)
	} else {
		f.link(p, back, typeIP4)
		f.ip4(p, back, proto, n)
	}
	b := f.buf[f.n : f.n+n]
	f.n += n
	return b
}

// ip4 writes an IPv4 header.
func (f *frame) ip4(p *path, back bool, proto byte, n int) {
	src, dst := p.ends(back)
	size := p.headers()
	h := f.take(size)
	f.id++
	h[0] = 0x40 | byte(size/4)
	binary.BigEndian.PutUint16(h[2:], uint16(size+n))
	binary.BigEndian.PutUint16(h[4:], f.id)
	h[6] = 0x40 // DF
	h[8] = ttl(back)
	h[9] = proto
	copy(h[12:16], src.ip[:])
	copy(h[16:20], dst.ip[:])
	if p.opt {
		copy(h[20:], []byte{0x94, 4, 0, 0}) // router alert
	}
	f.sum4(h)
	f.pseudo = sum16(h[12:20]) + uint64(proto) + uint64(n)
}

// sum4 fills in the header checksum.
func (f *frame) sum4(h []byte) {
	h[10], h[11] = 0, 0
	putSum(h[10:], sum16(h), false)
}

// ip6 writes an IPv6 header and, if the path has one, a destination options header.
func (f *frame) ip6(p *path, back bool, proto byte, n int) {
	src, dst := p.ends(back)
	h := f.take(p.headers())
	h[0] = 0x60
	binary.BigEndian.PutUint16(h[4:], uint16(p.extra()+n))
	h[6] = proto
	h[7] = ttl(back)
	copy(h[8:24], src.ip[:])
	copy(h[24:40], dst.ip[:])
	if p.opt {
		h[6] = protoOpts6
		copy(h[40:], []byte{proto, 0, 1, 4, 0, 0, 0, 0}) // PadN
	}
	f.pseudo = sum16(h[8:40]) + uint64(proto) + uint64(n)
}

// ttl is 64 at the sender and less for what came from afar.
func ttl(back bool) byte {
	if back {
		return 57
	}
	return 64
}

// pad lengthens a short frame to the Ethernet minimum.
func (f *frame) pad() bool {
	if f.n >= minFrame {
		return false
	}
	f.take(minFrame - f.n)
	return true
}
