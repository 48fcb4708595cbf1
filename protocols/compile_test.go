package protocols

import (
	"testing"

	"pkl/core"
)

func registry(t testing.TB) *core.Registry {
	t.Helper()
	r, err := core.Compile(All(), Structs(), nil)
	if err != nil {
		t.Fatalf("the built-in protocols do not compile:\n%v", err)
	}
	return r
}

func TestCompile(t *testing.T) { registry(t) }
