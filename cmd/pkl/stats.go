package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pkl/luabind"
	"pkl/nfq"
	"pkl/sock"
)

// counts are what a worker has seen and done.
type counts struct {
	packets, bytes uint64
	verdicts       [nfq.Repeat + 1]uint64 // by action
	edited         uint64
	unseen         uint64 // did not match -f
	failed         uint64 // judged by on_error
	unknown        uint64 // of another family than IPv4 and IPv6
	replaced       uint64 // states that were cut
	late           uint64 // came after the run had done what it should
}

func (c *counts) add(o *counts) {
	c.packets += o.packets
	c.bytes += o.bytes
	for i := range c.verdicts {
		c.verdicts[i] += o.verdicts[i]
	}
	c.edited += o.edited
	c.unseen += o.unseen
	c.failed += o.failed
	c.unknown += o.unknown
	c.replaced += o.replaced
	c.late += o.late
}

// sentCounts hand counts from one goroutine to others.
type sentCounts struct {
	mu sync.Mutex
	c  counts
}

func (s *sentCounts) store(c *counts) {
	s.mu.Lock()
	s.c = *c
	s.mu.Unlock()
}

func (s *sentCounts) load() counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.c
}

// reloadCounts are the attempts to reload.
type reloadCounts struct{ done, failed atomic.Uint64 }

// ruleTotals are the statistics of rules, over all states. They never go
// backwards, whatever state takes the place of another.
type ruleTotals struct {
	mu      sync.Mutex
	states  []*luabind.State   // that count
	gone    []luabind.RuleStat // of states that are gone; the last ones last
	earlier luabind.RuleStat   // of rules that have no place of their own in gone
}

// maxGoneRules is how many names of rules are kept of states that are gone: those
// without a name of their own get another one with each edit of their file.
const maxGoneRules = 1000

// begin counts a state.
func (t *ruleTotals) begin(st *luabind.State) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.states = append(t.states, st)
}

// retire keeps what a state has counted, which will not count any more.
func (t *ruleTotals) retire(st *luabind.State) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.Index(t.states, st)
	if i < 0 {
		return
	}
	t.states = slices.Delete(t.states, i, i+1)
	stats := addStats(nil, st.Stats())
	t.gone = slices.DeleteFunc(t.gone, func(g luabind.RuleStat) bool {
		i := namedStat(stats, g.Name)
		if i >= 0 {
			plusStat(&stats[i], &g)
		}
		return i >= 0
	})
	t.gone = append(t.gone, stats...)
	t.fold()
}

// fold adds up the rules that are gone for longest, if there are too many.
func (t *ruleTotals) fold() {
	if len(t.gone) <= maxGoneRules {
		return
	}
	var inUse []luabind.RuleStat
	for _, st := range t.states {
		inUse = addStats(inUse, st.Stats())
	}
	over := len(t.gone) - maxGoneRules
	t.gone = slices.DeleteFunc(t.gone, func(g luabind.RuleStat) bool {
		if over == 0 || namedStat(inUse, g.Name) >= 0 {
			return false
		}
		over--
		plusStat(&t.earlier, &g)
		return true
	})
	t.earlier.Name = "(earlier rules)"
}

// sum returns the statistics of each rule.
func (t *ruleTotals) sum() []luabind.RuleStat {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := slices.Clone(t.gone)
	for _, st := range t.states {
		all = addStats(all, st.Stats())
	}
	if t.earlier.Name != "" {
		all = addStats(all, []luabind.RuleStat{t.earlier})
	}
	return all
}

// addStats adds statistics to a list; a rule is known by its name.
func addStats(list, stats []luabind.RuleStat) []luabind.RuleStat {
	for _, s := range stats {
		if i := namedStat(list, s.Name); i >= 0 {
			plusStat(&list[i], &s)
			list[i].Active = s.Active
		} else {
			list = append(list, s)
		}
	}
	return list
}

func namedStat(list []luabind.RuleStat, name string) int {
	return slices.IndexFunc(list, func(o luabind.RuleStat) bool { return o.Name == name })
}

// plusStat adds what s has counted to o.
func plusStat(o, s *luabind.RuleStat) {
	o.Hits, o.Errors, o.Time = o.Hits+s.Hits, o.Errors+s.Errors, o.Time+s.Time
}

// errorTotals count errors by their text; the first of each is told at once.
type errorTotals struct {
	mu    sync.Mutex
	order []string
	n     map[string]int
}

const maxErrorTexts = 1000 // that are kept apart

// add counts an error, and writes it the first time.
func (t *errorTotals) add(key, text string, to io.Writer) {
	if t.count(key, 1) {
		fmt.Fprintln(to, text)
	}
}

// count reports whether text is new.
func (t *errorTotals) count(text string, n int) (first bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[string]int{}
	}
	if t.n[text] == 0 {
		if len(t.order) >= maxErrorTexts {
			return false
		}
		t.order = append(t.order, text)
		first = true
	}
	t.n[text] += n
	return first
}

// tell says how often each error came that came more than once, and reports
// whether there was any.
func (t *errorTotals) tell(to io.Writer) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, text := range t.order {
		if n := t.n[text]; n > 1 {
			first, _, _ := strings.Cut(text, "\n")
			fmt.Fprintf(to, "%s (%d times)\n", first, n)
		}
	}
	return len(t.order) > 0
}

// retire keeps what a state has counted, and closes it.
func (l *live) retire(st *luabind.State) error {
	l.ruleStats.retire(st)
	for _, e := range st.Errors() {
		l.faults.count(e.Text, e.Count)
	}
	return st.Close()
}

