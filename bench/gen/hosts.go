package main

import "encoding/binary"

const (
	clients = 6000
	servers = 400
)

// client returns the i-th client of a family.
func client(i int, v6 bool) host {
	h := host{mac: mac(1, i%200)}
	if v6 {
		copy(h.ip[:], []byte{0x20, 0x01, 0x0d, 0xb8, 0, byte(i % 7)})
		binary.BigEndian.PutUint64(h.ip[8:], uint64(i)*0x9e3779b97f4a7c15)
		return h
	}
	copy(h.ip[:], []byte{10, byte(i % 9), byte(i >> 8), byte(i)})
	return h
}

// server returns the i-th server of a family, in ranges kept for documentation.
func server(i int, v6 bool) host {
	h := host{mac: mac(2, i%4)}
	if v6 {
		copy(h.ip[:], []byte{0x20, 0x01, 0x0d, 0xb8, 0xff, byte(i >> 8)})
		h.ip[15] = byte(i)
		return h
	}
	if i%2 == 0 {
		copy(h.ip[:], []byte{198, 51, 100, byte(i / 2)})
	} else {
		copy(h.ip[:], []byte{203, 0, 113, byte(i / 2)})
	}
	return h
}

// mac makes a locally administered address.
func mac(kind, i int) [6]byte {
	return [6]byte{2, byte(kind), 0, 0, byte(i >> 8), byte(i)}
}

// newPath picks two hosts, of which a is a client, and how they are connected.
func newPath(r *rng, v6 bool) path {
	p := path{a: client(r.skewed(clients), v6), b: server(r.skewed(servers), v6), v6: v6}
	p.opt = r.percent(1)
	switch t := r.below(100); {
	case t < 3:
		p.tags = 2
	case t < 15:
		p.tags = 1
	}
	p.vid = [2]uint16{uint16(100 + r.below(50)), uint16(200 + r.below(50))}
	return p
}

// family picks IPv6 for three packets of ten.
func family(r *rng) bool { return r.percent(30) }
