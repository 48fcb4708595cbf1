package protocols

import (
	"fmt"
	"testing"

	"pkl/core"
)

// A key with a check leads to a protocol whose header is broken, if the check
// holds over what is there of it.
func TestBrokenBelowCheck(t *testing.T) {
	reg := registry(t)
	raw6 := make([]byte, 40)
	raw6[0] = 0x60
	raw4 := make([]byte, 20)
	raw4[0] = 0x45
	for _, link := range []int{101, 12, 14, 228} {
		for _, tt := range []struct {
			bytes []byte
			want  string
		}{
			{raw6[:1], "ip6 at byte 0: need 40 bytes, have 1"},
			{raw6[:39], "ip6 at byte 0: need 40 bytes, have 39"},
			{raw4[:1], "ip at byte 0: need 20 bytes, have 1"},
			{raw4[:19], "ip at byte 0: need 20 bytes, have 19"},
			{append([]byte{0x43}, raw4[1:]...), "ip at byte 0: header too short: need 20 bytes, have 12"},
			{append([]byte{0x46}, raw4[1:]...), "ip at byte 0: need 24 bytes, have 20"},
			{append([]byte{0x70}, raw4[1:]...), "<nil>"}, // no version of IP
			{nil, "<nil>"},
		} {
			var p core.Packet
			p.Reset(reg, core.Meta{LinkType: link, Len: len(tt.bytes)}, tt.bytes)
			if have := fmt.Sprint(p.Err()); have != tt.want || p.First() != core.None {
				t.Errorf("link type %d, %x: %s, want %s", link, tt.bytes, have, tt.want)
			}
		}
	}
}

// Of LLC, too. Packets that fail their check are no LLC, whole or not.
func TestBrokenLLC(t *testing.T) {
	const macs = `020000000001 020000000002`
	runWires(t, []wire{
		{"one byte", "", macs + ` 0001 42 00000000`, `
			layers eth
			err llc at byte 14: need 2 bytes, have 1`},
		{"SNAP cut", "", macs + ` 0007 aaaa03 000000 08 00000000`, `
			layers eth
			err llc at byte 14: need 8 bytes, have 7`},
		{"raw IPX", "", macs + ` 0004 ffff 0004`, `
			layers eth
			err`},
	})
}

// The header of a loopback interface has four bytes, whatever they say.
func TestLoopHeader(t *testing.T) {
	runWires(t, []wire{
		{"cut", "loop", `020000`, `
			layers
			err loop at byte 0: need 4 bytes, have 3`},
		{"no family", "loop", `02000002 aabb`, `
			layers loop
			loop.family 33554434
			loop.body aabb`},
	})
}
