package luabind_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pkl/core"
	"pkl/luabind"
)

// judge gives the SYN to the rules of src and returns the verdict and the packet's bytes.
func judge(t *testing.T, s *luabind.State, number int) (luabind.Verdict, []byte) {
	t.Helper()
	var p core.Packet
	p.Reset(s.Registry(), core.Meta{LinkType: 1, Number: number, Time: int64(number) * 1e9}, synBytes())
	v := s.Handle(&p)
	return v, p.Raw()
}

func quiet() luabind.Config {
	cfg := config()
	cfg.Out, cfg.Log = nil, nil
	return cfg
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		src  string
		want luabind.Verdict
	}{
		{`pkl.on("tcp", function(pkt) end)`, luabind.Verdict{Hits: 1}},
		{`pkl.on("udp", function(pkt) return pkl.drop end)`, luabind.Verdict{}},
		{`pkl.on(function(pkt) return pkl.accept end) pkl.on(function() return pkl.drop end)`, luabind.Verdict{Hits: 1}},
		{`pkl.on(function(pkt) return pkl.drop end)`, luabind.Verdict{Action: luabind.Drop, Hits: 1}},
		{`pkl.on(function(pkt) return pkl.again end)`, luabind.Verdict{Action: luabind.Again, Hits: 1}},
		{`pkl.on(function(pkt) return pkl.queue(7) end)`, luabind.Verdict{Action: luabind.Queue, Queue: 7, Hits: 1}},
		{`pkl.on(function(pkt) return pkl.stop end)`, luabind.Verdict{End: true, Hits: 1}},
		{`pkl.on(function(pkt) return true end)`, luabind.Verdict{Failed: true, Hits: 1}},
		{`pkl.on{on_error = "drop", on_packet = function(pkt) error "x" end}`, luabind.Verdict{Action: luabind.Drop, Failed: true, Hits: 1}},
		{`pkl.on{priority = 1, on_packet = function() return pkl.drop end}
		  pkl.on{priority = -1, on_packet = function() return pkl.stop end}`, luabind.Verdict{End: true, Hits: 1}},
	} {
		s := start(t, quiet(), c.src)
		if got, _ := judge(t, s, 1); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.src, got, c.want)
		}
	}
}

func TestEdits(t *testing.T) {
	s := start(t, quiet(), `
pkl.on(function(pkt) pkt.ip.ttl = 7 end)
pkl.on("ip.ttl == 7", function(pkt) pkt.tcp.dport = 81 end)`)
	v, b := judge(t, s, 1)
	if v.Hits != 2 || b[22] != 7 || b[37] != 81 || bytes.Equal(b[24:26], synBytes()[24:26]) {
		t.Errorf("%+v %x", v, b)
	}
}

// A packet whose rule fails goes on as it came.
func TestErrorRestores(t *testing.T) {
	s := start(t, quiet(), `
pkl.on(function(pkt) pkt.ip.ttl = 7 end)
pkl.on(function(pkt) pkt.ip.ttl = 8 pkt.mark = 5 error "oops" end)`)
	v, b := judge(t, s, 1)
	if !v.Failed || v.Action != luabind.Accept || !bytes.Equal(b, synBytes()) {
		t.Errorf("%+v %x", v, b)
	}
}

// So does the mark of its connection.
func TestErrorRestoresCTMark(t *testing.T) {
	for fails, want := range map[string]uint32{"": 77, "error 'oops'": 1} {
		s := start(t, quiet(), `pkl.on(function(pkt) pkt.ctmark = 77 end) pkl.on(function(pkt) `+fails+` end)`)
		mark := uint32(1)
		s.Facts.CTMark = &mark
		if v, _ := judge(t, s, 1); v.Failed != (fails != "") || mark != want {
			t.Errorf("%q: %+v, ctmark %d, want %d", fails, v, mark, want)
		}
	}
}

