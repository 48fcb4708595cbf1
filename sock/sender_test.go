//go:build linux

package sock_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/sock"
)

func (p *pair) sender(ns *netns.Namespace, c sock.SenderConfig) (s *sock.Sender) {
	p.Helper()
	p.must(ns.Do(func() (err error) { s, err = sock.OpenSender(c); return err }))
	p.Cleanup(func() { s.Close() })
	return s
}

// numberedFrames are n frames of growing size, the odd ones tagged.
func numberedFrames(n int) (all []sock.Frame) {
	for i := range n {
		all = append(all, sock.Frame{Data: numbered(i, 60+i%1400)})
	}
	return all
}

// Frames arrive whole and in order, the tagged ones too.
func TestSendReceive(t *testing.T) {
	const n = 20_000
	for _, bypass := range []bool{false, true} {
		p := newPair(t)
		c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, RingKiB: 65536})
		s := p.sender(p.a, sock.SenderConfig{Iface: "v0", QdiscBypass: bypass})
		frames := numberedFrames(n)
		p.send(s, frames, c)
		i := 0
		p.read(c, func(f *sock.Frame) bool {
			if !bytes.Equal(f.Data, frames[i].Data) || f.Len != len(f.Data) {
				t.Fatalf("frame %d: %d %x\nwant %x", i, f.Len, f.Data, frames[i].Data)
			}
			i++
			return i < n
		})
		if more := p.take(c, 0); len(more) != 0 {
			t.Errorf("%d frames too many", len(more))
		}
		if k := s.Counts(); k.Sent != n || k.Full != 0 {
			t.Errorf("counts: %+v", k)
		}
	}
}

// What does not fit the interface is told with its MTU; those before it have left.
func TestTooLong(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	frames := []sock.Frame{{Data: numbered(0, 60)}, {Data: numbered(2, 1514)}, {Data: numbered(3, 1514)}, {Data: numbered(4, 1519)}, {Data: numbered(6, 60)}}
	sent, err := s.Send(t.Context(), frames)
	var long *sock.TooLongError
	if sent != 3 || !errors.As(err, &long) || *long != (sock.TooLongError{Iface: "v0", Len: 1519, MTU: 1500}) || err.Error() != "1519 bytes are too long for v0, whose MTU is 1500" {
		t.Errorf("sent %d: %v", sent, err)
	}
	var bad *sock.BadFrameError
	if sent, err = s.Send(t.Context(), []sock.Frame{{Data: make([]byte, 5)}}); sent != 0 || !errors.As(err, &bad) {
		t.Errorf("5 bytes: sent %d: %v", sent, err)
	}
	if sent, err = s.Send(t.Context(), []sock.Frame{{}}); sent != 0 || err == nil {
		t.Errorf("no bytes: sent %d: %v", sent, err)
	}
	if all := p.take(c, 3); len(all) != 3 {
		t.Errorf("%d frames arrived", len(all))
	}
}

func TestOpenErrors(t *testing.T) {
	p := newPair(t)
	p.ip(p.a, "link set v0 down")
	p.must(p.a.Do(func() error {
		_, err := sock.OpenCapture(sock.CaptureConfig{Iface: "nowhere0"})
		var none *sock.NoInterfaceError
		if !errors.As(err, &none) || !strings.Contains(err.Error(), `there is no interface "nowhere0"`) {
			t.Errorf("capture: %v", err)
		}
		for _, name := range []string{"", "a name longer than any interface's"} {
			if _, err = sock.OpenCapture(sock.CaptureConfig{Iface: name}); !errors.As(err, &none) {
				t.Errorf("capture on %q: %v", name, err)
			}
			if _, err = sock.OpenSender(sock.SenderConfig{Iface: name}); !errors.As(err, &none) {
				t.Errorf("sending by %q: %v", name, err)
			}
		}
		var down *sock.DownError
		if _, err := sock.OpenCapture(sock.CaptureConfig{Iface: "v0"}); !errors.As(err, &down) || down.Removed {
			t.Errorf("capture: %v", err)
		}
		if _, err := sock.OpenSender(sock.SenderConfig{Iface: "v0"}); !errors.As(err, &down) || down.Removed {
			t.Errorf("sender: %v", err)
		}
		return nil
	}))
}

// Counts are exact, also when ctx ends a run that has no end of its own.
func TestRepeat(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, RingKiB: 65536})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	frames := numberedFrames(3)
	for _, plan := range []sock.Plan{{Count: 500}, {Count: 7, Rate: 1e3}, {Count: 1000, Rate: 1e4, Loop: true}, {}} {
		n, err := s.Repeat(t.Context(), frames, plan)
		want := plan.Count
		if want == 0 {
			want = 3
		}
		if n != want || err != nil {
			t.Errorf("%+v: %d %v", plan, n, err)
		}
		all := p.take(c, int(want))
		if len(all) != int(want) {
			t.Errorf("%+v: %d arrived", plan, len(all))
		}
		for i, f := range all {
			if !bytes.Equal(f.Data, frames[i%3].Data) {
				t.Fatalf("%+v: frame %d is %x", plan, i, f.Data)
			}
		}
	}
	for _, plan := range []sock.Plan{{Loop: true}, {Loop: true, Rate: 0.5}} {
		ctx, cancel := context.WithCancel(t.Context())
		arrived := make(chan int)
		go func() {
			p.read(c, func(*sock.Frame) bool { cancel(); return false })
			arrived <- 1 + len(p.take(c, 0))
		}()
		before := s.Counts().Sent
		n, err := s.Repeat(ctx, frames, plan)
		if !errors.Is(err, context.Canceled) || n == 0 || n != s.Counts().Sent-before {
			t.Errorf("%+v: %d %v", plan, n, err)
		}
		// The rest of a batch in hand stays in the ring of the first read.
		if have := <-arrived; uint64(have) > n {
			t.Errorf("%+v: %d sent, %d arrived", plan, n, have)
		}
	}
	if n, err := s.Repeat(t.Context(), nil, sock.Plan{Loop: true}); n != 0 || err != nil {
		t.Errorf("nothing: %d %v", n, err)
	}
}

// Neither sending nor reading allocates for frames.
func TestSendReadAllocs(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, Latency: time.Millisecond})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0", Offload: true})
	frames := numberedFrames(500)
	allocs := testing.AllocsPerRun(20, func() {
		if _, err := s.Send(t.Context(), frames); err != nil {
			t.Fatal(err)
		}
		for got := 0; got < len(frames); {
			some, err := c.Read(time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			got += len(some)
		}
	})
	if allocs > 20 { // none for each frame
		t.Errorf("%v allocations for %d frames", allocs, len(frames))
	}
}
