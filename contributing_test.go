package pkl_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestContributing adds a protocol to a copy of the tree by the four steps of
// CONTRIBUTING.md, with the text's own code.
func TestContributing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a copy of the tree")
	}
	dir := t.TempDir()
	copyTree(t, dir)
	for _, b := range blocks(t, "CONTRIBUTING.md") {
		switch {
		case b.word["file"] != "":
			writeNew(t, filepath.Join(dir, b.word["file"]), b.text)
		case b.word["line"] != "":
			addLine(t, filepath.Join(dir, b.word["line"]), b.text)
		case b.word["unrun"] == "":
			t.Errorf("%v: what is to be done with this block?", b)
		}
	}
	for _, command := range []string{
		"gofmt -l protocols",
		"go vet ./protocols",
		"go build -buildvcs=false -o pkl ./cmd/pkl",
		"./pkl protos beacon",
		"go test -run=TestBeacon ./protocols",
		"go test ./protocols",
	} {
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil || strings.HasPrefix(command, "gofmt") && len(out) > 0 || strings.Contains(string(out), "no tests to run") {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	}
}

// copyTree copies the files of the module; not what git and the benchmarks keep.
func copyTree(t *testing.T, to string) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(name, ".") || name == "bench"):
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o777)
		case !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), data, 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// writeNew makes a file that is not there yet.
func writeNew(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// addLine adds a line at the end of the first list of a file.
func addLine(t *testing.T, name, line string) {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, after, ok := strings.Cut(string(src), "\n\t}\n")
	if !ok {
		t.Fatalf("%s has no list", name)
	}
	if err := os.WriteFile(name, []byte(before+"\n"+line+"\t}\n"+after), 0o666); err != nil {
		t.Fatal(err)
	}
}
