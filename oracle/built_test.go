package oracle

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pkl/core"
)

// A part is one layer to build: its protocol and its fields.
type part struct {
	proto  string
	fields map[string]any
}

// A recipe is a packet to build, lowest layer first.
type recipe []part

// f are the fields of a layer or of an item.
type f = map[string]any

// items is a list.
type items = []any

// TestBuilt has pkl build packets, and tshark read them. It needs no captures.
func TestBuilt(t *testing.T) {
	needTshark(t)
	reg := registry(t)
	var samples []sample
	for i, r := range recipes() {
		data, err := r.build(reg)
		if err != nil {
			t.Errorf("recipe %d (%s): %v", i, r, err)
			continue
		}
		samples = append(samples, sample{file: r.String(), number: i, link: linkOf(r[0].proto), wire: len(data), data: data})
	}
	c, err := newComparer(reg)
	if err != nil {
		t.Fatal(err)
	}
	b := &run{samples, reg, c}
	tshark(t, write(t, samples), b.read, "-T", "pdml")
	c.report(t)
	for i := range b.samples {
		s := &b.samples[i]
		if s.broken {
			t.Errorf("%s: tshark finds it malformed", s)
		}
		for _, what := range s.remarks {
			if !harmless(what) {
				t.Errorf("%s: tshark says %s", s, what)
			}
		}
	}
	if c.counts.badSums > 0 {
		t.Errorf("%d sums are wrong", c.counts.badSums)
	}
	c.unseen(t)
}

func (r recipe) String() string {
	var text string
	for i, p := range r {
		if i > 0 {
			text += "/"
		}
		text += p.proto
	}
	return text
}

// build builds the packet.
func (r recipe) build(reg *core.Registry) ([]byte, error) {
	p, err := core.Build(reg.Proto(r[0].proto), r[0].fields)
	if err != nil {
		return nil, err
	}
	for _, part := range r[1:] {
		q, err := core.Build(reg.Proto(part.proto), part.fields)
		if err == nil {
			err = p.SetBody(p.Last(), q)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", part.proto, err)
		}
	}
	p.Update()
	if stream := p.Find(reg.Proto("tcp"), 1); stream != core.None && stream != p.Last() {
		b := p.Body(stream) // of messages in a stream there may be two
		if err := p.SetBody(stream, slices.Concat(b, b)); err != nil {
			return nil, err
		}
		p.Update()
	}
	return bytes.Clone(p.Raw()), nil
}

// linkOf is the link type of captures whose packets begin with a protocol.
func linkOf(proto string) int {
	return map[string]int{"eth": 1, "ip": 101, "ip6": 101, "sll": 113, "sll2": 276, "loop": 108, "radiotap": 127, "ieee80211": 105, "prism": 119, "wlancap": 163, "btle": 251, "btle_rf": 256}[proto]
}

// unseen reports rows of the tables that no packet had anything for.
func (c *comparer) unseen(t *testing.T) {
	for name, tab := range c.tables {
		for i := range tab.rows {
			if path := name + "." + tab.rows[i].pkl; tab.rows[i].seen == 0 && !unbuilt(path) {
				t.Errorf("no recipe has %s", path)
			}
		}
	}
}

// unbuilt reports whether a field needs a huge packet, or one that is wrong.
func unbuilt(path string) bool { return path == "ip6_hopopts.opts.jumbo_len" || path == "eth.lentype" }
