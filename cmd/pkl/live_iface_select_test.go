//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// shows runs pkl dump with fields until it was given what does, and compares.
func (w *wire) shows(ns *netns.Namespace, args []string, does func(), want ...string) {
	w.Helper()
	p := w.dump(ns, args...)
	does()
	p.status()
	got := slices.Collect(strings.Lines(p.out.String()))
	for i := range got {
		got[i] = strings.TrimSuffix(got[i], "\n")
	}
	if !slices.Equal(got, want) {
		w.Errorf("%q shows %q, want %q", args, got, want)
	}
}

// ping sends n pings of 56 bytes.
func (w *wire) ping(n int, to string) func() {
	return func() {
		w.Helper()
		if out := pings(w.T, w.a, to, n); !strings.Contains(out, fmt.Sprintf("%d received", n)) {
			w.Error(out)
		}
	}
}

// Which packets of an interface there are to see: of all interfaces, of loopback
// each once, of one direction, cut, not for this host.
func TestLiveIfaceSelect(t *testing.T) {
	w := newQuietWire(t)
	w.ping(1, "10.9.0.2")() // who is who is known then
	fields := []string{"-T", "fields", "-e", "icmp.type", "-e", "icmp.seq"}
	all := []string{"8\t1", "0\t1", "8\t2", "0\t2"}
	dump := func(args ...string) []string { return append(args, fields...) }
	w.shows(w.a, dump("-i", "lo", "-c", "4"), w.ping(2, "127.0.0.1"), all...)
	w.shows(w.a, dump("-i", "v0", "-f", "icmp", "-c", "4"), w.ping(2, "10.9.0.2"), all...)
	w.shows(w.a, dump("-i", "v0", "-f", "icmp", "-c", "2", "-Q", "in"), w.ping(2, "10.9.0.2"), "0\t1", "0\t2")
	w.shows(w.a, dump("-i", "v0", "-f", "icmp", "-c", "2", "-Q", "out"), w.ping(2, "10.9.0.2"), "8\t1", "8\t2")
	w.shows(w.a, dump("-i", "any", "-f", "icmp", "-c", "2", "-Q", "out"), w.ping(2, "10.9.0.2"), "8\t1", "8\t2")
	w.shows(w.a, append(dump("-i", "any", "-f", "icmp", "-c", "4"), "-e", "frame.iface", "-e", "sll2.pkttype"), func() {
		w.ping(1, "10.9.0.2")()
		w.ping(1, "127.0.0.1")()
	}, "8\t1\tv0\t4", "0\t1\tv0\t0", "8\t1\tlo\t0", "0\t1\tlo\t0")
	w.shows(w.a, []string{"-i", "v0", "-f", "icmp", "-c", "2", "-s", "60", "-B", "512", "-T", "fields", "-e", "frame.caplen", "-e", "frame.len", "-e", "icmp.type"},
		w.ping(1, "10.9.0.2"), "60\t98\t8", "60\t98\t0")

	other := func() { // frames for somebody else, and for this host
		frames := numberedFrames(2)
		copy(frames[1], "\xff\xff\xff\xff\xff\xff")
		w.replayed(captureOf(t, 0, frames...), "-i", "v0", "--fast")
	}
	number := []string{"-T", "fields", "-e", "udp.body"}
	w.shows(w.b, append(number, "-i", "v1", "-f", "udp", "-c", "2"), other, "00"+strings.Repeat("00", 17), "01"+strings.Repeat("00", 17))
	promiscuous := func(args ...string) bool {
		p := w.dump(w.b, args...)
		text := netlab.Run(t, w.b, "ip", "-d", "link", "show", "v1")
		p.stop(os.Interrupt)
		return !strings.Contains(text, "promiscuity 0 ")
	}
	if promiscuous("-i", "v1", "-p") || !promiscuous("-i", "v1") {
		t.Error("-p is not what makes the interface promiscuous, or not")
	}
	// veth gives the host all frames; what is for others is told apart all the same.
	run := startPkl(t, w.b, "-i", "v1", "-p", "-f", "udp", "-c", "2", "-e", `pkl.on(function(p) print(p.udp.body:byte(1), p.outgoing, p.iface, p.linktype) end)`)
	other()
	if run.status(); run.out.String() != "0\tfalse\tv1\teth\n1\tfalse\tv1\teth\n" {
		t.Errorf("run says %q", run.out)
	}
}

