package lualib

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// endless are scripts that nothing but the budget ends.
var endless = []string{
	`while true do end`,
	`while true do pcall(function() while true do end end) end`,
	`local function f() return xpcall(f, f) end while true do f() end`,
	`coroutine.resume(coroutine.create(function() while true do end end)) while true do end`,
	`local f = coroutine.wrap(function() while true do coroutine.yield() end end) while true do f() end`,
	`coroutine.wrap(function() coroutine.wrap(function() while true do end end)() end)()`,
	`string.gsub(("x"):rep(1000), "x", function() while true do end end)`,
	`while true do pcall(string.find, ("a"):rep(30), ("a?"):rep(30) .. ("a"):rep(30)) end`,
	`while true do pcall(string.find, ("a"):rep(5000), "(.-)(.-)(.-)b") end`,
	`table.sort({1, 2, 3}, function() while true do end end)`,
	`for k in function() return 1 end do end`,
	`setmetatable(_G, {__index = function(t, k) while true do end end}) local x = nothing`,
}

func TestBudgetCuts(t *testing.T) {
	budget := int64(300_000)
	if testing.Short() {
		budget /= 10
	}
	for _, src := range endless {
		h, b := newHost(t, Config{}), NewBudget()
		h.SetContext(b)
		b.Reset(budget)
		if msg := h.run(t, src); !strings.Contains(msg, ErrBudget.Error()) {
			t.Errorf("%s: %q", src, msg)
		}
		b.Reset(0)
		if msg := h.run(t, `assert(coroutine.wrap(function() return 1 end)() == 1)`); msg != "" {
			t.Errorf("after %s: %s", src, msg)
		}
	}
}

func TestBudgetStop(t *testing.T) {
	why := errors.New("interrupted")
	for _, src := range endless {
		h, b := newHost(t, Config{}), NewBudget()
		h.SetContext(b)
		timer := time.AfterFunc(5*time.Millisecond, func() { b.Stop(why) })
		if msg := h.run(t, src); !strings.Contains(msg, "interrupted") {
			t.Errorf("%s: %q", src, msg)
		}
		timer.Stop()
	}
}

// Other contexts end coroutines and patterns too.
func TestCancelContext(t *testing.T) {
	for _, src := range endless[3:9] {
		h := newHost(t, Config{})
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		h.SetContext(ctx)
		if msg := h.run(t, src); !strings.Contains(msg, context.DeadlineExceeded.Error()) {
			t.Errorf("%s: %q", src, msg)
		}
		cancel()
	}
}

func TestBudgetExact(t *testing.T) {
	used := func(n int64) (ok bool) {
		h, b := newHost(t, Config{}), NewBudget()
		h.SetContext(b)
		b.Reset(n)
		return h.run(t, `local x = 0 for i = 1, 100 do x = x + i end`) == ""
	}
	least := int64(1)
	for !used(least) {
		least++
	}
	if least < 200 || least > 220 || used(least-1) {
		t.Errorf("a loop of 100 rounds needs %d instructions", least)
	}
}

func TestBudgetRuns(t *testing.T) {
	b := NewBudget()
	if b.Err() != nil || b.Done() != nil {
		t.Error("a new budget is used up")
	}
	run := b.Reset(10)
	next := b.Reset(2)
	if b.StopRun(run, nil) || b.Err() != nil {
		t.Error("a run that is over can be stopped")
	}
	if !b.StopRun(next, nil) || b.Err() != ErrStopped || b.Done() == nil {
		t.Errorf("stopped: %v", b.Err())
	}
	b.Reset(2)
	if !b.Spend(2) || b.Spend(1) || b.Err() != ErrBudget {
		t.Errorf("spent: %v", b.Err())
	}
	if _, ok := b.Deadline(); ok || b.Value(0) != nil {
		t.Error("a budget has a deadline or values")
	}
}

func BenchmarkBudget(b *testing.B) {
	for _, name := range []string{"none", "budget"} {
		b.Run(name, func(b *testing.B) {
			h := newHost(b, Config{})
			if name == "budget" {
				h.SetContext(NewBudget())
			}
			h.run(b, `function f(n) local x = 0 for i = 1, n do x = x + i % 3 end end`)
			b.ResetTimer()
			h.CallByParam(lua.P{Fn: h.GetGlobal("f")}, lua.LNumber(b.N))
		})
	}
}
