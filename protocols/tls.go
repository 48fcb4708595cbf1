package protocols

import "pkl/core"

// TLS is Transport Layer Security 1.0 to 1.3 (RFC 2246, RFC 4346, RFC 5246, RFC
// 8446), and SSL 3.0 (RFC 6101): records in a stream. What is encrypted is data.
var TLS = core.Spec{
	Name: "tls",
	Doc:  "Transport Layer Security 1.0 to 1.3",
	Ref:  "RFC 8446",
	Over: []core.Key{
		{On: "tcp.port", Is: "443, 324, 465, 636, 802, 853, 993, 995, 1300, 2221, 2443, 3249-3252, 3496, 5061, 5671, 5684," +
			" 5868, 8883, 11207, 19999, 27017"},
		{On: "tcp", Is: "true"},
	},
	// A segment that goes on within a record has none of this (RFC 8446 §5.1).
	Check: "records_raw[0] in {20-25} and records_raw[1] == 3 and records_raw[2] <= 4 and records_raw[3] * 256 + records_raw[4] <= 18432",
	Fields: []core.Field{
		{Name: "records", Kind: core.List, By: "type", Item: &tlsRecord, Kinds: tlsRecords, Other: &tlsData},
	},
}

var tlsRecord = core.Struct{Name: "record", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: tlsTypes, Default: 22},
	{Name: "version", Bits: 16, Hex: true, Names: tlsVersions, Default: 0x0303, Doc: "of 1.3: 1.2, in a first hello 1.0"},
	{Name: "len", Bits: 16, Auto: "body_len"},
}}

var tlsData = core.Struct{Fields: []core.Field{
	{Name: "data", Kind: core.Bytes, Doc: "application data, or what is encrypted"},
}}

var tlsRecords = []core.Variant{
	{Is: "change_cipher_spec", Struct: core.Struct{Fields: []core.Field{
		{Name: "change", Bits: 8, Default: 1, When: "len <= 1"},
		{Name: "data", Kind: core.Bytes, When: "len > 1"},
	}}},
	{Is: "alert", Struct: core.Struct{Fields: []core.Field{
		{Name: "level", Bits: 8, Names: tlsAlertLevels, Default: 2, When: "len <= 2"},
		{Name: "description", Bits: 8, Names: tlsAlerts, When: "len <= 2"},
		{Name: "data", Kind: core.Bytes, When: "len > 2", Doc: "encrypted"},
	}}},
	{Is: "handshake", Struct: core.Struct{Fields: []core.Field{
		{Name: "messages", Kind: core.List, By: "type", Item: &tlsMessage, Kinds: tlsMessages, When: tlsPlain},
		{Name: "data", Kind: core.Bytes, When: "not (" + tlsPlain + ")", Doc: "encrypted, or within a message"},
	}}},
}

// tlsPlain holds where a record begins with a handshake message that is not encrypted: of a known type, and all in the record.
const tlsPlain = "len == 0 or body[0] in {0-6, 8, 11-16, 20-25, 67} and body[1] * 65536 + body[2] * 256 + body[3] + 4 <= len"

var tlsMessage = core.Struct{Name: "message", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: tlsMessageTypes, Default: 1},
	{Name: "len", Bits: 24, Auto: "body_len"},
}}

