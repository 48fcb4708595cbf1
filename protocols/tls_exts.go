package protocols

import "pkl/core"

// Extensions of hellos (RFC 8446 §4.2, RFC 6066, and those named). Those of the
// server answer the client's, some in another form.

var tlsExtension = core.Struct{Name: "extension", Fields: []core.Field{
	{Name: "type", Bits: 16, Names: tlsExtensionTypes},
	{Name: "len", Bits: 16, Auto: "body_len"},
}}

var tlsClientExtensions = []core.Variant{
	{Is: "server_name", Struct: core.Struct{Fields: tlsServerName}},
	{Is: "max_fragment_length", Struct: core.Struct{Fields: tlsMaxFragment}},
	{Is: "status_request", Struct: core.Struct{Fields: []core.Field{ // RFC 6066 §8
		{Name: "status_type", Bits: 8, Names: tlsStatusTypes, Default: 1},
		{Name: "responders_len", Bits: 16},
		{Name: "responders", Kind: core.Bytes, Size: "responders_len"},
		{Name: "request_exts_len", Bits: 16},
		{Name: "request_exts", Kind: core.Bytes, Size: "request_exts_len"},
	}}},
	{Is: "supported_groups", Struct: core.Struct{Fields: tlsSupportedGroups}},
	{Is: "ec_point_formats", Struct: core.Struct{Fields: tlsECPointFormats}},
	{Is: "signature_algorithms, signature_algorithms_cert, delegated_credentials", Struct: core.Struct{Fields: tlsAlgorithms}},
	{Is: "heartbeat", Struct: core.Struct{Fields: tlsHeartbeat}},
	{Is: "alpn", Struct: core.Struct{Fields: tlsALPN}},
	{Is: "compress_certificate", Struct: core.Struct{Fields: tlsCompressCertificate}},
	{Is: "record_size_limit", Struct: core.Struct{Fields: tlsRecordSizeLimit}},
	{Is: "session_ticket", Struct: core.Struct{Fields: tlsSessionTicket}},
	{Is: "pre_shared_key", Struct: core.Struct{Fields: []core.Field{
		{Name: "identities_len", Bits: 16},
		{Name: "identities", Kind: core.List, Size: "identities_len", Item: &core.Struct{Fields: []core.Field{
			{Name: "len", Bits: 16},
			{Name: "identity", Kind: core.Bytes, Size: "len"},
			{Name: "age", Bits: 32, Doc: "of the ticket, obfuscated"},
		}}},
		{Name: "binders_len", Bits: 16},
		{Name: "binders", Kind: core.List, Size: "binders_len", Item: &core.Struct{Fields: []core.Field{
			{Name: "len", Bits: 8},
			{Name: "binder", Kind: core.Bytes, Size: "len"},
		}}},
	}}},
	{Is: "supported_versions", Struct: core.Struct{Fields: []core.Field{
		{Name: "versions_len", Bits: 8},
		{Name: "versions", Kind: core.List, Size: "versions_len", Item: &tlsVersion},
	}}},
	{Is: "cookie", Struct: core.Struct{Fields: tlsCookie}},
	{Is: "psk_key_exchange_modes", Struct: core.Struct{Fields: []core.Field{
		{Name: "modes_len", Bits: 8},
		{Name: "modes", Kind: core.List, Size: "modes_len", Item: &tlsPSKMode},
	}}},
	{Is: "key_share", Struct: core.Struct{Fields: []core.Field{
		{Name: "shares_len", Bits: 16},
		{Name: "shares", Kind: core.List, Size: "shares_len", Item: &core.Struct{Fields: tlsShare}},
	}}},
	{Is: "renegotiation_info", Struct: core.Struct{Fields: tlsRenegotiationInfo}},
}