// A snapshot is the state of a live run at one time.
type snapshot struct {
	counts
	rules      []luabind.RuleStat
	queues     []queueCounts
	ifaces     []ifaceCounts
	generation int64
	reloads    uint64
	failures   uint64 // of reloads
}

// queueCounts are those of one queue, of pkl and of the kernel.
type queueCounts struct {
	nfq.Counts
	number uint16
	kernel nfq.KernelQueue
	broken bool // the kernel drops what waits, as it takes no verdicts any more
}

// waiting says how many packets wait, and where the run is over what became of
// them: accepted or dropped.
func (q *queueCounts) waiting(end string) string {
	n := q.kernel.Waiting
	switch {
	case end == "" || n == 0:
		return fmt.Sprintf("%d waiting", n)
	case q.broken:
		end = "dropped"
	}
	return fmt.Sprintf("%d undecided at the end (%s)", n, end)
}

// ifaceCounts are those of the captures of one interface.
type ifaceCounts struct {
	sock.Counts
	name string
	sent uint64 // to the other side of the bridge
	full uint64 // not sent for want of room there
}

// capture adds the counts of one capture to those of its interface.
func (s *snapshot) capture(k *frameLane) {
	i := slices.IndexFunc(s.ifaces, func(c ifaceCounts) bool { return c.name == k.name })
	if i < 0 {
		i = len(s.ifaces)
		s.ifaces = append(s.ifaces, ifaceCounts{name: k.name})
	}
	n, c := k.in.Counts(), &s.ifaces[i]
	c.Received, c.Dropped, c.Malformed = c.Received+n.Received, c.Dropped+n.Dropped, c.Malformed+n.Malformed
	if k.out != nil {
		c.sent += k.out.Counts().Sent
		c.full += k.full.Load()
	}
}

func (l *live) snapshot() *snapshot {
	s := &snapshot{rules: l.ruleStats.sum(), generation: l.generation.Load(), reloads: l.reloads.done.Load(), failures: l.reloads.failed.Load()}
	var kernel []nfq.KernelQueue
	if l.kernel != nil {
		kernel, _ = l.kernel.Read()
	}
	for _, w := range l.workers {
		c := w.shown.load()
		s.add(&c)
		switch k := w.lane.(type) {
		case *queueLane:
			q := queueCounts{Counts: k.q.Counts(), number: k.q.Number(), broken: w.broken.Load()}
			for _, kq := range kernel {
				if kq.Queue == q.number {
					q.kernel = kq
				}
			}
			s.queues = append(s.queues, q)
		case *frameLane:
			s.capture(k)
		}
	}
	return s
}

// report writes all statistics. Where the run is over, end says what became of
// packets that wait: accepted or dropped.
func (l *live) report(to io.Writer, end string) {
	s := l.snapshot()
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d bytes: %d accepted, %d dropped", plural(int(s.packets), "packet"), s.bytes, s.verdicts[nfq.Accept], s.verdicts[nfq.Drop])
	if len(s.queues) > 0 {
		fmt.Fprintf(&b, ", %d repeated, %d to other queues", s.verdicts[nfq.Repeat], s.verdicts[nfq.Requeue])
	}
	fmt.Fprintf(&b, "; %d edited, %d failed", s.edited, s.failed)
	for _, extra := range []struct {
		n    uint64
		what string
	}{{s.unseen, "did not match -f"}, {s.unknown, "of an unknown family"}, {s.replaced, "scripts started anew"}, {s.late, "too late to be judged"}} {
		if extra.n > 0 {
			fmt.Fprintf(&b, ", %d %s", extra.n, extra.what)
		}
	}
	b.WriteByte('\n')
	for _, q := range s.queues {
		fmt.Fprintf(&b, "queue %d: %s, %d dropped as it was full, %d for want of buffer; %d overruns, %d late verdicts", q.number,
			q.waiting(end), q.kernel.Dropped, q.kernel.UserDropped, q.Overruns, q.Late)
		if n := q.Malformed + q.Refused; n > 0 {
			fmt.Fprintf(&b, ", %d messages not understood", n)
		}
		b.WriteByte('\n')
	}
	for _, c := range s.ifaces {
		fmt.Fprintf(&b, "interface %s: %d received, %d dropped by the kernel, %d sent on", c.name, c.Received, c.Dropped, c.sent)
		if c.full > 0 {
			fmt.Fprintf(&b, ", %d lost as the way out was full", c.full)
		}
		if c.Malformed > 0 {
			fmt.Fprintf(&b, ", %d not understood", c.Malformed)
		}
		b.WriteByte('\n')
	}
	for _, r := range s.rules {
		fmt.Fprintf(&b, "rule %s: %s, %s, %v\n", r.Name, plural(int(r.Hits), "packet"), plural(int(r.Errors), "error"), r.Time.Round(time.Microsecond))
	}
	io.WriteString(to, b.String())
}

// showLine shows the most important figures on a terminal.
func (l *live) showLine() {
	line, ok := l.c.err.(*statusLine)
	if !ok {
		return
	}
	s := l.snapshot()
	var lost uint64
	for _, q := range s.queues {
		lost += q.kernel.Dropped + q.kernel.UserDropped
	}
	for _, c := range s.ifaces {
		lost += c.Dropped
	}
	line.show(fmt.Sprintf("%s (%d/s), %d dropped, %d edited, %d failed, %d lost before; generation %d",
		plural(int(s.packets), "packet"), s.packets-l.before, s.verdicts[nfq.Drop], s.edited, s.failed, lost, s.generation))
	l.before = s.packets
}
