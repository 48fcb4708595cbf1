package protocols

import "pkl/core"

// ICMP reports errors and asks questions for IP (RFC 792), with the types of
// RFC 950, RFC 1256 and RFC 8335, MTUs of RFC 1191 and lengths of RFC 4884.
var ICMP = core.Spec{
	Name: "icmp",
	Doc:  "Internet Control Message Protocol: errors, echo and other questions",
	Ref:  "RFC 792",
	Over: []core.Key{{On: "ip.p", Is: "1"}},
	Fields: []core.Field{
		{Name: "type", Bits: 8, Default: 8, Names: icmpTypes},
		{Name: "code", Bits: 8, Doc: "its meaning depends on the type"},
		{Name: "sum", Bits: 16, Hex: true, Auto: "sum", Doc: "over the whole message"},
		{Name: "id", Bits: 16, Hex: true, When: "type in {0, 8, 13-18, 42, 43}", Doc: "which program asks"},
		{Name: "seq", Bits: 16, When: "type in {0, 8, 13-18}"},
		{Name: "orig", Bits: 32, When: "type in {13, 14}", Doc: "milliseconds since midnight UT when the asker sent"},
		{Name: "recv", Bits: 32, When: "type in {13, 14}", Doc: "when it came"},
		{Name: "xmit", Bits: 32, When: "type in {13, 14}", Doc: "when the answer was sent"},
		{Name: "mask", Kind: core.IP4, When: "type in {17, 18}", Doc: "of the asker's network"},
		{Name: "gateway", Kind: core.IP4, When: "type == 5", Doc: "the better way"},
		{Name: "ptr", Bits: 8, When: "type == 12", Doc: "byte of the quoted packet where the problem is"},
		{Name: "unused", Bits: 8, When: "type in {3, 11}"},
		{Name: "length", Bits: 8, When: "type in {3, 11, 12}",
			Doc: "of the quoted packet in units of 4 bytes, if extensions follow it"},
		{Name: "unused", Bits: 32, When: "type in {4, 10}"},
		{Name: "num", Bits: 8, When: "type == 9", Doc: "addresses that follow"},
		{Name: "size", Bits: 8, Default: 2, When: "type == 9", Doc: "of an entry in units of 4 bytes"},
		{Name: "life", Bits: 16, When: "type == 9", Doc: "seconds for which the addresses are valid"},
		{Name: "addrs", Kind: core.List, Count: "num", When: "type == 9", Item: &core.Struct{Fields: []core.Field{
			{Name: "addr", Kind: core.IP4},
			{Name: "pref", Bits: 32, Signed: true},
		}}},
		{Name: "mtu", Bits: 16, When: "type == 3 and code == 4", Doc: "of the next hop"},
		{Name: "unused2", Bits: 16, When: "type in {11, 12} or type == 3 and code != 4"},
		{Name: "seq", Bits: 8, When: "type in {42, 43}"},
		{Name: "reserved", Bits: 7, When: "type == 42"},
		{Name: "L", Bits: 1, When: "type == 42", Doc: "the interface asked for is one of the answering node"},
		{Name: "state", Bits: 3, When: "type == 43"},
		{Name: "reserved", Bits: 2, When: "type == 43"},
		{Name: "A", Bits: 1, When: "type == 43", Doc: "the interface is active"},
		{Name: "V4", Bits: 1, When: "type == 43", Doc: "it runs IPv4"},
		{Name: "V6", Bits: 1, When: "type == 43", Doc: "it runs IPv6"},
		{Name: "quote", Get: "body", Of: "ip", Doc: "the packet that caused the error",
			When: "type in {4, 5} or type in {3, 11, 12} and (length == 0 or length * 4 > len(body))"},
		{Name: "quote", Get: "body[0:length * 4]", Of: "ip",
			When: "type in {3, 11, 12} and length > 0 and length * 4 <= len(body)"},
		// With extensions, the quoted packet is filled up to 128 bytes or more.
		{Name: "ext", Get: "body[length * 4:]", Of: "icmp_ext", When: "type in {3, 11, 12} and length >= 32",
			Doc: "extensions (RFC 4884)"},
		// Before RFC 4884 there was no length (§5.5).
		{Name: "ext", Get: "body[128:]", Of: "icmp_ext", When: "type in {3, 11, 12} and length == 0" +
			" and len(body) >= 132 and body[128] == 0x20 and body[2] * 256 + body[3] <= 128"},
		{Name: "ext", Get: "body", Of: "icmp_ext", When: "type == 42"},
	},
	Replies: []core.Reply{
		{When: "type == 0", To: "type == 8", Same: []core.Pair{{A: "id", B: "id"}, {A: "seq", B: "seq"}}},
		{When: "type in {14, 16, 18}", Same: []core.Pair{{A: "type - 1", B: "type"}, {A: "id", B: "id"}, {A: "seq", B: "seq"}}},
		{When: "type == 9", To: "type == 10"},
		{When: "type == 43", To: "type == 42", Same: []core.Pair{{A: "id", B: "id"}, {A: "seq", B: "seq"}}},
	},
}

var icmpTypes = []core.ValueName{
	{V: 0, Name: "echo_reply"}, {V: 3, Name: "dest_unreach"}, {V: 4, Name: "source_quench"}, {V: 5, Name: "redirect"},
	{V: 6, Name: "alternate_host"}, {V: 8, Name: "echo_request"}, {V: 9, Name: "router_advert"},
	{V: 10, Name: "router_solicit"}, {V: 11, Name: "time_exceeded"}, {V: 12, Name: "param_problem"},
	{V: 13, Name: "timestamp_request"}, {V: 14, Name: "timestamp_reply"}, {V: 15, Name: "info_request"},
	{V: 16, Name: "info_reply"}, {V: 17, Name: "mask_request"}, {V: 18, Name: "mask_reply"},
	{V: 30, Name: "traceroute"}, {V: 31, Name: "conversion_error"}, {V: 32, Name: "mobile_redirect"},
	{V: 33, Name: "where_are_you"}, {V: 34, Name: "i_am_here"}, {V: 35, Name: "mobile_reg_request"},
	{V: 36, Name: "mobile_reg_reply"}, {V: 37, Name: "domain_name_request"}, {V: 38, Name: "domain_name_reply"},
	{V: 39, Name: "skip"}, {V: 40, Name: "photuris"}, {V: 41, Name: "mobility_exp"}, {V: 42, Name: "ext_echo_request"},
	{V: 43, Name: "ext_echo_reply"}, {V: 253, Name: "exp1"}, {V: 254, Name: "exp2"},
}
