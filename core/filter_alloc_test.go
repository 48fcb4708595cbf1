package core

import (
	"testing"
)

// TestFilterAllocs: finding and matching allocate nothing once the packet's own memory has grown.
func TestFilterAllocs(t *testing.T) {
	r := fixRegistry(t)
	wires := map[string][]byte{}
	for name, s := range fixPackets() {
		wires[name] = wire(t, s)
	}
	for _, c := range filterCases {
		f, err := r.Filter(c.src)
		if err != nil {
			t.Fatal(err)
		}
		p := &Packet{}
		n := testing.AllocsPerRun(20, func() {
			for _, b := range wires {
				p.Reset(r, Meta{LinkType: 1, Iface: "a name that is longer than any on a stack"}, b)
				f.Match(p)
			}
		})
		if n != 0 {
			t.Errorf("%s allocates %v times", c.src, n)
		}
	}
}

// BenchmarkFilter gives the time per packet, finding included; "nothing" is finding alone.
func BenchmarkFilter(b *testing.B) {
	r := fixRegistry(b)
	syn, dns := wire(b, fixPackets()["syn"]), wire(b, fixPackets()["dns"])
	for _, src := range []string{
		"tcp", "tcp.SYN and not tcp.ACK", "tcp.SYN", "tcp.flags & 0x12 == 2", "tcp.dport == 443", "tcp.port == 443",
		"tcp.port in {80, 443, 8000-8100}", "ip.src in 10.0.0.0/8", "tcp.dport == 443 and ip.src in 10.0.0.0/8",
		"ip.addr == 192.0.2.9", "tcp.body[0:2] == 16:03", "eth.src == 02:00:00:00:00:02", "frame.len > 60",
		"ip.ttl < 5 or ip6.hlim < 5", "len(tcp.body) > 512", "tcp.opts.mss == 1460", "udp.port == 53",
	} {
		b.Run("syn/"+src, func(b *testing.B) { benchFilter(b, r, src, syn) })
	}
	for _, src := range []string{"udp.port == 53", `dns.questions.name contains "example"`, `dns.answers.addr == 10.0.0.1`,
		"any(dns.answers, type == A and ttl < 5)", "tcp.SYN and not tcp.ACK"} {
		b.Run("dns/"+src, func(b *testing.B) { benchFilter(b, r, src, dns) })
	}
}

func benchFilter(b *testing.B, r *Registry, src string, wire []byte) {
	f, err := r.Filter(src)
	if err != nil {
		b.Fatal(err)
	}
	p := &Packet{}
	b.ReportAllocs()
	for b.Loop() {
		p.Reset(r, Meta{LinkType: 1}, wire)
		f.Match(p)
	}
}

// BenchmarkMatch gives the time on a packet of which all layers are found.
func BenchmarkMatch(b *testing.B) {
	r := fixRegistry(b)
	for _, src := range []string{"tcp", "tcp.SYN and not tcp.ACK", "tcp.dport == 443", "tcp.port in {80, 443, 8000-8100}",
		"ip.src in 10.0.0.0/8", "tcp.body[0:2] == 16:03", "frame.len > 60", "eth.src == 02:00:00:00:00:02"} {
		b.Run(src, func(b *testing.B) {
			f, err := r.Filter(src)
			if err != nil {
				b.Fatal(err)
			}
			p := fixPacket(b, r, "syn")
			for b.Loop() {
				f.Match(p)
			}
		})
	}
}
