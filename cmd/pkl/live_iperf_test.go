//go:build linux

package main

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// iperf3 in both directions, IPv4 and IPv6, TCP and UDP, through a rule that
// looks and one that edits every payload: nothing is lost.
func TestLiveIperf(t *testing.T) {
	netlab.Need(t, "iperf3")
	c := netlab.Chain(t)
	server := c.Server.Command(context.Background(), "iperf3", "-s", "--forceflush")
	said := newLineWatcher()
	server.Stdout = said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer server.Wait()
	defer server.Process.Kill()
	waitLine(t, said, "listening")
	size := "200M"
	if testing.Short() {
		size = "20M"
	}
	for _, rule := range []struct{ name, code string }{
		{"look", lookRule},
		{"header", `pkl.on("tcp or udp", function(p) if p.ip then p.ip.tos = 8 else p.ip6.hlim = 33 end end)`},
		{"payload", strings.ReplaceAll(payloadRule, `"tcp"`, `"tcp and tcp.port == 5201 and len(tcp.body) > 1000"`)},
	} {
		t.Run(rule.name, func(t *testing.T) {
			p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD", "--queue-len", "16384", "-e", rule.code)
			for _, host := range []string{netns.Server4, netns.Server6} {
				for _, direction := range [][]string{nil, {"-R"}} {
					iperf(t, c, append([]string{"-c", host, "-n", size}, direction...)...)
					iperf(t, c, append([]string{"-c", host, "-u", "-w", "4M", "-b", "50M", "-l", "1000", "-n", "2M"}, direction...)...)
				}
			}
			p.stop(syscall.SIGINT)
			p.wait(", 0 failed")
			p.wait("queue 0: 0 waiting, 0 dropped")
			p.wait("queue 1: 0 waiting, 0 dropped")
		})
	}
}

// iperf is one run, of which all has to arrive.
func iperf(t *testing.T, c *netns.Chain, args ...string) {
	t.Helper()
	before := bufferDrops(t, c.Client) + bufferDrops(t, c.Server)
	out, err := c.Client.Run(t.Context(), "iperf3", append(args, "-J")...)
	if err != nil {
		t.Fatal(err)
	}
	type sum struct {
		Bytes         int64   `json:"bytes"`
		BitsPerSecond float64 `json:"bits_per_second"`
		Lost          int     `json:"lost_packets"`
		Packets       int     `json:"packets"`
	}
	var r struct {
		End struct {
			Sent     sum `json:"sum_sent"`
			Received sum `json:"sum_received"`
			UDP      sum `json:"sum"`
		} `json:"end"`
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if udp := r.End.UDP; udp.Packets > 0 {
		if late := bufferDrops(t, c.Client) + bufferDrops(t, c.Server) - before; udp.Lost > late {
			t.Errorf("iperf3 %v: %d of %d datagrams are lost, of which iperf3 was too late for %d", args, udp.Lost, udp.Packets, late)
		}
		return
	}
	if r.End.Received.Bytes == 0 {
		t.Errorf("iperf3 %v: nothing arrived: %s", args, out)
	}
	t.Logf("iperf3 %v: %.1f Gbit/s", args, r.End.Received.BitsPerSecond/1e9)
}

// bufferDrops is how many datagrams a host had to drop because their receiver was
// too late.
func bufferDrops(t *testing.T, ns *netns.Namespace) (n int) {
	t.Helper()
	names := map[string]int{} // columns of the lines that begin with Udp:
	for line := range strings.Lines(netlab.Run(t, ns, "cat", "/proc/net/snmp", "/proc/net/snmp6")) {
		f := strings.Fields(line)
		switch {
		case f[0] == "Udp6RcvbufErrors":
			more, _ := strconv.Atoi(f[1])
			n += more
		case f[0] == "Udp:" && len(names) == 0:
			for i, name := range f {
				names[name] = i
			}
		case f[0] == "Udp:":
			more, _ := strconv.Atoi(f[names["RcvbufErrors"]])
			n += more
		}
	}
	return n
}
