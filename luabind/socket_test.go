package luabind_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
)

// A cable is a network with one interface, w0, and one host at the other end,
// which echoes what asks for it: it answers each ICMP echo request, with a
// sequence number below 100, and a UDP packet to port 7 with two.
type cable struct {
	reg    *core.Registry
	asks   *core.Filter // what is answered
	echoes *core.Filter // what is echoed, twice
	opened []luabind.SocketOptions
	sent   [][]byte
	plans  []luabind.SendOptions
	timing luabind.ReplayTiming
}

// A cableSocket is a socket on it.
type cableSocket struct {
	w  *cable
	o  luabind.SocketOptions
	in [][]byte
	n  luabind.SocketStats
}

func newCable(t *testing.T) *cable {
	t.Helper()
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return &cable{reg: reg, asks: must(reg.Filter("icmp.type == echo_request and icmp.seq < 100")), echoes: must(reg.Filter("udp.dport == 7"))}
}

func (w *cable) Open(o luabind.SocketOptions) (luabind.Socket, error) {
	if o.Iface != "w0" && o.Iface != "" {
		return nil, errors.New(`there is no interface "` + o.Iface + `"`)
	}
	w.opened = append(w.opened, o)
	return &cableSocket{w: w, o: o}, nil
}

func (w *cable) Interfaces() ([]luabind.Interface, error) {
	return []luabind.Interface{{Name: "w0", Index: 3, MAC: []byte{2, 0, 0, 0, 0, 1}, MTU: 1500, Up: true, LinkType: 1,
		Addrs: []netip.Prefix{netip.MustParsePrefix("10.0.0.1/24")}}}, nil
}

func (w *cable) Route(dst netip.Addr) (luabind.Route, error) {
	if dst == netip.MustParseAddr("203.0.113.1") {
		return luabind.Route{}, errors.New("no route to 203.0.113.1")
	}
	return luabind.Route{Iface: "w0", Gateway: netip.MustParseAddr("10.0.0.254"), Source: netip.MustParseAddr("10.0.0.1"), MTU: 1500}, nil
}

func (k *cableSocket) Read(m *core.Meta, f *luabind.Facts, until time.Time) ([]byte, error) {
	if len(k.in) == 0 {
		time.Sleep(min(time.Until(until), 5*time.Millisecond))
		return nil, os.ErrDeadlineExceeded
	}
	b := k.in[0]
	k.in = k.in[1:]
	k.n.Received++
	*m = core.Meta{Time: time.Now().UnixNano(), LinkType: k.LinkType(), Iface: "w0", Number: int(k.n.Received)}
	f.Offload.SegmentSize = 1448
	return b, nil
}

func (k *cableSocket) Send(ctx context.Context, frames []luabind.Frame, o luabind.SendOptions) (int, error) {
	k.w.plans = append(k.w.plans, o)
	for i, f := range frames {
		if err := k.send(f); err != nil {
			return i, err
		}
	}
	return len(frames) * max(1, o.Count), nil
}

func (k *cableSocket) send(f luabind.Frame) error {
	if len(f.Data) > 1514 && f.Offload.SegmentSize == 0 {
		return errors.New("1600 bytes are too long for w0, whose MTU is 1500")
	}
	k.n.Sent++
	k.w.sent = append(k.w.sent, append([]byte(nil), f.Data...))
	k.answer(f.Data)
	return nil
}

