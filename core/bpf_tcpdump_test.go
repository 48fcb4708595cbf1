package core

import (
	"bytes"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/bpf"
)

// tcpdumpPairs are conditions in tcpdump's words and in pkl's. Its tcp[] and
// udp[] mean IPv4 only, its names of protocols the number in the header below.
var tcpdumpPairs = []struct{ theirs, ours string }{
	{"arp or rarp", "arp"},
	{"arp[6:2] = 1", "arp.op == 1"},
	{"ether proto 0x88cc", "eth.type == 0x88cc"},
	{"ether[12:2] = 0x0806", "eth.header[12:2] == 08:06"},
	{"ether host c2:00:57:75:00:00", "eth.addr == c2:00:57:75:00:00"},
	{"ether src c2:00:57:75:00:00", "eth.src == c2:00:57:75:00:00"},
	{"ether broadcast", "eth.dst == ff:ff:ff:ff:ff:ff"},
	{"ether multicast", "eth.dst[0] & 1 == 1"},
	{"greater 500", "frame.len >= 500"},
	{"less 100", "frame.len <= 100"},
	{"ip", "ip"},
	{"ip6", "ip6"},
	{"not (arp or rarp)", "not arp"},
	{"tcp", "ip.p == 6 or ip6.nxt == 6"},
	{"udp", "ip.p == 17 or ip6.nxt == 17"},
	{"icmp", "ip.p == icmp"},
	{"ip proto 89", "ip.p == 89"},
	{"ip and not (tcp or udp or icmp)", "ip and ip.p not in {1, 6, 17}"},
	{"ip6[6] = 58", "ip6.nxt == 58"},
	{"ip host 192.168.0.1", "ip.addr == 192.168.0.1"},
	{"ip src host 10.0.0.1", "ip.src == 10.0.0.1"},
	{"ip net 10.0.0.0/8", "ip.addr in 10.0.0.0/8"},
	{"ip dst net 224.0.0.0/4", "ip.dst in 224.0.0.0/4"},
	{"ip multicast", "ip.dst >= 224.0.0.0"},
	{"ip6 net fe80::/10", "ip6.addr in fe80::/10"},
	{"ip6 dst host ff02::5", "ip6.dst == ff02::5"},
	{"ip[8] < 5", "ip.ttl < 5"},
	{"ip[0] & 0xf > 5", "ip.ihl > 5"},
	{"ip[2:2] > 1000", "ip.len > 1000"},
	{"ip[6:2] & 0x1fff != 0", "ip.off != 0"},
	{"ip[6] & 0x20 != 0", "ip.MF"},
	{"ip[1] & 0xfc = 0xc0", "ip.dscp == 48"},
	{"tcp port 80", "tcp.port == 80"},
	{"tcp dst port 179", "tcp.dport == 179"},
	{"tcp src portrange 1024-65535", "tcp.sport in {1024-65535}"},
	{"udp port 53", "udp.port == 53"},
	{"udp portrange 500-600", "udp.port in {500-600}"},
	{"port 53", "tcp.port == 53 or udp.port == 53 or sctp.port == 53"},
	{"not (tcp port 80 or udp port 53)", "not (tcp.port == 80 or udp.port == 53)"},
	{"udp[4:2] < 100", "ip and udp.len < 100"},
	{"tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn", "ip and tcp.SYN and not tcp.ACK"},
	{"tcp[13] & 4 != 0", "ip and tcp.RST"},
	{"tcp[2:2] = 179 and ip[8] = 1", "ip.ttl == 1 and tcp.dport == 179"},
	{"icmp[icmptype] == icmp-echo", "icmp.type == echo_request"},
	{"icmp[0] = 3 and icmp[1] = 3", "icmp.type == 3 and icmp.code == 3"},
	{"ip src host 10.0.0.1 or udp port 646", "ip.src == 10.0.0.1 or udp.port == 646"},
	{"vlan", "vlan"},
	{"vlan 100", "vlan.vid == 100"},
	{"vlan and ip", "vlan and ip"},
}

