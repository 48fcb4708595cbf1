package twin

import (
	"fmt"
	"reflect"
	"testing"

	"pkl/protocols"
)

// hooksAllowed is how many built-in protocols may have code. Each needs a
// sentence, beside it, that says why no word of a definition could do it.
const hooksAllowed = 2

// TestHooksCounted: code in a built-in protocol is the exception.
func TestHooksCounted(t *testing.T) {
	var with []string
	for _, s := range protocols.All() {
		if s.Hook != nil || s.HookUpdate != nil {
			with = append(with, s.Name)
		}
	}
	if len(with) > hooksAllowed {
		t.Errorf("%d protocols have hooks, at most %d may: %q", len(with), hooksAllowed, with)
	}
	t.Logf("protocols with hooks: %q", with)
}

// TestSpecsAreData: beside the hooks, nothing in a built-in protocol can run: no
// function, no channel, no pointer to something with state. Everything hangs
// together by names.
func TestSpecsAreData(t *testing.T) {
	for _, s := range protocols.All() {
		data(t, s.Name, reflect.ValueOf(*s))
	}
	for _, s := range protocols.Structs() {
		data(t, s.Name, reflect.ValueOf(*s))
	}
}

func data(t *testing.T, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "Hook" && name != "HookUpdate" { // TestHooksCounted
				data(t, path+"."+name, v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			data(t, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			data(t, path, v.Elem())
		}
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int64, reflect.Uint8, reflect.Uint64:
	default:
		t.Errorf("%s is %s", path, v.Type())
	}
}
