package luabind_test

import (
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"pkl/core"
	"pkl/luabind"
)

// A timer that ends the run does not decide what becomes of the packet in hand.
func TestTimerStops(t *testing.T) {
	cfg := quiet()
	cfg.FileTime = true
	s := start(t, cfg, `
pkl.every(1, function() return pkl.stop end)
pkl.on(function(pkt) if pkt.ts > 1 then return pkl.drop end end)`)
	for number, want := range []luabind.Verdict{{Hits: 1}, {Action: luabind.Drop, End: true, Hits: 1}} {
		if v, _ := judge(t, s, number+1); v != want {
			t.Errorf("packet %d: %+v, want %+v", number+1, v, want)
		}
	}
}

func TestTimers(t *testing.T) {
	cfg := quiet()
	cfg.FileTime = true
	s := start(t, cfg, `
n, once = 0, 0
local e = pkl.every(2, function() n = n + 1 end)
pkl.after(3, function() once = once + 1 assert(pkl.now() == 13, pkl.now()) end)
pkl.at_end(function() error(n .. " " .. once) end)
pkl.after(100, function() error "never" end)`)
	for i := 10; i < 20; i++ {
		judge(t, s, i)
	}
	s.AtEnd("")
	if e := s.Errors(); len(e) != 1 || !strings.HasSuffix(e[0].Text, ": 4 1") {
		t.Errorf("%+v", e)
	}
}

// A worker that waits wakes for its timers.
func TestWake(t *testing.T) {
	now := time.Unix(1000, 0)
	cfg := quiet()
	cfg.Now = func() time.Time { return now }
	s := start(t, cfg, `
local n = 0
local e = pkl.every(10, function() n = n + 1 if n == 2 then return pkl.stop end end)
pkl.after(1, function() error "once" end)
local stopped = pkl.after(2, function() error "never" end)
stopped:stop()`)
	for _, c := range []struct{ wake, at, stop int }{{1, 1, 0}, {10, 9, 0}, {10, 12, 0}, {20, 20, 1}} {
		w, ok := s.Wake()
		now = time.Unix(1000+int64(c.at), 0)
		if stop, _ := s.Tick(); !ok || w.Unix() != 1000+int64(c.wake) || stop != (c.stop == 1) {
			t.Errorf("%+v: %v %v %v", c, w.Unix()-1000, ok, stop)
		}
	}
	if e := s.Errors(); len(e) != 1 || e[0].Count != 1 || !strings.Contains(e[0].Text, "once") {
		t.Errorf("%+v", e)
	}
}

// Timers run in the order in which they are due, those of one moment in that of
// their definition; what a timer sets or stops holds at once.
func TestTimerOrder(t *testing.T) {
	now := time.Unix(1000, 0)
	cfg := quiet()
	cfg.Now = func() time.Time { return now }
	s := start(t, cfg, `
local c, e = pkl.shared("order"), nil
local function say(what) c:set("text", (c:get("text") or "") .. what) end
pkl.after(3, function() say "d" end)
pkl.after(1, function() say "a" pkl.after(1, function() say "never" end) end)
e = pkl.every(2, function() say "b" e:stop() e:stop() end)
local f = pkl.after(3, function() say "never" end)
pkl.after(2, function() say "c" f:stop() end)
pkl.after(3, function() say "e" end)
pkl.after(4, function() say "late" end)
pkl.on(function() error(c:get("text")) end)`)
	now = now.Add(3 * time.Second)
	s.Tick()
	s.Tick()
	judge(t, s, 1)
	if e := s.Errors(); len(e) != 1 || !strings.HasSuffix(e[0].Text, ": abcde") {
		t.Errorf("%+v", e)
	}
	if w, ok := s.Wake(); !ok || w.Unix() != 1004 {
		t.Error(w, ok)
	}
}

// One more timer costs the same, however many there are.
func TestTimerCount(t *testing.T) {
	s := start(t, quiet(), `
local function nothing() end
for i = 1, 20000 do pkl.after(1000 + i, nothing) end
pkl.on(function() pkl.after(1000, nothing):stop() pkl.after(3000, nothing) end)`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 100 {
		judge(t, s, i+1)
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / 100; each > 16<<10 {
		t.Errorf("a packet with two timers took %d bytes", each)
	}
	if len(s.Errors()) != 0 {
		t.Errorf("%+v", s.Errors())
	}
}

// Without FileTime the time is that of the clock, whatever the packets say; and a
// worker wakes when it says so.
func TestClock(t *testing.T) {
	now := time.Unix(5000, 0)
	cfg := quiet()
	cfg.Now = func() time.Time { return now }
	s := start(t, cfg, `pkl.on(function(pkt) assert(pkl.now() == 5000 and pkt.ts == 7, pkl.now()) end)`)
	if judge(t, s, 7); len(s.Errors()) != 0 {
		t.Errorf("%+v", s.Errors())
	}
	s = start(t, quiet(), `pkl.after(1000, function() end)`)
	w, ok := s.Wake()
	if left := time.Until(w); !ok || left <= 0 || left > 1000*time.Second {
		t.Error(ok, left)
	}
	if stop, cut := s.Tick(); stop || cut {
		t.Error(stop, cut)
	}
}

// Times in files may be the last that there are: no timer is due behind them, nor
// again at once.
func TestTimersAtTheEndOfTime(t *testing.T) {
	cfg := quiet()
	cfg.FileTime = true
	s := start(t, cfg, `
local n = 0
pkl.every(1, function() n = n + 1 assert(n == 1, "again") error "once" end)
pkl.on(function() pkl.after(1, function() error "never" end) end)`)
	for _, ns := range []int64{math.MinInt64, math.MaxInt64 - 5e8, math.MaxInt64 - 1, math.MaxInt64} {
		var p core.Packet
		p.Reset(s.Registry(), core.Meta{LinkType: 1, Time: ns}, synBytes())
		if v := s.Handle(&p); v.Hits != 1 {
			t.Errorf("%d: %+v", ns, v)
		}
	}
	if e := s.Errors(); len(e) != 2 || !strings.Contains(e[0].Text+e[1].Text, "once") || !strings.Contains(e[0].Text+e[1].Text, "never") {
		t.Errorf("%+v", e)
	}
}