// A filter has one meaning: the kernel decides it for one interface, pkl for all of
// them, and what they choose is equal.
func TestLiveIfaceFilter(t *testing.T) {
	w := newQuietWire(t)
	traffic := func() {
		w.program(w.a, `
			local eth, ip, ip6 = pkl.eth{dst = "02:00:00:00:00:02"}, pkl.ip{src = "10.9.0.1", dst = "10.9.0.9"}, pkl.ip6{src = "fd09::1", dst = "fd09::9"}
			local all = {}
			local function add(p) all[#all + 1] = p end
			for i = 1, 20 do
			  for _, tags in ipairs{0, 1, 2} do
			    local below = eth
			    for t = 1, tags do below = below + pkl.vlan{vid = i % 3 + t} end
			    add(below + ip + pkl.udp{sport = 5000 + i, dport = 50 + i % 5} + ("x"):rep(i * 10))
			    add(below + ip6 + pkl.tcp{sport = 5000 + i, dport = 80, flags = i % 2 == 0 and "SYN" or "ACK"} + ("y"):rep(i))
			    add(below + ip6 + pkl.ip6_hopopts{} + pkl.udp{sport = 1, dport = 53})
			    add(below + ip:copy() + pkl.icmp{type = "echo_request", seq = i})
			    add(below + pkl.ip{src = "10.9.0.1", dst = "10.9.0.9", off = i % 2, MF = true} + pkl.udp{dport = 53} + ("z"):rep(64))
			    add(below + pkl.arp{tpa = "10.9.0." .. i})
			  end
			end
			add(eth + pkl.arp{op = 99})
			assert(pkl.send(all, {iface = "v0"}))`)
	}
	filters := []string{"udp", "vlan", "not vlan", "vlan.vid == 2", "vlan#2", "udp.dport == 53", "tcp.SYN", "ip.src in 10.9.0.0/24 and udp.port in {50-52}",
		"ip6 and not tcp", "arp.tpa == 10.9.0.7", "len(udp.body) > 100", "frame.len < 64", "ip.off > 0 or ip.MF", "udp.sport >= 5010 and vlan"}
	type pair struct{ one, any *livePkl }
	var pairs []pair
	for _, f := range filters {
		f = "(" + f + ") and eth.dst == 02:00:00:00:00:02 or arp.op == 99"
		forAny := strings.NewReplacer("eth.dst == 02:00:00:00:00:02", "frame.iface == \"v1\"", "frame.len < 64", "frame.len < 70").Replace(f) // sll2 is 6 bytes longer
		pairs = append(pairs, pair{w.dump(w.b, "-i", "v1", "-f", f, "-T", "json"), w.dump(w.b, "-i", "any", "-f", forAny, "-T", "json")})
	}
	traffic()
	for i, p := range pairs {
		var got [2][]string
		for k, d := range []*livePkl{p.one, p.any} {
			waitLine(t, d.out, `"op":99`)
			d.stop(os.Interrupt)
			for line := range strings.Lines(d.out.String()) {
				_, layers, _ := strings.Cut(line, `"layers":[`)
				_, above, _ := strings.Cut(layers, `}`)
				got[k] = append(got[k], above)
			}
		}
		if len(got[0]) < 2 || !slices.Equal(got[0], got[1]) {
			t.Errorf("%s: the kernel chooses %d packets, pkl %d, or others", filters[i], len(got[0]), len(got[1]))
		}
		t.Logf("%s: %d packets", filters[i], len(got[0]))
	}
}

// A reload may change what -f means: the kernel then lets through what it means now.
func TestLiveIfaceFilterReload(t *testing.T) {
	w := newQuietWire(t)
	listenUDP(t, w.b, "10.9.0.2:7777", func(b []byte) []byte { return b })
	listenUDP(t, w.b, "10.9.0.2:8888", func(b []byte) []byte { return b })
	code := func(port int) string {
		return fmt.Sprintf(`
			pkl.protocol { name = "demo", over = { ["udp.dport"] = %d }, fields = { { "text", "text" } } }
			pkl.on(function(p) print(p.udp.dport, p.demo.text) end)`, port)
	}
	name := script(t, code(7777))
	p := startPkl(t, w.b, "-i", "v1", "-f", "demo", name)
	ask := func() {
		for _, port := range []string{"7777", "8888"} {
			askUDP(t, w.a, "10.9.0.2:"+port, "to "+port)
		}
	}
	ask()
	waitCount(t, p.out, "7777\tto 7777\n", 1)
	w.must(os.WriteFile(name, []byte(code(8888)), 0o644))
	p.signal(syscall.SIGHUP)
	p.wait("generation 2 in force")
	ask()
	waitCount(t, p.out, "8888\tto 8888\n", 1)
	p.stop(os.Interrupt)
	if p.out.String() != "7777\tto 7777\n8888\tto 8888\n" {
		t.Errorf("the rules saw %q", p.out)
	}
	p.wait("interface v1: 2 received")
}

