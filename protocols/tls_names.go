package protocols

import "pkl/core"

var tlsVersions = []core.ValueName{
	{V: 0x0300, Name: "ssl3"}, {V: 0x0301, Name: "tls1_0"}, {V: 0x0302, Name: "tls1_1"},
	{V: 0x0303, Name: "tls1_2"}, {V: 0x0304, Name: "tls1_3"},
}

var tlsTypes = []core.ValueName{
	{V: 20, Name: "change_cipher_spec"}, {V: 21, Name: "alert"}, {V: 22, Name: "handshake"},
	{V: 23, Name: "application_data"}, {V: 24, Name: "heartbeat"}, {V: 25, Name: "tls12_cid"},
}

var tlsAlertLevels = []core.ValueName{
	{V: 1, Name: "warning"}, {V: 2, Name: "fatal"},
}

// tlsAlerts are the descriptions of alerts (RFC 8446 §B.2, and those of earlier versions).
var tlsAlerts = []core.ValueName{
	{V: 0, Name: "close_notify"}, {V: 1, Name: "end_of_early_data"},
	{V: 10, Name: "unexpected_message"}, {V: 20, Name: "bad_record_mac"},
	{V: 21, Name: "decryption_failed"}, {V: 22, Name: "record_overflow"},
	{V: 30, Name: "decompression_failure"}, {V: 40, Name: "handshake_failure"},
	{V: 41, Name: "no_certificate"}, {V: 42, Name: "bad_certificate"},
	{V: 43, Name: "unsupported_certificate"}, {V: 44, Name: "certificate_revoked"},
	{V: 45, Name: "certificate_expired"}, {V: 46, Name: "certificate_unknown"},
	{V: 47, Name: "illegal_parameter"}, {V: 48, Name: "unknown_ca"}, {V: 49, Name: "access_denied"},
	{V: 50, Name: "decode_error"}, {V: 51, Name: "decrypt_error"}, {V: 60, Name: "export_restriction"},
	{V: 70, Name: "protocol_version"}, {V: 71, Name: "insufficient_security"},
	{V: 80, Name: "internal_error"}, {V: 86, Name: "inappropriate_fallback"},
	{V: 90, Name: "user_canceled"}, {V: 100, Name: "no_renegotiation"},
	{V: 109, Name: "missing_extension"}, {V: 110, Name: "unsupported_extension"},
	{V: 111, Name: "certificate_unobtainable"}, {V: 112, Name: "unrecognized_name"},
	{V: 113, Name: "bad_certificate_status_response"}, {V: 114, Name: "bad_certificate_hash_value"},
	{V: 115, Name: "unknown_psk_identity"}, {V: 116, Name: "certificate_required"},
	{V: 120, Name: "no_application_protocol"}, {V: 121, Name: "ech_required"},
}

// tlsMessageTypes are the types of handshake messages (RFC 8446 §B.3, and those of earlier versions).
var tlsMessageTypes = []core.ValueName{
	{V: 0, Name: "hello_request"}, {V: 1, Name: "client_hello"}, {V: 2, Name: "server_hello"},
	{V: 3, Name: "hello_verify_request"}, {V: 4, Name: "new_session_ticket"},
	{V: 5, Name: "end_of_early_data"}, {V: 6, Name: "hello_retry_request"},
	{V: 8, Name: "encrypted_extensions"}, {V: 11, Name: "certificate"},
	{V: 12, Name: "server_key_exchange"}, {V: 13, Name: "certificate_request"},
	{V: 14, Name: "server_hello_done"}, {V: 15, Name: "certificate_verify"},
	{V: 16, Name: "client_key_exchange"}, {V: 20, Name: "finished"}, {V: 21, Name: "certificate_url"},
	{V: 22, Name: "certificate_status"}, {V: 23, Name: "supplemental_data"},
	{V: 24, Name: "key_update"}, {V: 25, Name: "compressed_certificate"},
	{V: 67, Name: "next_protocol"},
}

