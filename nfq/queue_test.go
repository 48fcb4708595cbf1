//go:build linux

package nfq_test

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"pkl/nfq"
)

const patience = 20 * time.Second

// A lab is one namespace whose UDP packets to port 9999 on loopback go through a queue.
type lab struct {
	*testing.T
	ns   *netns.Namespace
	recv net.PacketConn
	send net.Conn
}

func newLab(t *testing.T, target ...string) *lab {
	netlab.Need(t, "iptables")
	l := &lab{T: t, ns: netlab.Namespace(t, netlab.New(t), "queue")}
	l.do(func() (err error) {
		if l.recv, err = net.ListenPacket("udp4", "127.0.0.1:9999"); err != nil {
			return err
		}
		l.recv.(*net.UDPConn).SetReadBuffer(64 << 20)
		if l.send, err = net.Dial("udp4", "127.0.0.1:9999"); err != nil {
			return err
		}
		return roomy(l.send.(*net.UDPConn)) // what waits in a queue counts there
	})
	t.Cleanup(func() { l.recv.Close(); l.send.Close() })
	if target != nil {
		l.rule(target...)
	}
	return l
}

// roomy gives a socket a send buffer beyond what is usually allowed.
func roomy(c *net.UDPConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, 512<<20)
	})
	return errors.Join(err, failed)
}

func (l *lab) do(f func() error) {
	l.Helper()
	if err := l.ns.Do(f); err != nil {
		l.Fatal(err)
	}
}

func (l *lab) rule(target ...string) {
	l.Helper()
	netlab.Run(l, l.ns, "iptables", append([]string{"-w", "-A", "OUTPUT", "-p", "udp", "--dport", "9999", "-j"}, target...)...)
}

func (l *lab) open(c nfq.Config) *nfq.Queue {
	l.Helper()
	c.NetNS = l.ns.Fd()
	q, err := nfq.Open(c)
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { q.Close() })
	return q
}

// write sends datagrams with these texts.
func (l *lab) write(texts ...string) {
	l.Helper()
	for _, text := range texts {
		if _, err := l.send.Write([]byte(text)); err != nil {
			l.Fatal(err)
		}
	}
}

// packets reads n packets and gives each to f with the text that it carries.
func (l *lab) packets(q *nfq.Queue, n int, f func(p *nfq.Packet, text string) nfq.Verdict) {
	l.Helper()
	limit := time.Now().Add(patience)
	for n > 0 {
		batch, err := q.Read(limit)
		if err != nil {
			l.Fatal(err)
		}
		if len(batch) == 0 && time.Now().After(limit) {
			l.Fatalf("%d packets did not come", n)
		}
		for i := range batch {
			q.Verdict(&batch[i], f(&batch[i], string(batch[i].Data[28:])))
			n--
		}
		if err := q.Flush(); err != nil {
			l.Fatal(err)
		}
	}
}

// arrive expects exactly these texts at the receiver.
func (l *lab) arrive(texts ...string) {
	l.Helper()
	buf := make([]byte, 1<<16)
	for i, want := range texts {
		l.recv.SetReadDeadline(time.Now().Add(patience))
		n, _, err := l.recv.ReadFrom(buf)
		if err != nil || string(buf[:n]) != want {
			l.Fatalf("datagram %d: %q %v, want %q", i, buf[:n], err, want)
		}
	}
}

