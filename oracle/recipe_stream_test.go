package oracle

import (
	"encoding/hex"
	"strings"
)

// streamRecipes are packets of protocols with messages in a TCP stream, each of a connection of its own.
func streamRecipes() []recipe {
	port := 30000
	over := func(proto string, to int, values f) recipe {
		port++
		return recipe{eth, ip, {"tcp", f{"sport": port, "dport": to, "flags": "ACK|PSH"}}, {proto, values}}
	}
	record := func(messages ...any) f { return f{"type": "handshake", "messages": items(messages)} }
	tls := func(records ...any) recipe { return over("tls", 443, f{"records": items(records)}) }
	random := strings.Repeat("abcdefgh", 4)
	client := func(exts ...any) f {
		return f{"type": "client_hello", "random": random, "sid": "session", "ciphersuites": items{"TLS_AES_128_GCM_SHA256", 0x2f},
			"compressions": items{"null"}, "extensions": items(exts)}
	}
	server := func(exts ...any) f {
		return f{"type": "server_hello", "random": random, "sid": "session", "ciphersuite": "TLS_AES_256_GCM_SHA384", "extensions": items(exts)}
	}
	der, _ := hex.DecodeString(aCertificate)
	dn := "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61"
	return []recipe{
		tls(f{"type": "alert", "level": "warning", "description": "close_notify"}),
		tls(f{"type": "application_data", "data": "data"}, f{"type": "application_data", "data": "more"}),
		tls(record(client(
			f{"type": "server_name", "names": items{f{"name": "www.example.com"}}}, f{"type": "max_fragment_length", "max_fragment": 2},
			f{"type": "status_request"}, f{"type": "supported_groups", "groups": items{"x25519", "secp384r1"}},
			f{"type": "ec_point_formats", "formats": items{"uncompressed"}}, f{"type": "signature_algorithms", "algorithms": items{"ed25519", "ecdsa_sha1"}},
			f{"type": "alpn", "protocols": items{f{"name": "h2"}, f{"name": "http/1.1"}}}, f{"type": "compress_certificate", "compressions": items{"zlib", "zstd"}},
			f{"type": "record_size_limit", "limit": 4096}, f{"type": "supported_versions", "versions": items{"tls1_3", "tls1_2"}},
			f{"type": "cookie", "cookie": "biscuit"}, f{"type": "psk_key_exchange_modes", "modes": items{"psk_ke", "psk_dhe_ke"}},
			f{"type": "renegotiation_info", "info": ""},
			f{"type": "key_share", "shares": items{f{"group": "x25519", "key": random}, f{"group": "secp256r1", "key": strings.Repeat("k", 65)}}},
			f{"type": "pre_shared_key", "identities": items{f{"identity": "me", "age": 5}}, "binders": items{f{"binder": random}}},
		))),
		tls(record(server(f{"type": "supported_versions"}, f{"type": "key_share", "group": "x25519", "key": random}, f{"type": "pre_shared_key", "selected": 1}))),
		tls(record(server()), record(
			f{"type": "certificate", "certificates": items{f{"certificate": string(der)}, f{"certificate": string(der)}}}, f{"type": "certificate_status", "response": "\x30\x03\x0a\x01\x06"},
			f{"type": "certificate_request", "cert_types": items{"rsa_sign", "ecdsa_sign"}, "algorithms": items{"rsa_pss_rsae_sha256"},
				"authorities": items{f{"name": dn}}},
			f{"type": "server_hello_done"})),
		tls(record(f{"type": "certificate_verify", "algorithm": "ed25519", "signature": "sealed"})),
		tls(record(f{"type": "new_session_ticket", "lifetime": 300, "ticket": "ticket"})),
		over("http", 80, f{"method": "POST", "uri": "/a?b", "host": "www.example.com", "user_agent": "pkl", "body": "q=1"}),
		over("http", 8080, f{"status": 404, "reason": "Not Found", "headers": items{f{"name": "Server", "value": "pkl"}}}),
	}
}

// aCertificate is that of testdata/tls.lua.
const aCertificate = "3082014a3081fda00302010202144f87aacdc6d42a78ba12166095ba237183afbd54300506032b6570301a3118301606035504030c0f7777772e6578" +
	"616d706c652e636f6d3020170d3236313132393030353832325a180f32313236313130353030353832325a301a3118301606035504030c0f7777772e" +
	"6578616d706c652e636f6d302a300506032b6570032100d9a69e509321d2830bb0bb0335224cd1ac535cee76d1108ec56bb714bcfd3bbba353305130" +
	"1d0603551d0e04160414d060a1f261cae9be737eba0e454218ace0c0dd52301f0603551d23041830168014d060a1f261cae9be737eba0e454218ace0" +
	"c0dd52300f0603551d130101ff040530030101ff300506032b65700341007fd5f5ba2acb2189e9248aa360f0e50c7cccf18d5485d267889b5ba37715" +
	"005e4b221f97407504c15ac2ab96c1039d0d364f3f472df6ec31cfb44316b8a8f609"
