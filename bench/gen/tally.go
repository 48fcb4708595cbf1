package main

import (
	"fmt"
	"io"
)

// sizes are the upper bounds of the printed length classes.
var sizes = [...]int{60, 100, 250, 600, 1200, 1600}

// tally counts what was written.
type tally struct {
	packets                      int
	kinds                        [kinds]int
	ip4, ip6, vlan, qinq, padded int
	sizes                        [len(sizes)]int
}

// add counts the packet that g holds.
func (t *tally) add(g *gen, k kind) {
	t.packets++
	t.kinds[k]++
	switch {
	case k == arpAny:
	case g.path.v6:
		t.ip6++
	default:
		t.ip4++
	}
	switch g.path.tags {
	case 1:
		t.vlan++
	case 2:
		t.qinq++
	}
	if g.padded {
		t.padded++
	}
	for i, limit := range sizes {
		if g.f.n <= limit {
			t.sizes[i]++
			break
		}
	}
}

// print writes the mixture.
func (t *tally) print(w io.Writer, bytes int64) {
	fmt.Fprintf(w, "%d packets, %d bytes, %d bytes a packet\n", t.packets, bytes, bytes/int64(max(t.packets, 1)))
	for k, n := range t.kinds {
		t.line(w, kindNames[k], n)
	}
	fmt.Fprintln(w, "of these")
	t.line(w, "IPv4", t.ip4)
	t.line(w, "IPv6", t.ip6)
	t.line(w, "one VLAN tag", t.vlan)
	t.line(w, "two VLAN tags", t.qinq)
	t.line(w, "padded to 60 bytes", t.padded)
	for i, limit := range sizes {
		t.line(w, fmt.Sprintf("up to %d bytes", limit), t.sizes[i])
	}
}

// line writes one count with its share.
func (t *tally) line(w io.Writer, name string, n int) {
	fmt.Fprintf(w, "  %-22s %9d %6.2f %%\n", name, n, 100*float64(n)/float64(max(t.packets, 1)))
}
