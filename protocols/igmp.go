package protocols

import "pkl/core"

// IGMP tells routers who listens to which group (RFC 1112, RFC 2236, RFC 3376 §4).
var IGMP = core.Spec{
	Name: "igmp",
	Doc:  "Internet Group Management Protocol, versions 1 to 3",
	Ref:  "RFC 3376",
	Over: []core.Key{{On: "ip.p", Is: "2"}},
	Fields: []core.Field{
		{Name: "type", Bits: 8, Hex: true, Default: 0x11, Names: igmpTypes},
		{Name: "maxresp", Bits: 8, Doc: "tenths of a second within which to answer; in version 3 from 128 a code"},
		{Name: "sum", Bits: 16, Hex: true, Auto: "sum", Doc: "over the whole message"},
		{Name: "group", Kind: core.IP4, When: "type in {0x11, 0x12, 0x16, 0x17, 0x1e, 0x1f}"},
		{Name: "query", Kind: core.List, Last: "present(num)", When: "type == 0x11", Doc: "one item: what version 3 adds",
			Item: &core.Struct{Fields: []core.Field{
				{Name: "reserved", Bits: 4},
				{Name: "S", Bits: 1, Doc: "routers are to leave their timers alone"},
				{Name: "qrv", Bits: 3, Default: 2, Doc: "querier's robustness"},
				{Name: "qqic", Bits: 8, Default: 125, Doc: "seconds between queries; from 128 a code"},
				{Name: "num", Bits: 16, Doc: "sources that follow"},
				{Name: "sources", Kind: core.List, Count: "num", Item: &ip4Item},
			}}},
		{Name: "reserved", Bits: 16, When: "type == 0x22"},
		{Name: "num", Bits: 16, When: "type == 0x22", Doc: "records that follow"},
		{Name: "records", Kind: core.List, Count: "num", When: "type == 0x22", Item: &core.Struct{Fields: []core.Field{
			{Name: "type", Bits: 8, Names: groupRecords},
			{Name: "auxlen", Bits: 8, Auto: "len(aux) / 4", Doc: "of aux in units of 4 bytes"},
			{Name: "num", Bits: 16, Doc: "sources that follow"},
			{Name: "group", Kind: core.IP4},
			{Name: "sources", Kind: core.List, Count: "num", Item: &ip4Item},
			{Name: "aux", Kind: core.Bytes, Size: "auxlen * 4"},
		}}},
	},
}

var igmpTypes = []core.ValueName{
	{V: 0x11, Name: "query"}, {V: 0x12, Name: "report_v1"}, {V: 0x13, Name: "dvmrp"}, {V: 0x14, Name: "pim_v1"},
	{V: 0x15, Name: "cisco_trace"}, {V: 0x16, Name: "report_v2"}, {V: 0x17, Name: "leave"},
	{V: 0x1e, Name: "mtrace_reply"}, {V: 0x1f, Name: "mtrace"}, {V: 0x22, Name: "report_v3"},
	{V: 0x30, Name: "mrd_advert"}, {V: 0x31, Name: "mrd_solicit"}, {V: 0x32, Name: "mrd_term"},
}

var groupRecords = []core.ValueName{
	{V: 1, Name: "is_include"}, {V: 2, Name: "is_exclude"}, {V: 3, Name: "to_include"}, {V: 4, Name: "to_exclude"},
	{V: 5, Name: "allow_new"}, {V: 6, Name: "block_old"},
}
