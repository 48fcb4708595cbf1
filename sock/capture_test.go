//go:build linux

package sock_test

import (
	"bytes"
	"testing"

	"pkl/sock"
)

// 50,000 frames from trafgen, each second one tagged, are those that tcpdump
// writes beside: bytes, order, lengths, times.
func TestAsTcpdump(t *testing.T) {
	const n = 50_000
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, RingKiB: 65536})
	wait := p.tcpdump(p.b, n, "-i", "v1")
	p.trafgen(p.a, "v0", `
		{ 2,0,0,0,0,2, 2,0,0,0,0,1, 0x88,0xb5, drnd(50), dinc(0,255) }
		{ 2,0,0,0,0,2, 2,0,0,0,0,1, 0x81,0x00, 0x20,7, 0x88,0xb5, drnd(50), dinc(0,255) }
		{ 2,0,0,0,0,2, 2,0,0,0,0,1, 0x88,0xa8, 0x20,7, 0x81,0x00, 0,9, 0x88,0xb5, drnd(900) }`, n)
	var have []sock.Frame
	p.read(c, func(f *sock.Frame) bool {
		one := *f
		one.Data = bytes.Clone(f.Data)
		have = append(have, one)
		return len(have) < n
	})
	want := p.pcapFile(wait())
	if more := p.rest(c); len(more) != 0 || len(want) != n {
		t.Fatalf("%d frames too many, tcpdump has %d", len(more), len(want))
	}
	for i, w := range want {
		h := have[i]
		if !bytes.Equal(h.Data, w.Data) || h.Len != w.Len || h.Time != w.Time || h.IfaceName != "v1" || h.Direction != sock.OtherHost {
			t.Fatalf("frame %d:\nhave %d %d %s %s %x\nwant %d %d %x", i, h.Len, h.Time, h.IfaceName, h.Direction, h.Data, w.Len, w.Time, w.Data)
		}
	}
	if k := c.Counts(); k.Received != n || k.Dropped != 0 || k.Malformed != 0 {
		t.Errorf("counts: %+v", k)
	}
}
