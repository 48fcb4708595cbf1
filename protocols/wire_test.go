package protocols

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"pkl/core"
)

// A wire is a packet in hex and what its fields must hold, one a line: a name
// and its values in all layers and items that have it; quotes mark text.
type wire struct {
	name  string
	first string // protocol, or "" for Ethernet
	hex   string
	want  string
}

func (w *wire) run(t *testing.T, reg *core.Registry) {
	b, err := hex.DecodeString(strings.Join(strings.Fields(w.hex), ""))
	if err != nil {
		t.Fatal(err)
	}
	var p core.Packet
	if w.first == "" {
		w.first = "eth"
	}
	p.ResetAs(reg.Proto(w.first), b)
	got := map[string][]string{}
	layers(&p, got)
	if err := p.Err(); err != nil {
		got["err"] = []string{err.Error()}
	}
	for _, line := range strings.Split(strings.TrimSpace(w.want), "\n") {
		name, want, _ := strings.Cut(strings.TrimSpace(line), " ")
		if have := strings.Join(got[name], " "); have != want {
			t.Errorf("%s: have %q, want %q", name, have, want)
		}
	}
}

// layers notes the fields of every layer of p under their full names.
func layers(p *core.Packet, got map[string][]string) {
	for id := p.First(); id != core.None; id = p.Upper(id) {
		name := p.ProtoOf(id).Name
		got["layers"] = append(got["layers"], name)
		record(p, id, name, got)
		got[name+".body"] = append(got[name+".body"], hex.EncodeToString(p.Body(id)))
	}
}

func record(p *core.Packet, id core.ID, path string, got map[string][]string) {
	seen := map[string]bool{}
	for _, s := range p.LayoutOf(id).Slots {
		if s.Name != "" && seen[s.Name] {
			continue
		}
		seen[s.Name] = true
		if s = p.Pick(id, s); s == nil {
			continue
		}
		name := strings.TrimSuffix(path+"."+s.Name, ".")
		if s.Kind == core.List {
			list := p.List(id, s)
			for _, item := range p.Items(list) {
				record(p, item, name, got)
			}
			if rest := p.Rest(list); len(rest) > 0 {
				got[name+".rest"] = append(got[name+".rest"], hex.EncodeToString(rest))
			}
			continue
		}
		got[name] = append(got[name], value(p, id, s))
		if q := p.Inside(id, s); q != nil {
			layers(q, got)
		}
	}
}

func value(p *core.Packet, id core.ID, s *core.Slot) string {
	b, _ := p.Data(id, s)
	switch s.Kind {
	case core.Number:
		v, _ := p.Num(id, s)
		if name := s.ValueName(v); name != "" {
			return name
		}
		if s.Signed && v>>(s.Bits-1) != 0 {
			return fmt.Sprint(int64(v) - 1<<s.Bits)
		}
		return fmt.Sprint(v)
	case core.MAC, core.IP4, core.IP6:
		return string(s.AppendAddr(nil, b))
	case core.Name:
		n, _ := p.AppendName(nil, id, s)
		return string(n)
	case core.Text:
		text, _ := p.Text(id, s)
		return fmt.Sprintf("%q", text)
	}
	return hex.EncodeToString(b)
}

func runWires(t *testing.T, wires []wire) {
	t.Helper()
	reg := registry(t)
	for _, w := range wires {
		t.Run(w.name, func(t *testing.T) { w.run(t, reg) })
	}
}

// Value names are words of filters.
func TestFilterNames(t *testing.T) {
	reg := registry(t)
	for _, src := range []string{
		"icmp.type == echo_request", "dns.questions.type == A and dns.questions.class == IN", "dns.rcode == nxdomain",
		"dns.questions.type == ANY", "dhcp.opts.message_type == discover", "tcp.opts.type == mss", "ip.dscp in {ef, af41}",
		"eth.type == ip6", "ip.p in {tcp, udp}", "ip6.nxt == icmpv6", "sctp.chunks.type == init_ack", "sctp.chunks.ppid == diameter",
		"arp.op == request", "sll.pkttype == outgoing", "igmp.type == report_v3", "icmp6.type == neighbor_solicit",
		"udp.port in {53, 5353}", "ip.addr in 10.0.0.0/8", "vlan#2.vid == 99", "tcp.SYN and not tcp.ACK", "llc.dsap == snap",
		"any(dns.answers, type == A and ttl < 5)", "tcp.opts.blocks.left > 5", "ip6_routing.addrs == 2001:db8::1",
		"icmp.quote[0] == 0x45", "dns.more.questions.name contains \"x\"",
	} {
		if _, err := reg.Filter(src); err != nil {
			t.Errorf("%s: %v", src, err)
		}
	}
}
