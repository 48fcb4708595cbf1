package main

import (
	"io"
	"os"
	"testing"
	"time"

	"pkl/luabind"
	"pkl/luabind/lualib"
	"pkl/sock"
)

// TestFrameLaneAllocs: what a frame of an interface passes until it is written, or
// ready to leave by the other side of a bridge, allocates nothing.
func TestFrameLaneAllocs(t *testing.T) {
	for name, rule := range map[string]string{"no rule": "", "a rule": "local n = 0; pkl.on(function(pkt) n = n + 1 end)"} {
		c := newCLI(nil, io.Discard, io.Discard)
		l := &live{c: c, o: &runOptions{}, failures: make(chan error, 1)}
		l.o.direction = "in"
		l.cfg = c.hostConfig(false, 0, nil)
		l.cfg.Budget = time.Hour
		l.cfg.Counters, l.cfg.Shared = &lualib.Counters{}, &lualib.SharedMaps{}
		var err error
		if l.out, err = c.newLiveSink(os.DevNull, linkEthernet); err != nil {
			t.Fatal(err)
		}
		defer l.out.close()
		w := l.newWorker()
		k := &frameLane{w: w, in: &sock.Capture{}, out: &sock.Sender{}, want: l.o.wants}
		w.lane = k
		gen, err := luabind.NewGeneration(l.cfg, []luabind.Script{{Name: "test.lua", Source: []byte(rule)}})
		if err != nil {
			t.Fatal(err)
		}
		next, err := l.start(gen, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer next.st.Close()
		w.st = next.st
		frames := make([]sock.Frame, 64)
		for i := range frames {
			frames[i] = sock.Frame{Data: make([]byte, 64), Len: 64, IfaceName: "v0"}
		}
		if n := testing.AllocsPerRun(100, func() {
			k.batch = frames
			k.choose()
			for i := range k.batch {
				w.judge(i)
			}
			if len(k.send) != len(frames) {
				t.Fatalf("%s: %d frames are to leave, want %d", name, len(k.send), len(frames))
			}
			k.send, k.keep = k.send[:0], k.keep[:0]
		}); n > float64(len(frames)/8) { // handles are cut from blocks
			t.Errorf("%s: %v allocations in %d frames", name, n, len(frames))
		}
		if len(l.failures) > 0 {
			t.Error(<-l.failures)
		}
	}
}

// TestChoose: what does not go the way that is asked for is left out, the others keep their order.
func TestChoose(t *testing.T) {
	o := &ifaceOptions{direction: "out"}
	k := &frameLane{want: o.wants}
	for i, d := range []sock.Direction{sock.Outgoing, sock.ToHost, sock.Outgoing, sock.Broadcast, sock.Outgoing} {
		k.batch = append(k.batch, sock.Frame{Len: i, Direction: d})
	}
	k.choose()
	if len(k.batch) != 3 || k.size(0) != 0 || k.size(1) != 2 || k.size(2) != 4 {
		t.Errorf("%v", k.batch)
	}
}
