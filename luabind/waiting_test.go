package luabind_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pkl/luabind"
)

// A drain is a network whose sockets take what they are given.
type drain struct {
	*cable
	cableSocket
	send func(ctx context.Context) error
	n    int
}

func (d *drain) Open(luabind.SocketOptions) (luabind.Socket, error) { return d, nil }

func (d *drain) Send(ctx context.Context, frames []luabind.Frame, _ luabind.SendOptions) (int, error) {
	if err := d.send(ctx); err != nil {
		return 0, err
	}
	d.n += len(frames)
	return len(frames), context.Cause(ctx)
}

func (d *drain) MAC() []byte { return nil }

// TestSendAllocs: what a rule sends as it came allocates nothing more than the call of a method does.
func TestSendAllocs(t *testing.T) {
	perPacket := func(body string) float64 {
		d := &drain{send: context.Cause}
		cfg := quiet()
		cfg.Budget = time.Hour
		cfg.Allow, cfg.Network = luabind.AllowNet, d
		s := start(t, cfg, `local k = assert(pkl.socket{iface = "w0"}) pkl.on(function(pkt) `+body+` end)`)
		n := allocsPerPacket(t, s, 1, synBytes())
		if sends := body == "k:send(pkt)"; sends != (d.n > 0) {
			t.Fatalf("%q: %d packets sent", body, d.n)
		}
		return n
	}
	if none, sent := perPacket("local f = k.send, pkt"), perPacket("k:send(pkt)"); sent > none {
		t.Errorf("a packet that is sent: %v allocations more", sent-none)
	}
}

// TestSendPatience: what a rule sends does not wait for long, whether the socket
// waits for the end of its context or looks now and then, and each packet has the
// whole time.
func TestSendPatience(t *testing.T) {
	waits := map[string]func(context.Context) error{
		"waits": func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) },
		"looks": func(ctx context.Context) error {
			for context.Cause(ctx) == nil {
				time.Sleep(time.Millisecond)
			}
			return context.Cause(ctx)
		},
		"afterwards": func(ctx context.Context) error {
			ended := make(chan struct{})
			defer context.AfterFunc(ctx, func() { close(ended) })()
			<-ended
			return context.Cause(ctx)
		},
	}
	for name, wait := range waits {
		full := true
		d := &drain{send: func(ctx context.Context) error {
			if !full {
				return context.Cause(ctx)
			}
			if end, ok := ctx.Deadline(); !ok || time.Until(end) > time.Minute {
				return errors.New("no deadline")
			}
			return wait(ctx)
		}}
		cfg := quiet()
		cfg.Allow, cfg.Network = luabind.AllowNet, d
		s := start(t, cfg, `local k = assert(pkl.socket{iface = "w0"})
pkl.on("frame.number < 3", function(p) local n, why = k:send(p) assert(not n and why:find("no room"), why) end)
pkl.on("frame.number == 3", function(p) assert(k:send(p) == 1) end)`)
		for i := 1; i <= 3; i++ {
			full = i < 3
			judge(t, s, i)
		}
		if e := s.Errors(); len(e) > 0 || d.n != 1 {
			t.Errorf("%s: %d packets sent, want 1; %v", name, d.n, e)
		}
	}
}

// TestSendInterrupted: the end of a run ends what a program sends.
func TestSendInterrupted(t *testing.T) {
	var s *luabind.State
	d := &drain{}
	d.send = func(ctx context.Context) error {
		go s.Interrupt(errors.New("enough"))
		<-ctx.Done()
		return context.Cause(ctx)
	}
	cfg := quiet()
	cfg.Allow, cfg.Network = luabind.AllowNet, d
	g := must(luabind.NewGeneration(cfg, []luabind.Script{{Name: "a.lua", Source: []byte(`local k = assert(pkl.socket{iface = "w0"})
while true do k:send(pkl.eth{} + "x") end`)}}))
	s = must(g.NewState(1))
	defer s.Close()
	if err := s.Run(); err == nil || d.n != 0 {
		t.Errorf("%v, %d packets sent", err, d.n)
	}
}
