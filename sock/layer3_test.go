//go:build linux

package sock_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns/netlab"
	"pkl/sock"
)

// udp is a UDP packet without a sum that IPv6 would want: it is its own payload's
// judge.
func udp(src, dst string, text string) []byte {
	s, d := netip.MustParseAddr(src), netip.MustParseAddr(dst)
	u := binary.BigEndian.AppendUint16([]byte{0x30, 0x39, 0x27, 0x0f}, uint16(8+len(text))) // 12345 to 9999
	u = append(append(u, 0, 0), text...)
	if d.Is4() {
		ip := append([]byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0}, s.AsSlice()...)
		return append(append(ip, d.AsSlice()...), u...)
	}
	ip := binary.BigEndian.AppendUint16([]byte{0x60, 0, 0, 0}, uint16(len(u)))
	ip = append(append(append(ip, 17, 64), s.AsSlice()...), d.AsSlice()...)
	sum := uint32(len(u)) + 17
	for _, b := range [][]byte{ip[8:], u} {
		for i, v := range b {
			if i&1 == 0 {
				sum += uint32(v) << 8
			} else {
				sum += uint32(v)
			}
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	binary.BigEndian.PutUint16(u[6:], ^uint16(sum))
	return append(ip, u...)
}

// IP packets of both versions go by the kernel's routing, mixed, to where their
// headers say.
func TestLayer3(t *testing.T) {
	p := newNet(t)
	var got net.PacketConn
	p.must(p.b.Do(func() (err error) { got, err = net.ListenPacket("udp", ":9999"); return err }))
	defer got.Close()
	arrives := func(text, from string) {
		t.Helper()
		buf := make([]byte, 2048)
		got.SetReadDeadline(time.Now().Add(patience))
		n, addr, err := got.ReadFrom(buf)
		if err != nil || string(buf[:n]) != text || netip.MustParseAddrPort(addr.String()).Addr().Unmap().WithZone("").String() != from {
			t.Fatalf("%q from %v: %v, want %q from %s", buf[:n], addr, err, text, from)
		}
	}
	netlab.Need(t, "ping")
	netlab.Run(t, p.a, "ping", "-n", "-c", "1", "10.9.0.2") // neighbours are known: nothing waits for them
	netlab.Run(t, p.a, "ping", "-n", "-c", "1", "fd09::2")
	p.ip(p.a, "route add blackhole 10.3.0.0/16")
	s := p.sender(p.a, sock.SenderConfig{Layer3: true})
	n, err := s.Send(t.Context(), []sock.Frame{
		{Data: udp("10.9.0.1", "10.9.0.2", "one")}, {Data: udp("0.0.0.0", "10.9.0.2", "two")},
		{Data: udp("fd09::1", "fd09::2", "three")}, {Data: udp("10.77.0.1", "10.9.0.2", "four")},
	})
	if n != 4 || err != nil {
		t.Fatalf("sent %d: %v", n, err)
	}
	arrives("one", "10.9.0.1")
	arrives("two", "10.9.0.1") // the kernel fills in the source
	arrives("three", "fd09::1")
	arrives("four", "10.77.0.1") // what the header says

	if _, err := s.Send(t.Context(), []sock.Frame{{Data: udp("10.9.0.1", "10.9.0.255", "to all")}}); err != nil {
		t.Error(err)
	}
	arrives("to all", "10.9.0.1")

	// A link-local address means the interface that the sender is for.
	var near, far netip.Addr
	p.must(p.a.Do(func() (err error) { near, err = linkLocal("v0"); return err }))
	p.must(p.b.Do(func() (err error) { far, err = linkLocal("v1"); return err }))
	v0 := p.sender(p.a, sock.SenderConfig{Layer3: true, Iface: "v0"})
	if _, err := v0.Send(t.Context(), []sock.Frame{{Data: udp(near.String(), far.String(), "on the link")}}); err != nil {
		t.Error(err)
	}
	arrives("on the link", near.String())

	for _, c := range []struct {
		name string
		data []byte
		is   func(error) bool
	}{
		{"no route", udp("10.9.0.1", "192.0.2.1", "x"), func(err error) bool {
			var e *sock.NoRouteError
			return errors.As(err, &e) && e.Dst.String() == "192.0.2.1"
		}},
		{"no route", udp("fd09::1", "2001:db8::1", "x"), func(err error) bool {
			var e *sock.NoRouteError
			return errors.As(err, &e) && e.Dst.String() == "2001:db8::1"
		}},
		{"too long", udp("10.9.0.1", "10.9.0.2", string(make([]byte, 1500))), func(err error) bool {
			var e *sock.TooLongError
			return errors.As(err, &e) && e.Len == 1528
		}},
		{"too long", udp("fd09::1", "fd09::2", string(make([]byte, 1500))), func(err error) bool {
			var e *sock.TooLongError
			return errors.As(err, &e) && e.Len == 1548
		}},
		{"short", []byte{0x45, 0, 0}, func(err error) bool { var e *sock.BadFrameError; return errors.As(err, &e) }},
		{"empty", nil, func(err error) bool { var e *sock.BadFrameError; return errors.As(err, &e) }},
		{"no IP", make([]byte, 60), func(err error) bool { var e *sock.BadFrameError; return errors.As(err, &e) }},
	} {
		n, err := s.Send(t.Context(), []sock.Frame{{Data: udp("10.9.0.1", "10.9.0.2", "before")}, {Data: c.data}, {Data: udp("10.9.0.1", "10.9.0.2", "after")}})
		if n != 1 || !c.is(err) {
			t.Errorf("%s: sent %d: %v", c.name, n, err)
		}
		arrives("before", "10.9.0.1")
	}
	p.must(p.a.Do(func() error {
		var none *sock.NoRouteError
		if _, err := s.Send(t.Context(), []sock.Frame{{Data: udp("10.9.0.1", "10.3.0.1", "x")}}); !errors.As(err, &none) {
			t.Errorf("into a black hole: %v", err)
		}
		return nil
	}))
}

// linkLocal is the link-local address of an interface.
func linkLocal(iface string) (netip.Addr, error) {
	all, err := sock.Interfaces()
	for _, i := range all {
		for _, a := range i.Addrs {
			if i.Name == iface && a.Addr().IsLinkLocalUnicast() {
				return a.Addr(), err
			}
		}
	}
	return netip.Addr{}, fmt.Errorf("%s has no link-local address: %w", iface, err)
}

// The mark is the packets', and an interface may be told.
func TestMarkAndDevice(t *testing.T) {
	netlab.Need(t, "iptables")
	p := newNet(t)
	netlab.Run(t, p.a, "iptables", "-w", "-A", "OUTPUT", "-p", "udp", "-m", "mark", "!", "--mark", "7", "-j", "DROP")
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Layer3: true, Inbound: true})
	if c.LinkType() != sock.LinkRawIP {
		t.Errorf("link type %d", c.LinkType())
	}
	frame := []sock.Frame{{Data: udp("10.9.0.1", "10.9.0.2", "x")}}
	marked, plain := p.sender(p.a, sock.SenderConfig{Layer3: true, Mark: 7, Iface: "v0"}), p.sender(p.a, sock.SenderConfig{Layer3: true})
	if _, err := plain.Send(t.Context(), frame); err == nil || !strings.Contains(err.Error(), "firewall") {
		t.Errorf("a packet that a rule drops: %v", err)
	}
	if _, err := marked.Send(t.Context(), frame); err != nil {
		t.Error(err)
	}
	p.read(c, func(f *sock.Frame) bool {
		if f.Data[0]>>4 != 4 || f.Data[9] != 17 {
			return true // neighbours being found
		}
		if len(f.Data) != 29 || string(f.Data[28:]) != "x" {
			t.Errorf("packet %x", f.Data)
		}
		return false
	})
	var none *sock.NoRouteError
	lo := p.sender(p.a, sock.SenderConfig{Layer3: true, Mark: 7, Iface: "lo"})
	if _, err := lo.Send(t.Context(), frame); err != nil && !errors.As(err, &none) {
		t.Errorf("by lo: %v", err)
	}
	for _, f := range p.take(c, 0) {
		if f.Data[9] == 17 {
			t.Errorf("a packet too many: %x", f.Data)
		}
	}
}
