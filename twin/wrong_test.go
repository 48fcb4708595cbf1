package twin

import (
	"path/filepath"
	"strings"
	"testing"

	"pkl/luabind"
)

// A chunk is one script of a file in testdata/wrong. Lines of "--- title" part
// them. Lines that begin with "--! " are the error that the script must end
// with, word by word; without one it must succeed. Each script is demo.lua, and
// its lines count from the one behind the title.
type chunk struct {
	title, source, want string
}

func chunks(t *testing.T, name string) (all []chunk) {
	t.Helper()
	for _, part := range strings.Split("\n"+string(file(t, name).Source), "\n--- ")[1:] {
		title, source, _ := strings.Cut(part, "\n")
		var want []string
		for line := range strings.SplitSeq(source, "\n") {
			if text, ok := strings.CutPrefix(line, "--! "); ok {
				want = append(want, text)
			}
		}
		all = append(all, chunk{title, source, strings.Join(want, "\n")})
	}
	return all
}

// TestWrong runs scripts with mistakes: every mistake is told, at once, with the
// file and the line of the definition and the name of what is wrong.
func TestWrong(t *testing.T) {
	names, err := filepath.Glob("testdata/wrong/*.lua")
	if err != nil || len(names) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, name := range names {
		for _, c := range chunks(t, filepath.Join("wrong", filepath.Base(name))) {
			t.Run(filepath.Base(name)+"/"+c.title, func(t *testing.T) {
				got := ""
				if _, err := run(t, withBuiltin(), luabind.Script{Name: "demo.lua", Source: []byte(c.source)}); err != nil {
					got = err.Error()
				}
				if got != c.want {
					t.Errorf("have\n%s\nwant\n%s", got, c.want)
				}
			})
		}
	}
}
