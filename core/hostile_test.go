package core

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A hostileSeed is bytes that a sender made up to hurt.
type hostileSeed struct{ first, why, wire string }

const ipTCP = "4500 0028 0001 0000 4006 0000 0a000001 0a000002 "

var hostileSeeds = []hostileSeed{
	{"ip", "header of 0 words", "4000 0028 0001 0000 4006 0000 0a000001 0a000002"},
	{"ip", "header of 1 word", "4100 0028 0001 0000 4006 0000 0a000001 0a000002"},
	{"ip", "header beyond the packet", "4f00 0028 0001 0000 4006 0000 0a000001 0a000002"},
	{"ip", "total shorter than the header", "4600 0014 0001 0000 4006 0000 0a000001 0a000002 01010101"},
	{"ip", "total of 0", "4500 0000 0001 0000 4011 0000 0a000001 0a000002 0035 0035 0008 0000"},
	{"ip", "total beyond the packet", "4500 ffff 0001 0000 4011 0000 0a000001 0a000002 0035 0035 0008 0000"},
	{"ip", "option of length 0", "4600 0018 0001 0000 4006 0000 0a000001 0a000002 07000000"},
	{"ip", "option of length 1", "4600 0018 0001 0000 4006 0000 0a000001 0a000002 07010000"},
	{"ip", "option beyond the header", "4600 0018 0001 0000 4006 0000 0a000001 0a000002 07ff0401"},
	{"ip", "end of options in the middle", "4700 001c 0001 0000 4006 0000 0a000001 0a000002 00070400 01010101"},
	{"ip", "fragment beyond 65,535", "4500 0020 0001 3fff 4011 0000 0a000001 0a000002 0000000000000000"},
	{"tcp", "offset 0", "0001 0002 00000000 00000000 0002 0000 0000 0000"},
	{"tcp", "offset beyond the segment", "0001 0002 00000000 00000000 f002 0000 0000 0000"},
	{"tcp", "forty NOPs", "0001 0002 00000000 00000000 f002 0000 0000 0000" + strings.Repeat("01", 40)},
	{"tcp", "options of length 0", "0001 0002 00000000 00000000 7002 0000 0000 0000 0800 0800 0800 0800"},
	{"tcp", "SACK of 3 bytes", "0001 0002 00000000 00000000 7002 0000 0000 0000 0503 0101 0505 0101"},
	{"ip", "tcp cut in its options", ipTCP + "0001 0002 00000000 00000000 6002 0000 0000 0000 02"},
	{"udp", "length 0", "0035 0035 0000 0000 0001"},
	{"udp", "length 7", "0035 0035 0007 0000 0001"},
	{"udp", "length beyond", "0035 0035 ffff 0000 0001"},
	{"eth", "type 1501 to 1535", "ffffffffffff 020000000001 05ff 00000000"},
	{"eth", "length beyond the frame", "ffffffffffff 020000000001 05dc 4242 03"},
	{"eth", "length 0", "ffffffffffff 020000000001 0000 4242 03"},
	{"eth", "tags without end", "ffffffffffff 020000000001" + strings.Repeat("81000001", 60)},
	{"eth", "SNAP", "ffffffffffff 020000000001 0008 aaaa03 000000 0800 45"},
	{"dns", "pointer to itself", "0000 0000 0001 0000 0000 0000 c00c 0001 0001"},
	{"dns", "pointer forward", "0000 0000 0001 0000 0000 0000 c00e 0001 0001"},
	{"dns", "two pointers in a ring", "0000 0000 0002 0000 0000 0000 c00e 0001 0001 c00c 0001 0001"},
	{"dns", "pointer into the header", "0000 0000 0001 0000 0000 0000 c000 0001 0001"},
	{"dns", "label of kind 01", "0000 0000 0001 0000 0000 0000 4041 00 0001 0001"},
	{"dns", "label of kind 10", "0000 0000 0001 0000 0000 0000 8041 00 0001 0001"},
	{"dns", "65,535 of everything", "0000 0000 ffff ffff ffff ffff 00 0001 0001"},
	{"dns", "data length beyond", "0000 8000 0000 0001 0000 0000 00 0001 0001 00000000 ffff 01020304"},
	{"dns", "data length 0", "0000 8000 0000 0002 0000 0000 00 0001 0001 00000000 0000 00 0005 0001 00000000 0000"},
	{"dns", "a name beyond its data", "0000 8000 0000 0001 0000 0000 00 0005 0001 00000000 0002 3f41 4141"},
	{"ip6", "payload 0", "60000000 0000 0040 " + strings.Repeat("00", 32) + "3b00010400000000"},
	{"ip6", "extension headers without end", "60000000 0100 0040 " + strings.Repeat("00", 32) + strings.Repeat("0000010400000000", 40)},
	{"ip6", "extension header beyond", "60000000 0008 0040 " + strings.Repeat("00", 32) + "00ff010400000000"},
	{"ip6", "routing, more left than there are", "60000000 0018 2b40 " + strings.Repeat("00", 32) + "3b0200ff 00000000" + strings.Repeat("11", 16)},
	{"ip6", "fragment header last", "60000000 0008 2c40 " + strings.Repeat("00", 32) + "06000001 00000001"},
	{"ip6", "ah of length 0", "60000000 000c 3340 " + strings.Repeat("00", 32) + "3b00 0000 00000000 00000000"},
	{"ip6", "two thousand Pad1", "60000000 0808 0040 " + strings.Repeat("00", 32) + "3bff" + strings.Repeat("00", 2046)},
	{"icmp6", "neighbour option of length 0", "8700 0000 00000000 " + strings.Repeat("00", 16) + "0100 000000000000"},
	{"icmp6", "reports with 65,535 records", "8f00 0000 0000 ffff 0400 ffff" + strings.Repeat("00", 16)},
	{"icmp", "an error about an error", "0300 0000 00000000 4500 0038 0000 0000 4001 0000 0a000001 0a000002 0300 0000 00000000 4500"},
	{"icmp", "a quote of nothing", "0300 0000 00000000"},
	{"icmp", "a quote cut in its ports", "0300 0000 00000000 4500 0038 0000 0000 4006 0000 0a000001 0a000002 00"},
	{"igmp", "65,535 groups", "2200 0000 0000 ffff 0100 ffff e0000001"},
	{"sctp", "chunk of length 0", "0001 0002 00000000 00000000 0000 0000 0000 0000"},
	{"sctp", "chunk of length 3", "0001 0002 00000000 00000000 0000 0003 0000 0000"},
	{"sctp", "INIT with a parameter of length 0", "0001 0002 00000000 00000000 0100 0018 00000001 00000001 0001 0001 00000001 0005 0000"},
	{"sctp", "a thousand chunks", "0001 0002 00000000 00000000" + strings.Repeat("0b000004", 1000)},
	{"arp", "addresses of 0 bytes", "0001 0800 0000 0001"},
	{"arp", "addresses of 255 bytes", "0001 0800 ffff 0001 0102"},
	{"dhcp", "option beyond", "01010600" + strings.Repeat("00", 232) + "63825363 35ff01"},
	{"dhcp", "no end", "01010600" + strings.Repeat("00", 232) + "63825363 350101"},
	{"dhcp", "no magic", "01010600" + strings.Repeat("00", 232) + "00000000 350101"},
	{"radiotap", "presence words without end", "0000 2800" + strings.Repeat("ffffffff", 9)},
	{"radiotap", "length below 8", "0000 0400 00000000"},
	{"radiotap", "length beyond", "0000 ffff 00000000"},
	{"llc", "SNAP of nothing", "aaaa03"},
	{"nested", "a tree in a tree", "0060" + strings.Repeat("0100ff", 32)},
	{"plains", "counts that lie", "ff ff ff ff ff ff"},
	{"deep", "more than 32 layers", strings.Repeat("01", 40)},
	{"aligned", "text without end", "00000000 0000 010203" + strings.Repeat("41", 40)},
	{"exprs", "sizes that lie", "ff ff ff ff ff ff ff ff"},
	{"foot24", "length shorter than the footer", "0004 00 00000000"},
	{"bounded", "lengths that contradict", "000a 0004 ffff ff ff"},
}

