package protocols

import "pkl/core"

// DNS is the Domain Name System (RFC 1035 §4), also as mDNS (RFC 6762) and
// LLMNR (RFC 4795). Over TCP each message has its length in front (§4.2.2); the
// layer is the first, more has the others that are whole in the segment.
var DNS = core.Spec{
	Name: "dns",
	Doc:  "Domain Name System, multicast DNS, LLMNR",
	Ref:  "RFC 1035",
	Over: []core.Key{
		{On: "udp.port", Is: "53, 5353, 5355"},
		// In a stream, what is not a whole message from its start is the transport's body.
		{On: "tcp.port", Is: "53", Check: "count(questions) == qdcount and count(answers) == ancount" +
			" and count(authorities) == nscount and count(additionals) == arcount" +
			" and tcplen == 12 + len(questions) + len(answers) + len(authorities) + len(additionals)"},
	},
	Fields: []core.Field{
		{Name: "tcplen", Bits: 16, When: "present(tcp.sport)", Doc: "bytes of the first message",
			Auto: "12 + len(questions) + len(answers) + len(authorities) + len(additionals)"},
		{Name: "id", Bits: 16, Hex: true, Origin: true},
		{Name: "flags", Bits: 16, Hex: true, Default: 0x0100},
		{Name: "QR", Bits: 1, Part: "flags", Doc: "a response"},
		{Name: "opcode", Bits: 4, Part: "flags", Names: dnsOpcodes},
		{Name: "AA", Bits: 1, Part: "flags", Doc: "authoritative"},
		{Name: "TC", Bits: 1, Part: "flags", Doc: "truncated"},
		{Name: "RD", Bits: 1, Part: "flags", Doc: "recursion desired"},
		{Name: "RA", Bits: 1, Part: "flags", Doc: "recursion available"},
		{Name: "Z", Bits: 1, Part: "flags"},
		{Name: "AD", Bits: 1, Part: "flags", Doc: "authentic data (RFC 4035)"},
		{Name: "CD", Bits: 1, Part: "flags", Doc: "checking disabled (RFC 4035)"},
		{Name: "rcode", Bits: 4, Part: "flags", Names: dnsRcodes},
		{Name: "qdcount", Bits: 16},
		{Name: "ancount", Bits: 16},
		{Name: "nscount", Bits: 16},
		{Name: "arcount", Bits: 16},
		{Name: "questions", Kind: core.List, Count: "qdcount", Item: &dnsQuestion},
		{Name: "answers", Kind: core.List, Count: "ancount", By: "type", Item: &dnsRecord, Kinds: dnsRecords},
		{Name: "authorities", Kind: core.List, Count: "nscount", By: "type", Item: &dnsRecord, Kinds: dnsRecords},
		{Name: "additionals", Kind: core.List, Count: "arcount", By: "type", Item: &dnsRecord, Kinds: dnsRecords},
		{Name: "more", Kind: core.List, Named: "dns_message", When: "present(tcplen)", Doc: "messages behind the first"},
	},
	Replies: []core.Reply{{When: "QR", To: "not QR", Same: []core.Pair{{A: "id", B: "id"}, {A: "opcode", B: "opcode"}}}},
}

// dnsMessage is a message within a stream, behind another.
var dnsMessage = core.Struct{
	Name: "dns_message",
	Doc:  "DNS message in a stream",
	Len:  "tcplen + 2",
	Fields: []core.Field{
		{Name: "tcplen", Bits: 16, Auto: "12 + len(questions) + len(answers) + len(authorities) + len(additionals)"},
		{Name: "id", Bits: 16, Hex: true, Origin: true},
		{Name: "flags", Bits: 16, Hex: true, Default: 0x0100},
		{Name: "QR", Bits: 1, Part: "flags"},
		{Name: "opcode", Bits: 4, Part: "flags", Names: dnsOpcodes},
		{Name: "AA", Bits: 1, Part: "flags"},
		{Name: "TC", Bits: 1, Part: "flags"},
		{Name: "RD", Bits: 1, Part: "flags"},
		{Name: "RA", Bits: 1, Part: "flags"},
		{Name: "Z", Bits: 1, Part: "flags"},
		{Name: "AD", Bits: 1, Part: "flags"},
		{Name: "CD", Bits: 1, Part: "flags"},
		{Name: "rcode", Bits: 4, Part: "flags", Names: dnsRcodes},
		{Name: "qdcount", Bits: 16},
		{Name: "ancount", Bits: 16},
		{Name: "nscount", Bits: 16},
		{Name: "arcount", Bits: 16},
		{Name: "questions", Kind: core.List, Count: "qdcount", Item: &dnsQuestion},
		{Name: "answers", Kind: core.List, Count: "ancount", By: "type", Item: &dnsRecord, Kinds: dnsRecords},
		{Name: "authorities", Kind: core.List, Count: "nscount", By: "type", Item: &dnsRecord, Kinds: dnsRecords},
		{Name: "additionals", Kind: core.List, Count: "arcount", By: "type", Item: &dnsRecord, Kinds: dnsRecords},
	},
}

var dnsQuestion = core.Struct{Name: "question", Fields: []core.Field{
	{Name: "name", Kind: core.Name},
	{Name: "type", Bits: 16, Default: 1, Names: dnsTypes},
	{Name: "class", Bits: 16, Default: 1, Names: dnsClasses},
}}
