package main

import "encoding/binary"

// udpFlow is a UDP conversation with datagrams of a usual size.
type udpFlow struct {
	path
	port [2]uint16
	size int
	head []byte
}

// ntpHead begins a client's request (RFC 5905).
var ntpHead = []byte{0x23, 0, 6, 0xec}

// syslogHead begins a message (RFC 5424); what follows in the capture is random.
var syslogHead = []byte("<34>1 2024-01-01T00:00:00Z host.example app 1 - - ")

// Voice and video begin as media streams do (RFC 3550), the game with bytes that mean nothing.
var (
	gameHead  = []byte{0x5b, 0x5b}
	voiceHead = []byte{0x80, 0}
	videoHead = []byte{0x80, 96}
)

// newUDPFlow picks a kind of conversation.
func newUDPFlow(r *rng) udpFlow {
	f := udpFlow{path: newPath(r, family(r))}
	high := uint16(32768 + r.below(28000))
	switch k := r.below(10); {
	case k < 1:
		f.port, f.size, f.head = [2]uint16{high, 123}, 48, ntpHead
	case k < 2:
		f.port, f.size, f.head = [2]uint16{high, 514}, 120, syslogHead
	case k < 6:
		f.port, f.size, f.head = [2]uint16{high, high + 1000}, 172, voiceHead
	case k < 8:
		f.port, f.size, f.head = [2]uint16{high, high + 3000}, 40, gameHead
	default:
		f.port, f.size, f.head = [2]uint16{high, high + 2000}, 1200, videoHead
	}
	return f
}

// udp emits a datagram of a random conversation.
func (g *gen) udp() kind {
	i := g.r.below(len(g.udps))
	f := &g.udps[i]
	if g.r.below(50) == 0 {
		*f = newUDPFlow(&g.r)
	}
	back := f.size != 120 && g.r.percent(50) // nobody answers to syslog
	n := f.size
	if n > 200 {
		n -= g.r.below(400)
	}
	g.datagram(&f.path, back, f.port, n, f.head)
	return udpOther
}

// datagram writes a UDP datagram of n bytes that begins with head.
func (g *gen) datagram(p *path, back bool, port [2]uint16, n int, head []byte) {
	b := g.f.ip(p, back, protoUDP, 8+n)
	udpHeader(b, back, port)
	putSum(b[6:], g.f.pseudo+sum16(b[:8])+g.pool.fillHead(&g.r, b[8:], head), true)
	g.padded = back && g.f.pad()
	g.note(p, 0)
}

// udpHeader writes ports and length at the start of b, which is the whole datagram, and clears the checksum.
func udpHeader(b []byte, back bool, port [2]uint16) {
	if back {
		port[0], port[1] = port[1], port[0]
	}
	binary.BigEndian.PutUint16(b[0:], port[0])
	binary.BigEndian.PutUint16(b[2:], port[1])
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	clear(b[6:8])
}
