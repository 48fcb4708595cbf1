package main

import (
	"fmt"
	"time"

	"pkl/core"
	"pkl/luabind"
	"pkl/nfq"
)

const (
	linkRaw = 101 // LINKTYPE_RAW: IPv4 or IPv6
	ipv4    = 2   // NFPROTO_IPV4
	ipv6    = 10  // NFPROTO_IPV6
)

// A queueLane is a netfilter queue: what is accepted goes on in the kernel.
type queueLane struct {
	w *worker
	q *nfq.Queue

	batch  []nfq.Packet
	ctmark uint32
	links  links
	at     int64 // when the batch was read, in nanoseconds; 0: not asked yet
}

func newQueueLane(w *worker, q *nfq.Queue) *queueLane {
	return &queueLane{w: w, q: q, links: links{known: map[uint32]link{}}}
}

func (k *queueLane) read(deadline time.Time) (n int, err error) {
	k.batch, err = k.q.Read(deadline)
	k.at = 0
	return len(k.batch), err
}

func (k *queueLane) size(i int) int { return k.batch[i].Len }

func (k *queueLane) owes() bool { return true }

func (k *queueLane) flush() error { return k.q.Flush() }

func (k *queueLane) sift(*core.Filter) error { return nil }

func (k *queueLane) wake() { k.q.Wake() }

func (k *queueLane) close() error { return k.q.Close() }

func (k *queueLane) pass(i int) { k.verdict(&k.batch[i], nfq.Verdict{Action: nfq.Accept}) }

func (k *queueLane) fail(i int) {
	k.verdict(&k.batch[i], nfq.Verdict{Action: nfqAction(k.w.l.cfg.DropOnError)})
}

func (k *queueLane) settle(i int, v *luabind.Verdict) {
	k.verdict(&k.batch[i], k.outcome(&k.batch[i], v))
}

// take makes the packet ready for the rules.
func (k *queueLane) take(i int) bool {
	w, p := k.w, &k.batch[i]
	w.swap() // between two packets, not only between batches
	if p.Family != ipv4 && p.Family != ipv6 {
		return false
	}
	at := p.Time
	if at == 0 {
		if k.at == 0 {
			k.at = time.Now().UnixNano()
		}
		at = k.at
	}
	w.pkt.Reset(w.st.Registry(), core.Meta{Time: at, Len: p.Len, LinkType: linkRaw, Number: int(w.l.number.Add(1)),
		Iface: k.links.iface(p.In, p.PhysIn), Mark: p.Mark, SumsPending: p.SumsPending}, p.Data)
	f := &w.st.Facts
	*f = luabind.Facts{Hook: nfq.HookName(p.Hook), Queue: int(k.q.Number()), OutIface: k.links.iface(p.Out, p.PhysOut),
		HWAddr: p.HWAddr, Local: p.HasUID, UID: p.UID, GID: p.GID, GSO: p.GSO}
	if p.HasCTMark {
		k.ctmark = p.CTMark
		f.CTMark = &k.ctmark
	}
	return true
}

// outcome is what the kernel is told.
func (k *queueLane) outcome(p *nfq.Packet, v *luabind.Verdict) nfq.Verdict {
	w := k.w
	out := nfq.Verdict{Action: nfq.Accept, Queue: v.Queue}
	switch v.Action {
	case luabind.Drop:
		return nfq.Verdict{Action: nfq.Drop}
	case luabind.Again:
		out.Action = nfq.Repeat
	case luabind.Queue:
		out.Action, out.Bypass = nfq.Requeue, !w.l.o.noBypass
	}
	if out.SetMark = w.pkt.Mark != p.Mark; out.SetMark {
		out.Mark = w.pkt.Mark
	}
	if out.SetCT = p.HasCTMark && k.ctmark != p.CTMark; out.SetCT {
		out.CTMark = k.ctmark
	}
	data := w.pkt.Raw()
	if !same(data, p.Data) {
		if key, why := k.unfit(p, data); why != "" {
			w.count.failed++
			w.l.faults.add(key, fmt.Sprintf("pkl: packet %d: %s", w.pkt.Number, why), w.l.c.err)
			return nfq.Verdict{Action: nfqAction(w.l.cfg.DropOnError)}
		}
		out.Payload = data
		w.count.edited++
	}
	if w.l.out != nil {
		w.l.write(&w.pkt, data, k.links.iface(p.In, p.PhysIn))
	}
	return out
}

// verdict gives and counts a verdict.
func (k *queueLane) verdict(p *nfq.Packet, v nfq.Verdict) {
	k.w.count.verdicts[v.Action]++
	k.q.Verdict(p, v)
}
