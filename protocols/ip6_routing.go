package protocols

import "pkl/core"

// IP6Routing lists nodes to visit (RFC 8200 §4.4): type 0 (RFC 5095, outdated), 2 (RFC 6275 §6.4), 4 (RFC 8754 §2).
var IP6Routing = core.Spec{
	Name: "ip6_routing",
	Doc:  "IPv6 routing header; type 4 is the segment routing header",
	Ref:  "RFC 8200",
	Over: []core.Key{{On: "ip.p", Is: "43"}},
	Fields: []core.Field{
		{Name: "nxt", Bits: 8, Default: 59, Auto: "next", Key: "ip.p", Names: ipProtos},
		{Name: "len", Bits: 8, Auto: "header_len", Unit: 8, Bias: -1, Doc: "in units of 8 bytes, the first not counted"},
		{Name: "type", Bits: 8, Names: routingTypes},
		{Name: "segs", Bits: 8, Doc: "nodes still to be visited"},
		{Name: "reserved", Bits: 32, When: "type in {0, 2}"},
		{Name: "addrs", Kind: core.List, Item: &ip6Item, When: "type in {0, 2}"},
		{Name: "last", Bits: 8, Auto: "count(addrs) - 1", When: "type == 4", Doc: "index of the last address"},
		{Name: "flags", Bits: 8, Hex: true, When: "type == 4"},
		{Name: "tag", Bits: 16, Hex: true, When: "type == 4"},
		{Name: "addrs", Kind: core.List, Item: &ip6Item, Count: "last + 1", When: "type == 4",
			Doc: "the last one to be visited comes first"},
		{Name: "tlvs", Kind: core.List, By: "type", Item: &srhTLV, Kinds: srhTLVs, Pad: 8, When: "type == 4"},
		{Name: "data", Kind: core.Bytes, When: "type not in {0, 2, 4}"},
		// While addresses are left, the sums above cover the last of them (RFC 8200 §8.1).
		{Name: "final", Kind: core.IP6, Get: "addrs_raw[-16:]", When: "type in {0, 2} and segs > 0",
			Doc: "the final destination"},
		{Name: "final", Kind: core.IP6, Get: "addrs_raw[0:16]", When: "type == 4 and segs > 0"},
	},
	Pseudo: []string{"final"},
}

var ip6Item = core.Struct{Fields: []core.Field{{Kind: core.IP6}}}

var srhTLV = core.Struct{Fields: []core.Field{
	{Name: "type", Bits: 8, Names: srhTLVNames},
	{Name: "len", Bits: 8, When: "type != 0", Auto: "body_len"},
}}

var srhTLVs = []core.Variant{
	{Is: "pad1"},
	{Is: "hmac", Struct: core.Struct{Fields: []core.Field{
		{Name: "D", Bits: 1}, {Name: "reserved", Bits: 15}, {Name: "keyid", Bits: 32}, {Name: "hmac", Kind: core.Bytes},
	}}},
}

var srhTLVNames = []core.ValueName{{V: 0, Name: "pad1"}, {V: 4, Name: "padn"}, {V: 5, Name: "hmac"}}

var routingTypes = []core.ValueName{
	{V: 0, Name: "source_route"}, {V: 1, Name: "nimrod"}, {V: 2, Name: "mobility"}, {V: 3, Name: "rpl"},
	{V: 4, Name: "srh"}, {V: 5, Name: "crh16"}, {V: 6, Name: "crh32"}, {V: 253, Name: "exp1"}, {V: 254, Name: "exp2"},
}
