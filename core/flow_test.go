package core

import "testing"

const (
	showQuery  = showHead + "4500001c 00010000 4011f6ce c0000201 c0000202 0401 0035 00080000"
	showAnswer = showHead + "4500001c 00090000 4011f6c6 c0000202 c0000201 0035 0401 00080000"
	showTunnel = showHead + "45000030 00010000 4004f6c7 0a000001 0a000002" + "4500001c 00010000 4011f6ce c0000202 c0000201 00350401 00080000"
)

func TestFlow(t *testing.T) {
	for _, c := range []struct{ wire, outer, inner string }{
		{showQuery, "udp 192.0.2.1:1025 192.0.2.2:53", "udp 192.0.2.1:1025 192.0.2.2:53"},
		{showAnswer, "udp 192.0.2.1:1025 192.0.2.2:53", "udp 192.0.2.1:1025 192.0.2.2:53"},
		{showPing, "icmp 192.0.2.1 192.0.2.2", "icmp 192.0.2.1 192.0.2.2"},
		{showTunnel, "ip 10.0.0.1/192.0.2.2 10.0.0.2/192.0.2.1", "udp 192.0.2.1:1025 192.0.2.2:53"},
		{showHead + "45000014 00010000 4063f682 c0000202 c0000201", "ip 192.0.2.1 192.0.2.2", "ip 192.0.2.1 192.0.2.2"},
		{"020000000002 020000000001 0806", "", ""},
	} {
		p := showWire(t, c.wire)
		if got := p.Flow(false); got != c.outer {
			t.Errorf("outer: %q, want %q", got, c.outer)
		}
		if got := p.Flow(true); got != c.inner {
			t.Errorf("inner: %q, want %q", got, c.inner)
		}
	}
}

func TestFlowIP6(t *testing.T) {
	e := end{addr: make([]byte, 16), addrSlot: &Slot{Field: &Field{}, Kind: IP6}, num: 80, portSlot: &Slot{Field: &Field{}, Bits: 16}}
	e.addr[15] = 1
	if got := string(e.append(nil)); got != "[::1]:80" {
		t.Error(got)
	}
	e.portSlot = nil
	if got := string(e.append(nil)); got != "::1" {
		t.Error(got)
	}
}

func TestFlowHash(t *testing.T) {
	q, a, ping := showWire(t, showQuery), showWire(t, showAnswer), showWire(t, showPing)
	if q.FlowHash(false) != a.FlowHash(false) || q.FlowHash(false) == ping.FlowHash(false) || q.FlowHash(false) == 0 {
		t.Error("hashes are of the wrong packets")
	}
	if n := testing.AllocsPerRun(100, func() { q.FlowHash(false) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestDirection(t *testing.T) {
	q, a, tun := showWire(t, showQuery), showWire(t, showAnswer), showWire(t, showTunnel)
	for _, c := range []struct {
		a, b  *Packet
		inner bool
		want  string
	}{
		{q, q, false, "same"}, {q, a, false, "reverse"}, {q, showWire(t, showPing), false, ""}, {q, showWire(t, "00"), false, ""},
		{q, tun, false, ""}, {q, tun, true, "reverse"},
	} {
		if got := Direction(c.a, c.b, c.inner); got != c.want {
			t.Errorf("%s and %s: %q, want %q", c.a.Flow(c.inner), c.b.Flow(c.inner), got, c.want)
		}
	}
}

func TestReverse(t *testing.T) {
	p := showWire(t, showAlert)
	before := p.String()
	if err := p.Set(p.Last(), p.LayoutOf(p.Last()).Slot("dport"), 99); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := p.Reverse(); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Reverse(); err != nil {
		t.Fatal(err)
	}
	want := `eth dst=02:00:00:00:00:01 src=02:00:00:00:00:02 type=0x800 trailer=0000
ip v=4 ihl=6 tos=0x0 len=35 id=1 flags=DF off=0 ttl=64 p=udp sum=0x21c1 src=192.0.2.2 dst=192.0.2.1 opts=[{type=148 len=4 body=0000}]
udp sport=99 dport=53 len=11 sum=0xb6d9 body=616263`
	if got := p.String(); got != want {
		t.Errorf("%s\nwant\n%s\nbefore\n%s", got, want, before)
	}
}
