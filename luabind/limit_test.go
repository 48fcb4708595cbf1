package luabind_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"pkl/core"
	"pkl/luabind"
)

// loading runs a main chunk with 50 ms, beside a module that does not end.
func loading(t *testing.T, src string) error {
	t.Helper()
	cfg := quiet()
	cfg.LoadBudget = 50 * time.Millisecond
	cfg.Budget = time.Hour // the limit belongs to the run
	cfg.ReadFile = func(path string) ([]byte, error) {
		if path == "slow.lua" {
			return []byte("local n = 0\nwhile true do n = n + 1 end"), nil
		}
		return nil, fs.ErrNotExist
	}
	return runSource(t, cfg, src)
}

func TestLoadBudget(t *testing.T) {
	const text = ": ran longer than 50ms"
	for src, place := range map[string]string{
		"\nwhile true do end": "test.lua:2",
		"while true do pcall(function()\nwhile true do end end) end":                                          "test.lua:2",
		"coroutine.wrap(function()\nwhile true do end end)()":                                                 "test.lua:2",
		"local t = setmetatable({}, {__index = function()\nwhile true do end end})\nlocal x = t.x":            "test.lua:2",
		"local f = coroutine.wrap(function() while true do coroutine.yield() end end)\nwhile true do\nf()end": "test.lua:",
		"require 'slow'": "slow.lua:2",
	} {
		err := loading(t, src)
		if err == nil || !strings.HasPrefix(err.Error(), place) || !strings.HasSuffix(err.Error(), text) {
			t.Errorf("%s: %v", src, err)
		}
	}
	if err := loading(t, "pkl.on(function() end)"); err != nil {
		t.Error(err)
	}
}

// A rule may not take the time that a main chunk may.
func TestBudgetOfRun(t *testing.T) {
	cfg := quiet()
	cfg.LoadBudget, cfg.Budget = time.Hour, 20*time.Millisecond
	s := start(t, cfg, "pkl.on(function() while true do end end)")
	v, _ := judge(t, s, 1)
	if e := s.Errors(); !v.Cut || len(e) != 1 || !strings.Contains(e[0].Text, "test.lua:1: ran longer than 20ms") {
		t.Errorf("%+v %+v", v, e)
	}
}

// What ends Lua at any place, and what does not, is told; and leaves nothing on
// the stack of the virtual machine.
func TestCut(t *testing.T) {
	for src, cut := range map[string]bool{
		"":                               false,
		"error 'x'":                      false,
		"error {}":                       false,
		"return 1, 2, 3":                 false,
		"local x = pkt.nothing":          false,
		"pkt.ip.ttl = 256":               false,
		"pcall(error)":                   false,
		"xpcall(error, error)":           false,
		"string.rep('x', 1e9)":           false,
		"return pkl.drop":                false,
		"local function f() f() end f()": false,
		"coroutine.wrap(error)()":        false,
		"while true do end":              true,
		"while true do pcall(error) end": true,
		"pcall(string.rep, 'x', 1e9) while true do end":                                       true,
		"coroutine.wrap(function() while true do end end)()":                                  true,
		"pcall(coroutine.wrap(function() while true do end end))":                             true,
		"table.sort({2, 1}, function() while true do end end)":                                true,
		"for k in function() return 1 end do end":                                             true,
		"('x'):gsub('x', function() while true do end end)":                                   true,
		"local t = setmetatable({}, {__index = function() while true do end end}) return t.x": true,
	} {
		cfg := quiet()
		cfg.Instructions = 100_000
		s := start(t, cfg, "pkl.on(function(pkt) "+src+"\nend)")
		for n := range 3 {
			if v, _ := judge(t, s, n+1); v.Cut != cut || cut && !v.Failed {
				t.Errorf("%s: %+v", src, v)
			}
			if top := s.Top(); top != 0 {
				t.Errorf("%s: leaves %d values on the stack", src, top)
			}
		}
	}
}

