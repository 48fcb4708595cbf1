//go:build linux

package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pings sends n pings with the letter a as payload, and returns what ping says.
func pings(t *testing.T, ns *netns.Namespace, to string, n int, more ...string) string {
	t.Helper()
	netlab.Need(t, "ping")
	out, _ := ns.Run(t.Context(), "ping", append([]string{"-n", "-c", strconv.Itoa(n), "-i", "0.05", "-W", "5", "-p", "61", to}, more...)...)
	return out
}

// serve gives the bytes that a client asks for, and takes those that it sends.
func serve(t *testing.T, ns *netns.Namespace, addr string, content []byte) *httpServer {
	t.Helper()
	s := &httpServer{}
	err := ns.Do(func() (err error) {
		s.ln, err = net.Listen("tcp", addr)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		io.Copy(sum, r.Body)
		s.mu.Lock()
		s.agent, s.sum = r.Header.Get("User-Agent"), fmt.Sprintf("%x", sum.Sum(nil))
		s.mu.Unlock()
		w.Write(content)
	})}
	go srv.Serve(s.ln)
	t.Cleanup(func() { srv.Close() })
	return s
}

type httpServer struct {
	ln         net.Listener
	mu         sync.Mutex
	agent, sum string
}

// said is what the last request had: user agent and hash of its body.
func (s *httpServer) said() (agent, sum string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.agent, s.sum
}

// A flood is numbered datagrams from the client to the server, as fast as wanted.
type flood struct {
	t    *testing.T
	recv net.PacketConn
	stop chan struct{}
	sent chan int
	got  chan []uint32
	n    atomic.Int64 // sent so far
	in   atomic.Int64 // arrived so far
}

func startFlood(t *testing.T, c *netns.Chain, every time.Duration) *flood {
	t.Helper()
	f := &flood{t: t, stop: make(chan struct{}), sent: make(chan int, 1), got: make(chan []uint32, 1)}
	var send net.Conn
	err := c.Server.Do(func() (err error) {
		f.recv, err = net.ListenPacket("udp4", netns.Server4+":7777")
		return err
	})
	if err == nil {
		f.recv.(*net.UDPConn).SetReadBuffer(8 << 20)
		err = c.Client.Do(func() (err error) {
			send, err = net.Dial("udp4", netns.Server4+":7777")
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.recv.Close(); send.Close() })
	go func() {
		n := 0
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-f.stop:
				f.sent <- n
				return
			case <-tick.C:
				send.Write(binary.BigEndian.AppendUint32(nil, uint32(n)))
				n++
				f.n.Store(int64(n))
			}
		}
	}()
	go func() {
		var all []uint32
		b := make([]byte, 2048)
		for {
			n, _, err := f.recv.ReadFrom(b)
			if err != nil {
				f.got <- all
				return
			}
			if n >= 4 {
				all = append(all, binary.BigEndian.Uint32(b))
				f.in.Add(1)
			}
		}
	}()
	return f
}

// pass waits until n more datagrams were sent.
func (f *flood) pass(n int) {
	for until := f.n.Load() + int64(n); f.n.Load() < until; {
		time.Sleep(time.Millisecond)
	}
}

// end stops the flood, of which some may be lost, and returns how many were sent
// and what arrived.
func (f *flood) end() (sent int, got []uint32) { return f.await(2 * time.Second) }

// whole stops the flood, and expects all in order. On a machine that does other
// work they may take their time.
func (f *flood) whole() (sent int, got []uint32) {
	f.t.Helper()
	sent, got = f.await(livePatience)
	inOrder(f.t, sent, got)
	return sent, got
}

func (f *flood) await(patience time.Duration) (sent int, got []uint32) {
	close(f.stop)
	sent = <-f.sent
	for late := time.Now().Add(patience); f.in.Load() < int64(sent) && time.Now().Before(late); {
		time.Sleep(time.Millisecond)
	}
	f.recv.SetReadDeadline(time.Now().Add(20 * time.Millisecond)) // for what comes twice
	got = <-f.got
	f.recv.Close()
	return sent, got
}

// inOrder expects each of n once, in order.
func inOrder(t *testing.T, n int, got []uint32) {
	t.Helper()
	if len(got) != n {
		t.Errorf("%d sent, %d arrived", n, len(got))
	}
	for i, v := range got {
		if int(v) != i {
			t.Fatalf("datagram %d is number %d", i, v)
		}
	}
}
