package twin

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	luaast "github.com/yuin/gopher-lua/ast"
	luaparse "github.com/yuin/gopher-lua/parse"

	"pkl/core"
)

// A vocabulary has the words of each kind of table: "field" → "default" → there.
type vocabulary map[string]map[string]bool

func (v vocabulary) add(table, word string) {
	if v[table] == nil {
		v[table] = map[string]bool{}
	}
	v[table][word] = true
}

// TestMadeUpUsesEveryWord: each word that the Lua binding and the engine know is
// in madeup.lua, in the kind of table it belongs to.
func TestMadeUpUsesEveryWord(t *testing.T) {
	known, used := knownWords(t), usedWords(t)
	for _, table := range slices.Sorted(maps.Keys(known)) {
		for _, word := range slices.Sorted(maps.Keys(known[table])) {
			if !used[table][word] {
				t.Errorf("madeup.lua has no %s in a %s", word, table)
			}
		}
	}
}

// tables says which kind of table is read where, in the source of the binding:
// the functions that hold a word table.
func tables() map[string]string {
	return map[string]string{
		"spec": "protocol", "pklStruct": "struct", "item": "item", "values": "key", "crc": "crc", "reply": "reply",
		"commonWords": "field", "numberWords": "field", "bytesWords": "field", "listWords": "field",
		"kinds": "kind", "ruleWords": "auto",
	}
}

// knownWords reads the words from the sources: the keys of the binding's word
// tables, its kinds of fields, and the engine's rules.
func knownWords(t *testing.T) vocabulary {
	t.Helper()
	known := vocabulary{}
	for _, pattern := range []string{"../luabind/*.go", "../core/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			wordsOfFile(t, f, known)
		}
	}
	for _, table := range tables() {
		if len(known[table]) == 0 {
			t.Errorf("found no words of a %s in the sources", table)
		}
	}
	return known
}

func wordsOfFile(t *testing.T, file *ast.File, known vocabulary) {
	t.Helper()
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		words := wordsOf(fn)
		table := tables()[fn.Name.Name]
		if len(words) > 0 && table == "" {
			t.Errorf("the words in %s are of no kind of table that this test knows", fn.Name.Name)
		}
		for _, w := range words {
			known.add(table, w)
		}
	}
}

// wordsOf returns the words in a function: keys of a wordTable, also where they
// are added one by one, and what kinds and ruleWords return.
func wordsOf(fn *ast.FuncDecl) (words []string) {
	all := fn.Name.Name == "kinds" || fn.Name.Name == "ruleWords"
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if id, ok := n.Type.(*ast.Ident); all || ok && id.Name == "wordTable" {
				words = append(words, literals(n.Elts)...)
			}
		case *ast.AssignStmt:
			if ix, ok := n.Lhs[0].(*ast.IndexExpr); ok && strings.HasSuffix(fn.Name.Name, "Words") {
				words = append(words, literals([]ast.Expr{ix.Index})...)
			}
		}
		return true
	})
	return words
}

// literals returns the texts among expressions, or among the keys of pairs.
func literals(list []ast.Expr) (texts []string) {
	for _, e := range list {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Key
		}
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value)
			texts = append(texts, text)
		}
	}
	return texts
}

// usedWords reads the definitions in madeup.lua.
func usedWords(t *testing.T) vocabulary {
	t.Helper()
	chunk, err := luaparse.Parse(strings.NewReader(string(file(t, "madeup.lua").Source)), "madeup.lua")
	if err != nil {
		t.Fatal(err)
	}
	used := vocabulary{}
	for _, stmt := range chunk {
		if call, ok := stmt.(*luaast.FuncCallStmt); ok {
			used.call(call.Expr.(*luaast.FuncCallExpr))
		}
	}
	return used
}

// call notes the words of pkl.protocol{…} and pkl.struct{…}.
func (v vocabulary) call(call *luaast.FuncCallExpr) {
	fn, ok := call.Func.(*luaast.AttrGetExpr)
	if !ok || len(call.Args) != 1 {
		return
	}
	t, ok := call.Args[0].(*luaast.TableExpr)
	if name := text(fn.Key); ok && (name == "protocol" || name == "struct") {
		v.table(name, t)
	}
}

// table notes the words of a table and of those in it.
func (v vocabulary) table(kind string, t *luaast.TableExpr) {
	for i, f := range t.Fields {
		inner, isTable := f.Value.(*luaast.TableExpr)
		word := text(f.Key)
		switch {
		case f.Key == nil:
			v.entry(kind, i, f.Value)
			continue
		case kind == "over" || kind == "kinds":
			if isTable {
				v.table(map[string]string{"over": "key", "kinds": "item"}[kind], inner)
			}
			continue
		}
		v.add(kind, word)
		if word == "auto" {
			v.add("auto", text(f.Value))
		}
		if into := inside(word); isTable && into != "" {
			v.table(into, inner)
		}
	}
}

// entry notes an entry without a name: a field, or what a field is.
func (v vocabulary) entry(kind string, i int, value luaast.Expr) {
	switch inner, isTable := value.(*luaast.TableExpr); {
	case isTable && (kind == "fields" || kind == "item"):
		v.table("field", inner)
	case isTable && kind == "replies":
		v.table("reply", inner)
	case kind == "field" && i == 1:
		v.add("kind", text(value))
	}
}

// inside says what kind of table a word holds, "" if its words are not ours.
func inside(word string) string {
	switch word {
	case "fields", "footer":
		return "fields"
	case "of", "other":
		return "item"
	case "over", "kinds", "crc", "replies":
		return word
	}
	return ""
}

