package main

import (
	"testing"

	"pkl/core"
	"pkl/protocols"
	"pkl/sock"
)

// Segments are as long as the interface takes them: of tags, it has room for one
// beside its MTU. What trails the packet is in none of them.
func TestSegment(t *testing.T) {
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for tags, size := range []uint16{1460, 1460, 1456} {
		b := make([]byte, 12, 3100)
		for range tags {
			b = append(b, 0x81, 0, 0, 5)
		}
		b = append(b, 8, 0, 0x45, 0, 0x0b, 0xb8, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2)
		tcp := len(b)
		b = append(b, make([]byte, 2980)...)
		b[tcp+12] = 0x50
		b = append(b, "FCS "...)
		var p core.Packet
		p.Reset(reg, core.Meta{LinkType: linkEthernet, Len: len(b)}, b)
		f := sock.Frame{Data: b}
		segment(&f, &p, 1500)
		want := sock.Offload{GSO: sock.GSOTCP4, HeaderLen: uint16(tcp + 20), SegmentSize: size, SumPending: true, SumStart: uint16(tcp), SumOffset: 16}
		if f.Offload != want || len(f.Data) != len(b)-4 {
			t.Errorf("%d tags: %+v, want %+v", tags, f.Offload, want)
		}
		// The addresses, the protocol and 2980 bytes: 0a00+0001+0a00+0002+6+0ba4.
		if f.Data[tcp+16] != 0x1f || f.Data[tcp+17] != 0xad || b[tcp+16] != 0 {
			t.Errorf("%d tags: the sum is %x", tags, f.Data[tcp+16:tcp+18])
		}
		if f = (sock.Frame{Data: b}); tags > 1 {
			segment(&f, &p, 3004)
		} else {
			segment(&f, &p, 3000)
		}
		if f.Offload != (sock.Offload{}) || &f.Data[0] != &b[0] {
			t.Errorf("%d tags: what fits is cut: %+v", tags, f.Offload)
		}
	}
}

// What the kernel cannot cut is left whole, so that it is told as too long.
func TestSegmentTunnel(t *testing.T) {
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b := append(make([]byte, 12, 3100), 8, 0)
	b = append(b, 0x45, 0, 0x0b, 0xcc, 0, 0, 0, 0, 64, 4, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2)
	b = append(b, 0x45, 0, 0x0b, 0xb8, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2)
	b = append(b, make([]byte, 2980)...)
	b[54+12] = 0x50
	var p core.Packet
	p.Reset(reg, core.Meta{LinkType: linkEthernet, Len: len(b)}, b)
	if p.Find(reg.Proto("tcp"), 1) == core.None {
		t.Fatal(p.Err())
	}
	f := sock.Frame{Data: b}
	if segment(&f, &p, 1500); f.Offload != (sock.Offload{}) {
		t.Errorf("%+v", f.Offload)
	}
}
