package twin

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
)

// outside calls f with each script of testdata/outside, after it has run:
// definitions as users write them from the documentation, with checks of their own.
func outside(t *testing.T, f func(t *testing.T, s *luabind.State, own []*core.Spec)) {
	t.Helper()
	names, err := filepath.Glob("testdata/outside/*.lua")
	if err != nil || len(names) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			s, err := run(t, withBuiltin(), file(t, filepath.Join("outside", filepath.Base(name))))
			var e *luabind.RunError
			if errors.As(err, &e) {
				t.Fatalf("%v\n%s", err, e.Trace)
			} else if err != nil {
				t.Fatal(err)
			}
			f(t, s, ownSpecs(s.Registry()))
		})
	}
}

// ownSpecs are those that a script has defined.
func ownSpecs(reg *core.Registry) []*core.Spec {
	return slices.DeleteFunc(slices.Clone(reg.Specs), func(s *core.Spec) bool { return s.Pos == "" })
}

// TestOutside: the checks of the scripts hold, and each protocol stands the
// trial of pkl check.
func TestOutside(t *testing.T) {
	outside(t, func(t *testing.T, s *luabind.State, own []*core.Spec) {
		for _, spec := range own {
			if f, endless := s.TryProto(spec.Name, 200, func() bool { return false }); f != nil || endless {
				t.Errorf("%s: %v, endless %v", spec.Name, f, endless)
			}
		}
	})
}

// TestOutsideReloaded: printed as Lua and loaded again, the protocols are the
// same. Code is not printed.
func TestOutsideReloaded(t *testing.T) {
	outside(t, func(t *testing.T, s *luabind.State, own []*core.Spec) {
		own = slices.DeleteFunc(own, func(s *core.Spec) bool { return s.Hook != nil })
		text := luaText(own, slices.DeleteFunc(slices.Clone(s.Registry().Shapes), func(st *core.Struct) bool { return st.Pos == "" }))
		again := load(t, withBuiltin(), luabind.Script{Name: "again.lua", Source: []byte(text)}).Registry()
		for _, spec := range own {
			if got, was := canon(again.Proto(spec.Name).Spec), canon(spec); !reflect.DeepEqual(got, was) {
				t.Errorf("%s differs:\n%s", spec.Name, strings.Join(differences(was, got), "\n"))
			}
		}
	})
}
