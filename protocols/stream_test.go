package protocols

import (
	"encoding/hex"
	"testing"
)

func TestTLS(t *testing.T) {
	const tcp = `c350 01bb 00000000 00000000 50182000 00000000 `
	runWires(t, []wire{
		{"two messages in a record, an alert, and a beginning", "tcp", tcp + `
			16 0303 0011 00 000000 0b 000009 000006 000003 308000 15 0303 0002 01 5a 17 0303 0100 aabb`, `
			layers tcp tls
			tls.records.type handshake alert
			tls.records.version tls1_2 tls1_2
			tls.records.len 17 2
			tls.records.messages.type hello_request certificate
			tls.records.messages.len 0 9
			tls.records.messages.certificates.certificate 308000
			tls.records.level warning
			tls.records.description user_canceled
			tls.records.rest 1703030100aabb
			err`},
		{"encrypted", "tcp", tcp + `14 0303 0001 01 16 0303 0008 00 1122334455 66 77 15 0303 0003 010203`, `
			layers tcp tls
			tls.records.type change_cipher_spec handshake alert
			tls.records.change 1
			tls.records.messages.type
			tls.records.data 0011223344556677 010203
			tls.records.level`},
		{"within a record", "tcp", tcp + `16 0903 0008 01 aabbcc`, `
			layers tcp
			err`},
		{"too long to be a record", "tcp", tcp + `16 0303 4801 01 aabbcc`, `
			layers tcp
			err`},
		{"on any port", "tcp", `c350 1f40 00000000 00000000 50182000 00000000 17 0303 0001 aa`, `
			layers tcp tls
			tls.records.data aa`},
	})
}

func TestHTTP(t *testing.T) {
	const tcp = `c350 0050 00000000 00000000 50182000 00000000 `
	text := func(s string) string { return tcp + hex.EncodeToString([]byte(s)) }
	runWires(t, []wire{
		{"request", "tcp", text("POST /a?b=c HTTP/1.1\r\nHost: www.example.com\r\nX-Empty:\r\nuser-agent:\t pkl \r\n\r\nq=1"), `
			layers tcp http
			http.method "POST"
			http.uri "/a?b=c"
			http.version "HTTP/1.1"
			http.status
			http.headers.name "Host" "X-Empty" "user-agent"
			http.headers.value "www.example.com" "" "pkl"
			http.body 713d31
			err`},
		{"lines that go on, and lines without a name", "tcp", text("GET / HTTP/1.1\r\nA: b\r\n and: c\r\n\td\r\nno name\r\nHost: x\r\nneither\r\n\r\nbody"), `
			layers tcp http
			http.headers.name "A" "Host"
			http.headers.value "b" "x"
			http.headers.plain_line "and: c" "d" "no name" "neither"
			http.body 626f6479
			err`},
		{"response with lines that end in LF, and no reason", "tcp", text("HTTP/1.0 304\nA: b\n\n\r\n"), `
			layers tcp http
			http.method
			http.version "HTTP/1.0"
			http.status 304
			http.reason ""
			http.headers.value "b"
			http.body 0d0a`},
		{"headers that go on in another segment", "tcp", text("HTTP/1.1 200 OK\r\nA: b\r\nContent-Le"), `
			layers tcp http
			http.reason "OK"
			http.headers.value "b"
			http.headers.rest 436f6e74656e742d4c65
			http.body
			err`},
		{"within a message", "tcp", text("hello HTTP/1.1 200 OK\r\nA: b\r\n"), `
			layers tcp
			err`},
		{"a start line that is not all here", "tcp", text("GET /a HTTP/1.1"), `
			layers tcp
			err`},
		{"on any port", "tcp", "c350 c351 " + text("GET / HTTP/1.0\r\n\r\n")[10:], `
			layers tcp http
			http.uri "/"`},
	})
}
