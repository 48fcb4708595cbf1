package core

import (
	"fmt"
	"strings"
	"testing"
)

// nFields makes n fields.
func nFields(n int, f func(i int) Field) func(s *Spec) {
	return func(s *Spec) {
		for i := range n {
			s.Fields = append(s.Fields, f(i))
		}
	}
}

func nth(i int) string { return fmt.Sprintf("x%d", i) }

// bigDefs are definitions of a size that nobody needs. want is part of the
// error, or empty.
var bigDefs = []struct {
	name string
	make func(s *Spec)
	want string
}{
	{"numbers", nFields(10000, func(i int) Field { return num(nth(i), 8) }), ""},
	{"bits", nFields(10001, func(i int) Field { return num(nth(i), 1+i%8) }), "not whole bytes"},
	{"little-endian bits", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 4, LSB: true, LE: true} }), ""},
	{"addresses", nFields(10000, func(i int) Field { return Field{Name: nth(i), Kind: MAC + Kind(i%3)} }), ""},
	{"names", nFields(10000, func(i int) Field { return Field{Name: nth(i), Kind: Name} }), ""},
	{"texts", nFields(10000, func(i int) Field { return Field{Name: nth(i), Kind: Text, Until: "\n"} }), ""},
	{"sizes of one", nFields(10000, func(i int) Field { return Field{Name: nth(i), Kind: Bytes, Size: "a"} }), ""},
	{"sizes of the one before", nFields(10000, func(i int) Field {
		if i%2 == 0 {
			return num(nth(i), 8)
		}
		return Field{Name: nth(i), Kind: Bytes, Size: nth(i - 1)}
	}), ""},
	{"pads", nFields(10000, func(i int) Field {
		if i%2 == 0 {
			return num(nth(i), 8)
		}
		return Field{Kind: Pad, Align: 4}
	}), ""},
	{"lists", nFields(10000, func(i int) Field {
		return Field{Name: nth(i), Kind: List, Count: "a", Item: itemsOfList(num("q", 8))}
	}), ""},
	{"computed", nFields(10000, func(i int) Field { return Field{Name: nth(i), Get: "a + b"} }), ""},
	{"computed from the one before", nFields(10000, func(i int) Field {
		if i == 0 {
			return num("x0", 8)
		}
		return Field{Name: nth(i), Get: nth(i-1) + " + 1"}
	}), "computed"},
	{"derived", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 16, Auto: "a + 1"} }), ""},
	{"derived from the next", nFields(10000, func(i int) Field {
		if i == 9999 {
			return num(nth(i), 16)
		}
		return Field{Name: nth(i), Bits: 16, Auto: nth(i + 1)}
	}), ""},
	{"derived in a ring", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 16, Auto: nth((i + 1) % 10000)} }), "computed from itself"},
	{"sums", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 16, Auto: "sum"} }), ""},
	{"when one of 8 bits", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 8, When: "a == 1"} }), ""},
	{"when each value", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 16, When: fmt.Sprintf("a == %d", i%256)} }), ""},
	{"when and not", nFields(10000, func(i int) Field {
		if i%2 == 0 {
			return num(nth(i), 8)
		}
		return Field{Name: nth(i), Bits: 8, When: "a & 3 == 1"}
	}), ""},
	{"when 16 bits, hard", func(s *Spec) {
		s.Fields = append(s.Fields, num("w", 16))
		nFields(5000, func(i int) Field { return Field{Name: nth(i), Bits: 8, When: "w % 7 == 1"} })(s)
	}, ""},
	{"when the one before", nFields(10000, func(i int) Field {
		if i == 0 {
			return num("x0", 8)
		}
		return Field{Name: nth(i), Bits: 8, When: nth(i-1) + " == 1"}
	}), ""},
	{"one name", nFields(10000, func(i int) Field { return Field{Name: "x", Bits: 8, When: fmt.Sprintf("a == %d", i%256)} }), ""},
	{"mistakes", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 99} }), "demo.x9999: 99 bits"},
	{"names that are none", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 8, When: fmt.Sprintf("y%d == 1", i)} }), `no field "y9999"`},
	{"defaults that are none", nFields(10000, func(i int) Field { return Field{Name: nth(i), Bits: 8, Default: "x"} }), "demo.x9999: default"},
	{"bits by name", func(s *Spec) {
		f := Field{Name: "x", Bits: 64}
		for i := range 1000 {
			f.Flags = append(f.Flags, fmt.Sprintf("F%d", i))
		}
		s.Fields = append(s.Fields, f)
	}, "demo.x: 1000 flags in 64 bits"},
	{"values by name", func(s *Spec) {
		f := Field{Name: "x", Bits: 16}
		for i := range 60000 {
			f.Names = append(f.Names, ValueName{int64(i), nth(i)})
		}
		s.Fields = append(s.Fields, f)
	}, ""},
	{"kinds", func(s *Spec) {
		f := Field{Name: "x", Kind: List, By: "t", Item: itemsOfList(num("t", 16), num("u", 16))}
		for i := range 10000 {
			f.Kinds = append(f.Kinds, Variant{Is: fmt.Sprint(i), Struct: Struct{Fields: []Field{num("v", 8)}}})
		}
		s.Fields = append(s.Fields, f)
	}, ""},
	{"keys", func(s *Spec) {
		s.Fields = append(s.Fields, num("k", 32))
		for i := range 10000 {
			s.Over = append(s.Over, Key{On: "demo.k", Is: fmt.Sprint(i * 3)})
		}
	}, ""},
	{"ranges", func(s *Spec) {
		s.Fields = append(s.Fields, num("k", 32))
		for i := range 3000 {
			s.Over = append(s.Over, Key{On: "demo.k", Is: fmt.Sprintf("%d-%d", i*3, i*3+1)})
		}
	}, ""},
	{"masks", func(s *Spec) {
		s.Fields = append(s.Fields, num("k", 32))
		for i := range 3000 {
			s.Over = append(s.Over, Key{On: "demo.k", Is: fmt.Sprintf("%d/0xffff", i)})
		}
	}, ""},
	{"a list in a list in a list", func(s *Spec) {
		item := itemsOfList(num("z", 8))
		for range 3000 {
			item = itemsOfList(num("n", 8), Field{Name: "l", Kind: List, Count: "n", Item: item})
		}
		s.Fields = append(s.Fields, Field{Name: "x", Kind: List, Item: item})
	}, "deep"},
	{"a long expression", last(Field{Name: "x", Bits: 8, When: "a == 1" + strings.Repeat(" or a == 1", 10000)}), "at most"},
	{"a long sum", last(Field{Name: "x", Bits: 32, Auto: "1" + strings.Repeat("+a", 20000)}), ""},
	{"parentheses", last(Field{Name: "x", Bits: 8, When: strings.Repeat("(", 10000) + "a == 1" + strings.Repeat(")", 10000)}), "nested more than"},
	{"signs", last(Field{Name: "x", Bits: 8, Auto: strings.Repeat("-", 10000) + "a"}), "nested more than"},
	{"conditions", last(Field{Name: "x", Bits: 8, When: "a == 1" + strings.Repeat(" or a == 1", 5000)}), ""},
	{"a long name", last(Field{Name: strings.Repeat("x", 100000), Bits: 8}), ""},
}

