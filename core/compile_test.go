package core

import (
	"fmt"
	"strings"
	"testing"
)

// wrongDef is one mistake in a definition.
type wrongDef struct {
	name  string
	spoil func(s *Spec)
	want  string // part of the message
}

// field is a mistake in one more field, put before the others.
func field(f Field) func(s *Spec) {
	return func(s *Spec) { s.Fields = append([]Field{f}, s.Fields...) }
}

// last is a mistake in one more field, put behind the others.
func last(fs ...Field) func(s *Spec) {
	return func(s *Spec) { s.Fields = append(s.Fields, fs...) }
}

func claims(on, is string) func(s *Spec) {
	return func(s *Spec) { s.Over = append(s.Over, Key{On: on, Is: is}) }
}

func itemsOfList(f ...Field) *Struct { return &Struct{Fields: f} }

var wrongDefs = []wrongDef{
	{"bits 0", field(Field{Name: "x", Bits: 0}), "demo.x: 0 bits (1 to 64)"},
	{"bits 65", field(Field{Name: "x", Bits: 65}), "demo.x: 65 bits (1 to 64)"},
	{"bits negative", field(Field{Name: "x", Bits: -8}), "demo.x: -8 bits (1 to 64)"},
	{"bits of text", field(Field{Name: "x", Kind: Text, Bits: 8, Size: "1"}), "demo.x: bits are for numbers"},
	{"le of 12 bits", field(Field{Name: "x", Bits: 12, LE: true}), "demo.x: le: "},
	{"signed text", field(Field{Name: "x", Kind: Text, Size: "1", Signed: true}), "demo.x: signed is for numbers"},
	{"names of bytes", field(Field{Name: "x", Kind: Bytes, Size: "1", Names: []ValueName{{1, "one"}}}), "demo.x: names"},
	{"size of number", field(Field{Name: "x", Bits: 8, Size: "1"}), "demo.x: size is for bytes, text, lists and IP addresses"},
	{"stop of number", field(Field{Name: "x", Bits: 8, Until: "\n"}), "demo.x: stop is for bytes, text and lists"},
	{"size and stop", field(Field{Name: "x", Kind: Text, Size: "1", Until: "\n"}), "demo.x: size and stop exclude each other"},
	{"count of bytes", field(Field{Name: "x", Kind: Bytes, Size: "1", Count: "1"}), "demo.x: count, last, by, kinds and pad are for lists"},
	{"pad of bytes", field(Field{Name: "x", Kind: Bytes, Size: "1", Pad: 4}), "demo.x: count, last, by, kinds and pad are for lists"},
	{"kinds without by", last(Field{Name: "x", Kind: List, Size: "1", Item: itemsOfList(num("a", 8)), Kinds: []Variant{{Is: "1"}}}), "demo.x: kinds and other need by"},
	{"computed with auto", field(Field{Name: "x", Get: "1", Auto: "sum"}), "demo.x: a computed field has no bytes"},
	{"computed with default", field(Field{Name: "x", Get: "1", Default: 1}), "demo.x: a computed field has no bytes"},
	{"pad without align", field(Field{Name: "x", Kind: Pad}), "demo.x: pad needs align"},
	{"negative align", field(Field{Name: "x", Bits: 8, Align: -1}), "demo.x: align is 1 to 65536"},
	{"huge align", field(Field{Name: "x", Bits: 8, Align: 1 << 20}), "demo.x: align is 1 to 65536"},
	{"huge pad", last(Field{Name: "x", Kind: List, Pad: 1 << 20, Item: itemsOfList(num("a", 8))}), "demo.x: pad is 1 to 65536"},
	{"negative unit", field(Field{Name: "x", Bits: 8, Auto: "header_len", Unit: -4}), "demo.x: unit is 1 or more"},
	{"key of text", field(Field{Name: "x", Kind: Text, Size: "1", Key: "demo.a"}), "demo.x: key is for numbers and bytes"},
	{"key without dot", field(Field{Name: "x", Bits: 8, Key: "demo"}), "demo.x: key: "},

	{"default too big", field(Field{Name: "x", Bits: 8, Default: 256}), "demo.x: default: "},
	{"default negative", field(Field{Name: "x", Bits: 8, Default: -1}), "demo.x: default: "},
	{"default of a kind", field(Field{Name: "x", Bits: 8, Default: "one"}), "demo.x: default: "},
	{"default no address", field(Field{Name: "x", Kind: IP4, Default: "1.2.3"}), "demo.x: default: "},
	{"default no mac", field(Field{Name: "x", Kind: MAC, Default: "02:00"}), "demo.x: default: "},
	{"default too long", field(Field{Name: "x", Kind: Bytes, Size: "2", Default: "abc"}), "demo.x: default: "},
	{"default of name", field(Field{Name: "x", Kind: Name, Default: "a..b"}), "demo.x: default: "},

	{"name twice", last(num("a", 8)), "demo.a: the name stands twice"},
	{"name twice, one when", last(Field{Name: "a", Bits: 8, When: "b == 1"}), "demo.a: the name stands twice"},
	{"field name reserved", field(num("body", 8)), "demo.body: the name is taken, by every layer or by the language; choose another"},
	{"field name of the language", field(num("and", 8)), "demo.and: the name is taken, by every layer or by the language; choose another"},
	{"field name _raw", field(num("x_raw", 8)), "demo.x_raw: names that end in _raw"},
	{"field name with dash", field(num("x-y", 8)), "demo.x-y: a field's name is letters"},
	{"field name a digit", field(num("1x", 8)), "demo.1x: a field's name is letters"},
	{"field without name", field(num("", 8)), "demo: field 1 has no name"},
	{"protocol name upper case", func(s *Spec) { s.Name = "Demo" }, "Demo: a protocol's name is lower-case"},
	{"protocol name empty", func(s *Spec) { s.Name = "" }, ": a protocol's name is lower-case"},
	{"protocol name reserved", func(s *Spec) { s.Name = "frame" }, "frame: the name is taken, by a packet or by pkl; choose another"},

	{"list of nothing", last(Field{Name: "x", Kind: List, Size: "1"}), "demo.x: a list needs of"},
	{"list of no struct", last(Field{Name: "x", Kind: List, Size: "1", Named: "thin"}), `demo.x: of: no struct "thin" (did you mean "thing"?)`},
	{"of no protocol", last(Field{Name: "x", Get: "body", Of: "dema"}), `demo.x: of: no protocol "dema" (did you mean "demo"?)`},
	{"by is no field", last(Field{Name: "x", Kind: List, Size: "4", By: "tipe", Item: itemsOfList(num("type", 8)), Kinds: []Variant{{Is: "1"}}}), `demo.x: by: `},
	{"by not first", last(Field{Name: "x", Kind: List, Size: "4", By: "t", Kinds: []Variant{
		{Is: "1", Struct: Struct{Fields: []Field{num("t", 8)}}}, {Is: "2", Struct: Struct{Fields: []Field{num("u", 8), num("t", 8)}}}}}), "demo.x: by: t must stand at the same place in every kind"},
	{"kinds no value", last(Field{Name: "x", Kind: List, Size: "4", By: "t", Item: itemsOfList(num("t", 8)), Kinds: []Variant{{Is: "one"}}}), `demo.x: kinds: "one" is no number`},
	{"kinds a mask", last(Field{Name: "x", Kind: List, Size: "4", By: "t", Item: itemsOfList(num("t", 8)), Kinds: []Variant{{Is: "1/1"}}}), "demo.x: kinds: "},
	{"last is no field", last(Field{Name: "x", Kind: List, Last: "S", Item: itemsOfList(num("a", 8))}), "demo.x: last: "},
	{"stop is no field", last(Field{Name: "x", Kind: List, End: "t == 0", Item: itemsOfList(num("a", 8))}), "demo.x: stop: "},
	{"two open ends", last(Field{Name: "x", Kind: Bytes}, Field{Name: "y", Kind: Bytes}), "demo.x: only the last field may take the rest"},
	{"open list before a field", last(Field{Name: "x", Kind: List, Item: itemsOfList(num("q", 8))}, num("y", 8)), "demo.x: only the last field may take the rest"},

	{"when syntax", last(Field{Name: "x", Bits: 8, When: "a =="}), "demo.x: when: "},
	{"when a number", last(Field{Name: "x", Bits: 8, When: "a + b"}), "demo.x: when: "},
	{"when unknown", last(Field{Name: "x", Bits: 8, When: "aa == 1"}), "demo.x: when: "},
	{"when later", last(Field{Name: "x", Bits: 8, When: "y == 1"}, num("y", 8)), "demo.x: when: "},
	{"size later", last(Field{Name: "x", Kind: Bytes, Size: "y"}, num("y", 8)), "demo.x: size: "},
	{"size negative", last(Field{Name: "x", Kind: Bytes, Size: "-1"}), "demo.x: size: "},
	{"size huge", last(Field{Name: "x", Kind: Bytes, Size: "1 << 40"}), "demo.x: size: "},
	{"size text", last(Field{Name: "x", Kind: Bytes, Size: `"a"`}), "demo.x: size: "},
	{"size of zero division", last(Field{Name: "x", Kind: Bytes, Size: "1 / 0"}), "demo.x: size: "},
	{"count later", last(Field{Name: "x", Kind: List, Count: "y", Item: itemsOfList(num("q", 8))}, num("y", 8)), "demo.x: count: "},
	{"count a condition", last(Field{Name: "x", Kind: List, Count: "nothing", Item: itemsOfList(num("q", 8))}), "demo.x: count: "},
	{"auto a typing mistake", last(Field{Name: "x", Bits: 8, Auto: "headr_len"}), `demo.x: auto: `},
	{"auto of text", last(Field{Name: "x", Kind: Text, Size: "1", Auto: "total_len"}), "demo.x: auto is for numbers"},
	{"sum of 8 bits", last(Field{Name: "x", Bits: 8, Auto: "sum"}), "demo.x: auto: an internet checksum has 16 bits"},
	{"crc without parameters", last(Field{Name: "x", Bits: 16, Auto: "crc"}), "demo.x: auto: crc needs its parameters"},
	{"crc of other bits", last(Field{Name: "x", Bits: 16, Auto: "crc32"}), "demo.x: crc: 32 bits in a field of 16"},
	{"crc of 4 bits", last(Field{Name: "x", Bits: 4, Auto: "crc", CRC: &CRC{Bits: 4}}), "demo.x: crc: 8 to 64 bits"},
	{"crc poly too wide", last(Field{Name: "x", Bits: 8, Auto: "crc", CRC: &CRC{Bits: 8, Poly: 0x107}}), "demo.x: crc: 8 to 64 bits"},
	{"cover syntax", last(Field{Name: "x", Bits: 16, Auto: "sum", Cover: "a +"}), "demo.x: cover: "},
	{"get unknown", last(Field{Name: "x", Get: "aa"}), "demo.x: get: "},
	{"auto itself", last(Field{Name: "x", Bits: 8, Auto: "x + 1"}), "demo.x: auto: it is computed from itself"},
	{"auto in a ring", last(Field{Name: "x", Bits: 8, Auto: "y + 1"}, Field{Name: "y", Bits: 8, Auto: "x + 1"}), "demo.x: auto: it is computed from itself, by way of y"},
	{"auto in a ring of a part", last(Field{Name: "x", Bits: 8, Auto: "z"}, Field{Name: "y", Bits: 8, Auto: "x + 1"}, Field{Name: "w", Bits: 4, Part: "y"}, Field{Name: "z", Get: "w"}), "demo.x: auto: it is computed from itself, by way of z"},
	{"auto of a ring", last(Field{Name: "v", Bits: 8, Auto: "z"}, Field{Name: "x", Bits: 8, Auto: "z"}, Field{Name: "z", Get: "y + 1"}, Field{Name: "y", Bits: 8, Auto: "x + 1"}), "demo.y: auto: it is computed from itself, by way of x"},
	{"get of a width", last(Field{Name: "x", Bits: 8, Get: "a"}), "demo.x: a computed field has no width"},
	{"names twice", last(Field{Name: "x", Bits: 8, Names: []ValueName{{1, "one"}, {2, "one"}}}), `demo.x: names: "one" stands for two values`},
	{"crc poly 0", last(Field{Name: "x", Bits: 8, Auto: "crc", CRC: &CRC{Bits: 8}}), "demo.x: crc: a poly of 0 checks nothing"},
	{"pair of one", func(s *Spec) { s.Pairs = []Pair{{"a", "a"}} }, "demo: pairs: a is no pair with itself"},
	{"next twice", last(Field{Name: "x", Bits: 8, Auto: "next"}, Field{Name: "y", Bits: 8, Auto: "next"}), "demo.y: auto: x leads to the layer above already"},
	{"header too small", func(s *Spec) { last(num("x", 32))(s); s.Header = "2" }, "demo: header: 2 bytes, but its fields have "},
	{"kinds beyond by", last(Field{Name: "x", Kind: List, Size: "4", By: "t", Item: itemsOfList(num("t", 8)), Kinds: []Variant{{Is: "1"}, {Is: "300"}}}), "demo.x: kinds: 300 does not fit in the 8 bits of t"},
	{"by an expression", last(Field{Name: "x", Kind: List, Size: "4", By: "t & 15", Item: itemsOfList(num("t", 8)), Kinds: []Variant{{Is: "1"}}}), "demo.x: by: "},
	{"by a computed field", last(Field{Name: "x", Kind: List, Size: "4", By: "k", Item: itemsOfList(num("t", 8), Field{Name: "k", Get: "t & 15"}), Kinds: []Variant{{Is: "1"}}}), "demo.x: by: "},
	{"rest before a footer of any size", func(s *Spec) {
		s.Len = "n"
		last(num("n", 8), Field{Name: "f", Bits: 8}, Field{Name: "x", Kind: Bytes})(s)
		s.Footer = []Field{{Name: "y", Bits: 8, When: "f == 1"}}
	}, "demo.x: it takes the rest of the header, whose end nothing tells before the footer"},
	{"get itself", last(Field{Name: "x", Get: "x + 1"}), "demo.x: get: "},
	{"get in a ring", last(Field{Name: "x", Get: "y + 1"}, Field{Name: "y", Get: "x + 1"}), "computed from itself"},

	{"part of nothing", last(Field{Name: "x", Bits: 4, Part: "whole"}), `demo.x: part: no earlier field "whole"`},
	{"part too wide", last(Field{Name: "x", Bits: 9, Part: "a"}), "demo.x: part: a has only 8 bits"},
	{"parts too wide", last(Field{Name: "x", Bits: 5, Part: "a"}, Field{Name: "y", Bits: 5, Part: "a"}), "demo.y: part: a has only 8 bits"},
	{"part of text", last(Field{Name: "t", Kind: Text, Size: "1"}, Field{Name: "x", Bits: 4, Part: "t"}), "demo.x: part: both must be numbers, the part a big-endian one"},
	{"too many flags", last(Field{Name: "x", Bits: 2, Flags: []string{"A", "B", "C"}}, num("y", 6)), "demo.x: 3 flags in 2 bits"},
	{"flags of a computed field", last(Field{Name: "x", Get: "a", Flags: []string{"A"}}), "demo.x: a computed field has no bits of its own: bits go with the number that has them"},
	{"rule with arguments", last(Field{Name: "x", Bits: 16, Auto: "sum(a)"}), "demo.x: auto: \"sum\" stands alone, it takes no arguments"},
	{"flag twice", last(Field{Name: "x", Bits: 8, Flags: []string{"A", "A"}}), "demo.A: the name stands twice"},
	{"flag reserved", last(Field{Name: "x", Bits: 8, Flags: []string{"or"}}), "demo.or: the name is taken, by every layer or by the language; choose another"},
	{"lsb not whole", last(Field{Name: "x", Bits: 3, LSB: true}), "demo.x: lsb: "},
	{"lsb too wide", last(Field{Name: "x", Bits: 60, LSB: true}, Field{Name: "y", Bits: 12, LSB: true}), "demo.y: lsb: "},
	{"lsb with and without le", last(Field{Name: "x", Bits: 4, LSB: true}, Field{Name: "y", Bits: 12, LSB: true, LE: true}), "demo.y: lsb: it shares a word with x: le "},
	{"lsb with and without when", last(Field{Name: "x", Bits: 4, LSB: true, When: "a == 1"}, Field{Name: "y", Bits: 12, LSB: true}), "demo.y: lsb: it shares a word with x: both have the same when"},
	{"lsb aligned within a word", last(Field{Name: "x", Bits: 4, LSB: true}, Field{Name: "y", Bits: 12, LSB: true, Align: 4}), "demo.y: lsb: it shares a word with x: align "},
	{"lsb within a byte", last(num("w", 4), Field{Name: "x", Bits: 8, LSB: true}, num("y", 4)), "demo.x: lsb: its word begins at bit 4 of a byte"},

	{"over no protocol", claims("dema.a", "1"), `demo: over dema.a: no protocol "dema" (did you mean "demo"?)`},
	{"over no field", claims("demo.aa", "1"), `demo: over demo.aa: demo has no number field "aa"`},
	{"over a text", func(s *Spec) { claims("demo.t", "1")(s); last(Field{Name: "t", Kind: Text, Size: "1"})(s) }, "demo: over demo.t: a key is a number"},
	{"over one word", claims("linc", "1"), `demo: over linc: no protocol "linc" (did you mean "link"?)`},
	{"over no number", claims("demo.a", "seven"), `demo: over demo.a: "seven" is no number`},
	{"over nothing", claims("demo.a", ""), `demo: over demo.a: "" is no number`},
	{"over a range backwards", claims("demo.a", "9-7"), `demo: over demo.a: "9-7" is no range`},
	{"over a mask of 0", claims("demo.a", "0/0"), `demo: over demo.a: "0/0" is no value/mask`},
	{"over a mask that never fits", claims("demo.a", "0x11/0xf0"), `demo: over demo.a: `},
	{"over all without check", claims("demo", "true"), "demo: over demo: a protocol that is tried on every payload needs a check"},
	{"over beyond the field", claims("demo.a", "300"), "demo: over demo.a: "},
	{"fill syntax", func(s *Spec) { s.Over = append(s.Over, Key{On: "demo.a", Is: "1-5", Fill: "len("}) }, "demo: over demo.a: fill: "},
	{"pairs", func(s *Spec) { s.Pairs = []Pair{{"a", "bb"}} }, `demo: pairs: no field "bb" (did you mean "b"?)`},
	{"pseudo", func(s *Spec) { s.Pseudo = []string{"src"} }, `demo: pseudo: no field "src"`},
	{"header syntax", func(s *Spec) { s.Header = "a *" }, "demo: header: "},
	{"header unknown", func(s *Spec) { s.Header = "ab" }, "demo: header: "},
	{"header negative", func(s *Spec) { s.Header = "-4" }, "demo: header: "},
	{"len unknown", func(s *Spec) { s.Len = "lenn" }, "demo: len: "},
	{"len zero", func(s *Spec) { s.Len = "0" }, "demo: len: "},
	{"check syntax", func(s *Spec) { s.Check = "(" }, "demo: check: "},
	{"pieces unknown", func(s *Spec) { s.Pieces = "MF" }, "demo: pieces: "},
	{"footer repeats a field", func(s *Spec) { s.Footer = []Field{num("a", 8)} }, "demo.a: the header has a field of this name"},
	{"not whole bytes", last(num("x", 4)), "demo"},
	{"bytes within a byte", last(num("x", 4), Field{Name: "t", Kind: Text, Size: "1"}, num("y", 4)), "demo.t"},
	{"list within a byte", last(num("x", 4), Field{Name: "t", Kind: List, Size: "1", Item: itemsOfList(num("q", 8))}), "demo"},
	{"item not whole bytes", last(Field{Name: "x", Kind: List, Size: "1", Item: itemsOfList(num("q", 4))}), "demo.x"},
	{"item len unknown", last(Field{Name: "x", Kind: List, Size: "4", Item: &Struct{Len: "l", Fields: []Field{num("q", 8)}}}), "demo.x"},
	{"kinds twice", last(Field{Name: "x", Kind: List, Size: "4", By: "t", Item: itemsOfList(num("t", 8)), Kinds: []Variant{{Is: "1-5"}, {Is: "3"}}}), "demo.x: kinds: "},
}

