package core

import (
	"errors"
	"testing"

	"pkl/core/expr"
)

// TestFilterError says what mistakes are told, where, and with which hint.
func TestFilterError(t *testing.T) {
	r := fixRegistry(t)
	for _, c := range []struct{ src, want string }{
		{`tpc.dport == 1`, `column 1: no protocol "tpc" (did you mean tcp?)`},
		{`ip and tcp.dprt == 1`, `column 12: tcp has no field "dprt" (did you mean dport?)`},
		{`dport == 1`, `column 1: no protocol "dport" (a field is protocol.field)`},
		{`qdcount == 1`, `column 1: no protocol "qdcount" (did you mean dns.qdcount?)`},
		{`vlan#2.vdi == 1`, `column 8: vlan has no field "vdi" (did you mean vid?)`},
		{`dns.questions.nam == "x"`, `column 15: dns.questions has no field "nam" (did you mean name?)`},
		{`ip.ttl.x == 1`, `column 8: ip.ttl has no fields: no "x"`},
		{`tcp.flags.syn == 1`, `column 11: tcp.flags has no fields: no "syn" (did you mean tcp.SYN?)`},
		{`tcp.flags.reset`, `column 11: tcp.flags has no fields: no "reset"`},
		{`frame.len.x == 1`, `column 11: frame.len has no fields: no "x"`},
		{`frame.length == 1`, `column 7: frame has no field "length" (did you mean len?)`},
		{`frame.maark == 1`, `column 7: frame has no field "maark" (did you mean mark?)`},
		{`^.x == 1`, `column 1: ^. has no meaning here (inside any() it skips the items of the innermost list)`},

		{`ip.ttl + 1`, `column 1: a number is not a condition (write ip.ttl + 1 != 0)`},
		{`tcp and tcp.flags & 2`, `column 9: a number is not a condition (write tcp.flags & 2 != 0)`},
		{`tcp.body[0]`, `column 1: a number is not a condition (write tcp.body[0] != 0)`},
		{`5`, `column 1: a number is not a condition (write 5 != 0)`},
		{`len(tcp.body)`, `column 1: a number is not a condition (write len(tcp.body) != 0)`},
		{`tcp.body[0:2]`, `column 1: tcp.body[0:2] is bytes, not a condition (write present(tcp.body[0:2]))`},
		{`"abc"`, `column 1: "abc" is not a condition (compare it with a field)`},
		{`10.0.0.1`, `column 1: 10.0.0.1 is not a condition (compare it with a field)`},

		{`ip.ttl == 300`, `column 11: ip.ttl has 8 bits, 300 does not fit`},
		{`frame.ts > 1.5`, `column 12: bad number "1.5" (numbers are whole; use frame.ts_ns, in nanoseconds)`},
		{`ip.ttl < -1`, `column 10: ip.ttl has 8 bits, -1 does not fit`},
		{`tcp.port in {80, 70000}`, `column 18: tcp.port has 16 bits, 70000 does not fit`},
		{`any(dns.answers, typ == A)`, `column 18: no protocol "typ" (did you mean type?)`},
		{`tcp.dport == abc`, `column 14: tcp.dport is a number, and "abc" is no name of a value`},
		{`foo == bar`, `column 1: no protocol "foo"`},
		{`tcp.SYN == 2`, `column 12: tcp.SYN has 1 bit, 2 does not fit`},
		{`tcp.body[0] == 256`, `column 16: tcp.body[0] has 8 bits, 256 does not fit`},
		{`odd.temp == 128`, `column 13: odd.temp has 8 bits and a sign, 128 does not fit`},
		{`odd.wide == -1`, `column 13: odd.wide is never negative`},
		{`odd.wide + 0xffffffffffffffff == 1`, `column 12: 0xffffffffffffffff is too big (arithmetic has 63 bits and a sign)`},
		{`ip.ttl + 1 == 0xffffffffffffffff`, `column 15: ip.ttl + 1 has 63 bits and a sign, 0xffffffffffffffff does not fit`},
		{`1 / 0 == ip.ttl`, `column 1: 1 / 0: the result does not fit in 64 bits, or divides by zero`},

		{`icmp.type == echo_reqest`, `column 14: icmp.type has no value named "echo_reqest" (did you mean echo_request?)`},
		{`icmp.type in {0, "ehco_reply"}`, `column 18: icmp.type has no value named "ehco_reply" (did you mean echo_reply?)`},
		{`tcp.flags == "SYN|AKC"`, `column 14: tcp.flags has no value named "SYN|AKC"`},
		{`ip.ttl == "64"`, `column 11: ip.ttl is a number, not comparable with "64"`},
		{`ip.ttl == many`, `column 11: ip.ttl is a number, and "many" is no name of a value`},
		{`http.method == GET`, `column 16: http.method is text, not comparable with GET (text goes in quotes: "GET")`},
		{`http.method == 200`, `column 16: http.method is text, not comparable with 200 (text goes in quotes: "200")`},
		{`tcp.body[0:2] == 0x1603`, `column 18: tcp.body[0:2] is bytes, not comparable with 0x1603 (bytes are pairs of hex digits, as in 16:03, or text; x[0] is a number)`},
		{`dns.questions.name == example`, `column 23: dns.questions.name is a name, not comparable with example (text goes in quotes: "example")`},
		{`dns.questions.name == "a..b"`, `column 23: "a..b" is no DNS name: a name has no empty label`},
		{`dns.questions.name < "a"`, `column 22: a name has no order (use == or in)`},

		{`ip.src == ::1`, `column 11: ip.src is an IPv4 address, ::1 is not`},
		{`ip6.src == 10.0.0.1`, `column 12: ip6.src is an IPv6 address, 10.0.0.1 is not`},
		{`ip.src == "10.0.0.1"`, `column 11: ip.src is an IPv4 address, not comparable with "10.0.0.1" (write it without quotes)`},
		{`ip.src < 10.0.0.0/8`, `column 10: a network has no order (use == or in)`},
		{`eth.src == 10.0.0.1`, `column 12: eth.src is a MAC address, not comparable with 10.0.0.1 (six pairs of hex digits, as in 02:00:00:00:00:01)`},
		{`ip.src == ip6.src`, `column 11: ip.src is an IPv4 address, ip6.src is an IPv6 address: not comparable`},
		{`ip.src == ip.ttl`, `column 11: ip.src is an IPv4 address, ip.ttl is a number: not comparable`},
		{`ip.ttl == 10.0.0.1`, `column 11: ip.ttl is a number, not comparable with 10.0.0.1`},
		{`ip.src + 1 == 5`, `column 1: ip.src is an IPv4 address, not a number (len(x) is how many bytes it has, x[0] the first)`},

		{`tcp == 5`, `column 1: tcp is a layer, not comparable with 5 (compare one of its fields, as in tcp.field)`},
		{`dns.answers == 5`, `column 1: dns.answers is a list, not comparable with 5 (compare a field of its items, as in dns.answers.field, or count(dns.answers))`},
		{`count(ip.ttl) == 1`, `column 7: count takes a list, ip.ttl is a number`},
		{`len(5) == 1`, `column 1: len takes bytes or a list, 5 is a number`},
		{`dns.answers[0] == 1`, `column 1: no slices of dns.answers: dns.answers is a list (the bytes of a list are dns.answers_raw)`},
		{`tcp.flags[0] == 1`, `column 1: tcp.flags is not made of whole bytes`},
		{`tcp.body[0:-1] == 16:03`, `column 12: length -1 (a slice is [offset:length])`},
		{`any(ip.ttl, type == 1)`, `column 5: ip.ttl is a number, not a list (any(list, condition))`},
		{`any(odd.hosts, x == 1)`, `column 5: the items of odd.hosts are values without fields (write odd.hosts == value)`},
		{`any(dns.answers, tipe == 1)`, `column 18: no protocol "tipe" (did you mean type?)`},
		{`http.host matches "("`, "column 19: bad pattern: missing closing ): `(`"},
		{`tcp.body matches "\xff"`, "column 18: bad pattern: invalid UTF-8: `\xff` (patterns are for text; contains looks for any bytes)"},
		{`ip.src contains "x"`, `column 1: contains looks into bytes, text and names; ip.src is an IPv4 address (its bytes are ip.src_raw)`},
		{`tcp.body contains 5`, `column 19: tcp.body is bytes, not comparable with 5 (bytes are pairs of hex digits, as in 16:03, or text; x[0] is a number)`},
		{`http.host contains api`, `column 20: http.host is text, not comparable with api (text goes in quotes: "api")`},
		{`present(5)`, `column 9: 5 cannot be present or absent (present(name))`},
		{`frame#2.len == 1`, `column 1: there is one frame`},
		{`"a" == "b"`, `column 1: "a" is a literal, not comparable with "b"`},
		{``, `column 1: empty expression`},
	} {
		f, err := r.Filter(c.src)
		var e *expr.Error
		if f != nil || !errors.As(err, &e) || e.Error() != c.want {
			t.Errorf("%s\n got %v\nwant %v", c.src, err, c.want)
		}
	}
}
