package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"pkl/internal/iptables"
	"pkl/internal/watch"
	"pkl/luabind"
	"pkl/luabind/lualib"
	"pkl/nfq"
)

const (
	// drainTime is how long packets that wait are still judged after the run was
	// told to end.
	drainTime = time.Second
	// drainQuiet is how long nothing must come for a queue to be taken as empty.
	drainQuiet = drainTime / 20
	// loadFactor is how many times the budget of a rule a script has to start.
	loadFactor = 10
	// queueArrays bounds the arrays of scripts on the packet path, in bytes: a
	// larger one takes seconds to make, in which nothing can stop it.
	queueArrays = 16 << 20
)

// A live run judges the packets of queues until it is told to end. Its workers
// have a queue and a Lua state each; what they share is here.
type live struct {
	c       *cli
	o       *runOptions
	cfg     luabind.Config
	sources scriptSources
	reading *scriptReading

	workers  []*worker
	linkType int
	out      *liveSink      // nil: no -w
	rules    iptables.Rules // of --iptables
	kernel   *nfq.KernelFile
	files    *watch.Watcher
	metrics  io.Closer

	refused    bool          // a rule could not be inserted: there is nothing to report
	number     atomic.Uint64 // of the last packet
	matched    atomic.Int64  // packets that -f let through
	enoughSeen atomic.Bool   // the run has done what it should
	draining   atomic.Bool   // what waits is still judged
	late       atomic.Bool   // for long enough
	failures   chan error    // what ended a worker

	hup, usr1 chan os.Signal // until the very end: they kill who does not take them

	generation atomic.Int64
	reloading  sync.WaitGroup
	ruleStats  ruleTotals
	faults     errorTotals
	reloads    reloadCounts
	before     uint64 // packets when the line on the terminal was last shown
}

// runLive is pkl run -q and pkl run -i.
func (c *cli) runLive(o *runOptions, allow luabind.Abilities) (err error) {
	l := &live{c: c, o: o, reading: newScriptReading(o.user), failures: make(chan error, maxQueues+1), hup: make(chan os.Signal, 1), usr1: make(chan os.Signal, 1)}
	signal.Notify(l.hup, syscall.SIGHUP)
	c.stop.leaveHangups()
	notifyStatistics(l.usr1)
	defer signal.Stop(l.hup)
	defer signal.Stop(l.usr1)
	if line, ok := c.err.(*statusLine); ok {
		line.last()
	} else {
		c.err = &lockedWriter{w: c.err}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(liveGC))
	defer func() { err = errors.Join(err, l.close()) }()
	if err := l.open(allow); err != nil {
		return err
	}
	if err := l.confine(allow); err != nil {
		return err
	}
	if err := l.load(); err != nil {
		return err
	}
	return l.run()
}

// open opens all that needs rights, or may fail for want of them.
func (l *live) open(allow luabind.Abilities) error {
	o := l.o
	l.cfg = l.c.hostConfig(false, allow, o.args)
	luabind.LimitArrays(queueArrays)
	l.cfg.FileTime, l.cfg.ReadFile = false, l.reading.readFile
	l.cfg.Budget, l.cfg.LoadBudget = o.budget, loadFactor*o.budget
	l.cfg.DropOnError = o.onError == "drop"
	l.cfg.Counters, l.cfg.Shared, l.cfg.Writers = &lualib.Counters{}, &lualib.SharedMaps{}, &luabind.Writers{}
	l.cfg.Starts = &luabind.Starts{}
	l.cfg.Sockets, l.cfg.Mark = &luabind.Sockets{}, uint32(o.mark)
	if o.write == "-" {
		l.cfg.Out = l.c.err
	}
	var err error
	if l.rules, err = o.parseRules(); err != nil {
		return err
	}
	if l.sources, err = l.c.scriptSources(o.code, o.scripts); err != nil {
		return err
	}
	if o.queues != "" {
		l.c.out.outlive(l.c.err) // a reader that has gone must not open a firewall
		err = l.openQueues()
	} else {
		err = l.openInterfaces()
	}
	if err != nil {
		return err
	}
	l.cfg.Workers = len(l.workers)
	if o.write != "" {
		if l.out, err = l.c.newLiveSink(o.write, l.linkType); err != nil {
			return err
		}
	}
	if o.metrics != "" {
		if l.metrics, err = l.serveMetrics(o.metrics); err != nil {
			return err
		}
	}
	if o.watch {
		l.files = watch.New(func(err error) {
			fmt.Fprintf(l.c.err, "pkl: --watch: %v; looking at the files once a second\n", err)
		})
	}
	return nil
}

// openQueues binds the queues, each for a worker.
func (l *live) openQueues() (err error) {
	o := l.o
	for _, n := range o.queueRange() {
		q, err := nfq.Open(nfq.Config{Queue: n, MaxLen: uint32(o.queueLen), FailOpen: o.failOpen, Segment: o.noGSO, CTMark: true, OnError: nfqAction(l.cfg.DropOnError)})
		if err != nil {
			return err
		}
		w := l.newWorker()
		w.lane = newQueueLane(w, q)
	}
	l.linkType = linkRaw
	l.kernel, err = nfq.OpenKernel()
	return err
}

// nfqAction is the verdict of a failed judgement.
func nfqAction(drop bool) nfq.Action {
	if drop {
		return nfq.Drop
	}
	return nfq.Accept
}

