package protocols

import "pkl/core"

// Options of neighbour discovery (RFC 4861 §4.6): all are whole units of 8 bytes.

var ndOption = core.Struct{Name: "option", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: ndOptionNames},
	{Name: "len", Bits: 8, Auto: "total_len", Unit: 8, Doc: "in units of 8 bytes, with type and len"},
}}

var ndOptions = []core.Variant{
	{Is: "source_lladdr, target_lladdr", Struct: core.Struct{Fields: []core.Field{
		{Name: "lladdr", Kind: core.MAC, When: "len <= 1"},
		{Name: "lladdr", Kind: core.Bytes, When: "len > 1"},
	}}},
	{Is: "prefix", Struct: core.Struct{Fields: []core.Field{
		{Name: "plen", Bits: 8, Default: 64, Doc: "bits of the prefix"},
		{Name: "flags", Bits: 8, Hex: true},
		{Name: "L", Bits: 1, Part: "flags", Doc: "on the link"},
		{Name: "A", Bits: 1, Part: "flags", Doc: "for addresses that hosts make themselves"},
		{Name: "R", Bits: 1, Part: "flags", Doc: "the prefix is the router's address (RFC 6275)"},
		{Name: "valid", Bits: 32, Default: uint64(0xffffffff), Doc: "seconds; all ones: for ever"},
		{Name: "preferred", Bits: 32, Default: uint64(0xffffffff), Doc: "seconds; all ones: for ever"},
		{Name: "reserved", Bits: 32},
		{Name: "prefix", Kind: core.IP6},
	}}},
	{Is: "redirected", Struct: core.Struct{Fields: []core.Field{
		{Name: "reserved", Kind: core.Bytes, Size: "6"},
		{Name: "quote", Kind: core.Bytes, Of: "ip6", Doc: "the packet that was sent the wrong way"},
	}}},
	{Is: "mtu", Struct: core.Struct{Fields: []core.Field{
		{Name: "reserved", Bits: 16}, {Name: "mtu", Bits: 32, Default: 1500},
	}}},
	{Is: "nonce", Struct: core.Struct{Fields: []core.Field{{Name: "nonce", Kind: core.Bytes}}}},
	{Is: "route", Struct: core.Struct{Fields: []core.Field{ // RFC 4191 §2.3
		{Name: "plen", Bits: 8},
		{Name: "reserved", Bits: 3}, {Name: "prf", Bits: 2, Signed: true, Names: routePrefs}, {Name: "reserved2", Bits: 3},
		{Name: "life", Bits: 32},
		{Name: "prefix", Kind: core.Bytes, Doc: "0, 8 or 16 bytes"},
	}}},
	{Is: "rdnss", Struct: core.Struct{Fields: []core.Field{ // RFC 8106 §5.1
		{Name: "reserved", Bits: 16},
		{Name: "life", Bits: 32},
		{Name: "addrs", Kind: core.List, Item: &ip6Item},
	}}},
	{Is: "dnssl", Struct: core.Struct{Fields: []core.Field{ // RFC 8106 §5.2
		{Name: "reserved", Bits: 16},
		{Name: "life", Bits: 32},
		{Name: "names", Kind: core.List, Pad: 8, Item: &core.Struct{Fields: []core.Field{
			{Name: "name", Kind: core.Name, Plain: true},
		}}},
	}}},
	{Is: "captive_portal", Struct: core.Struct{Fields: []core.Field{{Name: "uri", Kind: core.Text}}}},
	{Is: "pref64", Struct: core.Struct{Fields: []core.Field{ // RFC 8781 §4
		{Name: "life", Bits: 13, Doc: "in units of 8 seconds"},
		{Name: "plc", Bits: 3, Names: pref64Lengths, Doc: "length of the prefix"},
		{Name: "prefix", Kind: core.Bytes, Size: "12"},
	}}},
}

