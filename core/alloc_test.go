package core

import (
	"slices"
	"testing"
)

// noAllocs fails if f, once warm, allocates.
func noAllocs(t *testing.T, what string, f func()) {
	t.Helper()
	if n := testing.AllocsPerRun(100, f); n != 0 {
		t.Errorf("%s: %v allocations", what, n)
	}
}

// wires are packets of miniSpecs over Ethernet.
func wires(t testing.TB, r *Registry) [][]byte {
	eth := func(ps ...any) []byte {
		p := cat(t, append([]any{mk(t, r, "eth", m{"src": "02:00:00:00:00:01"})}, ps...)...)
		p.Update()
		return p.Raw()
	}
	ip := func(v m) *Packet { v["src"], v["dst"] = "10.0.0.1", "10.0.0.2"; return mk(t, r, "ip", v) }
	return [][]byte{
		eth(ip(m{}), mk(t, r, "tcp", m{"sport": 1000, "dport": 80, "SYN": true, "opts": []any{m{"mss": 1460}, m{"type": 1}, m{"type": 3, "body": "\x07"}}}), "hello"),
		eth(mk(t, r, "vlan", m{"vid": 5}), ip(m{"opts": []any{m{"type": 7, "body": "abc"}}}), mk(t, r, "udp", nil),
			mk(t, r, "dns", m{"questions": []any{m{"name": "www.example.com", "type": 1}}, "answers": []any{m{"name": "www.example.com", "addr": "1.2.3.4"}}})),
		eth(ip(m{}), mk(t, r, "gre", m{"key": 5}), ip(m{}), mk(t, r, "icmp", m{"id": 3, "seq": 4}), "ping"),
		eth(mk(t, r, "llc", m{"dsap": 0x42, "ssap": 0x42, "ctl": 3}), "bridge"),
		eth(ip(m{"p": 17, "off": 3}), "a later fragment"),
		eth(ip(m{}), mk(t, r, "udp", m{"sport": 9, "dport": 7777}), mk(t, r, "demo", m{"tlvs": []any{m{"t": 1, "v": "abc"}, m{"t": 2}}})),
	}
}

// TestReadAllocs: a Packet that is used again, for other protocols too, reads
// numbers, flags, addresses, bytes, bodies and lists without allocating.
func TestReadAllocs(t *testing.T) {
	r := mini(t)
	all := wires(t, r)
	var p Packet
	ip, tcp, udp, dns := r.Proto("ip"), r.Proto("tcp"), r.Proto("udp"), r.Proto("dns")
	ttl, src, sport, syn := ip.Head().Slot("ttl"), ip.Head().Slot("src"), tcp.Head().Slot("sport"), tcp.Head().Slot("SYN")
	opts, questions := tcp.Head().Slot("opts"), dns.Head().Slot("questions")
	i := 0
	next := func() {
		p.Reset(r, Meta{LinkType: 1, Number: i}, all[i%len(all)])
		i++
	}
	noAllocs(t, "Reset and find", func() {
		next()
		p.Find(tcp, 1)
		p.Find(udp, 1)
	})
	noAllocs(t, "numbers, flags, addresses", func() {
		next()
		if id := p.Find(ip, 1); id != None {
			p.Num(id, ttl)
			p.Data(id, src)
		}
		if id := p.Find(tcp, 1); id != None {
			p.Num(id, sport)
			p.Num(id, syn)
		}
	})
	noAllocs(t, "every fixed field of every layer", func() {
		next()
		for id := p.First(); id != None; id = p.Upper(id) {
			for _, s := range p.LayoutOf(id).Slots {
				if s.Kind != List && p.Has(id, s) {
					p.Num(id, s)
					p.Data(id, s)
				}
			}
			p.Header(id)
			p.Body(id)
			p.Trailer(id)
		}
	})
	room := make([]byte, 0, 256)
	noAllocs(t, "lists", func() {
		next()
		for _, of := range []struct {
			pr *Proto
			s  *Slot
		}{{tcp, opts}, {dns, questions}} {
			id := p.Find(of.pr, 1)
			if id == None {
				continue
			}
			for _, it := range p.Items(p.List(id, of.s)) {
				for _, s := range p.LayoutOf(it).Slots {
					if s.Kind == Name {
						room, _ = p.AppendName(room[:0], it, s)
					} else {
						p.Num(it, s)
						p.Data(it, s)
					}
				}
				p.Body(it)
			}
		}
	})
	noAllocs(t, "to the top, and Update of an untouched packet", func() {
		next()
		p.Last()
		p.Update()
	})
}

// TestFilterReuse: filters allocate nothing, on packets of every shape in turn.
func TestFilterReuse(t *testing.T) {
	r := mini(t)
	all := wires(t, r)
	var p Packet
	for _, src := range []string{"tcp.dport == 80", "tcp.SYN and not tcp.ACK", "ip.src in 10.0.0.0/8", "ip.addr == 10.0.0.2", "udp.port in {53, 7777}",
		`dns.questions.name contains "example"`, "demo.tlvs.t == 2", "ip#2.ttl == 64", "len(tcp.body) > 3", "icmp.type == echo_request",
		"eth.dst == ff:ff:ff:ff:ff:ff", "tcp.opts.mss == 1460", "any(dns.answers, type == 1 and ttl < 5)", "ip.ttl < 5 or vlan.vid == 5", "gre.key == 5"} {
		f, err := r.Filter(src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		i := 0
		noAllocs(t, src, func() {
			p.Reset(r, Meta{LinkType: 1}, all[i%len(all)])
			f.Match(&p)
			i++
		})
	}
}

// TestEditAllocs: a field of fixed width is stored, and its sums brought up to
// date, in memory that the Packet has from the packets before.
func TestEditAllocs(t *testing.T) {
	r := mini(t)
	all := wires(t, r)
	ip := r.Proto("ip")
	ttl := ip.Head().Slot("ttl")
	var p Packet
	var v any = uint64(9)
	i := 0
	noAllocs(t, "ip.ttl = 9", func() {
		p.Reset(r, Meta{LinkType: 1}, all[i%len(all)])
		i++
		if id := p.Find(ip, 1); id != None {
			if err := p.Set(id, ttl, v); err != nil {
				t.Error(err)
			}
			p.Update()
		}
	})
}

// TestResetBytes: the caller's bytes stay the caller's, also when the packet is
// edited and then reset to other bytes.
func TestResetBytes(t *testing.T) {
	r := mini(t)
	all := wires(t, r)
	ip := r.Proto("ip")
	var p Packet
	for round := range 3 {
		for _, b := range all {
			own := slices.Clone(b)
			p.Reset(r, Meta{LinkType: 1}, own)
			if id := p.Find(ip, 1); id != None {
				if err := p.Set(id, ip.Head().Slot("ttl"), 7); err != nil {
					t.Fatal(err)
				}
				if err := p.SetBody(id, []byte("other")); err != nil {
					t.Fatal(err)
				}
			}
			p.Update()
			if !slices.Equal(own, b) {
				t.Fatalf("round %d: the caller's bytes are now\n%x\nwere\n%x", round, own, b)
			}
			var q Packet
			q.Reset(r, Meta{LinkType: 1}, own)
			p.Reset(r, Meta{LinkType: 1}, own)
			if text(&p) != text(&q) {
				t.Fatalf("used again:\n%s\nnew:\n%s", text(&p), text(&q))
			}
		}
	}
}
