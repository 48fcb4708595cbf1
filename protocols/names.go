package protocols

import "pkl/core"

// A number may have several names: the first is printed, all are understood.

// ipProtos are the numbers of ip.p and every nxt (IANA, protocol-numbers). Where pkl has a layer, its name is first.
var ipProtos = []core.ValueName{
	{V: 0, Name: "ip6_hopopts"}, {V: 0, Name: "hopopt"}, {V: 1, Name: "icmp"}, {V: 2, Name: "igmp"},
	{V: 3, Name: "ggp"}, {V: 4, Name: "ip"}, {V: 4, Name: "ipip"}, {V: 4, Name: "ipv4"}, {V: 5, Name: "st"},
	{V: 6, Name: "tcp"}, {V: 7, Name: "cbt"}, {V: 8, Name: "egp"}, {V: 9, Name: "igp"}, {V: 12, Name: "pup"},
	{V: 17, Name: "udp"}, {V: 20, Name: "hmp"}, {V: 22, Name: "xns_idp"}, {V: 27, Name: "rdp"},
	{V: 29, Name: "iso_tp4"}, {V: 33, Name: "dccp"}, {V: 36, Name: "xtp"}, {V: 37, Name: "ddp"}, {V: 41, Name: "ip6"},
	{V: 41, Name: "ipv6"}, {V: 42, Name: "sdrp"}, {V: 43, Name: "ip6_routing"}, {V: 43, Name: "ipv6_route"},
	{V: 44, Name: "ip6_frag"}, {V: 44, Name: "ipv6_frag"}, {V: 45, Name: "idrp"}, {V: 46, Name: "rsvp"},
	{V: 47, Name: "gre"}, {V: 48, Name: "dsr"}, {V: 50, Name: "esp"}, {V: 51, Name: "ah"}, {V: 54, Name: "narp"},
	{V: 55, Name: "mobile"}, {V: 57, Name: "skip"}, {V: 58, Name: "icmp6"}, {V: 58, Name: "icmpv6"},
	{V: 58, Name: "ipv6_icmp"}, {V: 59, Name: "none"}, {V: 59, Name: "ipv6_nonxt"}, {V: 60, Name: "ip6_dstopts"},
	{V: 60, Name: "ipv6_opts"}, {V: 80, Name: "iso_ip"}, {V: 81, Name: "vmtp"}, {V: 88, Name: "eigrp"},
	{V: 89, Name: "ospf"}, {V: 92, Name: "mtp"}, {V: 93, Name: "ax25"}, {V: 97, Name: "etherip"},
	{V: 98, Name: "encap"}, {V: 103, Name: "pim"}, {V: 106, Name: "qnx"}, {V: 108, Name: "ipcomp"},
	{V: 109, Name: "snp"}, {V: 111, Name: "ipx_in_ip"}, {V: 112, Name: "vrrp"}, {V: 113, Name: "pgm"},
	{V: 115, Name: "l2tp"}, {V: 116, Name: "ddx"}, {V: 118, Name: "stp"}, {V: 121, Name: "smp"}, {V: 122, Name: "sm"},
	{V: 123, Name: "ptp"}, {V: 124, Name: "isis"}, {V: 126, Name: "crtp"}, {V: 132, Name: "sctp"}, {V: 133, Name: "fc"},
	{V: 134, Name: "rsvp_e2e_ignore"}, {V: 135, Name: "mobility"}, {V: 136, Name: "udplite"}, {V: 137, Name: "mpls"},
	{V: 138, Name: "manet"}, {V: 139, Name: "hip"}, {V: 140, Name: "shim6"}, {V: 141, Name: "wesp"},
	{V: 142, Name: "rohc"}, {V: 143, Name: "eth"}, {V: 143, Name: "ethernet"}, {V: 144, Name: "aggfrag"},
	{V: 145, Name: "nsh"}, {V: 253, Name: "exp1"}, {V: 254, Name: "exp2"}, {V: 255, Name: "reserved"},
}

