package pkl_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckDocs: pkl check finds nothing in the scripts of the documents and of
// the tree, but for those that are wrong on purpose.
func TestCheckDocs(t *testing.T) {
	checked := 0
	for _, file := range []string{"README.md", "docs/lua.md", "docs/protocols.md"} {
		s := newShelf(t)
		all := blocks(t, file)
		for i, b := range all {
			if b.lang != "lua" {
				continue
			}
			s.save(t, b)
			_, fails := b.word["fails"]
			if strings.Contains(b.text, "--! ") || fails || i+1 < len(all) && failsBlock(all[i+1]) {
				continue
			}
			name := b.word["file"]
			if name == "" {
				name = "example.lua"
			}
			s.checks(t, b.String(), name)
			checked++
		}
	}
	s := newShelf(t)
	for _, pattern := range []string{"scripts/*/*.lua", "testdata/*.lua"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Errorf("%s: %v", pattern, err)
		}
		for _, name := range names {
			s.checks(t, name, name)
			checked++
		}
	}
	if checked < 60 {
		t.Errorf("only %d scripts were checked", checked)
	}
}

// failsBlock reports whether a block shows that the script before it is wrong.
func failsBlock(b *block) bool {
	_, fails := b.word["fails"]
	return fails && b.lang == "sh"
}

// checks wants pkl check to find nothing.
func (s *shelf) checks(t *testing.T, what, name string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(s.bin, "pkl"), "check", name)
	cmd.Dir, cmd.Env = s.dir, os.Environ()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", what, err, out)
	}
}
