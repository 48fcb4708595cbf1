package protocols

import "pkl/core"

var bgpTypes = []core.ValueName{
	{V: 1, Name: "open"}, {V: 2, Name: "update"}, {V: 3, Name: "notification"}, {V: 4, Name: "keepalive"},
	{V: 5, Name: "route_refresh"},
}

var bgpParams = []core.ValueName{{V: 1, Name: "authentication"}, {V: 2, Name: "capabilities"}}

// bgpCapabilityNames are capability codes (IANA, capability-codes).
var bgpCapabilityNames = []core.ValueName{
	{V: 1, Name: "multiprotocol"}, {V: 2, Name: "route_refresh"}, {V: 3, Name: "orf"}, {V: 4, Name: "multiple_routes"},
	{V: 5, Name: "extended_next_hop"}, {V: 6, Name: "extended_message"}, {V: 7, Name: "bgpsec"},
	{V: 8, Name: "multiple_labels"}, {V: 9, Name: "role"}, {V: 64, Name: "graceful_restart"}, {V: 65, Name: "as4"},
	{V: 67, Name: "dynamic"}, {V: 68, Name: "multisession"}, {V: 69, Name: "add_path"},
	{V: 70, Name: "enhanced_route_refresh"}, {V: 71, Name: "long_lived_graceful_restart"},
	{V: 72, Name: "routing_policy"}, {V: 73, Name: "fqdn"}, {V: 74, Name: "bfd"}, {V: 75, Name: "software_version"},
	{V: 128, Name: "route_refresh_cisco"}, {V: 130, Name: "orf_cisco"}, {V: 131, Name: "multisession_cisco"},
}

var bgpRoles = []core.ValueName{
	{V: 0, Name: "provider"}, {V: 1, Name: "rs"}, {V: 2, Name: "rs_client"}, {V: 3, Name: "customer"}, {V: 4, Name: "peer"},
}

var bgpAFIs = []core.ValueName{
	{V: 1, Name: "ip"}, {V: 2, Name: "ip6"}, {V: 25, Name: "l2vpn"}, {V: 16388, Name: "link_state"},
}

var bgpSAFIs = []core.ValueName{
	{V: 1, Name: "unicast"}, {V: 2, Name: "multicast"}, {V: 4, Name: "mpls"}, {V: 5, Name: "mcast_vpn"},
	{V: 7, Name: "encapsulation"}, {V: 65, Name: "vpls"}, {V: 66, Name: "mdt"}, {V: 70, Name: "evpn"},
	{V: 71, Name: "link_state"}, {V: 73, Name: "sr_policy"}, {V: 85, Name: "mup"}, {V: 128, Name: "mpls_vpn"},
	{V: 129, Name: "mpls_vpn_multicast"}, {V: 132, Name: "route_target"}, {V: 133, Name: "flowspec"},
	{V: 134, Name: "flowspec_vpn"},
}

var bgpErrors = []core.ValueName{
	{V: 1, Name: "header"}, {V: 2, Name: "open"}, {V: 3, Name: "update"}, {V: 4, Name: "hold_timer"},
	{V: 5, Name: "state_machine"}, {V: 6, Name: "cease"}, {V: 7, Name: "route_refresh"}, {V: 8, Name: "send_hold_timer"},
}

// bgpAttrNames are the types of path attributes (IANA, bgp-parameters).
var bgpAttrNames = []core.ValueName{
	{V: 1, Name: "origin"}, {V: 2, Name: "as_path"}, {V: 3, Name: "next_hop"}, {V: 4, Name: "med"},
	{V: 5, Name: "local_pref"}, {V: 6, Name: "atomic_aggregate"}, {V: 7, Name: "aggregator"}, {V: 8, Name: "communities"},
	{V: 9, Name: "originator_id"}, {V: 10, Name: "cluster_list"}, {V: 14, Name: "mp_reach_nlri"},
	{V: 15, Name: "mp_unreach_nlri"}, {V: 16, Name: "ext_communities"}, {V: 17, Name: "as4_path"},
	{V: 18, Name: "as4_aggregator"}, {V: 22, Name: "pmsi_tunnel"}, {V: 23, Name: "tunnel_encap"},
	{V: 24, Name: "traffic_engineering"}, {V: 25, Name: "ip6_ext_communities"}, {V: 26, Name: "aigp"},
	{V: 27, Name: "pe_labels"}, {V: 29, Name: "link_state"}, {V: 32, Name: "large_communities"}, {V: 33, Name: "bgpsec_path"},
	{V: 35, Name: "otc"}, {V: 36, Name: "domain_path"}, {V: 37, Name: "sfp"}, {V: 38, Name: "bfd_discriminator"},
	{V: 40, Name: "prefix_sid"}, {V: 128, Name: "attr_set"},
}

var bgpSegments = []core.ValueName{
	{V: 1, Name: "as_set"}, {V: 2, Name: "as_sequence"}, {V: 3, Name: "confed_sequence"}, {V: 4, Name: "confed_set"},
}

// bgpCommunities are those that mean the same everywhere (IANA, bgp-well-known-communities).
var bgpCommunities = []core.ValueName{
	{V: 0xffff0000, Name: "graceful_shutdown"}, {V: 0xffff0001, Name: "accept_own"}, {V: 0xffff0006, Name: "llgr_stale"},
	{V: 0xffff0007, Name: "no_llgr"}, {V: 0xffff029a, Name: "blackhole"}, {V: 0xffffff01, Name: "no_export"},
	{V: 0xffffff02, Name: "no_advertise"}, {V: 0xffffff03, Name: "no_export_subconfed"}, {V: 0xffffff04, Name: "no_peer"},
}

var bgpExtTypes = []core.ValueName{
	{V: 0x00, Name: "as2"}, {V: 0x01, Name: "ip4"}, {V: 0x02, Name: "as4"}, {V: 0x03, Name: "opaque"},
	{V: 0x04, Name: "qos"}, {V: 0x06, Name: "evpn"}, {V: 0x40, Name: "as2_nontransitive"},
	{V: 0x41, Name: "ip4_nontransitive"}, {V: 0x42, Name: "as4_nontransitive"}, {V: 0x43, Name: "opaque_nontransitive"},
	{V: 0x80, Name: "experimental"},
}
