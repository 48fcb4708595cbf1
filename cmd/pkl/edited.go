package main

import (
	"bytes"
	"fmt"
	"net"
	"time"

	"pkl/nfq"
)

// same reports whether a packet is as it came. What was not written to is the
// same memory.
func same(data, came []byte) bool {
	if len(data) != len(came) {
		return false
	}
	return len(data) == 0 || &data[0] == &came[0] || bytes.Equal(data, came)
}

// unfit says why an edited packet cannot go on, and what that is called; nothing
// if it can. The kernel would drop it without a word.
func (k *queueLane) unfit(p *nfq.Packet, data []byte) (key, why string) {
	switch {
	case len(p.Data) < p.Len || len(data) > nfq.MaxPayload:
		return "an edited packet is too long", fmt.Sprintf("an edited packet can have %d bytes at most, this has %d", nfq.MaxPayload, max(p.Len, len(data)))
	case len(data) <= len(p.Data) || p.Out == 0 || mayFragment(data) || p.In == 0 && !isTCP(data):
		return "", "" // what this host sends itself it may fragment in any case, but for TCP
	}
	out := k.links.get(p.Out)
	if p.PhysOut != 0 { // a port of the bridge that out is
		out = k.links.get(p.PhysOut)
	}
	if out.mtu != 0 && len(data) > out.mtu {
		return "an edited packet is longer than the way out takes",
			fmt.Sprintf("an edited packet can have %d bytes on %s, this has %d and must not be fragmented (IPv6, or ip.DF)", out.mtu, out.name, len(data))
	}
	return "", ""
}

// mayFragment reports whether a router may cut a packet: IPv4 without DF (RFC 791).
func mayFragment(data []byte) bool {
	return len(data) >= 20 && data[0]>>4 == 4 && data[6]&0x40 == 0
}

// isTCP reports whether an IP packet carries TCP, right behind its header.
func isTCP(data []byte) bool {
	const tcp = 6
	return len(data) >= 20 && (data[0]>>4 == 4 && data[9] == tcp || data[0]>>4 == 6 && data[6] == tcp)
}

const linkAge = 5 * time.Second // how long what is known of an interface is believed

// links are the interfaces that packets come and go by, for one worker.
type links struct {
	known map[uint32]link // by index
	begun time.Time       // when known was
	asked int
}

type link struct {
	name string
	mtu  int // of a packet without its frame; 0: not known
}

// get returns an interface. The clock is not read each time.
func (l *links) get(index uint32) link {
	l.asked++
	k, ok := l.known[index]
	if ok && l.asked&0xfff != 0 {
		return k
	}
	if time.Since(l.begun) > linkAge {
		clear(l.known)
		l.begun = time.Now()
	}
	if k, ok = l.known[index]; !ok {
		if i, err := net.InterfaceByIndex(int(index)); err == nil {
			k = link{i.Name, i.MTU}
		}
		l.known[index] = k
	}
	return k
}

// iface is the name of an interface, "" if there is none; of a bridge, that of
// its port.
func (l *links) iface(index, port uint32) string {
	if port != 0 {
		index = port
	}
	if index == 0 {
		return ""
	}
	return l.get(index).name
}
