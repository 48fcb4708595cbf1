package luabind

import (
	"fmt"
	"slices"
	"sort"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
	"pkl/core/expr"
)

// A rule is one pkl.on. What it counts is written by its worker alone and read
// by any goroutine.
type rule struct {
	name, source string // the filter, as written
	hits, errors atomic.Uint64
	nanos        atomic.Int64
	stopped      atomic.Bool

	ud       lua.LUserData
	fn       *lua.LFunction
	filter   *core.Filter // nil: every packet
	guard    *boundGuard  // nil: none
	priority float64
	drop     bool   // on_error
	pos      string // file:line of the definition
	calls    uint64 // of the handler
}

// pklOn is pkl.on(filter, fn), pkl.on(fn) and pkl.on{…}.
func (s *State) pklOn(L *lua.LState) int {
	if s.inside {
		L.RaiseError("pkl.on: rules are made when the script starts, before packets come, not in a handler")
	}
	r := &rule{drop: s.cfg.DropOnError, pos: s.lib.Place(L)}
	r.ud.Value, r.ud.Metatable = r, s.meta.rule
	if t, ok := L.Get(1).(*lua.LTable); ok {
		r.fromTable(L, t)
	} else {
		r.fromArgs(L)
	}
	if r.name == "" {
		r.name = r.pos
	}
	if s.ready {
		if err := s.compileRule(r); err != nil {
			L.Error(lua.LString(err.Error()), 0)
		}
	}
	s.addRule(r)
	L.Push(&r.ud)
	return 1
}

func (r *rule) fromArgs(L *lua.LState) {
	if fn, ok := L.Get(1).(*lua.LFunction); ok {
		if behind := L.Get(2); behind != lua.LNil {
			L.RaiseError("pkl.on: a filter is argument 1 and comes before the function, here %s comes behind it", kindName(behind))
		}
		r.fn = fn
		return
	}
	var ok bool
	if r.source, ok = textOf(L.Get(1)); !ok {
		L.RaiseError("pkl.on: need a filter, a function of a packet or a table as argument 1, have %s", kindName(L.Get(1)))
	}
	fn, ok := L.Get(2).(*lua.LFunction)
	if !ok {
		L.RaiseError("pkl.on: need a function of a packet as argument 2, have %s", kindName(L.Get(2)))
	}
	r.fn = fn
}

// fromTable reads the words of pkl.on{…}.
func (r *rule) fromTable(L *lua.LState, t *lua.LTable) {
	words := []string{"name", "filter", "priority", "on_error", "on_packet"}
	t.ForEach(func(k, v lua.LValue) {
		ok := true
		switch word := k.String(); word {
		case "name":
			r.name, ok = textOf(v)
		case "filter":
			r.source, ok = textOf(v)
		case "priority":
			var n lua.LNumber
			n, ok = v.(lua.LNumber)
			r.priority = float64(n)
		case "on_error":
			ok = v == lua.LString("drop") || v == lua.LString("accept")
			r.drop = v == lua.LString("drop")
			if !ok {
				L.RaiseError("pkl.on: on_error is \"drop\" or \"accept\"")
			}
		case "on_packet":
			r.fn, ok = v.(*lua.LFunction)
		default:
			L.RaiseError("pkl.on: unknown word %q%s", word, hint(word, words))
		}
		if !ok {
			L.RaiseError("pkl.on: %s cannot be %s", k.String(), kindName(v))
		}
	})
	if r.fn == nil {
		L.RaiseError("pkl.on: on_packet is missing")
	}
}

func textOf(v lua.LValue) (string, bool) {
	t, ok := v.(lua.LString)
	return string(t), ok
}

// addRule keeps the rules in order. A new slice is made, for one may be looping over the old.
func (s *State) addRule(r *rule) {
	s.rules = append(slices.Clone(s.rules), r)
	sort.SliceStable(s.rules, func(i, j int) bool { return s.rules[i].priority < s.rules[j].priority })
}

// compileRules compiles the filters of all rules: they may name what was defined last.
func (s *State) compileRules() error {
	var wrong []*core.Mistake
	for _, r := range s.rules {
		if err := s.compileRule(r); err != nil {
			wrong = append(wrong, err)
		}
	}
	s.ready = true
	return s.defs.inOrder(nil, wrong...)
}

// badFilters returns what is wrong with the filters of rules as far as that can
// be told without a registry.
func (s *State) badFilters() (wrong []*core.Mistake) {
	for _, r := range s.rules {
		if _, err := expr.Parse(r.source); r.source != "" && err != nil {
			wrong = append(wrong, r.badFilter(err))
		}
	}
	return wrong
}

func (r *rule) badFilter(err error) *core.Mistake {
	return &core.Mistake{Pos: r.pos, Where: "filter", Text: err.Error()}
}

func (s *State) compileRule(r *rule) *core.Mistake {
	if g := s.guards[r.fn]; g != nil && !s.cfg.NoGuards {
		r.guard = g.bind(s.reg, guardHome{r.fn, s.bitLibrary()})
	}
	if r.source == "" {
		return nil
	}
	f, err := s.reg.Filter(r.source)
	if err != nil {
		return r.badFilter(err)
	}
	r.filter = f
	return nil
}

// HasRules reports whether any rule or timer is there: without one, packets need not be given to Handle.
func (s *State) HasRules() bool { return len(s.rules) > 0 || s.timers.any() }

