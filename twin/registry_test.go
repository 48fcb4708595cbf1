package twin

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
	"pkl/pcapio"
	"pkl/protocols"
)

// inGo compiles the built-in protocols as they are: Go literals.
func inGo(t testing.TB) *core.Registry {
	t.Helper()
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// inLua compiles the same protocols from their Lua text, and no Go literal.
func inLua(t testing.TB) *core.Registry {
	t.Helper()
	return load(t, luabind.Config{}, luabind.Script{Name: "all.lua", Source: []byte(luaText(protocols.All(), protocols.Structs()))}).Registry()
}

// luaText is what pkl protos --lua prints of protocols. A struct that several
// of them use stands in front of each; only the first is kept, since a name is
// defined once.
func luaText(specs []*core.Spec, structs []*core.Struct) string {
	var out strings.Builder
	left := slices.Clone(structs)
	for _, s := range specs {
		text := core.SpecLua(s, left)
		left = slices.DeleteFunc(left, func(st *core.Struct) bool { return defines(text, st) })
		out.WriteString(text + "\n")
	}
	return out.String()
}

// defines reports whether a Lua text holds the definition of a struct.
func defines(text string, st *core.Struct) bool {
	return strings.Contains(text, fmt.Sprintf("pkl.struct {\n  name = %q,", st.Name))
}

// one compiles the built-in protocols with one of them from its Lua text.
func one(t testing.TB, name string) *core.Registry {
	t.Helper()
	cfg := luabind.Config{Specs: protocols.All(), Structs: protocols.Structs()}
	i := slices.IndexFunc(cfg.Specs, func(s *core.Spec) bool { return s.Name == name })
	text := luaText(cfg.Specs[i:i+1], cfg.Structs)
	cfg.Specs = slices.Delete(cfg.Specs, i, i+1)
	cfg.Structs = slices.DeleteFunc(cfg.Structs, func(st *core.Struct) bool { return defines(text, st) })
	return load(t, cfg, luabind.Script{Name: name + ".lua", Source: []byte(text)}).Registry()
}

// load runs scripts, which must succeed.
func load(t testing.TB, cfg luabind.Config, scripts ...luabind.Script) *luabind.State {
	t.Helper()
	s, err := run(t, cfg, scripts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run runs scripts. The state lives as long as the test.
func run(t testing.TB, cfg luabind.Config, scripts ...luabind.Script) (*luabind.State, error) {
	t.Helper()
	cfg.LinkType, cfg.LinkTypeName = pcapio.LinkTypeByName, pcapio.LinkTypeName
	g, err := luabind.NewGeneration(cfg, scripts)
	if err != nil {
		return nil, err
	}
	s, err := g.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, s.Run()
}

// file is a script of testdata, under its short name.
func file(t testing.TB, name string) luabind.Script {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return luabind.Script{Name: filepath.Base(name), Source: src}
}

// withBuiltin is the configuration of a program that has the built-in protocols.
func withBuiltin() luabind.Config {
	return luabind.Config{Specs: protocols.All(), Structs: protocols.Structs(), Out: os.Stdout, Program: true}
}
