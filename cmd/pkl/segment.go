package main

import (
	"bytes"
	"encoding/binary"

	"pkl/core"
	"pkl/sock"
)

// oneTag is the size of an Ethernet header with a tag, for which an interface has
// room beside its MTU. What stands before a packet beyond that takes of it.
const oneTag = 18

// segment has the kernel cut a frame into segments if it is a TCP packet that is too
// long for an interface, and not within a tunnel: the kernel would not cut that, but
// throw it away. Behind tags the kernel does not look for the header by itself, so
// that it is told where it is, and the sum there has to be that of the pseudo header.
func segment(f *sock.Frame, p *core.Packet, mtu int) {
	if mtu == 0 || len(f.Data) <= mtu { // most frames: they are not looked into
		return
	}
	tcp := p.Find(p.Registry().Proto("tcp"), 1)
	if tcp == core.None {
		return
	}
	net := p.Lower(tcp)
	whole, part := p.Extent(net), p.Extent(tcp)
	head, headers := 0, len(whole)-len(p.Body(tcp))
	for id := p.Lower(net); id != core.None; id = p.Lower(id) {
		if name := p.ProtoOf(id).Name; name != "eth" && name != "vlan" {
			return
		}
		head += len(p.Header(id))
	}
	mtu -= max(0, head-oneTag)
	if len(whole) <= mtu || headers >= mtu {
		return
	}
	var kind sock.GSO
	switch p.ProtoOf(net).Name {
	case "ip":
		kind = sock.GSOTCP4
	case "ip6":
		kind = sock.GSOTCP6
	default:
		return
	}
	const sumAt = 16 // RFC 9293 §3.1
	start := head + len(whole) - len(part)
	f.Data = bytes.Clone(f.Data[:head+len(whole)]) // what trails would be taken for data
	binary.BigEndian.PutUint16(f.Data[start+sumAt:], p.PseudoSum(tcp))
	f.Offload = sock.Offload{GSO: kind, HeaderLen: uint16(head + headers), SegmentSize: uint16(mtu - headers),
		SumPending: true, SumStart: uint16(start), SumOffset: sumAt}
}
