package core

import (
	"fmt"
	"testing"
)

// madeSpecs returns protocols that nobody uses. Together they use every word
// of a definition, most of them where the bytes are least convenient.
func madeSpecs() []*Spec {
	specs := []*Spec{
		{Name: "base", Over: []Key{{On: "link", Is: "147"}}, Pairs: []Pair{{"from_id", "to_id"}}, Fields: []Field{
			{Name: "from_id", Bits: 8}, {Name: "to_id", Bits: 8}, {Name: "kind", Bits: 16, Auto: "next", Names: []ValueName{{1, "odd"}, {2, "widths"}}}}},
		{Name: "blob", Fields: []Field{{Name: "data", Kind: Bytes}}},
	}
	for i, s := range append(leafSpecs(), cutSpecs()...) {
		s.Over = append(s.Over, Key{On: "base.kind", Is: fmt.Sprint(i + 1)})
		specs = append(specs, s)
	}
	return append(specs, stackSpecs()...)
}

func num(name string, bits int) Field { return Field{Name: name, Bits: bits} }

func auto(name string, bits int, rule string) Field { return Field{Name: name, Bits: bits, Auto: rule} }

// leafSpecs are found under base.kind 1, 2, …
func leafSpecs() []*Spec {
	return []*Spec{oddSpec(), widthsSpec(), littleSpec(), condSpec(), alignedSpec(), sizesSpec(), countsSpec(), lastsSpec(), stopsSpec(),
		restsSpec(), paddedSpec(), nestedSpec(), kindsSpec(), outerSpec(), plainsSpec(), textsSpec(), computedSpec(), footedSpec(), restFootedSpec(),
		foot24Spec(), customSpec(), exprsSpec(), countedSpec(), namesSpec(), inlineSpec(), boundedSpec(), prefixesSpec(), roomySpec()}
}

// oddSpec has numbers that begin and end anywhere.
func oddSpec() *Spec {
	return &Spec{Name: "odd", Fields: []Field{
		num("a", 3), {Name: "B", Bits: 1, Default: 1}, {Name: "c", Bits: 13, Signed: true, Default: -5}, num("d", 64), {Name: "e", Bits: 33, Signed: true},
		{Name: "f", Bits: 7, Hex: true}, num("g", 63), num("H", 1), num("i", 17), {Name: "j", Bits: 6, Signed: true}}}
}

// widthsSpec has every width once: 2,080 bits.
func widthsSpec() *Spec {
	s := &Spec{Name: "widths"}
	for n := 1; n <= 64; n++ {
		s.Fields = append(s.Fields, Field{Name: fmt.Sprintf("n%d", n), Bits: n, Signed: n%3 == 0})
	}
	return s
}

func littleSpec() *Spec {
	s := &Spec{Name: "little"}
	for n := 8; n <= 64; n += 8 {
		s.Fields = append(s.Fields, Field{Name: fmt.Sprintf("le%d", n), Bits: n, LE: true, Signed: n%16 == 0})
	}
	lsb := func(name string, bits int, le bool) Field { return Field{Name: name, Bits: bits, LSB: true, LE: le} }
	s.Fields = append(s.Fields, lsb("p", 3, false), lsb("q", 5, false), lsb("r", 12, true), lsb("s", 4, true),
		lsb("t", 20, false), lsb("U", 1, false), lsb("v", 11, false), lsb("w", 1, true), lsb("x", 62, true), lsb("Y", 1, true))
	s.Fields = append(s.Fields, Field{Name: "hw", Kind: MAC, LE: true, Default: "02:00:00:00:00:01"}, Field{Name: "hw_again", Get: "hw"})
	return s
}

// condSpec has fields that are there or not, for every reason.
func condSpec() *Spec {
	return &Spec{Name: "cond", Fields: []Field{
		auto("A", 1, "present(x)"), auto("B", 1, "present(y)"), num("z", 6),
		{Name: "x", Bits: 32, When: "A"}, {Name: "xx", Bits: 16, When: "A", Default: 7}, {Name: "y", Kind: MAC, When: "B == 1"},
		{Name: "kind", Bits: 8, Names: []ValueName{{1, "one"}, {2, "two"}}},
		{Name: "v1", Bits: 16, When: "kind == 1"}, {Name: "v2", Kind: MAC, When: "kind == two"},
		{Name: "val", Bits: 16, When: "kind == 3"}, {Name: "val", Kind: IP4, When: "kind == 4"}, num("tail", 8)}}
}