// tlsExtensionTypes are the types of extensions (IANA, and those in use that IANA never had).
var tlsExtensionTypes = []core.ValueName{
	{V: 0, Name: "server_name"}, {V: 1, Name: "max_fragment_length"},
	{V: 2, Name: "client_certificate_url"}, {V: 3, Name: "trusted_ca_keys"},
	{V: 4, Name: "truncated_hmac"}, {V: 5, Name: "status_request"}, {V: 6, Name: "user_mapping"},
	{V: 7, Name: "client_authz"}, {V: 8, Name: "server_authz"}, {V: 9, Name: "cert_type"},
	{V: 10, Name: "supported_groups"}, {V: 11, Name: "ec_point_formats"}, {V: 12, Name: "srp"},
	{V: 13, Name: "signature_algorithms"}, {V: 14, Name: "use_srtp"}, {V: 15, Name: "heartbeat"},
	{V: 16, Name: "alpn"}, {V: 17, Name: "status_request_v2"},
	{V: 18, Name: "signed_certificate_timestamp"}, {V: 19, Name: "client_certificate_type"},
	{V: 20, Name: "server_certificate_type"}, {V: 21, Name: "padding"},
	{V: 22, Name: "encrypt_then_mac"}, {V: 23, Name: "extended_master_secret"},
	{V: 24, Name: "token_binding"}, {V: 25, Name: "cached_info"},
	{V: 27, Name: "compress_certificate"}, {V: 28, Name: "record_size_limit"},
	{V: 34, Name: "delegated_credentials"}, {V: 35, Name: "session_ticket"},
	{V: 41, Name: "pre_shared_key"}, {V: 42, Name: "early_data"}, {V: 43, Name: "supported_versions"},
	{V: 44, Name: "cookie"}, {V: 45, Name: "psk_key_exchange_modes"},
	{V: 47, Name: "certificate_authorities"}, {V: 48, Name: "oid_filters"},
	{V: 49, Name: "post_handshake_auth"}, {V: 50, Name: "signature_algorithms_cert"},
	{V: 51, Name: "key_share"}, {V: 52, Name: "transparency_info"}, {V: 54, Name: "connection_id"},
	{V: 55, Name: "external_id_hash"}, {V: 56, Name: "external_session_id"},
	{V: 57, Name: "quic_transport_parameters"}, {V: 58, Name: "ticket_request"},
	{V: 59, Name: "dnssec_chain"}, {V: 13172, Name: "next_protocol_negotiation"},
	{V: 17513, Name: "application_settings"}, {V: 17613, Name: "application_settings_new"},
	{V: 30031, Name: "channel_id_old"}, {V: 30032, Name: "channel_id"},
	{V: 65037, Name: "encrypted_client_hello"}, {V: 65281, Name: "renegotiation_info"},
	{V: 65486, Name: "encrypted_server_name"},
}

// tlsGroups are the groups for the exchange of keys (RFC 8446 §4.2.7, RFC 8422 §5.1.1).
var tlsGroups = []core.ValueName{
	{V: 1, Name: "sect163k1"}, {V: 2, Name: "sect163r1"}, {V: 3, Name: "sect163r2"},
	{V: 4, Name: "sect193r1"}, {V: 5, Name: "sect193r2"}, {V: 6, Name: "sect233k1"},
	{V: 7, Name: "sect233r1"}, {V: 8, Name: "sect239k1"}, {V: 9, Name: "sect283k1"},
	{V: 10, Name: "sect283r1"}, {V: 11, Name: "sect409k1"}, {V: 12, Name: "sect409r1"},
	{V: 13, Name: "sect571k1"}, {V: 14, Name: "sect571r1"}, {V: 15, Name: "secp160k1"},
	{V: 16, Name: "secp160r1"}, {V: 17, Name: "secp160r2"}, {V: 18, Name: "secp192k1"},
	{V: 19, Name: "secp192r1"}, {V: 20, Name: "secp224k1"}, {V: 21, Name: "secp224r1"},
	{V: 22, Name: "secp256k1"}, {V: 23, Name: "secp256r1"}, {V: 24, Name: "secp384r1"},
	{V: 25, Name: "secp521r1"}, {V: 26, Name: "brainpoolP256r1"}, {V: 27, Name: "brainpoolP384r1"},
	{V: 28, Name: "brainpoolP512r1"}, {V: 29, Name: "x25519"}, {V: 30, Name: "x448"},
	{V: 31, Name: "brainpoolP256r1tls13"}, {V: 32, Name: "brainpoolP384r1tls13"},
	{V: 33, Name: "brainpoolP512r1tls13"}, {V: 41, Name: "curveSM2"}, {V: 256, Name: "ffdhe2048"},
	{V: 257, Name: "ffdhe3072"}, {V: 258, Name: "ffdhe4096"}, {V: 259, Name: "ffdhe6144"},
	{V: 260, Name: "ffdhe8192"}, {V: 512, Name: "mlkem512"}, {V: 513, Name: "mlkem768"},
	{V: 514, Name: "mlkem1024"}, {V: 4587, Name: "secp256r1mlkem768"},
	{V: 4588, Name: "x25519mlkem768"}, {V: 4589, Name: "secp384r1mlkem1024"},
	{V: 25497, Name: "x25519kyber768draft00"}, {V: 65281, Name: "arbitrary_explicit_prime_curves"},
	{V: 65282, Name: "arbitrary_explicit_char2_curves"},
}

