//go:build linux

package sock_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/bpf"

	"pkl/internal/netns/netlab"
	"pkl/sock"
)

// 50,000 frames from trafgen, each second one tagged, are those that tcpdump
// writes beside: bytes, order, lengths, times.
func TestAsTcpdump(t *testing.T) {
	const n = 50_000
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, RingKiB: 65536})
	wait := p.tcpdump(p.b, n, "-i", "v1")
	p.trafgen(p.a, "v0", `
		{ 2,0,0,0,0,2, 2,0,0,0,0,1, 0x88,0xb5, drnd(50), dinc(0,255) }
		{ 2,0,0,0,0,2, 2,0,0,0,0,1, 0x81,0x00, 0x20,7, 0x88,0xb5, drnd(50), dinc(0,255) }
		{ 2,0,0,0,0,2, 2,0,0,0,0,1, 0x88,0xa8, 0x20,7, 0x81,0x00, 0,9, 0x88,0xb5, drnd(900) }`, n, "--rate", "20000pps")
	var have []sock.Frame
	p.read(c, func(f *sock.Frame) bool {
		one := *f
		one.Data = bytes.Clone(f.Data)
		have = append(have, one)
		return len(have) < n
	})
	want := p.pcapFile(wait())
	if more := p.take(c, 0); len(more) != 0 || len(want) != n {
		t.Fatalf("%d frames too many, tcpdump has %d", len(more), len(want))
	}
	for i, w := range want {
		h := have[i]
		if !bytes.Equal(h.Data, w.Data) || h.Len != w.Len || h.Time != w.Time || h.IfaceName != "v1" || h.Direction != sock.OtherHost {
			t.Fatalf("frame %d:\nhave %d %d %s %s %x\nwant %d %d %x", i, h.Len, h.Time, h.IfaceName, h.Direction, h.Data, w.Len, w.Time, w.Data)
		}
	}
	if k := c.Counts(); k.Received != n || k.Dropped != 0 || k.Malformed != 0 {
		t.Errorf("counts: %+v", k)
	}
}

// On loopback each packet is given once; on Any too.
func TestLoopbackOnce(t *testing.T) {
	p := newPair(t)
	for link, config := range map[int]sock.CaptureConfig{sock.LinkEthernet: {Iface: "lo"}, sock.LinkSLL2: {Iface: sock.Any}, sock.LinkRawIP: {Iface: sock.Any, Layer3: true}} {
		iface := config.Iface
		c := p.capture(p.a, config)
		netlab.Need(t, "ping")
		netlab.Run(t, p.a, "ping", "-n", "-c", "3", "-i", "0.01", "127.0.0.1")
		all := p.take(c, 6)
		if len(all) != 6 {
			t.Errorf("%s: %d frames of three requests and replies", iface, len(all))
		}
		for _, f := range all {
			if f.IfaceName != "lo" || f.Direction != sock.ToHost {
				t.Errorf("%s: %+v", iface, f)
			}
		}
		if c.LinkType() != link {
			t.Errorf("link type %d, want %d", c.LinkType(), link)
		}
	}
}

