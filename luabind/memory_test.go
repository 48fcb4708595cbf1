package luabind_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"pkl/luabind"
)

// roomy is a configuration with 48 MiB for scripts, beside what the test holds.
func roomy() luabind.Config {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	cfg := quiet()
	cfg.Program = true
	cfg.Memory = int64(m.HeapAlloc) + 48<<20
	return cfg
}

func runSource(t *testing.T, cfg luabind.Config, src string) error {
	t.Helper()
	g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "test.lua", Source: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	return s.Run()
}

func TestMemoryLimit(t *testing.T) {
	for _, src := range []string{
		"local t = {}\nfor i = 1, 1e9 do t[i] = i end",
		"local t = {}\nwhile true do t[#t + 1] = {} end",
		"local s = 'x'\nwhile true do s = s .. s end",
		"local t = {}\nwhile true do t[#t + 1] = string.rep('x', 1e5) .. #t end",
		"local t, n = {}, 0\nwhile true do n = n + 1 t['k' .. n] = true end",
		"local function f(t)\nwhile true do t[#t + 1] = {} end end while true do pcall(f, {}) end",
		"local co = coroutine.wrap(function(t)\nwhile true do t[#t + 1] = {} end end) while true do co({}) end",
		"local t = {}\nwhile true do t[#t + 1] = function() return t end end",
	} {
		err := runSource(t, roomy(), src)
		if err == nil || !strings.HasPrefix(err.Error(), "test.lua:2: script uses more than ") {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// What is let go does not count, however much it is.
func TestMemoryGarbage(t *testing.T) {
	err := runSource(t, roomy(), `
		local keep
		for i = 1, 400 do keep = string.rep("x", 1e6) .. i end
		for i = 1, 40 do local t = {} for j = 1, 10000 do t[j] = {j} end end`)
	if err != nil {
		t.Error(err)
	}
}

// A rule that fills the memory fails. What it kept counts on, what it let go does not.
func TestMemoryOfRules(t *testing.T) {
	for src, want := range map[string][]bool{
		"local t = {}": {true, false, false},
		"t = keep":     {true, true, true},
	} {
		cfg := roomy()
		cfg.Program = false
		s := start(t, cfg, `
keep = {}
local n = 0
pkl.on(function(pkt)
  n = n + 1
  if n > 1 then return end
  local t = {}
  `+strings.TrimPrefix(src, "local t = {}")+`
  while true do t[#t + 1] = string.rep("x", 1e5) .. #t end
end)`)
		for i, failed := range want {
			if v, _ := judge(t, s, i+1); v.Failed != failed {
				t.Errorf("%s: packet %d: failed %v: %+v", src, i+1, v.Failed, s.Errors())
			}
		}
		if e := s.Errors(); len(e) == 0 || !strings.Contains(e[0].Text, "test.lua:9: script uses more than ") {
			t.Errorf("%s: %+v", src, e)
		}
		s.Close()
	}
}

func TestMemoryErrorText(t *testing.T) {
	var e error = &luabind.MemoryError{Limit: 512 << 20}
	var me *luabind.MemoryError
	if !errors.As(e, &me) || e.Error() != "script uses more than 512 MiB of memory; start pkl with --memory to allow more" {
		t.Error(e)
	}
}
