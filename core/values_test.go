package core

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

func TestNearest(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"dprot", "dport"}, {"DPORT", "dport"}, {"sprt", "sport"}, {"seqq", "seq"}, {"zzz", ""}, {"seq", ""}, {"sekk", "seq"}, {"nekk", ""}, {"x", ""}, {"", ""},
	} {
		if got := Nearest(c.name, []string{"sport", "dport", "seq", "ack"}); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestSets compares sets with the ranges they were made of.
func TestSets(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var keys []keySpan
		var wides []wideRange
		for range 1 + rnd.IntN(12) {
			lo := rnd.Uint64N(60)
			hi := lo + rnd.Uint64N(6)
			keys = append(keys, keySpan{lo, hi})
			wides = append(wides, wideRange{wide{lo >> 3, lo & 7}, wide{hi >> 3, hi & 7}})
		}
		plain := append([]keySpan(nil), keys...)
		ks, ws := newKeySet(keys), newWideSet(wides)
		for v := range uint64(70) {
			want := false
			for _, r := range plain {
				want = want || v >= r.lo && v <= r.hi
			}
			if ks.has(v) != want || ws.has(wide{v >> 3, v & 7}) != want {
				t.Fatalf("%v has %d: %v, %v", plain, v, ks.has(v), ws.has(wide{v >> 3, v & 7}))
			}
		}
	}
}

// TestSetEnds is about the ends of the numbers.
func TestSetEnds(t *testing.T) {
	const most = ^uint64(0)
	s := newKeySet([]keySpan{{most - 1, most}, {0, 0}, {0, most / 2}, {5, 7}, {most, most}})
	for v, want := range map[uint64]bool{0: true, most / 2: true, most/2 + 1: false, most - 1: true, most: true} {
		if s.has(v) != want {
			t.Errorf("%d: %v", v, !want)
		}
	}
}

// TestBitTests compares the loads built into filters with the plain way to read a field.
func TestBitTests(t *testing.T) {
	r := fixRegistry(t)
	var b [64]byte
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, pr := range r.protos {
		for _, s := range pr.head.Slots {
			bt := bitsOf(s)
			if bt == nil || s.Get != "" {
				continue
			}
			for range 20 {
				for i := 0; i < len(b); i += 8 {
					binary.BigEndian.PutUint64(b[i:], rnd.Uint64())
				}
				p := &Packet{}
				p.reset(r, b[:])
				p.newNode(node{layout: pr.head, proto: pr, parent: none, spans: none, end: 64})
				want, _ := p.num(1, s)
				if got, ok := bt.key(s)(p, 1); got != want || !ok {
					t.Errorf("%s: %d, want %d", s, got, want)
				}
			}
		}
	}
}
