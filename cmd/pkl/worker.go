package main

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync/atomic"
	"time"

	"pkl/core"
	"pkl/luabind"
	"pkl/nfq"
)

const (
	linkRaw = 101 // LINKTYPE_RAW: IPv4 or IPv6
	ipv4    = 2   // NFPROTO_IPV4
	ipv6    = 10  // NFPROTO_IPV6

	retryAge = time.Second // between attempts to replace a state
)

// A worker judges the packets of one queue, with a Lua state of its own.
type worker struct {
	l *live
	n int // from 1
	q *nfq.Queue

	st      *luabind.State
	filter  *core.Filter
	current atomic.Pointer[luabind.State] // st, for other goroutines
	next    atomic.Pointer[loaded]        // what to go on with
	swapped chan *luabind.State           // answers next: the state that it has replaced
	done    chan struct{}                 // closed at the end of run

	pkt    core.Packet
	ctmark uint32
	links  links
	read   int64     // when the batch in hand was read, in nanoseconds; 0: not asked yet
	tried  time.Time // to replace the state

	count counts     // of this worker alone
	shown sentCounts // the same, for other goroutines; as of the last batch
}

// A loaded state is one that is ready to judge.
type loaded struct {
	st     *luabind.State
	filter *core.Filter
}

func newWorker(l *live, n int, q *nfq.Queue) *worker {
	return &worker{l: l, n: n, q: q, swapped: make(chan *luabind.State, 1), done: make(chan struct{}), links: links{known: map[uint32]link{}}}
}

// run judges until the run ends.
func (w *worker) run() {
	defer close(w.done)
	w.current.Store(w.st)
	var quiet time.Time // since when nothing has come, at the end
	for {
		batch, err := w.q.Read(w.deadline())
		if err != nil {
			if !errors.Is(err, fs.ErrClosed) {
				w.l.failures <- err
			}
			return
		}
		w.swap()
		w.read = 0
		for i := range batch {
			w.judge(&batch[i])
		}
		if err := w.q.Flush(); err != nil {
			w.l.failures <- err
			return
		}
		w.shown.store(&w.count)
		switch draining := w.l.draining.Load(); {
		case w.l.late.Load():
			return
		case len(batch) > 0:
			quiet = time.Time{}
			continue
		case draining && quiet.IsZero():
			quiet = time.Now()
			continue
		case draining && time.Since(quiet) >= drainQuiet:
			return
		case draining:
			continue
		}
		w.tick()
	}
}

// deadline is how long to wait for packets: until a timer is due, or for what is
// still on its way when the run ends.
func (w *worker) deadline() time.Time {
	if w.l.draining.Load() {
		return time.Now().Add(drainQuiet)
	}
	if w.st == nil {
		return time.Now().Add(retryAge)
	}
	due, _ := w.st.Wake()
	return due
}

// swap goes on with the next generation, if there is one.
func (w *worker) swap() {
	if w.next.Load() == nil {
		return
	}
	next := w.next.Swap(nil)
	if next == nil {
		return
	}
	old := w.st
	w.st, w.filter = next.st, next.filter
	w.current.Store(w.st)
	w.swapped <- old
}

// tick runs the timers that are due.
func (w *worker) tick() {
	if w.st == nil {
		w.replace()
		return
	}
	stop, cut := w.st.Tick()
	if cut {
		w.replace()
	}
	if stop {
		w.l.c.stop.end(errEnough)
	}
}

// judge gives one packet its verdict.
func (w *worker) judge(p *nfq.Packet) {
	w.swap()
	w.count.packets++
	w.count.bytes += uint64(p.Len)
	if p.Family != ipv4 && p.Family != ipv6 {
		w.count.unknown++
		w.verdict(p, nfq.Verdict{Action: nfqAction(w.l.cfg.DropOnError)})
		return
	}
	if w.st == nil {
		w.replace()
	}
	if w.st == nil {
		w.count.failed++
		w.verdict(p, nfq.Verdict{Action: nfqAction(w.l.cfg.DropOnError)})
		return
	}
	w.take(p)
	if w.filter != nil && !w.filter.Match(&w.pkt) {
		w.count.unseen++
		w.verdict(p, nfq.Verdict{Action: nfq.Accept})
		return
	}
	if w.l.enough() {
		w.verdict(p, nfq.Verdict{Action: nfq.Accept})
		return
	}
	v := w.st.Handle(&w.pkt)
	w.verdict(p, w.outcome(p, &v))
	if v.Action == luabind.Stop {
		w.l.c.stop.end(errEnough)
	}
	if v.Cut {
		w.replace()
	}
}

