package main

import (
	"fmt"
	"net/netip"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// matcher says whether a packet is a connection request, and from where.
type matcher interface {
	match(p []byte) bool
	source() netip.Addr // of the last match
}

// newMatcher makes the matcher of that name.
func newMatcher(name string) (matcher, error) {
	switch name {
	case "dlp":
		return newDLP(), nil
	case "lazy":
		return new(lazy), nil
	}
	return nil, fmt.Errorf("-parser %s: want dlp or lazy", name)
}

// dlp is the fastest way gopacket has: preallocated layers, the sparse container, no deferred recover, and only those
// layers that the task needs, so that other packets end early.
type dlp struct {
	parser *gopacket.DecodingLayerParser
	found  []gopacket.LayerType
	eth    layers.Ethernet
	vlan   layers.Dot1Q
	ip4    layers.IPv4
	ip6    layers.IPv6
	ext    layers.IPv6ExtensionSkipper
	tcp    layers.TCP
}

// newDLP sets up the parser.
func newDLP() *dlp {
	d := new(dlp)
	d.parser = gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet)
	d.parser.SetDecodingLayerContainer(gopacket.DecodingLayerSparse(nil))
	d.parser.IgnoreUnsupported = true
	d.parser.IgnorePanic = true
	for _, l := range []gopacket.DecodingLayer{&d.eth, &d.vlan, &d.ip4, &d.ip6, &d.ext, &d.tcp} {
		d.parser.AddDecodingLayer(l)
	}
	return d
}

func (d *dlp) match(p []byte) bool {
	if d.parser.DecodeLayers(p, &d.found) != nil {
		return false
	}
	n := len(d.found)
	return n > 0 && d.found[n-1] == layers.LayerTypeTCP && d.tcp.SYN && !d.tcp.ACK
}

func (d *dlp) source() netip.Addr {
	for _, t := range d.found {
		if t == layers.LayerTypeIPv6 {
			return address(d.ip6.SrcIP)
		}
	}
	return address(d.ip4.SrcIP)
}

// lazy is gopacket's usual interface at its fastest.
type lazy struct{ packet gopacket.Packet }

// lazyOptions decode no further than asked and share the reader's bytes.
var lazyOptions = gopacket.DecodeOptions{Lazy: true, NoCopy: true}

func (l *lazy) match(p []byte) bool {
	l.packet = gopacket.NewPacket(p, layers.LayerTypeEthernet, lazyOptions)
	t, ok := l.packet.Layer(layers.LayerTypeTCP).(*layers.TCP)
	return ok && t.SYN && !t.ACK
}

func (l *lazy) source() netip.Addr {
	switch ip := l.packet.NetworkLayer().(type) {
	case *layers.IPv4:
		return address(ip.SrcIP)
	case *layers.IPv6:
		return address(ip.SrcIP)
	}
	return netip.Addr{}
}

// address makes a map key of an address.
func address(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a
}