func (h hostileSeed) bytes(t testing.TB) []byte {
	b, err := hex.DecodeString(strings.Join(strings.Fields(h.wire), ""))
	if err != nil {
		t.Fatalf("%s, %s: %v", h.first, h.why, err)
	}
	return b
}

// TestHostileSeeds: they are dissected, whole and every prefix, with any protocol first, and may be edited.
func TestHostileSeeds(t *testing.T) {
	for _, w := range worlds(t) {
		for _, h := range hostileSeeds {
			b := h.bytes(t)
			if pr := w.reg.Proto(h.first); pr != nil {
				for n := range min(len(b), 120) {
					dissectLaw(t, pr, b[:n])
				}
				rewrite(t, pr, b)
			}
			for _, pr := range w.reg.Protos() {
				dissectLaw(t, pr, b)
			}
		}
	}
}

// rewrite makes every derived field anew: no bytes may make that panic, or leave bounds that are none.
func rewrite(t fataler, pr *Proto, b []byte) {
	var p Packet
	p.ResetAs(pr, b)
	if err := p.UpdateAll(); err != nil {
		t.Fatalf("%s %x: %v", pr.Name, b, err)
	}
	if err := sound(&p); err != nil {
		t.Fatalf("%s %x: %v", pr.Name, b, err)
	}
	once := string(p.Raw())
	if _ = p.UpdateAll(); string(p.Raw()) != once {
		t.Fatalf("%s %x: UpdateAll makes %x, then %x", pr.Name, b, once, p.Raw())
	}
}

