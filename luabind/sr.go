package luabind

import (
	"context"
	"errors"
	"hash/maphash"
	"os"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// srOptions are those of s:sr.
type srOptions struct {
	timeout time.Duration // after the last packet of a round was sent
	idle    time.Duration // the longest pause between answers; 0: none
	inter   time.Duration // between packets that are sent
	retry   int           // rounds for what was not answered, after the first
	most    int           // answers; 0: no bound
	multi   bool          // a packet may have several answers
}

// defaultTimeout is how long to wait for answers by a socket without a timeout.
const defaultTimeout = 2 * time.Second

func (s *State) srOptions(L *lua.LState, k *socketRef, what string, more ...string) srOptions {
	o := srOptions{timeout: k.timeout}
	if o.timeout < 0 {
		o.timeout = defaultTimeout
	}
	w := optionReader{L: L, what: what, words: map[string]func(lua.LValue){}}
	for _, word := range more {
		w.words[word] = func(lua.LValue) {} // read before
	}
	w.seconds("timeout", &o.timeout)
	w.seconds("idle", &o.idle)
	w.seconds("inter", &o.inter)
	w.whole("retry", &o.retry, 0, 1000)
	w.whole("max", &o.most, 1, 1<<53)
	w.flag("multi", &o.multi)
	w.read(3)
	return o
}

// An exchange is a set of packets that are sent, and their answers.
type exchange struct {
	s  *State
	L  *lua.LState
	k  *socketRef
	o  srOptions
	in core.Packet

	sent    []*core.Packet
	frames  []Frame
	seed    maphash.Seed
	echoes  map[uint64]int // copies of what was sent that may still come back, by their looks
	waiting core.Waiting
	replies []int // of each packet: answers so far
	open    int   // packets without one
	gone    int   // packets that were sent
	answers []reply
	quiet   time.Time // when the last answer came, or packet was sent
}

// A reply is an answer to packet n.
type reply struct {
	n int
	p *packetRef
}

func (s *State) newExchange(L *lua.LState, k *socketRef, o srOptions) *exchange {
	x := &exchange{s: s, L: L, k: k, o: o, seed: maphash.MakeSeed(), echoes: map[uint64]int{}}
	packets, facts := s.packetsOf(L, 2, "sr")
	for i, p := range packets {
		p = p.Copy()
		x.frames = append(x.frames, s.outgoing(L, k, p, facts[i]))
		x.sent = append(x.sent, p)
		x.waiting.Add(p)
	}
	x.open = len(x.sent)
	x.replies = make([]int, len(x.sent))
	return x
}

// run sends and receives until all is answered or the time is over.
func (x *exchange) run() error {
	x.receive(time.Now(), nil) // what came before
	for round := 0; round <= x.o.retry && !x.over(); round++ {
		if err := x.sendRound(); err != nil {
			return err
		}
		if err := x.receive(time.Now().Add(x.o.timeout), x.take); err != nil {
			return err
		}
	}
	return nil
}

// over reports whether nothing more is waited for.
func (x *exchange) over() bool {
	if x.o.most > 0 && len(x.answers) >= x.o.most {
		return true
	}
	return x.open == 0 && !x.o.multi || x.s.halted.Load() != nil || x.s.budget.Err() != nil
}

// burst is how many packets are sent before what came is looked at.
const burst = 64

// sendRound sends what has no answer yet, inter apart; what falls behind is sent
// with the next.
func (x *exchange) sendRound() error {
	ctx := x.s.waiting()
	batch, due := make([]Frame, 0, burst), time.Now()
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := x.send(ctx, batch)
		batch = batch[:0]
		if err != nil {
			return err
		}
		x.quiet = time.Now()
		return x.receive(due, x.take)
	}
	for i := range x.frames {
		if x.replies[i] > 0 || x.over() {
			continue
		}
		now := time.Now()
		x.sent[i].Time = now.UnixNano()
		x.echoes[x.looks(x.sent[i])]++
		batch, due = append(batch, x.frames[i]), due.Add(x.o.inter)
		if len(batch) == burst || now.Before(due) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// send sends a batch. A packet that cannot be sent is one without an answer; where
// none can, that is an error.
func (x *exchange) send(ctx context.Context, batch []Frame) (err error) {
	gone := 0
	for len(batch) > 0 {
		n, why := x.k.sock.Send(ctx, batch, SendOptions{})
		gone, batch = gone+n, batch[n:]
		if why == nil || ctx.Err() != nil {
			break
		}
		if err = why; len(batch) > 0 {
			batch = batch[1:]
		}
	}
	if x.gone += gone; x.gone > 0 {
		return nil
	}
	return err
}

// receive gives take what comes in time.
func (x *exchange) receive(until time.Time, take func()) error {
	for take == nil || !x.over() {
		end := until
		if x.o.idle > 0 && take != nil && len(x.answers) > 0 && x.quiet.Add(x.o.idle).Before(end) {
			end = x.quiet.Add(x.o.idle)
		}
		err := x.s.readSocket(x.L, x.k, &x.in, end)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded), err == errEnds:
			return nil
		case err != nil && take == nil:
			return nil // what has happened to the interface; sending tells how it is now
		case err != nil:
			return err
		case take != nil:
			take()
		case x.in.Time >= until.UnixNano():
			return nil // what came before is through
		}
		if take != nil && !time.Now().Before(until) { // also where packets never stop
			return nil
		}
	}
	return nil
}