// mangle writes a payload over UDP as the kernel wants it: with all sums.
func mangle(p *nfq.Packet, text string) []byte {
	b := append(append([]byte{}, p.Data[:28]...), text...)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	binary.BigEndian.PutUint16(b[24:], uint16(len(b)-20))
	b[26], b[27], b[10], b[11] = 0, 0, 0, 0
	sum := 0
	for i := 0; i < 20; i += 2 {
		sum += int(binary.BigEndian.Uint16(b[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	binary.BigEndian.PutUint16(b[10:], ^uint16(sum))
	return b
}

func TestVerdicts(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5})
	l.write("one", "two", "three", "four")
	l.packets(q, 4, func(p *nfq.Packet, text string) nfq.Verdict {
		if p.Family != 2 || nfq.HookName(p.Hook) != "output" || p.Protocol != 0x800 || p.Out == 0 || p.In != 0 || p.Len != len(p.Data) || !p.HasUID || p.UID != 0 {
			t.Errorf("packet: %+v", p)
		}
		switch text {
		case "two":
			return nfq.Verdict{Action: nfq.Drop}
		case "three":
			return nfq.Verdict{Action: nfq.Accept, Payload: mangle(p, "longer than three")}
		}
		return nfq.Verdict{Action: nfq.Accept}
	})
	l.arrive("one", "longer than three", "four")
	if c := q.Counts(); c != (nfq.Counts{}) {
		t.Errorf("counts: %+v", c)
	}
}

func TestRequeueMarkRepeat(t *testing.T) {
	l := newLab(t)
	// What is repeated comes back unless it is marked.
	netlab.Run(t, l.ns, "iptables", "-w", "-A", "OUTPUT", "-p", "udp", "--dport", "9999", "-m", "mark", "!", "--mark", "0x77", "-j", "NFQUEUE", "--queue-num", "1")
	one, two := l.open(nfq.Config{Queue: 1}), l.open(nfq.Config{Queue: 2})
	l.write("a", "b")
	l.packets(one, 2, func(p *nfq.Packet, text string) nfq.Verdict {
		if text == "a" {
			return nfq.Verdict{Action: nfq.Requeue, Queue: 2}
		}
		return nfq.Verdict{Action: nfq.Repeat, SetMark: true, Mark: 0x77}
	})
	l.arrive("b")
	l.packets(two, 1, func(p *nfq.Packet, text string) nfq.Verdict {
		if text != "a" {
			t.Errorf("queue 2 got %q", text)
		}
		return nfq.Verdict{Action: nfq.Accept}
	})
	l.arrive("a")
}

// A packet that is handed to a queue that nobody has is gone, or passes.
func TestRequeueNobody(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5})
	l.write("gone", "passes", "edited")
	l.packets(q, 3, func(p *nfq.Packet, text string) nfq.Verdict {
		return nfq.Verdict{Action: nfq.Requeue, Queue: 6, Bypass: text != "gone", SetMark: text == "edited", Mark: 1}
	})
	l.arrive("passes", "edited")
	if c := q.Counts(); c != (nfq.Counts{}) {
		t.Errorf("counts: %+v", c)
	}
}

func TestLateVerdict(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5})
	l.write("one")
	l.packets(q, 1, func(p *nfq.Packet, text string) nfq.Verdict {
		q.Verdict(p, nfq.Verdict{Action: nfq.Accept, SetMark: true})
		return nfq.Verdict{Action: nfq.Accept, SetMark: true} // the second of two
	})
	l.write("two")
	l.packets(q, 1, func(*nfq.Packet, string) nfq.Verdict { return nfq.Verdict{Action: nfq.Accept} })
	l.arrive("one", "two")
	if c := q.Counts(); c.Late != 1 || c.Refused != 0 {
		t.Errorf("counts: %+v", c)
	}
}

// A verdict that makes no sense is refused (EINVAL), and counted; the packet waits.
func TestRefusedVerdict(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5})
	const stolen = 2 // NF_STOLEN is not for programs
	l.write("one")
	l.packets(q, 1, func(p *nfq.Packet, text string) nfq.Verdict {
		q.Verdict(p, nfq.Verdict{Action: stolen, SetMark: true})
		return nfq.Verdict{Action: nfq.Accept, SetMark: true}
	})
	l.write("two")
	l.packets(q, 1, func(*nfq.Packet, string) nfq.Verdict { return nfq.Verdict{Action: nfq.Accept} })
	l.arrive("one", "two")
	if c := q.Counts(); c.Refused != 1 || c.Late != 0 {
		t.Errorf("counts: %+v", c)
	}
}