// A sampleWire is a packet that is as it should be.
type sampleWire struct {
	first *Proto
	wire  []byte
}

// samples draws packets of a registry, the same every time.
func samples(r *Registry, n int) (list []sampleWire) {
	gen := rapid.Custom(func(t *rapid.T) sampleWire {
		p := (&drawer{t: t}).stack(r)
		p.Update()
		return sampleWire{p.ProtoOf(p.First()), p.Raw()}
	})
	for seed := range n {
		if s := gen.Example(seed); len(s.wire) < 300 {
			list = append(list, s)
		}
	}
	return list
}

// TestPrefixes: a packet cut anywhere is found as far as it goes.
func TestPrefixes(t *testing.T) {
	for _, w := range worlds(t) {
		for _, s := range samples(w.reg, 40) {
			for n := range s.wire {
				dissectLaw(t, s.first, s.wire[:n])
			}
		}
	}
}

// TestBitFlips: a packet with any one bit wrong.
func TestBitFlips(t *testing.T) {
	for _, w := range worlds(t) {
		for _, s := range samples(w.reg, 12) {
			for i := range min(len(s.wire), 100) * 8 {
				b := append([]byte(nil), s.wire...)
				b[i/8] ^= 1 << (i % 8)
				dissectLaw(t, s.first, b)
				rewrite(t, s.first, b)
			}
		}
	}
}

// TestLies: every number that something hangs on says too little, too much, the least and the most.
func TestLies(t *testing.T) {
	for _, w := range worlds(t) {
		for _, s := range samples(w.reg, 25) {
			var p Packet
			p.ResetAs(s.first, s.wire)
			eachField(&p, func(id ID, f *Slot) {
				if f.Kind != Number || f.get != nil || !f.structural && f.rule == nil || !p.Has(id, f) {
					return
				}
				was, _ := p.Num(id, f)
				for _, v := range []uint64{0, 1, was - 1, was + 1, was + 2, ones(f.Bits), ones(f.Bits) - 1, ones(f.Bits) >> 1, 1 << (f.Bits - 1)} {
					q := p.Copy()
					q.write(id, f, v&ones(f.Bits))
					dissectLaw(t, s.first, q.Raw())
					rewrite(t, s.first, q.Raw())
				}
			})
		}
	}
}