// etherTypes are the numbers of eth.type and all that share its table (IEEE, and what captures hold).
var etherTypes = []core.ValueName{
	{V: 0x0800, Name: "ip"}, {V: 0x0800, Name: "ipv4"}, {V: 0x0805, Name: "x25"}, {V: 0x0806, Name: "arp"},
	{V: 0x0842, Name: "wol"}, {V: 0x0bad, Name: "vines"}, {V: 0x2000, Name: "cdp"}, {V: 0x2003, Name: "vtp"},
	{V: 0x2004, Name: "dtp"}, {V: 0x22ea, Name: "msrp"}, {V: 0x22eb, Name: "erspan3"}, {V: 0x22f0, Name: "avtp"},
	{V: 0x22f3, Name: "trill"}, {V: 0x22f4, Name: "l2_isis"}, {V: 0x6001, Name: "dec_mop_dl"},
	{V: 0x6002, Name: "dec_mop_rc"}, {V: 0x6003, Name: "decnet"}, {V: 0x6004, Name: "dec_lat"},
	{V: 0x6558, Name: "eth"}, {V: 0x6558, Name: "teb"}, {V: 0x8035, Name: "rarp"}, {V: 0x809a, Name: "ieee802154"},
	{V: 0x809b, Name: "appletalk"}, {V: 0x80f3, Name: "aarp"}, {V: 0x8100, Name: "vlan"}, {V: 0x8100, Name: "dot1q"},
	{V: 0x8137, Name: "ipx"}, {V: 0x8204, Name: "qnet"}, {V: 0x86dd, Name: "ip6"}, {V: 0x86dd, Name: "ipv6"},
	{V: 0x8808, Name: "mac_control"}, {V: 0x8809, Name: "slow"}, {V: 0x880b, Name: "ppp"},
	{V: 0x8819, Name: "cobranet"}, {V: 0x8847, Name: "mpls"}, {V: 0x8848, Name: "mpls_mcast"},
	{V: 0x8863, Name: "pppoe_discovery"}, {V: 0x8864, Name: "pppoe_session"}, {V: 0x886d, Name: "intel_ans"},
	{V: 0x8870, Name: "jumbo"}, {V: 0x887b, Name: "homeplug"}, {V: 0x888e, Name: "eapol"},
	{V: 0x8892, Name: "profinet"}, {V: 0x889a, Name: "hyperscsi"}, {V: 0x88a2, Name: "aoe"},
	{V: 0x88a4, Name: "ethercat"}, {V: 0x88a8, Name: "qinq"}, {V: 0x88a8, Name: "dot1ad"},
	{V: 0x88ab, Name: "powerlink"}, {V: 0x88b5, Name: "exp1"}, {V: 0x88b6, Name: "exp2"}, {V: 0x88b7, Name: "oui_ext"},
	{V: 0x88b8, Name: "goose"}, {V: 0x88b9, Name: "gse"}, {V: 0x88ba, Name: "sv"}, {V: 0x88bf, Name: "romon"},
	{V: 0x88c7, Name: "rsn_preauth"}, {V: 0x88cc, Name: "lldp"}, {V: 0x88cd, Name: "sercos"}, {V: 0x88d9, Name: "lltd"},
	{V: 0x88dc, Name: "wsmp"}, {V: 0x88e1, Name: "homeplug_av"}, {V: 0x88e3, Name: "mrp"}, {V: 0x88e5, Name: "macsec"},
	{V: 0x88e7, Name: "pbb"}, {V: 0x88f5, Name: "mvrp"}, {V: 0x88f6, Name: "mmrp"}, {V: 0x88f7, Name: "ptp"},
	{V: 0x88f8, Name: "ncsi"}, {V: 0x88fb, Name: "prp"}, {V: 0x8902, Name: "cfm"}, {V: 0x8906, Name: "fcoe"},
	{V: 0x890d, Name: "ieee80211_encap"}, {V: 0x8914, Name: "fip"}, {V: 0x8915, Name: "roce"}, {V: 0x891d, Name: "tte"},
	{V: 0x8926, Name: "vntag"}, {V: 0x892f, Name: "hsr"}, {V: 0x893a, Name: "ieee1905"}, {V: 0x8940, Name: "ecp"},
	{V: 0x8947, Name: "geonet"}, {V: 0x894f, Name: "nsh"}, {V: 0x9000, Name: "loopback"}, {V: 0x9100, Name: "qinq_old"},
	{V: 0x9200, Name: "qinq_9200"}, {V: 0xb7ea, Name: "gre_control"}, {V: 0xcafe, Name: "llt"},
	{V: 0xf1c1, Name: "rtag"},
}