func text(e luaast.Expr) string {
	if s, ok := e.(*luaast.StringExpr); ok {
		return s.Value
	}
	return ""
}

// TestMadeUpFillsEverySpec: no part of a core.Spec is left empty by all of them.
func TestMadeUpFillsEverySpec(t *testing.T) {
	filled := map[string]bool{}
	all := map[string]bool{}
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() && v.Type() != reflect.TypeFor[core.Hook]() {
				visit(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				visit(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if !v.Type().Field(i).IsExported() {
					continue
				}
				name := v.Type().Name() + "." + v.Type().Field(i).Name
				all[name] = true
				filled[name] = filled[name] || !v.Field(i).IsZero()
				visit(v.Field(i))
			}
		}
	}
	specs, structs := madeUp(t)
	visit(reflect.ValueOf(specs))
	visit(reflect.ValueOf(structs))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !filled[name] {
			t.Errorf("no made-up protocol has a %s", name)
		}
	}
}

// TestMadeUpForms: what a word may hold in more than one form.
func TestMadeUpForms(t *testing.T) {
	specs, structs := madeUp(t)
	var keys []core.Key
	for _, s := range specs {
		keys = append(keys, s.Over...)
	}
	fields := allFields(specs, structs)
	is := func(ok func(string) bool) func() bool {
		return func() bool { return slices.ContainsFunc(keys, func(k core.Key) bool { return ok(k.Is) }) }
	}
	has := func(ok func(core.Field) bool) func() bool {
		return func() bool { return slices.ContainsFunc(fields, ok) }
	}
	for form, there := range map[string]func() bool{
		"over a value":             is(func(s string) bool { _, err := strconv.Atoi(s); return err == nil }),
		"over several":             is(func(s string) bool { return strings.Contains(s, ", ") }),
		"over a range":             is(func(s string) bool { return strings.Contains(s, "-") }),
		"over a mask":              is(func(s string) bool { return strings.Contains(s, "/") }),
		"over a value name":        is(func(s string) bool { return s == "echo_reply" }),
		"over every payload":       is(func(s string) bool { return s == "true" }),
		"over link":                func() bool { return slices.ContainsFunc(keys, func(k core.Key) bool { return k.On == "link" }) },
		"1 bit":                    has(func(f core.Field) bool { return f.Bits == 1 }),
		"64 bits":                  has(func(f core.Field) bool { return f.Bits == 64 }),
		"several names of a value": has(func(f core.Field) bool { return sameValue(f.Names) }),
		"a bit without a name":     has(func(f core.Field) bool { return slices.Contains(f.Flags, "") }),
		"a size of a field":        has(func(f core.Field) bool { return f.Kind == core.Bytes && f.Size != "" }),
		"bytes up to a delimiter":  has(func(f core.Field) bool { return f.Kind == core.Text && f.Until != "" }),
		"the rest of the header":   has(func(f core.Field) bool { return f.Kind == core.Bytes && f.Size+f.Until+f.Get == "" }),
		"a list of values":         has(func(f core.Field) bool { return f.Item != nil && f.Item.Fields[0].Name == "" }),
		"a list of addresses":      has(func(f core.Field) bool { return f.Item != nil && f.Item.Fields[0].Kind == core.IP4 }),
		"a list of fields":         has(func(f core.Field) bool { return f.Item != nil && len(f.Item.Fields) > 1 }),
		"a list of a struct":       has(func(f core.Field) bool { return f.Named != "" }),
		"a kind by a range":        has(func(f core.Field) bool { return strings.Contains(kindsOf(f), "6-9") }),
		"a kind by a value name":   has(func(f core.Field) bool { return strings.Contains(kindsOf(f), "nail") }),
		"each item padded":         has(func(f core.Field) bool { return f.Kind == core.List && f.Align > 0 }),
		"a field aligned":          has(func(f core.Field) bool { return f.Kind == core.Number && f.Align > 0 }),
		"get a field":              has(func(f core.Field) bool { return f.Get == "w" }),
		"get an expression":        has(func(f core.Field) bool { return strings.Contains(f.Get, "*") }),
		"auto len(x)":              has(func(f core.Field) bool { return strings.Contains(f.Auto, "len(") }),
		"auto count(x)":            has(func(f core.Field) bool { return strings.Contains(f.Auto, "count(") }),
		"auto present(x)":          has(func(f core.Field) bool { return strings.Contains(f.Auto, "present(") }),
	} {
		if !there() {
			t.Errorf("no made-up protocol shows: %s", form)
		}
	}
}

func sameValue(names []core.ValueName) bool {
	for i := range names {
		if i > 0 && names[i].V == names[i-1].V {
			return true
		}
	}
	return false
}

func kindsOf(f core.Field) (is string) {
	for _, k := range f.Kinds {
		is += k.Is + "; "
	}
	return is
}

// allFields returns the fields of protocols and structs, those of items too.
func allFields(specs []*core.Spec, structs []*core.Struct) (all []core.Field) {
	var visit func(fields []core.Field)
	visit = func(fields []core.Field) {
		for _, f := range fields {
			all = append(all, f)
			for _, st := range []*core.Struct{f.Item, f.Other} {
				if st != nil {
					visit(st.Fields)
				}
			}
			for i := range f.Kinds {
				visit(f.Kinds[i].Fields)
			}
		}
	}
	for _, s := range specs {
		visit(s.Fields)
		visit(s.Footer)
	}
	for _, st := range structs {
		visit(st.Fields)
	}
	return all
}
