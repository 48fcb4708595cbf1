package core

import (
	"fmt"
	"strings"
	"testing"
)

// TestBPFRest: what programs decide alone, and what they leave.
func TestBPFRest(t *testing.T) {
	r := builtinOf(t)
	for _, c := range []struct {
		src, rest string
		often     bool
	}{
		{"eth.type == 0x0806", "", false},
		{"eth.dst[0] & 1 == 1 and frame.len > 60", "", false},
		{"not eth.src == 02:00:00:00:00:01 or frame[0:2] == 01:80", "", false},
		{"tcp.dport == 443", "tcp.dport == 443", false},
		{"eth.src == 02:00:00:00:00:01 and tcp.dport == 443", "tcp.dport == 443", false},
		{`eth.type == 0x0800 and udp and dns.questions.name == "a.example"`, `udp and dns.questions.name == "a.example"`, true},
		{`eth.type == 2048 or tcp.body contains "a"`, `eth.type == 2048 or tcp.body contains "a"`, true},
		{"frame.number == 1 and eth", "frame.number == 1", true},
	} {
		f := filterOf(t, r, c.src)
		b, _ := vm(t, f, 1)
		rest := ""
		if b.Rest != nil {
			rest = b.Rest.String()
		}
		if rest != c.rest || b.Often != c.often {
			t.Errorf("%s leaves %q (%v), want %q (%v)", c.src, rest, b.Often, c.rest, c.often)
		}
	}
}

// TestBPFLong: however long a filter is, its program is not too long, and right.
func TestBPFLong(t *testing.T) {
	r := builtinOf(t)
	wires := fixPackets()
	for _, n := range []int{3, 60} {
		for _, each := range []string{
			"ip.src == 10.1.%d.%d and tcp.dport == %d", "ip.addr == 10.1.%d.%d", "not (tcp.port == %d or ip.ttl < %d)",
			"frame[%d:4] == 00:01:00:01 and udp.port != %d", "ip6.src == 2001:%x::%x and vlan#2.vid == %d",
		} {
			var parts []string
			for i := range n {
				args := []any{i / 100, i%100 + 1, i + 400}
				parts = append(parts, "("+fmt.Sprintf(each, args[:strings.Count(each, "%")]...)+")")
			}
			f := filterOf(t, r, strings.Join(parts, " or "))
			b, m := vm(t, f, 1)
			for name, s := range wires {
				if _, err := checkBPF(f, b, m, 1, wire(t, s)); err != nil {
					t.Errorf("%d times %s, packet %s: %v", n, each, name, err)
				}
			}
		}
	}
}

// TestBPFText: programs look as tcpdump shows them.
func TestBPFText(t *testing.T) {
	r := builtinOf(t)
	got := filterOf(t, r, "eth.src[0] & 2 == 2 and frame.len < 1000").BPF(BPFOptions{LinkType: 1}).String()
	want := `(000) ld       #pktlen
(001) jgt      #0x3e7             jt 6	jf 2
(002) jge      #0xe               jt 3	jf 6
(003) ldb      [6]
(004) jset     #0x2               jt 5	jf 6
(005) ret      #4294967295
(006) ret      #0
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
