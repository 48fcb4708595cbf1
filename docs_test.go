package pkl_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// The documents are tests. Words behind the language of a fenced block say how
// it is run:
//
//	lua                 as a program; "-->" is what it prints, "--!" the error a line raises
//	lua run=-r a.pcap   with these arguments of pkl run
//	… net               on a host of its own, joined to another one by v0
//	lua file=a.lua      kept under this name, for a later block to use
//	sh                  in a shell, with pkl on the path
//	sh dir=root         the same, in the root of the tree
//	… fails             must end with a status other than 0
//	… unrun=why         is not run
//	text                what the block before it prints; … stands for anything
//
// The blocks of one document run in one folder, in order. It has the folders
// testdata and scripts of the tree.

// A block is a fenced block of a document.
type block struct {
	file string
	line int // of the fence
	lang string
	word map[string]string
	text string
	out  string // of the text block that follows
	has  bool   // there is one
}

func (b *block) String() string { return fmt.Sprintf("%s:%d", b.file, b.line) }

// blocks returns the blocks of a document.
func blocks(t *testing.T, file string) (all []*block) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var b *block
	for i, line := range strings.Split(string(src), "\n") {
		fence := strings.HasPrefix(line, "```")
		switch {
		case fence && b == nil:
			b = newBlock(file, i+1, strings.TrimPrefix(line, "```"))
		case fence:
			all = placed(t, all, b)
			b = nil
		case b != nil:
			b.text += line + "\n"
		}
	}
	if b != nil {
		t.Errorf("%v: the block is not closed", b)
	}
	return all
}

func newBlock(file string, line int, info string) *block {
	lang, rest, _ := strings.Cut(strings.TrimSpace(info), " ")
	b := &block{file: file, line: line, lang: lang, word: map[string]string{}}
	for rest != "" {
		var word string
		if strings.HasPrefix(rest, "run=") {
			word, rest = rest, ""
		} else {
			word, rest, _ = strings.Cut(rest, " ")
		}
		name, value, _ := strings.Cut(word, "=")
		b.word[name] = value
	}
	return b
}

// placed adds a block, or what it says to the block before it.
func placed(t *testing.T, all []*block, b *block) []*block {
	switch b.lang {
	case "lua", "sh", "go":
		return append(all, b)
	case "text":
		if b.word["file"] != "" {
			return append(all, b)
		}
		if len(all) > 0 {
			last := all[len(all)-1]
			last.out, last.has = last.out+b.text, true
			return all
		}
	}
	t.Errorf("%v: a block of %q: lua, sh, go or text behind one of them", b, b.lang)
	return all
}

// built is the folder that build has made, if any test has asked for it.
var built string

// build makes the program once for all tests. It returns the folder.
var build = sync.OnceValues(func() (dir string, err error) {
	if built, err = os.MkdirTemp("", "pkl-docs-"); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(built, "pkl"), "./cmd/pkl")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/pkl: %w\n%s", err, out)
	}
	return built, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(status)
}

