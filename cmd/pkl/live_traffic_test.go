//go:build linux

package main

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"strings"
	"syscall"
	"testing"
)

// The kernel's own ping, through every hook and both families: looked at, edited,
// dropped.
func TestLivePing(t *testing.T) {
	c := netlab.Chain(t)
	edit := example("icmp_edit")
	for _, at := range []struct {
		rule, table, to string
		ns              *netns.Namespace
	}{
		{"INPUT -p icmp", "", netns.Near4, c.DUT}, {"INPUT -p icmpv6 --icmpv6-type echo-request", "", netns.Near6, c.DUT},
		{"FORWARD -p icmp", "", netns.Server4, c.DUT}, {"FORWARD -p icmpv6", "", netns.Server6, c.DUT},
		{"OUTPUT -p icmp", "", netns.Server4, c.Client}, {"OUTPUT -p icmpv6 --icmpv6-type echo-request", "", netns.Server6, c.Client},
		{"PREROUTING -p icmp", "mangle", netns.Server4, c.DUT}, {"POSTROUTING -p icmp", "mangle", netns.Server4, c.DUT},
	} {
		args := []string{"-q", "3", "--iptables", at.rule}
		if at.table != "" {
			args = append(args, "-t", at.table)
		}
		p := startPkl(t, at.ns, append(args, edit)...)
		out := pings(t, c.Client, at.to, 3)
		if !strings.Contains(out, "3 received") || !strings.Contains(out, "61 50 4b 4c") {
			t.Errorf("%s: the edited ping:\n%s", at.rule, out)
		}
		if code := p.stop(os.Interrupt); code != exitInterrupted {
			t.Errorf("%s: exit status %d", at.rule, code)
		}
		if rules := queueRules(t, at.ns); rules != nil {
			t.Errorf("%s: left behind: %q", at.rule, rules)
		}
	}
	p := startPkl(t, c.DUT, "-q", "3", "--iptables", "FORWARD -p icmp", "-e", `pkl.on("icmp", function() return pkl.drop end)`)
	if out, err := c.Client.Run(t.Context(), "ping", "-n", "-c", "2", "-i", "0.05", "-W", "1", netns.Server4); err == nil {
		t.Errorf("a dropped ping is answered:\n%s", out)
	}
	p.stop(syscall.SIGTERM)
	if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "1 received") {
		t.Errorf("after the end:\n%s", out)
	}
}

// 100 MB by curl in both directions through FORWARD and OUTPUT, with rules that
// look, edit a header, edit a payload, mark; with large packets and without.
func TestLiveCurl(t *testing.T) {
	netlab.Need(t, "curl")
	size := 100 << 20
	if testing.Short() {
		size = 10 << 20
	}
	content := make([]byte, size)
	rand.Read(content)
	want := fmt.Sprintf("%x", sha256.Sum256(content))
	file := filepath.Join(t.TempDir(), "up")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code string
		args       []string
	}{
		{"look", `pkl.on("tcp", function(p) local a, b = p.tcp.sport, p.tcp.SYN end)`, nil},
		{"header", `pkl.on("tcp", function(p) if p.ip then p.ip.ttl = 33 else p.ip6.hlim = 33 end p.tcp.urp = 7 p.tcp.urp = 0 end)`, nil},
		{"payload", `pkl.on("tcp.payload_first == 0 or tcp", function(p) local b = p.tcp.body if #b > 0 then p.tcp.body = b end end)`, nil},
		{"mark", `pkl.on("tcp", function(p) p.mark = 0x55 end)`, nil},
		{"no gso", `pkl.on("tcp", function(p) p.ip.tos = 8 end)`, []string{"--no-gso"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			chain := netlab.Chain(t)
			s := serve(t, chain.Server, net.JoinHostPort(netns.Server4, "8080"), content)
			code := strings.Replace(c.code, "tcp.payload_first == 0 or ", "", 1)
			p := startPkl(t, chain.DUT, append([]string{"-q", "0-1", "--iptables", "FORWARD -p tcp", "--queue-len", "16384", "-e", code}, c.args...)...)
			down := filepath.Join(t.TempDir(), "down")
			netlab.Run(t, chain.Client, "curl", "-sS", "--max-time", "120", "-T", file, "-o", down, "http://"+netns.Server4+":8080/")
			got, err := os.ReadFile(down)
			if err != nil {
				t.Fatal(err)
			}
			if sum := fmt.Sprintf("%x", sha256.Sum256(got)); sum != want {
				t.Errorf("down: %d bytes, another hash", len(got))
			}
			if _, sum := s.said(); sum != want {
				t.Error("up: another hash")
			}
			p.stop(os.Interrupt)
			p.wait(", 0 failed")
			p.wait("queue 0: 0 waiting, 0 dropped")
		})
	}
}