// A TUN device has IP packets without a link layer: they are captured, filtered by
// the kernel, and answered.
func TestLiveIfaceTun(t *testing.T) {
	w := newQuietWire(t)
	tun := w.tun(w.a, "tun0", 0)
	w.ip(w.a, "addr add 10.8.0.1/24 dev tun0")
	go func() { // a host behind it, which answers pings
		b := make([]byte, 2000)
		for {
			n, err := tun.Read(b)
			if err != nil {
				return
			}
			if p := b[:n]; n >= 28 && p[0] == 0x45 && p[9] == 1 && p[20] == 8 {
				src, dst := [4]byte(p[12:]), [4]byte(p[16:])
				copy(p[12:], dst[:])
				copy(p[16:], src[:])
				p[20] = 0
				sum := uint32(binary.BigEndian.Uint16(p[22:])) + 0x800
				binary.BigEndian.PutUint16(p[22:], uint16(sum+sum>>16))
				tun.Write(p)
			}
		}
	}()
	name := filepath.Join(t.TempDir(), "tun.pcap")
	run := startPkl(t, w.a, "-i", "tun0", "-f", "icmp.type == echo_reply", "-c", "2", "-w", name, "-e", `pkl.on(function(p) print(p.first.proto, p.linktype, p.icmp.seq) end)`)
	w.shows(w.a, []string{"-i", "tun0", "-f", "icmp and ip.src == 10.8.0.1", "-c", "2", "-T", "fields", "-e", "ip.dst", "-e", "icmp.seq"}, w.ping(2, "10.8.0.2"), "10.8.0.2\t1", "10.8.0.2\t2")
	if run.status(); run.out.String() != "ip\traw\t1\nip\traw\t2\n" {
		t.Errorf("run says %q", run.out)
	}
	if n := len(records(t, name)); n != 2 {
		t.Errorf("%d packets were written, want 2", n)
	}
	printed(t, w.program(w.a, `
		local ping = pkl.ip{src = "10.8.0.1", dst = "10.8.0.3"} + pkl.icmp{type = "echo_request", id = 3, seq = 9} + "tun"
		local a = assert(pkl.sr1(ping, {timeout = 5}))
		print(a.ip.src, a.icmp.body)
		local s = assert(pkl.socket{iface = "tun0", filter = "icmp", timeout = 5})
		print(s.linktype)
		a = assert(s:sr1(ping))
		print(a.ip.src, a.icmp.body, a.linktype)`), `
10.8.0.3	tun
raw
10.8.0.3	tun	raw
`)
}

// Several workers share the packets of an interface, both directions of a flow in
// one of them.
func TestLiveIfaceWorkers(t *testing.T) {
	w := newQuietWire(t)
	listenUDP(t, w.b, "10.9.0.2:7", func(b []byte) []byte { return b })
	p := startPkl(t, w.a, "-i", "v0", "-f", "udp.port == 7", "--workers", "2", "-e", `
		local flows = pkl.shared("flows")
		pkl.on(function(p) flows:incr(p:flow() .. " " .. pkl.worker) end)
		pkl.at_end(function() if pkl.worker == pkl.workers then for k, v in flows:each() do print(k, v) end end end)`)
	w.program(w.a, `
		local asks = {}
		for i = 1, 64 do asks[i] = pkl.ip{dst = "10.9.0.2"} + pkl.udp{sport = 6000 + i, dport = 7} + "x" end
		for round = 1, 3 do assert(#pkl.sr(asks, {timeout = 5}) == 64) end`)
	p.stop(os.Interrupt)
	p.wait("384 packets, ")
	workers, flows := map[string]int{}, 0
	for line := range strings.Lines(p.out.String()) {
		f := strings.Fields(line) // udp, ends, worker, packets
		if flows++; f[len(f)-1] != "6" {
			t.Errorf("a worker has not all of a flow: %s", line)
		}
		workers[f[len(f)-2]]++
	}
	if flows != 64 || len(workers) != 2 {
		t.Errorf("%d flows, by worker %v", flows, workers)
	}
	t.Logf("flows by worker: %v", workers)
}
