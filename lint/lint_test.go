package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
)

func linter(t testing.TB) *Linter {
	t.Helper()
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := luabind.NewInventory()
	if err != nil {
		t.Fatal(err)
	}
	return &Linter{Reg: reg, Inv: inv}
}

// TestNames: each line with a mark gives that finding, and no other line gives any.
func TestNames(t *testing.T) {
	src, err := os.ReadFile("testdata/names.lua")
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]string{}
	for _, f := range linter(t).Source("names.lua", src) {
		found[f.Line] += f.Message + "\n"
	}
	marks := 0
	for i, line := range strings.Split(string(src), "\n") {
		_, want, marked := strings.Cut(line, "--! ")
		if marked {
			marks++
		}
		if got := found[i+1]; marked != (got != "") || !strings.Contains(got, want) {
			t.Errorf("line %d: %q, want %q", i+1, got, want)
		}
	}
	if marks < 30 {
		t.Errorf("only %d lines have marks", marks)
	}
}

// TestQuiet: the scripts that test the Lua API are right, but for the lines
// that raise on purpose.
func TestQuiet(t *testing.T) {
	files, err := filepath.Glob("../luabind/testdata/*.lua")
	if err != nil || len(files) < 5 {
		t.Fatalf("%q %v", files, err)
	}
	l := linter(t)
	l.AnyProto = true
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for part := range strings.SplitSeq(string(src), "\n---\n") {
			for _, f := range l.Source(name, []byte(part)) {
				if line := strings.Split(part, "\n")[f.Line-1]; !strings.Contains(line, "--!") {
					t.Errorf("%s: %s\n%s", name, f.Message, line)
				}
			}
		}
	}
}

// TestDefined: what a text with a syntax error may define, so that nothing is
// said of it, and of all else as ever.
func TestDefined(t *testing.T) {
	l := linter(t)
	for _, c := range []struct {
		src, loose string
		any        bool
	}{
		{"local x = = 5", "", false},
		{`local pkl = require "pkl" x = = 5`, "", false},
		{`pkl.protocol { name = "demo", fields = { { "a", 8 } } } x = = 5`, "demo", false},
		{`pkl.protocol { name = "demo" .. n } x = = 5`, "demo", false},
		{`pkl.protocol { name = name } x = = 5`, "", true},
		{`require("defs") x = = 5`, "", true},
		{`pkl.protocol { name = "demo", fields = { { "a", 8 } } }`, "demo", false},
		{`pkl.protocol(spec)`, "", true},
	} {
		l.Loose, l.AnyProto = Defined([]luabind.Script{{Name: "x.lua", Source: []byte(c.src)}}, l.Reg)
		if c.any != l.AnyProto || l.Loose[c.loose] != (c.loose != "") {
			t.Errorf("%s: %v %v", c.src, l.Loose, l.AnyProto)
		}
		if c.any {
			continue
		}
		found := l.Source("y.lua", []byte(`pkl.on("tpc", function(pkt) return pkt.tcp.dprot end) pkl.on("demo.a == 1", function(pkt) return pkt.demo.a end)`))
		want := 4 // demo as a filter and as a layer
		if c.loose == "demo" {
			want = 2
		}
		if len(found) != want {
			t.Errorf("%s: %v, want %d findings", c.src, found, want)
		}
	}
}

// TestHostile: odd sources end, and crash nothing.
func TestHostile(t *testing.T) {
	l := linter(t)
	deep := strings.Repeat("do local a = pkl.tcp() ", 150) + strings.Repeat("end ", 150)
	chain := "local a0 = pkl.tcp()\n"
	for i := range 150 {
		chain += fmt.Sprintf("local function f%d(x) return x end\nlocal a%d = f%d(a%d)\n", i, i+1, i, i)
	}
	for _, src := range []string{"", "\x00", "return", "local f; f = function() return f() end f(f)", "a = a a()", deep, chain,
		"local t = {} t.x.y.z[1].w = t", "for i = 1, 2 do end", "goto x ::x::", "local function f(...) return ... end f(...)"} {
		l.Source("x.lua", []byte(src))
	}
}

// TestCountedFindings: all are found, but to look for names that are near ends.
func TestCountedFindings(t *testing.T) {
	var src strings.Builder
	for i := range 3 * mostHints {
		fmt.Fprintf(&src, "prnt%d()\n", i%10)
	}
	found := linter(t).Source("x.lua", []byte(src.String()))
	if len(found) != 3*mostHints {
		t.Fatalf("%d findings", len(found))
	}
	for i, f := range found {
		if hinted := strings.Contains(f.Message, "did you mean"); hinted != (i < mostHints) {
			t.Fatalf("finding %d: %s", i, f.Message)
		}
	}
}

// FuzzSource: no source crashes it.
func FuzzSource(f *testing.F) {
	src, err := os.ReadFile("testdata/names.lua")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	for line := range strings.Lines(string(src)) {
		f.Add([]byte(line))
	}
	l := linter(f)
	f.Fuzz(func(_ *testing.T, src []byte) { l.Source("x.lua", src) })
}

// BenchmarkSource looks at a script of a thousand lines.
func BenchmarkSource(b *testing.B) {
	var src strings.Builder
	for i := range 200 {
		fmt.Fprintf(&src, "pkl.on(\"tcp.dport == %d\", function(pkt)\n  local t = pkt.tcp\n  if t.SYN then pkt.ip.ttl = %d end\n  print(t.sport, pkt.ip.src)\nend)\n", i, i%250)
	}
	l := linter(b)
	for b.Loop() {
		if f := l.Source("x.lua", []byte(src.String())); len(f) > 0 {
			b.Fatal(f)
		}
	}
}
