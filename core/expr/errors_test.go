package expr

import (
	"errors"
	"strings"
	"testing"
)

// invalid holds source and its error.
var invalid = []struct{ src, want string }{
	{``, `column 1: empty expression`},
	{"  \n", `column 1: empty expression`},

	// Operators of other languages.
	{`a = 5`, `column 3: unexpected "=" (did you mean "=="?)`},
	{`a === 5`, `column 3: unexpected "===" (did you mean "=="?)`},
	{`a !== 5`, `column 3: unexpected "!==" (use "!=")`},
	{`a ~= 5`, `column 3: unexpected "~=" (use "!=")`},
	{`a <> 5`, `column 3: unexpected "<>" (use "!=")`},
	{`a =~ "x"`, `column 3: unexpected "=~" (use "matches")`},
	{`a ~ "x"`, `column 3: unexpected "~" (use "matches")`},
	{`a => 5`, `column 3: unexpected "=>" (did you mean ">="?)`},
	{`a eq 5`, `column 3: unexpected "eq" (did you mean "=="?)`},
	{`a AND b`, `column 3: unexpected "AND" (did you mean "and"?)`},
	{`a ^ b`, `column 3: unexpected "^" (^.name is a field of the layer around)`},
	{`a xor b`, `column 3: unexpected "xor" (there is no exclusive or)`},
	{`a; b`, `column 2: unexpected ";" (join conditions with "and" or "or")`},
	{`a == “x”`, `column 6: unexpected "“" (use plain quotes)`},
	{`a ? b`, `column 3: unexpected "?"`},

	// Operands.
	{`a ==`, `column 5: expected a value, found the end`},
	{`a == and b`, `column 6: expected a value, found "and" (as a value, and goes in quotes)`},
	{`class == in`, `column 10: expected a value, found "in" (as a value, in goes in quotes)`},
	{`== 5`, `column 1: expected a value, found "=="`},
	{`()`, `column 2: expected a value, found ")"`},
	{`+a`, `column 1: expected a value, found "+"`},
	{`host 10.0.0.1`, `column 6: unexpected "10.0.0.1" (an operator goes before it, as in tcp.port == 80)`},
	{`a in 80,81`, `column 8: unexpected "," (several values go in { })`},
	{`a b`, `column 3: unexpected "b" (join conditions with "and" or "or")`},
	{`a == not b`, `column 6: "not" cannot follow "==" (put it in parentheses: (not …))`},
	{`a + !b`, `column 5: "!" cannot follow "+" (put it in parentheses: (not …))`},
	{`a not contains "x"`, `column 3: unexpected "not" (only "in" takes a "not" before it; write not (…))`},
	{`a == {1}`, `column 6: expected a value, found "{" (use "in" with { })`},
	{`a {1}`, `column 3: unexpected "{" (sets follow "in")`},
	{`a matches b`, `column 11: "matches" needs a pattern in quotes`},
	{`"é" == == 5`, `column 8: expected a value, found "=="`},

	// Brackets.
	{`(a`, `column 3: expected ")", found the end (for the "(" at column 1)`},
	{`a)`, `column 2: unexpected ")" (nothing to close)`},
	{`a == (b, c)`, `column 8: expected ")", found "," (for the "(" at column 6)`},
	{`b[0`, `column 4: expected "]", found the end (for the "[" at column 2)`},
	{`b[:2]`, `column 3: a slice starts with its offset (write [0:length])`},
	{`b[a == 1]`, `column 5: expected "]", found "==" (for the "[" at column 2)`},
	{`b[1:2:3]`, `column 6: expected "]", found ":" (for the "[" at column 2)`},
	{`l[0].name`, `column 5: unexpected "." (a part of a list's items is list.part, without an index)`},

	// Chains.
	{`a < b < c`, `column 7: comparisons are not chained (write a < b and b < c)`},
	{`a == b in {1}`, `column 8: comparisons are not chained (write a < b and b < c)`},
	{`a in {1} == b`, `column 10: comparisons are not chained (write a < b and b < c)`},
	{`not a == b != c`, `column 12: comparisons are not chained (write a < b and b < c)`},
	{`a contains "x" not in {1}`, `column 16: comparisons are not chained (write a < b and b < c)`},

	// Sets.
	{`a in {}`, `column 7: a set needs a value`},
	{`a in {1, }`, `column 10: expected a value, found "}"`},
	{`a in {1 2}`, `column 9: expected "," or "}", found "2" (values are parted by commas)`},
	{`a in {1`, `column 8: expected "}", found the end (for the "{" at column 6)`},
	{`a in {1 + 2}`, `column 9: no arithmetic in { }: unexpected "+" (values are parted by commas)`},
	{`a in {1-2-3}`, `column 10: no arithmetic in { }: unexpected "-" (values are parted by commas)`},
	{`a in {(1)}`, `column 7: expected a value, no arithmetic (values are literals)`},
	{`a in {-b}`, `column 8: expected a number after "-", found "b"`},
	{`a in {port-unreachable}`, `column 11: a range is of numbers or of addresses (names and text with "-" go in quotes)`},
	{`a in {1-10.0.0.1}`, `column 8: a range is of numbers or of addresses (names and text with "-" go in quotes)`},
	{`a in {10.0.0.1-::1}`, `column 15: a range is of numbers or of addresses (names and text with "-" go in quotes)`},
	{`a in {10.0.0.0/8-11.0.0.0/8}`, `column 17: a range is of numbers or of addresses (names and text with "-" go in quotes)`},
	{`a in {16:03-16:04}`, `column 12: a range is of numbers or of addresses (names and text with "-" go in quotes)`},
	{`a in {9-8}`, `column 7: range is backwards (write 8-9)`},
	{`a in {-1--2}`, `column 7: range is backwards (write -2..-1)`},
	{`a in {10.0.0.2-10.0.0.1}`, `column 7: range is backwards (write 10.0.0.1-10.0.0.2)`},
	{`a in {tcp.port}`, `column 7: expected a value, found the field "tcp.port" (compare fields with "==")`},
	{`a in 5-9`, `column 7: no arithmetic after "in" (a range is { low-high })`},
	{`a in {5} + 1`, `column 10: no arithmetic after "in"`},
	{`a in 5..9`, `column 7: unexpected ".." (a range is { low-high })`},

	// Numbers and literals.
	{`a == 18446744073709551616`, `column 6: number "18446744073709551616" does not fit in 64 bits`},
	{`0x10000000000000000`, `column 1: number "0x10000000000000000" does not fit in 64 bits`},
	{`0x`, `column 1: bad number "0x" (numbers are decimal, or hex after 0x; names that start with a digit go in quotes)`},
	{`5f`, `column 1: bad number "5f" (hex numbers start with 0x)`},
	{`6to4`, `column 1: bad number "6to4" (numbers are decimal, or hex after 0x; names that start with a digit go in quotes)`},
	{`010`, `column 1: number "010" starts with 0 (write 10 or 0x0a, and "\x0a" for a byte)`},
	{`1.5`, `column 1: bad number "1.5" (numbers are whole)`},
	{`10.0.0`, `column 1: bad address "10.0.0" (four numbers from 0 to 255, without leading zeros)`},
	{`10.0.0.256`, `column 1: bad address "10.0.0.256" (four numbers from 0 to 255, without leading zeros)`},
	{`10.0.0.1/33`, `column 9: network /33 is not from 0 to 32`},
	{`::1/129`, `column 4: network /129 is not from 0 to 128`},
	{`10.0.0.1/255.0.0.0`, `column 9: network /255.0.0.0 is not from 0 to 32`},
	{`16:03/8`, `column 6: "16:03" is no address and cannot have /8`},
	{`a == dead:beef`, `column 6: "dead:beef" is neither an address nor pairs of hex digits (an IPv6 address has eight groups, or fewer and one ::)`},
	{`a == 1:2:3`, `column 6: "1:2:3" is neither an address nor pairs of hex digits (write each byte as two hex digits)`},
	{`a == 16:03z`, `column 6: "16:03z" is neither an address nor pairs of hex digits (write each byte as two hex digits)`},
	{`a == ::1.`, `column 6: "::1." is neither an address nor pairs of hex digits (an IPv6 address has eight groups, or fewer and one ::)`},
	{`x : y`, `column 3: unexpected ":" (":" parts offset and length in [ ], and bytes as in 16:03)`},
	{`"abc`, `column 1: quoted text without closing "`},
	{`a == 'abc\'`, `column 6: quoted text without closing '`},
	{`"\`, `column 1: quoted text without closing "`},

	// Names.
	{`a.5`, `column 3: expected a name, found "5" (names start with a letter)`},
	{`a.`, `column 3: expected a name, found the end`},
	{`a. b`, `column 3: expected a name, found " "`},
	{`^.^.a`, `column 3: expected a name, found "^"`},
	{`ip.src#2`, `column 7: "#" is allowed only after the name of a layer (as in vlan#2.vid)`},
	{`^.ip#2`, `column 5: "#" is allowed only after the name of a layer (as in vlan#2.vid)`},
	{`ip#0`, `column 4: expected a number from 1 or "*" after "#" (#2 is the second instance, #* any)`},
	{`ip#x`, `column 4: expected a number from 1 or "*" after "#" (#2 is the second instance, #* any)`},
	{`ip#99999999999999999999`, `column 4: expected a number from 1 or "*" after "#" (#2 is the second instance, #* any)`},
	{`in.src`, `column 1: expected a value, found "in" (as a value, in goes in quotes)`},

	// Functions.
	{`lenn(b)`, `column 1: unknown function "lenn" (did you mean "len"?)`},
	{`presnt(b)`, `column 1: unknown function "presnt" (did you mean "present"?)`},
	{`frobnicate(b)`, `column 1: unknown function "frobnicate" (there are len, count, present, min, max, any)`},
	{`tcp.len(b)`, `column 1: unknown function "tcp.len" (there are len, count, present, min, max, any)`},
	{`a + len()`, `column 5: "len" takes one argument (write len(x))`},
	{`len(a, b)`, `column 1: "len" takes one argument (write len(x))`},
	{`min(a)`, `column 1: "min" takes two or more arguments (write min(a, b))`},
	{`any(l)`, `column 1: "any" takes a list and a condition (write any(list, condition))`},
	{`min(a,)`, `column 7: expected a value, found ")"`},
	{`len(a`, `column 6: expected ")", found the end (for the "(" at column 4)`},
}

func TestErrors(t *testing.T) {
	for _, tt := range invalid {
		n, err := Parse(tt.src)
		if err == nil {
			t.Errorf("%s: parsed as %s", tt.src, sexp(n))
			continue
		}
		if err.Error() != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.src, err, tt.want)
		}
		var e *Error
		if !errors.As(err, &e) || e.Src != tt.src || n != nil {
			t.Errorf("%s: error is %#v, node %v", tt.src, err, n)
		}
	}
}

