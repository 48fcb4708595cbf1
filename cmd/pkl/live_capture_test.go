//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// A sniffer is a tcpdump that captures what arrives at a device.
type sniffer struct {
	t    *testing.T
	cmd  *exec.Cmd
	file string
}

// startSniffer captures what arrives at eth0 of a host.
func startSniffer(t *testing.T, ns *netns.Namespace, filter string) *sniffer {
	t.Helper()
	netlab.Need(t, "tcpdump", "tshark")
	s := &sniffer{t: t, file: filepath.Join(t.TempDir(), "seen.pcap")}
	s.cmd = ns.Command(t.Context(), "tcpdump", "-i", "eth0", "-Q", "in", "-n", "-U", "--immediate-mode", "-s", "0", "-B", "65536", "-Z", "root", "-w", s.file, filter)
	said := newLineWatcher()
	s.cmd.Stderr = said
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() })
	waitLine(t, said, "listening on")
	return s
}

// end stops the capture, and returns the fields of each packet as tshark reads
// them.
func (s *sniffer) end(fields ...string) (packets [][]string) {
	s.t.Helper()
	time.Sleep(50 * time.Millisecond) // for what has arrived to be written
	s.cmd.Process.Signal(os.Interrupt)
	s.cmd.Wait()
	args := []string{"-n", "-r", s.file, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
		"-o", "tcp.desegment_tcp_streams:FALSE", "--disable-protocol", "http", "-T", "fields"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	out, err := exec.CommandContext(s.t.Context(), "tshark", args...).Output()
	if err != nil {
		s.t.Fatalf("tshark %s: %v", strings.Join(args, " "), err)
	}
	for line := range strings.Lines(string(out)) {
		packets = append(packets, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return packets
}

// sums are the fields that say whether a sum is right: "0" is wrong, "1" right.
var sums = []string{"ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "tcp.checksum"}

// wrongSums counts the packets whose sums are not all right; the first fields are
// sums. The kernel writes 0xffff where the sum of a TCP segment is 0, which for
// tshark is wrong, though the receiver's addition comes out.
func wrongSums(packets [][]string) (wrong int) {
	for _, p := range packets {
		if p[0] != "1" && p[0] != "" || p[1]+p[2] != "1" && p[3] != "0xffff" {
			wrong++
		}
	}
	return wrong
}

// noOffload has the kernel compute sums, and cut large packets, before they go
// out by a device: what is captured behind it is what a wire would carry.
func noOffload(t *testing.T, ns *netns.Namespace, devices ...string) {
	t.Helper()
	netlab.Need(t, "ethtool")
	for _, dev := range devices {
		netlab.Run(t, ns, "ethtool", "-K", dev, "tx", "off")
	}
}

// A counterRule counts packets that match, and lets them pass.
type counterRule struct {
	ns           *netns.Namespace
	tool, table  string
	chain, match string
}

func (c counterRule) insert(t *testing.T) {
	t.Helper()
	netlab.Run(t, c.ns, c.tool, append([]string{"-w", "10", "-t", c.table, "-A", c.chain, "-m", "comment", "--comment", "counter"}, strings.Fields(c.match)...)...)
}

// packets is how many have matched.
func (c counterRule) packets(t *testing.T) string {
	t.Helper()
	for line := range strings.Lines(netlab.Run(t, c.ns, c.tool, "-w", "10", "-t", c.table, "-nvxL", c.chain)) {
		if strings.Contains(line, "counter") {
			return strings.Fields(line)[0]
		}
	}
	t.Fatalf("%s -t %s %s has no counter", c.tool, c.table, c.chain)
	return ""
}
