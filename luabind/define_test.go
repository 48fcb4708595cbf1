package luabind_test

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
)

// TestRoundTrip prints every built-in protocol as Lua, runs that, and wants the same specs.
func TestRoundTrip(t *testing.T) {
	var src strings.Builder
	structs := protocols.Structs()
	for _, spec := range protocols.All() {
		text := core.SpecLua(spec, structs)
		structs = slices.DeleteFunc(structs, func(st *core.Struct) bool { // each is printed once
			return strings.Contains(text, `name = "`+st.Name+`"`)
		})
		src.WriteString(text + "\n")
	}
	s := start(t, luabind.Config{}, src.String())
	got := s.Registry().Specs
	for i, want := range protocols.All() {
		if want.Hook != nil || want.HookUpdate != nil {
			continue // code is not printed
		}
		a, b := plain(got[i]), plain(want)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s differs:\n%+v\n%+v", want.Name, a, b)
		}
	}
}

// plain returns a spec without what Lua cannot keep: places, the order of tables, how a number was written.
func plain(s *core.Spec) core.Spec {
	c := *s
	c.Pos = ""
	c.Over = plainKeys(s.Over)
	c.Fields, c.Footer = plainFields(s.Fields), plainFields(s.Footer)
	return c
}

func plainKeys(keys []core.Key) (all []core.Key) {
	for _, k := range keys {
		var parts []string
		for part := range strings.SplitSeq(k.Is, ",") {
			part = strings.TrimSpace(part)
			if n, err := strconv.ParseUint(part, 0, 64); err == nil {
				part = strconv.FormatUint(n, 10)
			}
			if part == "" {
				part = "true"
			}
			parts = append(parts, part)
		}
		k.Is = strings.Join(parts, ", ")
		i := slices.IndexFunc(all, func(o core.Key) bool { return o.On == k.On })
		if i < 0 {
			all = append(all, k)
			continue
		}
		all[i].Is += ", " + k.Is
		all[i].Fill, all[i].Check = cmp.Or(all[i].Fill, k.Fill), cmp.Or(all[i].Check, k.Check)
	}
	return all
}

func plainFields(fields []core.Field) []core.Field {
	var all []core.Field
	for _, f := range fields {
		f.Names = slices.Clone(f.Names)
		slices.SortStableFunc(f.Names, func(a, b core.ValueName) int { return cmp.Compare(a.V, b.V) })
		if len(f.Names) == 0 {
			f.Names = nil
		}
		if n, ok := f.Default.(uint64); ok && n < 1<<53 {
			f.Default = int(n)
		}
		f.Item, f.Other = plainStruct(f.Item), plainStruct(f.Other)
		f.Kinds = slices.Clone(f.Kinds)
		for i, k := range f.Kinds {
			f.Kinds[i].Struct = *plainStruct(&k.Struct)
			f.Kinds[i].Is = plainKeys([]core.Key{{Is: k.Is}})[0].Is
		}
		slices.SortFunc(f.Kinds, func(a, b core.Variant) int { return cmp.Compare(a.Is, b.Is) })
		all = append(all, f)
	}
	return all
}

func plainStruct(s *core.Struct) *core.Struct {
	if s == nil {
		return nil
	}
	c := *s
	c.Pos, c.Fields = "", plainFields(s.Fields)
	return &c
}
