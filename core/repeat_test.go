package core

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
)

// many is how often an edit is repeated that must leave nothing behind.
func many() int {
	if raceOn || testing.Short() {
		return 3_000
	}
	return 30_000
}

// bounded does an edit of a packet again and again. What the packet keeps about
// its bounds must come to rest.
func bounded(t *testing.T, p *Packet, times int, edit func(i int) error) {
	t.Helper()
	early := 0
	for i := range times {
		if err := edit(i); err != nil {
			t.Fatalf("edit %d: %v", i, err)
		}
		if i == 200 {
			early = held(p)
		}
	}
	if late := held(p); late > 2*early+256 {
		t.Errorf("after 200 edits %d nodes, spans and orders, after %d edits %d", early, times, late)
	}
}

// held counts what a packet keeps about the bounds of what is in it.
func held(p *Packet) int {
	return len(p.nodes) + len(p.spans) + len(p.order) + len(p.edit.pins.list) + len(p.edit.todo.list) + len(p.edit.bases) + len(p.edit.names) + len(p.edit.touched)
}

// TestRepeatedEdits: what edits remove is given back, also in the middle.
func TestRepeatedEdits(t *testing.T) {
	r := mini(t)
	all := wires(t, r)
	reset := func(i int) (*Packet, ID) {
		p := &Packet{}
		p.Reset(r, Meta{LinkType: 1}, all[i])
		return p, p.First()
	}
	t.Run("an option comes and one goes", func(t *testing.T) {
		p, _ := reset(0)
		tcp := p.Find(r.Proto("tcp"), 1)
		l := p.List(tcp, r.Proto("tcp").Head().Slot("opts"))
		first := p.Items(l)[0]
		birth := p.Birth(first)
		bounded(t, p, many(), func(i int) error {
			if err := p.RemoveItem(l, 0); err != nil {
				return err
			}
			return p.InsertItem(l, len(p.Items(l)), m{"type": 254, "body": fmt.Sprint(i % 7)})
		})
		if p.Alive(first) && p.Birth(first) == birth {
			t.Error("an option that was removed is alive")
		}
		if err := sound(p); err != nil {
			t.Error(err)
		}
	})
	t.Run("layers come and go", func(t *testing.T) {
		p, eth := reset(0)
		bounded(t, p, many(), func(i int) error {
			if err := p.Insert(eth, mk(t, r, "vlan", m{"vid": i & 0xfff})); err != nil {
				return err
			}
			if i%3 == 0 {
				p.Update()
			}
			return p.Remove(p.Upper(eth))
		})
		if p.Update(); string(p.Raw()) != string(all[0]) {
			t.Errorf("%x, was %x", p.Raw(), all[0])
		}
	})
	t.Run("two lists grow in turn", func(t *testing.T) {
		p, _ := reset(1)
		dns := p.Find(r.Proto("dns"), 1)
		qs, as := p.List(dns, r.Proto("dns").Head().Slot("questions")), p.List(dns, r.Proto("dns").Head().Slot("answers"))
		bounded(t, p, many()/10, func(i int) error {
			for _, l := range []ID{qs, as} {
				if err := p.InsertItem(l, 0, m{"name": fmt.Sprintf("n%d.example", i%9), "type": 1}); err != nil {
					return err
				}
				if err := p.RemoveItem(l, 1); err != nil {
					return err
				}
			}
			return nil
		})
	})
	t.Run("a name is rewritten", func(t *testing.T) {
		p, _ := reset(1)
		dns := p.Find(r.Proto("dns"), 1)
		q := p.Items(p.List(dns, r.Proto("dns").Head().Slot("questions")))[0]
		bounded(t, p, many(), func(i int) error {
			return p.Set(q, p.LayoutOf(q).Slot("name"), fmt.Sprintf("host%d.example.com", i%1000))
		})
	})
	t.Run("a list is assigned", func(t *testing.T) {
		p, _ := reset(0)
		tcp := p.Find(r.Proto("tcp"), 1)
		s := r.Proto("tcp").Head().Slot("opts")
		bounded(t, p, many(), func(i int) error {
			if i%2 == 0 {
				return p.SetRaw(tcp, s, bytes.Repeat([]byte{1}, 4+i/2%3*4))
			}
			return p.Set(tcp, s, []any{m{"mss": 1 + i%1000}, m{"type": 1}, m{"type": 3, "body": "\x07"}})
		})
	})
	t.Run("an item's body", func(t *testing.T) {
		p, _ := reset(5)
		demo := p.Find(r.Proto("demo"), 1)
		it := p.Items(p.List(demo, r.Proto("demo").Head().Slot("tlvs")))[0]
		bounded(t, p, many(), func(i int) error { return p.SetBody(it, make([]byte, i%20)) })
	})
	t.Run("bodies", func(t *testing.T) {
		p, eth := reset(0)
		ip := p.Upper(eth)
		other := mk(t, r, "udp", nil)
		bounded(t, p, many()/10, func(i int) error {
			if i%2 == 0 {
				return p.SetBody(ip, other)
			}
			return p.SetBody(p.Upper(ip), make([]byte, i%900))
		})
	})
}

// TestRepeatedGrowth: a list of as many items as there may be is made one by
// one, assigned, and assigned again, without the memory of each step.
func TestRepeatedGrowth(t *testing.T) {
	r := mini(t)
	p := mk(t, r, "dns", nil)
	dns := p.First()
	s := r.Proto("dns").Head().Slot("answers")
	l := p.List(dns, s)
	n := maxItems
	if raceOn {
		n = 400
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for len(p.Items(l)) < n {
		if err := p.InsertItem(l, len(p.Items(l)), m{"name": "www.example.com", "addr": "1.2.3.4"}); err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<28 {
		t.Errorf("%d items took %d bytes", n, got)
	}
	if n == maxItems {
		if err := p.InsertItem(l, 0, m{"name": "x"}); err == nil {
			t.Error("one item too many")
		}
	}
	list := make([]any, n)
	for i := range list {
		list[i] = m{"name": "a.example", "addr": "9.9.9.9"}
	}
	for range 40 { // each time as many nodes die
		if err := p.Set(dns, s, list); err != nil {
			t.Fatal(err)
		}
		if got := len(p.Items(p.List(dns, s))); got != n {
			t.Fatalf("%d items of %d", got, n)
		}
	}
	if len(p.nodes) > 4*n {
		t.Errorf("%d nodes for %d items", len(p.nodes), n)
	}
	if err := sound(p); err != nil {
		t.Error(err)
	}
}
