package expr

import (
	"fmt"
	"strings"
	"testing"
)

// sexp shows the shape of a tree, without positions.
func sexp(n Node) string {
	switch n := n.(type) {
	case *Num:
		return fmt.Sprint(n.V)
	case *Str:
		return fmt.Sprintf("%q", n.S)
	case *Lit:
		return litText(n)
	case *Name:
		return Format(n)
	case *Slice:
		return sliceText(n)
	case *Call:
		return list(n.Fn, n.Args...)
	case *Unary:
		return list(strings.Replace(n.Op.String(), "-", "neg", 1), n.X)
	case *Binary:
		return list(n.Op.String(), n.X, n.Y)
	case *In:
		return inText(n)
	}
	return fmt.Sprintf("%T", n)
}

func list(head string, nodes ...Node) string {
	for _, n := range nodes {
		head += " " + sexp(n)
	}
	return "(" + head + ")"
}

func litText(n *Lit) string {
	s := "<"
	if n.MAC != nil {
		s += fmt.Sprintf("mac=%x ", n.MAC)
	}
	if n.Bytes != nil {
		s += fmt.Sprintf("bytes=%x ", n.Bytes)
	}
	if n.Addr.IsValid() {
		s += fmt.Sprintf("addr=%v ", n.Addr)
	}
	if n.Prefix.IsValid() {
		s += fmt.Sprintf("net=%v ", n.Prefix)
	}
	return strings.TrimSpace(s) + ">"
}

func sliceText(n *Slice) string {
	switch {
	case n.Index:
		return list("index", n.X, n.Off)
	case n.ToEnd:
		return list("from", n.X, n.Off)
	}
	return list("slice", n.X, n.Off, n.Len)
}

func inText(n *In) string {
	s := "(in " + sexp(n.X)
	if n.Not {
		s = "(not-in " + sexp(n.X)
	}
	for _, r := range n.Set {
		s += " " + sexp(r.Lo)
		if r.Hi != nil {
			s += ".." + sexp(r.Hi)
		}
	}
	return s + ")"
}