var tlsMessages = []core.Variant{
	{Is: "client_hello", Struct: core.Struct{Fields: []core.Field{
		{Name: "tlsversion", Bits: 16, Hex: true, Names: tlsVersions, Default: 0x0303, Doc: "of 1.3: 1.2; see supported_versions"},
		{Name: "random", Kind: core.Bytes, Size: "32"},
		{Name: "sid_len", Bits: 8},
		{Name: "sid", Kind: core.Bytes, Size: "sid_len", Doc: "session id"},
		{Name: "ciphersuites_len", Bits: 16},
		{Name: "ciphersuites", Kind: core.List, Size: "ciphersuites_len", Item: &tlsSuite},
		{Name: "compressions_len", Bits: 8},
		{Name: "compressions", Kind: core.List, Size: "compressions_len", Item: &tlsCompression},
		{Name: "ext_len", Bits: 16},
		{Name: "extensions", Kind: core.List, Size: "ext_len", By: "type", Item: &tlsExtension, Kinds: tlsClientExtensions},
	}}},
	{Is: "server_hello", Struct: core.Struct{Fields: []core.Field{
		{Name: "tlsversion", Bits: 16, Hex: true, Names: tlsVersions, Default: 0x0303, Doc: "of 1.3: 1.2; see supported_versions"},
		{Name: "random", Kind: core.Bytes, Size: "32", Doc: "one value of it makes a hello retry request (RFC 8446 §4.1.3)"},
		{Name: "sid_len", Bits: 8},
		{Name: "sid", Kind: core.Bytes, Size: "sid_len", Doc: "session id"},
		{Name: "ciphersuite", Bits: 16, Hex: true, Names: tlsSuites, Default: 0x1301},
		{Name: "compression", Bits: 8, Names: tlsCompressions},
		{Name: "ext_len", Bits: 16},
		{Name: "extensions", Kind: core.List, Size: "ext_len", By: "type", Item: &tlsExtension, Kinds: tlsServerExtensions},
	}}},
	{Is: "new_session_ticket", Struct: core.Struct{Fields: []core.Field{ // RFC 5077 §3.3; that of 1.3 is encrypted
		{Name: "lifetime", Bits: 32, Doc: "seconds"},
		{Name: "ticket_len", Bits: 16},
		{Name: "ticket", Kind: core.Bytes, Size: "ticket_len"},
	}}},
	{Is: "encrypted_extensions", Struct: core.Struct{Fields: []core.Field{
		{Name: "ext_len", Bits: 16},
		{Name: "extensions", Kind: core.List, Size: "ext_len", By: "type", Item: &tlsExtension, Kinds: tlsServerExtensions},
	}}},
	{Is: "certificate", Struct: core.Struct{Fields: []core.Field{ // RFC 5246 §7.4.2; that of 1.3 is encrypted
		{Name: "certificates_len", Bits: 24},
		{Name: "certificates", Kind: core.List, Size: "certificates_len", Item: &core.Struct{Name: "certificate", Fields: []core.Field{
			{Name: "len", Bits: 24},
			{Name: "certificate", Kind: core.Bytes, Size: "len", Doc: "X.509, DER"},
		}}},
	}}},
	{Is: "server_key_exchange, client_key_exchange", Struct: core.Struct{Fields: []core.Field{
		{Name: "exchange", Kind: core.Bytes, Doc: "as the cipher suite has it"},
	}}},
	{Is: "certificate_request", Struct: core.Struct{Fields: []core.Field{ // RFC 5246 §7.4.4
		{Name: "cert_types_len", Bits: 8},
		{Name: "cert_types", Kind: core.List, Size: "cert_types_len", Item: &tlsClientCertType},
		{Name: "algorithms_len", Bits: 16, When: "version >= 0x303"},
		{Name: "algorithms", Kind: core.List, Size: "algorithms_len", Item: &tlsSignature, When: "version >= 0x303"},
		{Name: "authorities_len", Bits: 16},
		{Name: "authorities", Kind: core.List, Size: "authorities_len", Item: &core.Struct{Fields: []core.Field{
			{Name: "len", Bits: 16},
			{Name: "name", Kind: core.Bytes, Size: "len", Doc: "distinguished name, DER"},
		}}},
	}}},
	{Is: "hello_request, server_hello_done, end_of_early_data", Struct: core.Struct{}},
	{Is: "certificate_verify", Struct: core.Struct{Fields: []core.Field{
		{Name: "algorithm", Bits: 16, Hex: true, Names: tlsSignatures, When: "version >= 0x303"},
		{Name: "signature_len", Bits: 16},
		{Name: "signature", Kind: core.Bytes, Size: "signature_len"},
	}}},
	{Is: "finished", Struct: core.Struct{Fields: []core.Field{{Name: "verify_data", Kind: core.Bytes}}}},
	{Is: "certificate_status", Struct: core.Struct{Fields: []core.Field{ // RFC 6066 §8
		{Name: "status_type", Bits: 8, Names: tlsStatusTypes, Default: 1},
		{Name: "response_len", Bits: 24},
		{Name: "response", Kind: core.Bytes, Size: "response_len", Doc: "OCSP response, DER"},
	}}},
	{Is: "key_update", Struct: core.Struct{Fields: []core.Field{{Name: "request", Bits: 8}}}},
}

// The items of lists of numbers.
var (
	tlsSuite           = core.Struct{Fields: []core.Field{{Bits: 16, Names: tlsSuites, Hex: true}}}
	tlsCompression     = core.Struct{Fields: []core.Field{{Bits: 8, Names: tlsCompressions}}}
	tlsClientCertType  = core.Struct{Fields: []core.Field{{Bits: 8, Names: tlsClientCertTypes}}}
	tlsSignature       = core.Struct{Fields: []core.Field{{Bits: 16, Names: tlsSignatures, Hex: true}}}
	tlsPointFormat     = core.Struct{Fields: []core.Field{{Bits: 8, Names: tlsPointFormats}}}
	tlsGroup           = core.Struct{Fields: []core.Field{{Bits: 16, Names: tlsGroups, Hex: true}}}
	tlsCertCompression = core.Struct{Fields: []core.Field{{Bits: 16, Names: tlsCertCompressions, Hex: true}}}
	tlsVersion         = core.Struct{Fields: []core.Field{{Bits: 16, Names: tlsVersions, Hex: true}}}
	tlsPSKMode         = core.Struct{Fields: []core.Field{{Bits: 8, Names: tlsPSKModes}}}
)
