package protocols

import "pkl/core"

var dnsTypes = []core.ValueName{
	{V: 1, Name: "A"}, {V: 2, Name: "NS"}, {V: 3, Name: "MD"}, {V: 4, Name: "MF"}, {V: 5, Name: "CNAME"},
	{V: 6, Name: "SOA"}, {V: 7, Name: "MB"}, {V: 8, Name: "MG"}, {V: 9, Name: "MR"}, {V: 10, Name: "NULL"},
	{V: 11, Name: "WKS"}, {V: 12, Name: "PTR"}, {V: 13, Name: "HINFO"}, {V: 14, Name: "MINFO"}, {V: 15, Name: "MX"},
	{V: 16, Name: "TXT"}, {V: 17, Name: "RP"}, {V: 18, Name: "AFSDB"}, {V: 19, Name: "X25"}, {V: 20, Name: "ISDN"},
	{V: 21, Name: "RT"}, {V: 22, Name: "NSAP"}, {V: 23, Name: "NSAP_PTR"}, {V: 24, Name: "SIG"}, {V: 25, Name: "KEY"},
	{V: 26, Name: "PX"}, {V: 27, Name: "GPOS"}, {V: 28, Name: "AAAA"}, {V: 29, Name: "LOC"}, {V: 30, Name: "NXT"},
	{V: 31, Name: "EID"}, {V: 32, Name: "NIMLOC"}, {V: 33, Name: "SRV"}, {V: 34, Name: "ATMA"}, {V: 35, Name: "NAPTR"},
	{V: 36, Name: "KX"}, {V: 37, Name: "CERT"}, {V: 38, Name: "A6"}, {V: 39, Name: "DNAME"}, {V: 40, Name: "SINK"},
	{V: 41, Name: "OPT"}, {V: 42, Name: "APL"}, {V: 43, Name: "DS"}, {V: 44, Name: "SSHFP"}, {V: 45, Name: "IPSECKEY"},
	{V: 46, Name: "RRSIG"}, {V: 47, Name: "NSEC"}, {V: 48, Name: "DNSKEY"}, {V: 49, Name: "DHCID"},
	{V: 50, Name: "NSEC3"}, {V: 51, Name: "NSEC3PARAM"}, {V: 52, Name: "TLSA"}, {V: 53, Name: "SMIMEA"},
	{V: 55, Name: "HIP"}, {V: 56, Name: "NINFO"}, {V: 57, Name: "RKEY"}, {V: 58, Name: "TALINK"}, {V: 59, Name: "CDS"},
	{V: 60, Name: "CDNSKEY"}, {V: 61, Name: "OPENPGPKEY"}, {V: 62, Name: "CSYNC"}, {V: 63, Name: "ZONEMD"},
	{V: 64, Name: "SVCB"}, {V: 65, Name: "HTTPS"}, {V: 66, Name: "DSYNC"}, {V: 99, Name: "SPF"}, {V: 104, Name: "NID"},
	{V: 105, Name: "L32"}, {V: 106, Name: "L64"}, {V: 107, Name: "LP"}, {V: 108, Name: "EUI48"},
	{V: 109, Name: "EUI64"}, {V: 128, Name: "NXNAME"}, {V: 249, Name: "TKEY"}, {V: 250, Name: "TSIG"},
	{V: 251, Name: "IXFR"}, {V: 252, Name: "AXFR"}, {V: 253, Name: "MAILB"}, {V: 254, Name: "MAILA"},
	{V: 255, Name: "ANY"}, {V: 256, Name: "URI"}, {V: 257, Name: "CAA"}, {V: 258, Name: "AVC"}, {V: 259, Name: "DOA"},
	{V: 260, Name: "AMTRELAY"}, {V: 261, Name: "RESINFO"}, {V: 262, Name: "WALLET"}, {V: 32768, Name: "TA"},
	{V: 32769, Name: "DLV"},
}

// In multicast DNS the highest bit has another meaning (RFC 6762 §10.2, §5.4).
var dnsClasses = []core.ValueName{
	{V: 1, Name: "IN"}, {V: 2, Name: "CS"}, {V: 3, Name: "CH"}, {V: 4, Name: "HS"}, {V: 254, Name: "NONE"},
	{V: 255, Name: "ANY"}, {V: 0x8001, Name: "IN_FLUSH"},
}

var dnsOpcodes = []core.ValueName{
	{V: 0, Name: "query"}, {V: 1, Name: "iquery"}, {V: 2, Name: "status"}, {V: 4, Name: "notify"},
	{V: 5, Name: "update"}, {V: 6, Name: "dso"},
}

var dnsRcodes = []core.ValueName{
	{V: 0, Name: "noerror"}, {V: 1, Name: "formerr"}, {V: 2, Name: "servfail"}, {V: 3, Name: "nxdomain"},
	{V: 4, Name: "notimp"}, {V: 5, Name: "refused"}, {V: 6, Name: "yxdomain"}, {V: 7, Name: "yxrrset"},
	{V: 8, Name: "nxrrset"}, {V: 9, Name: "notauth"}, {V: 10, Name: "notzone"}, {V: 11, Name: "dsotypeni"},
}

var dnsAlgorithms = []core.ValueName{
	{V: 1, Name: "rsamd5"}, {V: 2, Name: "dh"}, {V: 3, Name: "dsa"}, {V: 5, Name: "rsasha1"},
	{V: 6, Name: "dsa_nsec3_sha1"}, {V: 7, Name: "rsasha1_nsec3_sha1"}, {V: 8, Name: "rsasha256"},
	{V: 10, Name: "rsasha512"}, {V: 12, Name: "ecc_gost"}, {V: 13, Name: "ecdsap256sha256"},
	{V: 14, Name: "ecdsap384sha384"}, {V: 15, Name: "ed25519"}, {V: 16, Name: "ed448"}, {V: 252, Name: "indirect"},
	{V: 253, Name: "privatedns"}, {V: 254, Name: "privateoid"},
}

var dnsOptionNames = []core.ValueName{
	{V: 1, Name: "LLQ"}, {V: 2, Name: "UL"}, {V: 3, Name: "NSID"}, {V: 5, Name: "DAU"}, {V: 6, Name: "DHU"},
	{V: 7, Name: "N3U"}, {V: 8, Name: "ECS"}, {V: 9, Name: "EXPIRE"}, {V: 10, Name: "COOKIE"},
	{V: 11, Name: "KEEPALIVE"}, {V: 12, Name: "PADDING"}, {V: 13, Name: "CHAIN"}, {V: 14, Name: "KEY_TAG"},
	{V: 15, Name: "EDE"}, {V: 16, Name: "CLIENT_TAG"}, {V: 17, Name: "SERVER_TAG"}, {V: 18, Name: "REPORT_CHANNEL"},
	{V: 19, Name: "ZONEVERSION"}, {V: 20292, Name: "UMBRELLA"}, {V: 26946, Name: "DEVICE_ID"},
}

var dnsSvcKeys = []core.ValueName{
	{V: 0, Name: "mandatory"}, {V: 1, Name: "alpn"}, {V: 2, Name: "no_default_alpn"}, {V: 3, Name: "port"},
	{V: 4, Name: "ipv4hint"}, {V: 5, Name: "ech"}, {V: 6, Name: "ipv6hint"}, {V: 7, Name: "dohpath"},
	{V: 8, Name: "ohttp"}, {V: 9, Name: "tls_supported_groups"},
}
