package twin

import (
	"errors"
	"path/filepath"
	"testing"

	"pkl/luabind"
)

// outside calls f with each script of testdata/outside: definitions as users
// write them from the documentation, with checks of their own.
func outside(t *testing.T, f func(t *testing.T, script luabind.Script)) {
	t.Helper()
	names, err := filepath.Glob("testdata/outside/*.lua")
	if err != nil || len(names) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) { f(t, file(t, filepath.Join("outside", filepath.Base(name)))) })
	}
}

// TestOutside runs the scripts.
func TestOutside(t *testing.T) {
	outside(t, func(t *testing.T, script luabind.Script) {
		_, err := run(t, withBuiltin(), script)
		var e *luabind.RunError
		if errors.As(err, &e) {
			t.Fatalf("%v\n%s", err, e.Trace)
		} else if err != nil {
			t.Fatal(err)
		}
	})
}