// TestNamePointers: what names with pointers read as, or that they are broken.
func TestNamePointers(t *testing.T) {
	r := mini(t)
	dns := r.Proto("dns")
	questions := dns.Head().Slot("questions")
	long := strings.Repeat("3f"+strings.Repeat("41", 63), 3)
	chain := "00" // at byte 12, then 130 pointers, each to the one before
	for i := range 130 {
		chain += fmt.Sprintf("%04x", 0xc000+12+max(0, 2*i-1))
	}
	for _, c := range []struct {
		name, wire string
		n          int    // which question
		want       string // nothing: broken
	}{
		{"root", "00 0001 0001", 0, "."},
		{"plain", "0161 0162 00 0001 0001", 0, "a.b"},
		{"pointer back", "0161 00 0001 0001 0162 c00c 0001 0001", 1, "b.a"},
		{"pointer alone", "0161 00 0001 0001 c00c 0001 0001", 1, "a"},
		{"pointer to a pointer", "0161 00 0001 0001 c00c 0001 0001 0162 c013 0001 0001", 2, "b.a"},
		{"pointer to itself", "c00c 0001 0001", 0, ""},
		{"pointer to its own label", "0161 c00c 0001 0001", 0, ""},
		{"pointer forward", "c012 0001 0001 0161 00 0001 0001", 0, ""},
		{"a ring", "c012 0001 0001 c00c 0001 0001", 1, ""},
		{"pointer beyond the message", "ffff 0001 0001", 0, ""},
		{"pointer into the header", "c000 0001 0001", 0, "."},
		{"255 bytes", long + "3d" + strings.Repeat("42", 61) + "00 0001 0001", 0, strings.Repeat(strings.Repeat("A", 63)+".", 3) + strings.Repeat("B", 61)},
		{"256 bytes by pointer", long + "00 0001 0001 3e" + strings.Repeat("42", 62) + "c00c 0001 0001", 1, ""},
		{"bytes to escape", "0500 2e 5c 20 ff 00 0001 0001", 0, `\000\046\092\032\255`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := hostileSeed{"dns", c.name, "0000 0000 0003 0000 0000 0000" + c.wire}.bytes(t)
			b[0], b[1] = 0, 0
			var p Packet
			p.ResetAs(dns, b)
			items := p.Items(p.List(p.First(), questions))
			if len(items) <= c.n {
				t.Fatalf("%d questions", len(items))
			}
			name, ok := p.AppendName(nil, items[c.n], p.LayoutOf(items[c.n]).Slot("name"))
			if ok != (c.want != "") || string(name) != c.want && ok {
				t.Errorf("%q (%v), want %q", name, ok, c.want)
			}
			dissectLaw(t, dns, b)
			rewrite(t, dns, b)
		})
	}
	dissectLaw(t, dns, hostileSeed{"dns", "chain", "0000 0000 0003 0000 0000 0000" + chain}.bytes(t))
}

// hostileSpec is a protocol of expressions that go wrong for some bytes.
func hostileSpec(spoil func(s *Spec)) *Spec {
	s := &Spec{Name: "hostile", Fields: []Field{num("a", 8), num("b", 32), {Name: "c", Bits: 64}, {Name: "i", Bits: 64, Signed: true}}}
	spoil(s)
	return s
}