func alignedSpec() *Spec {
	return &Spec{Name: "aligned", Fields: []Field{
		num("a", 8), {Name: "b", Bits: 16, Align: 4}, {Name: "c", Kind: Bytes, Size: "3"}, {Name: "d", Bits: 32, Align: 8},
		{Name: "e", Kind: Text, Until: "\x00"}, {Kind: Pad, Align: 4}, num("f", 8)}}
}

func sizesSpec() *Spec {
	return &Spec{Name: "sizes", Fields: []Field{num("n", 8),
		{Name: "items", Kind: List, Size: "n", Item: &Struct{Fields: []Field{num("t", 8), num("l", 8), {Name: "v", Kind: Bytes, Size: "l"}}}},
		num("after", 8)}}
}

// prefixesSpec has addresses of which only the first bytes are there, in items whose length has one byte or two.
func prefixesSpec() *Spec {
	return &Spec{Name: "prefixes", Fields: []Field{{Name: "routes", Kind: List, Item: &Struct{Fields: []Field{
		num("WIDE", 1), num("bits", 7), {Name: "len", Bits: 8, When: "not WIDE", Auto: "body_len"},
		{Name: "len", Bits: 16, When: "WIDE", Auto: "body_len"}, {Name: "to", Kind: IP4, Size: "(bits + 7) / 8"},
		{Name: "n", Bits: 8}, {Name: "via", Kind: IP6, Size: "n"}}}}}}
}

func countsSpec() *Spec {
	return &Spec{Name: "counts", Fields: []Field{num("n", 8),
		{Name: "items", Kind: List, Count: "n", Item: &Struct{Fields: []Field{num("a", 16), {Name: "b", Kind: Text, Until: "\x00"}}}},
		num("m", 8), {Name: "bits", Kind: List, Count: "m", Item: &Struct{Fields: []Field{num("u", 3), num("V", 1), num("w", 12)}}}}}
}

func lastsSpec() *Spec {
	return &Spec{Name: "lasts", Fields: []Field{
		{Name: "items", Kind: List, Last: "S", Item: &Struct{Fields: []Field{num("v", 15), num("S", 1)}}, Default: "\x00\x01"}, num("after", 8)}}
}

func stopsSpec() *Spec {
	return &Spec{Name: "stops", Fields: []Field{num("a", 8),
		{Name: "items", Kind: List, By: "type", End: "type == 0", Kinds: []Variant{{Is: "0-1", Struct: Struct{Fields: []Field{num("type", 8)}}}},
			Other: &Struct{Fields: []Field{num("type", 8), auto("len", 8, "total_len"), {Name: "v", Kind: Bytes}}}}}}
}

func restsSpec() *Spec {
	return &Spec{Name: "rests", Len: "n", Fields: []Field{auto("n", 16, "total_len"),
		{Name: "items", Kind: List, Item: &Struct{Fields: []Field{num("a", 8), num("b", 16)}}}}}
}

// paddedSpec pads each item and the whole; its header is counted in words, with a bias.
func paddedSpec() *Spec {
	return &Spec{Name: "padded", Header: "(hlen + 1) * 4", Fields: []Field{
		{Name: "hlen", Bits: 8, Auto: "header_len", Unit: 4, Bias: -1}, num("a", 24),
		{Name: "items", Kind: List, Align: 4, Pad: 8, Item: &Struct{Fields: []Field{
			{Name: "t", Bits: 8, Default: 9}, auto("l", 8, "total_len"), {Name: "v", Kind: Bytes}}}}}}
}

// treeStruct contains itself.
func treeStruct() *Struct {
	return &Struct{Name: "tree", Fields: []Field{num("t", 8), auto("l", 16, "total_len"),
		{Name: "kids", Kind: List, Named: "tree", When: "t == 1"}, {Name: "v", Kind: Bytes, When: "t != 1"}}}
}

func nestedSpec() *Spec {
	return &Spec{Name: "nested", Fields: []Field{num("n", 16), {Name: "trees", Kind: List, Named: "tree", Size: "n"},
		num("groups_n", 8), {Name: "groups", Kind: List, Count: "groups_n", Item: &Struct{Fields: []Field{
			num("k", 8), {Name: "subs", Kind: List, Count: "k", Item: &Struct{Fields: []Field{num("x", 8), num("l", 8), {Name: "s", Kind: Text, Size: "l"}}}}}}}}}
}

