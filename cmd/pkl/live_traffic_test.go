//go:build linux

package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// A hookPoint is where in a Chain packets are judged.
type hookPoint struct {
	rule, table string
	at          func(*netns.Chain) *netns.Namespace
	local       bool   // the router itself is the server
	oneWay      bool   // only what the client sends passes here
	ttl         string // at the receiver, of packets that are given 33 here
	after       [2]string
}

func dut(c *netns.Chain) *netns.Namespace    { return c.DUT }
func client(c *netns.Chain) *netns.Namespace { return c.Client }

// hookPoints are all places that forwarded packets, and those of the host itself,
// come through; after is a table and chain that they see next, if there is one.
var hookPoints = []hookPoint{
	{rule: "INPUT", at: dut, local: true, oneWay: true, ttl: "33", after: [2]string{"security", "INPUT"}},
	{rule: "OUTPUT", at: client, oneWay: true, ttl: "32", after: [2]string{"mangle", "POSTROUTING"}},
	{rule: "FORWARD", at: dut, ttl: "33", after: [2]string{"mangle", "POSTROUTING"}},
	{rule: "PREROUTING", table: "mangle", at: dut, ttl: "32", after: [2]string{"filter", "FORWARD"}},
	{rule: "POSTROUTING", table: "mangle", at: dut, ttl: "33"},
}

// The payload rule makes every byte 0x80 one of 0x81: in any order of segments,
// and twice, the result is the same. It tells how many packets it changed that
// were larger than the path allows.
const (
	payloadRule = `
		local large = 0
		pkl.on("tcp", function(p)
		  local b = p.tcp.body
		  if b:find("\128", 1, true) then
		    p.tcp.body = b:gsub("\128", "\129")
		    if p.gso then large = large + 1 end
		  end
		end)
		pkl.at_end(function() print(large) end)`
	lookRule   = `pkl.on("tcp", function(p) local a, b = p.tcp.sport, p.tcp.SYN end)`
	headerRule = `pkl.on("tcp", function(p) if p.ip then p.ip.ttl = 33 else p.ip6.hlim = 33 end p.tcp.urp = 7 p.tcp.urp = 0 end)`
)

func unchanged(content []byte) []byte { return content }

func changed(content []byte) []byte { return bytes.ReplaceAll(content, []byte{0x80}, []byte{0x81}) }

func hash(content []byte) string { return fmt.Sprintf("%x", sha256.Sum256(content)) }

// curl from the client, both directions at once, IPv4 and IPv6, through every
// place, with rules that look, edit headers, edit payloads, mark and drop. What
// arrives is what the rules say, and what was edited has right sums on the wire
// (rows 16, 17).
func TestLiveCurl(t *testing.T) {
	netlab.Need(t, "curl")
	content := make([]byte, 2<<20)
	rand.Read(content)
	file := filepath.Join(t.TempDir(), "up")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, at := range hookPoints {
		t.Run(at.rule, func(t *testing.T) {
			c := netlab.Chain(t)
			noOffload(t, c.DUT, "eth0", "eth1")
			server, hosts := c.Server, []string{netns.Server4, netns.Server6}
			if at.local {
				server, hosts = c.DUT, []string{netns.Near4, netns.Near6}
			}
			h := &transfer{hookPoint: at, c: c, content: content, file: file}
			for _, host := range hosts {
				h.servers = append(h.servers, serve(t, server, net.JoinHostPort(host, "8080"), content))
			}
			t.Run("look", func(t *testing.T) {
				h.run(t, lookRule, unchanged, nil)
			})
			t.Run("header", func(t *testing.T) {
				h.run(t, headerRule, unchanged, func(tool string) string {
					if tool == "ip6tables" {
						return "-p tcp -m hl --hl-gt 31 -m hl --hl-lt 34"
					}
					return "-p tcp -m ttl --ttl-gt 31 -m ttl --ttl-lt 34"
				})
			})
			t.Run("payload", func(t *testing.T) { h.run(t, payloadRule, changed, nil) })
			t.Run("mark", func(t *testing.T) {
				h.run(t, `pkl.on("tcp", function(p) p.mark = 0x55 end)`, unchanged, func(string) string { return "-p tcp -m mark --mark 0x55" })
			})
			t.Run("drop", h.drop)
		})
	}
}

// A transfer is curl at one place, over IPv4 and IPv6.
type transfer struct {
	hookPoint
	c       *netns.Chain
	content []byte
	file    string        // which has the content
	servers []*httpServer // for IPv4 and for IPv6
}

// start starts pkl at the place.
func (h *transfer) start(t *testing.T, code string, more ...string) *livePkl {
	t.Helper()
	args := append([]string{"-q", "0-1", "--iptables", h.rule + " -p tcp", "--queue-len", "16384", "-e", code}, more...)
	if h.table != "" {
		args = append(args, "-t", h.table)
	}
	return startPkl(t, h.at(h.c), args...)
}

// curl uploads the file and downloads the same.
func (h *transfer) curl(t *testing.T, s *httpServer, more ...string) (down []byte, err error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "down")
	args := append([]string{"-sS", "--max-time", "60", "-T", h.file, "-o", name, "http://" + s.ln.Addr().String() + "/"}, more...)
	if _, err := h.c.Client.Run(t.Context(), "curl", args...); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

