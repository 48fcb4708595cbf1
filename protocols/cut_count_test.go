package protocols

import (
	"bytes"
	"slices"
	"testing"

	"pkl/core"
)

// TestCutCount cuts a DNS message everywhere, as a snap length does: items that are
// not here count, whether all is computed anew, or items that are here come and go.
func TestCutCount(t *testing.T) {
	reg := registry(t)
	a := func(name string) m { return m{"name": name, "type": "A", "addr": "192.0.2.1"} }
	whole := stack(t, reg, l{"ip", m{}, "udp", m{"dport": 53}, "dns", m{"questions": l{m{"name": "q.example"}},
		"answers": l{a("a.test"), a("b.test")}, "authorities": l{a("c.test")}, "additionals": l{a("d.test"), a("e.test")}}})
	whole.Update()
	dns := reg.Proto("dns")
	first := func(p *core.Packet) core.ID { return p.List(p.Find(dns, 1), dns.Head().Slot("answers")) }
	kinds := []struct {
		what string
		edit func(p *core.Packet) error
		need int // answers that are whole
	}{
		{"all", (*core.Packet).UpdateAll, 0},
		{"nil", func(p *core.Packet) error { return p.Set(p.Find(dns, 1), dns.Head().Slot("arcount"), nil) }, 0},
		{"remove", func(p *core.Packet) error { return p.Remove(p.Items(first(p))[0]) }, 1},
		{"insert", func(p *core.Packet) error { return p.InsertItem(first(p), 0, a("f.test")) }, 1},
	}
	all := slices.Clone(whole.Raw())
	for n := 40; n < len(all); n++ {
		for _, k := range kinds {
			var part, want core.Packet
			part.Reset(reg, core.Meta{LinkType: 101, Len: len(all)}, all[:n:n])
			want.Reset(reg, core.Meta{LinkType: 101, Len: len(all)}, all)
			if l := first(&part); l != core.None && len(part.Items(l)) < k.need || l == core.None {
				continue
			}
			if err := k.edit(&want); err != nil {
				t.Fatal(err)
			}
			if err := k.edit(&part); err != nil {
				t.Fatal(err)
			}
			want.Update()
			part.Update()
			if !bytes.HasPrefix(want.Raw(), part.Raw()) {
				t.Errorf("cut at %d, %s\n%x, want\n%x", n, k.what, part.Raw(), want.Raw())
			}
		}
	}
}
