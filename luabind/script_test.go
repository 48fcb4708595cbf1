package luabind_test

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
)

// TestScripts runs the chunks of testdata/*.lua, which lines of --- part, each
// as a program of its own. A line that ends in --! text must raise an error with
// that text, there.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		line := 0
		for chunk := range strings.SplitSeq(string(src), "\n---\n") {
			source := strings.Repeat("\n", line) + chunk
			line += strings.Count(chunk, "\n") + 2
			t.Run(filepath.Base(name), func(t *testing.T) { runChunk(t, filepath.Base(name), source) })
		}
	}
}

var wanted = regexp.MustCompile(`--! (.*)`)

func runChunk(t *testing.T, name, source string) {
	t.Helper()
	want, at := "", 0
	for i, line := range strings.Split(source, "\n") {
		if m := wanted.FindStringSubmatch(line); m != nil {
			want, at = m[1], i+1
		}
	}
	err := runProgram(t, name, source)
	switch {
	case err == nil && want != "":
		t.Errorf("%s:%d: no error, want %q", name, at, want)
	case err != nil && want == "":
		t.Errorf("%v", err)
	case err != nil:
		place := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + `:` + strconv.Itoa(at) + `: `)
		if !strings.Contains(err.Error(), want) || !place.MatchString(err.Error()) {
			t.Errorf("error %q, want line %d: %q", err, at, want)
		}
	}
}

func runProgram(t *testing.T, name, source string) error {
	cfg := config()
	cfg.Program = true
	cfg.Out = io.Discard
	cfg.Open, cfg.Create, cfg.Network = memory{}.open, memory{}.create, network
	cfg.LinkType = func(name string) (int, bool) { n, ok := map[string]int{"eth": 1, "raw": 101}[name]; return n, ok }
	cfg.LinkTypeName = func(n int) string { return map[int]string{1: "eth", 101: "raw"}[n] }
	g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: name, Source: []byte(source)}})
	if err != nil {
		return err
	}
	s, err := g.NewState(1)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Run()
}

// memory is a file system of capture files with one kind of content: the SYN,
// three times; a file named damaged breaks after that.
type memory struct{}

type reader struct {
	n       int
	damaged bool
}

func (memory) open(name string) (luabind.Reader, error) {
	if name == "none" {
		return nil, os.ErrNotExist
	}
	return &reader{damaged: name == "damaged"}, nil
}

func (r *reader) Read(m *core.Meta, _ *luabind.Origin) ([]byte, error) {
	if r.n++; r.n > 3 {
		if r.damaged {
			return nil, io.ErrUnexpectedEOF
		}
		return nil, io.EOF
	}
	*m = core.Meta{LinkType: 1, Number: r.n, Time: int64(r.n) * 1e9}
	return synBytes(), nil
}

func (r *reader) LinkType() int { return 1 }
func (r *reader) Close() error  { return nil }

type writer struct{ linkType int }

func (memory) create(_ string, o luabind.CreateOptions) (luabind.Writer, error) {
	return &writer{o.LinkType}, nil
}

func (w *writer) Write(m *core.Meta, _ *luabind.Origin, _ []byte) error {
	if w.linkType >= 0 && m.LinkType != w.linkType {
		return os.ErrInvalid
	}
	return nil
}

func (w *writer) Close() error { return nil }