// tlsSignatures are the signature algorithms (RFC 8446 §4.2.3; before 1.3 a hash and an algorithm).
var tlsSignatures = []core.ValueName{
	{V: 0x0201, Name: "rsa_pkcs1_sha1"}, {V: 0x0202, Name: "dsa_sha1"},
	{V: 0x0203, Name: "ecdsa_sha1"}, {V: 0x0301, Name: "rsa_pkcs1_sha224"},
	{V: 0x0302, Name: "dsa_sha224"}, {V: 0x0303, Name: "ecdsa_sha224"},
	{V: 0x0401, Name: "rsa_pkcs1_sha256"}, {V: 0x0402, Name: "dsa_sha256"},
	{V: 0x0403, Name: "ecdsa_secp256r1_sha256"}, {V: 0x0501, Name: "rsa_pkcs1_sha384"},
	{V: 0x0502, Name: "dsa_sha384"}, {V: 0x0503, Name: "ecdsa_secp384r1_sha384"},
	{V: 0x0601, Name: "rsa_pkcs1_sha512"}, {V: 0x0602, Name: "dsa_sha512"},
	{V: 0x0603, Name: "ecdsa_secp521r1_sha512"}, {V: 0x0708, Name: "sm2sig_sm3"},
	{V: 0x0804, Name: "rsa_pss_rsae_sha256"}, {V: 0x0805, Name: "rsa_pss_rsae_sha384"},
	{V: 0x0806, Name: "rsa_pss_rsae_sha512"}, {V: 0x0807, Name: "ed25519"}, {V: 0x0808, Name: "ed448"},
	{V: 0x0809, Name: "rsa_pss_pss_sha256"}, {V: 0x080a, Name: "rsa_pss_pss_sha384"},
	{V: 0x080b, Name: "rsa_pss_pss_sha512"}, {V: 0x081a, Name: "ecdsa_brainpoolP256r1tls13_sha256"},
	{V: 0x081b, Name: "ecdsa_brainpoolP384r1tls13_sha384"},
	{V: 0x081c, Name: "ecdsa_brainpoolP512r1tls13_sha512"}, {V: 0x0904, Name: "mldsa44"},
	{V: 0x0905, Name: "mldsa65"}, {V: 0x0906, Name: "mldsa87"},
}

var tlsPointFormats = []core.ValueName{
	{V: 0, Name: "uncompressed"}, {V: 1, Name: "compressed_prime"}, {V: 2, Name: "compressed_char2"},
}

var tlsCompressions = []core.ValueName{
	{V: 0, Name: "null"}, {V: 1, Name: "deflate"}, {V: 64, Name: "lzs"},
}

var tlsCertCompressions = []core.ValueName{
	{V: 1, Name: "zlib"}, {V: 2, Name: "brotli"}, {V: 3, Name: "zstd"},
}

var tlsPSKModes = []core.ValueName{
	{V: 0, Name: "psk_ke"}, {V: 1, Name: "psk_dhe_ke"},
}

var tlsClientCertTypes = []core.ValueName{
	{V: 1, Name: "rsa_sign"}, {V: 2, Name: "dss_sign"}, {V: 3, Name: "rsa_fixed_dh"},
	{V: 4, Name: "dss_fixed_dh"}, {V: 64, Name: "ecdsa_sign"}, {V: 65, Name: "rsa_fixed_ecdh"},
	{V: 66, Name: "ecdsa_fixed_ecdh"},
}

var tlsStatusTypes = []core.ValueName{{V: 1, Name: "ocsp"}, {V: 2, Name: "ocsp_multi"}}
