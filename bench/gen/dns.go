package main

import (
	"encoding/binary"
	"strings"
)

// dnsNames are asked for; the answers differ by position.
var dnsNames = []string{
	"www.example.com", "example.com", "mail.example.org", "cdn.static.example.net", "api.v2.example.com", "ns1.example.org",
	"a.very.long.chain.of.labels.in.a.name.example.net", "img.example.com", "login.example.org", "time.example.net",
}

// question is a query that still waits for its response.
type question struct {
	path
	port uint16
	id   uint16
	name string
	typ  uint16
}

const (
	dnsA     = 1
	dnsCNAME = 5
	dnsSOA   = 6
	dnsAAAA  = 28
)

// dnsQuery emits a query and remembers it.
func (g *gen) dnsQuery() kind {
	q := question{path: newPath(&g.r, family(&g.r)), typ: dnsA}
	if g.r.percent(40) {
		q.typ = dnsAAAA
	}
	q.port = uint16(32768 + g.r.below(28000))
	q.id = uint16(g.r.next())
	q.name = dnsNames[g.r.below(len(dnsNames))]
	g.asked = append(g.asked, q)
	g.dns(&q, false, appendQuery(g.text[:0], &q, 0x0100, 0, 0))
	return dnsQuery
}

// dnsResponse answers the oldest query.
func (g *gen) dnsResponse() kind {
	if len(g.asked) == 0 {
		return g.dnsQuery()
	}
	q := g.asked[0]
	g.asked = append(g.asked[:0], g.asked[1:]...)
	if g.r.percent(10) {
		g.dns(&q, true, appendMissing(g.text[:0], &q))
	} else {
		g.dns(&q, true, appendAnswers(g.text[:0], &q, &g.r))
	}
	return dnsResponse
}

// dns emits a message to or from port 53.
func (g *gen) dns(q *question, back bool, msg []byte) {
	g.datagram(&q.path, back, [2]uint16{q.port, 53}, len(msg), msg)
}

// appendQuery appends header and question section.
func appendQuery(b []byte, q *question, flags uint16, answers, authorities int) []byte {
	for _, v := range []uint16{q.id, flags, 1, uint16(answers), uint16(authorities), 0} {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	b = appendName(b, q.name)
	b = append(b, 0)
	b = binary.BigEndian.AppendUint16(b, q.typ)
	return binary.BigEndian.AppendUint16(b, 1)
}

// appendName appends labels without the root.
func appendName(b []byte, name string) []byte {
	for label := range strings.SplitSeq(name, ".") {
		b = append(b, byte(len(label)))
		b = append(b, label...)
	}
	return b
}

// appendRecord appends all of a record before its data; the name is a pointer to offset at.
func appendRecord(b []byte, at int, typ uint16, size int) []byte {
	b = append(b, 0xc0|byte(at>>8), byte(at))
	b = binary.BigEndian.AppendUint16(b, typ)
	b = append(b, 0, 1, 0, 0, 1, 44) // IN, 300 seconds
	return binary.BigEndian.AppendUint16(b, uint16(size))
}

// appendAnswers appends a response with an alias in front of up to four addresses.
func appendAnswers(b []byte, q *question, r *rng) []byte {
	n, owner := 1+r.below(4), 12
	b = appendQuery(b, q, 0x8180, n+1, 0)
	b = appendRecord(b, 12, dnsCNAME, 7)
	owner = len(b)
	b = append(b, 4, 'e', 'd', 'g', 'e', 0xc0, 12) // edge.<the name asked for>
	for range n {
		size := 4
		if q.typ == dnsAAAA {
			size = 16
		}
		b = appendRecord(b, owner, q.typ, size)
		s := server(r.below(servers), q.typ == dnsAAAA)
		b = append(b, s.ip[:size]...)
	}
	return b
}

// appendMissing appends a response that the name does not exist, with the zone's start of authority.
func appendMissing(b []byte, q *question) []byte {
	b = appendQuery(b, q, 0x8183, 0, 1)
	zone := 12 + len(q.name) - len(lastLabels(q.name)) // offset of the second-level name
	b = appendRecord(b, zone, dnsSOA, 6+7+20)
	b = append(b, 3, 'n', 's', '1', 0xc0, byte(zone))
	b = append(b, 4, 'r', 'o', 'o', 't', 0xc0, byte(zone))
	for _, v := range []uint32{2024010100, 7200, 3600, 1209600, 300} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// lastLabels returns the last two labels.
func lastLabels(name string) string {
	i := strings.LastIndexByte(name, '.')
	return name[strings.LastIndexByte(name[:i], '.')+1:]
}
