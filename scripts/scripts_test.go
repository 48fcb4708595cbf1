package scripts_test

import (
	"io/fs"
	"os"
	"testing"

	"pkl/luabind"
	"pkl/protocols"
	"pkl/scripts"
)

// TestLibrary runs testdata/library.lua, which finds the library from its own folder.
func TestLibrary(t *testing.T) {
	const name = "testdata/library.lua"
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	cfg := luabind.Config{Specs: protocols.All(), Structs: protocols.Structs(), ReadFile: os.ReadFile, Library: scripts.Library, Program: true}
	gen, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: name, Source: src}})
	if err != nil {
		t.Fatal(err)
	}
	st, err := gen.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Run(); err != nil {
		t.Fatal(err)
	}
	if files, _ := fs.Glob(scripts.Library, "protocols/*.lua"); len(files) != 13 {
		t.Errorf("modules: %q", files)
	}
}
