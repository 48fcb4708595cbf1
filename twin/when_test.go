package twin

import (
	"slices"
	"testing"

	"pkl/core"
	"pkl/luabind"
)

// TestDefineInHandler: once packets flow, a definition raises, wherever it is
// called from, and changes nothing.
func TestDefineInHandler(t *testing.T) {
	const src = `
local function refused(what, ...)
  local ok, err = pcall(...)
  assert(not ok and err:find(what .. ": protocols are defined when the script starts, not in a handler", 1, true), err)
end
local function define()
  refused("pkl.protocol", pkl.protocol, { name = "late", over = { ["udp.port"] = 9 }, fields = { { "a", 8 } } })
  refused("pkl.struct", pkl.struct, { name = "late", fields = { { "a", 8 } } })
  refused("pkl.bind", pkl.bind, "dns", "udp.port", 9)
end
local rules = 0
pkl.on("udp", function(pkt)
  define()
  rules = rules + 1
end)
pkl.at_end(function()
  define()
  assert(rules == 2)
end)
`
	cfg := withBuiltin()
	cfg.Program = false
	s := load(t, cfg, luabind.Script{Name: "rules.lua", Source: []byte(src)})
	reg := s.Registry()
	for range 2 {
		var p core.Packet
		p.ResetAs(reg.Proto("udp"), wire(t, "0009 0009 0009 0000 01"))
		s.Handle(&p)
	}
	s.AtEnd("")
	for _, e := range s.Errors() {
		t.Error(e)
	}
	if s.Registry() != reg || reg.Proto("late") != nil {
		t.Error("a definition in a handler has changed the protocols")
	}
}

// TestFilesInAnyOrder: a child in one file, its parent, its struct and who has
// the key in others.
func TestFilesInAnyOrder(t *testing.T) {
	scripts := []luabind.Script{
		{Name: "child.lua", Source: []byte(`pkl.protocol { name = "child", over = { ["parent.kind"] = 7, ["udp.port"] = 4000 }, fields = { { "l", "list", of = "thing" } } }`)},
		{Name: "parent.lua", Source: []byte(`pkl.protocol { name = "parent", over = { ["udp.port"] = 4000 }, fields = { { "kind", 8, auto = "next" } } }`)},
		{Name: "thing.lua", Source: []byte(`pkl.struct { name = "thing", fields = { { "t", 8 } } }`)},
		{Name: "bind.lua", Source: []byte(`pkl.bind("parent", "udp.port", 4000)`)},
	}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}} {
		var files []luabind.Script
		for _, i := range order {
			files = append(files, scripts[i])
		}
		reg := load(t, withBuiltin(), files...).Registry()
		f := frame{first: "udp", data: wire(t, "0fa0 0009 000b 0000 07 0102")}
		p := f.packet(reg)
		if got := protosOf(p); !slices.Equal(got, []string{"udp", "parent", "child"}) {
			t.Errorf("order %v: %q", order, got)
		}
	}
}

// TestFilesWrong: of two files, mistakes in each are told, in the order of the files.
func TestFilesWrong(t *testing.T) {
	a := luabind.Script{Name: "a.lua", Source: []byte(`pkl.protocol { name = "a", over = { ["b.kind"] = 7 }, fields = { { "x", "bytes", size = "y" } } }`)}
	b := luabind.Script{Name: "b.lua", Source: []byte("\n" + `pkl.protocol { name = "b", fields = { { "kin", 8 } }, header = "z" }`)}
	overA := `a.lua:1: a: over b.kind: b has no number field "kind" (did you mean "kin"?)`
	sizeA, headB := `a.lua:1: a.x: size: column 1: no field "y"`, `b.lua:2: b: header: column 1: no field "z"`
	for _, tt := range []struct {
		files []luabind.Script
		want  string
	}{
		{[]luabind.Script{a, b}, sizeA + "\n" + overA + "\n" + headB},
		{[]luabind.Script{b, a}, headB + "\n" + sizeA + "\n" + overA},
	} {
		_, err := run(t, withBuiltin(), tt.files...)
		if err == nil || err.Error() != tt.want {
			t.Errorf("have\n%v\nwant\n%s", err, tt.want)
		}
	}
}
