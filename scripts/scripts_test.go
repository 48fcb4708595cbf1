package scripts_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// TestExamples: each example begins with what it does and the command that runs it,
// and a test of the command runs it.
func TestExamples(t *testing.T) {
	var tests strings.Builder
	for _, pattern := range []string{"../cmd/pkl/*_test.go", "../cmd/pkl/testdata/script/examples*.txtar"} {
		files, _ := filepath.Glob(pattern)
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(src)
		}
	}
	files, _ := filepath.Glob("examples/*.lua")
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(src), "\n\n")
		if !strings.HasPrefix(head, "-- ") || !strings.Contains(head, "pkl run ") || !strings.Contains(head, "scripts/"+filepath.ToSlash(file)) {
			t.Errorf("%s: the comment at its head does not say how to run it", file)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".lua")
		if !slices.ContainsFunc([]string{"$EXAMPLES/" + name + ".lua", `example("` + name + `")`, `{"` + name + " ", `"` + name + `", `},
			func(use string) bool { return strings.Contains(tests.String(), use) }) {
			t.Errorf("%s: no test runs it", file)
		}
	}
}
