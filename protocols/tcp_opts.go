package protocols

import "pkl/core"

// Options of TCP (RFC 9293 §3.2, IANA tcp-parameters).

var tcpOption = core.Struct{Name: "option", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: tcpOptionNames},
	{Name: "len", Bits: 8, When: "type > 1", Auto: "total_len"},
}}

var tcpOptions = []core.Variant{
	{Is: "eol, nop"},
	{Is: "mss", Struct: core.Struct{Fields: []core.Field{{Name: "mss", Bits: 16, Default: 1460}}}},
	{Is: "wscale", Struct: core.Struct{Fields: []core.Field{{Name: "shift", Bits: 8}}}},
	{Is: "sack", Struct: core.Struct{Fields: []core.Field{
		{Name: "blocks", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "left", Bits: 32}, {Name: "right", Bits: 32},
		}}},
	}}},
	{Is: "timestamp", Struct: core.Struct{Fields: []core.Field{{Name: "tsval", Bits: 32}, {Name: "tsecr", Bits: 32}}}},
	{Is: "cc, cc_new, cc_echo", Struct: core.Struct{Fields: []core.Field{{Name: "cc", Bits: 32}}}},
	{Is: "md5", Struct: core.Struct{Fields: []core.Field{{Name: "digest", Kind: core.Bytes, Size: "16"}}}},
	{Is: "quick_start", Struct: core.Struct{Fields: []core.Field{
		{Name: "reserved", Bits: 4}, {Name: "rate", Bits: 4}, {Name: "ttl", Bits: 8}, {Name: "nonce", Bits: 30, Hex: true},
		{Name: "reserved2", Bits: 2},
	}}},
	{Is: "user_timeout", Struct: core.Struct{Fields: []core.Field{
		{Name: "G", Bits: 1, Doc: "in minutes, not seconds"}, {Name: "timeout", Bits: 15},
	}}},
	{Is: "ao", Struct: core.Struct{Fields: []core.Field{
		{Name: "keyid", Bits: 8}, {Name: "rnext", Bits: 8}, {Name: "mac", Kind: core.Bytes},
	}}},
	{Is: "mptcp", Struct: core.Struct{Fields: []core.Field{
		{Name: "subtype", Bits: 4, Names: mptcpSubtypes}, {Name: "low", Bits: 4, Doc: "version or flags, as the subtype says"},
		{Name: "data", Kind: core.Bytes},
	}}},
	{Is: "fastopen", Struct: core.Struct{Fields: []core.Field{{Name: "cookie", Kind: core.Bytes}}}},
	{Is: "accecn0", Struct: core.Struct{Fields: []core.Field{
		{Name: "ee0b", Bits: 24}, {Name: "eceb", Bits: 24}, {Name: "ee1b", Bits: 24},
	}}},
	{Is: "accecn1", Struct: core.Struct{Fields: []core.Field{
		{Name: "ee1b", Bits: 24}, {Name: "eceb", Bits: 24}, {Name: "ee0b", Bits: 24},
	}}},
	{Is: "exp1, exp2", Struct: core.Struct{Fields: []core.Field{ // RFC 6994
		{Name: "exid", Bits: 16, Hex: true}, {Name: "data", Kind: core.Bytes},
	}}},
}

var tcpOptionNames = []core.ValueName{
	{V: 0, Name: "eol"}, {V: 1, Name: "nop"}, {V: 2, Name: "mss"}, {V: 3, Name: "wscale"}, {V: 4, Name: "sackok"},
	{V: 5, Name: "sack"}, {V: 6, Name: "echo"}, {V: 7, Name: "echo_reply"}, {V: 8, Name: "timestamp"},
	{V: 9, Name: "pocp"}, {V: 10, Name: "posp"}, {V: 11, Name: "cc"}, {V: 12, Name: "cc_new"}, {V: 13, Name: "cc_echo"},
	{V: 14, Name: "alt_sum_request"}, {V: 15, Name: "alt_sum"}, {V: 16, Name: "skeeter"}, {V: 17, Name: "bubba"},
	{V: 18, Name: "trailer_sum"}, {V: 19, Name: "md5"}, {V: 20, Name: "scps"}, {V: 21, Name: "snack"},
	{V: 22, Name: "record_boundary"}, {V: 23, Name: "corruption"}, {V: 24, Name: "snap_option"},
	{V: 26, Name: "compression"}, {V: 27, Name: "quick_start"}, {V: 28, Name: "user_timeout"}, {V: 29, Name: "ao"},
	{V: 30, Name: "mptcp"}, {V: 34, Name: "fastopen"}, {V: 69, Name: "eno"}, {V: 172, Name: "accecn0"},
	{V: 174, Name: "accecn1"}, {V: 253, Name: "exp1"}, {V: 254, Name: "exp2"},
}

var mptcpSubtypes = []core.ValueName{
	{V: 0, Name: "capable"}, {V: 1, Name: "join"}, {V: 2, Name: "dss"}, {V: 3, Name: "add_addr"},
	{V: 4, Name: "remove_addr"}, {V: 5, Name: "prio"}, {V: 6, Name: "fail"}, {V: 7, Name: "fastclose"},
	{V: 8, Name: "tcprst"},
}