// take looks whether the packet just read is an answer.
func (x *exchange) take() {
	n, ok := x.waiting.Find(&x.in)
	if !ok || x.isEcho() {
		return
	}
	if x.replies[n]++; x.replies[n] == 1 {
		x.open--
	}
	if !x.o.multi {
		x.waiting.Remove(n)
	}
	x.answers = append(x.answers, reply{n, x.s.keep(x.k, &x.in)})
	x.quiet = time.Now()
}

// isEcho reports whether what came is what was sent: where both ends are this
// host, it is received too.
func (x *exchange) isEcho() bool {
	looks := x.looks(&x.in)
	if x.echoes[looks] == 0 {
		return false
	}
	x.echoes[looks]--
	return true
}

// looks is a hash of what a packet that is sent still has when it arrives: all of
// a frame; of a network layer, whose header the kernel completes, the addresses
// and what is above.
func (x *exchange) looks(p *core.Packet) uint64 {
	b := p.Raw()
	if x.k.opened.Layer == 3 {
		src, dst, _ := p.NetAddrs()
		b = slices.Concat(src.AsSlice(), dst.AsSlice(), p.Body(p.First()))
	}
	return maphash.Bytes(x.seed, b)
}

// socketSR is s:sr(pkt or {pkt, …} [, {timeout =, max =, …}]): a list of {sent =,
// answer =} and a list of the unanswered; or nil and why not.
func (s *State) socketSR(L *lua.LState) int {
	return s.sr(L, checkSocket(L))
}

func (s *State) sr(L *lua.LState, k *socketRef, more ...string) int {
	x, err := s.exchange(L, k, "sr", more...)
	if err != nil {
		return failure(L, err)
	}
	sent := make([]*lua.LUserData, len(x.sent))
	missing := L.NewTable()
	for i, p := range x.sent {
		sent[i] = &s.own(p).ud
		if x.replies[i] == 0 {
			missing.Append(sent[i])
		}
	}
	answers := L.NewTable()
	for _, r := range x.answers {
		t := L.NewTable()
		t.RawSetString("sent", sent[r.n])
		t.RawSetString("answer", &r.p.ud)
		answers.Append(t)
	}
	L.Push(answers)
	L.Push(missing)
	return 2
}

func (s *State) exchange(L *lua.LState, k *socketRef, what string, more ...string) (*exchange, error) {
	s.mayWait(L, what)
	k.canRead(L)
	x := s.newExchange(L, k, s.srOptions(L, k, what, more...))
	return x, x.run()
}

// socketSR1 is s:sr1(pkt [, options]): the first answer, or nil and why.
func (s *State) socketSR1(L *lua.LState) int { return s.sr1(L, checkSocket(L)) }

func (s *State) sr1(L *lua.LState, k *socketRef, more ...string) int {
	x, err := s.exchange(L, k, "sr1", more...)
	if err == nil && len(x.answers) == 0 {
		err = errors.New("no answer")
		if x.o.retry > 0 || x.o.timeout > 0 {
			err = errors.New("no answer: timeout")
		}
	}
	if err != nil {
		return failure(L, err)
	}
	L.Push(&x.answers[0].p.ud)
	return 1
}

// pklSR and pklSR1 are pkl.sr and pkl.sr1: by a socket of their own, which the
// first layer and iface choose.
func (s *State) pklSR(L *lua.LState) int { return s.once(L, "pkl.sr", s.sr) }

func (s *State) pklSR1(L *lua.LState) int { return s.once(L, "pkl.sr1", s.sr1) }

func (s *State) once(L *lua.LState, what string, f func(*lua.LState, *socketRef, ...string) int) int {
	s.allowNet(L, what)
	s.mayWait(L, what)
	packets, _ := s.packetsOf(L, 1, what)
	k := &socketRef{opened: SocketOptions{Layer: 2, Iface: ifaceOption(L, 2), Mark: s.cfg.Mark}, timeout: never}
	if _, _, isNet := packets[0].NetAddrs(); isNet {
		k.opened.Layer = 3
	} else if k.opened.Iface == "" {
		s.needIface(L, packets[0], what, `{iface = "eth0"}`)
	}
	s.need(L)
	if err := s.openSocket(k); err != nil {
		return failure(L, err)
	}
	defer func() {
		delete(s.files, k)
		k.sock.Close()
	}()
	L.Insert(lua.LNil, 1) // where a method has its socket
	return f(L, k, "iface")
}