// hardwareTypes are those of ARP (IANA), as far as they fit into the byte that DHCP has for them.
var hardwareTypes = []core.ValueName{
	{V: 0, Name: "netrom"}, {V: 1, Name: "ether"}, {V: 2, Name: "exp_ether"}, {V: 3, Name: "ax25"},
	{V: 4, Name: "pronet"}, {V: 5, Name: "chaos"}, {V: 6, Name: "ieee802"}, {V: 7, Name: "arcnet"},
	{V: 8, Name: "hyperchannel"}, {V: 9, Name: "lanstar"}, {V: 15, Name: "frame_relay"}, {V: 16, Name: "atm"},
	{V: 17, Name: "hdlc"}, {V: 18, Name: "fibre_channel"}, {V: 19, Name: "atm2"}, {V: 20, Name: "serial"},
	{V: 24, Name: "ieee1394"}, {V: 27, Name: "eui64"}, {V: 31, Name: "ipsec"}, {V: 32, Name: "infiniband"},
	{V: 36, Name: "exp1"}, {V: 37, Name: "hfi"},
}

// linuxHardware are the types of interfaces of Linux (linux/if_arp.h): those of ARP, and more.
var linuxHardware = []core.ValueName{
	{V: 0, Name: "netrom"}, {V: 1, Name: "ether"}, {V: 2, Name: "exp_ether"}, {V: 3, Name: "ax25"},
	{V: 4, Name: "pronet"}, {V: 5, Name: "chaos"}, {V: 6, Name: "ieee802"}, {V: 7, Name: "arcnet"},
	{V: 8, Name: "hyperchannel"}, {V: 9, Name: "lanstar"}, {V: 15, Name: "frame_relay"}, {V: 16, Name: "atm"},
	{V: 17, Name: "hdlc"}, {V: 18, Name: "fibre_channel"}, {V: 19, Name: "atm2"}, {V: 20, Name: "serial"},
	{V: 24, Name: "ieee1394"}, {V: 27, Name: "eui64"}, {V: 31, Name: "ipsec"}, {V: 32, Name: "infiniband"},
	{V: 256, Name: "slip"}, {V: 257, Name: "cslip"}, {V: 280, Name: "can"},
	{V: 512, Name: "ppp"}, {V: 513, Name: "cisco_hdlc"}, {V: 516, Name: "lapb"}, {V: 519, Name: "raw_ip"},
	{V: 768, Name: "tunnel"}, {V: 769, Name: "tunnel6"}, {V: 770, Name: "frad"}, {V: 772, Name: "loopback"},
	{V: 774, Name: "fddi"}, {V: 776, Name: "sit"}, {V: 777, Name: "ipddp"}, {V: 778, Name: "ipgre"},
	{V: 779, Name: "pimreg"}, {V: 783, Name: "irda"}, {V: 801, Name: "ieee80211"}, {V: 802, Name: "ieee80211_prism"},
	{V: 803, Name: "ieee80211_radiotap"}, {V: 804, Name: "ieee802154"}, {V: 820, Name: "phonet"},
	{V: 823, Name: "ip6gre"}, {V: 824, Name: "netlink"}, {V: 825, Name: "sixlowpan"}, {V: 826, Name: "vsockmon"},
	{V: 65534, Name: "none"},
}

// packetTypes say where a packet in a Linux capture was going.
var packetTypes = []core.ValueName{
	{V: 0, Name: "host"}, {V: 1, Name: "broadcast"}, {V: 2, Name: "multicast"}, {V: 3, Name: "otherhost"},
	{V: 4, Name: "outgoing"},
}
