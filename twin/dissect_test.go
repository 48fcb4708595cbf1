package twin

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pkl/core"
	"pkl/protocols"
)

// seen is everything that can be seen of a packet, as text.
func seen(p *core.Packet) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n%x\n%s\n%s\nerr %v\n", strings.Join(protosOf(p), "/"), p.Raw(), p, p.JSON(), p.Err())
	for _, f := range p.Verify() {
		fmt.Fprintf(&out, "verify %s#%d.%s: %#x, not %#x\n", f.Layer, f.N, f.Field, f.Have, f.Want)
	}
	fmt.Fprintf(&out, "flow %q %q\n%s\n", p.Flow(false), p.Flow(true), p.LuaSource())
	return out.String()
}

// sameSeen reports a frame that looks different with two registries, and
// returns whether it looks the same.
func sameSeen(t *testing.T, f *frame, want, got *core.Registry) bool {
	t.Helper()
	a, b := seen(f.packet(want)), seen(f.packet(got))
	if a != b {
		t.Errorf("%s: from Go:\n%s\nfrom Lua:\n%s", f.from, a, b)
	}
	return a == b
}

// TestSamePackets: all packets look the same with all protocols from Lua: their
// layers, their text and JSON, what is wrong with them, what rebuilds them.
func TestSamePackets(t *testing.T) {
	want, got := inGo(t), inLua(t)
	frames := slices.Concat(captured(t), built(t, want), invented(want, 120))
	found := map[string]int{}
	bad := 0
	for i := range frames {
		if !sameSeen(t, &frames[i], want, got) {
			if bad++; bad == 5 {
				t.Fatal("and so on")
			}
		}
		for _, name := range protosOf(frames[i].packet(want)) {
			found[name]++
		}
	}
	for _, name := range want.Names() { // so that this proves something of every protocol
		if found[name] == 0 {
			t.Errorf("no packet has a layer %s", name)
		}
	}
	t.Logf("%d packets, layers %v", len(frames), found)
}

// TestSamePacketsOfCorpus says whether TestSamePackets had the captures from
// outside.
func TestSamePacketsOfCorpus(t *testing.T) {
	if len(corpus()) == 0 {
		t.Skip("no ../shared/corpus")
	}
}

// TestSameAlone: one protocol from Lua among the others from Go. A sample of
// packets with that layer, from all over the captures, and of random ones.
func TestSameAlone(t *testing.T) {
	want := inGo(t)
	frames := slices.Concat(built(t, want), captured(t), invented(want, 5))
	for _, spec := range protocols.All() {
		t.Run(spec.Name, func(t *testing.T) {
			got := one(t, spec.Name)
			for _, f := range sample(frames, want, spec.Name, 60) {
				if !sameSeen(t, f, want, got) {
					break
				}
			}
		})
	}
}

// sample picks at most n frames that have a layer of some protocol, evenly.
func sample(frames []frame, reg *core.Registry, name string, n int) (picked []*frame) {
	var with []*frame
	for i := range frames {
		if slices.Contains(protosOf(frames[i].packet(reg)), name) {
			with = append(with, &frames[i])
		}
	}
	step := max(1, (len(with)+n-1)/n)
	for i := 0; i < len(with); i += step {
		picked = append(picked, with[i])
	}
	return picked
}