func TestWakeAndDeadline(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5})
	if got, err := q.Read(time.Now()); len(got) != 0 || err != nil {
		t.Errorf("deadline: %v %v", got, err)
	}
	var woken atomic.Bool
	go func() {
		time.Sleep(10 * time.Millisecond)
		woken.Store(true)
		q.Wake()
	}()
	if got, err := q.Read(time.Time{}); len(got) != 0 || err != nil || !woken.Load() {
		t.Errorf("wake: %v %v", got, err)
	}
	q.Wake() // before Read
	if got, err := q.Read(time.Time{}); len(got) != 0 || err != nil {
		t.Errorf("wake before: %v %v", got, err)
	}
	l.write("after")
	l.packets(q, 1, func(*nfq.Packet, string) nfq.Verdict { return nfq.Verdict{Action: nfq.Accept} })
	l.arrive("after")
	q.Close()
	if _, err := q.Read(time.Time{}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

// What is there is read, also when the deadline was over before.
func TestPastDeadline(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5})
	for i := range 3 {
		text := strconv.Itoa(i)
		l.write(text)
		got, err := q.Read(time.Now().Add(-time.Second))
		if len(got) != 1 || err != nil {
			t.Fatalf("datagram %d: %d packets, %v", i, len(got), err)
		}
		q.Verdict(&got[0], nfq.Verdict{Action: nfq.Accept})
		if err := q.Flush(); err != nil {
			t.Fatal(err)
		}
		l.arrive(text)
		if got, err := q.Read(time.Now().Add(-time.Second)); len(got) != 0 || err != nil {
			t.Fatalf("none waits: %d packets, %v", len(got), err)
		}
	}
}

// What nobody has read gets the verdict of OnError at the end.
func TestCloseUnread(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5, OnError: nfq.Accept})
	l.write("one", "two")
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	l.arrive("one", "two")
}

// What waits in a queue of 50,000 fits the socket's buffer.
func TestLongQueue(t *testing.T) {
	const n = 50_000
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5, MaxLen: n})
	for i := range n {
		l.write(strconv.Itoa(i))
	}
	next := 0
	l.packets(q, n, func(p *nfq.Packet, text string) nfq.Verdict {
		if text != strconv.Itoa(next) {
			t.Fatalf("packet %q, want %d", text, next)
		}
		next++
		return nfq.Verdict{Action: nfq.Drop}
	})
	l.do(func() error {
		all, err := nfq.Kernel()
		if len(all) != 1 || all[0].Dropped != 0 || all[0].UserDropped != 0 || all[0].Waiting != 0 {
			t.Errorf("the queue: %+v %v", all, err)
		}
		return nil
	})
}

// A full queue drops, or accepts with FailOpen; both are told.
func TestFullQueue(t *testing.T) {
	for _, open := range []bool{false, true} {
		l := newLab(t, "NFQUEUE", "--queue-num", "5")
		q := l.open(nfq.Config{Queue: 5, MaxLen: 4, FailOpen: open})
		l.write("1", "2", "3", "4", "5", "6")
		l.packets(q, 4, func(*nfq.Packet, string) nfq.Verdict { return nfq.Verdict{Action: nfq.Accept} })
		if open {
			l.arrive("5", "6", "1", "2", "3", "4")
			continue
		}
		l.arrive("1", "2", "3", "4")
		l.do(func() error {
			all, err := nfq.Kernel()
			if len(all) != 1 || all[0].Dropped != 2 {
				t.Errorf("the queue: %+v %v", all, err)
			}
			return nil
		})
	}
}

func TestReadAllocs(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5")
	q := l.open(nfq.Config{Queue: 5})
	allocs := testing.AllocsPerRun(200, func() {
		l.write("x")
		l.packets(q, 1, func(p *nfq.Packet, _ string) nfq.Verdict {
			return nfq.Verdict{Action: nfq.Accept, Payload: p.Data}
		})
	})
	if allocs > 8 { // of this test: none of the queue's own grow with packets
		t.Errorf("%v allocations a packet", allocs)
	}
}