// TestHostileSizes: sizes below 0, beyond the header, beyond 64 bits and by
// division by 0 break the layer or leave the field out; they never panic.
func TestHostileSizes(t *testing.T) {
	exprs := []string{"a - 10", "b", "c", "i", "c * c", "c + c", "i * i", "-i", "8 / a", "8 % a", "a << b", "a << i", "a >> i", "1 << c", "c - 1", "-1 * i",
		"i / (a - 1)", "min(c, i)", "max(i, -1)", "0x7fffffffffffffff + a", "-0x7fffffffffffffff - a - 2"}
	values := []string{"00 00000000 0000000000000000 0000000000000000", "01 00000001 0000000000000001 0000000000000001",
		"ff ffffffff ffffffffffffffff ffffffffffffffff", "80 80000000 8000000000000000 8000000000000000", "7f 7fffffff 7fffffffffffffff 7fffffffffffffff",
		"15 00000015 0000000000000015 0000000000000015", "40 00000040 0000000000000040 0000000000000040"}
	one := itemsOfList(num("x", 8))
	shapes := map[string]func(e string) func(s *Spec){
		"size": func(e string) func(s *Spec) { return last(Field{Name: "f", Kind: Bytes, Size: e}, num("after", 8)) },
		"text": func(e string) func(s *Spec) { return last(Field{Name: "f", Kind: Text, Size: e}) },
		"list": func(e string) func(s *Spec) {
			return last(Field{Name: "f", Kind: List, Size: e, Item: one}, num("after", 8))
		},
		"count": func(e string) func(s *Spec) {
			return last(Field{Name: "f", Kind: List, Count: e, Item: one}, num("after", 8))
		},
		"when": func(e string) func(s *Spec) {
			return last(Field{Name: "f", Bits: 8, When: e + " == 8"}, num("after", 8))
		},
		"get":    func(e string) func(s *Spec) { return last(Field{Name: "f", Get: e}) },
		"slice":  func(e string) func(s *Spec) { return last(Field{Name: "f", Get: "body[" + e + ":" + e + "]"}) },
		"auto":   func(e string) func(s *Spec) { return last(Field{Name: "f", Bits: 16, Auto: e}) },
		"header": func(e string) func(s *Spec) { return func(s *Spec) { s.Header = e } },
		"len":    func(e string) func(s *Spec) { return func(s *Spec) { s.Len = e } },
		"footed": func(e string) func(s *Spec) { return func(s *Spec) { s.Len = e; s.Footer = []Field{num("foot", 16)} } },
		"stop":   func(e string) func(s *Spec) { return func(s *Spec) { s.Stop = e + " > 0" } },
		"cover": func(e string) func(s *Spec) {
			return last(Field{Name: "f", Bits: 16, Auto: "sum", Cover: e})
		},
		"item": func(e string) func(s *Spec) {
			return last(Field{Name: "f", Kind: List, Item: &Struct{Len: "^.a - 10 + " + e, Fields: []Field{num("x", 8)}}})
		},
	}
	for shape, spoil := range shapes {
		for _, e := range exprs {
			s := hostileSpec(spoil(e))
			r, err := Compile([]*Spec{s}, nil, nil)
			if err != nil {
				continue // a mistake that is seen before any packet
			}
			for _, v := range values {
				b := append(hostileSeed{"hostile", shape, v}.bytes(t), make([]byte, 60)...)
				func() {
					defer func() {
						if p := recover(); p != nil {
							t.Errorf("%s = %s of %s: panic: %v", shape, e, v, p)
						}
					}()
					dissectLaw(t, r.Proto("hostile"), b)
					rewrite(t, r.Proto("hostile"), b)
				}()
			}
		}
	}
}

// TestZeroLength: items that take no bytes do not stop the walk from ending.
func TestZeroLength(t *testing.T) {
	empty := []Field{
		{Name: "l", Kind: List, Item: &Struct{Fields: []Field{{Name: "x", Kind: Bytes, Size: "0"}}}},
		{Name: "l", Kind: List, Item: &Struct{Fields: []Field{{Name: "x", Get: "1"}}}},
		{Name: "l", Kind: List, Item: &Struct{Fields: []Field{{Name: "x", Bits: 8, When: "1 == 2"}}}},
		{Name: "l", Kind: List, Item: &Struct{Fields: []Field{{Name: "x", Kind: List, Size: "0", Item: itemsOfList(num("y", 8))}}}},
		{Name: "l", Kind: List, Item: &Struct{Len: "0", Fields: []Field{{Name: "x", Kind: Bytes}}}},
		{Name: "l", Kind: List, Item: &Struct{Fields: []Field{{Kind: Pad, Align: 4}}}},
		{Name: "l", Kind: List, Count: "200", Item: &Struct{Fields: []Field{{Name: "x", Kind: Bytes, Size: "0"}}}},
		{Name: "l", Kind: List, Last: "1 == 2", Item: &Struct{Fields: []Field{{Name: "x", Kind: Text, Size: "0"}}}},
	}
	for _, f := range empty {
		r, err := Compile([]*Spec{{Name: "zero", Fields: []Field{num("a", 8), f}}}, nil, nil)
		if err != nil {
			continue
		}
		dissectLaw(t, r.Proto("zero"), make([]byte, 2000))
		rewrite(t, r.Proto("zero"), make([]byte, 2000))
	}
}
