package protocols

import "pkl/core"

// Path attributes of BGP (RFC 4271 §4.3, §5).

var bgpAttr = core.Struct{Name: "attribute", Fields: []core.Field{
	{Name: "flags", Bits: 8, Hex: true, Default: 0x40},
	{Name: "OPTIONAL", Bits: 1, Part: "flags"},
	{Name: "TRANSITIVE", Bits: 1, Part: "flags"},
	{Name: "PARTIAL", Bits: 1, Part: "flags", Doc: "not all on the way knew it"},
	{Name: "EXTENDED_LENGTH", Bits: 1, Part: "flags", Doc: "len has 2 bytes"},
	{Name: "type", Bits: 8, Default: 1, Names: bgpAttrNames},
	{Name: "len", Bits: 8, When: "not EXTENDED_LENGTH", Auto: "body_len"},
	{Name: "len", Bits: 16, When: "EXTENDED_LENGTH", Auto: "body_len"},
}}

var bgpAttrs = []core.Variant{
	{Is: "origin", Struct: core.Struct{Fields: []core.Field{
		{Name: "origin", Bits: 8, Names: []core.ValueName{{V: 0, Name: "igp"}, {V: 1, Name: "egp"}, {V: 2, Name: "incomplete"}}},
	}}},
	{Is: "as_path", Struct: core.Struct{Fields: []core.Field{
		{Name: "segments", Kind: core.List, Item: &bgpSegment, When: bgpNarrow, Doc: "built with numbers of 2 bytes; give body for those of 4"},
		{Name: "segments", Kind: core.List, Item: &bgpSegment4, When: "not (" + bgpNarrow + ")"},
	}}},
	{Is: "as4_path", Struct: core.Struct{Fields: []core.Field{ // RFC 6793 §3
		{Name: "segments", Kind: core.List, Item: &bgpSegment4},
	}}},
	{Is: "next_hop", Struct: core.Struct{Fields: []core.Field{{Name: "ip", Kind: core.IP4}}}},
	{Is: "med, local_pref", Struct: core.Struct{Fields: []core.Field{{Name: "value", Bits: 32}}}},
	{Is: "atomic_aggregate"},
	{Is: "aggregator", Struct: core.Struct{Fields: []core.Field{
		{Name: "asn", Bits: 16, When: "len <= 6"}, {Name: "asn", Bits: 32, When: "len > 6"}, {Name: "ip", Kind: core.IP4},
	}}},
	{Is: "as4_aggregator", Struct: core.Struct{Fields: []core.Field{{Name: "asn", Bits: 32}, {Name: "ip", Kind: core.IP4}}}},
	{Is: "communities", Struct: core.Struct{Fields: []core.Field{ // RFC 1997
		{Name: "communities", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "community", Bits: 32, Hex: true, Names: bgpCommunities},
			{Name: "asn", Bits: 16, Part: "community"}, {Name: "value", Bits: 16, Part: "community"},
		}}},
	}}},
	{Is: "originator_id", Struct: core.Struct{Fields: []core.Field{{Name: "value", Kind: core.IP4}}}}, // RFC 4456 §8
	{Is: "cluster_list", Struct: core.Struct{Fields: []core.Field{{Name: "clusters", Kind: core.List, Item: &ip4Item}}}},
	{Is: "mp_reach_nlri", Struct: core.Struct{Fields: []core.Field{ // RFC 4760 §3
		{Name: "afi", Bits: 16, Default: 1, Names: bgpAFIs},
		{Name: "safi", Bits: 8, Default: 1, Names: bgpSAFIs},
		{Name: "next_hop_len", Bits: 8, Auto: "len(next_hop)"},
		{Name: "next_hop", Kind: core.List, Item: &ip4Item, Size: "next_hop_len", When: "afi == 1 and next_hop_len in {0, 4}"},
		{Name: "next_hop", Kind: core.List, Item: &ip6Item, Size: "next_hop_len", Doc: "global, and perhaps of the link",
			When: "afi == 2 and next_hop_len in {0, 16, 32} or afi == 1 and next_hop_len in {16, 32}"},
		{Name: "next_hop", Kind: core.Bytes, Size: "next_hop_len",
			When: "not (afi == 1 and next_hop_len in {0, 4, 16, 32} or afi == 2 and next_hop_len in {0, 16, 32})"},
		{Name: "reserved", Bits: 8},
		{Name: "nlri", Kind: core.List, Item: &bgpRoute, When: "afi == 1 and safi in {1, 2}"},
		{Name: "nlri", Kind: core.List, Item: &bgpRoute6, When: "afi == 2 and safi in {1, 2}"},
		{Name: "nlri", Kind: core.Bytes, When: "not (afi in {1, 2} and safi in {1, 2})"},
	}}},
	{Is: "mp_unreach_nlri", Struct: core.Struct{Fields: []core.Field{ // RFC 4760 §4
		{Name: "afi", Bits: 16, Default: 1, Names: bgpAFIs},
		{Name: "safi", Bits: 8, Default: 1, Names: bgpSAFIs},
		{Name: "nlri", Kind: core.List, Item: &bgpRoute, When: "afi == 1 and safi in {1, 2}"},
		{Name: "nlri", Kind: core.List, Item: &bgpRoute6, When: "afi == 2 and safi in {1, 2}"},
		{Name: "nlri", Kind: core.Bytes, When: "not (afi in {1, 2} and safi in {1, 2})"},
	}}},
	{Is: "ext_communities", Struct: core.Struct{Fields: []core.Field{ // RFC 4360
		{Name: "communities", Kind: core.List, By: "type", Item: &core.Struct{Fields: []core.Field{
			{Name: "type", Bits: 8, Hex: true, Names: bgpExtTypes}, {Name: "subtype", Bits: 8, Hex: true},
		}}, Kinds: bgpExtCommunities, Other: &core.Struct{Fields: []core.Field{{Name: "data", Kind: core.Bytes, Size: "6"}}}},
	}}},
	{Is: "large_communities", Struct: core.Struct{Fields: []core.Field{ // RFC 8092
		{Name: "communities", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "ga", Bits: 32, Doc: "global administrator: an AS"}, {Name: "ldp1", Bits: 32}, {Name: "ldp2", Bits: 32},
		}}},
	}}},
	{Is: "otc", Struct: core.Struct{Fields: []core.Field{{Name: "asn", Bits: 32}}}}, // RFC 9234 §5
}

