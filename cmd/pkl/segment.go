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
// long for an interface. Behind tags the kernel does not look for the header by
// itself, so that it is told where it is, and the sum there has to be that of the
// pseudo header.
func segment(f *sock.Frame, p *core.Packet, mtu int) {
	tcp := p.Find(p.Registry().Proto("tcp"), 1)
	if tcp == core.None || mtu == 0 {
		return
	}
	net := p.Lower(tcp)
	whole, part := p.Extent(net), p.Extent(tcp)
	head, headers := 0, len(whole)-len(p.Body(tcp))
	for id := p.Lower(net); id != core.None; id = p.Lower(id) {
		head += len(p.Header(id))
	}
	mtu -= max(0, head-oneTag)
	if len(whole) <= mtu || headers >= mtu {
		return
	}
	var kind sock.GSO
	var addrs []byte
	switch p.ProtoOf(net).Name {
	case "ip":
		kind, addrs = sock.GSOTCP4, whole[12:20]
	case "ip6":
		kind, addrs = sock.GSOTCP6, whole[8:40]
	default:
		return
	}
	const sumAt, protocol = 16, 6 // RFC 9293 §3.1
	start := head + len(whole) - len(part)
	sum := protocol + len(part)>>16 + len(part)&0xffff
	for ; len(addrs) > 0; addrs = addrs[2:] {
		sum += int(binary.BigEndian.Uint16(addrs))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	f.Data = bytes.Clone(f.Data)
	binary.BigEndian.PutUint16(f.Data[start+sumAt:], uint16(sum))
	f.Offload = sock.Offload{GSO: kind, HeaderLen: uint16(head + headers), SegmentSize: uint16(mtu - headers),
		SumPending: true, SumStart: uint16(start), SumOffset: sumAt}
}
