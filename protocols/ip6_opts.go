package protocols

import "pkl/core"

// IP6HopOpts are options for every router on the way (RFC 8200 §4.3).
var IP6HopOpts = core.Spec{
	Name: "ip6_hopopts",
	Doc:  "IPv6 hop-by-hop options",
	Ref:  "RFC 8200",
	Over: []core.Key{{On: "ip.p", Is: "0"}},
	Fields: []core.Field{
		{Name: "nxt", Bits: 8, Default: 59, Auto: "next", Key: "ip.p", Names: ipProtos},
		{Name: "len", Bits: 8, Auto: "header_len", Unit: 8, Bias: -1, Doc: "in units of 8 bytes, the first not counted"},
		{Name: "opts", Kind: core.List, By: "type", Item: &ip6Option, Kinds: ip6Options, Pad: 8},
	},
}

// IP6DstOpts are options for the destination (RFC 8200 §4.6).
var IP6DstOpts = core.Spec{
	Name: "ip6_dstopts",
	Doc:  "IPv6 destination options",
	Ref:  "RFC 8200",
	Over: []core.Key{{On: "ip.p", Is: "60"}},
	Fields: []core.Field{
		{Name: "nxt", Bits: 8, Default: 59, Auto: "next", Key: "ip.p", Names: ipProtos},
		{Name: "len", Bits: 8, Auto: "header_len", Unit: 8, Bias: -1, Doc: "in units of 8 bytes, the first not counted"},
		{Name: "opts", Kind: core.List, By: "type", Item: &ip6Option, Kinds: ip6Options, Pad: 8},
	},
}

var ip6Option = core.Struct{Name: "option", Fields: []core.Field{
	{Name: "type", Bits: 8, Hex: true, Names: ip6OptionNames},
	{Name: "len", Bits: 8, When: "type != 0", Auto: "body_len"},
}}

var ip6Options = []core.Variant{
	{Is: "pad1"},
	{Is: "router_alert", Struct: core.Struct{Fields: []core.Field{{Name: "value", Bits: 16, Names: routerAlerts}}}},
	{Is: "jumbo", Struct: core.Struct{Fields: []core.Field{{Name: "jumbo_len", Bits: 32}}}},
	{Is: "tunnel_limit", Struct: core.Struct{Fields: []core.Field{{Name: "limit", Bits: 8}}}},
	{Is: "home_address", Struct: core.Struct{Fields: []core.Field{{Name: "addr", Kind: core.IP6}}}},
	{Is: "pdm", Struct: core.Struct{Fields: []core.Field{ // RFC 8250 §3.2.1
		{Name: "scale_dtlr", Bits: 8}, {Name: "scale_dtls", Bits: 8}, {Name: "psntp", Bits: 16}, {Name: "psnlr", Bits: 16},
		{Name: "dtlr", Bits: 16}, {Name: "dtls", Bits: 16},
	}}},
	{Is: "quick_start", Struct: core.Struct{Fields: []core.Field{
		{Name: "func", Bits: 4}, {Name: "rate", Bits: 4}, {Name: "ttl", Bits: 8}, {Name: "nonce", Bits: 30, Hex: true},
		{Name: "reserved", Bits: 2},
	}}},
	{Is: "rpl", Struct: core.Struct{Fields: []core.Field{ // RFC 6553 §3
		{Name: "O", Bits: 1}, {Name: "R", Bits: 1}, {Name: "F", Bits: 1}, {Name: "reserved", Bits: 5},
		{Name: "instance", Bits: 8}, {Name: "rank", Bits: 16},
	}}},
	{Is: "min_pmtu", Struct: core.Struct{Fields: []core.Field{ // RFC 9268 §5
		{Name: "min_pmtu", Bits: 16}, {Name: "rtn_pmtu", Bits: 15}, {Name: "R", Bits: 1},
	}}},
}

var ip6OptionNames = []core.ValueName{
	{V: 0x00, Name: "pad1"}, {V: 0x01, Name: "padn"}, {V: 0x04, Name: "tunnel_limit"}, {V: 0x05, Name: "router_alert"},
	{V: 0x07, Name: "calipso"}, {V: 0x08, Name: "smf_dpd"}, {V: 0x0f, Name: "pdm"}, {V: 0x11, Name: "ioam"},
	{V: 0x12, Name: "alt_mark"}, {V: 0x23, Name: "rpl_option"}, {V: 0x26, Name: "quick_start"},
	{V: 0x30, Name: "min_pmtu"}, {V: 0x31, Name: "ioam_change"}, {V: 0x32, Name: "alt_mark_change"},
	{V: 0x63, Name: "rpl"}, {V: 0x6d, Name: "mpl"}, {V: 0x8a, Name: "endpoint_id"}, {V: 0x8b, Name: "ilnp_nonce"},
	{V: 0x8c, Name: "line_id"}, {V: 0xc2, Name: "jumbo"}, {V: 0xc9, Name: "home_address"}, {V: 0xee, Name: "dff"},
}

var routerAlerts = []core.ValueName{{V: 0, Name: "mld"}, {V: 1, Name: "rsvp"}, {V: 2, Name: "active_network"}}
