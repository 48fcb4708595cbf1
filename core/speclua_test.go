package core

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSpecLua(t *testing.T) {
	rr := &Struct{Name: "rr", Fields: []Field{{Name: "name", Kind: Name}, {Name: "sub", Kind: List, Count: "1", Named: "rr"}}}
	spec := &Spec{
		Name: "demo", Doc: "A “demo”\n.", Ref: "RFC 1",
		Over: []Key{{On: "udp.port", Is: "53, 5353"}, {On: "tcp", Is: "true"}, {On: "eth.type", Is: "0-1500", Fill: "len(body)"},
			{On: "link", Is: "0x10"}, {On: "ip.p", Is: "0x10/0xf0"}},
		Fields: []Field{
			{Name: "ver", Bits: 4, Default: 2}, {Name: "flags", Bits: 4, Flags: []string{"", "A", "B"}},
			{Name: "kind", Bits: 8, Names: []ValueName{{V: 1, Name: "ip"}, {V: -2, Name: "x\"y"}}, Auto: "next", Key: "ip.p", Hex: true},
			{Name: "word", Bits: 16, LE: true, Signed: true, When: "ver == 2", Doc: "Words."},
			{Name: "v", Kind: Bytes, Size: "kind", Of: "ip"},
			{Name: "line", Kind: Text, Until: "\r\n"},
			{Name: "addrs", Kind: List, Count: "2", Item: &Struct{Fields: []Field{{Kind: IP4}}}},
			{Name: "ports", Kind: List, Count: "2", Item: &Struct{Fields: []Field{{Bits: 16, LE: true}}}},
			{
				Name: "opts", Kind: List, By: "type", End: "type == 0", Align: 4, Pad: 4,
				Kinds: []Variant{{Is: "2", Struct: Struct{Fields: []Field{{Name: "type", Bits: 8}}, Len: "len + 1"}}, {Is: "end"}, {Is: "3-5"}},
				Other: &Struct{Fields: []Field{{Name: "type", Bits: 8}}},
			},
			{Name: "rrs", Kind: List, Named: "rr", Last: "name == \".\""},
			{Name: "port", Get: "ver + 1"},
		},
		Footer: []Field{{Name: "crc", Bits: 24, Auto: "crc", CRC: &CRC{Bits: 24, Poly: 0x5d6dcb, Reflect: true}}},
		Header: "hlen", Check: "ver == 2", Pairs: []Pair{{A: "a", B: "b"}}, Pseudo: []string{"a", "b"}, SumRequired: true, Hook: noHook{},
	}
	want := `pkl.struct {
  name = "rr",
  fields = { { "name", "name" }, { "sub", "list", count = "1", of = "rr" } },
}

pkl.protocol {
  name = "demo",
  doc = "A “demo”\n.",
  ref = "RFC 1",
  over = { ["udp.port"] = { 53, 5353 }, tcp = true, ["eth.type"] = { "0-1500", fill = "len(body)" },
    link = 0x10, ["ip.p"] = "0x10/0xf0" },
  fields = {
    { "ver", 4, default = 2 },
    { "flags", 4, bits = { "", "A", "B" } },
    { "kind", 8, auto = "next", names = { [1] = "ip", [-2] = "x\"y" }, hex = true, key = "ip.p" },
    { "word", 16, when = "ver == 2", signed = true, le = true, doc = "Words." },
    { "v", "bytes", size = "kind", of = "ip" },
    { "line", "text", stop = "\r\n" },
    { "addrs", "list", count = "2", of = "ip4" },
    { "ports", "list", count = "2", of = { { "", 16, le = true } } },
    { "opts", "list", align = 4, stop = "type == 0", by = "type",
      kinds = { [2] = { { "type", 8 }, len = "len + 1" }, ["end"] = {}, ["3-5"] = {} },
      other = { { "type", 8 } }, pad = 4 },
    { "rrs", "list", last = "name == \".\"", of = "rr" },
    { "port", get = "ver + 1" },
  },
  footer = { { "crc", 24, crc = { bits = 24, poly = 0x5d6dcb, init = 0x0, xor = 0x0, reflect = true } } },
  header = "hlen",
  check = "ver == 2",
  pairs = { { "a", "b" } },
  pseudo = { "a", "b" },
  sum_required = true,
  -- hook: code, not shown
}
`
	if got := SpecLua(spec, []*Struct{rr, {Name: "unused"}}); got != want {
		t.Errorf("%s", got)
	}
}

type noHook struct{}

func (noHook) Run(Layer) error { return nil }

func TestSpecLuaWidth(t *testing.T) {
	var names []ValueName
	for i := range 200 {
		names = append(names, ValueName{V: int64(i), Name: "name_" + strings.Repeat("x", i%17)})
	}
	text := SpecLua(&Spec{Name: "x", Fields: []Field{{Name: "t", Bits: 8, Names: names}, {Name: "u", Bits: 8}}}, nil)
	for _, line := range strings.Split(text, "\n") {
		if n := utf8.RuneCountInString(line); n > 120 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}