// take makes the packet ready for the rules.
func (w *worker) take(p *nfq.Packet) {
	at := p.Time
	if at == 0 {
		if w.read == 0 {
			w.read = time.Now().UnixNano()
		}
		at = w.read
	}
	w.pkt.Reset(w.st.Registry(), core.Meta{Time: at, Len: p.Len, LinkType: linkRaw, Number: int(w.l.number.Add(1)),
		Iface: w.links.iface(p.In, p.PhysIn), Mark: p.Mark, SumsPending: p.SumsPending}, p.Data)
	f := &w.st.Facts
	*f = luabind.Facts{Hook: nfq.HookName(p.Hook), Queue: int(w.q.Number()), OutIface: w.links.iface(p.Out, p.PhysOut),
		HWAddr: p.HWAddr, Local: p.HasUID, UID: p.UID, GID: p.GID, GSO: p.GSO}
	if p.HasCTMark {
		w.ctmark = p.CTMark
		f.CTMark = &w.ctmark
	}
}

// outcome is what the kernel is told.
func (w *worker) outcome(p *nfq.Packet, v *luabind.Verdict) nfq.Verdict {
	if v.Failed {
		w.count.failed++
	}
	k := nfq.Verdict{Action: nfq.Accept, Queue: v.Queue}
	switch v.Action {
	case luabind.Drop:
		return nfq.Verdict{Action: nfq.Drop}
	case luabind.Again:
		k.Action = nfq.Repeat
	case luabind.Queue:
		k.Action = nfq.Requeue
	}
	if k.SetMark = w.pkt.Mark != p.Mark; k.SetMark {
		k.Mark = w.pkt.Mark
	}
	if k.SetCT = p.HasCTMark && w.ctmark != p.CTMark; k.SetCT {
		k.CTMark = w.ctmark
	}
	data := w.pkt.Raw()
	if !same(data, p.Data) {
		if key, why := w.unfit(p, data); why != "" {
			w.count.failed++
			w.l.faults.add(key, fmt.Sprintf("pkl: packet %d: %s", w.pkt.Number, why), w.l.c.err)
			return nfq.Verdict{Action: nfqAction(w.l.cfg.DropOnError)}
		}
		k.Payload = data
		w.count.edited++
	}
	if w.l.out != nil {
		w.l.write(&w.pkt, data, w.links.iface(p.In, p.PhysIn))
	}
	return k
}

// verdict gives and counts a verdict.
func (w *worker) verdict(p *nfq.Packet, v nfq.Verdict) {
	w.count.verdicts[v.Action]++
	w.q.Verdict(p, v)
}

// replace makes a new state of the same generation: in one that was cut, what
// its script was about to change may be half done.
func (w *worker) replace() {
	if time.Since(w.tried) < retryAge && w.st == nil || w.l.c.stop.stopped() {
		return
	}
	w.tried = time.Now()
	w.count.replaced++
	next, err := w.l.another(w.n)
	if err != nil && w.st != nil { // perhaps for want of the memory that this one holds
		w.l.retire(w.st)
		w.st = nil
		w.current.Store(nil)
		runtime.GC()
		next, err = w.l.another(w.n)
	}
	if err != nil {
		w.l.faults.add(err.Error(), fmt.Sprintf("pkl: worker %d could not start its scripts anew, so what it is given fails: %v", w.n, err), w.l.c.err)
		return
	}
	if w.st != nil {
		w.l.retire(w.st)
	}
	w.st, w.filter = next.st, next.filter
	w.current.Store(w.st)
}
