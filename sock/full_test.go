//go:build linux

package sock_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"testing"
	"time"

	"pkl/internal/netns/netlab"
	"pkl/sock"
)

// A Send that waits for room ends with its ctx, and when the sender is closed.
func TestFullEnds(t *testing.T) {
	netlab.Need(t, "tc")
	p := newPair(t)
	netlab.Run(t, p.a, "tc", "qdisc", "add", "dev", "v0", "root", "tbf", "rate", "8kbit", "burst", "4kb", "limit", "100mb")
	frame := []sock.Frame{{Data: numbered(0, 1000)}}
	for range 2 { // the second finds what the first has left
		s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
		for range 2 {
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				for s.Counts().Waits == 0 {
					time.Sleep(time.Millisecond)
				}
				cancel()
			}()
			if n, err := s.Repeat(ctx, frame, sock.Plan{Loop: true}); !errors.Is(err, context.Canceled) || n != s.Counts().Sent && n != 0 {
				t.Errorf("sent %d of %+v: %v", n, s.Counts(), err)
			}
		}
		time.AfterFunc(50*time.Millisecond, func() { s.Close() })
		if _, err := s.Repeat(t.Context(), frame, sock.Plan{Loop: true}); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	}
}

// A frame that the interface never takes, as it is thrown away each time, is told
// in time, and so are those like it; the others leave.
func TestNoRoom(t *testing.T) {
	netlab.Need(t, "tc")
	p := newPair(t)
	p.ip(p.a, "link set v0 mtu 4000")
	p.ip(p.b, "link set v1 mtu 4000")
	netlab.Run(t, p.a, "tc", "qdisc", "add", "dev", "v0", "root", "tbf", "rate", "100mbit", "burst", "2kb", "limit", "1mb")
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0", Patience: 50 * time.Millisecond})
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true})
	frames := []sock.Frame{{Data: numbered(0, 60)}, {Data: numbered(1, 3000)}, {Data: numbered(2, 3000)}, {Data: numbered(3, 60)}}
	full := func(err error) bool {
		var e *sock.NoRoomError
		return errors.As(err, &e) && e.Iface == "v0" && e.Len >= 3000
	}
	if n, err := s.Send(t.Context(), frames); n != 1 || !full(err) {
		t.Errorf("sent %d: %v", n, err)
	}
	refused := 0
	n, err := s.Replay(t.Context(), reused(frames), sock.Timing{Refused: func(_ *sock.Frame, err error) error {
		if !full(err) {
			t.Error(err)
		}
		refused++
		return nil
	}})
	if n != 2 || refused != 2 || err != nil {
		t.Errorf("%d sent, %d refused: %v", n, refused, err)
	}
	for i, f := range p.take(c, 3) {
		if want := frames[3*(i/2)]; !bytes.Equal(f.Data, want.Data) {
			t.Errorf("frame %d is %x", i, f.Data)
		}
	}
}

// Where the interface's queue, or the socket's buffer, is full, Send waits without
// working and loses nothing.
func TestFull(t *testing.T) {
	netlab.Need(t, "tc")
	for name, c := range map[string]struct {
		n     int
		queue []string
		waits func(sock.SendCounts) uint64
	}{
		"queue":  {300, []string{"tbf", "rate", "4mbit", "burst", "4kb", "limit", "9000"}, func(k sock.SendCounts) uint64 { return k.Full }},
		"buffer": {9000, []string{"tbf", "rate", "100mbit", "burst", "16kb", "limit", "100mb"}, func(k sock.SendCounts) uint64 { return k.Waits }},
	} {
		p := newPair(t)
		netlab.Run(t, p.a, "tc", append([]string{"qdisc", "add", "dev", "v0", "root"}, c.queue...)...)
		got := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, RingKiB: 32768})
		s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
		var frames []sock.Frame
		missing := map[string]bool{}
		for i := range c.n {
			frames = append(frames, sock.Frame{Data: numbered(i, 1000)})
			missing[string(frames[i].Data)] = true
		}
		before := cpu(t)
		start := time.Now()
		if n, err := s.Send(t.Context(), frames); n != c.n || err != nil {
			t.Fatalf("%s: sent %d: %v", name, n, err)
		}
		t.Logf("%s: %+v in %s, %s of processor time", name, s.Counts(), time.Since(start), cpu(t)-before)
		// A qdisc that two processors empty gives frames out of order.
		p.read(got, func(f *sock.Frame) bool {
			if !missing[string(f.Data)] {
				t.Fatalf("%s: a frame too many, or a strange one: %x", name, f.Data[:24])
			}
			delete(missing, string(f.Data))
			return len(missing) > 0
		})
		if k := s.Counts(); c.waits(k) == 0 || k.Sent != uint64(c.n) {
			t.Errorf("%s: counts %+v", name, k)
		}
	}
}
