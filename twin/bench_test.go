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

// BenchmarkStreams compares protocols of streams: every value of every message.
func BenchmarkStreams(b *testing.B) {
	for proto, values := range streams() {
		p, err := core.Build(inGo(b).Proto(proto), values)
		if err != nil {
			b.Fatal(err)
		}
		p.Update()
		data := p.Raw()
		for _, from := range []struct {
			name string
			reg  *core.Registry
		}{{"Go", inGo(b)}, {"Lua", inLua(b)}} {
			b.Run(proto+"/"+from.name, func(b *testing.B) {
				b.ReportAllocs()
				var p core.Packet
				var sum uint64
				for b.Loop() {
					p.ResetAs(from.reg.Proto(proto), data)
					sum += readAll(&p, p.First())
				}
				_ = sum
			})
		}
	}
}

// streams returns what a packet of each such protocol is built of.
func streams() map[string]map[string]any {
	type m = map[string]any
	type l = []any
	random := "abcdefghijklmnopqrstuvwxyz012345"
	return map[string]m{"tls": {"records": l{m{"messages": l{m{"type": "client_hello", "random": random, "sid": random,
		"ciphersuites": l{0x1301, 0x1302, 0x1303, 0xc02b}, "compressions": l{0}, "extensions": l{
			m{"type": "server_name", "names": l{m{"name": "www.example.com"}}},
			m{"type": "supported_groups", "groups": l{29, 23, 24}},
			m{"type": "signature_algorithms", "algorithms": l{0x0403, 0x0804, 0x0807}},
			m{"type": "alpn", "protocols": l{m{"name": "h2"}, m{"name": "http/1.1"}}},
			m{"type": "supported_versions", "versions": l{0x304, 0x303}},
			m{"type": "key_share", "shares": l{m{"key": random}}},
		}}}}, m{"type": 20}, m{"type": 23, "data": random}}}, "bgp": {"messages": l{
		m{"type": "keepalive"},
		m{"type": "open", "asn": 65001, "params": l{m{"capabilities": l{m{"type": "multiprotocol"}, m{"type": "as4", "asn": 65001}}}}},
		m{"type": "update", "pathattrs": l{
			m{"type": "origin"}, m{"type": "as_path", "segments": l{m{"ases": l{1, 2, 3, 4}}}}, m{"type": "next_hop", "ip": "192.0.2.1"},
			m{"flags": 0xc0, "type": "communities", "communities": l{m{"asn": 1, "value": 2}, m{"asn": 1, "value": 3}}},
		}, "anncroutes": l{m{"len": 24, "prefix": "192.0.2.0"}, m{"len": 16, "prefix": "10.1.0.0"}}},
	}}}
}

// readAll reads the numbers of a layer or item, and of the items in its lists.
func readAll(p *core.Packet, id core.ID) (sum uint64) {
	for _, s := range p.LayoutOf(id).Slots {
		if s.Kind == core.List {
			if l := p.List(id, s); l != core.None {
				for _, item := range p.Items(l) {
					sum += readAll(p, item)
				}
			}
		} else if s.Kind == core.Number {
			v, _ := p.Num(id, s)
			sum += v
		}
	}
	return sum
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
