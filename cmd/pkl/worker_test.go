//go:build unix

package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pkl/core"
	"pkl/luabind"
	"pkl/luabind/lualib"
)

// A testLane gives packets as a test wants them, and keeps their verdicts.
type testLane struct {
	w     *worker
	more  chan batch
	woken chan struct{}
	kind  byte
	flood bool // there is always a packet

	onTake, onWake func() // nil: nothing

	mu       sync.Mutex
	verdicts []luabind.Verdict
}

// A batch is some packets of a kind, which is the last byte of their destination.
type batch struct {
	n    int
	kind byte
}

func (k *testLane) owes() bool { return true }

func (k *testLane) read(deadline time.Time) (int, error) {
	if k.flood {
		return 1, nil
	}
	var due <-chan time.Time
	if !deadline.IsZero() {
		due = time.After(time.Until(deadline))
	}
	select {
	case b := <-k.more:
		k.kind = b.kind
		return b.n, nil
	case <-k.woken:
	case <-due:
	}
	return 0, nil
}

func (k *testLane) size(int) int { return 14 }

func (k *testLane) take(int) bool {
	if k.onTake != nil {
		k.onTake()
	}
	k.w.swap()
	k.w.pkt.Reset(k.w.st.Registry(), core.Meta{LinkType: 1, Len: 14}, []byte{5: k.kind, 13: 0})
	return true
}

func (k *testLane) pass(int) {}
func (k *testLane) fail(int) {}

func (k *testLane) settle(_ int, v *luabind.Verdict) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.verdicts = append(k.verdicts, *v)
}

func (k *testLane) flush() error              { return nil }
func (k *testLane) sift(f *core.Filter) error { return nil }

func (k *testLane) wake() {
	if k.onWake != nil {
		k.onWake()
	}
	select {
	case k.woken <- struct{}{}:
	default:
	}
}

func (k *testLane) close() error { return nil }

// judged waits until n packets have a verdict, and returns the last one.
func (k *testLane) judged(t *testing.T, n int) luabind.Verdict {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		k.mu.Lock()
		have := slices.Clone(k.verdicts)
		k.mu.Unlock()
		if len(have) >= n {
			return have[n-1]
		}
		if time.Now().After(limit) {
			t.Fatalf("%d packets are judged, want %d", len(have), n)
		}
	}
}

// A testRun is a live run of a script over lanes of a test.
type testRun struct {
	*live
	lanes []*testLane
	said  *lineWatcher
	done  chan error // the end of the run
}

func newTestRun(t *testing.T, code string, workers int, budget time.Duration) *testRun {
	t.Helper()
	r := &testRun{said: newLineWatcher(), done: make(chan error, 1)}
	c := newCLI(nil, r.said, r.said)
	t.Cleanup(c.stop.release)
	r.live = &live{c: c, o: &runOptions{}, reading: newScriptReading(""), failures: make(chan error, maxQueues+1)}
	r.cfg = c.hostConfig(false, 0, nil)
	r.cfg.FileTime, r.cfg.Workers, r.cfg.Budget = false, workers, budget
	r.cfg.Counters, r.cfg.Shared = &lualib.Counters{}, &lualib.SharedMaps{}
	r.script(code)
	for range workers {
		k := &testLane{w: r.newWorker(), more: make(chan batch), woken: make(chan struct{}, 1)}
		k.w.lane = k
		r.lanes = append(r.lanes, k)
	}
	if err := r.load(); err != nil {
		t.Fatal(err)
	}
	return r
}

// script sets what the next generation is made of.
func (r *testRun) script(code string) {
	r.sources = []luabind.Script{{Name: "test.lua", Source: []byte(code)}}
}

func (r *testRun) start() { go func() { r.done <- r.live.run() }() }

// end ends the run and returns its error.
func (r *testRun) end(t *testing.T) error {
	t.Helper()
	r.c.stop.end(errEnough)
	select {
	case err := <-r.done:
		return err
	case <-time.After(30 * time.Second):
		t.Fatal("the run does not end")
		return nil
	}
}

const loops = `pkl.on("eth.dst == 00:00:00:00:00:01", function() while true do end end) `

// A worker whose state is cut while others still have the old generation gets a
// state of the one that it had.
func TestReplaceDuringReload(t *testing.T) {
	code := loops + `pkl.on(function() return pkl.queue(%d) end)`
	r := newTestRun(t, fmt.Sprintf(code, 1), 2, 100*time.Millisecond)
	held, release := make(chan struct{}), make(chan struct{})
	r.lanes[1].onTake = func() { close(held); <-release }
	r.start()
	r.lanes[1].more <- batch{1, 0}
	<-held
	r.script(fmt.Sprintf(code, 2))
	reloaded := make(chan struct{})
	go func() { r.reload(); close(reloaded) }()
	n := 0
	next := func(kind byte) luabind.Verdict {
		n++
		r.lanes[0].more <- batch{1, kind}
		return r.lanes[0].judged(t, n)
	}
	for next(0).Queue != 2 {
	}
	if v := next(1); !v.Cut {
		t.Errorf("an endless rule: %+v", v)
	}
	if v := next(0); v.Queue != 2 {
		t.Errorf("the new state is of generation %d", v.Queue)
	}
	close(release)
	<-reloaded
	if v := next(0); v.Queue != 2 {
		t.Errorf("after the reload the state is of generation %d", v.Queue)
	}
	if err := r.end(t); err != errReported {
		t.Error(err)
	}
}

