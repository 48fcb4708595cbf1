//go:build linux

package main

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// startDNS starts a name server: www.test has an address of each family, long.test
// a text that needs TCP.
func startDNS(t *testing.T, ns *netns.Namespace) {
	t.Helper()
	startDnsmasq(t, ns, "--host-record=www.test,192.0.2.1,2001:db8::1", "--host-record=blocked.test,192.0.2.3",
		"--txt-record=long.test,"+strings.Repeat(strings.Repeat("x", 250)+",", 9)+"end")
}

// startDnsmasq starts a server that knows nothing but what the options say.
func startDnsmasq(t *testing.T, ns *netns.Namespace, options ...string) {
	t.Helper()
	netlab.Need(t, "dnsmasq")
	pid := filepath.Join(t.TempDir(), "pid")
	cmd := ns.Command(context.Background(), "dnsmasq", append([]string{"--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
		"--log-facility=-", "--user=root", "--pid-file=" + pid}, options...)...)
	said := newLineWatcher()
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	waitLine(t, said, "started")
}

// resolver is Go's own, in a host, which asks one server.
func resolver(ns *netns.Namespace, server string) *net.Resolver {
	return &net.Resolver{PreferGo: true, StrictErrors: true, Dial: func(ctx context.Context, network, _ string) (conn net.Conn, err error) {
		err = ns.Do(func() error {
			conn, err = net.Dial(network, net.JoinHostPort(server, "53"))
			return err
		})
		return conn, err
	}}
}

// Names are resolved over UDP and TCP, IPv4 and IPv6, while rules look, edit
// headers and answers, mark and drop. Sums are right on the wire (row 17).
func TestLiveDNS(t *testing.T) {
	c := netlab.Chain(t)
	startDNS(t, c.Server)
	noOffload(t, c.DUT, "eth0", "eth1")
	for _, r := range []struct {
		name, code string
		want       []string // the addresses of www.test
		text       string   // what long.test begins with
	}{
		{"look", `pkl.on("dns", function(p) local q = p.dns.questions[1].name end)`, []string{"192.0.2.1", "2001:db8::1"}, "xxx"},
		{"header", `pkl.on("dns", function(p) if p.ip then p.ip.ttl = 33 else p.ip6.hlim = 33 end end)`, []string{"192.0.2.1", "2001:db8::1"}, "xxx"},
		{"payload", `
			pkl.on("dns.answers.type == A", function(p) p.dns.answers[1].addr = "198.51.100.7" end)
			pkl.on("dns.answers.type == AAAA", function(p) p.dns.answers[1].addr = "2001:db8::7" end)
			pkl.on("tcp.sport == 53", function(p) p.tcp.body = p.tcp.body:gsub("x", "y") end)`, []string{"198.51.100.7", "2001:db8::7"}, "yyy"},
		{"mark", `pkl.on("dns", function(p) p.mark = 0x55 end)`, []string{"192.0.2.1", "2001:db8::1"}, "xxx"},
		{"drop", `pkl.on('dns.questions.name == "blocked.test"', function() return pkl.drop end)`, []string{"192.0.2.1", "2001:db8::1"}, "xxx"},
	} {
		t.Run(r.name, func(t *testing.T) {
			var counters []counterRule
			for _, tool := range []string{"iptables", "ip6tables"} {
				counter := counterRule{c.DUT, tool, "mangle", "POSTROUTING", "-m mark --mark 0x55"}
				if r.name == "mark" {
					counter.insert(t)
					counters = append(counters, counter)
				}
			}
			p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD", "-e", r.code)
			seen := startSniffer(t, c.Client, "port 53")
			for _, server := range []string{netns.Server4, netns.Server6} {
				ask := resolver(c.Client, server)
				got, err := ask.LookupHost(t.Context(), "www.test.")
				if slices.Sort(got); err != nil || !slices.Equal(got, r.want) {
					t.Errorf("%s: www.test is %v, want %v: %v", server, got, r.want, err)
				}
				text, err := ask.LookupTXT(t.Context(), "long.test.")
				if err != nil || len(text) != 1 || len(text[0]) != 9*250+3 || !strings.HasPrefix(text[0], r.text) {
					t.Errorf("%s: long.test is %.20q, want a text that begins with %q: %v", server, text, r.text, err)
				}
				if r.name == "drop" {
					short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
					if got, err := ask.LookupHost(short, "blocked.test."); err == nil {
						t.Errorf("%s: blocked.test is %v", server, got)
					}
					cancel()
				}
			}
			packets := seen.end(sums...)
			if wrong := wrongSums(packets); len(packets) < 10 || wrong != 0 {
				t.Errorf("of %d packets %d have wrong sums", len(packets), wrong)
			}
			for _, counter := range counters {
				if counter.packets(t) == "0" {
					t.Errorf("%s counts no mark", counter.tool)
				}
			}
			p.stop(syscall.SIGINT)
			p.wait(", 0 failed")
		})
	}
}
