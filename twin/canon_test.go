package twin

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
)

// A definition in Lua and one in Go say the same if they are equal in canonical
// form. What that leaves aside, because a Lua table cannot hold it or because it
// means nothing:
//
//   - Pos: a Go literal has none;
//   - over: several keys on one field are one entry of the table, so each value
//     stands for itself here; numbers in decimal;
//   - names: a table has no order, so they are sorted by value;
//   - kinds: likewise, sorted by the values they stand for;
//   - default: a number is that number, whatever type of Go it has;
//   - empty and missing slices are the same.
func canon(s *core.Spec) core.Spec {
	c := *s
	c.Pos = ""
	c.Over = canonKeys(s.Over)
	c.Fields, c.Footer = canonFields(s.Fields), canonFields(s.Footer)
	c.Pairs, c.Pseudo = orNil(c.Pairs), orNil(c.Pseudo)
	return c
}

// canonKeys gives each value a key of its own; those of one field together, in
// the order in which the fields came.
func canonKeys(keys []core.Key) []core.Key {
	var on []string
	all := map[string][]core.Key{}
	for _, k := range keys {
		if all[k.On] == nil {
			on = append(on, k.On)
		}
		for part := range strings.SplitSeq(k.Is, ",") {
			all[k.On] = append(all[k.On], core.Key{On: k.On, Is: decimal(part), Fill: k.Fill, Check: k.Check})
		}
	}
	var out []core.Key
	for _, name := range on {
		out = append(out, all[name]...)
	}
	return out
}

// decimal writes a value of a key, if it is a plain number, in decimal.
func decimal(s string) string {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseUint(s, 0, 64); err == nil {
		return strconv.FormatUint(n, 10)
	}
	return cmp.Or(s, "true")
}

func canonFields(fields []core.Field) []core.Field {
	var all []core.Field
	for _, f := range fields {
		f.Names = orNil(slices.SortedFunc(slices.Values(f.Names), func(a, b core.ValueName) int { return cmp.Compare(a.V, b.V) }))
		f.Flags = orNil(f.Flags)
		f.Default = canonDefault(f.Default)
		f.Item, f.Other = canonStruct(f.Item), canonStruct(f.Other)
		f.Kinds = canonKinds(f.Kinds)
		all = append(all, f)
	}
	return all
}

func canonDefault(v any) any {
	switch n := v.(type) {
	case int:
		return int64(n)
	case uint64:
		if n <= math.MaxInt64 {
			return int64(n)
		}
	}
	return v
}

func canonKinds(kinds []core.Variant) []core.Variant {
	var all []core.Variant
	for _, k := range kinds {
		var is []string
		for part := range strings.SplitSeq(k.Is, ",") {
			is = append(is, decimal(part))
		}
		all = append(all, core.Variant{Is: strings.Join(is, ", "), Struct: *canonStruct(&k.Struct)})
	}
	slices.SortFunc(all, func(a, b core.Variant) int { return cmp.Compare(a.Is, b.Is) })
	return all
}

func canonStruct(s *core.Struct) *core.Struct {
	if s == nil {
		return nil
	}
	c := *s
	c.Pos, c.Fields = "", canonFields(s.Fields)
	return &c
}

func orNil[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}

// TestSameSpecs: what a protocol's Lua text defines is what the literal says,
// loaded alone and together with all others.
func TestSameSpecs(t *testing.T) {
	all := inLua(t)
	for _, spec := range protocols.All() {
		want := canon(spec)
		for how, reg := range map[string]*core.Registry{"together": all, "alone": one(t, spec.Name)} {
			if got := canon(reg.Proto(spec.Name).Spec); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, loaded %s, differs:\n%s", spec.Name, how, strings.Join(differences(want, got), "\n"))
			}
		}
	}
	for i, st := range protocols.Structs() {
		want, got := canonStruct(st), canonStruct(all.Shapes[i])
		if !reflect.DeepEqual(got, want) {
			t.Errorf("struct %s differs:\n%s", st.Name, strings.Join(differences(want, got), "\n"))
		}
	}
}