// TestBPFTcpdump: over the Ethernet packets of the corpus, programs and filters
// choose what tcpdump's programs choose, where both mean the same.
func TestBPFTcpdump(t *testing.T) {
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("tcpdump is not there")
	}
	r := builtinOf(t)
	var frames []captured
	corpus(t, func(name string, link, _ int, b []byte) {
		if link == 1 {
			frames = append(frames, captured{name, link, slices.Clone(b)})
		}
	})
	odd := map[string]int{}
	kinds := make([]string, len(frames))
	for i, c := range frames {
		kinds[i] = unlike(r, c.wire)
		odd[kinds[i]]++
	}
	t.Logf("%d frames, of them not to be compared: %v", len(frames), odd)
	exact, alone := 0, 0
	for _, pair := range tcpdumpPairs {
		f := filterOf(t, r, pair.ours)
		b, m := vm(t, f, 1)
		theirs := tcpdumpVM(t, pair.theirs)
		chosen, differ, asked := 0, map[string]int{}, map[string]int{}
		for i, c := range frames {
			v, err := checkBPF(f, b, m, 1, c.wire)
			if err != nil {
				t.Fatalf("%s on %s: %v", f, c.name, err)
			}
			var p Packet
			p.Reset(r, Meta{LinkType: 1}, c.wire)
			got := f.Match(&p)
			want, err := theirs.Run(c.wire)
			if err != nil {
				t.Fatal(err)
			}
			kind := kinds[i]
			if kind == "tagged" && strings.HasPrefix(pair.theirs, "vlan") {
				kind = ""
			}
			if v == BPFAsk {
				asked[kind]++
			}
			switch {
			case got == (want != 0):
				if got {
					chosen++
				}
			case kind == "":
				t.Errorf("%s is %v of %s, tcpdump's %q %v: %x", f, got, c.name, pair.theirs, want != 0, c.wire)
			default:
				differ[kind]++
			}
		}
		if chosen == 0 {
			t.Errorf("%s chooses nothing", f)
		}
		if b.Rest == nil {
			exact++
		}
		if asked[""] == 0 {
			alone++
		}
		t.Logf("%-46s %-52s chosen by both %5d, %4d instructions; asked %v; differ %v", pair.theirs, f, chosen, len(b.Program), asked, differ)
	}
	t.Logf("%d conditions; programs that are exact %d, that decide all frames compared %d", len(tcpdumpPairs), exact, alone)
	if alone < len(tcpdumpPairs)*4/5 {
		t.Error("too many of these programs leave the ordinary to the filter")
	}
}

// unlike says why pkl and tcpdump see a frame differently; "": they do not.
func unlike(r *Registry, wire []byte) string {
	var p Packet
	p.Reset(r, Meta{LinkType: 1}, wire)
	if p.Err() != nil || p.First() == None {
		return "broken or cut" // pkl asks for whole headers
	}
	var path []string
	for id := p.First(); id != None; id = p.Upper(id) {
		path = append(path, p.ProtoOf(id).Name)
	}
	for i, name := range path {
		switch {
		case name == "vlan":
			return "tagged" // pkl looks behind tags
		case name == "llc":
			return "LLC" // and behind LLC
		case strings.HasPrefix(name, "ip6_"), name == "ah":
			return "extension header"
		case slices.Contains(path[:i], name), name == "ip" && slices.Contains(path[:i], "ip6"), name == "ip6" && slices.Contains(path[:i], "ip"):
			return "tunnel"
		}
	}
	return ""
}

// tcpdumpVM is what tcpdump compiles, ready to run.
func tcpdumpVM(t *testing.T, expr string) *bpf.VM {
	t.Helper()
	out, err := exec.Command("tcpdump", "-y", "EN10MB", "-ddd", expr).Output()
	if err != nil {
		t.Fatalf("tcpdump %q: %v", expr, err)
	}
	var raw []bpf.RawInstruction
	for _, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n"))[1:] {
		var i bpf.RawInstruction
		if _, err := fmt.Sscan(string(line), &i.Op, &i.Jt, &i.Jf, &i.K); err != nil {
			t.Fatal(err)
		}
		raw = append(raw, i)
	}
	prog, ok := bpf.Disassemble(raw)
	if !ok {
		t.Fatalf("tcpdump %q: instructions that x/net does not know", expr)
	}
	m, err := bpf.NewVM(prog)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
