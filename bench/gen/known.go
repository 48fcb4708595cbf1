package main

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"net/netip"

	"pkl/bench/truth"
)

// known collects what the searches must find.
type known struct {
	syns, plain   int
	all, plainSum hash.Hash
	sources       map[netip.Addr]int
}

// newKnown starts with nothing.
func newKnown() *known {
	return &known{all: sha256.New(), plainSum: sha256.New(), sources: map[netip.Addr]int{}}
}

// add looks at the packet that g holds and that c has just written.
func (k *known) add(g *gen, c *capture) {
	if g.flags&(syn|ack) != syn {
		return
	}
	k.syns++
	k.sources[source(g.path)]++
	k.all.Write(c.head[:])
	k.all.Write(g.f.bytes())
	if !g.path.v6 && g.path.tags == 0 {
		k.plain++
		k.plainSum.Write(c.head[:])
		k.plainSum.Write(g.f.bytes())
	}
}

// source is the address of a path's client.
func source(p *path) netip.Addr {
	if p.v6 {
		return netip.AddrFrom16(p.a.ip)
	}
	return netip.AddrFrom4([4]byte(p.a.ip[:4]))
}

// truth sums up.
func (k *known) truth(packets int, bytes int64) *truth.Truth {
	t := &truth.Truth{Packets: packets, Bytes: bytes, SYNs: k.syns, Plain: k.plain, Sources: map[string]int{}}
	t.Records = hex.EncodeToString(k.all.Sum(nil))
	t.PlainRecords = hex.EncodeToString(k.plainSum.Sum(nil))
	for a, n := range k.sources {
		t.Sources[a.String()] = n
	}
	return t
}