// goodSpec compiles; each of wrongDefs spoils it.
func goodSpec() *Spec {
	return &Spec{Name: "demo", Pos: "demo.lua:3", Over: []Key{{On: "link", Is: "147"}}, Fields: []Field{num("a", 8), num("b", 8)}}
}

func things() []*Struct {
	return []*Struct{{Name: "thing", Fields: []Field{num("a", 8)}, Pos: "demo.lua:9"}}
}

// TestWrongDefinition: every mistake is an error that says where and what it is.
func TestWrongDefinition(t *testing.T) {
	if _, err := Compile([]*Spec{goodSpec()}, things(), nil); err != nil {
		t.Fatal(err)
	}
	for _, w := range wrongDefs {
		t.Run(w.name, func(t *testing.T) {
			s := goodSpec()
			w.spoil(s)
			r, err := Compile([]*Spec{s}, things(), nil)
			switch {
			case err == nil || r != nil:
				t.Errorf("no error, want %q", w.want)
			case !strings.Contains(err.Error(), w.want):
				t.Errorf("%q, want %q in it", err, w.want)
			case !strings.HasPrefix(err.Error(), "demo.lua:3: "):
				t.Errorf("%q does not begin with where it is", err)
			}
		})
	}
}

// TestWrongTogether: all mistakes of all definitions are reported at once, each on its line.
func TestWrongTogether(t *testing.T) {
	a, b := goodSpec(), goodSpec()
	b.Name, b.Pos = "other", "other.lua:7"
	for _, f := range []Field{num("x", 99), {Name: "y", Kind: Text, Bits: 3, Size: "1"}, {Name: "z", Bits: 8, When: "nowhere == 1"}} {
		last(f)(a)
		last(f)(b)
	}
	a.Header, b.Check = "nothing", "("
	_, err := Compile([]*Spec{a, b}, nil, []Bind{{Proto: "nobody", Pos: "bind.lua:1", Key: Key{On: "demo.a", Is: "1"}}, {Proto: "demo", Pos: "bind.lua:2", Key: Key{On: "demo.q", Is: "1"}}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"demo.lua:3: demo.x: 99 bits", "other.lua:7: other.x: 99 bits", "demo.lua:3: demo.y: ", "other.lua:7: other.y: ",
		"demo.lua:3: demo.z: when: ", "other.lua:7: other.z: when: ", "demo.lua:3: demo: header: ", "other.lua:7: other: check: ",
		"bind.lua:1: pkl.bind: no protocol", "bind.lua:2: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
}

// TestWrongBetween: mistakes that two definitions make together.
func TestWrongBetween(t *testing.T) {
	child := func(name, is string, check string) *Spec {
		return &Spec{Name: name, Pos: name + ".lua:1", Over: []Key{{On: "demo.a", Is: is}}, Check: check, Fields: []Field{num("f", 8)}}
	}
	for _, c := range []struct {
		name string
		a, b *Spec
		want string // nothing: no mistake
	}{
		{"one value", child("p", "5", ""), child("q", "5", ""), `pkl.bind("q", "demo.a", 5)`},
		{"one value of several", child("p", "4, 5", ""), child("q", "5, 6", ""), "belongs to p too"},
		{"one value, checked", child("p", "5", "f == 1"), child("q", "5", ""), ""},
		{"both checked", child("p", "5", "f == 1"), child("q", "5", "f == 2"), ""},
		{"a value within a range", child("p", "1-9", ""), child("q", "5", ""), `pkl.bind("p", "demo.a", 5)`},
		{"a value within a range, checked", child("p", "1-9", ""), child("q", "5", "f == 1"), ""},
		{"two ranges", child("p", "1-9", ""), child("q", "5-12", ""), "belongs to p too"},
		{"two masks", child("p", "0x10/0xf0", ""), child("q", "0x01/0x0f", ""), "belongs to p too"},
		{"a range and a mask", child("p", "0x10-0x1f", ""), child("q", "0x10/0xf0", ""), "belongs to p too"},
		{"the same name", child("p", "5", ""), child("p", "6", ""), "protocol is defined twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Compile([]*Spec{goodSpec(), c.a, c.b}, nil, nil)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestCauseOnly: what follows from a mistake is none of its own.
func TestCauseOnly(t *testing.T) {
	named := func(name string, over Key, fields ...Field) *Spec {
		return &Spec{Name: name, Pos: "x.lua:1", Over: []Key{over}, Fields: fields}
	}
	for _, c := range []struct {
		name  string
		specs []*Spec
		want  string
	}{
		{"a name twice", []*Spec{named("p", Key{On: "demo.a", Is: "5"}, num("f", 8)), named("p", Key{On: "demo.a", Is: "5"}, num("g", 8)),
			named("q", Key{On: "p.g", Is: "1"}, num("h", 8), Field{Name: "i", Bits: 8, When: "p.g == 1"})},
			"x.lua:1: p: protocol is defined twice, also at x.lua:1"},
		{"a number for a protocol", []*Spec{named("p", Key{On: "demo", Is: "7"}, num("f", 8))},
			"x.lua:1: p: over demo: the value of a protocol is true; a field is written demo.field"},
	} {
		if _, err := Compile(append([]*Spec{goodSpec()}, c.specs...), nil, nil); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// TestWrongStruct: mistakes in named structs are reported where the struct is.
func TestWrongStruct(t *testing.T) {
	user := func(of string) *Spec {
		s := goodSpec()
		last(Field{Name: "l", Kind: List, Named: of})(s)
		return s
	}
	twice := append(things(), things()...)
	if _, err := Compile([]*Spec{user("thing")}, twice, nil); err == nil || !strings.Contains(err.Error(), "demo.lua:9: thing: struct is defined twice") {
		t.Errorf("twice: %v", err)
	}
	bad := []*Struct{{Name: "thing", Pos: "demo.lua:9", Fields: []Field{num("a", 77)}}}
	if _, err := Compile([]*Spec{user("thing")}, bad, nil); err == nil || !strings.Contains(err.Error(), "demo.lua:9: ") || !strings.Contains(err.Error(), "77 bits") {
		t.Errorf("bits: %v", err)
	}
	if _, err := Compile([]*Spec{goodSpec()}, bad, nil); err == nil {
		t.Error("a struct that nobody uses may be wrong")
	}
}

// TestCompileBounds: definitions that contain themselves, or are huge, compile
// in short time or fail in short time.
func TestCompileBounds(t *testing.T) {
	wide := &Spec{Name: "wide"}
	for i := range 10000 {
		wide.Fields = append(wide.Fields, num(fmt.Sprintf("f%d", i), 8))
	}
	deepExpr := goodSpec()
	last(Field{Name: "x", Get: strings.Repeat("(", 5000) + "a" + strings.Repeat(")", 5000)})(deepExpr)
	longExpr := goodSpec()
	last(Field{Name: "x", Get: "a" + strings.Repeat(" + a", 20000)})(longExpr)
	many := &Spec{Name: "many", Fields: []Field{num("a", 64)}}
	for i := range 3000 {
		many.Over = append(many.Over, Key{On: "many.a", Is: fmt.Sprint(i * 7)})
	}
	ranges := &Spec{Name: "ranges", Fields: []Field{num("a", 64)}}
	for i := range 500 {
		ranges.Over = append(ranges.Over, Key{On: "ranges.a", Is: fmt.Sprintf("%d-%d", i, 100000-i)})
	}
	self := &Struct{Name: "self", Fields: []Field{{Name: "kids", Kind: List, Named: "self"}}}
	ping := &Struct{Name: "ping", Fields: []Field{num("n", 8), {Name: "l", Kind: List, Named: "pong", Size: "n"}}}
	pong := &Struct{Name: "pong", Fields: []Field{num("n", 8), {Name: "l", Kind: List, Named: "ping", Size: "n"}}}
	for _, s := range []*Spec{wide, deepExpr, longExpr, many, ranges,
		{Name: "self", Fields: []Field{{Name: "l", Kind: List, Named: "self"}}}, {Name: "ping", Fields: []Field{{Name: "l", Kind: List, Named: "ping"}}}} {
		t.Run(s.Name, func(t *testing.T) {
			r, err := Compile([]*Spec{s}, []*Struct{self, ping, pong}, nil)
			if err != nil {
				t.Log(strings.SplitN(err.Error(), "\n", 2)[0])
				return
			}
			var p Packet
			b := make([]byte, 12000)
			for i := range b {
				b[i] = byte(len(b) - i)
			}
			p.ResetAs(r.Proto(s.Name), b)
			if err := sound(&p); err != nil {
				t.Error(err)
			}
		})
	}
}
