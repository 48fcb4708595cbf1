package oracle

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pkl/core"
)

// perPacket is how many edits are made of each packet, and of those that have
// more in them.
const perPacket, perRich = 2, 8

// isRich reports whether the packet has something that few have.
func (c *change) isRich() bool {
	return slices.ContainsFunc([]string{"dns", "dhcp", "sctp", "icmp", "icmp6", "vlan", "igmp"}, func(name string) bool {
		return c.p.Find(c.reg.Proto(name), 1) != core.None
	})
}

// TestEdits edits packets that tshark finds nothing wrong with. It must find
// nothing wrong with what comes out, and see the same in it as pkl.
func TestEdits(t *testing.T) {
	done := compared(t).judgeEdits(t)
	for _, k := range kinds() {
		t.Logf("%6d %s", done[k.name], k.name)
		if done[k.name] == 0 && !testing.Short() {
			t.Errorf("no packet was good for this edit: %s", k.name)
		}
	}
}

// judgeEdits edits packets, has tshark look at them, and counts the edits by kind.
func (r *run) judgeEdits(t *testing.T) map[string]int {
	t.Helper()
	samples, done := r.edits(t)
	c, err := newComparer(r.reg)
	if err != nil {
		t.Fatal(err)
	}
	c.protos, c.tables = r.protos, r.tables // it knows what those that found the packets clean knew
	again := &run{samples, r.reg, c}
	tshark(t, write(t, samples), again.read, "-T", "pdml")
	c.report(t)
	if c.counts.badSums > 0 {
		t.Errorf("%d sums are wrong", c.counts.badSums)
	}
	again.complaints(t)
	return done
}

// edits makes all edited packets, and counts them by kind.
func (r *run) edits(t *testing.T) (all []sample, done map[string]int) {
	done = map[string]int{}
	var p core.Packet
	for i := range r.samples {
		s := &r.samples[i]
		p.Reset(r.reg, s.meta(), s.data)
		if !s.clean || len(p.Verify()) > 0 {
			continue
		}
		n := perPacket
		if (&change{p: &p, reg: r.reg}).isRich() {
			n = perRich
		}
		all = r.editsOf(t, all, s, rand.New(rand.NewPCG(uint64(i), 2)), n, done)
	}
	return all, done
}

// editsOf tries the kinds of edits on one packet, in random order, until enough
// could be done.
func (r *run) editsOf(t *testing.T, all []sample, s *sample, rng *rand.Rand, n int, done map[string]int) []sample {
	for _, k := range rng.Perm(len(kinds())) {
		k := kinds()[k]
		e, ok := r.edit(t, s, k, rng)
		if !ok {
			continue
		}
		all = append(all, e)
		done[k.name]++
		if n--; n == 0 {
			break
		}
	}
	return all
}

// edit makes one edit, if it can be made.
func (r *run) edit(t *testing.T, s *sample, k kind, rng *rand.Rand) (e sample, ok bool) {
	var p core.Packet
	p.Reset(r.reg, s.meta(), s.data)
	c := &change{p: &p, rng: rng, reg: r.reg}
	done, err := k.apply(c)
	if err != nil {
		t.Errorf("%s: %s: %v", s, k.name, err)
	}
	if !done || err != nil {
		return e, false
	}
	p.Update()
	e = *s
	e.before = s.remarks
	e.file, e.data = k.name+" in "+s.file, bytes.Clone(p.Raw())
	e.wire += len(e.data) - len(s.data)
	if at := c.strayed(r.reg, s, e.data); at >= 0 {
		t.Errorf("%s: byte %d has changed; the edit is about bytes %d to %d", &e, at, c.from, c.to)
	}
	return e, true
}

// strayed returns the first byte of the original that differs, though neither
// the edit is about it nor anything is derived there, or -1.
func (c *change) strayed(reg *core.Registry, s *sample, now []byte) int {
	grown := len(now) - len(s.data)
	free := derived(reg, s, grown != 0)
	for i, b := range s.data {
		j := i
		if i >= c.to {
			j += grown
		}
		if (i < c.from || i >= c.to) && now[j] != b && !free[i] {
			return i
		}
	}
	return -1
}

// derived marks the bytes of a packet that follow its others: sums, and if sizes
// change, also lengths, counts and keys.
func derived(reg *core.Registry, s *sample, sized bool) map[int]bool {
	free := map[int]bool{}
	var p core.Packet
	p.Reset(reg, s.meta(), s.data)
	start := 0
	for id := p.First(); id != core.None; id = p.Upper(id) {
		for _, f := range p.LayoutOf(id).Slots {
			if from, to, ok := span(&p, id, f); ok && (sized || isSum(f)) {
				for i := from; i < to; i++ {
					free[start+i] = true
				}
			}
		}
		start += len(p.Header(id))
	}
	return free
}

func isSum(f *core.Slot) bool {
	return slices.Contains([]string{"sum", "pseudo_sum", "crc32c"}, f.Auto)
}

// span returns which bytes of its header a derived field takes.
func span(p *core.Packet, id core.ID, f *core.Slot) (from, to int, ok bool) {
	if f.Kind != core.Number || f.Auto == "" && f.Key == "" || !p.Has(id, f) {
		return 0, 0, false
	}
	at := 0
	for _, g := range p.LayoutOf(id).Slots {
		switch {
		case g == f:
			return at / 8, (at + f.Bits + 7) / 8, true
		case g.Part != "" || g.Get != "" || !p.Has(id, g):
		case g.Kind == core.Number:
			at += g.Bits
		default:
			b, _ := p.Data(id, g)
			at += 8 * len(b)
		}
	}
	return 0, 0, false
}

// complaints reports what tshark remarks on in an edited packet and did not
// remark on before, and what it now sees otherwise than pkl.
func (r *run) complaints(t *testing.T) {
	for i := range r.samples {
		s := &r.samples[i]
		// A body of another protocol may be broken now.
		if !s.clean && s.wire == len(s.data) && !strings.HasPrefix(s.file, "body ") {
			t.Errorf("%s: tshark finds it malformed", s)
		}
		for _, what := range s.remarks {
			if !slices.Contains(s.before, what) && !harmless(what) {
				t.Errorf("%s: tshark says %s", s, what)
			}
		}
	}
}

// harmless reports whether a remark is about the values that were chosen, about
// the order of packets, or about what is body to pkl.
func harmless(remark string) bool {
	return slices.ContainsFunc([]string{
		"eth.padding_bad", "ip.ttl.", "tcp.nop", "tcp.options.mss.", "tcp.connection.", "tcp.analysis.", "mptcp.connection.",
		"tcp.options.sack.", "dns.retransmit", "esp.sequence-analysis.", "sctp.retransmission.", "ipv6.routing.deprecated", "icmp.ext.", "http.chat", "btle.crc.indeterminate", "btle.access_address.matched", "btcommon.eir_ad.undecoded",
	}, func(prefix string) bool { return strings.HasPrefix(remark, prefix) })
}