func TestErrorAt(t *testing.T) {
	e := ErrorAt(`"é" + x`, 7, "no field x", "")
	if e.Error() != "column 7: no field x" {
		t.Error(e)
	}
	if e := ErrorAt("x", 99, "", ""); e.Col != 2 {
		t.Errorf("column %d beyond the end, want 2", e.Col)
	}
}

// TestNesting takes each way to nest to the limit and one level beyond.
func TestNesting(t *testing.T) {
	for _, part := range []struct{ open, close string }{
		{"(", ")"}, {"not ", ""}, {"!", ""}, {"-", ""}, {"len(", ")"}, {"b[", "]"}, {"b[0:", "]"}, {"b[", ":]"}, {"min(a, ", ")"},
	} {
		nest := func(n int) error {
			_, err := Parse(strings.Repeat(part.open, n) + "a" + strings.Repeat(part.close, n))
			return err
		}
		if err := nest(MaxNesting); err != nil {
			t.Errorf("%q at the limit: %v", part.open, err)
		}
		err := nest(MaxNesting + 1)
		if err == nil || !strings.Contains(err.Error(), "nested more than 200 levels deep") {
			t.Errorf("%q beyond the limit: %v", part.open, err)
		}
	}
}

// TestHostile feeds what could take long or overflow the stack.
func TestHostile(t *testing.T) {
	for _, part := range []string{
		"(", "not ", "!", "-", "b[", "len(", "{", "a.", "a#1", "a+", "a or ", "1.", "1:", "::", "[0]", `"\`, "a in {1} and ", "a not ", "a..", "\xff", "(a))",
	} {
		for _, size := range []int{MaxSource, 1 << 20} {
			src := strings.Repeat(part, size/len(part))
			if n, err := Parse(src); err == nil {
				t.Errorf("%q repeated gives a %T", part, n)
			}
		}
	}
}

// TestLongChain makes the deepest tree there is and uses it.
func TestLongChain(t *testing.T) {
	for _, part := range []string{"|a", "[0]"} {
		src := "a" + strings.Repeat(part, (MaxSource-1)/len(part))
		n, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		nodes := 0
		Walk(n, func(Node) bool { nodes++; return true })
		if got := strings.ReplaceAll(Format(n), " ", ""); got != src || nodes < 1000 {
			t.Errorf("%q: %d nodes, %d bytes", part, nodes, len(got))
		}
	}
}
