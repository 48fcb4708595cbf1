package luabind_test

import (
	"strings"
	"testing"

	"pkl/luabind"
	"pkl/luabind/lualib"
)

// A shared map is one for all workers and outlives a reload; a generation that
// fails to start changes no options.
func TestSharedOverReload(t *testing.T) {
	cfg := quiet()
	cfg.Shared, cfg.FileTime = &lualib.SharedMaps{}, true
	begin := func(src string, worker int) (*luabind.State, error) {
		g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "test.lua", Source: []byte(src)}})
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.NewState(worker)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s, s.Run()
	}
	const src = `local s = pkl.shared("n", {max = 3})
pkl.on(function(pkt) s:incr("n") s:set(pkt.number, true, 5) return pkl.drop end)
pkl.at_end(function() error("#s " .. #s .. " n " .. s:get("n")) end)`
	a, err := begin(src, 1)
	b, err2 := begin(src, 2)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for i := range 4 {
		judge(t, a, i+1)
		judge(t, b, i+1)
	}
	if _, err := begin(`pkl.shared("n", {max = 1}) error "no"`, 1); err == nil {
		t.Error("no error")
	}
	if _, err := begin(`pkl.shared("n", {max = 1}) pkl.on("nothing", function() end)`, 1); err == nil {
		t.Error("no error")
	}
	c, err := begin(src, 1)
	if err != nil {
		t.Fatal(err)
	}
	a.AtEnd("reload")
	if e := a.Errors(); len(e) != 1 || !strings.HasSuffix(e[0].Text, "#s 3 n 8") {
		t.Errorf("%+v", e)
	}
	judge(t, c, 20) // the packets' time: 3 and 4 have expired
	c.AtEnd("")
	if e := c.Errors(); len(e) != 1 || !strings.HasSuffix(e[0].Text, "#s 2 n 9") {
		t.Errorf("%+v", e)
	}
}
