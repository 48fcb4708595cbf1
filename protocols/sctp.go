package protocols

import "pkl/core"

// SCTP is the Stream Control Transmission Protocol (RFC 9260 §3); what it carries is in its DATA chunks.
var SCTP = core.Spec{
	Name: "sctp",
	Doc:  "Stream Control Transmission Protocol: a list of chunks",
	Ref:  "RFC 9260",
	Over: []core.Key{
		{On: "ip.p", Is: "132"},
		{On: "udp.port", Is: "9899"}, // RFC 6951
	},
	Fields: []core.Field{
		{Name: "sport", Bits: 16},
		{Name: "dport", Bits: 16},
		{Name: "vtag", Bits: 32, Hex: true, Doc: "verification tag"},
		{Name: "sum", Bits: 32, Hex: true, Auto: "crc32c", Doc: "CRC32c over the whole packet"},
		{Name: "chunks", Kind: core.List, By: "type", Item: &sctpChunk, Kinds: sctpChunks, Align: 4},
	},
	Pairs: []core.Pair{{A: "sport", B: "dport"}},
}