// valid holds source and the shape of its tree, in the order of the
// language's description.
var valid = []struct{ src, want string }{
	// The examples.
	{`tcp.dport == 443 and ip.src in 10.0.0.0/8`, `(and (== tcp.dport 443) (in ip.src <net=10.0.0.0/8>))`},
	{`tcp.SYN and not tcp.ACK`, `(and tcp.SYN (not tcp.ACK))`},
	{`dns.questions.name contains "example"`, `(contains dns.questions.name "example")`},
	{`http.host matches "(?i)^api\."`, `(matches http.host "(?i)^api\\.")`},
	{`udp.port in {53, 5353, 8000-8100}`, `(in udp.port 53 5353 8000..8100)`},
	{`ip.ttl < 5 or ip6.hlim < 5`, `(or (< ip.ttl 5) (< ip6.hlim 5))`},
	{`tcp.body[0:2] == 16:03`, `(== (slice tcp.body 0 2) <bytes=1603>)`},
	{`len(udp.body) > 512`, `(> (len udp.body) 512)`},
	{`eth.src == 02:00:00:00:00:01`, `(== eth.src <mac=020000000001 bytes=020000000001>)`},
	{`vlan#2.vid == 99`, `(== vlan#2.vid 99)`},
	{`icmp.type == echo_request`, `(== icmp.type echo_request)`},
	{`demo.tlvs.t == 9`, `(== demo.tlvs.t 9)`},
	{`(ihl - 5) * 4`, `(* (- ihl 5) 4)`},
	{`flags & 1 == 1`, `(== (& flags 1) 1)`},
	{`any(dns.answers, type == A and ttl < 5)`, `(any dns.answers (and (== type A) (< ttl 5)))`},
	{`present(key)`, `(present key)`},
	{`hlen - 4`, `(- hlen 4)`},

	// Numbers.
	{`0`, `0`},
	{`0x0800`, `2048`},
	{`0XfF`, `255`},
	{`18446744073709551615`, `18446744073709551615`},
	{`0xffffffffffffffff`, `18446744073709551615`},
	{`-9223372036854775808`, `(neg 9223372036854775808)`},

	// Literals that hold a colon.
	{`a == ::1`, `(== a <addr=::1>)`},
	{`a == ::`, `(== a <addr=::>)`},
	{`a == a::1`, `(== a <addr=a::1>)`},
	{`a==fe80::1/64`, `(== a <net=fe80::/64>)`},
	{`a == ::ffff:1.2.3.4`, `(== a <addr=::ffff:1.2.3.4>)`},
	{`a == FE80::dead:beef`, `(== a <addr=fe80::dead:beef>)`},
	{`a == ab:cd`, `(== a <bytes=abcd>)`},
	{`a == 00:11:22:33:44:55:66`, `(== a <bytes=00112233445566>)`},
	{`a == 00:11:22:33:44:55:66:77`, `(== a <bytes=0011223344556677 addr=0:11:22:33:44:55:66:77>)`},
	{`a == 00:11:22:33:44:55:66:77/64`, `(== a <net=0:11:22:33::/64>)`},
	{`a == 1:2:3:4:5:6:7:8`, `(== a <addr=1:2:3:4:5:6:7:8>)`},
	{`add.ace == bad.cafe`, `(== add.ace bad.cafe)`},
	{`face`, `face`},

	// Dotted quads and networks.
	{`ip.src == 10.0.0.1`, `(== ip.src <addr=10.0.0.1>)`},
	{`ip.src == 10.1.2.3/8`, `(== ip.src <net=10.0.0.0/8>)`},
	{`ip.src == 0.0.0.0/0`, `(== ip.src <net=0.0.0.0/0>)`},

	// Quoted text.
	{`"a\\b\"c\n\r\t\0\x41\xfF"`, `"a\\b\"c\n\r\t\x00A\xff"`},
	{`"\d+\.\w\x{41}\xg1\'"`, `"\\d+\\.\\w\\x{41}\\xg1\\'"`},
	{`'it\'s "quoted"'`, `"it's \"quoted\""`},
	{"\"\xff\x00\n\"", `"\xff\x00\n"`},
	{`""`, `""`},

	// Sets.
	{`x in {-5--1, -3..3, 0x10 - 0x20}`, `(in x (neg 5)..(neg 1) (neg 3)..3 16..32)`},
	{`x in {10.0.0.1-10.0.0.9, ::1..::9, 10.0.0.0/8}`, `(in x <addr=10.0.0.1>..<addr=10.0.0.9> <addr=::1>..<addr=::9> <net=10.0.0.0/8>)`},
	{`x in {02:00:00:00:00:01-02:00:00:00:00:09}`, `(in x <mac=020000000001 bytes=020000000001>..<mac=020000000009 bytes=020000000009>)`},
	{`x in {echo_request, "port-unreachable", 5}`, `(in x echo_request "port-unreachable" 5)`},
	{`x in {5..5}`, `(in x 5..5)`},
	{`x not in {1}`, `(not-in x 1)`},
	{`x not in 10.0.0.0/8 and y`, `(and (not-in x <net=10.0.0.0/8>) y)`},
	{`not x in {1}`, `(not (in x 1))`},
	{`x + 1 in {1}`, `(in (+ x 1) 1)`},
	{`class == IN`, `(== class IN)`},

	// Names.
	{`ip#*.src == 10.0.0.1`, `(== ip#*.src <addr=10.0.0.1>)`},
	{`vlan#2`, `vlan#2`},
	{`^.len - 2`, `(- ^.len 2)`},
	{`^.a.b`, `^.a.b`},
	{`len - 8`, `(- len 8)`},
	{`count`, `count`},
	{`http.in == "x"`, `(== http.in "x")`},
	{`_x1`, `_x1`},

	// Slices.
	{`b[4:]`, `(from b 4)`},
	{`b[0]`, `(index b 0)`},
	{`b[-2:]`, `(from b (neg 2))`},
	{`b[-4:2]`, `(slice b (neg 4) 2)`},
	{`b[a.b:c]`, `(slice b a.b c)`},
	{`b[ab:cd]`, `(slice b ab cd)`},
	{`b[l*4+1 : (n-1)]`, `(slice b (+ (* l 4) 1) (- n 1))`},
	{`b[c[0]:c[1:2][0]]`, `(slice b (index c 0) (index (slice c 1 2) 0))`},
	{`b[len(c[0:2]):2]`, `(slice b (len (slice c 0 2)) 2)`},
	{`b[0:2] == 16:03 and c[2] == 3`, `(and (== (slice b 0 2) <bytes=1603>) (== (index c 2) 3))`},
	{`-b[0]`, `(neg (index b 0))`},

	// Functions.
	{`count(l) + present(f) + min(a, b) + max(a, b, c)`, `(+ (+ (+ (count l) (present f)) (min a b)) (max a b c))`},
	{`len (b)`, `(len b)`},

	// Binding.
	{`a*b/c%d`, `(% (/ (* a b) c) d)`},
	{`a-b-c+d`, `(+ (- (- a b) c) d)`},
	{`a+b*c`, `(+ a (* b c))`},
	{`a<<b+c>>d`, `(>> (<< a (+ b c)) d)`},
	{`a&b<<c`, `(& a (<< b c))`},
	{`a|b&c|d`, `(| (| a (& b c)) d)`},
	{`a|b == c|d`, `(== (| a b) (| c d))`},
	{`not a == b`, `(not (== a b))`},
	{`!a == b`, `(not (== a b))`},
	{`!a.F&&!b`, `(and (not a.F) (not b))`},
	{`not not a`, `(not (not a))`},
	{`a or b and not c or d`, `(or (or a (and b (not c))) d)`},
	{`a || b && c`, `(or a (and b c))`},
	{`(a or b) and c`, `(and (or a b) c)`},
	{`(not a) == b`, `(== (not a) b)`},
	{`- -a - -b`, `(- (neg (neg a)) (neg b))`},
	{`-a*b`, `(* (neg a) b)`},
	{`a==-5`, `(== a (neg 5))`},
	{`ip.ttl - 5`, `(- ip.ttl 5)`},
	{`a-b`, `(- a b)`},
	{`(a < b) == (b < c)`, `(== (< a b) (< b c))`},
	{`a != b and a >= c and a <= d and a > e`, `(and (and (and (!= a b) (>= a c)) (<= a d)) (> a e))`},
	{" a\t==\r\n b ", `(== a b)`},
	{`((((a))))`, `a`},
}