// On Any each frame has a cooked header as tcpdump writes it.
func TestAny(t *testing.T) {
	const n = 400
	p := newPair(t)
	p.ip(p.b, "link add w1 type veth peer name w0")
	p.ip(p.b, "link set w0 netns "+p.a.Name)
	p.ip(p.a, "link set w0 up")
	p.ip(p.b, "link set w1 up")
	p.works(p.a, "w0")
	p.works(p.b, "w1")
	netlab.Run(t, p.b, "ping", "-n", "-c", "1", "10.9.0.1") // neighbours are known
	c := p.capture(p.b, sock.CaptureConfig{Iface: sock.Any})
	wait := p.tcpdump(p.b, n+2, "-i", "any", "-y", "LINUX_SLL2")
	frames := numberedFrames(n)
	// The odd ones, which are tagged, by w0.
	v0, w0 := p.sender(p.a, sock.SenderConfig{Iface: "v0"}), p.sender(p.a, sock.SenderConfig{Iface: "w0"})
	for i := range frames {
		if _, err := []*sock.Sender{v0, w0}[i&1].Send(t.Context(), frames[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	netlab.Run(t, p.b, "ping", "-n", "-c", "1", "10.9.0.1") // two that are not tagged, one outgoing
	var have []sock.Frame
	p.read(c, func(f *sock.Frame) bool {
		one := *f
		one.Data = bytes.Clone(f.Data)
		have = append(have, one)
		return len(have) < n+2
	})
	want := p.pcapFile(wait())
	if c.LinkType() != sock.LinkSLL2 || len(want) != n+2 {
		t.Fatalf("link type %d, tcpdump has %d", c.LinkType(), len(want))
	}
	for i, w := range want {
		h := have[i]
		if i >= n || i&1 == 0 {
			if !bytes.Equal(h.Data, w.Data) || h.Len != w.Len || h.Time != w.Time {
				t.Fatalf("frame %d:\nhave %d %d %x\nwant %d %d %x", i, h.Len, h.Time, h.Data, w.Len, w.Time, w.Data)
			}
		} else if f := frames[i].Data; string(h.Data[:2]) != "\x81\x00" || !bytes.Equal(h.Data[2:20], w.Data[2:20]) || !bytes.Equal(h.Data[20:], f[14:]) || h.Len != len(f)+6 {
			// tcpdump leaves the tag out
			t.Fatalf("frame %d:\nhave %d %x\nsent %x", i, h.Len, h.Data, f)
		}
		if i < n && h.IfaceName != []string{"v1", "w1"}[i&1] {
			t.Fatalf("frame %d by %s", i, h.IfaceName)
		}
	}
	if have[n].Direction != sock.Outgoing || have[n+1].Direction != sock.ToHost {
		t.Errorf("directions of a ping: %s, %s", have[n].Direction, have[n+1].Direction)
	}
}

// On Any, VLAN tags stand in their place, however many, also of what this host
// sends.
func TestAnyTags(t *testing.T) {
	p := newPair(t)
	in, out := p.capture(p.b, sock.CaptureConfig{Iface: sock.Any}), p.capture(p.a, sock.CaptureConfig{Iface: sock.Any})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	var frames []sock.Frame
	for tags := range 4 {
		b := []byte("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01")
		for i := range tags {
			b = append(b, 0x81, 0, 0, byte(i+1))
		}
		b = append(b, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1)
		frames = append(frames, sock.Frame{Data: append(b, make([]byte, 20)...)})
	}
	if _, err := s.Send(t.Context(), frames); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*sock.Capture{in, out} {
		for i, f := range p.take(c, len(frames)) {
			sent := frames[i].Data
			if !bytes.Equal(f.Data[:2], sent[12:14]) || !bytes.Equal(f.Data[20:], sent[14:]) || f.Len != len(sent)+6 {
				t.Errorf("%s, %d tags: have %d %x, sent %x", f.Direction, i, f.Len, f.Data, sent)
			}
		}
	}
}

// ethertype is a filter for frames of one type.
func ethertype(typ uint32) []bpf.RawInstruction {
	raw, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: 12, Size: 2}, bpf.JumpIf{Cond: bpf.JumpEqual, Val: typ, SkipFalse: 1}, bpf.RetConstant{Val: 1 << 18}, bpf.RetConstant{}})
	if err != nil {
		panic(err)
	}
	return raw
}

// typed is a frame of one type.
func typed(typ uint16) sock.Frame {
	return sock.Frame{Data: append(binary.BigEndian.AppendUint16([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}, typ), make([]byte, 50)...)}
}

