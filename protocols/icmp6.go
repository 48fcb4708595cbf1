package protocols

import "pkl/core"

// ICMP6 is ICMP for IPv6 (RFC 4443), with neighbour discovery (RFC 4861),
// multicast listeners (RFC 2710, RFC 3810) and RFC 8335.
var ICMP6 = core.Spec{
	Name: "icmp6",
	Doc:  "ICMP for IPv6: errors, echo, neighbour discovery, multicast listeners",
	Ref:  "RFC 4443",
	Over: []core.Key{{On: "ip.p", Is: "58"}},
	Fields: []core.Field{
		{Name: "type", Bits: 8, Default: 128, Names: icmp6Types},
		{Name: "code", Bits: 8, Doc: "its meaning depends on the type"},
		{Name: "sum", Bits: 16, Hex: true, Auto: "pseudo_sum"},
		// questions and errors
		{Name: "id", Bits: 16, Hex: true, When: "type in {128, 129, 160, 161}"},
		{Name: "seq", Bits: 16, When: "type in {128, 129}"},
		{Name: "length", Bits: 8, When: "type in {1, 3}",
			Doc: "of the quoted packet in units of 8 bytes, if extensions follow it"},
		{Name: "unused", Bits: 24, When: "type in {1, 3}"},
		{Name: "mtu", Bits: 32, Default: 1280, When: "type == 2", Doc: "of the next hop"},
		{Name: "ptr", Bits: 32, When: "type == 4", Doc: "byte of the quoted packet where the problem is"},
		// neighbour discovery
		{Name: "hlim", Bits: 8, When: "type == 134", Doc: "for hosts to use; 0: the router does not say"},
		{Name: "flags", Bits: 8, Hex: true, When: "type == 134"},
		{Name: "M", Bits: 1, Part: "flags", Doc: "addresses are to be had by DHCPv6"},
		{Name: "O", Bits: 1, Part: "flags", When: "type == 134", Doc: "other settings are to be had by DHCPv6"},
		{Name: "H", Bits: 1, Part: "flags", Doc: "home agent (RFC 6275)"},
		{Name: "prf", Bits: 2, Part: "flags", Signed: true, Names: routePrefs, Doc: "preference (RFC 4191)"},
		{Name: "P", Bits: 1, Part: "flags", Doc: "proxy (RFC 4389)"},
		{Name: "life", Bits: 16, When: "type == 134", Doc: "seconds for which this is a default router"},
		{Name: "reach", Bits: 32, When: "type == 134", Doc: "milliseconds for which a neighbour counts as reachable"},
		{Name: "retrans", Bits: 32, When: "type == 134", Doc: "milliseconds between solicitations"},
		{Name: "naflags", Bits: 32, Hex: true, When: "type == 136"},
		{Name: "R", Bits: 1, Part: "naflags", Doc: "from a router"},
		{Name: "S", Bits: 1, Part: "naflags", Doc: "solicited"},
		{Name: "O", Bits: 1, Part: "naflags", When: "type == 136", Doc: "overrides what is cached"},
		{Name: "reserved", Bits: 32, When: "type in {133, 135, 137, 141, 142}"},
		{Name: "target", Kind: core.IP6, When: "type in {135-137}"},
		{Name: "dst", Kind: core.IP6, When: "type == 137", Doc: "for which target is the better way"},
		{Name: "opts", Kind: core.List, By: "type", Item: &ndOption, Kinds: ndOptions, When: "type in {133-137, 141, 142}"},
		// multicast listeners
		{Name: "maxresp", Bits: 16, When: "type in {130-132}", Doc: "milliseconds within which to answer; from 32768 a code"},
		{Name: "reserved", Bits: 16, When: "type in {130-132}"},
		{Name: "group", Kind: core.IP6, When: "type in {130-132}"},
		{Name: "query", Kind: core.List, Last: "present(num)", When: "type == 130", Doc: "one item: what version 2 adds",
			Item: &core.Struct{Fields: []core.Field{
				{Name: "reserved", Bits: 4},
				{Name: "S", Bits: 1, Doc: "routers are to leave their timers alone"},
				{Name: "qrv", Bits: 3, Default: 2, Doc: "querier's robustness"},
				{Name: "qqic", Bits: 8, Default: 125, Doc: "seconds between queries; from 128 a code"},
				{Name: "num", Bits: 16, Doc: "sources that follow"},
				{Name: "sources", Kind: core.List, Count: "num", Item: &ip6Item},
			}}},
		{Name: "reserved", Bits: 16, When: "type == 143"},
		{Name: "num", Bits: 16, When: "type == 143", Doc: "records that follow"},
		{Name: "records", Kind: core.List, Count: "num", Item: &mldRecord, When: "type == 143"},
		// node information (RFC 4620)
		{Name: "qtype", Bits: 16, When: "type in {139, 140}"},
		{Name: "qflags", Bits: 16, Hex: true, When: "type in {139, 140}"},
		{Name: "nonce", Bits: 64, Hex: true, When: "type in {139, 140}"},
		// extended echo (RFC 8335)
		{Name: "seq", Bits: 8, When: "type in {160, 161}"},
		{Name: "reserved", Bits: 7, When: "type == 160"},
		{Name: "L", Bits: 1, When: "type == 160"},
		{Name: "state", Bits: 3, When: "type == 161"},
		{Name: "reserved", Bits: 2, When: "type == 161"},
		{Name: "A", Bits: 1, When: "type == 161"},
		{Name: "V4", Bits: 1, When: "type == 161"},
		{Name: "V6", Bits: 1, When: "type == 161"},
		{Name: "quote", Get: "body", Of: "ip6", Doc: "the packet that caused the error",
			When: "type in {2, 4} or type in {1, 3} and (length < 16 or length * 8 > len(body))"},
		{Name: "quote", Get: "body[0:length * 8]", Of: "ip6",
			When: "type in {1, 3} and length >= 16 and length * 8 <= len(body)"},
		{Name: "ext", Get: "body[length * 8:]", Of: "icmp_ext", When: "type in {1, 3} and length >= 16",
			Doc: "extensions (RFC 4884)"},
		{Name: "ext", Get: "body", Of: "icmp_ext", When: "type == 160"},
	},
	Replies: []core.Reply{
		{When: "type == 129", To: "type == 128", Same: []core.Pair{{A: "id", B: "id"}, {A: "seq", B: "seq"}}},
		{When: "type == 136", To: "type == 135", Same: []core.Pair{{A: "target", B: "target"}}},
		{When: "type == 134", To: "type == 133"},
		{When: "type in {131, 143}", To: "type == 130"},
		{When: "type == 140", To: "type == 139", Same: []core.Pair{{A: "nonce", B: "nonce"}}},
		{When: "type == 161", To: "type == 160", Same: []core.Pair{{A: "id", B: "id"}, {A: "seq", B: "seq"}}},
	},
}

var routePrefs = []core.ValueName{{V: 0, Name: "medium"}, {V: 1, Name: "high"}, {V: -1, Name: "low"}}

var mldRecord = core.Struct{Name: "record", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: groupRecords},
	{Name: "auxlen", Bits: 8, Auto: "len(aux) / 4", Doc: "of aux in units of 4 bytes"},
	{Name: "num", Bits: 16, Doc: "sources that follow"},
	{Name: "group", Kind: core.IP6},
	{Name: "sources", Kind: core.List, Count: "num", Item: &ip6Item},
	{Name: "aux", Kind: core.Bytes, Size: "auxlen * 4"},
}}
