package protocols

import "pkl/core"

// Chunks of SCTP (RFC 9260 §3.3 and extensions). A length counts type, flags and itself, but not the padding.

var sctpChunk = core.Struct{Name: "chunk", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: sctpChunkNames},
	{Name: "flags", Bits: 8, Hex: true},
	{Name: "len", Bits: 16, Auto: "total_len"},
}}

var sctpChunks = []core.Variant{
	{Is: "data", Struct: core.Struct{Fields: []core.Field{
		{Name: "reserved", Bits: 4, Part: "flags"},
		{Name: "I", Bits: 1, Part: "flags", Doc: "acknowledge at once (RFC 7053)"},
		{Name: "U", Bits: 1, Part: "flags", Doc: "unordered"},
		{Name: "B", Bits: 1, Part: "flags", Doc: "a message begins here"},
		{Name: "E", Bits: 1, Part: "flags", Doc: "a message ends here"},
		{Name: "tsn", Bits: 32, Doc: "transmission sequence number"},
		{Name: "sid", Bits: 16, Doc: "stream"},
		{Name: "ssn", Bits: 16, Doc: "stream sequence number"},
		{Name: "ppid", Bits: 32, Names: sctpPayloads, Doc: "which protocol data is of"},
		{Name: "data", Kind: core.Bytes, Key: "sctp.ppid"},
	}}},
	{Is: "init, init_ack", Struct: core.Struct{Fields: []core.Field{
		{Name: "init_tag", Bits: 32, Hex: true, Doc: "the vtag that the receiver is to use"},
		{Name: "a_rwnd", Bits: 32, Doc: "advertised receiver window"},
		{Name: "n_out_streams", Bits: 16, Default: 10},
		{Name: "n_in_streams", Bits: 16, Default: 65535},
		{Name: "init_tsn", Bits: 32},
		{Name: "params", Kind: core.List, By: "type", Item: &sctpParam, Kinds: sctpParams, Align: 4},
	}}},
	{Is: "sack", Struct: core.Struct{Fields: []core.Field{
		{Name: "cum_tsn", Bits: 32, Doc: "all up to this one have come"},
		{Name: "a_rwnd", Bits: 32, Doc: "advertised receiver window"},
		{Name: "num_gaps", Bits: 16},
		{Name: "num_dups", Bits: 16},
		{Name: "gaps", Kind: core.List, Count: "num_gaps", Doc: "blocks that have come too, counted from cum_tsn",
			Item: &core.Struct{Fields: []core.Field{{Name: "start", Bits: 16}, {Name: "stop", Bits: 16}}}},
		{Name: "dups", Kind: core.List, Count: "num_dups", Item: &core.Struct{Fields: []core.Field{{Bits: 32}}}},
	}}},
	{Is: "heartbeat, heartbeat_ack", Struct: core.Struct{Fields: []core.Field{
		{Name: "params", Kind: core.List, By: "type", Item: &sctpParam, Kinds: sctpParams, Align: 4},
	}}},
	{Is: "abort", Struct: core.Struct{Fields: []core.Field{
		{Name: "reserved", Bits: 7, Part: "flags"},
		{Name: "T", Bits: 1, Part: "flags", Doc: "vtag is the receiver's own"},
		{Name: "causes", Kind: core.List, By: "type", Item: &sctpCause, Kinds: sctpCauses, Align: 4},
	}}},
	{Is: "error", Struct: core.Struct{Fields: []core.Field{
		{Name: "causes", Kind: core.List, By: "type", Item: &sctpCause, Kinds: sctpCauses, Align: 4},
	}}},
	{Is: "shutdown", Struct: core.Struct{Fields: []core.Field{{Name: "cum_tsn", Bits: 32}}}},
	{Is: "cookie_echo", Struct: core.Struct{Fields: []core.Field{{Name: "cookie", Kind: core.Bytes}}}},
	{Is: "ecne, cwr", Struct: core.Struct{Fields: []core.Field{{Name: "lowest_tsn", Bits: 32}}}},
	{Is: "shutdown_complete", Struct: core.Struct{Fields: []core.Field{
		{Name: "reserved", Bits: 7, Part: "flags"},
		{Name: "T", Bits: 1, Part: "flags", Doc: "vtag is the receiver's own"},
	}}},
	{Is: "auth", Struct: core.Struct{Fields: []core.Field{ // RFC 4895 §4.1
		{Name: "keyid", Bits: 16}, {Name: "hmac_id", Bits: 16}, {Name: "hmac", Kind: core.Bytes},
	}}},
	{Is: "idata", Struct: core.Struct{Fields: []core.Field{ // RFC 8260 §2.1
		{Name: "reserved", Bits: 4, Part: "flags"},
		{Name: "I", Bits: 1, Part: "flags"}, {Name: "U", Bits: 1, Part: "flags"}, {Name: "B", Bits: 1, Part: "flags"},
		{Name: "E", Bits: 1, Part: "flags"},
		{Name: "tsn", Bits: 32}, {Name: "sid", Bits: 16}, {Name: "reserved2", Bits: 16}, {Name: "mid", Bits: 32},
		{Name: "ppid", Bits: 32, When: "B", Names: sctpPayloads}, {Name: "fsn", Bits: 32, When: "not B"},
		{Name: "data", Kind: core.Bytes, Key: "sctp.ppid"},
	}}},
	{Is: "asconf", Struct: core.Struct{Fields: []core.Field{ // RFC 5061 §4.1
		{Name: "serial", Bits: 32},
		{Name: "params", Kind: core.List, By: "type", Item: &sctpParam, Kinds: sctpParams, Align: 4},
	}}},
	{Is: "asconf_ack", Struct: core.Struct{Fields: []core.Field{
		{Name: "serial", Bits: 32},
		{Name: "params", Kind: core.List, By: "type", Item: &sctpParam, Kinds: sctpParams, Align: 4},
	}}},
	{Is: "re_config", Struct: core.Struct{Fields: []core.Field{ // RFC 6525 §3.1
		{Name: "params", Kind: core.List, By: "type", Item: &sctpParam, Kinds: sctpParams, Align: 4},
	}}},
	{Is: "forward_tsn", Struct: core.Struct{Fields: []core.Field{ // RFC 3758 §3.2
		{Name: "cum_tsn", Bits: 32},
		{Name: "streams", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "sid", Bits: 16}, {Name: "ssn", Bits: 16},
		}}},
	}}},
}

