package core

import (
	"encoding/hex"
	"strings"
	"testing"

	"pkl/core/expr"
)

// FuzzFilter: no source makes compiling panic, no bytes make matching panic or
// change the packet, and the tree's normal form means the same.
func FuzzFilter(f *testing.F) {
	r := fixRegistry(f)
	var packets [][]byte
	for _, s := range fixPackets() {
		b, _ := hex.DecodeString(strings.Join(strings.Fields(s), ""))
		packets = append(packets, b)
	}
	for i, c := range filterCases {
		f.Add(c.src, packets[i%len(packets)])
	}
	f.Fuzz(func(t *testing.T, src string, wire []byte) {
		flt, err := r.Filter(src)
		if err != nil {
			if _, ok := err.(*expr.Error); !ok {
				t.Fatalf("%s: %T", src, err)
			}
			return
		}
		again, err := r.Filter(expr.Format(flt.Expr()))
		if err != nil && len(src) < expr.MaxSource/2 {
			t.Fatalf("%s is %s: %v", src, expr.Format(flt.Expr()), err)
		}
		for _, b := range append(packets, wire) {
			p, q := &Packet{}, &Packet{}
			p.Reset(r, Meta{LinkType: 1}, b)
			q.Reset(r, Meta{LinkType: 1}, b)
			q.findAll()
			got := flt.Match(p)
			if got != flt.Match(p) || got != flt.Match(q) {
				t.Fatalf("%s on %x: %v, then not", src, b, got)
			}
			if again != nil && got != again.Match(q) {
				t.Fatalf("%s on %x is %v, but not as %s", src, b, got, expr.Format(flt.Expr()))
			}
		}
	})
}