// Under load, no frame is seen that the first filter does not let through.
func TestFilterFirst(t *testing.T) {
	p := newPair(t)
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := s.Repeat(ctx, []sock.Frame{typed(0x9001), typed(0x9002), typed(0x9003)}, sock.Plan{Loop: true, Rate: 30_000})
		done <- err
	}()
	for range 10 {
		c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, Filter: ethertype(0x9001)})
		n := 0
		p.read(c, func(f *sock.Frame) bool {
			if have := binary.BigEndian.Uint16(f.Data[12:]); have != 0x9001 {
				t.Errorf("type %x through the filter for 9001", have)
			}
			n++
			return n < 200
		})
		c.Close()
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// While filters change, nothing is lost that both let through.
func TestFilterChange(t *testing.T) {
	const n = 20000
	p := newPair(t)
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	filters := [][]bpf.RawInstruction{ethertype(0x88b5), nil}
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, RingKiB: 32768, Filter: filters[0]})
	done := make(chan error)
	go func() {
		for i := range n {
			if _, err := s.Send(t.Context(), []sock.Frame{{Data: numbered(2*i, 60)}, typed(0x9001)}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	next, other, changes := 0, 0, 0
	for limit := time.Now().Add(patience); next < n && time.Now().Before(limit); changes++ {
		p.must(c.SetFilter(filters[changes%2]))
		frames, err := c.Read(time.Now().Add(20 * time.Millisecond))
		p.must(err)
		for _, f := range frames {
			if binary.BigEndian.Uint16(f.Data[12:]) == 0x9001 {
				other++
			} else if have := int(binary.BigEndian.Uint32(f.Data[14:])); have != 2*next {
				t.Fatalf("number %d instead of %d, after %d changes: %+v", have, 2*next, changes, c.Counts())
			} else {
				next++
			}
		}
	}
	p.must(<-done)
	if next != n || other == 0 || other == n {
		t.Errorf("%d of %d, %d of the others, %d changes: %+v", next, n, other, changes, c.Counts())
	}
	t.Logf("%d changes; %d of %d that one filter lets through", changes, other, n)
}

func TestFilterSnapLen(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, SnapLen: 20})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	send := func() []sock.Frame {
		s.Send(t.Context(), []sock.Frame{{Data: numbered(2, 100)}, {Data: numbered(3, 100)}})
		return p.take(c, 2)
	}
	for _, f := range [][]bpf.RawInstruction{nil, ethertype(0x88b5)} { // the tag is not in the bytes that a filter sees
		p.must(c.SetFilter(f))
		all := send()
		if len(all) != 2 || !bytes.Equal(all[0].Data, numbered(2, 100)[:20]) || all[0].Len != 100 || !bytes.Equal(all[1].Data, numbered(3, 100)[:20]) || all[1].Len != 104 {
			t.Errorf("%+v", all)
		}
	}
	if err := c.SetFilter([]bpf.RawInstruction{{Op: 0xffff}}); err == nil || !strings.Contains(err.Error(), "filter") {
		t.Errorf("no program: %v", err)
	}
	if err := c.SetFilter(make([]bpf.RawInstruction, 5000)); err == nil {
		t.Error("5000 instructions: no error")
	}
	if all := send(); len(all) != 2 { // the filter that was there
		t.Errorf("after a filter that was refused: %+v", all)
	}
	if _, err := c.Read(time.Now()); err != nil {
		t.Error(err)
	}
}

// A ring that is full counts what it loses, and goes on.
func TestDrops(t *testing.T) {
	const n = 5000
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, RingKiB: 1, SnapLen: 1000})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	frame := []sock.Frame{{Data: numbered(0, 1000)}}
	p.send(s, slices.Repeat(frame, n), c)
	k := c.Counts()
	got := len(p.take(c, int(k.Received-k.Dropped)))
	if k.Received != n || k.Dropped == 0 || k.Dropped+uint64(got) != n {
		t.Errorf("%d read, counts %+v", got, k)
	}
	s.Repeat(t.Context(), frame, sock.Plan{Count: 10})
	if all := p.take(c, 10); len(all) != 10 {
		t.Errorf("%d frames after the drops", len(all))
	}
	c.Close()
	if k := c.Counts(); k.Received != n+10 {
		t.Errorf("counts after Close: %+v", k)
	}
}

func TestWakeDeadlineClose(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true})
	if got, err := c.Read(time.Now()); len(got) != 0 || err != nil {
		t.Errorf("deadline: %v %v", got, err)
	}
	if got, err := c.Read(time.Now().Add(5 * time.Millisecond)); len(got) != 0 || err != nil {
		t.Errorf("deadline: %v %v", got, err)
	}
	var woken atomic.Bool
	go func() {
		time.Sleep(20 * time.Millisecond)
		woken.Store(true)
		c.Wake()
	}()
	if got, err := c.Read(time.Time{}); len(got) != 0 || err != nil || !woken.Load() {
		t.Errorf("wake: %v %v", got, err)
	}
	c.Wake() // before Read
	if got, err := c.Read(time.Time{}); len(got) != 0 || err != nil {
		t.Errorf("wake before: %v %v", got, err)
	}
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	s.Send(t.Context(), []sock.Frame{{Data: numbered(0, 60)}})
	var held []byte
	p.read(c, func(f *sock.Frame) bool { held = f.Data; return false })
	closing := make(chan error)
	go func() {
		time.Sleep(20 * time.Millisecond)
		closing <- c.Close()
	}()
	if _, err := c.Read(time.Time{}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closed while it waits: %v", err)
	}
	if err := <-closing; err != nil {
		t.Error(err)
	}
	if held[0] != 0 { // zeros, and no fault
		t.Errorf("bytes after Close: %x", held)
	}
	if _, err := c.Read(time.Now()); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if err := c.SetFilter(nil); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	s.Close()
	if _, err := s.Send(t.Context(), []sock.Frame{{Data: numbered(0, 60)}}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("sender closed: %v", err)
	}
	// The socket is gone, though the ring is still held.
	if out := netlab.Run(t, p.b, "cat", "/proc/net/packet"); strings.Count(out, "\n") != 1 {
		t.Errorf("sockets left: %s", out)
	}
	runtime.KeepAlive(held)
}