var tlsServerExtensions = []core.Variant{
	{Is: "server_name", Struct: core.Struct{Fields: tlsServerName}}, // empty
	{Is: "max_fragment_length", Struct: core.Struct{Fields: tlsMaxFragment}},
	{Is: "supported_groups", Struct: core.Struct{Fields: tlsSupportedGroups}},
	{Is: "ec_point_formats", Struct: core.Struct{Fields: tlsECPointFormats}},
	{Is: "heartbeat", Struct: core.Struct{Fields: tlsHeartbeat}},
	{Is: "alpn", Struct: core.Struct{Fields: tlsALPN}},
	{Is: "record_size_limit", Struct: core.Struct{Fields: tlsRecordSizeLimit}},
	{Is: "session_ticket", Struct: core.Struct{Fields: tlsSessionTicket}},
	{Is: "pre_shared_key", Struct: core.Struct{Fields: []core.Field{{Name: "selected", Bits: 16}}}},
	{Is: "supported_versions", Struct: core.Struct{Fields: []core.Field{
		{Name: "version", Bits: 16, Hex: true, Names: tlsVersions, Default: 0x0304},
	}}},
	{Is: "cookie", Struct: core.Struct{Fields: tlsCookie}},
	{Is: "key_share", Struct: core.Struct{Fields: tlsShare}}, // of a hello retry request, the group alone
	{Is: "renegotiation_info", Struct: core.Struct{Fields: tlsRenegotiationInfo}},
}

var tlsServerName = []core.Field{
	{Name: "names_len", Bits: 16},
	{Name: "names", Kind: core.List, Size: "names_len", Item: &core.Struct{Fields: []core.Field{
		{Name: "type", Bits: 8, Names: []core.ValueName{{V: 0, Name: "host_name"}}},
		{Name: "len", Bits: 16, Auto: "body_len"},
		{Name: "name", Kind: core.Text},
	}}},
}

var tlsMaxFragment = []core.Field{
	{Name: "max_fragment", Bits: 8, Default: 1, Doc: "2^(8+n) bytes"},
}

var tlsSupportedGroups = []core.Field{
	{Name: "groups_len", Bits: 16},
	{Name: "groups", Kind: core.List, Size: "groups_len", Item: &tlsGroup},
}

var tlsECPointFormats = []core.Field{ // RFC 8422 §5.1.2
	{Name: "formats_len", Bits: 8},
	{Name: "formats", Kind: core.List, Size: "formats_len", Item: &tlsPointFormat},
}

var tlsAlgorithms = []core.Field{
	{Name: "algorithms_len", Bits: 16},
	{Name: "algorithms", Kind: core.List, Size: "algorithms_len", Item: &tlsSignature},
}

var tlsHeartbeat = []core.Field{ // RFC 6520
	{Name: "mode", Bits: 8, Default: 1},
}

var tlsALPN = []core.Field{ // RFC 7301
	{Name: "protocols_len", Bits: 16},
	{Name: "protocols", Kind: core.List, Size: "protocols_len", Item: &core.Struct{Fields: []core.Field{
		{Name: "len", Bits: 8},
		{Name: "name", Kind: core.Text, Size: "len"},
	}}},
}

var tlsCompressCertificate = []core.Field{ // RFC 8879
	{Name: "compressions_len", Bits: 8},
	{Name: "compressions", Kind: core.List, Size: "compressions_len", Item: &tlsCertCompression},
}

var tlsRecordSizeLimit = []core.Field{ // RFC 8449
	{Name: "limit", Bits: 16},
}

var tlsSessionTicket = []core.Field{
	{Name: "ticket", Kind: core.Bytes},
}

var tlsCookie = []core.Field{
	{Name: "cookie_len", Bits: 16},
	{Name: "cookie", Kind: core.Bytes, Size: "cookie_len"},
}

var tlsRenegotiationInfo = []core.Field{ // RFC 5746
	{Name: "info_len", Bits: 8},
	{Name: "info", Kind: core.Bytes, Size: "info_len"},
}

var tlsShare = []core.Field{
	{Name: "group", Bits: 16, Hex: true, Names: tlsGroups, Default: 29},
	{Name: "key_len", Bits: 16},
	{Name: "key", Kind: core.Bytes, Size: "key_len"},
}