var sctpParam = core.Struct{Name: "param", Fields: []core.Field{
	{Name: "type", Bits: 16, Hex: true, Names: sctpParamNames},
	{Name: "len", Bits: 16, Auto: "total_len"},
}}

var sctpParams = []core.Variant{
	{Is: "heartbeat_info", Struct: core.Struct{Fields: []core.Field{{Name: "info", Kind: core.Bytes}}}},
	{Is: "ipv4", Struct: core.Struct{Fields: []core.Field{{Name: "addr", Kind: core.IP4}}}},
	{Is: "ipv6", Struct: core.Struct{Fields: []core.Field{{Name: "addr", Kind: core.IP6}}}},
	{Is: "state_cookie", Struct: core.Struct{Fields: []core.Field{{Name: "cookie", Kind: core.Bytes}}}},
	{Is: "cookie_preservative", Struct: core.Struct{Fields: []core.Field{{Name: "increment", Bits: 32}}}},
	{Is: "hostname", Struct: core.Struct{Fields: []core.Field{{Name: "hostname", Kind: core.Text}}}},
	{Is: "address_types", Struct: core.Struct{Fields: []core.Field{
		{Name: "types", Kind: core.List, Item: &core.Struct{Fields: []core.Field{{Bits: 16}}}},
	}}},
	{Is: "random", Struct: core.Struct{Fields: []core.Field{{Name: "random", Kind: core.Bytes}}}},
	{Is: "chunk_list, extensions", Struct: core.Struct{Fields: []core.Field{
		{Name: "types", Kind: core.List, Item: &core.Struct{Fields: []core.Field{{Bits: 8, Names: sctpChunkNames}}}},
	}}},
	{Is: "hmac_list", Struct: core.Struct{Fields: []core.Field{
		{Name: "types", Kind: core.List, Item: &core.Struct{Fields: []core.Field{{Bits: 16}}}},
	}}},
	{Is: "add_ip, del_ip, set_primary", Struct: core.Struct{Fields: []core.Field{
		{Name: "id", Bits: 32},
		{Name: "addr", Kind: core.Bytes, Doc: "a parameter of its own"},
	}}},
	{Is: "adaptation", Struct: core.Struct{Fields: []core.Field{{Name: "indication", Bits: 32, Hex: true}}}},
}

var sctpCause = core.Struct{Name: "cause", Fields: []core.Field{
	{Name: "type", Bits: 16, Names: sctpCauseNames, Doc: "cause code"},
	{Name: "len", Bits: 16, Auto: "total_len"},
}}

var sctpCauses = []core.Variant{
	{Is: "invalid_stream", Struct: core.Struct{Fields: []core.Field{{Name: "sid", Bits: 16}, {Name: "reserved", Bits: 16}}}},
	{Is: "stale_cookie", Struct: core.Struct{Fields: []core.Field{{Name: "staleness", Bits: 32, Doc: "microseconds"}}}},
	{Is: "no_user_data", Struct: core.Struct{Fields: []core.Field{{Name: "tsn", Bits: 32}}}},
	{Is: "user_abort, protocol_violation", Struct: core.Struct{Fields: []core.Field{{Name: "text", Kind: core.Text}}}},
}