func (k *cableSocket) answer(b []byte) {
	var p core.Packet
	p.Reset(k.w.reg, core.Meta{LinkType: k.LinkType()}, b)
	q := p.Copy()
	_ = q.Reverse()
	switch icmp := q.Find(k.w.reg.Proto("icmp"), 1); {
	case k.w.asks.Match(&p):
		_ = q.Set(icmp, q.LayoutOf(icmp).Slot("type"), 0)
		q.Update()
		k.in = append(k.in, bytes.Clone(b), bytes.Clone(q.Raw())) // the question too, as on loopback
	case k.w.echoes.Match(&p):
		q.Update()
		k.in = append(k.in, bytes.Clone(q.Raw()), bytes.Clone(q.Raw()))
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (k *cableSocket) Replay(ctx context.Context, next func(*luabind.Frame) error, t luabind.ReplayTiming) (n int, err error) {
	k.w.timing = t
	var f luabind.Frame
	for {
		err := next(&f)
		if err == io.EOF {
			return n, nil
		}
		if err == nil {
			err = k.send(f)
		}
		if err != nil {
			return n, err
		}
		n++
	}
}

func (k *cableSocket) LinkType() int {
	if k.o.Layer == 3 {
		return 101
	}
	return 1
}

func (k *cableSocket) MAC() []byte                { return []byte{2, 0, 0, 0, 0, 1} }
func (k *cableSocket) Stats() luabind.SocketStats { return k.n }
func (k *cableSocket) Close() error               { return nil }

// TestSocket runs chunks with a cable, each a program of its own. A line that
// ends in --! text must raise.
func TestSocket(t *testing.T) {
	src, err := os.ReadFile("testdata/socket/socket.lua")
	if err != nil {
		t.Fatal(err)
	}
	line := 0
	for chunk := range strings.SplitSeq(string(src), "\n---\n") {
		source := strings.Repeat("\n", line) + chunk
		line += strings.Count(chunk, "\n") + 2
		name, _, _ := strings.Cut(strings.TrimSpace(chunk), "\n")
		t.Run(name, func(t *testing.T) {
			w := newCable(t)
			network = w
			defer func() { network = nil }()
			runChunk(t, "socket.lua", source)
		})
	}
}

// network is what runProgram gives scripts.
var network luabind.Network

// TestSocketShared: states that open one with equal parameters get one socket.
func TestSocketShared(t *testing.T) {
	w := newCable(t)
	cfg := config()
	cfg.Allow = luabind.AllowNet
	cfg.Network, cfg.Sockets = w, &luabind.Sockets{}
	src := `local s = assert(pkl.socket{iface = "w0", filter = "arp"}) local t = assert(pkl.socket{iface = "w0"})`
	g := must(luabind.NewGeneration(cfg, []luabind.Script{{Name: "a.lua", Source: []byte(src)}}))
	a, b := must(g.NewState(1)), must(g.NewState(2))
	for _, s := range []*luabind.State{a, b} {
		if err := s.Run(); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.opened) != 2 {
		t.Errorf("%d sockets, want 2", len(w.opened))
	}
	a.Close()
	c := must(g.NewState(1))
	if err := c.Run(); err != nil || len(w.opened) != 2 {
		t.Errorf("%v; %d sockets after a state is gone, want 2", err, len(w.opened))
	}
	b.Close()
	c.Close()
	d := must(g.NewState(1))
	defer d.Close()
	if err := d.Run(); err != nil || len(w.opened) != 4 {
		t.Errorf("%v; %d sockets after all were gone, want 4", err, len(w.opened))
	}
}

// TestReplayShared: a function that gives packets may use the socket that they leave by.
func TestReplayShared(t *testing.T) {
	w := newCable(t)
	cfg := config()
	cfg.Allow = luabind.AllowNet
	cfg.Network, cfg.Sockets = w, &luabind.Sockets{}
	start(t, cfg, `local p, n = pkl.eth{} + pkl.arp{}, 0
assert(pkl.replay(function() n = n + 1 if n < 4 then pkl.send(p, {iface = "w0"}) return p end end, {iface = "w0"}) == 3)
assert(not pcall(pkl.replay, function() error("no") end, {iface = "w0"}))
assert(pkl.send(p, {iface = "w0"}) == 1)`)
	if len(w.sent) != 7 || len(w.opened) != 1 {
		t.Errorf("%d packets sent by %d sockets, want 7 by 1", len(w.sent), len(w.opened))
	}
}

// TestSendInRule: a rule may send, and may not wait.
func TestSendInRule(t *testing.T) {
	w := newCable(t)
	cfg := quiet()
	cfg.Allow, cfg.Network = luabind.AllowNet, w
	s := start(t, cfg, `local k = assert(pkl.socket{iface = "w0"})
pkl.on{name = "sends", filter = "frame.number == 1", on_packet = function(p) assert(k:send(p) == 1) end}
pkl.on("frame.number == 2", function(p) k:recv() end)
pkl.on("frame.number == 3", function(p) k:sr1(p) end)
pkl.on("frame.number == 4", function(p) for q in k:packets{} do end end)
pkl.on("frame.number == 5", function(p) k:send(p, {rate = 10}) end)
pkl.on("frame.number == 6", function(p) pkl.sr1(p, {iface = "w0"}) end)`)
	for i := 1; i <= 6; i++ {
		judge(t, s, i)
	}
	if len(w.sent) != 1 {
		t.Errorf("%d packets sent, want 1", len(w.sent))
	}
	errs := s.Errors()
	if len(errs) != 5 {
		t.Fatalf("%d errors, want 5: %+v", len(errs), errs)
	}
	for _, e := range errs {
		if !strings.Contains(e.Text, "a rule cannot wait") {
			t.Error(e.Text)
		}
	}
}
