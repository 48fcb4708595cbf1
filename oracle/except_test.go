package oracle

import "strings"

// An exception is where tshark and pkl differ and pkl is right.
type exception struct {
	what   string // begins with: "ip.", "layers", "sum"
	packet string // begins with: a file, or "file packet n"
	why    string
}

// exceptions are few, each with its reason. What holds for many packets is code:
// cutHeader, brokenList and bogusVersion in step_test.go, belowTooLong in sums_test.go,
// and the modes of rows.
func exceptions() []exception {
	return []exception{
		{"layers", "arp-oobr.pcap packet 1166", "for ATM, tshark gives the packet to its dissector of ATMARP, which fails"},
		{"layers", "ipv6_missing_jumbo_payload_option.pcap", "a length of 0 bounds nothing; tshark ends at it, unless what is above sends segments"},
		{"layers", "bgp-as-path-oobr.pcap", "tshark looks for the next marker, whatever is before it"},
		{"layers", "bgp-bgp_capabilities_print-oobr-", "the same"},
		{"layers", "bgp-ub.pcap", "the same"},
		{"layers", "bgp_mp_reach_nlri-oobr.pcap", "the same"},
		{"layers", "zmtp1-inf-loop-1.pcapng", "the same"},
		{"bgp.", "bgp-addpath.pcap", "only the session tells whether routes have path identifiers; tshark guesses"},
		{"bgp.", "bgp-extended-optional-parameters-length.pcapng", "tshark does not know RFC 9072"},
		{"bgp.messages.pathattrs", "bgp-aigp-oobr.pcap", "an attribute that is longer than what is there is no item; tshark shows its beginning"},
		{"bgp.messages.pathattrs", "bgp-as-path-oobr.pcap", "the same"},
		{"bgp.messages.pathlen", "bgp-as-path-oobr.pcap", "tshark leaves out a length that cannot be"},
		{"bgp.messages.pathlen", "bgp_vpn_rt-oobr.pcap", "the same"},
		{"bgp.messages.pathattrs{", "bgp-aigp-2.pcap", "routes with labels are bytes"},
		{"bgp.messages.pathattrs{", "bgp-lu-multiple-labels.pcap", "the same"},
		{"length.ip6", "ipv6-too-long-jumbo.pcap", "the length in the jumbo option is too long; ip6.len is 0, as it should"},
		{"length.ip6", "ipv6_jumbogram_invalid_length.pcap", "the same"},
		{"length.udp", "bigtcp-ipv4-", "a length of 0 says nothing"},
		{"lldp.", "lldp_8021_linkagg.pcap", "tshark stops where the TLVs that must come first are missing"},
		{"lldp.", "lldp_8023_mtu-oobr.pcap", "the same"},
		{"lldp.", "lldp_asan.pcap", "the same"},
		{"lldp.", "lldp_mgmt_addr_tlv_asan.pcap", "the same"},
		{"lldp.", "hoobr_safeputs.pcap", "the same"},
		{"lldp.tlvs.len", "lldp-infinite-loop-2.pcap", "tshark shows the length of a TLV that is cut"},
	}
}

// excepted reports whether a difference is one of the exceptions.
func (c *comparer) excepted(what, packet string) bool {
	for i, e := range c.exceptions {
		if strings.HasPrefix(what, e.what) && strings.HasPrefix(packet, e.packet) {
			c.used[i]++
			return true
		}
	}
	return false
}
