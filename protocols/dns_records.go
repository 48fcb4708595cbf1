package protocols

import "pkl/core"

// Resource records (RFC 1035 §3.2, §4.1.3), their data by type. Only names of
// the types of RFC 1035 are written compressed (RFC 3597 §4).

var dnsRecord = core.Struct{Name: "record", Fields: []core.Field{
	{Name: "name", Kind: core.Name},
	{Name: "type", Bits: 16, Default: 1, Names: dnsTypes},
	{Name: "class", Bits: 16, Default: 1, Names: dnsClasses},
	{Name: "ttl", Bits: 32, Doc: "seconds"},
	{Name: "len", Bits: 16, Auto: "body_len"},
}}

var dnsRecords = []core.Variant{
	{Is: "A", Struct: core.Struct{Fields: []core.Field{{Name: "addr", Kind: core.IP4}}}},
	{Is: "AAAA", Struct: core.Struct{Fields: []core.Field{{Name: "addr", Kind: core.IP6}}}},
	{Is: "NS, MD, MF, CNAME, MB, MG, MR, PTR", Struct: core.Struct{Fields: []core.Field{
		{Name: "target", Kind: core.Name},
	}}},
	{Is: "DNAME", Struct: core.Struct{Fields: []core.Field{{Name: "target", Kind: core.Name, Plain: true}}}},
	{Is: "SOA", Struct: core.Struct{Fields: []core.Field{
		{Name: "mname", Kind: core.Name, Doc: "the primary server"},
		{Name: "rname", Kind: core.Name, Doc: "the mailbox of who is responsible"},
		{Name: "serial", Bits: 32},
		{Name: "refresh", Bits: 32},
		{Name: "retry", Bits: 32},
		{Name: "expire", Bits: 32},
		{Name: "minimum", Bits: 32},
	}}},
	{Is: "MINFO", Struct: core.Struct{Fields: []core.Field{
		{Name: "rmailbx", Kind: core.Name}, {Name: "emailbx", Kind: core.Name},
	}}},
	{Is: "MX", Struct: core.Struct{Fields: []core.Field{{Name: "pref", Bits: 16}, {Name: "exchange", Kind: core.Name}}}},
	{Is: "TXT, SPF, HINFO", Struct: core.Struct{Fields: []core.Field{
		{Name: "strings", Kind: core.List, Item: &dnsString, Doc: "of HINFO: the CPU and the OS"},
	}}},
	{Is: "RP", Struct: core.Struct{Fields: []core.Field{
		{Name: "mbox", Kind: core.Name, Plain: true}, {Name: "txt", Kind: core.Name, Plain: true},
	}}},
	{Is: "AFSDB", Struct: core.Struct{Fields: []core.Field{
		{Name: "subtype", Bits: 16}, {Name: "target", Kind: core.Name, Plain: true},
	}}},
	{Is: "KX", Struct: core.Struct{Fields: []core.Field{
		{Name: "pref", Bits: 16}, {Name: "exchange", Kind: core.Name, Plain: true},
	}}},
	{Is: "SRV", Struct: core.Struct{Fields: []core.Field{ // RFC 2782
		{Name: "priority", Bits: 16}, {Name: "weight", Bits: 16}, {Name: "port", Bits: 16},
		{Name: "target", Kind: core.Name, Plain: true},
	}}},
	{Is: "NAPTR", Struct: core.Struct{Fields: []core.Field{ // RFC 3403 §4.1
		{Name: "order", Bits: 16}, {Name: "pref", Bits: 16},
		{Name: "flags_len", Bits: 8}, {Name: "flags", Kind: core.Text, Size: "flags_len"},
		{Name: "service_len", Bits: 8}, {Name: "service", Kind: core.Text, Size: "service_len"},
		{Name: "regexp_len", Bits: 8}, {Name: "regexp", Kind: core.Text, Size: "regexp_len"},
		{Name: "replacement", Kind: core.Name, Plain: true},
	}}},
	{Is: "URI", Struct: core.Struct{Fields: []core.Field{ // RFC 7553 §4.5
		{Name: "priority", Bits: 16}, {Name: "weight", Bits: 16}, {Name: "target", Kind: core.Text},
	}}},
	{Is: "CAA", Struct: core.Struct{Fields: []core.Field{ // RFC 8659 §4.1
		{Name: "flags", Bits: 8, Hex: true}, {Name: "tag_len", Bits: 8}, {Name: "tag", Kind: core.Text, Size: "tag_len"},
		{Name: "value", Kind: core.Text},
	}}},
	{Is: "DS, DLV, CDS, TA", Struct: core.Struct{Fields: []core.Field{ // RFC 4034 §5.1
		{Name: "key_tag", Bits: 16}, {Name: "algorithm", Bits: 8, Names: dnsAlgorithms}, {Name: "digest_type", Bits: 8},
		{Name: "digest", Kind: core.Bytes},
	}}},
	{Is: "DNSKEY, CDNSKEY, KEY", Struct: core.Struct{Fields: []core.Field{ // RFC 4034 §2.1
		{Name: "flags", Bits: 16, Hex: true}, {Name: "protocol", Bits: 8, Default: 3},
		{Name: "algorithm", Bits: 8, Names: dnsAlgorithms}, {Name: "public_key", Kind: core.Bytes},
	}}},
	{Is: "RRSIG, SIG", Struct: core.Struct{Fields: []core.Field{ // RFC 4034 §3.1
		{Name: "covered", Bits: 16, Names: dnsTypes}, {Name: "algorithm", Bits: 8, Names: dnsAlgorithms},
		{Name: "labels", Bits: 8}, {Name: "original_ttl", Bits: 32}, {Name: "expiration", Bits: 32},
		{Name: "inception", Bits: 32}, {Name: "key_tag", Bits: 16}, {Name: "signer", Kind: core.Name, Plain: true},
		{Name: "signature", Kind: core.Bytes},
	}}},
	{Is: "NSEC", Struct: core.Struct{Fields: []core.Field{
		{Name: "next_name", Kind: core.Name, Plain: true}, {Name: "types", Kind: core.List, Item: &dnsTypeMap},
	}}},
	{Is: "NSEC3", Struct: core.Struct{Fields: []core.Field{ // RFC 5155 §3.2
		{Name: "algorithm", Bits: 8}, {Name: "flags", Bits: 8, Hex: true}, {Name: "iterations", Bits: 16},
		{Name: "salt_len", Bits: 8}, {Name: "salt", Kind: core.Bytes, Size: "salt_len"},
		{Name: "hash_len", Bits: 8}, {Name: "hash", Kind: core.Bytes, Size: "hash_len"}, {Name: "types", Kind: core.List, Item: &dnsTypeMap},
	}}},
	{Is: "NSEC3PARAM", Struct: core.Struct{Fields: []core.Field{
		{Name: "algorithm", Bits: 8}, {Name: "flags", Bits: 8, Hex: true}, {Name: "iterations", Bits: 16},
		{Name: "salt_len", Bits: 8}, {Name: "salt", Kind: core.Bytes, Size: "salt_len"},
	}}},
	{Is: "SSHFP", Struct: core.Struct{Fields: []core.Field{
		{Name: "algorithm", Bits: 8}, {Name: "digest_type", Bits: 8}, {Name: "digest", Kind: core.Bytes},
	}}},
	{Is: "TLSA, SMIMEA", Struct: core.Struct{Fields: []core.Field{ // RFC 6698 §2.1
		{Name: "usage", Bits: 8}, {Name: "selector", Bits: 8}, {Name: "matching", Bits: 8}, {Name: "cert", Kind: core.Bytes},
	}}},
	{Is: "SVCB, HTTPS", Struct: core.Struct{Fields: []core.Field{ // RFC 9460 §2.2
		{Name: "priority", Bits: 16},
		{Name: "target", Kind: core.Name, Plain: true},
		{Name: "params", Kind: core.List, By: "type", Kinds: dnsSvcParams, Item: &core.Struct{Fields: []core.Field{
			{Name: "type", Bits: 16, Names: dnsSvcKeys}, {Name: "len", Bits: 16, Auto: "body_len"},
		}}},
	}}},
	{Is: "TSIG", Struct: core.Struct{Fields: []core.Field{ // RFC 8945 §4.2
		{Name: "algorithm_name", Kind: core.Name, Plain: true}, {Name: "signed_at", Bits: 48}, {Name: "fudge", Bits: 16},
		{Name: "mac_len", Bits: 16}, {Name: "mac", Kind: core.Bytes, Size: "mac_len"},
		{Name: "original_id", Bits: 16, Hex: true},
		{Name: "error", Bits: 16}, {Name: "other_len", Bits: 16}, {Name: "other", Kind: core.Bytes, Size: "other_len"},
	}}},
	{Is: "OPT", Struct: core.Struct{Fields: []core.Field{ // RFC 6891 §6.1
		{Name: "udp_size", Get: "class", Doc: "the largest UDP payload the sender takes"},
		{Name: "ext_rcode", Bits: 8, Part: "ttl", Doc: "the upper bits of rcode"},
		{Name: "version", Bits: 8, Part: "ttl"},
		{Name: "DO", Bits: 1, Part: "ttl", Doc: "DNSSEC answers are welcome (RFC 3225)"},
		{Name: "options", Kind: core.List, By: "type", Item: &dnsOption, Kinds: dnsOptions},
	}}},
	{Is: "EUI48", Struct: core.Struct{Fields: []core.Field{{Name: "addr", Kind: core.MAC}}}},
}

