//go:build linux

package main

import (
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// The addresses of the ends of a bridge.
const (
	near4, near6 = "10.9.0.1", "fd09::1"
	far4, far6   = "10.9.0.2", "fd09::2"
)

// newBridge makes a client and a server on one network, with a host between
// them that has no addresses: what passes, pkl has passed on.
func newBridge(t *testing.T) *netns.Chain {
	t.Helper()
	lab := netlab.New(t)
	c := &netns.Chain{Client: netlab.Namespace(t, lab, "client"), DUT: netlab.Namespace(t, lab, "dut"), Server: netlab.Namespace(t, lab, "server")}
	w := &wire{T: t}
	w.must(c.DUT.Sysctl("net/ipv6/conf/default/disable_ipv6", "1"))
	w.must(lab.Veth(netns.End{NS: c.Client, Dev: "eth0", Addrs: []string{near4 + "/24", near6 + "/64"}}, netns.End{NS: c.DUT, Dev: "eth0"}))
	w.must(lab.Veth(netns.End{NS: c.DUT, Dev: "eth1"}, netns.End{NS: c.Server, Dev: "eth0", Addrs: []string{far4 + "/24", far6 + "/64"}}))
	return c
}

func bridge(t *testing.T, c *netns.Chain, code string, more ...string) *livePkl {
	t.Helper()
	return startPkl(t, c.DUT, append([]string{"-i", "eth0", "--bridge", "eth1", "-B", "32768", "-e", code}, more...)...)
}

// content makes a file of random bytes.
func content(t *testing.T, size int) (b []byte, file string) {
	t.Helper()
	netlab.Need(t, "curl")
	b = make([]byte, size)
	rand.Read(b)
	file = filepath.Join(t.TempDir(), "up")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return b, file
}

// transferred is what has a curl with both directions at once hash to what it should.
func (h *transfer) transferred(t *testing.T, s *httpServer, becomes func([]byte) []byte) {
	t.Helper()
	got, err := h.curl(t, s)
	if err != nil {
		t.Fatal(err)
	}
	want := hash(becomes(h.content))
	if _, up := s.said(); up != want || hash(got) != want {
		t.Errorf("%s: %d bytes came down; the hashes are not what was expected", s.ln.Addr(), len(got))
	}
}

// curl through a bridge, both directions at once, IPv4 and IPv6, with rules that
// look, edit headers and payloads of large packets, and drop. What arrives is what the
// rules say; on the wire behind the bridge, sums are right.
func TestLiveBridge(t *testing.T) {
	bytes, file := content(t, 2<<20)
	c := newBridge(t)
	h := &transfer{c: c, content: bytes, file: file}
	for _, host := range []string{far4, far6} {
		h.servers = append(h.servers, serve(t, c.Server, net.JoinHostPort(host, "8080"), bytes))
	}
	for _, wire := range []bool{false, true} { // large packets go on whole, or are cut behind the bridge
		if wire {
			noOffload(t, c.DUT, "eth0", "eth1")
		}
		for _, rule := range []struct {
			name, code string
			becomes    func([]byte) []byte
		}{{"look", lookRule, unchanged}, {"header", headerRule, unchanged}, {"payload", payloadRule, changed}} {
			t.Run(fmt.Sprintf("%s, cut %v", rule.name, wire), func(t *testing.T) {
				p := bridge(t, c, rule.code)
				var seen []*sniffer
				if wire {
					seen = []*sniffer{startSniffer(t, c.Server, "tcp"), startSniffer(t, c.Client, "tcp")}
				}
				for _, s := range h.servers {
					h.transferred(t, s, rule.becomes)
				}
				for _, s := range seen {
					packets := s.end(append(sums, "ip.ttl", "ipv6.hlim")...)
					for _, p := range packets {
						if ttl := p[len(p)-2] + p[len(p)-1]; rule.code == headerRule && ttl != "33" {
							t.Fatalf("a packet arrives with TTL %s, want 33", ttl)
						}
					}
					if wrong := wrongSums(packets); len(packets) == 0 || wrong != 0 {
						t.Errorf("of %d packets %d have wrong sums", len(packets), wrong)
					}
				}
				if code := p.stop(syscall.SIGINT); code != exitInterrupted {
					t.Errorf("exit status %d", code)
				}
				p.wait(", 0 failed")
				for _, dev := range []string{"eth0", "eth1"} {
					line := p.wait("interface " + dev + ": ")
					if !strings.Contains(line, ", 0 dropped by the kernel") || strings.Contains(line, "not understood") {
						t.Error(line)
					}
					t.Log(line)
				}
				if large := strings.Fields(p.out.String()); rule.code == payloadRule && (len(large) != 2 || large[0] == "0" || large[1] == "0") {
					t.Errorf("large packets that were edited: %s", large)
				}
			})
		}
	}
	t.Run("drop", func(t *testing.T) {
		p := bridge(t, c, `pkl.on("tcp.dport == 8081", function() return pkl.drop end)`, "--workers", "2")
		for _, s := range h.servers {
			h.transferred(t, s, unchanged)
			addr := s.ln.Addr().(*net.TCPAddr)
			url := fmt.Sprintf("http://%s/", net.JoinHostPort(addr.IP.String(), "8081"))
			if out, err := c.Client.Run(t.Context(), "curl", "-sS", "--connect-timeout", "0.3", url); err == nil || !strings.Contains(out, "curl: (28)") {
				t.Errorf("the port that is dropped says %q, %v", out, err)
			}
		}
		p.stop(syscall.SIGINT)
		p.wait(", 0 failed")
	})
}

// Packets that the bridge's own host has put together from segments (GRO) have
// whole sums, not pending ones: edited, they leave as segments with right sums.
func TestLiveBridgePutTogether(t *testing.T) {
	bytes, file := content(t, 2<<20)
	c := newBridge(t)
	h := &transfer{c: c, content: bytes, file: file}
	noOffload(t, c.DUT, "eth0", "eth1")
	for _, dev := range []string{"eth0", "eth1"} {
		netlab.Run(t, c.DUT, "ethtool", "-K", dev, "gro", "on")
	}
	for _, ns := range []*netns.Namespace{c.Client, c.Server} {
		noOffload(t, ns, "eth0")
	}
	for _, rule := range []struct {
		code    string
		becomes func([]byte) []byte
	}{{headerRule, unchanged}, {payloadRule, changed}} {
		p := bridge(t, c, rule.code)
		seen := []*sniffer{startSniffer(t, c.Server, "tcp"), startSniffer(t, c.Client, "tcp")}
		for _, host := range []string{far4, far6} {
			s := serve(t, c.Server, net.JoinHostPort(host, "8080"), bytes)
			h.transferred(t, s, rule.becomes)
			s.ln.Close()
		}
		for _, s := range seen {
			packets := s.end(sums...)
			if wrong := wrongSums(packets); len(packets) == 0 || wrong != 0 {
				t.Errorf("of %d packets %d have wrong sums", len(packets), wrong)
			}
		}
		p.stop(syscall.SIGINT)
		p.wait(", 0 failed")
		large := strings.Fields(p.out.String())
		if rule.code == payloadRule && (len(large) != 2 || large[0] == "0" || large[1] == "0") {
			t.Errorf("large packets that were edited: %s", large)
		}
		t.Logf("large packets that were edited: %s", large)
	}
}

// 100 MB by curl in both directions at once, and iperf3, over a bridge.
func TestLiveBridgeLong(t *testing.T) {
	netlab.Need(t, "iperf3")
	size, stream := 100<<20, "200M"
	if testing.Short() {
		size, stream = 10<<20, "20M"
	}
	bytes, file := content(t, size)
	c := newBridge(t)
	h := &transfer{c: c, content: bytes, file: file}
	s := serve(t, c.Server, net.JoinHostPort(far4, "8080"), bytes)
	p := bridge(t, c, lookRule)
	h.transferred(t, s, unchanged)
	server := c.Server.Command(t.Context(), "iperf3", "-s", "--forceflush")
	said := newLineWatcher()
	server.Stdout = said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer server.Wait()
	defer server.Process.Kill()
	waitLine(t, said, "listening")
	for _, args := range [][]string{{"-c", far4, "-n", stream}, {"-c", far4, "-n", stream, "-R"}, {"-c", far6, "-n", stream}, {"-c", far6, "-n", stream, "-R"},
		{"-c", far4, "-u", "-w", "4M", "-b", "50M", "-l", "1000", "-n", "2M"}} {
		iperf(t, c, args...)
	}
	p.stop(syscall.SIGINT)
	p.wait(", 0 failed")
}

// An edit that changes the length of a packet that stands for several is an error
// of its rule, told clearly; the policy decides. That of another packet is made.
func TestLiveBridgeLength(t *testing.T) {
	bytes, file := content(t, 1<<20)
	c := newBridge(t)
	h := &transfer{c: c, content: bytes, file: file}
	s := serve(t, c.Server, far4+":8080", bytes)
	p := bridge(t, c, `pkl.on("len(tcp.body) > 1000", function(p) if p.gso then p.tcp.body = p.tcp.body .. "x" end end)`, "--on-error", "accept")
	h.transferred(t, s, unchanged)
	p.wait("it stands for several packets of the wire")
	p.stop(syscall.SIGINT)

	p = bridge(t, c, `pkl.on("len(tcp.body) > 1000", function(p) if p.gso then p.tcp.body = p.tcp.body .. "x" end end)`)
	if _, err := h.curl(t, s, "--max-time", "0.5"); err == nil {
		t.Error("what fails passes, though it is to be dropped")
	}
	p.wait("it stands for several packets of the wire")
	p.stop(syscall.SIGINT)

	listenUDP(t, c.Server, far4+":7777", func(b []byte) []byte { return b })
	p = bridge(t, c, `
		pkl.on("udp.dport == 7777", function(p) p.udp.body = p.udp.body .. "-there" end)
		pkl.on("udp.sport == 7777", function(p) p.udp.body = p.udp.body .. "-back" end)`)
	if got := askUDP(t, c.Client, far4+":7777", "hello"); got != "hello-there-back" {
		t.Errorf("a datagram comes back as %q", got)
	}
	p.stop(syscall.SIGINT)
}

// askUDP sends a datagram and returns the answer.
func askUDP(t *testing.T, ns *netns.Namespace, to, text string) string {
	t.Helper()
	b := make([]byte, 2048)
	n := 0
	err := ns.Do(func() error {
		k, err := net.Dial("udp", to)
		if err != nil {
			return err
		}
		defer k.Close()
		k.SetDeadline(time.Now().Add(livePatience))
		if _, err := k.Write([]byte(text)); err != nil {
			return err
		}
		n, err = k.Read(b)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return string(b[:n])
}

// What -f does not choose passes unseen; VLAN tags pass; what is too long for the
// other interface is told and counted.
func TestLiveBridgePasses(t *testing.T) {
	c := newBridge(t)
	w := &wire{T: t}
	p := bridge(t, c, `
		local n, tags = 0, 0
		pkl.on(function(p) n = n + 1 if p.vlan then tags = tags + 1 end if not p.icmp then print("not icmp") end end)
		pkl.at_end(function() print(n, tags) end)`, "-f", "icmp")
	dump := w.dump(c.Server, "-i", "eth0", "-f", "vlan", "-c", "2", "-T", "fields", "-e", "vlan.vid", "-e", "vlan#2.vid", "-e", "icmp.seq")
	w.program(c.Client, `
		local ping = pkl.ip{src = "10.9.7.1", dst = "10.9.7.2"} + pkl.icmp{type = "echo_request", id = 1, seq = 1}
		local eth, vlan = pkl.eth{dst = "02:00:00:00:00:09"}, pkl.vlan
		assert(pkl.send({eth + vlan{vid = 7} + ping, eth + vlan{vid = 8} + vlan{vid = 9} + ping}, {iface = "eth0"}))`)
	if dump.status(); dump.out.String() != "7\t\t1\n8\t9\t1\n" {
		t.Errorf("frames with tags arrive as %q", dump.out)
	}
	for _, to := range []string{far4, far6} {
		if out := pings(t, c.Client, to, 2); !strings.Contains(out, "2 received") {
			t.Errorf("%s", out)
		}
	}
	w.ip(c.DUT, "link set eth1 mtu 1000")
	if out := pings(t, c.Client, far4, 1, "-s", "1200", "-W", "0.2"); !strings.Contains(out, "0 received") {
		t.Errorf("%s", out)
	}
	p.wait("a frame from eth0 was not sent: 1242 bytes are too long for eth1, whose MTU is 1000")
	if out := pings(t, c.Client, far4, 1); !strings.Contains(out, "1 received") {
		t.Errorf("%s", out)
	}
	p.stop(syscall.SIGINT)
	if got := p.out.String(); got != "6\t2\n3\t0\n" && got != "3\t0\n6\t2\n" {
		t.Errorf("the rules saw %q", got)
	}
}

// Reloads by SIGHUP under traffic lose nothing, and change no order.
func TestLiveBridgeReload(t *testing.T) {
	c := newBridge(t)
	w := &wire{T: t}
	w.ip(c.Client, "addr add "+netns.Client4+"/24 dev eth0")
	w.ip(c.Client, "route add "+netns.Server4+" dev eth0")
	w.ip(c.Server, "addr add "+netns.Server4+"/24 dev eth0")
	name := script(t, `pkl.on("udp", function(p) p.ip.ttl = 1 end)`)
	p := startPkl(t, c.DUT, "-i", "eth0", "--bridge", "eth1", name)
	f := startFlood(t, c, 100*time.Microsecond)
	for i := range 5 {
		f.pass(300)
		w.must(os.WriteFile(name, fmt.Appendf(nil, `pkl.on("udp", function(p) p.ip.ttl = %d end)`, i+2), 0o644))
		p.signal(syscall.SIGHUP)
		p.wait(fmt.Sprintf("generation %d in force", i+2))
	}
	f.pass(300)
	f.whole()
	p.stop(syscall.SIGINT)
	p.wait(", 0 failed")
}
