//go:build linux

package sock_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pkl/sock"
)

// wantDown reads until the capture says that its interface is down.
func (p *pair) wantDown(c *sock.Capture, removed bool) {
	p.Helper()
	limit := time.Now().Add(patience)
	frames, err := c.Read(limit)
	for err == nil && len(frames) > 0 { // what came before
		frames, err = c.Read(limit)
	}
	var down *sock.DownError
	if !errors.As(err, &down) || down.Removed != removed || down.Iface != "v1" {
		p.Fatalf("%v, want removed %v", err, removed)
	}
}

// An interface that goes down is told; when it is up again, the capture and the
// sender go on, and Attach waits for that. The same with one that is removed and
// made again.
func TestDownAndUp(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true})
	s := p.sender(p.b, sock.SenderConfig{Iface: "v1"})
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	defer cancel()
	frames := []sock.Frame{{Data: numbered(0, 60)}}
	passes := func() {
		t.Helper()
		other := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
		// The kernel takes its time to let frames through after a device is up.
		sending, stop := context.WithCancel(ctx)
		stopped := make(chan error)
		go func() {
			_, err := other.Repeat(sending, frames, sock.Plan{Loop: true, Rate: 50})
			stopped <- err
		}()
		p.read(c, func(f *sock.Frame) bool { return f.IfaceName != "v1" || f.Direction != sock.OtherHost })
		stop()
		if err := <-stopped; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := s.Send(t.Context(), frames); err != nil {
			t.Fatal(err)
		}
	}
	passes()
	for range 2 {
		waits := time.AfterFunc(50*time.Millisecond, func() { p.b.Run(context.Background(), "ip", "link", "set", "v1", "down") })
		p.wantDown(c, false)
		waits.Stop()
		var down *sock.DownError
		if n, err := s.Send(t.Context(), frames); n != 0 || !errors.As(err, &down) || down.Removed {
			t.Fatalf("sending: %d %v", n, err)
		}
		if frames, err := c.Read(time.Now()); len(frames) != 0 || err != nil {
			t.Fatalf("reading on: %v %v", frames, err)
		}
		soon, end := context.WithTimeout(ctx, 20*time.Millisecond)
		if err := c.Attach(soon); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("attached to an interface that is down: %v", err)
		}
		end()
		time.AfterFunc(50*time.Millisecond, func() { p.b.Run(context.Background(), "ip", "link", "set", "v1", "up") })
		p.must(c.Attach(ctx))
		p.must(s.Attach(ctx))
		passes()
	}
	p.ip(p.b, "link del v1")
	p.wantDown(c, true)
	p.wantDown(c, true) // until it is back
	var down *sock.DownError
	if n, err := s.Send(t.Context(), frames); n != 0 || !errors.As(err, &down) || !down.Removed {
		t.Fatalf("sending: %d %v", n, err)
	}
	time.AfterFunc(50*time.Millisecond, func() {
		p.b.Run(context.Background(), "ip", strings.Fields("link add v1 type veth peer name v0 netns "+p.a.Name)...)
		p.a.Run(context.Background(), "ip", "link", "set", "v0", "up")
		p.b.Run(context.Background(), "ip", "link", "set", "v1", "up")
	})
	p.must(c.Attach(ctx))
	p.must(s.Attach(ctx))
	passes()
	p.ip(p.b, "link del v1")
	p.wantDown(c, true)
	closing := make(chan struct{})
	go func() { time.Sleep(50 * time.Millisecond); c.Close(); close(closing) }()
	if err := c.Attach(ctx); err == nil {
		t.Error("attached to nothing")
	}
	<-closing
}

// An interface that is removed while it is down is told, too, though the kernel
// says nothing of that.
func TestRemovedWhileDown(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1"})
	p.ip(p.b, "link set v1 down")
	p.wantDown(c, false)
	if frames, err := c.Read(time.Now().Add(250 * time.Millisecond)); len(frames) != 0 || err != nil {
		t.Fatalf("reading on: %v %v", frames, err)
	}
	waits := time.AfterFunc(50*time.Millisecond, func() { p.b.Run(context.Background(), "ip", "link", "del", "v1") })
	defer waits.Stop()
	var err error
	for limit := time.Now().Add(patience); err == nil && time.Now().Before(limit); { // also where each Read is short
		_, err = c.Read(time.Now().Add(20 * time.Millisecond))
	}
	if err == nil {
		t.Fatal("nothing is told")
	}
	p.wantDown(c, true)
}
