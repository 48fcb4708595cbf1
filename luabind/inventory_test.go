package luabind

import (
	"slices"
	"testing"
)

// TestInventory: some of every kind of name is there, and nothing is empty.
func TestInventory(t *testing.T) {
	inv, err := NewInventory()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what  string
		names []string
		some  string
	}{
		{"pkl", inv.Pkl, "filter"}, {"facts", inv.Facts, "number"}, {"packet", inv.Packet, "hexdump"},
		{"attributes", inv.Attrs, "trailer"}, {"layer", inv.Layer, "insert"}, {"item", inv.Item, "remove"},
		{"item attributes", inv.ItemAttr, "body"}, {"list", inv.List, "append"},
		{"reader", inv.Objects["reader"], "packets"}, {"writer", inv.Objects["writer"], "write"},
		{"socket", inv.Objects["socket"], "sr1"}, {"rule", inv.Objects["rule"], "stats"}, {"timer", inv.Objects["timer"], "stop"},
		{"counter", inv.Objects["counter"], "top"}, {"shared", inv.Objects["shared"], "incr"}, {"u64", inv.Objects["u64"], "lshift"}, {"log", inv.Objects["log"], "warn"},
		{"globals", inv.Globals, "print"}, {"string", inv.Libs["string"], "packsize"}, {"bit", inv.Libs["bit"], "tohex"},
		{"os", inv.Libs["os"], "exit"},
	} {
		if !slices.Contains(c.names, c.some) {
			t.Errorf("%s: %q has no %s", c.what, c.names, c.some)
		}
	}
}

// TestTry: every script is run, none for ever, and each mistake has its kind.
func TestTry(t *testing.T) {
	gen, err := NewGeneration(Config{}, []Script{
		{"endless.lua", []byte("while true do pcall(function() while true do end end) end")},
		{"refused.lua", []byte("pkl.open('x.pcap')")},
		{"io.lua", []byte("print(io.read())")},
		{"sleep.lua", []byte("pkl.sleep(100)")},
		{"wrong.lua", []byte("\nlocal x = nil + 1")},
		{"right.lua", []byte("pkl.protocol{name='mine', fields={{'a', 8}}} pkl.on('mine.a == 1', function() end)")},
	})
	if err != nil {
		t.Fatal(err)
	}
	st, err := gen.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	all := st.Try(1_000_000)
	if len(all) != 5 {
		t.Fatalf("%d errors: %v", len(all), all)
	}
	for i, want := range []TrialError{
		{Script: "endless.lua", Endless: true}, {Script: "refused.lua", Refused: true}, {Script: "io.lua", Refused: true},
		{Script: "sleep.lua", Refused: true}, {Script: "wrong.lua"},
	} {
		got := all[i]
		if got.Script != want.Script || got.Endless != want.Endless || got.Refused != want.Refused || got.Err == nil {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if st.Registry().Proto("mine") == nil {
		t.Error("the last script was not run")
	}
}