func TestParse(t *testing.T) {
	for _, tt := range valid {
		n, err := Parse(tt.src)
		if err != nil {
			t.Errorf("%s: %v", tt.src, err)
			continue
		}
		if got := sexp(n); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.src, got, tt.want)
		}
	}
}

func TestPos(t *testing.T) {
	const src = ` (a + b[1]) * len(^.c) in {5, 7-9}`
	n, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	Walk(n, func(n Node) bool {
		got = append(got, fmt.Sprintf("%T %d", n, n.Pos()))
		return true
	})
	want := []string{
		"*expr.In 1", "*expr.Binary 1", "*expr.Binary 2", "*expr.Name 2",
		"*expr.Slice 6", "*expr.Name 6", "*expr.Num 8", "*expr.Call 14", "*expr.Name 18",
		"*expr.Num 27", "*expr.Num 30", "*expr.Num 32",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if in := n.(*In); in.OpAt != 23 || in.X.(*Binary).OpAt != 12 {
		t.Errorf("operators at %d and %d, want 23 and 12", in.OpAt, in.X.(*Binary).OpAt)
	}
}

func TestWalkStops(t *testing.T) {
	n, err := Parse(`b[1:2] + len(c)`)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	Walk(n, func(n Node) bool {
		seen++
		_, isSlice := n.(*Slice)
		return !isSlice
	})
	if seen != 4 { // +, the slice, len, c
		t.Errorf("saw %d nodes, want 4", seen)
	}
}

func TestIsReserved(t *testing.T) {
	for _, w := range []string{"and", "or", "not", "in", "contains", "matches"} {
		if !IsReserved(w) {
			t.Errorf("%s is not reserved", w)
		}
	}
	for _, w := range []string{"IN", "len", "any", ""} {
		if IsReserved(w) {
			t.Errorf("%s is reserved", w)
		}
	}
}