// bgpNarrow holds where the numbers of an AS path have 2 bytes. Nothing in the
// message tells that: they have if so up to three segments fill the attribute.
const bgpNarrow = "len(body) == 0 or body[0] in {1-4} and (2 + body[1] * 2 == len or body[2 + body[1] * 2] in {1-4} and " +
	"(4 + (body[1] + body[3 + body[1] * 2]) * 2 == len or body[4 + (body[1] + body[3 + body[1] * 2]) * 2] in {1-4} and " +
	"6 + (body[1] + body[3 + body[1] * 2] + body[5 + (body[1] + body[3 + body[1] * 2]) * 2]) * 2 == len))"

var bgpSegment = core.Struct{Name: "segment", Fields: []core.Field{
	{Name: "type", Bits: 8, Default: 2, Names: bgpSegments},
	{Name: "len", Bits: 8, Doc: "how many follow"},
	{Name: "ases", Kind: core.List, Count: "len", Item: &core.Struct{Fields: []core.Field{{Bits: 16}}}},
}}

var bgpSegment4 = core.Struct{Name: "segment", Fields: []core.Field{
	{Name: "type", Bits: 8, Default: 2, Names: bgpSegments},
	{Name: "len", Bits: 8, Doc: "how many follow"},
	{Name: "ases", Kind: core.List, Count: "len", Item: &core.Struct{Fields: []core.Field{{Bits: 32}}}},
}}

var bgpExtCommunities = []core.Variant{
	{Is: "as2, as2_nontransitive", Struct: core.Struct{Fields: []core.Field{{Name: "asn", Bits: 16}, {Name: "value", Bits: 32}}}},
	{Is: "ip4, ip4_nontransitive", Struct: core.Struct{Fields: []core.Field{{Name: "ip", Kind: core.IP4}, {Name: "value", Bits: 16}}}},
	{Is: "as4, as4_nontransitive", Struct: core.Struct{Fields: []core.Field{{Name: "asn", Bits: 32}, {Name: "value", Bits: 16}}}},
}