func kindsSpec() *Spec {
	return &Spec{Name: "kinds", Fields: []Field{num("n", 16),
		{Name: "items", Kind: List, Size: "n", By: "type",
			Item: &Struct{Fields: []Field{{Name: "type", Bits: 8, Names: []ValueName{{5, "five"}}}, {Name: "len", Bits: 8, Auto: "body_len"}}},
			Kinds: []Variant{{Is: "1", Struct: Struct{Fields: []Field{num("a", 16)}}}, {Is: "2-4", Struct: Struct{Fields: []Field{{Name: "ip", Kind: IP6}}}},
				{Is: "five", Struct: Struct{Name: "fives", Fields: []Field{{Name: "macs", Kind: List, Item: &Struct{Fields: []Field{{Kind: MAC}}}}}}}},
			Other: &Struct{Fields: []Field{{Name: "v", Kind: Bytes}}}}}}
}

// outerSpec chooses the kind of its items by a field around them.
func outerSpec() *Spec {
	return &Spec{Name: "outer", Fields: []Field{num("af", 8), num("n", 8),
		{Name: "items", Kind: List, Count: "n", By: "^.af", Kinds: []Variant{
			{Is: "1", Struct: Struct{Fields: []Field{{Name: "ip", Kind: IP4}}}}, {Is: "2", Struct: Struct{Fields: []Field{{Name: "mac", Kind: MAC}}}}},
			Other: &Struct{Fields: []Field{num("x", 8)}}}}}
}

func plainsSpec() *Spec {
	of := func(f Field) *Struct { return &Struct{Fields: []Field{f}} }
	return &Spec{Name: "plains", Fields: []Field{num("n", 8), {Name: "macs", Kind: List, Count: "n", Item: of(Field{Kind: MAC})},
		num("m", 8), {Name: "ips", Kind: List, Size: "m", Item: of(Field{Kind: IP4})},
		num("k", 8), {Name: "ip6s", Kind: List, Count: "k", Item: of(Field{Kind: IP6})},
		num("o", 8), {Name: "words", Kind: List, Size: "o", Item: of(Field{Bits: 16, LE: true, Signed: true})},
		{Name: "nums", Kind: List, Item: of(Field{Bits: 24})}}}
}

func textsSpec() *Spec {
	return &Spec{Name: "texts", Fields: []Field{{Name: "a", Kind: Text, Size: "4", Default: "abcd"}, {Name: "b", Kind: Text, Until: "\r\n"}, {Name: "c", Kind: Bytes, Until: "\x00"},
		num("l", 8), {Name: "d", Kind: Text, Size: "l", Default: "dd"}, num("two", 8), {Name: "e", Kind: Bytes, Size: "two * 2"}, {Name: "rest_of", Kind: Text}}}
}

func computedSpec() *Spec {
	return &Spec{Name: "computed", Fields: []Field{
		num("y", 5), {Name: "z", Bits: 3, Flags: []string{"", "F1", "F2"}}, num("x", 16), {Name: "hi", Bits: 4, Part: "x"}, {Name: "lo", Bits: 12, Part: "x"},
		{Name: "m", Kind: MAC}, {Name: "alias", Get: "lo"}, {Name: "both", Get: "hi + lo"}, {Name: "cut", Get: "m[0:3]"},
		{Name: "big", Get: "lo > 100"}, num("n", 8), {Name: "v", Kind: Bytes, Size: "n"}, {Name: "vlen", Get: "len(v)"}}}
}

func footedSpec() *Spec {
	return &Spec{Name: "footed", Fields: []Field{num("a", 8), auto("blen", 16, "len(body)")}, Len: "blen + 3 + 7", Footer: []Field{{Name: "f", Bits: 24}, auto("crc", 32, "crc32")}}
}

// restFootedSpec has a header that ends where its footer begins.
func restFootedSpec() *Spec {
	return &Spec{Name: "rest_footed", Fields: []Field{auto("t", 8, "total_len"), {Name: "d", Kind: Bytes}}, Footer: []Field{auto("fcs", 32, "crc32")}}
}

func foot24Spec() *Spec {
	return &Spec{Name: "foot24", Fields: []Field{auto("n", 16, "total_len"), num("a", 8)}, Footer: []Field{auto("sum", 16, "sum"), {Name: "crc", Bits: 24, Auto: "crc24"}}}
}

func customSpec() *Spec {
	return &Spec{Name: "custom", Fields: []Field{num("a", 8),
		{Name: "check_le", Bits: 16, LE: true, Auto: "crc", Cover: "1", CRC: &CRC{Bits: 16, Poly: 0x8005, Init: 0xffff, Reflect: true}},
		{Name: "check_be", Bits: 16, Auto: "crc", CRC: &CRC{Bits: 16, Poly: 0x1021, Init: 0x1d0f, Xor: 0x55}, Cover: "5"}, num("b", 16)},
		Footer: []Field{{Name: "check_tail", Bits: 24, Auto: "crc24", From: "5"}, {Name: "sum_part", Bits: 16, Auto: "sum", From: "3", Cover: "2"}}}
}

