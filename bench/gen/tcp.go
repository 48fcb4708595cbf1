package main

import (
	"encoding/binary"
	"strconv"
)

const (
	fin = 1 << iota
	syn
	rst
	psh
	ack
	_
	ece
	cwr
)

// What a TCP connection does next.
const (
	doSYN = iota
	doSYNACK
	doACK
	doRequest
	doData
	doFIN
	doFINACK
	doLastACK
	doRST
	done
)

// flow is one TCP connection; index 0 is the client's side, 1 the server's.
type flow struct {
	path
	port    [2]uint16
	seq     [2]uint32
	ts      [2]uint32
	next    int
	left    int // data segments still to come from the server
	acks    int // segments since the client's last acknowledgement
	http    bool
	stamps  bool // timestamps in use
	refused bool
	bulk    bool // full segments; else short messages
	begun   bool // the header of the HTTP response was sent
}

// newFlow opens a connection.
func newFlow(r *rng) flow {
	f := flow{path: newPath(r, family(r)), stamps: r.percent(85)}
	f.port = [2]uint16{uint16(32768 + r.below(28000)), 443}
	if f.http = r.percent(25); f.http {
		f.port[1] = 80
	}
	f.seq = [2]uint32{uint32(r.next()), uint32(r.next())}
	f.ts = [2]uint32{uint32(r.next()), uint32(r.next())}
	f.left = 1 + r.skewed(20)
	f.refused = r.percent(15)
	f.bulk = r.percent(35)
	return f
}

// tcp emits the next packet of a random connection.
func (g *gen) tcp() kind {
	i := g.r.below(len(g.flows))
	f := &g.flows[i]
	if f.next == done {
		*f = newFlow(&g.r)
	}
	return g.step(f)
}

// step emits the next packet of f.
func (g *gen) step(f *flow) kind {
	switch f.next {
	case doSYN:
		g.synFlow(f)
		return tcpSYN
	case doSYNACK:
		g.segment(f, 1, syn|ack, g.synOptions(f), 0, nil)
		f.next = doACK
		return tcpSYNACK
	case doRST:
		g.segment(f, 1, rst|ack, nil, 0, nil)
		f.next = done
		return tcpRST
	case doACK:
		return g.pureACK(f, 0, doRequest)
	case doRequest:
		return g.request(f)
	case doData:
		return g.data(f)
	case doFIN:
		return g.finish(f, 1, doFINACK)
	case doFINACK:
		return g.finish(f, 0, doLastACK)
	}
	return g.pureACK(f, 1, done)
}

// synFlow emits the first packet: often answered, sometimes refused, sometimes lost.
func (g *gen) synFlow(f *flow) {
	flags := syn
	if g.r.percent(5) {
		flags |= ece | cwr // asks for ECN (RFC 3168)
	}
	g.segment(f, 0, flags, g.synOptions(f), 0, nil)
	switch {
	case !f.refused:
		f.next = doSYNACK
	case g.r.percent(50):
		f.seq[0]--
		f.refused = false // sent again
	default:
		f.next = doRST
	}
}

// pureACK emits an acknowledgement, now and then with a SACK block.
func (g *gen) pureACK(f *flow, side, next int) kind {
	opts := g.stampOption(f, side)
	if f.stamps && next == doData && g.r.percent(8) {
		from := f.seq[1-side] + 1448
		opts = append(opts, 1, 1, 5, 10)
		opts = binary.BigEndian.AppendUint32(opts, from)
		opts = binary.BigEndian.AppendUint32(opts, from+1448)
	}
	g.segment(f, side, ack, opts, 0, nil)
	f.next = next
	return tcpACK
}

// finish emits a FIN.
func (g *gen) finish(f *flow, side, next int) kind {
	g.segment(f, side, fin|ack, g.stampOption(f, side), 0, nil)
	f.next = next
	return tcpFIN
}

