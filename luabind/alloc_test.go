package luabind_test

import (
	"testing"

	"pkl/core"
)

// TestAllocs bounds what reading costs in a rule: what the second read adds to
// the first, which also pays for the handles.
func TestAllocs(t *testing.T) {
	perPacket := func(src string) float64 {
		s := start(t, quiet(), "pkl.on(function(pkt) local ip, t = pkt.ip, pkt.tcp "+src+" end)")
		data := synBytes()
		var p core.Packet
		n := testing.AllocsPerRun(2000, func() {
			p.Reset(s.Registry(), core.Meta{LinkType: 1, Number: 1}, data)
			s.Handle(&p)
		})
		if e := s.Errors(); len(e) > 0 {
			t.Fatal(e[0].String())
		}
		return n
	}
	none := perPacket("")
	for _, c := range []struct {
		src  string
		want float64
	}{
		{"local v = t.dport", 2},
		{"local v = t.seq", 2},
		{"local v = ip.src", 3},
		{"local v = t.SYN", 2},
		{"local v = ip.body", 3},
		{"t.dport = 81", 2},
	} {
		if got := perPacket(c.src) - none; got > c.want {
			t.Errorf("%s: %v allocations, want %v at most", c.src, got, c.want)
		}
	}
	if none > 3 {
		t.Errorf("two layers: %v allocations", none)
	}
}