// run has a rule judge a transfer in both directions, of which the content then
// is what becomes says. What the rule edits, a rule of iptables with match counts.
func (h *transfer) run(t *testing.T, code string, becomes func([]byte) []byte, match func(tool string) string) {
	up := hash(becomes(h.content))
	down := up
	if h.oneWay {
		down = hash(h.content)
	}
	var counters []counterRule
	for _, tool := range []string{"iptables", "ip6tables"} {
		if match != nil && h.after[0] != "" {
			c := counterRule{h.at(h.c), tool, h.after[0], h.after[1], match(tool)}
			c.insert(t)
			counters = append(counters, c)
		}
	}
	p := h.start(t, code)
	var seen []*sniffer
	if !h.local {
		seen = append(seen, startSniffer(t, h.c.Server, "tcp"))
	}
	if !h.oneWay {
		seen = append(seen, startSniffer(t, h.c.Client, "tcp"))
	}
	for _, s := range h.servers {
		got, err := h.curl(t, s)
		if err != nil {
			t.Fatal(err)
		}
		if hash(got) != down {
			t.Errorf("%s: %d bytes came down, with another hash than expected", s.ln.Addr(), len(got))
		}
		if _, sum := s.said(); sum != up {
			t.Errorf("%s: what came up has another hash than expected", s.ln.Addr())
		}
	}
	for _, c := range counters {
		if c.packets(t) == "0" {
			t.Errorf("%s -t %s %s counts no packet with %s", c.tool, c.table, c.chain, c.match)
		}
	}
	for _, s := range seen {
		packets := s.end(append(sums, "ip.ttl", "ipv6.hlim")...)
		for _, p := range packets {
			if ttl := p[len(p)-2] + p[len(p)-1]; code == headerRule && ttl != h.ttl {
				t.Fatalf("a packet arrives with TTL %s, want %s", ttl, h.ttl)
			}
		}
		wrong := wrongSums(packets)
		if len(packets) == 0 || wrong != 0 {
			t.Errorf("of %d packets %d have wrong sums", len(packets), wrong)
		}
		t.Logf("row 17: %d packets on the wire, %d of them with wrong sums", len(packets), wrong)
	}
	p.stop(syscall.SIGINT)
	p.wait(", 0 failed")
	p.wait("queue 0: 0 waiting, 0 dropped")
	p.wait("queue 1: 0 waiting, 0 dropped")
	if code == payloadRule {
		large := 0
		for _, n := range strings.Fields(p.out.String()) {
			more, _ := strconv.Atoi(n)
			large += more
		}
		if large == 0 {
			t.Error("no large packet was edited")
		}
		t.Logf("row 16: %d packets larger than the path allows were edited", large)
	}
}

// drop has a rule stop one port, and sees the other one go on.
func (h *transfer) drop(t *testing.T) {
	p := h.start(t, `pkl.on("tcp.dport == 8081", function() return pkl.drop end)`)
	for _, s := range h.servers {
		if _, err := h.curl(t, s); err != nil {
			t.Error(err)
		}
		addr := s.ln.Addr().(*net.TCPAddr)
		url := fmt.Sprintf("http://%s/", net.JoinHostPort(addr.IP.String(), "8081"))
		if out, err := h.c.Client.Run(t.Context(), "curl", "-sS", "--connect-timeout", "0.3", url); err == nil || !strings.Contains(out, "curl: (28)") {
			t.Errorf("%s: the port that is dropped says %q, %v", url, out, err)
		}
	}
	p.stop(syscall.SIGINT)
}

// 100 MB by curl in both directions at once through FORWARD, large packets as
// they come, and cut.
func TestLiveCurlLong(t *testing.T) {
	netlab.Need(t, "curl")
	size := 100 << 20
	if testing.Short() {
		size = 10 << 20
	}
	content := make([]byte, size)
	rand.Read(content)
	file := filepath.Join(t.TempDir(), "up")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	c := netlab.Chain(t)
	s := serve(t, c.Server, net.JoinHostPort(netns.Server4, "8080"), content)
	for _, r := range []struct {
		name, code string
		becomes    func([]byte) []byte
		more       []string
	}{
		{"look", lookRule, unchanged, nil},
		{"header", headerRule, unchanged, nil},
		{"payload", payloadRule, changed, nil},
		{"header, no gso", headerRule, unchanged, []string{"--no-gso"}},
	} {
		t.Run(r.name, func(t *testing.T) {
			h := &transfer{hookPoint: hookPoint{rule: "FORWARD", at: dut}, c: c, content: content, file: file}
			p := h.start(t, r.code, r.more...)
			got, err := h.curl(t, s)
			if err != nil {
				t.Fatal(err)
			}
			want := hash(r.becomes(content))
			if _, up := s.said(); up != want || hash(got) != want {
				t.Errorf("%d bytes came down; the hashes are not what was expected", len(got))
			}
			p.stop(syscall.SIGINT)
			p.wait(", 0 failed")
			p.wait("queue 0: 0 waiting, 0 dropped")
			p.wait("queue 1: 0 waiting, 0 dropped")
		})
	}
}
