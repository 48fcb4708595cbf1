package oracle

import "strings"

// An exception is where tshark and pkl differ and pkl is right.
type exception struct {
	what   string // begins with: "ip.", "layers", "sum"
	packet string // begins with: a file, or "file packet n"
	why    string
}

// exceptions are few, each with its reason. What holds for many packets is code:
// cutHeader, cutItem and bogusVersion in compare_test.go.
func exceptions() []exception {
	return []exception{
		{"layers", "arp-oobr.pcap packet 1166", "for ATM, tshark gives the packet to its dissector of ATMARP, which fails"},
		{"layers", "ipv6_missing_jumbo_payload_option.pcap", "a length of 0 bounds nothing; tshark ends at it, unless what is above sends segments"},
		{"dns.questions", "dns_fwdptr.pcap", "pkl's lists end after 4,096 items, and a name with a pointer forward has no text"},
		{"ip6_dstopts.opts", "erspan-type-iii-pb-1.pcap", "zeros at the end are padding to a multiple of 8 bytes; tshark takes each for an option"},
		{"length.ip6", "ipv6-too-long-jumbo.pcap", "the length in the jumbo option is too long; ip6.len is 0, as it should"},
		{"length.ip6", "ipv6_jumbogram_invalid_length.pcap", "the same"},
		{"length.udp", "bigtcp-ipv4-", "a length of 0 says nothing"},
		{"length.udp", "cve-2014-8769-AODV.pcap", "whether bytes are missing behind an IP length beyond the frame is not known"},
		{"length.udp", "ip-snmp-leftshift-unsigned.pcap", "the same"},
		{"length.udp", "rx_ubik-oobr.pcap", "the same"},
		{"radiotap", "ieee802.11_rates_oobr.pcap", "of another version, tshark shows the length only"},
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
