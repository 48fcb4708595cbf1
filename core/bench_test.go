package core

import "testing"

// BenchmarkPacket gives what the operations cost that scripts are made of, on a
// TCP SYN with options; each but the first includes a Reset.
func BenchmarkPacket(b *testing.B) {
	r := mini(b)
	data := wires(b, r)[0]
	ip, tcp := r.Proto("ip"), r.Proto("tcp")
	ttl, src, sport, syn := ip.Head().Slot("ttl"), ip.Head().Slot("src"), tcp.Head().Slot("sport"), tcp.Head().Slot("SYN")
	opts := tcp.Head().Slot("opts")
	var nine, nop any = uint64(9), map[string]any{"type": 1}
	var p Packet
	for _, c := range []struct {
		name string
		do   func() error
	}{
		{"reset", func() error { return nil }},
		{"find", func() error { p.Find(tcp, 1); return nil }},
		{"number", func() error { p.Num(p.Find(tcp, 1), sport); return nil }},
		{"flag", func() error { p.Num(p.Find(tcp, 1), syn); return nil }},
		{"address", func() error { p.Data(p.Find(ip, 1), src); return nil }},
		{"items", func() error { p.Items(p.List(p.Find(tcp, 1), opts)); return nil }},
		{"set and update", func() error { err := p.Set(p.Find(ip, 1), ttl, nine); p.Update(); return err }},
		{"append and update", func() error {
			l := p.List(p.Find(tcp, 1), opts)
			err := p.InsertItem(l, len(p.Items(l)), nop)
			p.Update()
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Reset(r, Meta{LinkType: 1}, data)
				if err := c.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