// dnsTypeMap is a window of 256 types, a bit for each: the first is the highest of the first byte (RFC 4034 §4.1.2).
var dnsTypeMap = core.Struct{Fields: []core.Field{
	{Name: "window", Bits: 8, Doc: "the types from 256 times this one on"},
	{Name: "len", Bits: 8},
	{Name: "bitmap", Kind: core.Bytes, Size: "len"},
}}

// dnsString is a character-string: a length and so many bytes.
var dnsString = core.Struct{Fields: []core.Field{
	{Name: "len", Bits: 8},
	{Name: "text", Kind: core.Text, Size: "len"},
}}

// dnsSvcParams are what a client is to know before it connects (RFC 9460 §7, RFC 9461 §5, RFC 9848 §3).
var dnsSvcParams = []core.Variant{
	{Is: "mandatory", Struct: core.Struct{Fields: []core.Field{
		{Name: "mandatory", Kind: core.List, Item: &core.Struct{Fields: []core.Field{{Bits: 16, Names: dnsSvcKeys}}}},
	}}},
	{Is: "alpn", Struct: core.Struct{Fields: []core.Field{{Name: "alpn", Kind: core.List, Item: &dnsString}}}},
	{Is: "port", Struct: core.Struct{Fields: []core.Field{{Name: "port", Bits: 16}}}},
	{Is: "ipv4hint", Struct: core.Struct{Fields: []core.Field{{Name: "ipv4hint", Kind: core.List, Item: &ip4Item}}}},
	{Is: "ech", Struct: core.Struct{Fields: []core.Field{{Name: "ech", Kind: core.Bytes}}}},
	{Is: "ipv6hint", Struct: core.Struct{Fields: []core.Field{{Name: "ipv6hint", Kind: core.List, Item: &ip6Item}}}},
	{Is: "dohpath", Struct: core.Struct{Fields: []core.Field{{Name: "dohpath", Kind: core.Text}}}},
}