// Idle reports whether the scripts have set up nothing that is still to come: no rule, no timer, no pkl.at_end function.
func (s *State) Idle() bool { return !s.HasRules() && len(s.ends) == 0 }

// Stats returns what each rule has done. Any goroutine may call it, from the end
// of Run on.
func (s *State) Stats() []RuleStat {
	stats := make([]RuleStat, len(s.rules))
	for i, r := range s.rules {
		stats[i] = r.stat()
	}
	return stats
}

func (r *rule) stat() RuleStat {
	return RuleStat{r.name, r.source, r.hits.Load(), r.errors.Load(), time.Duration(r.nanos.Load()), !r.stopped.Load()}
}

// Handle judges a packet by the rules. Edits are applied and the packet is
// brought up to date; if a rule failed and its on_error accepts, the packet is
// as it came, with its marks. Timers that are due run before it. Verdict.Cut asks
// for a new state.
func (s *State) Handle(p *core.Packet) (v Verdict) {
	if s.cfg.FileTime {
		s.clock = p.Time
	}
	if s.timers.due(s) {
		v.End, v.Cut = s.Tick()
	}
	if s.halted.Load() != nil || s.full.Load() || !s.bounded() {
		s.begin(s.runLimit())
	} else {
		s.stir()
		s.count(false)
		s.busy = true
	}
	if s.Facts.GSO && p.FixedLen == "" {
		p.FixedLen = gsoLength
	}
	s.hookCut = nil
	came := p.Raw()
	meta, ctmark := p.Meta, uint32(0)
	if s.Facts.CTMark != nil {
		ctmark = *s.Facts.CTMark
	}
	last := &s.noRule // an edit may have been made before, by a hook that a filter came upon
	for _, r := range s.rules {
		if r.stopped.Load() {
			continue
		}
		last = r
		if r.filter != nil {
			p.Update()
			match := r.filter.Match(p)
			if s.hookCut != nil {
				v.Hits++
				r.hits.Add(1)
				s.undecided(r, p, &v)
				break
			}
			if !match {
				continue
			}
		}
		v.Hits++
		if done := s.apply(r, p, &v); done {
			break
		}
	}
	if h := s.hand; h != nil {
		h.expire()
		s.hand = nil
	}
	if !v.Failed {
		if p.Update(); s.hookCut != nil {
			s.undecided(last, p, &v)
		}
	}
	if v.Failed {
		p.Reset(s.reg, meta, came)
		if s.Facts.CTMark != nil {
			*s.Facts.CTMark = ctmark
		}
	}
	if v.Action == Stop {
		v.Action, v.End = Accept, true
	}
	v.Cut = v.Cut || s.wasCut()
	s.end()
	return v
}

// apply runs one rule; done ends the judgement.
func (s *State) apply(r *rule, p *core.Packet, v *Verdict) (done bool) {
	enter := r.guard == nil || r.guard.judge(p)
	if s.hookCut != nil {
		r.hits.Add(1)
		return s.undecided(r, p, v)
	}
	if !enter {
		r.hits.Add(1)
		if value := r.guard.value; value != nil {
			v.Action, v.Queue = value.action, value.queue
			return true
		}
		return false
	}
	if s.hand == nil {
		s.hand = s.newPacket(p)
		s.hand.facts = &s.Facts
	}
	r.hits.Add(1)
	ret, err := s.call(r, s.hand)
	if err != nil {
		return s.failed(r, p, err, v)
	}
	if ret == lua.LNil {
		return false
	}
	verdict, ok := verdictOf(ret)
	if !ok {
		return s.failed(r, p, fmt.Errorf("%s: a handler returns nothing or pkl.accept, drop, again, queue(n), stop, not %s", r.pos, kindName(ret)), v)
	}
	v.Action, v.Queue = verdict.action, verdict.queue
	return true
}

// call runs the handler of r. Its time is taken now and then: asking the clock
// each time would cost as much as a short handler.
func (s *State) call(r *rule, h *packetRef) (lua.LValue, error) {
	const every = 64 // after that many first calls
	var start time.Time
	if r.calls < every || r.calls%every == 0 {
		start = time.Now()
	}
	r.calls++
	s.inside = true
	L := s.L
	L.Push(r.fn)
	L.Push(&h.ud)
	var err error
	if s.counting {
		err = s.lib.HostCall(L, 1, 1)
	} else { // no script function can be called, so there are no tail calls to list
		err = L.PCall(1, 1, nil)
	}
	s.inside = false
	if !start.IsZero() {
		stands := time.Duration(1) // for how many calls
		if r.calls > every {
			stands = every
		}
		r.nanos.Add(int64(time.Since(start) * stands))
	}
	if err != nil {
		return lua.LNil, err
	}
	ret := L.Get(-1)
	L.Pop(1)
	return ret, nil
}

// undecided fails r for a hook that was cut while the engine looked at the packet for
// it: what is in the packet is not known.
func (s *State) undecided(r *rule, p *core.Packet, v *Verdict) bool {
	err := s.hookCut
	s.hookCut = nil
	return s.failed(r, p, err, v)
}

// failed lets on_error decide.
func (s *State) failed(r *rule, p *core.Packet, err error, v *Verdict) bool {
	v.Failed, v.Action = true, Accept
	if r.drop {
		v.Action = Drop
	}
	if s.halted.Load() != nil {
		s.cut(err, p.Number)
		return true
	}
	r.errors.Add(1)
	s.report(err, p.Number)
	return true
}
