//go:build linux

package sock_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"pkl/sock"
)

// superFrame is a TCP frame of n bytes of payload, to be cut into segments of
// 1000, with tags before its Ethernet type.
func superFrame(n int, tags ...byte) sock.Frame {
	tcp := append([]byte{0x30, 0x39, 0x27, 0x0f, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x10, 0xff, 0xff, 0, 0, 0, 0}, make([]byte, n)...)
	ip := []byte{0x45, 0, 0, 0, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2}
	binary.BigEndian.PutUint16(ip[2:], uint16(20+len(tcp)))
	b := append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}, tags...)
	b = append(append(append(b, 8, 0), ip...), tcp...)
	shift := uint16(len(tags))
	return sock.Frame{Data: b, Offload: sock.Offload{SumPending: true, SumStart: 34 + shift, SumOffset: 16,
		GSO: sock.GSOTCP4, SegmentSize: 1000, HeaderLen: 54 + shift}}
}

// A frame larger than the MTU goes whole, and so do the facts about it.
func TestSuperFrames(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0", Offload: true})
	plain := sock.Frame{Data: numbered(0, 60)}
	pending := superFrame(100)
	pending.Offload.GSO, pending.Offload.SegmentSize, pending.Offload.HeaderLen = sock.GSONone, 0, 0
	sent := []sock.Frame{plain, superFrame(5000), pending, superFrame(65000), superFrame(7000, 0x81, 0, 0, 5), plain}
	if n, err := s.Send(t.Context(), sent); n != len(sent) || err != nil {
		t.Fatalf("sent %d: %v", n, err)
	}
	i := 0
	p.read(c, func(f *sock.Frame) bool {
		want := sent[i]
		have := f.Offload
		if want.Offload.GSO != 0 { // the kernel finds the length of headers anew
			have.HeaderLen = want.Offload.HeaderLen
		}
		if !bytes.Equal(f.Data, want.Data) || f.Len != len(want.Data) || have != want.Offload {
			t.Errorf("frame %d: %d bytes of %d, %+v\nwant %d, %+v", i, len(f.Data), f.Len, f.Offload, len(want.Data), want.Offload)
		}
		i++
		return i < len(sent)
	})
	var bad *sock.BadFrameError
	broken := superFrame(5000)
	broken.Offload.SumStart = 60000
	if n, err := s.Send(t.Context(), []sock.Frame{broken}); n != 0 || !errors.As(err, &bad) {
		t.Errorf("facts that do not fit: sent %d: %v", n, err)
	}
	without := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	var long *sock.TooLongError
	if n, err := without.Send(t.Context(), []sock.Frame{superFrame(5000)}); n != 0 || !errors.As(err, &long) {
		t.Errorf("without Offload: sent %d: %v", n, err)
	}
}

// Two captures and two senders make a bridge: a TCP stream passes whole, most of
// it in frames larger than the MTU.
func TestBridge(t *testing.T) {
	lab := netlab.New(t)
	p := &pair{T: t, a: netlab.Namespace(t, lab, "a"), b: netlab.Namespace(t, lab, "bridge")}
	far := netlab.Namespace(t, lab, "c")
	p.must(lab.Veth(netns.End{NS: p.a, Dev: "v0", Addrs: []string{"10.9.0.1/24"}}, netns.End{NS: p.b, Dev: "v1"}))
	p.must(lab.Veth(netns.End{NS: far, Dev: "w0", Addrs: []string{"10.9.0.2/24"}}, netns.End{NS: p.b, Dev: "w1"}))
	var super atomic.Uint64
	var pumps sync.WaitGroup
	var ends []*sock.Capture
	for _, dir := range [][2]string{{"v1", "w1"}, {"w1", "v1"}} {
		c := p.capture(p.b, sock.CaptureConfig{Iface: dir[0], Promisc: true, Inbound: true, Latency: time.Millisecond, RingKiB: 32768})
		s := p.sender(p.b, sock.SenderConfig{Iface: dir[1], Offload: true})
		ends = append(ends, c)
		pumps.Go(func() {
			for {
				frames, err := c.Read(time.Time{})
				if err == nil {
					_, err = s.Send(context.Background(), frames)
				}
				if err != nil {
					if !errors.Is(err, fs.ErrClosed) {
						t.Errorf("%v: %v", dir, err)
					}
					return
				}
				for i := range frames {
					if frames[i].Offload.GSO != 0 && len(frames[i].Data) > 1514 {
						super.Add(1)
					}
				}
			}
		})
	}
	data := make([]byte, 16<<20)
	rand.NewChaCha8([32]byte{}).Read(data)
	var listener net.Listener
	p.must(far.Do(func() (err error) { listener, err = net.Listen("tcp", "10.9.0.2:7"); return err }))
	defer listener.Close()
	sum := make(chan [32]byte)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			t.Error(err)
			close(sum)
			return
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(patience))
		all, err := io.ReadAll(conn)
		if err != nil {
			t.Error(err)
		}
		sum <- sha256.Sum256(all)
	}()
	p.must(p.a.Do(func() error {
		conn, err := net.DialTimeout("tcp", "10.9.0.2:7", patience)
		if err != nil {
			listener.Close()
			return err
		}
		conn.SetDeadline(time.Now().Add(patience))
		_, err = conn.Write(data)
		return errors.Join(err, conn.Close())
	}))
	if <-sum != sha256.Sum256(data) {
		t.Error("the stream has changed")
	}
	for _, c := range ends {
		c.Close()
	}
	pumps.Wait()
	if super.Load() == 0 {
		t.Error("no frame larger than the MTU has passed")
	}
	t.Logf("%d frames larger than the MTU", super.Load())
}
