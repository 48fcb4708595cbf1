//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"strings"
	"syscall"
	"testing"
)

// The metrics, and the statistics of SIGUSR1.
func TestLiveMetrics(t *testing.T) {
	netlab.Need(t, "curl")
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD -p icmp", "--metrics", "127.0.0.1:9100", "-e",
		`pkl.on{ name = "the \"rule\"", filter = "icmp", on_packet = function(p) if p.icmp.seq == 2 then return pkl.drop end end }`)
	pings(t, c.Client, netns.Server4, 3, "-W", "1")
	p.signal(syscall.SIGUSR1)
	p.wait(`rule the "rule": 5 packets, 0 errors`)
	out := netlab.Run(t, c.DUT, "curl", "-sS", "http://127.0.0.1:9100/metrics")
	for _, want := range []string{"pkl_packets_total 5\n", `pkl_verdicts_total{verdict="accept"} 4` + "\n", `pkl_verdicts_total{verdict="drop"} 1` + "\n",
		`pkl_rule_hits_total{rule="the \"rule\""} 5` + "\n", `pkl_queue_waiting{queue="1"} 0` + "\n", "pkl_generation 1\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("the metrics lack %q:\n%s", want, out)
		}
	}
	p.stop(os.Interrupt)
}

// Timers run in a worker that waits; -w gets what was accepted; -c and pkl.stop
// end the run with status 0; queues, hooks and interfaces are told.
func TestLiveFacts(t *testing.T) {
	c := netlab.Chain(t)
	out := filepath.Join(t.TempDir(), "out.pcapng")
	p := startPkl(t, c.DUT, "-q", "4", "--iptables", "FORWARD -p icmp", "-w", out, "-e", `
		pkl.on("icmp.type == echo_request", function(p)
		  print(p.hook, p.queue, p.iface, p.out_iface, p.hwaddr and #p.hwaddr, p.linktype, p.first.proto)
		  if p.icmp.seq == 3 then return pkl.stop end
		end)
		pkl.at_end(function() print("end") end)`)
	pings(t, c.Client, netns.Server4, 3)
	if code := p.status(); code != 0 {
		t.Errorf("pkl.stop: exit status %d", code)
	}
	line := "forward\t4\teth0\teth1\t17\traw\tip\n"
	if have, want := p.out.String(), strings.Repeat(line, 3)+"end\n"; have != want {
		t.Errorf("said %q, want %q", have, want)
	}
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	dump, err := exec.Command(name, "dump", "-r", out, "-T", "fields", "-e", "icmp.type", "-e", "frame.iface").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(dump), "8\teth0\n0\teth1\n8\teth0\n") {
		t.Errorf("the capture: %s %v", dump, err)
	}
	timed := startPkl(t, c.DUT, "-q", "4", "-e", `pkl.after(0.05, function() print("time") return pkl.stop end)`)
	if code := timed.status(); code != 0 || timed.out.String() != "time\n" {
		t.Errorf("a timer: status %d, said %q", code, timed.out)
	}
	counted := startPkl(t, c.DUT, "-q", "4", "--iptables", "FORWARD -p icmp", "-c", "2", "-e", `pkl.on("icmp", function(p) print(p.number) end)`)
	pings(t, c.Client, netns.Server4, 3)
	if code := counted.status(); code != 0 || counted.out.String() != "1\n2\n" {
		t.Errorf("-c 2: status %d, said %q", code, counted.out)
	}
}