// load makes the first generation.
func (l *live) load() error {
	next, err := l.build()
	if err != nil {
		return err
	}
	l.reading.succeed()
	l.generation.Store(1)
	for i, w := range l.workers {
		w.use(next[i])
	}
	l.watchFiles()
	return nil
}

// run inserts the rules of --iptables, judges until the end, and ends all in order.
func (l *live) run() error {
	l.c.stop.running(states{l}, rulesTime+drainGrace) // see drain
	l.c.stop.atExit(l.save)
	over := make(chan struct{})
	defer close(over)
	go l.flush(over)
	var wg sync.WaitGroup
	for _, w := range l.workers {
		if err := w.lane.sift(w.filter); err != nil {
			return err
		}
	}
	for _, w := range l.workers {
		wg.Go(w.run)
	}
	ctx, cancel := context.WithCancel(l.c.stop.ctx)
	defer cancel()
	err := l.insertRules(ctx)
	l.refused = err != nil && !l.c.stop.stopped()
	if err == nil {
		l.tellForce(1)
		var keeping sync.WaitGroup
		keeping.Go(func() { l.keepRules(ctx) })
		err = l.wait()
		cancel()
		keeping.Wait()
	}
	if l.c.stop.stopped() && errors.Is(err, context.Canceled) {
		err = nil // the run was ended while a rule was being inserted
	}
	err = errors.Join(err, l.removeRules())
	l.drain(&wg)
	l.reloading.Wait()
	return l.finish(err)
}

// tellForce says which generation judges now, and if it lets all pass.
func (l *live) tellForce(generation int64) {
	note := ""
	if st := l.workers[0].current.Load(); l.o.queues != "" && st != nil && !st.HasRules() {
		note = "; it sets no rule, so all packets pass"
	}
	fmt.Fprintf(l.c.err, "rules: generation %d in force%s\n", generation, note)
}

// wait returns when the run is to end: told from outside, by a rule, by -c, or
// because a worker cannot go on.
func (l *live) wait() (err error) {
	defer l.c.caught(func(crash error) { err = crash })
	reload := l.reloader()
	defer close(reload)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var changed <-chan struct{}
	if l.files != nil {
		changed = l.files.Changed()
	}
	for {
		select {
		case err := <-l.failures:
			return err
		case <-l.c.stop.ctx.Done():
			return nil
		case <-l.hup:
			request(reload)
		case <-changed:
			request(reload)
		case <-l.reading.grown:
			l.watchFiles()
		case <-l.usr1:
			l.report(l.c.err, "")
		case <-second.C:
			l.showLine()
		}
	}
}

// request asks for a reload; one that is asked for already will do.
func request(reload chan<- struct{}) {
	select {
	case reload <- struct{}{}:
	default:
	}
}

// drain ends the workers: what waits is still judged, for a while.
func (l *live) drain(wg *sync.WaitGroup) {
	l.draining.Store(true)
	l.c.stop.running(states{l}, min(drainTime+l.o.budget, drainGrace))
	defer time.AfterFunc(drainTime, func() { l.late.Store(true) }).Stop()
	for _, w := range l.workers {
		w.lane.wake()
	}
	wg.Wait()
}

// finish ends the scripts: at_end functions, one worker after the other, files,
// statistics.
func (l *live) finish(err error) error {
	l.c.stop.running(states{l}, endGrace)
	for _, w := range l.workers {
		if w.st != nil {
			w.st.AtEnd("")
		}
	}
	l.c.stop.running(nil, 0)
	var errs []error
	for _, w := range l.workers {
		if w.st != nil {
			w.current.Store(nil)
			errs = append(errs, l.retire(w.st))
		}
	}
	if l.out != nil {
		errs = append(errs, l.out.close())
	}
	if !l.refused {
		end := "accepted" // as nfq does when the queues are closed
		if l.cfg.DropOnError {
			end = "dropped"
		}
		l.report(l.c.err, end)
	}
	failed := l.faults.tell(l.c.err)
	if err = errors.Join(append([]error{err}, errs...)...); err == nil && l.c.stop.err() != nil && !errors.Is(l.c.stop.err(), errEnough) {
		err = l.c.stop.err()
	}
	if err == nil && failed {
		err = errReported
	}
	return err
}

// close unbinds the queues, and ends what open has begun.
func (l *live) close() error {
	var errs []error
	for _, w := range l.workers {
		errs = append(errs, w.lane.close())
	}
	if l.kernel != nil {
		errs = append(errs, l.kernel.Close())
	}
	if l.files != nil {
		l.files.Close()
	}
	if l.metrics != nil {
		errs = append(errs, l.metrics.Close())
	}
	return errors.Join(errs...)
}

// errEnough ends a run that has done what it should: pkl.stop, -c.
var errEnough = errors.New("done")

// end ends a run that has done what it should.
func (l *live) end() {
	l.enoughSeen.Store(true)
	l.c.stop.end(errEnough)
}

// states cuts the scripts of all workers.
type states struct{ *live }

func (s states) Interrupt(err error) {
	for _, w := range s.workers {
		if st := w.current.Load(); st != nil {
			st.Interrupt(err)
		}
	}
}

// enough counts a packet for -c, and reports whether all were seen before.
func (l *live) enough() bool {
	if l.o.count == 0 {
		return false
	}
	n := l.matched.Add(1)
	if n == int64(l.o.count) {
		l.end()
	}
	return n > int64(l.o.count)
}