// A shelf is where the blocks of one document run.
type shelf struct {
	root, dir, bin string
	kept           map[string]bool // files of blocks, and whether they were used
	host           *netns.Namespace
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{root: root, dir: t.TempDir(), bin: bin, kept: map[string]bool{}}
	for _, name := range []string{"testdata", "scripts"} {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(s.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestDocs(t *testing.T) {
	for _, file := range []string{"README.md", "docs/lua.md", "docs/protocols.md", "docs/tools.md", "docs/interception.md", "docs/interfaces.md"} {
		t.Run(file, func(t *testing.T) {
			s := newShelf(t)
			for _, b := range blocks(t, file) {
				s.block(t, b)
			}
			for name, used := range s.kept {
				if !used {
					t.Errorf("%s: no block runs the file %s", file, name)
				}
			}
		})
	}
}

// block runs a block and compares what it prints.
func (s *shelf) block(t *testing.T, b *block) {
	t.Helper()
	for name := range s.kept {
		if strings.Contains(b.text+b.word["run"], name) || strings.Contains(b.text, fmt.Sprintf("require %q", strings.TrimSuffix(name, ".lua"))) {
			s.kept[name] = true
		}
	}
	if why, ok := b.word["unrun"]; ok {
		if why == "" {
			t.Errorf("%v: unrun needs a reason", b)
		}
		t.Logf("%v: not run: %s", b, why)
		return
	}
	want := b.out
	switch b.lang {
	case "lua":
		if !b.has {
			want = printed(b.text)
		}
		name := s.save(t, b)
		if _, ok := b.word["file"]; ok {
			return
		}
		s.compare(t, b, want, append(append([]string{"pkl", "run"}, strings.Fields(b.word["run"])...), name)...)
	case "sh":
		s.compare(t, b, want, "sh", "-e", "-c", b.text)
	default:
		t.Errorf("%v: a block of %s does not run here", b, b.lang)
	}
}

// save writes a Lua block to the file that it is to have.
func (s *shelf) save(t *testing.T, b *block) string {
	t.Helper()
	name, kept := b.word["file"]
	if kept {
		s.kept[name] = false
	} else {
		name = "example.lua"
	}
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(raising(b.text)), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// compare runs a command and compares what it prints with what is wanted.
func (s *shelf) compare(t *testing.T, b *block, want string, command ...string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	if command[0] == "pkl" {
		cmd = exec.Command(filepath.Join(s.bin, "pkl"), command[1:]...)
	}
	cmd.Dir = s.dir
	if _, ok := b.word["net"]; ok {
		s.joined(t)
		cmd = s.host.Command(t.Context(), cmd.Path, command[1:]...)
	}
	cmd.Dir = s.dir
	if b.word["dir"] == "root" {
		cmd.Dir = s.root
	}
	cmd.Env = append(os.Environ(), "PATH="+s.bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	_, fails := b.word["fails"]
	var exit *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exit):
		t.Fatalf("%v: %v", b, err)
	case (err != nil) != fails:
		t.Errorf("%v: %s: %v\n%s", b, strings.Join(command[:2], " "), err, out.String())
	case !matches(want, out.String()):
		t.Errorf("%v: prints\n%s\nwanted\n%s", b, out.String(), want)
	}
}

// joined makes the hosts 10.9.0.1 and 10.9.0.2, joined by v0 and v1.
func (s *shelf) joined(t *testing.T) {
	t.Helper()
	if s.host != nil {
		return
	}
	lab := netlab.New(t)
	s.host = netlab.Namespace(t, lab, "here")
	if err := lab.Veth(netns.End{NS: s.host, Dev: "v0", Addrs: []string{"10.9.0.1/24"}},
		netns.End{NS: netlab.Namespace(t, lab, "there"), Dev: "v1", Addrs: []string{"10.9.0.2/24"}}); err != nil {
		t.Fatal(err)
	}
}

// printed returns what the comments of a script say that it prints.
func printed(src string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(src, "\n") {
		if _, text, ok := strings.Cut(line, "--> "); ok {
			b.WriteString(text + "\n")
		}
	}
	return b.String()
}

// raising turns each line with "--!" into one that checks the error it raises.
// Lines keep their numbers.
func raising(src string) string {
	if !strings.Contains(src, "--! ") {
		return src
	}
	lines := strings.Split(src, "\n")
	for i, line := range lines {
		if code, want, ok := strings.Cut(line, "--! "); ok {
			lines[i] = fmt.Sprintf("raises(function() %s end, %q)", strings.TrimSpace(code), strings.TrimSpace(want))
		}
	}
	const raises = `local function raises(f, want) local ok, got = pcall(f); got = tostring(got); ` +
		`if ok or not got:find(want, 1, true) then error("wanted the error " .. want .. ", got " .. (ok and "none" or got), 2) end end; `
	return raises + strings.Join(lines, "\n")
}

// matches compares texts. Runs of white space are alike, and … in what is
// wanted stands for anything: alone in a line for any number of lines.
func matches(want, got string) bool {
	var re strings.Builder
	re.WriteString(`^`)
	for line := range strings.Lines(want) {
		line = strings.Join(strings.Fields(line), " ")
		if line == "…" {
			re.WriteString(`(?s:.*\n)?`)
			continue
		}
		re.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + "\n")
	}
	re.WriteString(`$`)
	var b strings.Builder
	for line := range strings.Lines(got) {
		b.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
	}
	return regexp.MustCompile(re.String()).MatchString(b.String())
}