func TestErrorsOnce(t *testing.T) {
	var log strings.Builder
	cfg := config()
	cfg.Log = &log
	s := start(t, cfg, `pkl.on(function(pkt)
  local x = pkt.ip.tll
end)`)
	for i := range 3 {
		judge(t, s, i+4)
	}
	want := `test.lua:2: ip has no field "tll" (did you mean "ttl"?) (packet 4)`
	if !strings.HasPrefix(log.String(), want+"\nstack traceback:\n\ttest.lua:2: in handler\n") || strings.Count(log.String(), "tll") != 1 {
		t.Error(log.String())
	}
	errs := s.Errors()
	if len(errs) != 1 || errs[0].Count != 3 || errs[0].Packet != 4 {
		t.Errorf("%+v", errs)
	}
	if st := s.Stats(); st[0].Hits != 3 || st[0].Errors != 3 || st[0].Name != "test.lua:1" {
		t.Errorf("%+v", st)
	}
}

// What a script keeps of a packet is void once its last rule has returned.
func TestExpiry(t *testing.T) {
	for _, keep := range []string{"pkt.ttl", "pkt.ip", "pkt.ip.opts", "pkt.tcp.opts[1]", "pkt:layers()", "pkt.tcp.opts:each()", "pkt.tcp:fields()", "pkt"} {
		use := map[string]string{"pkt": "kept.ip", "pkt.ip": "kept.ttl", "pkt.ip.opts": "#kept", "pkt.tcp.opts[1]": "kept.mss"}[keep]
		if use == "" {
			use = "kept()"
		}
		s := start(t, quiet(), `local kept
pkl.on(function(pkt)
  if kept then local _ = `+use+` end
  kept = `+strings.Replace(keep, "pkt.ttl", "pkt:layers()", 1)+`
end)`)
		judge(t, s, 1)
		if len(s.Errors()) != 0 {
			t.Errorf("%s: %+v", keep, s.Errors())
		}
		judge(t, s, 2)
		if e := s.Errors(); len(e) != 1 || !strings.Contains(e[0].Text, "packet expired; use pkt:copy() to keep it") {
			t.Errorf("%s: %+v", keep, e)
		}
	}
}

