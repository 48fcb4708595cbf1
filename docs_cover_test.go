package pkl_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"pkl/core"
)

// What exists is in the documents, and what the documents say exists.

func document(t *testing.T, name string) string {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// output runs the program.
func output(t *testing.T, args ...string) string {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(filepath.Join(bin, "pkl"), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("pkl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestDocsName: what pkl holds is in docs/lua.md or docs/protocols.md.
func TestDocsName(t *testing.T) {
	text := document(t, "docs/lua.md") + document(t, "docs/protocols.md")
	names := strings.Fields(output(t, "run", "-e", "for name in pairs(pkl) do print(name) end"))
	if len(names) < 20 {
		t.Errorf("pairs(pkl) gives only %q", names)
	}
	for _, name := range names {
		if !regexp.MustCompile(`\bpkl\.` + name + `\b`).MatchString(text) {
			t.Errorf("pkl.%s is in no document", name)
		}
	}
}

// TestDocsMethods: each method and fact is there if and only if docs/lua.md has it.
func TestDocsMethods(t *testing.T) {
	text := document(t, "docs/lua.md")
	for _, of := range []struct{ value, names string }{
		{`pkl.ip() + pkl.tcp()`, `layer path layers first last bytes raw update redissect copy reverse direction flow verify diff
			hexdump json totable lua replace ts ts_ns len caplen iface linktype mark ctmark hook queue number err gso
			uid gid hwaddr out_iface outgoing replies_to`},
		{`(pkl.ip() + pkl.tcp()).ip`, `proto header body trailer upper lower fields insert remove`},
		{`(pkl.ip() + pkl.tcp()).tcp.opts`, `each append insert remove clear find rest`},
		{`pkl.counter()`, `add get top total overflow clear`},
		{`pkl.shared("a")`, `get set add incr delete each`},
		{`pkl.log`, `info warn error`},
		{`pkl.on("ip", function() end)`, `stop stats`},
		{`pkl.u64("0xffffffffffffffff")`, `band bor bxor bnot lshift rshift hex`},
		{`pkl`, `socket send sr sr1 replay shared every after interfaces route`},
	} {
		for name := range strings.FieldsSeq(of.names) {
			code := `local v = ` + of.value + `; local ok, m = pcall(function() return v.` + name + ` end); print(ok and "yes" or m)`
			there := strings.HasPrefix(output(t, "run", "-e", code), "yes")
			told := regexp.MustCompile("[.:]" + name + `\b`).MatchString(text)
			if of.value == "pkl" {
				told = strings.Contains(text, "pkl."+name)
			}
			if there != told {
				t.Errorf("%s of %s: there is %v, docs/lua.md says %v", name, of.value, there, told)
			}
		}
	}
}

// TestDocsWords: each word of a definition is in the tables of docs/protocols.md.
func TestDocsWords(t *testing.T) {
	_, table, ok := strings.Cut(document(t, "docs/protocols.md"), "\n## All words\n")
	if !ok {
		t.Fatal("docs/protocols.md has no section All words")
	}
	table, _, _ = strings.Cut(table, "\n## ")
	words := map[string]string{ // where it is not the name in lower case
		"Spec.SumRequired": "sum_required", "Spec.HookUpdate": "hook_update",
		"Field.Flags": "bits", "Field.Until": "stop", "Field.End": "stop", "Field.Item": "of", "Field.Named": "of",
		"Spec.Pos": "", "Struct.Pos": "", "Field.Kind": "", "Field.Name": "", "Field.Bits": "",
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[core.Spec](), reflect.TypeFor[core.Field](), reflect.TypeFor[core.Struct]()} {
		for f := range typ.Fields() {
			if !f.IsExported() {
				continue
			}
			word, special := words[typ.Name()+"."+f.Name]
			if !special {
				word = strings.ToLower(f.Name)
			}
			if word != "" && !strings.Contains(table, "`"+word+"`") {
				t.Errorf("%s.%s: the word %q is not in the tables", typ.Name(), f.Name, word)
			}
		}
	}
}

// TestDocsFlags: each flag of a command is in docs/lua.md, docs/tools.md, docs/interception.md or docs/interfaces.md.
func TestDocsFlags(t *testing.T) {
	text := document(t, "docs/lua.md") + document(t, "docs/tools.md") + document(t, "docs/interception.md") + document(t, "docs/interfaces.md")
	for _, command := range []string{"run", "dump", "replay", "protos", "check", "repl"} {
		for _, m := range regexp.MustCompile(`(?m)^ +(-\w), --|^ +(--[\w-]+)`).FindAllStringSubmatch(output(t, "help", command), -1) {
			if flag := m[1] + m[2]; !strings.Contains(text, "`"+flag) && !strings.Contains(text, " "+flag+" ") {
				t.Errorf("pkl %s %s is in no document", command, flag)
			}
		}
	}
}

// TestSetUp: README.md starts pkl with two commands, which the tree has.
func TestSetUp(t *testing.T) {
	var commands []string
	for _, b := range blocks(t, "README.md") {
		if b.lang == "sh" && (b.word["dir"] == "root" || b.word["unrun"] != "") {
			commands = append(commands, strings.Split(strings.TrimSpace(b.text), "\n")...)
		}
	}
	if len(commands) != 2 || !strings.HasPrefix(commands[0], "go run ./cmd/pkl run -r testdata/") || commands[1] != "make test" {
		t.Errorf("the set-up commands are %q", commands)
	}
	if !strings.Contains(document(t, "Makefile"), "\ntest: ") {
		t.Error("the Makefile has no target test")
	}
}

// TestLinks: what the documents link to in the tree is there.
func TestLinks(t *testing.T) {
	slug := func(heading string) string {
		heading = strings.ToLower(strings.TrimLeft(heading, "# "))
		return strings.ReplaceAll(regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(heading, ""), " ", "-")
	}
	for _, file := range []string{"README.md", "CONTRIBUTING.md", "docs/lua.md", "docs/protocols.md", "docs/tools.md", "docs/interception.md", "docs/interfaces.md"} {
		for _, m := range regexp.MustCompile(`\]\(([^)#:]*)#?([^):]*)\)`).FindAllStringSubmatch(document(t, file), -1) {
			to := file
			if m[1] != "" {
				to = filepath.Join(filepath.Dir(file), m[1])
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			if m[2] == "" {
				continue
			}
			found := false
			for _, heading := range regexp.MustCompile(`(?m)^#+ .*$`).FindAllString(document(t, to), -1) {
				found = found || slug(heading) == m[2]
			}
			if !found {
				t.Errorf("%s: %s has no section %s", file, to, m[2])
			}
		}
	}
}