// request emits what the client asks.
func (g *gen) request(f *flow) kind {
	f.next = doData
	opts := g.stampOption(f, 0)
	if !f.http {
		n := 60 + g.r.below(500)
		g.segment(f, 0, psh|ack, opts, n, tlsHead(n))
		return tcpData
	}
	text := g.text[:0]
	text = append(text, "GET /item/"...)
	text = strconv.AppendInt(text, int64(g.r.below(100000)), 10)
	text = append(text, " HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: bench/1\r\nAccept: */*\r\n\r\n"...)
	g.segment(f, 0, psh|ack, opts, len(text), text)
	return tcpHTTP
}

// data emits a segment from the server, or the client's acknowledgement of some.
func (g *gen) data(f *flow) kind {
	if f.acks == 2 || f.left == 0 {
		f.acks = 0
		if f.left == 0 {
			return g.pureACK(f, 0, doFIN)
		}
		return g.pureACK(f, 0, doData)
	}
	opts := g.stampOption(f, 1)
	n := mtu - f.headers() - 20 - len(opts)
	switch {
	case !f.bulk:
		n = 120 + g.r.below(150)
	case f.left == 1:
		n = 150 + g.r.below(n-150)
	}
	f.left--
	f.acks++
	if f.http {
		return g.httpData(f, opts, n)
	}
	g.segment(f, 1, psh|ack, opts, n, tlsHead(n))
	return tcpData
}

// httpData emits a part of an HTTP response; the first one has the header.
func (g *gen) httpData(f *flow, opts []byte, n int) kind {
	if f.begun {
		g.segment(f, 1, ack, opts, n, nil)
		return tcpData
	}
	f.begun = true
	text := append(g.text[:0], "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n"...)
	g.segment(f, 1, ack, opts, n, text)
	return tcpHTTP
}

// tlsHead is the header of an application data record that fills a segment of n bytes (RFC 8446, 5.1).
func tlsHead(n int) []byte {
	return []byte{23, 3, 3, byte((n - 5) >> 8), byte(n - 5)}
}

// synOptions are those of Linux with timestamps, those of Windows without.
func (g *gen) synOptions(f *flow) []byte {
	mss := uint16(mtu - f.headers() + f.extra() - 20)
	o := append(g.opts[:0], 2, 4, byte(mss>>8), byte(mss))
	if !f.stamps {
		return append(o, 1, 3, 3, 8, 1, 1, 4, 2)
	}
	o = append(o, 4, 2, 8, 10)
	o = binary.BigEndian.AppendUint32(o, f.ts[0])
	o = binary.BigEndian.AppendUint32(o, 0)
	return append(o, 1, 3, 3, 7)
}

// stampOption is a timestamps option, padded as usual.
func (g *gen) stampOption(f *flow, side int) []byte {
	if !f.stamps {
		return g.opts[:0]
	}
	f.ts[side] += uint32(g.r.below(20))
	o := append(g.opts[:0], 1, 1, 8, 10)
	o = binary.BigEndian.AppendUint32(o, f.ts[side])
	return binary.BigEndian.AppendUint32(o, f.ts[1-side])
}

// segment writes a TCP segment with n bytes of payload that begins with head, and counts it in the sequence numbers.
func (g *gen) segment(f *flow, side, flags int, opts []byte, n int, head []byte) {
	size := 20 + len(opts)
	b := g.f.ip(&f.path, side == 1, protoTCP, size+n)
	binary.BigEndian.PutUint16(b[0:], f.port[side])
	binary.BigEndian.PutUint16(b[2:], f.port[1-side])
	binary.BigEndian.PutUint32(b[4:], f.seq[side])
	binary.BigEndian.PutUint32(b[8:], 0)
	if flags&ack != 0 {
		binary.BigEndian.PutUint32(b[8:], f.seq[1-side])
	}
	b[12], b[13] = byte(size/4<<4), byte(flags)
	binary.BigEndian.PutUint16(b[14:], 64240)
	clear(b[16:20])
	copy(b[20:], opts)
	putSum(b[16:], g.f.pseudo+sum16(b[:size])+g.pool.fillHead(&g.r, b[size:], head), false)
	f.seq[side] += uint32(n)
	if flags&(syn|fin) != 0 {
		f.seq[side]++
	}
	g.padded = side == 1 && g.f.pad()
	g.note(&f.path, flags)
}
