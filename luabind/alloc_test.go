package luabind_test

import (
	"testing"
	"time"

	"pkl/core"
	"pkl/luabind"
)

// allocsPerPacket is what judging a packet allocates.
func allocsPerPacket(t *testing.T, s *luabind.State, linkType int, data []byte) float64 {
	t.Helper()
	var p core.Packet
	n := testing.AllocsPerRun(2000, func() {
		p.Reset(s.Registry(), core.Meta{LinkType: linkType, Number: 1}, data)
		s.Handle(&p)
	})
	if e := s.Errors(); len(e) > 0 {
		t.Fatal(e[0].String())
	}
	return n
}

// TestAllocs bounds what reading costs in a rule: what the second read adds to
// the first, which also pays for the handles.
func TestAllocs(t *testing.T) {
	perPacket := func(src string) float64 {
		s := start(t, quiet(), "pkl.on(function(pkt) local ip, t = pkt.ip, pkt.tcp "+src+" end)")
		return allocsPerPacket(t, s, 1, synBytes())
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

// TestQueueAllocs: under the budget of a queue, what a packet allocates is its
// texts; handles and numbers are cut from blocks.
func TestQueueAllocs(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		want float64
	}{
		"accept":  {queueAccept, 0},
		"rewrite": {queueRewrite, 6}, // three texts, as Lua makes them
	} {
		cfg := quiet()
		cfg.Budget = time.Hour
		s := start(t, cfg, c.src)
		if n := allocsPerPacket(t, s, 101, wire(t, datagram)); n > c.want {
			t.Errorf("%s: %v allocations, want %v at most", name, n, c.want)
		}
	}
}

// sameReader gives the same packet for ever, of an interface of a file.
type sameReader struct {
	data  []byte
	iface int
}

func (r *sameReader) Read(m *core.Meta, o *luabind.Origin) ([]byte, error) {
	m.LinkType, o.Iface = 1, r.iface
	return r.data, nil
}

func (r *sameReader) LinkType() int { return 1 }
func (r *sameReader) Close() error  { return nil }

// noWriter takes packets and keeps none.
type noWriter struct{}

func (noWriter) Write(*core.Meta, *luabind.Origin, []byte) error { return nil }
func (noWriter) Close() error                                    { return nil }

// TestFileAllocs: what a file says about its packets costs nothing per packet,
// neither read nor written.
func TestFileAllocs(t *testing.T) {
	perPacket := func(iface int, body string) float64 {
		cfg := quiet()
		cfg.Allow = luabind.AllowRead | luabind.AllowWrite
		cfg.Open = func(string) (luabind.Reader, error) { return &sameReader{synBytes(), iface}, nil }
		cfg.Create = func(string, luabind.CreateOptions) (luabind.Writer, error) { return noWriter{}, nil }
		s := start(t, cfg, "local r, w = pkl.open('in'), pkl.create('out') pkl.on(function(pkt) "+body+" end)")
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
	if first, second := perPacket(0, "r:next()"), perPacket(1, "r:next()"); second > first {
		t.Errorf("a packet of the second interface: %v allocations, of the first %v", second, first)
	}
	if none, written := perPacket(0, "local f = w.write"), perPacket(0, "w:write(pkt)"); written > none {
		t.Errorf("a packet that is written: %v allocations more", written-none)
	}
}