// A rule whose filter, guard or edits come upon a hook that is cut has failed, also
// where no function of the script would have been called after that.
func TestCutInHookAlone(t *testing.T) {
	for name, src := range map[string]string{
		"filter": `hook = function() while true do end end} pkl.on{filter = "demo", on_error = "drop", on_packet = function(pkt) end}`,
		"guard":  `hook = function() while true do end end} pkl.on{on_error = "drop", on_packet = function(pkt) if pkt.demo then return pkl.accept end end}`,
		"update": `hook_update = function() while true do end end} pkl.on{on_error = "drop", on_packet = function(pkt) pkt.demo.a = 5 end}`,
	} {
		cfg := quiet()
		cfg.Instructions = 10_000
		s := start(t, cfg, `pkl.protocol{name = "demo", over = {["ip.p"] = 253}, fields = {{"a", 8}}, `+src)
		b := synBytes()
		b[23] = 253
		for n := range 2 {
			var p core.Packet
			p.Reset(s.Registry(), core.Meta{LinkType: 1, Number: n + 1}, b)
			v, e := s.Handle(&p), s.Errors()
			if !v.Cut || !v.Failed || v.Action != luabind.Drop || v.Hits != 1 || len(e) != 1 || e[0].Count != n+1 || s.Top() != 0 {
				t.Errorf("%s: %+v %+v", name, v, e)
			}
			if r := s.Stats()[0]; r.Hits != uint64(n+1) || r.Errors != uint64(n+1) {
				t.Errorf("%s: %+v", name, r)
			}
			if !bytes.Equal(p.Raw(), b) {
				t.Errorf("%s: the packet is not as it came", name)
			}
		}
	}
}

// A hook that edits may have run before any rule, and the packet is brought up to
// date also where no rule is in force: --on-error decides if that is cut.
func TestCutInHookWithoutRule(t *testing.T) {
	for _, drop := range []bool{false, true} {
		cfg := quiet()
		cfg.Instructions, cfg.DropOnError = 10_000, drop
		s := start(t, cfg, `
pkl.protocol{name = "demo", over = {["ip.p"] = 253}, fields = {{"a", 8}},
  hook = function(layer) layer.a = 1 end, hook_update = function() while true do end end}
pkl.on(function() end):stop()
pkl.every(1000, function() end)`)
		f, err := s.Registry().Filter("demo")
		if err != nil {
			t.Fatal(err)
		}
		b := synBytes()
		b[23] = 253
		var p core.Packet
		p.Reset(s.Registry(), core.Meta{LinkType: 1, Number: 1}, b)
		if !f.Match(&p) {
			t.Error("there is no demo")
		}
		want := luabind.Verdict{Failed: true, Cut: true}
		if drop {
			want.Action = luabind.Drop
		}
		if v, e := s.Handle(&p), s.Errors(); v != want || len(e) != 1 || s.Top() != 0 {
			t.Errorf("%+v, want %+v; %+v", v, want, e)
		}
	}
}

// A hook is part of the judgement that comes upon it, or a run of its own.
func TestCutInHook(t *testing.T) {
	cfg := quiet()
	cfg.Instructions = 10_000
	s := start(t, cfg, `
local slow = true
pkl.protocol{name = "demo", over = {["ip.p"] = 253}, fields = {{"a", 8}}, hook = function() while slow do end end}
pkl.on("demo", function(pkt) end)
pkl.on("not demo", function(pkt) slow = false end)`)
	b := synBytes()
	b[23] = 253
	var p core.Packet
	p.Reset(s.Registry(), core.Meta{LinkType: 1}, b)
	if v, e := s.Handle(&p), s.Errors(); !v.Cut || !v.Failed || len(e) != 1 || s.Top() != 0 {
		t.Errorf("%+v %+v", v, e)
	}
	for range 3 { // each look by the host has all instructions
		p.Reset(s.Registry(), core.Meta{LinkType: 1}, b)
		if err := p.Err(); err == nil || !strings.Contains(err.Error(), "instruction budget used up") {
			t.Error(err)
		}
	}
}

