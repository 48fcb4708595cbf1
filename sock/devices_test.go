//go:build linux

package sock_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"pkl/internal/netns/netlab"
	"pkl/sock"
)

// tun makes a tun device in a namespace, up, with an address.
func (p *pair) tun(name, addr string) *os.File {
	p.Helper()
	var f *os.File
	p.must(p.a.Do(func() error {
		fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
		if err != nil {
			return err
		}
		r, err := unix.NewIfreq(name)
		if err == nil {
			r.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
			err = unix.IoctlIfreq(fd, unix.TUNSETIFF, r)
		}
		f = os.NewFile(uintptr(fd), "tun")
		return err
	}))
	p.Cleanup(func() { f.Close() })
	p.ip(p.a, "addr add "+addr+" dev "+name)
	p.ip(p.a, "link set "+name+" up")
	return f
}

// A tun device has IP packets without link header, both ways; it can be sent to.
func TestTun(t *testing.T) {
	if _, err := os.Stat("/dev/net/tun"); errors.Is(err, fs.ErrNotExist) {
		t.Skip("/dev/net/tun is not there")
	}
	p := newPair(t)
	dev := p.tun("tun7", "10.8.0.1/24")
	c := p.capture(p.a, sock.CaptureConfig{Iface: "tun7"})
	if c.LinkType() != sock.LinkRawIP {
		t.Errorf("link type %d", c.LinkType())
	}
	in, out := udp("10.8.0.9", "10.8.0.77", "in"), udp("10.8.0.1", "10.8.0.9", "out")
	in[3], out[3] = byte(len(in)), byte(len(out))
	if _, err := dev.Write(in); err != nil {
		t.Fatal(err)
	}
	s := p.sender(p.a, sock.SenderConfig{Iface: "tun7"})
	if n, err := s.Send(t.Context(), []sock.Frame{{Data: out}}); n != 1 || err != nil {
		t.Fatalf("sent %d: %v", n, err)
	}
	var have []sock.Direction
	for _, f := range p.take(c, 2) {
		if bytes.Equal(f.Data, in) || bytes.Equal(f.Data, out) {
			have = append(have, f.Direction)
		} else {
			t.Errorf("packet %x", f.Data)
		}
	}
	if len(have) != 2 || have[0] != sock.ToHost || have[1] != sock.Outgoing {
		t.Errorf("directions %v", have)
	}
	buf := make([]byte, 2000)
	for {
		n, err := dev.Read(buf)
		if err != nil || bytes.Equal(buf[:n], out) {
			if err != nil {
				t.Error(err)
			}
			break
		}
	}
}

// What is told without the right; this test runs itself as nobody.
func TestNoRight(t *testing.T) {
	if os.Getenv("SOCK_TEST_NOBODY") != "" {
		for name, open := range map[string]func() error{
			"capture": func() error { _, err := sock.OpenCapture(sock.CaptureConfig{Iface: "lo"}); return err },
			"sender":  func() error { _, err := sock.OpenSender(sock.SenderConfig{Iface: "lo"}); return err },
			"layer 3": func() error { _, err := sock.OpenSender(sock.SenderConfig{Layer3: true}); return err },
		} {
			err := open()
			if !errors.Is(err, sock.ErrNoRight) || !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "CAP_NET_RAW") {
				t.Errorf("%s: %v", name, err)
			}
		}
		var none *sock.NoInterfaceError
		if _, err := sock.OpenCapture(sock.CaptureConfig{Iface: "nowhere0"}); !errors.As(err, &none) {
			t.Errorf("unknown interface: %v", err)
		}
		return
	}
	p := newPair(t)
	netlab.Need(t, "setpriv")
	self, err := os.Executable()
	p.must(err)
	cmd := exec.Command("setpriv", "--inh-caps=-all", "--bounding-set=-all", self, "-test.run", "^TestNoRight$", "-test.v")
	cmd.Env = append(os.Environ(), "SOCK_TEST_NOBODY=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestNoRight") {
		t.Errorf("%v\n%s", err, out)
	}
}