func exprsSpec() *Spec {
	return &Spec{Name: "exprs", Fields: []Field{auto("a", 8, "len(body) + 1"), auto("b", 8, "len(t) * 2 + count(l)"), auto("C", 1, "present(o)"), auto("d", 7, "z & 0x7f"),
		num("z", 8), auto("tl", 8, "len(t)"), {Name: "t", Kind: Text, Size: "tl"}, auto("ln", 8, "count(l)"),
		{Name: "l", Kind: List, Count: "ln", Item: &Struct{Fields: []Field{num("q", 8)}}}, {Name: "o", Bits: 8, When: "C"}}}
}

// countedSpec counts the bytes of its items in units.
func countedSpec() *Spec {
	return &Spec{Name: "counted", Fields: []Field{num("n", 16), {Name: "items", Kind: List, Size: "n", Item: &Struct{Fields: []Field{
		{Name: "t", Bits: 8, Default: 3}, {Name: "l", Bits: 8, Auto: "total_len", Unit: 8, Bias: 0}, {Name: "v", Kind: Bytes}}}}}}
}

func namesSpec() *Spec {
	return &Spec{Name: "names", Fields: []Field{{Name: "id", Bits: 16, Origin: true}, num("n", 8), {Name: "first", Kind: Name}, {Name: "whole", Kind: Name, Plain: true},
		{Name: "items", Kind: List, Count: "n", Item: &Struct{Fields: []Field{{Name: "name", Kind: Name}, num("l", 8), {Name: "v", Kind: Bytes, Size: "l"}}}}}}
}

// inlineSpec has items whose own length is an expression.
func inlineSpec() *Spec {
	return &Spec{Name: "inline", Fields: []Field{num("n", 8), {Name: "items", Kind: List, Size: "n", Item: &Struct{Len: "l + 2", Fields: []Field{
		{Name: "t", Bits: 8}, {Name: "l", Bits: 8, Auto: "len(v)"}, {Name: "v", Kind: Bytes}}}}}}
}

// boundedSpec has two lists, lengths and text between them, a body and a trailer.
func boundedSpec() *Spec {
	return &Spec{Name: "bounded", Header: "h", Len: "all", Fields: []Field{auto("h", 16, "header_len"), auto("all", 16, "total_len"), {Name: "blen", Bits: 16, Auto: "body_len", Unit: 1, Bias: 3},
		num("n", 8), {Name: "l1", Kind: List, Count: "n", Item: &Struct{Fields: []Field{num("a", 8)}}},
		num("s", 8), {Name: "t", Kind: Text, Size: "s"}, {Name: "l2", Kind: List, Item: &Struct{Fields: []Field{num("b", 16)}}}}}
}

// roomySpec has lengths that make room for themselves by a flag, in the header and in items.
func roomySpec() *Spec {
	return &Spec{Name: "roomy", Len: "len", Fields: []Field{
		{Name: "v", Bits: 2}, {Name: "LONG", Bits: 1}, {Name: "len", Bits: 5, When: "not LONG", Auto: "total_len"}, {Name: "len", Bits: 13, When: "LONG", Auto: "total_len"},
		num("all", 8), {Name: "items", Kind: List, Size: "all", Item: &Struct{Fields: []Field{num("marks", 8), {Name: "WIDE", Bits: 1, Part: "marks"},
			{Name: "l", Bits: 4, When: "not WIDE", Auto: "body_len"}, {Name: "l", Bits: 12, When: "WIDE", Auto: "body_len"}, num("x", 4),
			{Name: "w", Kind: Bytes}}}}}}
}