func TestCutTimer(t *testing.T) {
	now := time.Unix(1000, 0)
	cfg := quiet()
	cfg.Instructions = 10_000
	cfg.Now = func() time.Time { return now }
	s := start(t, cfg, `
pkl.after(1, function() while true do end end)
pkl.after(2, function() error "x" end)
pkl.after(3, function() while true do end end)
pkl.on(function() end)`)
	for i, want := range []bool{true, false} {
		now = now.Add(time.Second)
		if stop, cut := s.Tick(); stop || cut != want || s.Top() != 0 {
			t.Errorf("%d: %v %v", i, stop, cut)
		}
	}
	now = now.Add(time.Second)
	if v, _ := judge(t, s, 1); !v.Cut || v.Failed || v.Hits != 1 {
		t.Errorf("%+v", v)
	}
	if v, _ := judge(t, s, 2); v.Cut {
		t.Errorf("%+v", v)
	}
}

// A run is cut, and memory bounded, also when it comes after a long quiet time.
func TestCutAfterRest(t *testing.T) {
	cfg := roomy()
	cfg.Program = false
	cfg.Budget, cfg.LoadBudget = time.Minute, 20*time.Millisecond
	full := start(t, cfg, `pkl.on(function() local t = {} while true do t[#t + 1] = {} end end)`)
	cfg = quiet()
	cfg.Budget, cfg.LoadBudget = 20*time.Millisecond, 20*time.Millisecond
	long := start(t, cfg, `local n = 0 pkl.on(function() n = n + 1 while n % 2 == 0 do end end)`)
	for n := range 4 {
		if v, _ := judge(t, long, n+1); v.Cut != (n%2 == 1) {
			t.Errorf("%d: %+v", n, v)
		}
		if n%2 == 0 {
			time.Sleep(1500 * time.Millisecond)
		}
	}
	if v, _ := judge(t, full, 1); !v.Cut || !strings.Contains(full.Errors()[0].Text, "of memory") {
		t.Errorf("%+v %+v", v, full.Errors())
	}
}

func TestCutByInterrupt(t *testing.T) {
	s := start(t, quiet(), `pkl.on(function() while true do end end)`)
	time.AfterFunc(20*time.Millisecond, func() { s.Interrupt(errors.New("enough")) })
	if v, _ := judge(t, s, 1); !v.Cut || s.Top() != 0 {
		t.Errorf("%+v", v)
	}
}

// A state that was cut is replaced by one of the same generation.
func TestReplace(t *testing.T) {
	cfg := quiet()
	cfg.Instructions = 10_000
	src := "local n = 0 pkl.on(function(pkt) n = n + 1 if pkt.number == 1 then while true do end end assert(n == 1) return pkl.drop end)"
	g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "test.lua", Source: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []luabind.Verdict{{Failed: true, Cut: true, Hits: 1}, {Action: luabind.Drop, Hits: 1}} {
		s, err := g.NewState(1)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(); err != nil {
			t.Fatal(err)
		}
		if v, _ := judge(t, s, n+1); v != want {
			t.Errorf("%+v", v)
		}
		s.Close()
	}
}

// endlessReader gives the same packet for ever.
type endlessReader struct{}

func (endlessReader) Read(m *core.Meta, _ *luabind.Origin) ([]byte, error) {
	m.LinkType = 1
	return synBytes(), nil
}
func (endlessReader) LinkType() int { return 1 }
func (endlessReader) Close() error  { return nil }

func TestBudgetOfReading(t *testing.T) {
	for _, src := range []string{
		"for pkt in pkl.packets('x', 'udp') do end",
		"pkl.load('x')",
		"local r = pkl.open('x') while true do r:next() end",
	} {
		cfg := quiet()
		cfg.Program, cfg.LoadBudget = true, 20*time.Millisecond
		cfg.Open = func(string) (luabind.Reader, error) { return endlessReader{}, nil }
		if err := runSource(t, cfg, src); err == nil || err.Error() != "test.lua:1: ran longer than 20ms" {
			t.Errorf("%s: %v", src, err)
		}
	}
}