var ndOptionNames = []core.ValueName{
	{V: 1, Name: "source_lladdr"}, {V: 2, Name: "target_lladdr"}, {V: 3, Name: "prefix"}, {V: 4, Name: "redirected"},
	{V: 5, Name: "mtu"}, {V: 6, Name: "nbma_shortcut"}, {V: 7, Name: "advert_interval"}, {V: 8, Name: "home_agent"},
	{V: 9, Name: "source_addrs"}, {V: 10, Name: "target_addrs"}, {V: 11, Name: "cga"}, {V: 12, Name: "rsa_signature"},
	{V: 13, Name: "timestamp"}, {V: 14, Name: "nonce"}, {V: 15, Name: "trust_anchor"}, {V: 16, Name: "certificate"},
	{V: 17, Name: "ip_address"}, {V: 18, Name: "new_router_prefix"}, {V: 19, Name: "lla"},
	{V: 20, Name: "neighbor_ack"}, {V: 23, Name: "map"}, {V: 24, Name: "route"}, {V: 25, Name: "rdnss"},
	{V: 26, Name: "ra_flags"}, {V: 27, Name: "handover_key_request"}, {V: 28, Name: "handover_key_reply"},
	{V: 31, Name: "dnssl"}, {V: 32, Name: "proxy_signature"}, {V: 33, Name: "address_registration"},
	{V: 34, Name: "sixlowpan_context"}, {V: 35, Name: "border_router"}, {V: 37, Name: "captive_portal"},
	{V: 38, Name: "pref64"}, {V: 138, Name: "card_request"}, {V: 139, Name: "card_reply"},
	{V: 144, Name: "encrypted_dns"}, {V: 253, Name: "exp1"}, {V: 254, Name: "exp2"},
}

var pref64Lengths = []core.ValueName{
	{V: 0, Name: "p96"}, {V: 1, Name: "p64"}, {V: 2, Name: "p56"}, {V: 3, Name: "p48"}, {V: 4, Name: "p40"},
	{V: 5, Name: "p32"},
}

var icmp6Types = []core.ValueName{
	{V: 1, Name: "dest_unreach"}, {V: 2, Name: "packet_too_big"}, {V: 3, Name: "time_exceeded"},
	{V: 4, Name: "param_problem"}, {V: 100, Name: "exp1"}, {V: 101, Name: "exp2"}, {V: 128, Name: "echo_request"},
	{V: 129, Name: "echo_reply"}, {V: 130, Name: "mld_query"}, {V: 131, Name: "mld_report"}, {V: 132, Name: "mld_done"},
	{V: 133, Name: "router_solicit"}, {V: 134, Name: "router_advert"}, {V: 135, Name: "neighbor_solicit"},
	{V: 136, Name: "neighbor_advert"}, {V: 137, Name: "redirect"}, {V: 138, Name: "router_renumbering"},
	{V: 139, Name: "node_info_query"}, {V: 140, Name: "node_info_reply"}, {V: 141, Name: "inverse_solicit"},
	{V: 142, Name: "inverse_advert"}, {V: 143, Name: "mld2_report"}, {V: 144, Name: "home_agent_request"},
	{V: 145, Name: "home_agent_reply"}, {V: 146, Name: "mobile_prefix_solicit"}, {V: 147, Name: "mobile_prefix_advert"},
	{V: 148, Name: "cert_path_solicit"}, {V: 149, Name: "cert_path_advert"}, {V: 151, Name: "mrd_advert"},
	{V: 152, Name: "mrd_solicit"}, {V: 153, Name: "mrd_term"}, {V: 154, Name: "fmip6"}, {V: 155, Name: "rpl"},
	{V: 156, Name: "ilnp_update"}, {V: 157, Name: "dup_addr_request"}, {V: 158, Name: "dup_addr_confirm"},
	{V: 159, Name: "mpl"}, {V: 160, Name: "ext_echo_request"}, {V: 161, Name: "ext_echo_reply"}, {V: 200, Name: "exp3"},
	{V: 201, Name: "exp4"},
}
