// Package pkl_test holds the project's policy: who may import whom, and what
// the engine must not know. The statements are not to be relaxed to make a
// build pass.
package pkl_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports says which packages, beside the standard library, the files of a
// package may import. Tests are excepted.
func imports() map[string]string {
	return map[string]string{
		"core":                  "pkl/core/expr golang.org/x/net",
		"core/expr":             "",
		"protocols":             "pkl/core",
		"luabind":               "pkl/core pkl/core/expr pkl/luabind/lualib github.com/yuin/gopher-lua",
		"luabind/lualib":        "github.com/yuin/gopher-lua",
		"lint":                  "pkl/core pkl/core/expr pkl/luabind pkl/luabind/lualib github.com/yuin/gopher-lua",
		"pcapio":                "github.com/klauspost/compress",
		"cmd/pkl":               "pkl/core pkl/core/expr pkl/luabind pkl/luabind/lualib pkl/lint pkl/protocols pkl/pcapio pkl/scripts pkl/nfq pkl/sock pkl/internal/iptables pkl/internal/rights pkl/internal/watch pkl/internal/netns github.com/spf13/pflag github.com/ergochat/readline golang.org/x/net golang.org/x/sys",
		"internal/rights":       "golang.org/x/sys github.com/landlock-lsm/go-landlock kernel.org/pub/linux/libs/security/libcap/cap",
		"internal/skips":        "",
		"internal/watch":        "github.com/fsnotify/fsnotify",
		"scripts":               "",
		"twin":                  "",
		"testdata/gen":          "pkl/core pkl/pcapio pkl/protocols",
		"sock":                  "golang.org/x/sys golang.org/x/net github.com/jsimonetti/rtnetlink",
		"nfq":                   "golang.org/x/sys golang.org/x/net github.com/florianl/go-nfqueue",
		"internal/golden":       "",
		"internal/iptables":     "github.com/kballard/go-shellquote golang.org/x/sys",
		"internal/netns":        "golang.org/x/sys",
		"internal/netns/netlab": "pkl/internal/netns",
		"oracle":                "",
	}
}

// A source is one Go file that is no test.
type source struct {
	dir  string // from the root, with slashes
	name string
	file *ast.File
}

// sources parses the Go files below the given folders. Folders with a go.mod of
// their own are other modules.
func sources(t *testing.T, fset *token.FileSet, roots ...string) (all []source) {
	t.Helper()
	visit := func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skipFolder(file)
		case !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		all = append(all, source{path.Dir(file), path.Base(file), f})
		return nil
	}
	for _, root := range roots {
		if err := filepath.WalkDir(root, visit); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func skipFolder(name string) error {
	if name == "." {
		return nil
	}
	if strings.HasPrefix(filepath.Base(name), ".") {
		return fs.SkipDir
	}
	if m, _ := filepath.Glob(filepath.Join(name, "go.mod")); m != nil {
		return fs.SkipDir
	}
	return nil
}

func TestImports(t *testing.T) {
	policy := imports()
	for _, s := range sources(t, token.NewFileSet(), ".") {
		allowed, known := policy[s.dir]
		if !known {
			t.Errorf("%s: no import policy for this package", s.dir)
			continue
		}
		for _, spec := range s.file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if !isStandard(name) && !within(name, strings.Fields(allowed)) {
				t.Errorf("%s/%s imports %s", s.dir, s.name, name)
			}
		}
	}
}

// isStandard reports whether a package is of the standard library: the first
// part of its path has no dot, and is not this module.
func isStandard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return first != "pkl" && !strings.Contains(first, ".")
}

// within reports whether a package is among those allowed: by name for pkl's
// own, by module for others.
func within(name string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		return name == a || !strings.HasPrefix(a, "pkl/") && strings.HasPrefix(name, a+"/")
	})
}

func TestPackageComments(t *testing.T) {
	comments := map[string][]string{}
	for _, s := range sources(t, token.NewFileSet(), ".") {
		comments[s.dir] = append(comments[s.dir], "")
		if s.file.Doc != nil {
			comments[s.dir] = append(comments[s.dir], s.name)
		}
	}
	for dir, in := range comments {
		in = slices.DeleteFunc(in, func(s string) bool { return s == "" })
		if len(in) != 1 {
			t.Errorf("%s has %d package comments %q, want 1", dir, len(in), in)
		}
	}
}

// TestNoInit: nothing registers itself, and importing a package does nothing.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t, token.NewFileSet(), ".") {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s/%s has an init function", s.dir, s.name)
			}
		}
	}
}
