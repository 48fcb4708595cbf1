//go:build linux

package sock_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"pkl/sock"
)

const patience = 20 * time.Second

// A pair is two namespaces joined by v0 in a and v1 in b.
type pair struct {
	*testing.T
	a, b *netns.Namespace
}

func newPair(t *testing.T) *pair {
	lab := netlab.New(t)
	p := &pair{t, netlab.Namespace(t, lab, "a"), netlab.Namespace(t, lab, "b")}
	for _, ns := range []*netns.Namespace{p.a, p.b} { // no router solicitations among the frames
		p.must(ns.Sysctl("net/ipv6/conf/default/disable_ipv6", "1"))
	}
	p.must(lab.Veth(netns.End{NS: p.a, Dev: "v0", Addrs: []string{"10.9.0.1/24"}}, netns.End{NS: p.b, Dev: "v1", Addrs: []string{"10.9.0.2/24"}}))
	p.works(p.a, "v0")
	p.works(p.b, "v1")
	return p
}

// works waits until a device carries frames: for a while after it is up, the kernel
// throws them away.
func (p *pair) works(ns *netns.Namespace, dev string) {
	p.Helper()
	for limit := time.Now().Add(patience); !strings.Contains(netlab.Run(p, ns, "ip", "-o", "link", "show", dev), "state UP"); {
		if time.Now().After(limit) {
			p.Fatalf("%s does not come up", dev)
		}
		time.Sleep(time.Millisecond)
	}
}

func (p *pair) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *pair) ip(ns *netns.Namespace, args string) {
	p.Helper()
	netlab.Run(p, ns, "ip", strings.Fields(args)...)
}

// capture opens one in a namespace.
func (p *pair) capture(ns *netns.Namespace, c sock.CaptureConfig) *sock.Capture {
	p.Helper()
	return p.captures(ns, c, 1)[0]
}

func (p *pair) captures(ns *netns.Namespace, c sock.CaptureConfig, n int) (all []*sock.Capture) {
	p.Helper()
	p.must(ns.Do(func() (err error) { all, err = sock.OpenCaptures(c, n); return err }))
	for _, one := range all {
		p.Cleanup(func() { one.Close() })
	}
	return all
}

// read gives f each frame, until f has had enough or what is awaited does not
// come.
func (p *pair) read(c *sock.Capture, f func(*sock.Frame) (more bool)) {
	p.Helper()
	limit := time.Now().Add(patience)
	for {
		frames, err := c.Read(limit)
		if err != nil {
			p.Fatal(err)
		}
		if len(frames) == 0 && time.Now().After(limit) {
			p.Fatalf("the frames did not come; %+v", c.Counts())
		}
		for i := range frames {
			if !f(&frames[i]) {
				return
			}
		}
	}
}

// send sends frames, a few at a time: a veth of a busy machine drops what comes
// faster than the kernel takes it on (net.core.netdev_max_backlog). Captures tell
// when it has.
func (p *pair) send(s *sock.Sender, frames []sock.Frame, by ...*sock.Capture) {
	p.Helper()
	received := func() (n uint64) {
		for _, c := range by {
			n += c.Counts().Received
		}
		return n
	}
	limit := time.Now().Add(patience)
	for len(frames) > 0 {
		some := frames[:min(len(frames), 300)]
		frames = frames[len(some):]
		before := received()
		if n, err := s.Send(p.Context(), some); n != len(some) || err != nil {
			p.Fatalf("sent %d of %d: %v", n, len(some), err)
		}
		for received() < before+uint64(len(some)) {
			if time.Now().After(limit) {
				p.Fatalf("%d of %d frames arrived", received()-before, len(some))
			}
			time.Sleep(time.Millisecond)
		}
	}
}

// take returns copies of n frames, and of those that still come within a while.
func (p *pair) take(c *sock.Capture, n int) (all []sock.Frame) {
	p.Helper()
	for {
		wait := patience
		if len(all) >= n {
			wait = 200 * time.Millisecond
		}
		frames, err := c.Read(time.Now().Add(wait))
		if err != nil {
			p.Fatal(err)
		}
		if len(frames) == 0 {
			return all
		}
		for _, f := range frames {
			f.Data = bytes.Clone(f.Data)
			all = append(all, f)
		}
	}
}

// numbered is a frame of n bytes without tag that carries a number, with a tag
// each second time.
func numbered(i, n int) []byte {
	b := []byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}
	if i&1 == 1 {
		b = append(b, 0x81, 0, 0x20|byte(i>>8&15), byte(i))
		n += 4
	}
	b = append(b, 0x88, 0xb5)
	b = binary.BigEndian.AppendUint32(b, uint32(i))
	for len(b) < n {
		b = append(b, byte(len(b)))
	}
	return b
}

// tcpdump captures n packets beside: wait returns the name of the file.
func (p *pair) tcpdump(ns *netns.Namespace, n int, args ...string) (wait func() string) {
	p.Helper()
	netlab.Need(p, "tcpdump")
	file := filepath.Join(p.TempDir(), "tcpdump.pcap")
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	p.Cleanup(cancel)
	cmd := ns.Command(ctx, "tcpdump", append([]string{"-Z", "root", "-w", file, "-c", fmt.Sprint(n), "--time-stamp-precision=nano", "-B", "65536"}, args...)...)
	pipe, err := cmd.StderrPipe()
	p.must(err)
	p.must(cmd.Start())
	said := ""
	listen := func() error {
		line := make([]byte, 256)
		n, err := pipe.Read(line)
		said += string(line[:n])
		return err
	}
	for !strings.Contains(said, "listening on") {
		if err := listen(); err != nil {
			p.Fatalf("tcpdump: %s %v", said, err)
		}
	}
	return func() string {
		p.Helper()
		for listen() == nil {
		}
		if err := cmd.Wait(); err != nil {
			p.Fatalf("tcpdump: %s %v", said, err)
		}
		return file
	}
}

// trafgen sends a configuration's frames, num in all.
func (p *pair) trafgen(ns *netns.Namespace, dev, frame string, num int, more ...string) string {
	p.Helper()
	netlab.Need(p, "trafgen")
	file := filepath.Join(p.TempDir(), "trafgen.cfg")
	p.must(os.WriteFile(file, []byte(frame), 0o600))
	return netlab.Run(p, ns, "trafgen", append([]string{"--dev", dev, "--conf", file, "--num", fmt.Sprint(num), "--cpus", "1", "--no-cpu-stats"}, more...)...)
}

// pcapFile reads a file of microsecond or nanosecond pcap in this machine's order.
func (p *pair) pcapFile(name string) (all []sock.Frame) {
	p.Helper()
	b, err := os.ReadFile(name)
	p.must(err)
	for b = b[24:]; len(b) >= 16; {
		n := int(binary.NativeEndian.Uint32(b[8:]))
		all = append(all, sock.Frame{Data: b[16 : 16+n], Len: int(binary.NativeEndian.Uint32(b[12:])),
			Time: int64(binary.NativeEndian.Uint32(b))*1e9 + int64(binary.NativeEndian.Uint32(b[4:]))})
		b = b[16+n:]
	}
	return all
}
