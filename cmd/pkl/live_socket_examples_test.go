//go:build linux

package main

import (
	"net"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"regexp"
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
