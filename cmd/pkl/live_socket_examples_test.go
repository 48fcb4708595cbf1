//go:build linux

package main

import (
	"maps"
	"net"
	"os"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// runExample runs an example as a program in a namespace and returns what it prints.
func runExample(t *testing.T, ns *netns.Namespace, name string, args ...string) string {
	t.Helper()
	pkl, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	return netlab.Run(t, ns, pkl, append([]string{"run", example(name), "--"}, args...)...)
}

// macOf is the address of an interface.
func macOf(t *testing.T, ns *netns.Namespace, dev string) (mac string) {
	t.Helper()
	err := ns.Do(func() error {
		i, err := net.InterfaceByName(dev)
		if err == nil {
			mac = i.HardwareAddr.String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return mac
}

// times are replaced by T in what examples print.
var times = regexp.MustCompile(`\b\d+\.\d{3} ms`)

// The examples that ask and wait for answers.
func TestLiveSocketExamples(t *testing.T) {
	netlab.Need(t, "iptables", "ip6tables")
	c := netlab.Chain(t)
	startDNS(t, c.Server)
	for _, tool := range []string{"iptables", "ip6tables"} {
		netlab.Run(t, c.Server, tool, "-A", "INPUT", "-p", "tcp", "--dport", "23", "-j", "DROP")
		netlab.Run(t, c.Server, tool, "-A", "INPUT", "-p", "tcp", "--dport", "24", "-j", "REJECT")
	}
	serve(t, c.Server, net.JoinHostPort(netns.Server4, "80"), nil)
	serve(t, c.Server, net.JoinHostPort(netns.Server6, "80"), nil)
	router := netns.Near4 + "\t" + macOf(t, c.DUT, "eth0") + "\tT\n"

	for _, r := range []struct{ run, want string }{
		{"arp_ping " + netns.Near4, router + "1 of 1 answered\n"},
		{"arp_ping 10.9.1.9 10.9.1.0-4", router + "1 of 6 answered\n"},

		{"traceroute " + netns.Server4, "1\t10.9.1.1\tT\n2\t10.9.2.2\tT\n"},
		{"traceroute " + netns.Server4 + " udp", "1\t10.9.1.1\tT\n2\t10.9.2.2\tT\n"},
		{"traceroute " + netns.Server4 + " tcp 443", "1\t10.9.1.1\tT\n2\t10.9.2.2\tT\n"},
		{"traceroute " + netns.Server6, "1\tfd09:1::1\tT\n2\tfd09:2::2\tT\n"},
		{"traceroute " + netns.Server6 + " udp", "1\tfd09:1::1\tT\n2\tfd09:2::2\tT\n"},
		{"traceroute " + netns.Server6 + " tcp", "1\tfd09:1::1\tT\n2\tfd09:2::2\tT\n"},
		{"traceroute fd09:3::1", "1\tfd09:1::1\tT\n"}, // the router has no way

		{"port_scan " + netns.Server4 + " 1-1000", "53\topen\n80\topen\n2 open, 996 closed, 2 filtered\n"},
		{"port_scan " + netns.Server6 + " 24-80 2000", "53\topen\n80\topen\n2 open, 54 closed, 1 filtered\n"},
		{"port_scan " + netns.Near4 + " 80", "0 open, 1 closed, 0 filtered\n"},

		{"dns_query " + netns.Server4 + " www.test", "noerror, 1 answers\n" +
			"dns.answers name=www.test type=A class=IN ttl=0 len=4 addr=192.0.2.1\n"},
		{"dns_query " + netns.Server6 + " www.test AAAA", "noerror, 1 answers\n" +
			"dns.answers name=www.test type=AAAA class=IN ttl=0 len=16 addr=2001:db8::1\n"},
		{"dns_query " + netns.Server4 + " none.test", "refused, 0 answers\n"},
	} {
		t.Run(r.run, func(t *testing.T) {
			words := strings.Fields(r.run)
			if got := times.ReplaceAllString(runExample(t, c.Client, words[0], words[1:]...), "T"); got != r.want {
				t.Errorf("got:\n%swant:\n%s", got, r.want)
			}
		})
	}
}

// Examples on the link between the client and the router.
func TestLiveLinkExamples(t *testing.T) {
	netlab.Need(t, "ping")
	c := netlab.Chain(t)
	t.Run("dhcp_discover", func(t *testing.T) {
		startDnsmasq(t, c.DUT, "--port=0", "--interface=eth0", "--no-ping", "--dhcp-leasefile="+filepath.Join(t.TempDir(), "leases"),
			"--dhcp-range=10.9.1.77,10.9.1.77,1h")
		got := runExample(t, c.Client, "dhcp_discover", "eth0")
		if !strings.HasPrefix(got, netns.Near4+" offers 10.9.1.77\n") || strings.Count(got, "offers") != 1 ||
			!strings.Contains(got, "type=message_type len=1 message_type=offer\n") || !strings.Contains(got, "lease_time=3600\n") {
			t.Errorf("got:\n%s", got)
		}
		if got := runExample(t, c.Server, "dhcp_discover", "eth0"); got != "no answer\n" {
			t.Errorf("where there is no server:\n%s", got)
		}
	})
	t.Run("arp_responder", func(t *testing.T) {
		netlab.Run(t, c.DUT, "ip", "addr", "add", "10.9.1.50/32", "dev", "lo")
		if err := c.DUT.Sysctl("net/ipv4/conf/all/arp_ignore", "1"); err != nil { // of its own it answers for eth0 alone
			t.Fatal(err)
		}
		if got := runExample(t, c.Client, "arp_ping", "10.9.1.50"); got != "0 of 1 answered\n" {
			t.Fatalf("before: %s", got)
		}
		p := startPkl(t, c.DUT, "-i", "eth0", "-Q", "in", "--allow", "net", example("arp_responder"), "--", "10.9.1.50")
		if out := pings(t, c.Client, "10.9.1.50", 1); !strings.Contains(out, " 1 received") {
			t.Errorf("ping:\n%s", out)
		}
		want := "10.9.1.50\t" + macOf(t, c.DUT, "eth0") + "\tT\n1 of 2 answered\n"
		if got := times.ReplaceAllString(runExample(t, c.Client, "arp_ping", "10.9.1.50-51"), "T"); got != want {
			t.Errorf("got:\n%swant:\n%s", got, want)
		}
		if status := p.stop(os.Interrupt); status != 130 || p.out.String() != strings.Repeat("10.9.1.2\t10.9.1.50\n", 2) {
			t.Errorf("status %d; it says:\n%s", status, p.out)
		}
	})
	t.Run("sniffer", func(t *testing.T) {
		p := startPkl(t, c.DUT, "-i", "eth0", "-f", "icmp", example("sniffer"))
		pings(t, c.Client, netns.Near4, 2)
		pings(t, c.Client, netns.Server4, 1)
		p.stop(os.Interrupt)
		want := `^6 packets, \d+ bytes
 +\d+ bytes       4 packets  icmp 10\.9\.1\.1 10\.9\.1\.2
 +\d+ bytes       2 packets  icmp 10\.9\.1\.2 10\.9\.2\.2
$`
		if !regexp.MustCompile(want).MatchString(p.out.String()) {
			t.Errorf("it says:\n%s", p.out)
		}
	})
	t.Run("replay", func(t *testing.T) {
		seen := startSniffer(t, c.DUT, "ether src 02:00:00:00:00:01")
		got := runExample(t, c.Client, "replay", filepath.Join("..", "..", "testdata", "web.pcap"), "eth0", "100",
			"192.0.2.10=10.9.1.2", "2001:db8::a=fd09:1::2", "00:00:5e:00:53:0a=02:00:00:00:00:01")
		if got != "26 packets\n" {
			t.Errorf("it says %q", got)
		}
		senders := map[string]int{}
		for _, p := range seen.end(append(sums[:3:3], "arp.src.proto_ipv4", "ip.src", "ipv6.src")...) {
			senders[strings.Join(p[3:], "")]++
			if slices.Contains(p[:3], "0") {
				t.Errorf("wrong sums: %q", p)
			}
		}
		if want := map[string]int{"10.9.1.2": 13, "fd09:1::2": 2}; !maps.Equal(senders, want) {
			t.Errorf("senders: %v, want %v", senders, want)
		}
	})
}

// Two hosts on one network, with a bridge between them that has no addresses.
func TestLiveBridgeExample(t *testing.T) {
	netlab.Need(t, "curl", "ping")
	lab := netlab.New(t)
	a, bridge, b := netlab.Namespace(t, lab, "a"), netlab.Namespace(t, lab, "bridge"), netlab.Namespace(t, lab, "b")
	for _, pair := range [][2]netns.End{
		{{NS: a, Dev: "eth0", Addrs: []string{"10.9.0.1/24"}}, {NS: bridge, Dev: "left"}},
		{{NS: bridge, Dev: "right"}, {NS: b, Dev: "eth0", Addrs: []string{"10.9.0.2/24"}}},
	} {
		if err := lab.Veth(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	content := strings.Repeat("0123456789abcdef", 1<<14)
	serve(t, b, "10.9.0.2:80", []byte(content))
	serve(t, b, "10.9.0.2:2323", []byte("closed"))

	p := startPkl(t, bridge, "-i", "left", "--bridge", "right", example("bridge"), "--", "1000", "2323")
	if out := pings(t, a, "10.9.0.2", 1); !strings.Contains(out, " 1 received") {
		t.Errorf("ping:\n%s", out)
	}
	seen := startSniffer(t, b, "tcp[tcpflags] & tcp-syn != 0")
	if out := netlab.Run(t, a, "curl", "-sS", "--max-time", "20", "http://10.9.0.2/"); out != content {
		t.Errorf("the page is %d bytes", len(out))
	}
	if out, err := a.Run(t.Context(), "curl", "-sS", "--max-time", "1", "http://10.9.0.2:2323/"); err == nil {
		t.Errorf("the blocked port says %q", out)
	}
	if got := seen.end(append(slices.Clone(sums), "tcp.dstport", "tcp.options.mss_val")...); len(got) != 1 || got[0][4] != "80" || got[0][5] != "1000" || wrongSums(got) != 0 {
		t.Errorf("who asks for connections: %q", got)
	}
	p.stop(os.Interrupt)
	if !regexp.MustCompile(`^\d+\ttcp 10\.9\.0\.1:\d+ 10\.9\.0\.2:2323\n$`).MatchString(p.out.String()) {
		t.Errorf("who tried: %q", p.out)
	}
}
