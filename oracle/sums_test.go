package oracle

import (
	"encoding/hex"
	"slices"
	"sort"
	"strings"

	"pkl/core"
)

// statuses are tshark's verdicts over the sums of pkl's protocols.
func statuses() map[string]string {
	return map[string]string{
		"ip":    "ip.checksum.status",
		"icmp":  "icmp.checksum.status",
		"icmp6": "icmpv6.checksum.status",
		"igmp":  "igmp.checksum.status",
		"tcp":   "tcp.checksum.status",
		"udp":   "udp.checksum.status",
		"sctp":  "sctp.checksum.status",
		"gre":   "gre.checksum.status",

		"ieee80211": "wlan.fcs.status",
	}
}

// The verdicts of tshark.
const sumBad, sumUnverified, sumIllegal = "0", "2", "4"

// sum compares the verdict over the sum of a layer: what tshark finds bad, and
// nothing else, Verify reports.
func (c *comparer) sum(v *view, n *node) {
	name := v.p.ProtoOf(v.id).Name
	status := n.fields(c.statuses[name])
	if len(status) == 0 || status[0].show == sumUnverified && (v.wire > len(v.data) || v.p != v.whole) {
		return // of a packet that is cut, or quoted, tshark verifies nothing, even if what the sum covers is here
	}
	if name == "sctp" && v.fragment() {
		return // tshark takes the first fragment for all of it
	}
	c.counts.sums++
	want := status[0].show == sumBad || status[0].show == sumIllegal
	if want {
		c.counts.badSums++
	}
	if have := v.reported(name, "sum") || v.reported(name, "fcs"); have != want {
		c.note(v, "sum."+name, "wrong: %v, tshark's verdict: %s", have, status[0].show)
	}
}

// lengths are tshark's remarks on the lengths of pkl's protocols.
func lengths() map[string]string {
	return map[string]string{
		"ip":  "ip.bogus_ip_length",
		"ip6": "ipv6.plen_exceeds_framing",
		"udp": "udp.length.bad",
		"eth": "eth.len.past_end",
	}
}

// length compares the verdict over the length of a layer.
func (c *comparer) length(v *view, n *node) {
	name := v.p.ProtoOf(v.id).Name
	remark := c.lengths[name]
	if remark == "" || v.wire > len(v.data) {
		return // what reaches beyond a cut packet is not wrong
	}
	if name == "udp" && (v.p != v.whole || v.belowTooLong()) {
		return // tshark asks not in quoted packets; whether bytes are missing behind an IP length beyond the frame is not known
	}
	c.counts.lengths++
	want := slices.Contains(n.remarks(), remark)
	if want {
		c.counts.badLengths++
	}
	if have := v.reported(name, "len"); have != want {
		c.note(v, "length."+name, "wrong: %v, tshark's remark: %v", have, want)
	}
}

// reported reports whether Verify finds a field of the layer in hand wrong.
func (v *view) reported(proto, field string) bool {
	if !v.verified {
		v.verified, v.findings = true, v.p.Verify()
	}
	n := v.p.Instance(v.id)
	for _, f := range v.findings {
		if f.Layer == proto && f.N == n && f.Field == field {
			return true
		}
	}
	return false
}

// belowTooLong reports whether the length of the layer below is wrong.
func (v *view) belowTooLong() bool {
	low := *v
	low.id = v.p.Lower(v.id)
	return low.id != core.None && low.reported(v.p.ProtoOf(low.id).Name, "len")
}

// fragment reports whether the layer below is IP, and more fragments follow.
func (v *view) fragment() bool {
	low := v.p.Lower(v.id)
	if low == core.None {
		return false
	}
	s := v.p.LayoutOf(low).Slot("MF")
	if s == nil {
		return false
	}
	more, ok := v.p.Num(low, s)
	return ok && more != 0
}

// isLink reports whether a protocol may have a trailer that tshark shows.
func isLink(name string) bool {
	return name == "eth" || name == "vlan" || name == "sll" || name == "sll2"
}

// trailers compares what lies behind the network layer, where pkl knows that layer.
func (c *comparer) trailers(v *view, above string) {
	if len(v.link) == 0 || above != "ip" && above != "ip6" && above != "arp" {
		return
	}
	if v.wire > len(v.data) {
		return // of a trailer that is cut tshark shows nothing
	}
	have, want := v.padding(), shownPadding(v.link)
	c.counts.trailers++
	if have != want && !(want == "" && v.brokeOff()) { // tshark broke off before it came to the trailer
		c.note(v, "trailer", "%q, tshark %q", have, want)
	}
}

// padding returns the trailers of the lowest layers, innermost first.
func (v *view) padding() string {
	var all []byte
	for id := v.id; id != core.None; id = v.p.Lower(id) {
		if isLink(v.p.ProtoOf(id).Name) {
			all = append(all, v.p.Trailer(id)...)
		}
	}
	return hex.EncodeToString(all)
}

// shownPadding returns what tshark calls padding, trailer and FCS of link layers.
func shownPadding(link []*node) string {
	var found []*node
	for _, n := range link {
		found = append(found, n.fields("eth.padding", "eth.trailer", "eth.fcs", "vlan.trailer", "sll.trailer",
			"ieee8021ah.trailer")...)
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].pos < found[j].pos })
	var text strings.Builder
	for _, f := range found {
		text.WriteString(f.value)
	}
	return text.String()
}
