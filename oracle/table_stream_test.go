package oracle

import (
	"encoding/hex"
	"strings"
)

// streamTables are those of protocols with messages in a TCP stream.
func streamTables() map[string]table {
	return map[string]table{
		"tls":  {"tls", append(tlsRows, tlsExtensionRows...)},
		"http": {"http", httpRows},
	}
}

const tlsMsg, tlsExt = "records.messages", "records.messages.extensions"

var tlsRows = []row{
	{"records.type", "tls.record.content_type tls.record.opaque_type", nil, always},
	{"records.version", "tls.record.version", nil, always},
	{"records.len", "tls.record.length", nil, always},
	{"records{type==23}.data", "tls.app_data", nil, always},
	{"records.level", "tls.alert_message.level", nil, always},
	{"records.description", "tls.alert_message.desc", nil, always},
	{tlsMsg + ".type", "tls.handshake.type", nil, always},
	{tlsMsg + ".len", "tls.handshake.length", nil, always},
	{tlsMsg + ".tlsversion", "tls.handshake.version", nil, always},
	{tlsMsg + ".random", "tls.handshake.random", nil, always},
	{tlsMsg + ".sid_len", "tls.handshake.session_id_length", nil, always},
	{tlsMsg + ".sid", "tls.handshake.session_id", nil, always},
	{tlsMsg + ".ciphersuites_len", "tls.handshake.cipher_suites_length", nil, always},
	{tlsMsg + ".ciphersuites " + tlsMsg + ".ciphersuite", "tls.handshake.ciphersuite", nil, always},
	{tlsMsg + ".compressions_len", "tls.handshake.comp_methods_length", nil, always},
	{tlsMsg + ".compressions " + tlsMsg + ".compression", "tls.handshake.comp_method", nil, always},
	{tlsMsg + ".ext_len", "tls.handshake.extensions_length", nil, always},
	{tlsMsg + ".certificates_len", "tls.handshake.certificates_length", nil, always},
	{tlsMsg + ".certificates.len", "tls.handshake.certificate_length", nil, always},
	{tlsMsg + ".certificates.certificate", "tls.handshake.certificate", nil, always},
	{tlsMsg + ".cert_types_len", "tls.handshake.cert_types_count", nil, always},
	{tlsMsg + ".cert_types", "tls.handshake.cert_type", nil, always},
	{tlsMsg + ".authorities_len", "tls.handshake.dnames_len", nil, always},
	{tlsMsg + ".authorities.len", "tls.handshake.dname_len", nil, always},
	{tlsMsg + ".signature_len", "tls.handshake.client_cert_vrfy.sig_len", nil, always},
	{tlsMsg + ".signature", "tls.handshake.client_cert_vrfy.sig", nil, always},
	{tlsMsg + ".lifetime", "tls.handshake.session_ticket_lifetime_hint", raw, always},
	{tlsMsg + "{type==4}.ticket_len", "tls.handshake.session_ticket_length", nil, always},
	{tlsMsg + "{type==4}.ticket", "tls.handshake.session_ticket", nil, always},
	{tlsMsg + ".response_len", "tls.handshake.ocsp_response_len", nil, always},
	{tlsExt + ".status_type " + tlsMsg + "{type==22}.status_type", "tls.handshake.extensions_status_request_type", nil, always},
	{tlsExt + ".algorithms", "tls.handshake.sig_hash_alg", nil, first},
}

var tlsExtensionRows = under(tlsExt, []row{
	{".type", "tls.handshake.extension.type", nil, always},
	{".len", "tls.handshake.extension.len", nil, always},
	{".names_len", "tls.handshake.extensions_server_name_list_len", nil, always},
	{".names.type", "tls.handshake.extensions_server_name_type", nil, always},
	{".names.len", "tls.handshake.extensions_server_name_len", nil, always},
	{".names.name", "tls.handshake.extensions_server_name", nil, always},
	{".max_fragment", "tls.handshake.max_fragment_length", nil, always},
	{".responders_len", "tls.handshake.extensions_status_request_responder_ids_len", nil, always},
	{".request_exts_len", "tls.handshake.extensions_status_request_exts_len", nil, always},
	{".groups_len", "tls.handshake.extensions_supported_groups_length", nil, always},
	{".groups", "tls.handshake.extensions_supported_group", nil, always},
	{".formats_len", "tls.handshake.extensions_ec_point_formats_length", nil, always},
	{".formats", "tls.handshake.extensions_ec_point_format", nil, always},
	{".protocols_len", "tls.handshake.extensions_alpn_len", nil, always},
	{".protocols.len", "tls.handshake.extensions_alpn_str_len", nil, always},
	{".protocols.name", "tls.handshake.extensions_alpn_str", nil, always},
	{"{type==27}.compressions_len", "tls.compress_certificate.algorithms_length", nil, always},
	{"{type==27}.compressions", "tls.compress_certificate.algorithm", nil, always},
	{".limit", "tls.record_size_limit", nil, always},
	{".identities_len", "tls.handshake.extensions.psk.identities.length", nil, always},
	{".identities.len", "tls.handshake.extensions.psk.identity.identity_length", nil, always},
	{".identities.identity", "tls.handshake.extensions.psk.identity.identity", nil, always},
	{".identities.age", "tls.handshake.extensions.psk.identity.obfuscated_ticket_age", nil, always},
	{".binders_len", "tls.handshake.extensions.psk.binders_len", nil, always},
	{".selected", "tls.handshake.extensions.psk.identity.selected", nil, always},
	{".versions_len", "tls.handshake.extensions.supported_versions_len", nil, always},
	{".versions .version", "tls.handshake.extensions.supported_version", nil, always},
	{".cookie_len", "tls.handshake.extensions.cookie_len", nil, always},
	{".cookie", "tls.handshake.extensions.cookie", nil, always},
	{".modes_len", "tls.extension.psk_ke_modes_length", nil, always},
	{".modes", "tls.extension.psk_ke_mode", nil, always},
	{".shares_len", "tls.handshake.extensions_key_share_client_length", nil, always},
	{".shares.group .group", "tls.handshake.extensions_key_share_group tls.handshake.extensions_key_share_selected_group", nil, always},
	{".shares.key_len .key_len", "tls.handshake.extensions_key_share_key_exchange_length", nil, always},
	{".shares.key .key", "tls.handshake.extensions_key_share_key_exchange", nil, always},
	{".info_len", "tls.handshake.extensions_reneg_info_len", nil, always},
})

var httpRows = []row{
	{"method", "http.request.method", nil, always},
	{"uri", "http.request.uri", nil, always},
	{"version", "http.request.version http.response.version", nil, always},
	{"status", "http.response.code", nil, always},
	{"reason", "http.response.phrase", nil, always},
	{"headers.name", "http.request.line http.response.line", headerName, always},
	{"headers.value", "http.request.line http.response.line", headerValue, always},
}

// headerName and headerValue are the two parts of a header line.
func headerName(n *node) (string, bool) {
	name, _, ok := strings.Cut(n.show, ":")
	return hex.EncodeToString([]byte(name)), ok
}

func headerValue(n *node) (string, bool) {
	_, value, ok := strings.Cut(n.show, ":")
	return hex.EncodeToString([]byte(strings.Trim(value, " \t\r\n"))), ok
}

// under puts what leads to a list in front of the paths of its items.
func under(list string, rows []row) (all []row) {
	for _, r := range rows {
		paths := strings.Fields(r.pkl)
		for i := range paths {
			paths[i] = list + paths[i]
		}
		r.pkl = strings.Join(paths, " ")
		all = append(all, r)
	}
	return all
}