var dnsOption = core.Struct{Fields: []core.Field{
	{Name: "type", Bits: 16, Names: dnsOptionNames, Doc: "option code"},
	{Name: "len", Bits: 16, Auto: "body_len"},
}}

var dnsOptions = []core.Variant{
	{Is: "NSID", Struct: core.Struct{Fields: []core.Field{{Name: "nsid", Kind: core.Bytes}}}},
	{Is: "ECS", Struct: core.Struct{Fields: []core.Field{ // RFC 7871 §6
		{Name: "family", Bits: 16, Default: 1}, {Name: "source", Bits: 8}, {Name: "scope", Bits: 8},
		{Name: "addr", Kind: core.Bytes, Doc: "as many bytes as source has bits in use"},
	}}},
	{Is: "COOKIE", Struct: core.Struct{Fields: []core.Field{ // RFC 7873 §4
		{Name: "client", Kind: core.Bytes, Size: "8"}, {Name: "server", Kind: core.Bytes},
	}}},
	{Is: "KEEPALIVE", Struct: core.Struct{Fields: []core.Field{{Name: "timeout", Bits: 16, Doc: "tenths of a second"}}}},
	{Is: "EDE", Struct: core.Struct{Fields: []core.Field{{Name: "code", Bits: 16}, {Name: "text", Kind: core.Text}}}},
}
