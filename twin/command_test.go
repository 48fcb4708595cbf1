package twin

import (
	"os/exec"
	"path/filepath"
	"testing"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
)

// TestCommandPrintsLua: the program prints what the other tests load, for each
// protocol and for all at once.
func TestCommandPrintsLua(t *testing.T) {
	pkl := filepath.Join(t.TempDir(), "pkl")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", pkl, "../cmd/pkl").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, s := range protocols.All() {
		if got, want := output(t, pkl, "protos", "--lua", s.Name), core.SpecLua(s, protocols.Structs()); got != want {
			t.Errorf("pkl protos --lua %s:\n%s\nwant\n%s", s.Name, got, want)
		}
	}
	all := luabind.Script{Name: "all.lua", Source: []byte(output(t, pkl, "protos", "--lua"))}
	got := load(t, luabind.Config{}, all).Registry()
	if text := registryText(got); text != registryText(inLua(t)) {
		t.Errorf("pkl protos --lua, loaded, is\n%s", text)
	}
}

func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v", program, args, err)
	}
	return string(out)
}
