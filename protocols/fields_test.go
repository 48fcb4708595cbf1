package protocols

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pkl/core"
)

// fieldNames are the names that scripts and filters rely on, in wire order. In
// brackets stand the fields of a list's items: those that every item has, and
// behind a semicolon those that only some kinds have. An upper-case name is one
// bit; "|" divides fields of which a packet has only one side. A field that is
// computed, or seen within another, stands behind "+".
var fieldNames = map[string]string{
	"eth":         "dst src type | len",
	"llc":         "dsap ssap ctl oui pid",
	"vlan":        "pcp DEI vid type",
	"arp":         "hrd pro hln pln op sha spa tha tpa",
	"sll":         "pkttype hatype halen addr type",
	"sll2":        "type ifindex hatype pkttype halen addr",
	"loop":        "family",
	"ip":          "v ihl tos len id flags off ttl p sum src dst opts[type len body] + dscp ecn RF DF MF",
	"ip6":         "v tc flow len nxt hlim src dst + dscp ecn",
	"ip6_hopopts": "nxt len opts[type len body]",
	"ip6_dstopts": "nxt len opts[type len body]",
	"ip6_routing": "nxt len type segs addrs",
	"ip6_frag":    "nxt off MF id",
	"ah":          "nxt len spi seq icv",
	"esp":         "spi seq",
	"icmp":        "type code sum id seq | gateway | mtu | ptr | orig recv xmit + quote",
	"icmp6": "type code sum id seq | mtu | ptr | hlim life reach retrans opts[type len body] | target dst opts[type len body] |" +
		" maxresp group | records[type group sources] + R S O M quote",
	"igmp": "type maxresp sum group | records[type group sources]",
	"tcp": "sport dport seq ack off flags win sum urp opts[type len body; mss, shift, tsval tsecr, blocks]" +
		" + AE CWR ECE URG ACK PSH RST SYN FIN",
	"udp":  "sport dport len sum",
	"sctp": "sport dport vtag sum chunks[type flags len body]",
	"dns": "id flags qdcount ancount nscount arcount questions[name type class] answers[name type class ttl len body]" +
		" authorities[name type class ttl len body] additionals[name type class ttl len body]" +
		" + tcplen QR opcode AA TC RD RA Z AD CD rcode",
	"dhcp": "op htype hlen hops xid secs flags ciaddr yiaddr siaddr giaddr chaddr sname file magic opts[type len body]",
}

// Every field of that table is there, where it says.
func TestFieldNames(t *testing.T) {
	reg := registry(t)
	for name, text := range fieldNames {
		pr := reg.Proto(name)
		if pr == nil {
			t.Errorf("no protocol %s", name)
			continue
		}
		wire, within, _ := strings.Cut(text, "+")
		for _, side := range strings.Split(wire, "|") {
			inOrder(t, pr.Head(), side)
		}
		for _, f := range strings.Fields(within) {
			wanted(t, pr.Head(), f)
		}
	}
}

var fieldRE = regexp.MustCompile(`(\w+)(?:\[(.*?)\])?`)

// inOrder holds the fields of one side to stand in that order.
func inOrder(t *testing.T, l *core.Layout, side string) {
	t.Helper()
	at := 0
	for _, m := range fieldRE.FindAllStringSubmatch(side, -1) {
		s := wanted(t, l, m[1])
		if s == nil {
			continue
		}
		i := slices.IndexFunc(l.Slots[at:], func(x *core.Slot) bool { return x.Name == m[1] })
		if i < 0 {
			t.Errorf("%s.%s does not follow what stands before it", l.Name, m[1])
		} else {
			at += i
		}
		if m[2] != "" {
			items(t, l, l.Slots[at], m[2])
		}
	}
}

// wanted finds a field; one in upper case is one bit.
func wanted(t *testing.T, l *core.Layout, name string) *core.Slot {
	t.Helper()
	s := l.Slot(name)
	if s == nil {
		t.Errorf("no %s.%s", l.Name, name)
	} else if flag := strings.ToUpper(name) == name; flag != s.Bool() {
		t.Errorf("%s.%s: upper case %v, one bit %v", l.Name, name, flag, s.Bool())
	}
	return s
}

// items holds a list's items to have fields.
func items(t *testing.T, l *core.Layout, s *core.Slot, want string) {
	t.Helper()
	if s.Kind != core.List {
		t.Errorf("%s.%s is no list", l.Name, s.Name)
		return
	}
	all, some, _ := strings.Cut(want, ";")
	for _, item := range s.Layouts() {
		for _, f := range strings.Fields(all) {
			if f != "body" || item.Slot("type") == nil { // a body is behind the type and the length
				wanted(t, item, f)
			} else if item.Slot("body") != nil {
				t.Errorf("%s: a field hides the item's body", item.Name)
			}
		}
	}
	for _, f := range strings.Fields(strings.ReplaceAll(some, ",", " ")) {
		if !slices.ContainsFunc(s.Layouts(), func(item *core.Layout) bool { return item.Slot(f) != nil }) {
			t.Errorf("no item of %s.%s has %s", l.Name, s.Name, f)
		}
	}
}