// TestBigDefinitions compiles definitions of absurd size: they compile or there
// is a clear error. What is not about linear in their size runs into the test's time limit.
func TestBigDefinitions(t *testing.T) {
	for _, d := range bigDefs {
		t.Run(d.name, func(t *testing.T) {
			s := &Spec{Name: "demo", Fields: []Field{num("a", 8), num("b", 8)}, Pos: "big.lua:1"}
			d.make(s)
			_, err := Compile([]*Spec{s}, nil, nil)
			switch {
			case d.want == "" && err != nil:
				t.Errorf("%.300s", err)
			case d.want != "" && (err == nil || !strings.Contains(err.Error(), d.want)):
				t.Errorf("want %q, have %.300v", d.want, err)
			}
		})
	}
}

// TestBigPackets builds packets of very many fields, every one given, and reads
// them. As above, what is not about linear runs into the test's time limit.
func TestBigPackets(t *testing.T) {
	const n = 100_000
	s := &Spec{Name: "demo"}
	nFields(n, func(i int) Field { return num(nth(i), 8) })(s)
	reg, err := Compile([]*Spec{s}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]any{}
	for i := range n {
		given[nth(i)] = uint64(i % 251)
	}
	for range 40 {
		p, err := Build(reg.Proto("demo"), given)
		if err != nil {
			t.Fatal(err)
		}
		if raw := p.Raw(); len(raw) != n || raw[n-1] != (n-1)%251 {
			t.Fatalf("%d bytes, the last %d", len(raw), raw[len(raw)-1])
		}
	}
	if f := Try(reg.Proto("demo"), 3, 1, nil); f != nil {
		t.Fatalf("%.300v", f)
	}
}

// TestManyProtocols compiles thousands of protocols: a chain, all of them above
// one, and all of them at one value of a key.
func TestManyProtocols(t *testing.T) {
	const n = 3000
	over := map[string]func(i int) []Key{
		"chain": func(i int) []Key { return []Key{{On: fmt.Sprintf("p%d.k", (i+1)%n), Is: "1"}} },
		"fan":   func(i int) []Key { return []Key{{On: "p0.k", Is: fmt.Sprint(i)}} },
		"clash": func(i int) []Key { return []Key{{On: "p0.k", Is: "7"}} },
		"range": func(i int) []Key { return []Key{{On: "p0.k", Is: fmt.Sprintf("%d-%d", i, n)}} },
	}
	for name, keys := range over {
		t.Run(name, func(t *testing.T) {
			var specs []*Spec
			for i := range n {
				specs = append(specs, &Spec{Name: fmt.Sprintf("p%d", i), Over: keys(i), Fields: []Field{num("k", 16)}, Pos: fmt.Sprintf("big.lua:%d", i+1)})
			}
			reg, err := Compile(specs, nil, nil)
			switch name {
			case "clash", "range":
				if err == nil || !strings.Contains(err.Error(), "big.lua:3000: p2999: p0.k = ") {
					t.Errorf("have %.300v", err)
				}
			case "chain":
				if err == nil && !reg.protos[0].reach.has(0) {
					t.Error("the ring does not reach round")
				}
				fallthrough
			default:
				if err != nil {
					t.Errorf("%.300s", err)
				}
			}
		})
	}
}
