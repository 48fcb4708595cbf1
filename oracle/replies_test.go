package oracle

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"testing"

	"pkl/core"
)

// repliesTo are tshark's fields that name the packet which a packet replies to.
var repliesTo = []string{"icmp.resp_to", "icmpv6.resp_to", "dns.response_to"}

// TestReplies: what tshark knows to answer a packet answers it, and no other
// that it knows to have been answered by another.
func TestReplies(t *testing.T) {
	r := compared(t)
	asked := map[int]int{} // the answer's index, the question's
	args := []string{"-T", "fields", "-e", "frame.number"}
	for _, f := range repliesTo {
		args = append(args, "-e", f)
	}
	tshark(t, write(t, r.samples), func(out io.Reader) error {
		in := bufio.NewScanner(out)
		for in.Scan() {
			cols := strings.Split(in.Text(), "\t")
			n, _ := strconv.Atoi(cols[0])
			for _, c := range cols[1:] {
				if to, err := strconv.Atoi(c); err == nil {
					asked[n-1] = to - 1
				}
			}
		}
		return in.Err()
	}, args...)
	packet := func(i int) *core.Packet {
		p := &core.Packet{}
		p.Reset(r.reg, r.samples[i].meta(), r.samples[i].data)
		return p
	}
	kinds := map[string]int{}
	for a, q := range asked {
		reply, sent := packet(a), packet(q)
		switch {
		case r.samples[a].file != r.samples[q].file || !r.samples[a].clean || !r.samples[q].clean:
			continue
		case !reply.RepliesTo(sent):
			t.Errorf("%v does not reply to packet %d\n%s\n%s", &r.samples[a], r.samples[q].number, reply, sent)
		case sent.RepliesTo(reply):
			t.Errorf("%v replies to its answer %d", &r.samples[q], r.samples[a].number)
		}
		kinds[reply.ProtoOf(reply.Last()).Name]++
		for other := range asked {
			if o := asked[other]; o != q && r.samples[o].file == r.samples[a].file && string(r.samples[o].data) != string(r.samples[q].data) && reply.RepliesTo(packet(o)) && !twice(packet(o), sent) {
				t.Errorf("%v replies to packet %d too", &r.samples[a], r.samples[o].number)
			}
		}
	}
	t.Log(kinds)
	if len(kinds) < 2 {
		t.Error("too few kinds of answers")
	}
}

// twice reports whether two questions differ in nothing that their answers would tell.
func twice(a, b *core.Packet) bool {
	for _, q := range []*core.Packet{a, b} {
		for id := q.First(); id != core.None; id = q.Upper(id) {
			for _, name := range []string{"id", "ttl"} {
				if s := q.LayoutOf(id).Slot(name); s != nil && (q.ProtoOf(id).Name == "ip") {
					_ = q.Set(id, s, 1)
				}
			}
		}
	}
	return len(a.Diff(b)) == 0
}
