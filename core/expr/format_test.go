package expr

import (
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFormat(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{`a&&b||!c`, `a and b or not c`},
		{`((a and b)) and (c and d)`, `a and b and (c and d)`},
		{`a and (b or c)`, `a and (b or c)`},
		{`(a*b)+(c-d)`, `a * b + (c - d)`},
		{`a-(b-c)`, `a - (b - c)`},
		{`(a==b)==(not c)`, `(a == b) == (not c)`},
		{`not(a==b)`, `not a == b`},
		{`-(-a)`, `--a`},
		{`-(a+b)`, `-(a + b)`},
		{`(a|b)[0:(c)]`, `(a | b)[0:c]`},
		{`b[-2:]`, `b[-2:]`},
		{`0x10`, `16`},
		{`'a"b\.'`, `"a\"b\\."`},
		{"\"\xff\\x01\\0é\u00ad\"", `"\xff\x01\0é\xc2\xad"`},
		{`a in 5`, `a in {5}`},
		{`a not in {-2--1,3..4,x}`, `a not in {-2..-1, 3-4, x}`},
		{`any( l,a )`, `any(l, a)`},
		{`^.a + ip#*.b + vlan#2.c`, `^.a + ip#*.b + vlan#2.c`},
		{`a == 10.1.2.3/8`, `a == 10.1.2.3/8`},
	} {
		n, err := Parse(tt.src)
		if err != nil {
			t.Errorf("%s: %v", tt.src, err)
			continue
		}
		if got := Format(n); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.src, got, tt.want)
		}
	}
}

// TestRoundTrip formats random trees and parses them again.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := node(t, 4)
		src := Format(n)
		again, err := Parse(src)
		if err != nil {
			t.Fatalf("%s: %v\n%s", src, err, sexp(n))
		}
		if sexp(again) != sexp(n) {
			t.Fatalf("%s\n got %s\nwant %s", src, sexp(again), sexp(n))
		}
	})
}

// node draws a tree of at most the given depth.
func node(t *rapid.T, depth int) Node {
	if depth == 0 {
		return leaf(t)
	}
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return leaf(t)
	case 1:
		return sliceNode(t, depth-1)
	case 2:
		return callNode(t, depth-1)
	case 3:
		return &Unary{Op: rapid.SampledFrom([]Op{Neg, Not}).Draw(t, "op"), X: node(t, depth-1)}
	case 4:
		return inNode(t, depth-1)
	}
	op := Op(rapid.IntRange(int(Mul), int(Or)).Draw(t, "op"))
	n := &Binary{Op: op, X: node(t, depth-1), Y: node(t, depth-1)}
	if op == Matches {
		n.Y = strNode(t)
	}
	return n
}

func sliceNode(t *rapid.T, depth int) Node {
	n := &Slice{X: node(t, depth), Off: node(t, depth)}
	switch rapid.IntRange(0, 2).Draw(t, "form") {
	case 0:
		n.Index = true
	case 1:
		n.ToEnd = true
	default:
		n.Len = node(t, depth)
	}
	// Inside brackets ':' is punctuation, and no literal may hold one.
	return noColons(n)
}

func noColons(n Node) Node {
	found := false
	Walk(n, func(n Node) bool {
		l, ok := n.(*Lit)
		found = found || ok && strings.Contains(l.Text, ":")
		return true
	})
	if found {
		return &Name{Parts: []string{"x"}}
	}
	return n
}

func callNode(t *rapid.T, depth int) Node {
	fn := rapid.SampledFrom([]string{"len", "count", "present", "min", "max", "any"}).Draw(t, "fn")
	n := &Call{Fn: fn, Args: []Node{node(t, depth)}}
	if fn == "min" || fn == "max" || fn == "any" {
		n.Args = append(n.Args, node(t, depth))
	}
	return n
}

func inNode(t *rapid.T, depth int) Node {
	n := &In{X: node(t, depth), Not: rapid.Bool().Draw(t, "not")}
	for range rapid.IntRange(1, 3).Draw(t, "elements") {
		lo := rapid.Uint64().Draw(t, "lo")
		n.Set = append(n.Set,
			Range{Lo: leafOf(t, rapid.IntRange(0, 2).Draw(t, "kind"))},
			Range{Lo: &Num{V: lo}, Hi: &Num{V: lo | 0xff}},
			Range{Lo: &Unary{Op: Neg, X: &Num{V: lo | 0xff}}, Hi: &Unary{Op: Neg, X: &Num{V: lo}}},
			Range{Lo: &Name{Parts: []string{part(t)}}},
		)
	}
	return n
}

func leaf(t *rapid.T) Node { return leafOf(t, rapid.IntRange(0, 3).Draw(t, "leaf")) }

func leafOf(t *rapid.T, kind int) Node {
	switch kind {
	case 0:
		return &Num{V: rapid.Uint64().Draw(t, "num")}
	case 1:
		return strNode(t)
	case 2:
		return litNode(t)
	}
	n := &Name{Parts: rapid.SliceOfN(rapid.Custom(part), 1, 3).Draw(t, "parts")}
	switch rapid.IntRange(0, 3).Draw(t, "prefix") {
	case 0:
		n.Up = true
	case 1:
		n.Inst = rapid.SampledFrom([]int{AnyInst, 1, 2, maxInst}).Draw(t, "inst")
	}
	return n
}

func strNode(t *rapid.T) Node {
	return &Str{S: string(rapid.SliceOf(rapid.Byte()).Draw(t, "text"))}
}

func litNode(t *rapid.T) Node {
	v4 := [4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "v4"))
	v6 := [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "v6"))
	a := rapid.SampledFrom([]netip.Addr{netip.AddrFrom4(v4), netip.AddrFrom16(v6)}).Draw(t, "addr")
	if rapid.Bool().Draw(t, "network") {
		p := netip.PrefixFrom(a, rapid.IntRange(0, a.BitLen()).Draw(t, "bits"))
		return &Lit{Text: p.String(), Prefix: p.Masked()}
	}
	return &Lit{Text: a.String(), Addr: a}
}

func part(t *rapid.T) string {
	s := rapid.StringMatching(`[a-zA-Z_][a-zA-Z0-9_]{0,6}`).Draw(t, "part")
	if IsReserved(s) {
		return s + "_"
	}
	return s
}

// FuzzParse checks that Parse never panics, that errors point into the
// source, and that Format of what was parsed means the same and is settled.
func FuzzParse(f *testing.F) {
	for _, tt := range valid {
		f.Add(tt.src)
	}
	for _, tt := range invalid {
		f.Add(tt.src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		n, err := Parse(src)
		if err != nil {
			if e := err.(*Error); e.Col < 1 || e.Col > len(src)+1 || e.Msg == "" {
				t.Fatalf("%q: %#v", src, e)
			}
			return
		}
		text := Format(n)
		if len(text) > MaxSource {
			return
		}
		again, err := Parse(text)
		if err != nil {
			t.Fatalf("%q as %q: %v", src, text, err)
		}
		if sexp(again) != sexp(n) || Format(again) != text {
			t.Fatalf("%q: %s\n%q: %s", src, sexp(n), text, sexp(again))
		}
		Walk(n, func(n Node) bool {
			if n.Pos() < 0 || n.Pos() >= len(src) {
				t.Fatalf("%q: %s at %d", src, sexp(n), n.Pos())
			}
			return true
		})
	})
}
