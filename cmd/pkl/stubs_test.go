package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	luaparse "github.com/yuin/gopher-lua/parse"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
)

// stubsText is what pkl stubs prints without scripts.
func stubsText(t *testing.T) (string, *core.Registry) {
	t.Helper()
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := printStubs(&b, reg); err != nil {
		t.Fatal(err)
	}
	return b.String(), reg
}

// TestStubsComplete: every name that scripts can use of pkl is annotated.
func TestStubsComplete(t *testing.T) {
	text, reg := stubsText(t)
	inv, err := luabind.NewInventory()
	if err != nil {
		t.Fatal(err)
	}
	need := func(where, form string, names []string) {
		for _, name := range names {
			pattern := strings.ReplaceAll(form, "NAME", regexp.QuoteMeta(name))
			if !regexp.MustCompile(`(?m)^` + pattern).MatchString(text) {
				t.Errorf("%s %s is not annotated (%s)", where, name, pattern)
			}
		}
	}
	need("pkl", `(function pkl\.NAME\(|---@field NAME\b)`, inv.Pkl)
	need("fact", `---@field NAME\??\s`, inv.Facts)
	need("packet", `function packet:NAME\(`, inv.Packet)
	need("layer", `---@field NAME\??\s`, inv.Attrs)
	need("layer", `function layer:NAME\(`, inv.Layer)
	need("item", `function item:NAME\(`, inv.Item)
	need("list", `(function list:NAME\(|---@field NAME\??\s)`, inv.List)
	for what, names := range inv.Objects {
		need(what, `(function `+what+`[.:]NAME\(|---@field NAME\b)`, names)
	}
	need("word", `---@field NAME\?? `, strings.Fields("name doc ref over fields footer header len stop check pieces pairs replies pseudo sum_required hook hook_update"))
	need("bit", `function bit\.NAME\(`, inv.Libs["bit"])
	need("string", `function string\.NAME\(`, []string{"pack", "unpack", "packsize"})
	for _, pr := range reg.Protos() {
		class := classOf(text, "pkl.layer."+pr.Name)
		for _, f := range append(pr.Spec.Fields, pr.Spec.Footer...) {
			if isIdent(f.Name) && !strings.Contains(class, "---@field "+f.Name) {
				t.Errorf("%s.%s is not annotated", pr.Name, f.Name)
			}
		}
		need("layer", `---@field NAME\? pkl\.layer\.NAME$`, []string{pr.Name})
	}
}

// classOf is the text of a class up to the next empty line.
func classOf(text, name string) string {
	_, rest, _ := strings.Cut(text, "---@class "+name+":")
	class, _, _ := strings.Cut(rest, "\n\n")
	return class
}

// TestStubsSound: the text is Lua, and every type that it refers to is there.
func TestStubsSound(t *testing.T) {
	text, _ := stubsText(t)
	if _, err := luaparse.Parse(strings.NewReader(text), "pkl.lua"); err != nil {
		t.Fatal(err)
	}
	known := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^---@(?:class|alias) (pkl[\w.]*)`).FindAllStringSubmatch(text, -1) {
		known[m[1]]++
	}
	for name, n := range known {
		if n > 1 {
			t.Errorf("%s is there %d times", name, n)
		}
	}
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "---@") {
			continue
		}
		for _, name := range regexp.MustCompile(`\bpkl\.[a-zA-Z][\w.]*`).FindAllString(line, -1) {
			if known[strings.TrimSuffix(name, ".")] == 0 {
				t.Errorf("line %d: no type %s: %.100s", i+1, name, line)
			}
		}
	}
}