func TestGlobals(t *testing.T) {
	cfg := quiet()
	g, err := luabind.NewGeneration(cfg, []luabind.Script{
		{Name: "a.lua", Source: []byte("x = 1 pkl.on(function() x = x + 1 y = 2 end)")},
		{Name: "b.lua", Source: []byte("assert(x == nil) x = 5 string.trim = 1")},
		{Name: "c.lua", Source: []byte("assert(string.trim == nil)")},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Run(); err != nil {
		t.Fatal(err)
	}
	judge(t, s, 1)
	if e := s.Errors(); len(e) != 1 || !strings.Contains(e[0].Text, `a.lua:1: a handler cannot make the new global "y"`) {
		t.Errorf("%+v", e)
	}
}

// TestGlobalsOfScript: what a script has set at its top can be set in handlers,
// also when it is nil.
func TestGlobalsOfScript(t *testing.T) {
	s := start(t, quiet(), `
last, first = nil, 0
pkl.on(function(pkt)
  if pkt.number == 1 then last, first = 1, nil
  elseif pkt.number == 2 then assert(last == 1 and first == nil) last, first = nil, 5
  else assert(last == nil and first == 5) other = nil end
end)`)
	for n := range 3 {
		judge(t, s, n+1)
	}
	if e := s.Errors(); len(e) != 1 || !strings.Contains(e[0].Text, `cannot make the new global "other"`) || e[0].Packet != 3 {
		t.Errorf("%+v", e)
	}
}

func TestInHandler(t *testing.T) {
	for src, want := range map[string]string{
		`pkl.protocol{name = "x", fields = {{"a", 8}}}`: "protocols are defined when the script starts",
		`pkl.sleep(1)`:                  "a rule cannot wait",
		`pkl.open("x")`:                 "pkl.open is not allowed here; start pkl with --allow read",
		`pkl.create("x")`:               "start pkl with --allow write",
		`pkl.socket{}`:                  "pkl.socket is not allowed here; start pkl with --allow net",
		`pkl.open = 1`:                  "pkl is read only",
		`local p = pkl.ip{} p.ip.x = 1`: `ip has no field "x"`,
	} {
		s := start(t, quiet(), "pkl.on(function(pkt) "+src+" end)")
		judge(t, s, 1)
		if e := s.Errors(); len(e) != 1 || !strings.Contains(e[0].Text, want) {
			t.Errorf("%s: %+v", src, e)
		}
	}
}

func TestBudget(t *testing.T) {
	cfg := quiet()
	cfg.Instructions = 10000
	s := start(t, cfg, `pkl.on(function(pkt) while true do end end)`)
	v, _ := judge(t, s, 1)
	if e := s.Errors(); !v.Failed || len(e) != 1 || !strings.Contains(e[0].Text, "test.lua:1: instruction budget used up") {
		t.Errorf("%+v", e)
	}
	cfg.Instructions, cfg.Budget = 0, 20*time.Millisecond
	s = start(t, cfg, `pkl.on(function(pkt) while true do end end)`)
	for i := range 2 {
		v, _ = judge(t, s, i+1)
	}
	if e := s.Errors(); !v.Failed || len(e) != 1 || !strings.Contains(e[0].Text, "ran longer than 20ms") || e[0].Count != 2 {
		t.Errorf("%+v", e)
	}
}

func TestInterrupt(t *testing.T) {
	why := errors.New("interrupted")
	s := start(t, quiet(), `
ended = ""
pkl.on(function(pkt) while true do pcall(function() while true do end end) end end)
pkl.at_end(function(reason) ended = reason or "end" end)
pkl.at_end(function() error(ended) end)`)
	time.AfterFunc(20*time.Millisecond, func() { s.Interrupt(why) })
	if v, _ := judge(t, s, 1); !v.Failed || len(s.Errors()) != 0 {
		t.Errorf("%+v %+v", v, s.Errors())
	}
	s.AtEnd("reload")
	if e := s.Errors(); len(e) != 1 || !strings.HasSuffix(e[0].Text, ": reload") {
		t.Errorf("%+v", e)
	}
}

func TestInterruptProgram(t *testing.T) {
	cfg := quiet()
	cfg.Program = true
	g, _ := luabind.NewGeneration(cfg, []luabind.Script{{Name: "x.lua", Source: []byte("pkl.sleep(60)\n\nx = 1")}})
	s, _ := g.NewState(1)
	defer s.Close()
	why := errors.New("interrupted")
	time.AfterFunc(20*time.Millisecond, func() { s.Interrupt(why) })
	if err := s.Run(); err != why {
		t.Error(err)
	}
	if e := s.Cut(); e == nil || e.Text != "x.lua:1: interrupted" {
		t.Errorf("%+v", e)
	}
}

func TestFilterErrors(t *testing.T) {
	g, _ := luabind.NewGeneration(quiet(), []luabind.Script{{Name: "x.lua", Source: []byte("\npkl.on('tcp.dprot == 1', function() end)")}})
	s, _ := g.NewState(1)
	defer s.Close()
	if err := s.Run(); err == nil || !strings.HasPrefix(err.Error(), "x.lua:2: filter: ") {
		t.Error(err)
	}
}

func TestRuleHandle(t *testing.T) {
	s := start(t, quiet(), `
local r
r = pkl.on("ip", function(pkt)
  assert(r:stats().active and r:stats().filter == "ip")
  r:stop()
  assert(r:stats().hits == 1 and not r:stats().active)
end)`)
	judge(t, s, 1)
	if v, _ := judge(t, s, 2); v.Hits != 0 || len(s.Errors()) != 0 {
		t.Errorf("%+v %+v", v, s.Errors())
	}
}

func TestOnWords(t *testing.T) {
	s := start(t, quiet(), `
local r = pkl.on{name = "n", filter = "tcp", priority = 3, on_error = "drop", on_packet = function() end}
assert(r:stats().name == "n")
assert(not pcall(r.stop))`)
	if !s.HasRules() || s.Stats()[0].Name != "n" {
		t.Error(s.Stats())
	}
	for src, want := range map[string]string{
		`pkl.on{filtr = "x"}`:    `pkl.on: unknown word "filtr" (did you mean "filter"?)`,
		`pkl.on{filter = 5}`:     "pkl.on: filter cannot be a number",
		`pkl.on{on_error = "x"}`: `pkl.on: on_error is "drop" or "accept"`,
		`pkl.on{name = "x"}`:     "pkl.on: on_packet is missing",
		`pkl.on("tcp")`:          "pkl.on: need a function of a packet as argument 2, have nil",
		`pkl.on(print, "tcp")`:   "pkl.on: a filter is argument 1 and comes before the function, here a string comes behind it",
		`pkl.on(5)`:              "pkl.on: need a filter, a function of a packet or a table as argument 1, have a number",
		`pkl.on(nil, print)`:     "as argument 1, have nil",
		`pkl.every("1", print)`:  "pkl.every: need a number of seconds as argument 1, have a string",
		`pkl.after({}, print)`:   "pkl.after: need a number of seconds as argument 1, have a table",
		`pkl.every(1)`:           "pkl.every: need a function as argument 2, have nil",
		`pkl.every(0, print)`:    "a timer needs 0.001 seconds or more",
		`pkl.queue(70000)`:       "queue: need a whole number below 2^16",
	} {
		g, _ := luabind.NewGeneration(quiet(), []luabind.Script{{Name: "x.lua", Source: []byte(src)}})
		st, _ := g.NewState(1)
		if err := st.Run(); err == nil || !strings.HasPrefix(err.Error(), "x.lua:1: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", src, err)
		}
		st.Close()
	}
}

// A handler that made rules would make one more for each packet.
func TestOnInHandler(t *testing.T) {
	s := start(t, quiet(), `
pkl.on(function() pkl.on(function() end) end)
pkl.at_end(function() pkl.on(function() end) end)`)
	judge(t, s, 1)
	s.AtEnd("")
	for i, e := range s.Errors() {
		if !strings.Contains(e.Text, "pkl.on: rules are made when the script starts, before packets come, not in a handler") {
			t.Errorf("%d: %s", i, e.Text)
		}
	}
	if len(s.Errors()) != 2 || len(s.Stats()) != 1 {
		t.Error(s.Errors(), s.Stats())
	}
}

// An error that is no text has a place all the same.
func TestErrorWithoutText(t *testing.T) {
	for src, want := range map[string]string{
		`error()`:    "x.lua:1: error without a message",
		`error({1})`: "x.lua:1: error with a table, which has no text",
		`error(setmetatable({}, {__tostring = function() return "mine" end}))`: "x.lua:1: mine",
	} {
		s := start(t, quiet(), `pkl.on(function() `+src+` end)`)
		judge(t, s, 1)
		if e := s.Errors(); len(e) != 1 || !strings.HasSuffix(e[0].Text, strings.TrimPrefix(want, "x.lua")) {
			t.Errorf("%s: %+v", src, e)
		}
	}
}

// Old workers end by at_end functions alone: their timers have ended.
func TestAtEndReload(t *testing.T) {
	now := time.Unix(5000, 0)
	cfg := quiet()
	cfg.Now, cfg.Workers = func() time.Time { return now }, 3
	s := start(t, cfg, `
local c = pkl.counter("end")
pkl.every(1, function() c:add("timer") end)
pkl.at_end(function(why) error(why .. " " .. pkl.worker .. "/" .. pkl.workers .. " " .. c.timer) end)`)
	now = now.Add(time.Second)
	s.Tick()
	s.AtEnd("reload")
	now = now.Add(time.Minute)
	s.Tick()
	if _, ok := s.Wake(); ok || s.HasRules() {
		t.Error("there are timers")
	}
	s.AtEnd("again")
	if e := s.Errors(); len(e) != 1 || !strings.HasSuffix(e[0].Text, ": reload 1/3 1") {
		t.Errorf("%+v", e)
	}
}