// TestPrintedAgain: what Lua has defined is printed so that it defines the same
// again, to the letter. The first print may differ: a Go literal has its value
// names in any order, and keys in hex.
func TestPrintedAgain(t *testing.T) {
	once := inLua(t)
	text := registryText(once)
	again := load(t, luabind.Config{}, luabind.Script{Name: "again.lua", Source: []byte(text)}).Registry()
	if got := registryText(again); got != text {
		t.Errorf("printed again:\n%s\nnot\n%s", got, text)
	}
}

// registryText is the Lua text of all protocols of a registry.
func registryText(reg *core.Registry) string {
	return luaText(reg.Specs, reg.Shapes)
}

// differences lists where two values of one type differ, for messages.
func differences(want, got any) []string {
	var c comparer
	c.compare("", reflect.ValueOf(want), reflect.ValueOf(got))
	return c.found
}

// A comparer compares two graphs of values, unexported fields too. Of functions
// it only sees whether they are there.
type comparer struct {
	skip  map[string]bool // fields to leave out: "Slot.src"
	seen  map[[2]uintptr]bool
	found []string
}

func (c *comparer) note(path string, want, got any) {
	if len(c.found) < 20 {
		c.found = append(c.found, fmt.Sprintf("%s: want %v, have %v", path, want, got))
	}
}

func (c *comparer) compare(path string, a, b reflect.Value) {
	if a.IsValid() != b.IsValid() || a.IsValid() && a.Type() != b.Type() {
		c.note(path, a, b)
		return
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		c.indirect(path, a, b)
	case reflect.Struct:
		for i := range a.NumField() {
			name := a.Type().Field(i).Name
			if !c.skip[a.Type().Name()+"."+name] {
				c.compare(path+"."+name, a.Field(i), b.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		c.elements(path, a, b)
	case reflect.Map:
		c.entries(path, a, b)
	case reflect.Func:
		if a.IsNil() != b.IsNil() {
			c.note(path, a, b)
		}
	case reflect.Invalid:
	default:
		if !a.Equal(b) {
			c.note(path, a, b)
		}
	}
}

func (c *comparer) indirect(path string, a, b reflect.Value) {
	if a.IsNil() || b.IsNil() {
		if a.IsNil() != b.IsNil() {
			c.note(path, a, b)
		}
		return
	}
	if a.Kind() == reflect.Pointer {
		pair := [2]uintptr{a.Pointer(), b.Pointer()}
		if c.seen[pair] {
			return
		}
		if c.seen == nil {
			c.seen = map[[2]uintptr]bool{}
		}
		c.seen[pair] = true
	}
	c.compare(path, a.Elem(), b.Elem())
}

func (c *comparer) elements(path string, a, b reflect.Value) {
	if a.Len() != b.Len() {
		c.note(path, fmt.Sprint(a.Len(), " entries"), fmt.Sprint(b.Len(), " entries"))
		return
	}
	for i := range a.Len() {
		c.compare(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i))
	}
}

func (c *comparer) entries(path string, a, b reflect.Value) {
	if a.Len() != b.Len() {
		c.note(path, fmt.Sprint(a.Len(), " entries"), fmt.Sprint(b.Len(), " entries"))
		return
	}
	for _, k := range a.MapKeys() {
		c.compare(fmt.Sprintf("%s[%v]", path, k), a.MapIndex(k), b.MapIndex(k))
	}
}

// TestSameRegistry: both ways of definition compile to one and the same table,
// down to where each field lies and how it is loaded. It differs only in what
// the sources look like, which TestSameSpecs has compared.
func TestSameRegistry(t *testing.T) {
	for _, d := range sameRegistry(inGo(t), inLua(t)) {
		t.Error(d)
	}
}

// sameRegistry lists where two compiled registries differ, sources left out.
func sameRegistry(want, got *core.Registry) []string {
	c := comparer{skip: map[string]bool{
		"Registry.Specs": true, "Registry.Shapes": true, "Proto.Spec": true, "Layout.src": true, "Layout.pos": true, "Struct.Pos": true, "Bind.Pos": true,
		"Field.Names": true, "Field.Kinds": true, "Field.Item": true, "Field.Other": true, "Field.Default": true, "table.names": true, "Proto.number": true, "Key.Is": true,
	}}
	c.compare("", reflect.ValueOf(want), reflect.ValueOf(got))
	return c.found
}
