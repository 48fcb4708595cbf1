package twin

import (
	"path/filepath"
	"testing"

	"pkl/core"
)

// BenchmarkDissect compares protocols from Lua with built-in ones: all layers of
// the packets in ../testdata, and a number from each. They are to take the same
// time; bench/ measures that with care.
func BenchmarkDissect(b *testing.B) {
	names, err := filepath.Glob("../testdata/*.pcap")
	if err != nil || len(names) == 0 {
		b.Fatal("no captures", err)
	}
	frames := read(b, names)
	for _, from := range []struct {
		name string
		reg  *core.Registry
	}{{"Go", inGo(b)}, {"Lua", inLua(b)}} {
		b.Run(from.name, func(b *testing.B) {
			b.ReportAllocs()
			var p core.Packet
			var sum uint64
			for b.Loop() {
				for i := range frames {
					p.Reset(from.reg, frames[i].meta, frames[i].data)
					sum += readNumbers(&p)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(frames)), "ns/packet")
			_ = sum
		})
	}
}

// readNumbers reads the first field of each layer that is a number.
func readNumbers(p *core.Packet) (sum uint64) {
	for id := p.First(); id != core.None; id = p.Upper(id) {
		for _, s := range p.LayoutOf(id).Slots {
			if s.Kind == core.Number {
				v, _ := p.Num(id, s)
				sum += v
				break
			}
		}
	}
	return sum
}
