package protocols

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pkl/core"
)

func registry(t testing.TB) *core.Registry {
	t.Helper()
	r, err := core.Compile(All(), Structs(), nil)
	if err != nil {
		t.Fatalf("the built-in protocols do not compile:\n%v", err)
	}
	return r
}

// Literals are laid out by the linker: a map or a function call in one would
// bring a function that runs at every start.
func TestNoInitCode(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the package")
	}
	lib := filepath.Join(t.TempDir(), "protocols.a")
	if out, err := exec.Command("go", "build", "-o", lib, ".").CombinedOutput(); err != nil {
		t.Skipf("cannot build the package here: %v\n%s", err, out)
	}
	out, err := exec.Command("go", "tool", "nm", "-size", lib).Output()
	if err != nil {
		t.Skipf("cannot run go tool nm: %v", err)
	}
	if !strings.Contains(string(out), "pkl/protocols.All") {
		t.Fatal("go tool nm does not show the package")
	}
	// The task of a package without init code is a state and the number 0; imports may need it.
	task := regexp.MustCompile(`(\d+) D pkl/protocols\.\.inittask`).FindStringSubmatch(string(out))
	if task != nil && task[1] != "8" {
		t.Errorf("a spec needs init code: look for a map or a function call\n%s", task[0])
	}
}

func TestDocs(t *testing.T) {
	for _, s := range All() {
		if s.Doc == "" || s.Ref == "" {
			t.Errorf("%s: a protocol needs a sentence and its standard", s.Name)
		}
	}
}

// Value names can be written in filters as they are, and each means one value.
func TestValueNames(t *testing.T) {
	word := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	var fields func(path string, list []core.Field)
	check := func(f *core.Field, path string) {
		means := map[string]int64{}
		last := int64(-1) << 62
		for i, n := range f.Names {
			key := strings.ToLower(n.Name)
			if v, known := means[key]; known || !word.MatchString(n.Name) {
				t.Errorf("%s: %q is no word, or means %d too", path, n.Name, v)
			}
			if n.V < last && n.V >= 0 {
				t.Errorf("%s: %q is out of order", path, n.Name)
			}
			means[key], last = n.V, f.Names[i].V
		}
	}
	fields = func(path string, list []core.Field) {
		for i := range list {
			f := &list[i]
			name := path + "." + f.Name
			check(f, name)
			if f.Item != nil {
				fields(name, f.Item.Fields)
			}
			for _, k := range f.Kinds {
				fields(name+"."+k.Is, k.Fields)
			}
		}
	}
	for _, s := range All() {
		fields(s.Name, s.Fields)
	}
}
