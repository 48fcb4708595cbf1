package oracle

import (
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pkl/core"
)

// TestDamaged has editcap change one byte in fifty of the corpus. What tshark
// makes of it, pkl does too; and tshark finds edits right where all was right.
func TestDamaged(t *testing.T) {
	full := compared(t)
	for seed := range 2 {
		var some []sample
		for i, s := range full.samples {
			if i%2 == seed && slices.Contains([]int{0, 1, 12, 101, 108, 113, 127, 228, 229, 276}, s.link) { // whatever else pkl comes to know
				some = append(some, s)
			}
		}
		r := withDamage(t, full.reg, some, seed)
		tshark(t, write(t, r.samples), r.read, "-T", "pdml")
		r.report(t)
		if done := r.judgeEdits(t); len(done) == 0 {
			t.Error("no edit could be made")
		}
	}
}

// withDamage returns packets with one byte in fifty changed.
func withDamage(t *testing.T, reg *core.Registry, some []sample, seed int) *run {
	t.Helper()
	if _, err := exec.LookPath("editcap"); err != nil {
		t.Skipf("no editcap to damage captures with: %v", err)
	}
	c, err := newComparer(reg)
	if err != nil {
		t.Fatal(err)
	}
	c.only("eth llc vlan arp sll sll2 loop ip ip6 ip6_hopopts ip6_dstopts ip6_routing ip6_frag ah esp" +
		" icmp icmp6 igmp tcp udp sctp dns dhcp radiotap")
	whole, out := write(t, some), filepath.Join(t.TempDir(), "damaged.pcapng")
	cmd := exec.Command("editcap", "-E", "0.02", "--seed", strconv.Itoa(seed+1), whole, out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("editcap: %v\n%s", err, text)
	}
	now := appendFile(t, nil, out)
	if len(now) != len(some) {
		t.Fatalf("editcap made %d packets of %d", len(now), len(some))
	}
	for i := range now {
		now[i].file, now[i].number = some[i].file, some[i].number
	}
	now = slices.DeleteFunc(now, func(s sample) bool { return excepted(&s) })
	return &run{now, reg, c}
}

// only has the comparison end at protocols other than those.
func (c *comparer) only(names string) {
	keep := strings.Fields(names)
	maps.DeleteFunc(c.tables, func(name string, _ *compiled) bool { return !slices.Contains(keep, name) })
	maps.DeleteFunc(c.protos, func(_, name string) bool { return !slices.Contains(keep, name) })
}