// A mistake in pkl ends the run in order.
func TestWorkerCrash(t *testing.T) {
	t.Setenv("PKL_TRACE", "")
	r := newTestRun(t, `pkl.on(function() end) pkl.at_end(function() print("end of", pkl.worker) end)`, 2, 0)
	r.lanes[0].onTake = func() { panic("on purpose") }
	r.start()
	r.lanes[0].more <- batch{1, 0}
	err := <-r.done
	if err == nil || !strings.Contains(err.Error(), "internal error") || !strings.Contains(err.Error(), "on purpose") {
		t.Errorf("error: %v", err)
	}
	r.c.out.Flush()
	for _, want := range []string{"end of\t1", "end of\t2", "0 packets, 0 bytes"} {
		if r.said.find(want) == "" {
			t.Errorf("%q is missing: %s", want, r.said)
		}
	}
}

// So does one while a generation is made.
func TestReloadCrash(t *testing.T) {
	t.Setenv("PKL_TRACE", "")
	r := newTestRun(t, `pkl.on(function() end) pkl.at_end(function() print("the end") end)`, 1, 0)
	r.lanes[0].onWake = func() { panic("on purpose") }
	reload := r.reloader()
	request(reload)
	if err := <-r.failures; !strings.Contains(err.Error(), "on purpose") {
		t.Errorf("error: %v", err)
	}
	close(reload)
	r.reloading.Wait()
}

// Timers run also where packets never stop coming and -f lets none through.
func TestTimerUnderLoad(t *testing.T) {
	r := newTestRun(t, `pkl.after(0.001, function() return pkl.stop end) pkl.on(function() end)`, 1, 0)
	r.o.filter = "ip"
	r.workers[0].filter, _ = newFilter(r.workers[0].st.Registry(), r.o.filter)
	r.lanes[0].flood = true
	r.start()
	select {
	case <-r.c.stop.ctx.Done():
	case <-time.After(30 * time.Second):
		t.Error("the timer does not run")
	}
	if err := r.end(t); err != nil {
		t.Error(err)
	}
}

// The state that a worker had when it ended is told, whatever is seen first: its
// answer or its end. One that it did not take is closed.
func TestSwapAllAtEnd(t *testing.T) {
	for range 8 {
		r := newTestRun(t, `pkl.on(function() end)`, 2, 0)
		next, err := r.build()
		if err != nil {
			t.Fatal(err)
		}
		first, second := r.workers[0], r.workers[1]
		had := first.st
		r.lanes[0].onWake = func() { first.swap(); close(first.done) }
		close(second.done)
		if old := r.swapAll(next); len(old) != 1 || old[0] != had || first.st != next[0].st || second.st == next[1].st {
			t.Fatalf("%d states are told", len(old))
		}
	}
}

// Statistics of rules never go backwards: not when states are cut, nor in reloads.
func TestRuleStatsGrow(t *testing.T) {
	code := loops + `pkl.on{name = "all", on_packet = function() end}`
	r := newTestRun(t, code, 2, 20*time.Millisecond)
	r.start()
	var feeding sync.WaitGroup
	stop := make(chan struct{})
	for _, k := range r.lanes {
		feeding.Go(func() {
			for n := 0; ; n++ {
				b := batch{n: 10}
				if n%200 == 0 {
					b = batch{1, 1}
				}
				select {
				case k.more <- b:
				case <-stop:
					return
				}
			}
		})
	}
	var watching sync.WaitGroup
	watching.Go(func() {
		var before uint64
		for {
			select {
			case <-stop:
				return
			default:
			}
			hits := uint64(0)
			for _, s := range r.snapshot().rules {
				if s.Name == "all" {
					hits = s.Hits
				}
			}
			if hits < before {
				t.Errorf("%d packets after %d", hits, before)
				return
			}
			before = hits
		}
	})
	for range 8 {
		r.reload()
	}
	close(stop)
	feeding.Wait()
	watching.Wait()
	if err := r.end(t); err != errReported {
		t.Error(err)
	}
	replaced, want, have := uint64(0), uint64(0), uint64(0)
	for i, w := range r.workers {
		replaced += w.count.replaced
		for _, v := range r.lanes[i].verdicts {
			want += uint64(v.Hits)
		}
	}
	for _, s := range r.snapshot().rules {
		have += s.Hits
	}
	if replaced == 0 || have != want {
		t.Errorf("%d states were cut; %d packets, want %d", replaced, have, want)
	}
}

// What is kept of rules that are gone is bounded, and nothing that they counted is
// lost, nor is a rule forgotten that is in use.
func TestRuleStatsBounded(t *testing.T) {
	code := `pkl.on{name = "kept", on_packet = function() end}
		for i = 1, 300 do pkl.on{name = "r" .. i + %d, on_packet = function() end} end`
	r := newTestRun(t, fmt.Sprintf(code, 0), 1, 0)
	const reloads = 6
	for n := range reloads {
		r.workers[0].judge(0)
		if n == reloads-1 {
			break
		}
		r.script(fmt.Sprintf(code, 300*(n+1)))
		next, err := r.build()
		if err != nil {
			t.Fatal(err)
		}
		old := r.workers[0].st
		r.workers[0].use(next[0])
		r.retire(old)
	}
	var hits uint64
	rules := r.snapshot().rules
	for _, s := range rules {
		hits += s.Hits
		if s.Name == "kept" && s.Hits != reloads || strings.HasPrefix(s.Name, "r") && s.Hits != 1 {
			t.Errorf("%+v", s)
		}
	}
	if len(rules) != maxGoneRules+300+1 || hits != 301*reloads {
		t.Errorf("%d rules with %d packets", len(rules), hits)
	}
}
