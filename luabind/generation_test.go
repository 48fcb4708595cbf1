package luabind_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"pkl/luabind"
)

func TestSyntaxErrors(t *testing.T) {
	_, err := luabind.NewGeneration(quiet(), []luabind.Script{
		{Name: "a.lua", Source: []byte("x = = 1")}, {Name: "b.lua", Source: []byte("\nfor")},
	})
	if err == nil || !strings.Contains(err.Error(), "a.lua:1:") || !strings.Contains(err.Error(), "b.lua:2:") {
		t.Error(err)
	}
}

// The states of a generation share one registry as long as they define the same.
func TestSharedRegistry(t *testing.T) {
	src := `pkl.protocol{name = "demo", over = {["udp.port"] = 7}, fields = {{"a", 8}}} local p = pkl.demo{}
if pkl.worker == 3 then pkl.bind("demo", "udp.port", 8) end`
	g, err := luabind.NewGeneration(quiet(), []luabind.Script{{Name: "a.lua", Source: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	var states []*luabind.State
	for worker := 1; worker <= 3; worker++ {
		s, err := g.NewState(worker)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Run(); err != nil {
			t.Fatal(err)
		}
		states = append(states, s)
	}
	if states[0].Registry() != states[1].Registry() || states[0].Registry() == states[2].Registry() {
		t.Error("registries")
	}
}

func TestRequire(t *testing.T) {
	files := map[string]string{
		"dir/lib.lua":      "local m = {} x = 5 function m.f() return x end return m",
		"dir/sub/init.lua": "return {n = ...}",
		"dir/bad.lua":      "\nx = = 1",
	}
	cfg := quiet()
	cfg.ReadFile = func(path string) ([]byte, error) {
		if s, ok := files[path]; ok {
			return []byte(s), nil
		}
		return nil, fs.ErrNotExist
	}
	run := func(src string) error {
		g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "dir/a.lua", Source: []byte(src)}})
		if err != nil {
			t.Fatal(err)
		}
		s, _ := g.NewState(1)
		defer s.Close()
		err = s.Run()
		if err == nil && strings.Join(g.Files(), " ") != "dir/a.lua dir/lib.lua dir/sub/init.lua" {
			t.Error(g.Files())
		}
		return err
	}
	if err := run(`local m = require "lib" assert(m.f() == 5 and x == nil and require "lib" == m) assert(require("sub").n == "sub")`); err != nil {
		t.Error(err)
	}
	for src, want := range map[string]string{
		`require "bad"`:    "dir/bad.lua:2:",
		`require "nosuch"`: `module "nosuch"`,
		`require "../x"`:   `module "../x": a module's name is`,
	} {
		if err := run(src); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestArgs(t *testing.T) {
	cfg := quiet()
	cfg.Args = []string{"one", "two"}
	start(t, cfg, `local a, b = ... assert(a == "one" and b == "two" and arg[1] == "one" and arg[2] == "two" and arg[0] == "test.lua")`)
}

func TestCounterShared(t *testing.T) {
	cfg := quiet()
	cfg.Workers = 2
	g, _ := luabind.NewGeneration(cfg, []luabind.Script{{Name: "a.lua", Source: []byte(`c = pkl.counter("n") c:add("x")
assert(c.x == pkl.worker and pkl.workers == 2, c.x)`)}})
	for w := 1; w <= 2; w++ {
		s, _ := g.NewState(w)
		defer s.Close()
		if err := s.Run(); err != nil {
			t.Error(err)
		}
	}
}

// The states of a generation run one version of a module, whatever becomes of the
// file; those of the next one run the new one.
func TestModuleOfGeneration(t *testing.T) {
	version, reads := 1, 0
	cfg := quiet()
	cfg.ReadFile = func(path string) ([]byte, error) {
		if path != "m.lua" {
			return nil, fs.ErrNotExist
		}
		reads++
		return fmt.Appendf(nil, "return %d", version), nil
	}
	for generation := 1; generation <= 2; generation++ {
		version = generation
		g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "a.lua", Source: fmt.Appendf(nil, "assert(require 'm' == %d)", generation)}})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			s, _ := g.NewState(1)
			if err := s.Run(); err != nil {
				t.Error(err)
			}
			s.Close()
			version = 99
		}
		if reads != generation {
			t.Errorf("%d reads", reads)
		}
	}
}