// stackSpecs lie above each other: addresses and sums, keys of all kinds.
func stackSpecs() []*Spec {
	seg := []Field{num("sport", 8), num("dport", 8), auto("sum", 16, "pseudo_sum")}
	return []*Spec{
		{Name: "net", Over: []Key{{On: "base.kind", Is: "100"}, {On: "net.next", Is: "9"}}, Pairs: []Pair{{"src", "dst"}}, Pseudo: []string{"src", "dst"},
			Header: "hlen * 4", Len: "len", Stop: "off != 0", Pieces: "MF", Fields: []Field{
				auto("len", 16, "total_len"), {Name: "hlen", Bits: 8, Auto: "header_len", Unit: 4}, {Name: "MF", Bits: 1}, num("off", 7),
				auto("next", 8, "next"), num("pad1", 8), auto("sum", 16, "sum"), {Name: "src", Kind: IP4, Default: "10.0.0.1"}, {Name: "dst", Kind: IP4, Default: "10.0.0.2"},
				{Name: "opts", Kind: List, Pad: 4, End: "t == 0", By: "t", Kinds: []Variant{{Is: "0-1", Struct: Struct{Fields: []Field{num("t", 8)}}}},
					Other: &Struct{Fields: []Field{num("t", 8), auto("l", 8, "total_len")}}}}},
		{Name: "net6", Over: []Key{{On: "base.kind", Is: "101"}, {On: "net.next", Is: "10"}}, Pairs: []Pair{{"src", "dst"}}, Pseudo: []string{"src", "dst"}, SumRequired: true,
			Fields: []Field{auto("len", 16, "body_len"), {Name: "next", Bits: 8, Auto: "next", Key: "net.next"}, num("hlim", 8), {Name: "src", Kind: IP6, Default: "::1"}, {Name: "dst", Kind: IP6}}},
		{Name: "via", Over: []Key{{On: "net.next", Is: "11"}}, Pseudo: []string{"last_hop"}, Header: "(n + 1) * 8", Fields: []Field{
			{Name: "next", Bits: 8, Auto: "next", Key: "net.next"}, {Name: "n", Bits: 8, Auto: "header_len", Unit: 8, Bias: -1}, num("left", 8), num("x", 40),
			{Name: "hops", Kind: List, Item: &Struct{Fields: []Field{{Kind: IP6}}}}, {Name: "last_hop", Get: "hops_raw[-16:]", When: "left > 0 and n > 0"}}},
		{Name: "seg", Over: []Key{{On: "net.next", Is: "1"}}, Pairs: []Pair{{"sport", "dport"}},
			Fields: append(seg[:2:2], Field{Name: "sum", Bits: 16, Auto: "pseudo_sum", Optional: true}, auto("len", 16, "total_len"))},
		{Name: "units", Over: []Key{{On: "net.next", Is: "2"}, {On: "seg.port", Is: "7, 8"}},
			Fields: []Field{{Name: "n", Bits: 16, Auto: "body_len", Unit: 2, Bias: 1}, {Name: "next", Bits: 8, Auto: "next", Key: "net.next"}, num("x", 8)}},
		{Name: "castagnoli", Over: []Key{{On: "net.next", Is: "3"}}, Fields: append(seg[:2:2], auto("sum", 32, "crc32c"))},
		{Name: "range_child", Over: []Key{{On: "base.kind", Is: "0x200-0x7ff", Fill: "0x200 + len(body)"}}, Fields: []Field{num("a", 8)}},
		{Name: "mask_child", Over: []Key{{On: "base.kind", Is: "0x8000/0xf000"}}, Fields: []Field{num("a", 8)}},
		{Name: "guess", Over: []Key{{On: "seg", Is: "true"}}, Check: "magic == 0x1234", Fields: []Field{{Name: "magic", Bits: 16, Default: 0x1234}, num("a", 16)}},
		{Name: "guess_port", Over: []Key{{On: "seg.port", Is: "7"}}, Check: "magic == 0x77 and len(body) > 0", Fields: []Field{{Name: "magic", Bits: 8, Default: 0x77}}},
		{Name: "deep", Over: []Key{{On: "base.kind", Is: "99"}, {On: "deep.next", Is: "1"}, {On: "link", Is: "148"}}, Fields: []Field{auto("next", 8, "next")}},
		{Name: "tailed", Over: []Key{{On: "base.kind", Is: "97"}}, Fields: []Field{num("a", 8), auto("next", 8, "next")}, Footer: []Field{
			{Name: "check", Bits: 32, Auto: "crc32", When: "base.to_id > 99"}, {Name: "mark", Bits: 8, Default: 7}}},
		{Name: "over_tailed", Over: []Key{{On: "tailed.next", Is: "1"}}, Fields: []Field{num("a", 8)}},
		{Name: "carrier", Over: []Key{{On: "base.kind", Is: "98"}}, Fields: []Field{num("n", 16),
			{Name: "chunks", Kind: List, Size: "n", Item: &Struct{Fields: []Field{num("id", 16), num("l", 8), {Name: "v", Kind: Bytes, Size: "l", Key: "carrier.id"}}}},
			{Name: "quote", Get: "body", Of: "net"}}},
	}
}

func made(t testing.TB) *Registry {
	t.Helper()
	r, err := Compile(madeSpecs(), []*Struct{treeStruct()}, []Bind{{Proto: "seg", Key: Key{On: "carrier.id", Is: "6"}}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
